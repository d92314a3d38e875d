"""Pure painting, shared by the screen, pictures and films."""
