"""The table of closings: what can be open, the ways in which a window ends, and the stage for each pair of them."""
