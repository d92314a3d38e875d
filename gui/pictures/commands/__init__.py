"""The commands that draw, with Qt but without a window: made like those in `engine/commands/`, and found alike."""
