"""Graph and program: expressions are read and written."""
