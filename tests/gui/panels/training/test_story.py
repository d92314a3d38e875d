"""One step of learning, told slowly: begun by button or key, scrubbed both ways by the mouse, taken back by Undo."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit

from engine import edits
from engine.learn.config import TrainingConfig
from engine.learn.slow import slow_step
from engine.learn.trainer import Trainer
from engine.session import Session
from gui.canvas.model.texts import node_picture
from gui.main_window import MainWindow
from gui.panels.timeline import Timeline
from gui.widgets.track import Track
from tests.engine.learn.test_slow import neuron
from tests.gui.training_tools import key, open_example, press
from tests.gui.window_tools import CTRL, LEFT, Key, lay_out


def go_to(window: MainWindow, position: float) -> None:
    """Press on the track where a position is drawn."""
    lay_out(window)
    track = window.findChild(Track)
    QTest.mouseClick(track, LEFT, pos=QPoint(round(track.x_of(position)), 22))


def said(window: MainWindow) -> str:
    return " ".join(label.text() for label in window.findChild(Timeline).findChildren(QLabel) if label.isVisible())


def held(window: MainWindow) -> dict[str, bytes]:
    nodes = window.bridge.document.graph.nodes.values()
    return {node.id: np.asarray(node.value).tobytes() for node in nodes if node.op_name == "parameter"}


def trained(window: MainWindow, steps: int, config: TrainingConfig | None = None) -> dict[str, bytes]:
    trainer = Trainer(window.bridge.document.graph, config)
    trainer.run(steps)
    return {id: np.asarray(value).tobytes() for id, value in trainer.parameters.items()}


@pytest.mark.parametrize("name", ["neuron", "train-line", "train-xor"])
def test_the_button_makes_one_step_of_training_and_undo_takes_it_back(window: MainWindow, name: str) -> None:
    open_example(window, name)
    before, wanted, twice = held(window), trained(window, 1), trained(window, 2)
    press(window, "One step, slowly")
    assert held(window) == wanted and window.bridge.player.playing
    key(window, Key.Key_F5)  # the next one goes on with what the optimiser keeps
    assert held(window) == twice
    key(window, Key.Key_Z, CTRL)
    assert held(window) == wanted and window.bridge.session.story is None
    key(window, Key.Key_F5)
    assert held(window) == twice  # as if it had not been undone
    key(window, Key.Key_Z, CTRL)
    key(window, Key.Key_Z, CTRL)
    assert held(window) == before


def test_the_timeline_is_scrubbed_both_ways_by_the_mouse(window: MainWindow) -> None:
    open_example(window, "neuron")
    key(window, Key.Key_F5)
    session = window.bridge.session
    story, update = session.story, session.story.taken.updates[0]
    turn, cards = story.updated_at["weight"], window.canvas.scene().node_items
    for at in (len(story), turn + 1, turn, turn + 1, len(story), 0):
        go_to(window, at)
        assert abs(window.bridge.player.position - at) < 0.1
        window.bridge.player.seek(at)  # a pixel is a part of a step
        if at == turn:
            assert cards["weight"].picture.value == "3" and cards["weight"].picture.gradient == "2"
        elif at == turn + 1:
            assert cards["weight"].picture.value == f"{float(update.after):.4g}"
            assert "weight turns against its gradient: new weight = weight" in said(window)
        elif at:
            assert "the gradient had promised a drop of" in said(window)
            assert cards["weight"].picture.gradient == "…"
    assert "Undo takes it back" in said(window)


def test_it_can_be_left_and_a_value_that_is_typed_ends_it(window: MainWindow) -> None:
    open_example(window, "neuron")
    key(window, Key.Key_F5)
    lay_out(window)
    buttons = window.findChild(Timeline).findChildren(QAbstractButton)
    leave = next(b for b in buttons if b.accessibleName() == "Leave the story of this step")
    stepped = held(window)
    QTest.mouseClick(leave, LEFT)
    assert window.bridge.session.story is None and not leave.isVisible()
    assert held(window) == stepped and window.bridge.now.frame.at_end
    key(
        window,
        Key.Key_F5,
    )
    key(window, Key.Key_F5)
    assert window.bridge.session.story is not None


def test_a_training_that_pauses_makes_the_step_and_goes_on(window: MainWindow) -> None:
    open_example(window, "train-line")
    run = window.training.run
    press(window, "Start")
    run.trainer.run(3)
    press(window, "Pause")
    wanted = Trainer(run.trainer.graph, run.trainer.config)
    wanted.run(run.trainer.step + 1)
    press(window, "One step, slowly")
    assert run.trainer.step == wanted.step and run.state.value == "paused"
    assert held(window) == {id: np.asarray(value).tobytes() for id, value in wanted.parameters.items()}
    press(window, "Continue")
    assert run.state.value == "running"
    press(window, "Stop")


def test_where_nothing_can_be_learnt_it_says_why(window: MainWindow) -> None:
    key(window, Key.Key_F5)
    assert window.bridge.session.story is None
    open_example(window, "add")
    key(window, Key.Key_F5)  # every input turns
    assert window.bridge.session.story is not None


def test_a_slider_turns_with_its_knob() -> None:
    graph = neuron()
    graph = graph.apply(edits.set_slider(graph, "w", 0.0, 4.0))
    taken = slow_step(graph, TrainingConfig(optimizer="sgd", lr=0.01))
    session = Session(graph.apply(taken.change(graph)))
    session.tell_story(taken)
    at, shares = session.story.updated_at["w"], []
    for position in (0, at, at + 0.5, at + 1, len(session.story)):
        session.player.seek(position)
        shares.append(node_picture(session.now.graph, session.now.frame, "w").slider.share)
    end = float(taken.parameters["w"]) / 4
    assert shares == pytest.approx([0.5, 0.5, (0.5 + end) / 2, end, end])


def test_the_inspector_shows_what_the_story_has_told_so_far(window: MainWindow) -> None:
    open_example(window, "neuron")
    window.selection.select(["weight"])
    key(window, Key.Key_F5)
    session = window.bridge.session
    update = session.story.taken.updates[0]
    field = next(line for line in window.findChildren(QLineEdit) if line.accessibleName() == "Value")
    for at, held in ((0, update.before), (session.story.updated_at["weight"] + 1, update.after), (1, update.before)):
        window.bridge.player.seek(at)
        assert float(field.text().replace("\u2212", "-")) == float(held)
    session.end_story()
    assert float(field.text().replace("\u2212", "-")) == float(update.after)
