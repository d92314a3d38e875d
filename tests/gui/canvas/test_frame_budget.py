"""What a frame of a pass is spared: what was found for the step already, and what can wait for the next frame."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from engine.session import Session
from engine.show.frame import frame_at
from gui.canvas.edge_layer import EdgeLayer
from gui.canvas.model import geometry
from gui.canvas.model.geometry import places
from gui.canvas.model.label_search import through
from gui.canvas.model.stage import Stage
from gui.canvas.paint import motion, sums
from gui.look.theme import theme
from tests.bench.sheet import sheet
from tests.gui.canvas_tools import Hands, cs231n


def test_where_a_sum_and_a_reason_stand_is_found_once_a_step(qtbot: QtBot, monkeypatch) -> None:
    desk = Hands(qtbot, cs231n())
    player, trace = desk.bridge.player, desk.bridge.now.trace
    tried: list[int] = []
    monkeypatch.setattr(sums, "through", lambda boxes, lines: (tried.append(len(boxes)), through(boxes, lines))[1])
    frames = []
    for part in range(6):
        player.seek(trace.backward_start + 2 + 0.7 + part / 20)  # the contribution has arrived: there is a sum, too
        del tried[:]
        desk.surface.grab()
        frames.append(len(tried))
    assert frames[0] >= 2, "a place was looked for, for each of them"
    assert sum(frames[1:]) <= 2, "and again only where another text took another room"


def test_a_frame_that_shows_another_step_looks_for_no_labels(qtbot: QtBot, monkeypatch) -> None:
    looked: list[float] = []

    def look(self, rect, seconds: float):
        looked.append(seconds)
        return [], True

    monkeypatch.setattr(EdgeLayer, "look_for_labels", look)
    desk = Hands(qtbot, sheet(100))
    player, trace = desk.bridge.player, desk.bridge.now.trace
    player.seek(trace.backward_start + 10.5)
    desk.view.camera.look_at(
        1.0, desk.view.scene().nodes_rect([trace.steps[trace.backward_start + 12].edge.source]).center(), animated=False
    )
    qtbot.wait_until(lambda: bool(desk.surface.grab()) and bool(looked))
    for step in range(11, 15):
        player.seek(trace.backward_start + step + 0.5)
        del looked[:]
        desk.surface.grab()
        assert looked == []
    desk.surface.grab()
    assert looked, "it goes on in the frames in which no step comes"


@pytest.mark.usefixtures("qapp")
def test_ports_under_many_lit_edges_are_painted_once_each(monkeypatch) -> None:
    """Every edge of a large sum ends at the same card: its ports were painted as often as it has ports."""
    session = Session()
    session.load(sheet(400))
    stage = Stage(session.now.graph, session.now.frame)
    trace = session.now.trace
    stage.show(frame_at(trace, trace.backward_start + 0.5 + trace.flight / 2))
    painted: list[str] = []
    monkeypatch.setattr(motion, "paint_ports", lambda painter, picture, *rest: painted.append(picture.name))
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        motion.paint_motion(painter, stage, theme(), 1.0)
    assert len(stage.frame.pulses) > 3, "several are on their way"
    lit = {id for pulse in stage.frame.pulses for id in (pulse.edge.source, pulse.edge.dest)}
    assert lit <= set(painted)
    assert len(painted) <= len(set(painted)) + 1, "and the card whose turn it is once more"


def test_an_edge_on_which_something_travels_is_measured_once(monkeypatch) -> None:
    session = Session()
    session.load(cs231n())
    stage = Stage(session.now.graph, session.now.frame)
    key = next(iter(stage.graph.edges))
    stage.along(key, 0.1)
    asked: list[int] = []
    monkeypatch.setattr(geometry, "places", lambda route, u: (asked.append(len(u)), places(route, u))[1])
    middle = stage.at(key, 0.5)
    stage.stretch(key, 0.2, 0.5)
    assert asked == [1], "only the point itself is looked up"
    stage.preview({stage.graph.edges[key].source: (-400.0, 333.0)})
    assert stage.at(key, 0.5) != middle, "another route is another one"
    assert max(asked) > 1
