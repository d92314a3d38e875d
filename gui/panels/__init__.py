"""The panels, each alone: none imports another, or the canvas."""
