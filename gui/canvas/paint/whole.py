"""Paints all that is on a stage with any painter: what the screen shows, without a window. For files and pictures."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.canvas.model.asides import Asides
from gui.canvas.model.stage import Stage
from gui.canvas.paint import style
from gui.canvas.paint.asides import paint_grounds, paint_notes, paint_titles, rect_of
from gui.canvas.paint.edge import edge_extents, paint_edges
from gui.canvas.paint.front import paint_in_front
from gui.canvas.paint.labels import labelled_edges, paint_labels, place_labels
from gui.canvas.paint.motion import paint_motion
from gui.canvas.paint.node import paint_node
from gui.canvas.paint.nodes import extent_in, visible_nodes
from gui.look.theme import Theme

MARGIN = 24.0


def stage_extent(stage: Stage) -> QRectF:
    """The scene rectangle that holds everything on a stage."""
    rect = QRectF()
    for id in stage.nodes:
        rect |= extent_in(stage, id)
    for extent in edge_extents(stage, stage.keys):
        rect |= extent
    if (beside := Asides(stage).extent()) is not None:
        rect |= rect_of(beside)
    return rect.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)


def paint_stage(painter: QPainter, stage: Stage, theme: Theme, rect: QRectF) -> None:
    """Paint what rests, then what moves, in scene coordinates and in full detail."""
    paint_resting(painter, stage, theme, rect)
    paint_moving(painter, stage, theme)


def paint_moving(painter: QPainter, stage: Stage, theme: Theme) -> None:
    """Paint what lies over all that rests."""
    paint_motion(painter, stage, theme, 1.0, sharp=True)


def paint_resting(painter: QPainter, stage: Stage, theme: Theme, rect: QRectF) -> None:
    """Paint what looks as it does until the stage shows something that is different."""
    beside = Asides(stage)
    asides = beside.shown.values()
    paint_grounds(painter, asides, theme, 1.0)
    paint_edges(painter, stage, theme, 1.0, rect)
    keys = labelled_edges(stage, rect, 1.0)
    place_labels(stage, keys, 1.0)
    paint_labels(painter, stage, theme, 1.0, keys)
    paint_notes(painter, asides, theme, 1.0)
    for id in visible_nodes(stage, rect):
        with style.placed(painter, *stage.pos(id)):
            paint_node(painter, stage.nodes[id], theme, 1.0)
    paint_in_front(painter, stage, theme, rect)
    paint_titles(painter, beside.titles(1.0), asides, theme, 1.0, buttons=False)
