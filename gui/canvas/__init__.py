"""The canvas: the graph drawn, touched, and lit by the passes."""
