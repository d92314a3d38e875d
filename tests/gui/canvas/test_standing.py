"""The reason that is written at a node, and the sum above one, hide no number beside them: labels give way wholly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

import engine
from engine.passes.trace import ContributionStep
from engine.show.frame import frame_at
from gui.canvas.model.stage import Stage
from gui.canvas.paint import labels, motion, sums
from gui.canvas.paint.labels import Label, labels_of, place_labels
from gui.canvas.paint.motion import paint_motion
from gui.canvas.paint.sums import plate_box
from gui.look.theme import LIGHT
from tests.networks import shipped


@pytest.fixture
def painted(qapp, monkeypatch) -> Callable[[Stage, float], tuple[list[QRectF], dict[tuple, QRectF]]]:
    """The plates that a moment of the pass shows, and where its labels are after it has been painted."""
    plates, moved = list[QRectF](), dict[tuple, QRectF]()
    paint_plate, pushed_labels = sums.paint_plate, labels.pushed_labels

    def note_plate(painter: QPainter, centre: QPointF, text: str, bold: bool, *more: object) -> None:
        plates.append(painter.worldTransform().mapRect(plate_box(centre, text, bold)))
        paint_plate(painter, centre, text, bold, *more)

    def note_pushed(*of: Any) -> Iterator[tuple[Label, Label]]:
        for label, there in pushed_labels(*of):
            moved[label.text, label.tone, label.centre[0]] = there.box()
            yield label, there

    for module in (motion, sums):
        monkeypatch.setattr(module, "paint_plate", note_plate)
    monkeypatch.setattr(labels, "pushed_labels", note_pushed)

    def paint(stage: Stage, zoom: float) -> tuple[list[QRectF], dict[tuple, QRectF]]:
        plates.clear()
        moved.clear()
        image = QImage(8, 8, QImage.Format.Format_ARGB32_Premultiplied)
        with QPainter(image) as painter:
            paint_motion(painter, stage, LIGHT, zoom)
        return plates, moved

    return paint


@pytest.mark.parametrize("name", ["iris", "cs231n-sigmoid", "neuron", "fan-out", "tanh-neuron"])
@pytest.mark.parametrize("zoom", [0.79, 1.0])
def test_no_label_is_half_under_the_plate_of_a_reason_or_a_sum(painted, name, zoom) -> None:
    graph = shipped(name)
    trace = engine.run(graph)
    stage = Stage(graph, frame_at(trace, 0.0))
    for at in [at for at, step in enumerate(trace.steps) if isinstance(step, ContributionStep)]:
        stage.show(frame_at(trace, at + 0.96))
        place_labels(stage, stage.keys, zoom)
        plates, moved = painted(stage, zoom)
        for label in (label for key in stage.keys for label in labels_of(stage, key, zoom)):
            box = moved.get((label.text, label.tone, label.centre[0]), label.box()).adjusted(1, 1, -1, -1)
            assert not any(box.intersects(plate.adjusted(1, 1, -1, -1)) for plate in plates), (at, label.text)
