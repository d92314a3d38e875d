"""What is not looked at costs nothing: pictures are made when they are painted, and again only when they may differ."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from engine import edits
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from gui.canvas.model import stage
from gui.canvas.model.pictures import Pictures
from tests.gui.canvas_tools import Hands

COUNT = 300


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The nodes of which a picture is made, one after the other."""
    ids: list[str] = []
    make = stage.picture_of
    monkeypatch.setattr(
        stage, "picture_of", lambda graph, frame, id, *rest: ids.append(id) or make(graph, frame, id, *rest)
    )
    return ids


@pytest.fixture
def chain(qtbot: QtBot) -> Hands:
    """x, and its sine's sine's sine …, of which the first few are seen."""
    nodes = [Node("x", "input", np.float64(1), pos=(0, 0))]
    nodes += [Node(f"n{i}", "sin", pos=(220.0 * i, 0)) for i in range(1, COUNT)]
    hands = Hands(qtbot, Graph.of(nodes, [Edge(a.id, b.id, 0) for a, b in pairwise(nodes)], target=f"n{COUNT - 1}"))
    hands.surface.grab()
    return hands


def test_a_value_edit_takes_pictures_of_what_is_seen_and_of_nothing_else(chain: Hands, made: list[str]) -> None:
    chain.bridge.edit(lambda graph: edits.set_value(graph, "x", np.float64(2)))
    chain.surface.grab()
    assert "x" in made and 0 < len(made) < 12


def test_what_comes_into_view_after_an_edit_shows_the_numbers_of_now(
    qtbot: QtBot, chain: Hands, made: list[str]
) -> None:
    far = chain.view.scene().node_items["n200"]
    stale = far.picture.value
    made.clear()
    chain.bridge.edit(lambda graph: edits.set_value(graph, "x", np.float64(-2)))
    chain.view.camera.look_at(1.0, QPointF(220.0 * 200, 40), animated=False)
    qtbot.wait_until(lambda: not chain.surface.grab().isNull() and "n200" in made)  # when the view rests
    assert far.picture.value != stale


def test_a_name_and_a_target_are_seen_at_once(chain: Hands) -> None:
    items = chain.view.scene().node_items
    assert items["n1"].picture.seed == "" and items["n1"].extent().width() < items[f"n{COUNT - 1}"].extent().width()
    chain.bridge.edit(lambda graph: edits.set_target(graph, "n1"))
    assert items["n1"].picture.seed == "seed 1" and items[f"n{COUNT - 1}"].picture.seed == ""
    assert items["n1"].extent().width() > items[f"n{COUNT - 1}"].extent().width()


def test_pictures_are_kept_until_they_are_forgotten() -> None:
    numbers, asked = {"a": 1, "b": 2}, []
    pictures: Pictures[str, int] = Pictures(lambda: numbers, lambda key: asked.append(key) or numbers[key])
    assert "a" in pictures and len(pictures) == 2 and not asked
    assert [pictures["a"], pictures["a"]] == [1, 1] and asked == ["a"]
    numbers["a"] = 5
    assert pictures["a"] == 1 and pictures.renew(["a"]) == ["a"] and pictures.renew(["a"]) == []
    assert pictures["a"] == 5
    numbers["a"] = 6
    pictures.forget()
    assert pictures == {"a": 6, "b": 2}
    with pytest.raises(KeyError):
        pictures["c"]
