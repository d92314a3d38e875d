"""A graph that is written again and again: only rows that changed are written anew, and the text is the same."""

from __future__ import annotations

import numpy as np
import pytest

from engine.files.codec import encode
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.values import row_texts
from engine.values.json_text import PIECE
from engine.values.row_texts import RowTexts

RNG = np.random.default_rng(0)


def graph(**values) -> Graph:
    return Graph.of([Node(id, "parameter", np.array(value, float)) for id, value in values.items()], [])


@pytest.fixture
def dumped(monkeypatch) -> list[object]:
    found, real = list[object](), row_texts.dump
    monkeypatch.setattr(row_texts, "dump", lambda data: found.append(data) or real(data))
    return found


@pytest.mark.parametrize("shape", [(60, 50), (2, 3, 500), (3, 1000), (3 * PIECE, 1)])
def test_only_what_changed_is_written_anew(shape, dumped) -> None:
    W, b, kept = RNG.normal(size=shape), RNG.normal(size=(3, 3)), RowTexts()
    assert encode(graph(W=W, b=b), kept) == encode(graph(W=W, b=b))
    for number in (7.25, -0.0, 0.0, np.nan, np.inf, 1e-300):
        dumped.clear()
        W = W.copy()
        W[(0,) * W.ndim] = number
        assert encode(graph(W=W, b=b), kept) == encode(graph(W=W, b=b))
        assert len(dumped) == 1
    dumped.clear()
    assert encode(graph(W=W, b=b + 1), kept) == encode(graph(W=W, b=b + 1)) and not dumped


def test_another_shape_another_name_and_an_array_that_was_changed_in_place(dumped) -> None:
    W, kept = RNG.normal(size=(60, 50)), RowTexts()
    for values in ({"W": W}, {"W": W.T}, {"V": W}, {"V": W[:50], "W": W}, {"W": W[:, :40]}):
        assert encode(graph(**values), kept) == encode(graph(**values))
    held = graph(W=W)
    encode(held, kept)
    value = held.nodes["W"].value
    value.setflags(write=True)
    value[3, 3] = 12345.0
    assert encode(held, kept) == encode(held) and "12345.0" in encode(held, kept)


def test_not_more_is_kept_than_there_is_room_for(dumped, monkeypatch) -> None:
    monkeypatch.setattr(row_texts, "MOST", 5000)
    W, V, kept = RNG.normal(size=(60, 50)), RNG.normal(size=(80, 50)), RowTexts()
    for _ in range(2):
        dumped.clear()
        assert encode(graph(W=W, V=V), kept) == encode(graph(W=W, V=V))
        assert len(dumped) == 140  # the one takes the room of the other
