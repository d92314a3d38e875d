"""The canvas for those who do not see it: each node, port and edge is a thing with a name, a value and deeds."""
