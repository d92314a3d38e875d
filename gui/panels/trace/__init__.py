"""The trace panel: every step a row, and beside it the program that computes the same."""

from gui.panels.trace.panel import TracePanel

__all__ = ["TracePanel"]
