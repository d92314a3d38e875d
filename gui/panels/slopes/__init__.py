"""Touch a slope: the target over one number, over two, what a push really does, and the way downhill."""

from gui.panels.slopes.panel import SlopesPanel

__all__ = ["SlopesPanel"]
