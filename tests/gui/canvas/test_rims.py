"""Where all is seen no number beside an edge is cut off at the rim of the canvas, however small that is."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QRectF

import engine
from engine.files.disk import load
from gui.canvas.paint.labels import is_labelled, label_boxes, place_labels
from gui.document import settings
from tests.gui.canvas_tools import Hands

EXAMPLES = Path(engine.__file__).parents[1] / "assets" / "examples"
SIZES = ((400, 110), (480, 160), (360, 300), (620, 730), (880, 500))


@pytest.fixture(autouse=True)
def the_view_jumps() -> None:
    settings.put("reduced_motion", True)


def boxes(hands: Hands) -> list[QRectF]:
    """The numbers beside edges that are painted, in pixels of the canvas."""
    stage, zoom, view = hands.view.desk.scene.stage, hands.view.camera.zoom, hands.view
    if not is_labelled(stage, zoom):
        return []
    place_labels(stage, stage.keys, zoom)
    found = [box for key in stage.keys for box in label_boxes(stage, key, zoom)]
    return [QRectF(view.mapFromScene(box).boundingRect()) for box in found]


@pytest.mark.parametrize("name", ["cs231n-product", "exploding-recurrence", "vanishing-sigmoids", "xor-scalars"])
def test_all_that_is_written_is_written_whole(qtbot, name):
    hands = Hands(qtbot, load(EXAMPLES / f"{name}.gradloom"))
    hands.bridge.player.go_to_end()
    for size in SIZES:
        hands.view.resize(*size)
        hands.view.camera.fit_all(animated=False)
        rim = QRectF(hands.surface.rect())
        assert [box for box in boxes(hands) if not rim.contains(box)] == [], size


def test_what_had_no_place_in_a_small_canvas_comes_back_when_one_looks_elsewhere(qtbot):
    hands = Hands(qtbot, load(EXAMPLES / "exploding-recurrence.gradloom"), size=(620, 730))
    hands.bridge.player.go_to_end()
    camera = hands.view.camera
    camera.fit_all(animated=False)
    few, zoom, centre = len(boxes(hands)), camera.zoom, camera.centre()
    camera.look_at(zoom, centre + QPointF(400, 0), animated=False)
    assert len(boxes(hands)) >= few > 10
    camera.fit_all(animated=False)
    assert len(boxes(hands)) == few and camera.zoom == zoom
