"""Parameters that move."""
