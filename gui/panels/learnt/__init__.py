"""What a model has learnt, as pictures: maps, points, mistakes; a point that is clicked plays its own pass."""

from gui.panels.learnt.panel import LearntPanel

__all__ = ["LearntPanel"]
