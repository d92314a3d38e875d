"""Long lists are written in pieces, so that a thread that writes them lets others in; the text is the same."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from engine.values import json_text, progress
from engine.values.json_text import PIECE, dump, json_ready
from engine.values.progress import resting

LONG = np.random.default_rng(0).normal(size=3 * PIECE + 7)
SHAPES = {
    "flat": LONG,
    "exactly two": LONG[: 2 * PIECE],
    "matrix": LONG[: 2 * PIECE].reshape(-1, 40),
    "wide": np.stack([LONG, LONG]),
    "deep": LONG[: 2 * PIECE].reshape(2, 5, -1, 4),
}


@pytest.mark.parametrize("data", SHAPES.values(), ids=list(SHAPES))
def test_the_text_is_that_of_one_call_and_no_call_is_long(data: Any, monkeypatch) -> None:
    sizes, real = list[int](), json_text._WRITER.encode

    def encode(part: Any) -> str:
        sizes.append(np.size(np.array(part, dtype=object)))
        return real(part)

    record = {"id": "ä“W", "value": json_ready(data), "settings": {"at": [1, "é", None, True]}, "none": []}
    expected = json.dumps(record, ensure_ascii=False, allow_nan=False)
    monkeypatch.setattr(json_text._WRITER, "encode", encode)
    assert dump(record) == expected
    assert dump(record["value"]) == json.dumps(record["value"])
    assert max(sizes) <= PIECE


def test_odd_records_are_written_as_ever() -> None:
    ragged = [[1.0], [2.0] * (2 * PIECE), [], "nan", {"a": [0] * (2 * PIECE)}]
    for data in (ragged, {"x": [ragged] * PIECE}, {1: [0] * (2 * PIECE)}, [], {}, [[]] * (2 * PIECE), "s", 1.5):
        assert dump(data) == json.dumps(data, ensure_ascii=False, allow_nan=False)


def test_who_writes_in_the_background_rests_between_pieces_but_not_for_ever(monkeypatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(progress.time, "sleep", slept.append)
    numbers = LONG[: 3 * PIECE].tolist()
    dump(numbers)
    assert slept == []
    with resting(0.25, most=0.5):
        dump(numbers)
    assert slept == [0.25, 0.25]
    dump(numbers)
    assert slept == [0.25, 0.25]
