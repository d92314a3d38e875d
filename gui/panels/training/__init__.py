"""Training in the editor: how, how far, and how the loss falls."""

from gui.panels.training.panel import TrainingPanel

__all__ = ["TrainingPanel"]
