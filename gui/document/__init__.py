"""The open document, in Qt."""
