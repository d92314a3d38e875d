"""The timeline says what happens, moves the player by buttons, keys, wheel and drag, and keeps its settings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QSplitter, QToolButton, QToolTip, QWidget

from engine import edits
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.session import Session
from engine.values.values import as_value
from gui.document import settings
from gui.document.bridge import Bridge
from gui.document.preferences import Preferences
from gui.look import measure
from gui.panels.timeline import Timeline
from gui.widgets.fitted_text import FittedText
from gui.widgets.track import NAME_LINE, Track


def product() -> Graph:
    """(x + y) z at −2, 5, −4: ten steps, of which the first five are forward."""
    leaves = [Node(id, "input", as_value(v)) for id, v in (("x", -2), ("y", 5), ("z", -4))]
    nodes = [*leaves, Node("q", "add"), Node("f", "mul")]
    edges = [Edge("x", "q", 0), Edge("y", "q", 1), Edge("q", "f", 0), Edge("z", "f", 1)]
    return Graph.of(nodes, edges, target="f")


@pytest.fixture
def bridge() -> Bridge:
    return Bridge(Session(product()))


@pytest.fixture
def timeline(qtbot, bridge: Bridge) -> Iterator[Timeline]:
    widget = Timeline(bridge, Preferences(bridge))
    qtbot.addWidget(widget)
    widget.resize(1200, 132)
    widget.show()
    qtbot.waitExposed(widget)
    yield widget


def texts(timeline: Timeline) -> list[str]:
    return [label.text() for label in timeline.findChildren(QLabel) if label.isVisible() and label.text()]


def button(timeline: Timeline, name: str) -> QAbstractButton:
    return next(b for b in timeline.findChildren(QAbstractButton) if b.accessibleName() == name)


def press(qtbot, timeline: Timeline, name: str) -> None:
    qtbot.mouseClick(button(timeline, name), Qt.MouseButton.LeftButton)


def track(timeline: Timeline) -> Track:
    return timeline.findChild(Track)


def at(timeline: Timeline, position: float) -> QPoint:
    return QPoint(round(track(timeline).x_of(position)), 30)


def test_it_says_the_step_in_a_sentence_and_in_numbers(timeline, bridge) -> None:
    bridge.player.seek(10)
    said = bridge.now.explanation
    assert said is not None
    assert said.caption in texts(timeline)
    assert said.why not in texts(timeline), "the reason is the inspector's: one place tells it"
    assert "10 / 10" in texts(timeline)
    bridge.player.seek(3.4)
    assert bridge.now.explanation.caption in texts(timeline)
    assert "4 / 10" in texts(timeline)


def test_it_speaks_in_the_chosen_wording(timeline, bridge) -> None:
    bridge.player.seek(6)
    bridge.set_wording("responsibility")
    assert "responsibility" in texts(timeline)[0]


def test_the_buttons_move_the_player(qtbot, timeline, bridge) -> None:
    player = bridge.player
    player.reduced_motion = True  # a step is a jump
    press(qtbot, timeline, "To the beginning")
    assert player.position == 0
    press(qtbot, timeline, "One step forward")
    press(qtbot, timeline, "One step forward")
    assert player.position == 2
    press(qtbot, timeline, "One step back")
    assert player.position == 1
    press(qtbot, timeline, "To the beginning of the backward pass")
    assert player.position == 5
    press(qtbot, timeline, "To the end")
    assert player.position == 10


def test_play_becomes_pause_and_back(qtbot, timeline, bridge) -> None:
    press(qtbot, timeline, "Play")
    assert bridge.player.playing
    bridge.player.tick(0.1)
    assert 0 < bridge.player.position < 1
    press(qtbot, timeline, "Pause")
    assert not bridge.player.playing
    assert button(timeline, "Play").isVisible()


def test_a_press_anywhere_goes_there(qtbot, timeline, bridge) -> None:
    qtbot.mouseClick(track(timeline), Qt.MouseButton.LeftButton, pos=at(timeline, 7.5))
    assert bridge.player.position == pytest.approx(7.5, abs=0.02)


def test_a_drag_scrubs_both_ways_and_stays_where_it_is_let_go(qtbot, timeline, bridge) -> None:
    qtbot.mousePress(track(timeline), Qt.MouseButton.LeftButton, pos=at(timeline, 2.0))
    for position in (3.25, 6.5, 9.75, 4.5, 1.25):
        qtbot.mouseMove(track(timeline), at(timeline, position))
        assert bridge.player.position == pytest.approx(position, abs=0.02)
    qtbot.mouseRelease(track(timeline), Qt.MouseButton.LeftButton, pos=at(timeline, 1.25))
    qtbot.mouseMove(track(timeline), at(timeline, 8.0))
    assert bridge.player.position == pytest.approx(1.25, abs=0.02)


def test_a_drag_beyond_the_ends_stops_there(qtbot, timeline, bridge) -> None:
    qtbot.mousePress(track(timeline), Qt.MouseButton.LeftButton, pos=at(timeline, 5.0))
    qtbot.mouseMove(track(timeline), QPoint(-300, 30))
    assert bridge.player.position == 0
    qtbot.mouseMove(track(timeline), QPoint(5000, 30))
    qtbot.mouseRelease(track(timeline), Qt.MouseButton.LeftButton, pos=QPoint(5000, 30))
    assert bridge.player.position == 10


def test_places_and_positions_are_each_others_inverse(timeline) -> None:
    for position in (0.0, 0.3, 4.99, 5.0, 5.01, 9.9, 10.0):
        assert track(timeline).position_at(track(timeline).x_of(position)) == pytest.approx(position)


def test_the_track_keeps_its_width_from_step_to_step(timeline, bridge) -> None:
    widths = set()
    for position in range(len(bridge.now.trace) + 1):
        bridge.player.seek(position)
        QApplication.processEvents()
        widths.add(track(timeline).width())
    assert len(widths) == 1


def test_hovering_says_which_step_it_would_be(qtbot, timeline, bridge) -> None:
    qtbot.mouseMove(track(timeline), at(timeline, 2.0))
    qtbot.mouseMove(track(timeline), at(timeline, 9.5))
    qtbot.waitUntil(lambda: QToolTip.text().startswith("Step 10 of 10: q sends a contribution to "))
    assert bridge.player.position == 10  # nothing has moved
    QToolTip.hideText()


def turn_wheel(timeline: Timeline, clicks: int) -> None:
    middle = QPointF(track(timeline).rect().center())
    event = QWheelEvent(
        middle, track(timeline).mapToGlobal(middle), QPoint(), QPoint(0, 120 * clicks), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(track(timeline), event)


def test_the_wheel_steps(timeline, bridge) -> None:
    bridge.player.reduced_motion = True
    turn_wheel(timeline, 2)
    assert bridge.player.position == 8
    turn_wheel(timeline, -1)
    assert bridge.player.position == 9


def test_the_keys_step_by_contribution_and_by_node(qtbot, timeline, bridge) -> None:
    bridge.player.reduced_motion = True
    track(timeline).setFocus()
    press_key = qtbot.keyClick
    press_key(track(timeline), Qt.Key.Key_Home)
    assert bridge.player.position == 0
    press_key(track(timeline), Qt.Key.Key_Right)
    assert bridge.player.position == 1
    press_key(track(timeline), Qt.Key.Key_End)
    press_key(track(timeline), Qt.Key.Key_Left)
    assert bridge.player.position == 9
    press_key(track(timeline), Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert bridge.player.position == 8
    press_key(track(timeline), Qt.Key.Key_Space)
    assert bridge.player.playing
    bridge.player.pause()


def test_the_speed_and_the_loop_are_kept(qtbot, timeline, bridge) -> None:
    speed = timeline.findChild(QToolButton)
    assert [action.text() for action in speed.menu().actions()] == ["¼×", "½×", "1×", "2×", "4×", "8×"]
    speed.menu().actions()[0].trigger()
    press(qtbot, timeline, "Play in a loop")
    assert (bridge.player.speed, bridge.player.loop) == (0.25, True)
    assert (settings.get("speed"), settings.get("loop")) == (0.25, True)
    assert speed.text() == "¼×"
    later = Bridge()
    Preferences(later)
    assert (later.player.speed, later.player.loop) == (0.25, True)


LONG = "the sum of all that was measured on the first day of the experiment"


@pytest.mark.parametrize("width", [320, 480, 800, 1200])
def test_a_long_sentence_is_shown_whole(qtbot, timeline, bridge, width: int) -> None:
    """It wraps, is written smaller, and takes more room: it never ends in dots."""
    holder = QSplitter(Qt.Orientation.Vertical)
    qtbot.addWidget(holder)
    holder.addWidget(QWidget())
    holder.addWidget(timeline)
    holder.resize(width, 500)
    holder.setSizes([400, 90])
    holder.show()
    bridge.edit(lambda g: edits.name_node(g, "q", LONG))
    heights = set()
    for position in range(len(bridge.now.trace), 0, -1):
        bridge.player.seek(position)
        said = timeline.findChild(FittedText)
        qtbot.waitUntil(lambda said=said: timeline.rect().contains(said.mapTo(timeline, said.rect().bottomRight())))
        assert "".join(said.shown_lines()).replace(" ", "") == bridge.now.explanation.caption.replace(" ", "")
        needed = len(said.shown_lines()) * measure.metrics(said.type_size).height()
        assert said.isVisible() and needed <= said.height() + 1 and said.type_size >= 11
        assert not track(timeline).geometry().intersects(QRect(said.mapTo(timeline, QPoint()), said.size()))
        heights.add(timeline.height())
    assert len(heights) <= 2, "it grows when it must, and does not shake"
    timeline.setParent(None)


@pytest.mark.parametrize("width", [130, 200, 300, 900])
def test_no_name_on_the_track_is_cut_and_the_handle_covers_none(qtbot, bridge, width: int) -> None:
    alone = Track(bridge.player, str)
    qtbot.addWidget(alone)
    alone.resize(width, alone.height())
    alone.show()
    strip = QRect(0, 0, width, NAME_LINE + 1)
    bridge.player.seek(0)
    names = alone.grab(strip).toImage()
    for position in (0.4, 2.0, 5.0, 5.2, 7.7, 10.0):
        bridge.player.seek(position)
        assert alone.grab(strip).toImage() == names


def test_without_a_trace_it_says_what_to_do(qtbot) -> None:
    widget = Timeline(bridge := Bridge(), Preferences(bridge))
    qtbot.addWidget(widget)
    widget.resize(1000, 132)
    widget.show()
    assert texts(widget)[0] == "The graph is empty: add a node to begin."
    assert not button(widget, "Play").isEnabled()
    qtbot.mouseClick(track(widget), Qt.MouseButton.LeftButton, pos=QPoint(200, 30))
    qtbot.keyClick(track(widget), Qt.Key.Key_Right)


def test_the_first_node_brings_it_to_life(qtbot, timeline) -> None:
    bridge = Bridge()
    widget = Timeline(bridge, Preferences(bridge))
    qtbot.addWidget(widget)
    widget.resize(1000, 132)
    widget.show()
    bridge.edit(lambda g: edits.add_node(g, "input", (0, 0), id="x", value=3))
    assert button(widget, "Play").isEnabled()
    assert "x holds 3." in texts(widget)
    assert "1 / 1" in texts(widget)
    qtbot.mouseClick(track(widget), Qt.MouseButton.LeftButton, pos=QPoint(0, 30))
    assert bridge.player.position == 0
    assert "0 / 1" in texts(widget)


def test_an_edit_leaves_nothing_stale(timeline, bridge) -> None:
    bridge.player.seek(10)
    bridge.edit(lambda g: edits.set_value(g, "z", 7))
    assert bridge.now.explanation.caption in texts(timeline)
    assert "7" in bridge.now.explanation.caption


def test_twenty_thousand_steps(qtbot) -> None:
    nodes = [Node("x", "input", as_value(0.5)), *(Node(f"n{i}", "neg") for i in range(10_000))]
    edges = [Edge(f"n{i - 1}" if i else "x", f"n{i}", 0) for i in range(10_000)]
    bridge = Bridge(Session(Graph.of(nodes, edges, target="n9999")))
    widget = Timeline(bridge, Preferences(bridge))
    qtbot.addWidget(widget)
    widget.resize(1000, 132)
    widget.show()
    qtbot.waitExposed(widget)
    qtbot.mouseClick(track(widget), Qt.MouseButton.LeftButton, pos=at(widget, 15_000))
    assert bridge.player.position == pytest.approx(15_000, rel=1e-2)
    assert widget.grab().size() == widget.size()
