"""Widgets below or beside each other, without a margin round them."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

Box = TypeVar("Box", bound=QBoxLayout)


def column(inside: QWidget, spacing: int, *parts: QWidget) -> QVBoxLayout:
    """Below each other."""
    return _filled(QVBoxLayout(inside), spacing, parts)


def row(inside: QWidget, spacing: int, *parts: QWidget) -> QHBoxLayout:
    """Beside each other."""
    return _filled(QHBoxLayout(inside), spacing, parts)


def grid(inside: QWidget, across: int, down: int) -> QGridLayout:
    """An empty grid with so much room between its columns, and between its rows."""
    layout = QGridLayout(inside)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setHorizontalSpacing(across)
    layout.setVerticalSpacing(down)
    return layout


def _filled(layout: Box, spacing: int, parts: tuple[QWidget, ...]) -> Box:
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for part in parts:
        layout.addWidget(part)
    return layout
