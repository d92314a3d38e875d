"""Pictures and films of a graph in files: the painter of the screen, without a window."""
