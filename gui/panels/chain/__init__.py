"""The paths panel: a gradient as a sum over paths, each a product of local derivatives."""

from gui.panels.chain.panel import PathsPanel

__all__ = ["PathsPanel"]
