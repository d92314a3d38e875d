"""The room about a card for the plate that it becomes from afar: what bounds it, and when it is not looked for."""

from __future__ import annotations

import numpy as np
import pytest

from engine.session import Session
from gui.canvas.model.room import CLEAR, room
from gui.canvas.model.stage import Stage
from gui.canvas.paint.nodes import form_of
from gui.canvas.paint.plates import TINY
from tests.gui.graphs import product

CARD = np.array([0.0, 0.0, 140.0, 84.0])


@pytest.mark.parametrize("length", [300.0, 1e5, 1e9])
def test_a_line_bounds_a_plate_however_long_it_is(length):
    above = np.linspace([-length, -40.0], [length, -40.0], 17)[None]
    free, bounded = room(CARD, CARD[None], np.empty((0, 17, 2))), room(CARD, CARD[None], above)
    assert free.place(140, 84 + 2 * 60) is not None
    assert bounded.place(140, 84 + 2 * 60) is None or bounded.place(140, 84 + 2 * 60)[1] > -40 + CLEAR
    assert bounded.place(140, 84 + 2 * (40 - CLEAR) - 1) is not None


@pytest.mark.parametrize("slope", [(1.0, 1.0), (1.0, -1.0), (0.0, 1.0)])
def test_a_line_that_only_passes_by_bounds_nothing(slope):
    far = np.linspace([3000.0, 0.0], np.array([3000.0, 0.0]) + 9000 * np.array(slope), 17)[None]
    assert room(CARD, CARD[None], far).place(400, 300) == room(CARD, CARD[None], np.empty((0, 17, 2))).place(400, 300)


def test_from_so_far_that_nothing_is_said_no_room_is_looked_for(qapp, monkeypatch):
    now = Session(product()).now
    stage = Stage(now.graph, now.frame)
    monkeypatch.setattr(stage, "room", None)  # to ask would fail
    assert not form_of(stage, "f", TINY / 2).lines
    assert form_of(stage, "f", TINY / 2, lifted=True).lines
    with pytest.raises(TypeError):
        form_of(stage, "f", 2 * TINY)


def test_a_plate_goes_into_the_room_of_one_of_its_size():
    """Of a net of 78 nodes two said nothing during the pass: their sides were rounded, and they seemed too wide."""
    free = room(CARD, CARD[None], np.empty((0, 17, 2)))
    for i in range(200):
        wide, high = 140 + i / 7, 84 + i / 11
        left, top = free.place(wide, high)
        assert free.within(left, top, left + wide, top + high).place(wide, high) is not None
