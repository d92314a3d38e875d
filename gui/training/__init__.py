"""Training in the editor: how, how far, and how the loss falls."""

from gui.training.panel import TrainingPanel

__all__ = ["TrainingPanel"]
