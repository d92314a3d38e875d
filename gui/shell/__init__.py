"""The window round the document: actions, menus, bars, dialogs."""
