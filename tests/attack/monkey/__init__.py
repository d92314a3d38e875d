"""The monkey: random events on the real window, and the check that every number it shows is the graph's."""
