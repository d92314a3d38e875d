"""The room about a card for the plate that it becomes from afar: what bounds it, and when it is not looked for."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from engine.graph.graph import Graph
from engine.session import Session
from gui.canvas.model.room import CLEAR, room
from gui.canvas.model.stage import Stage
from gui.canvas.paint.card_forms import LOW
from gui.canvas.paint.nodes import form_of
from gui.canvas.paint.plates import TINY
from tests.gui.canvas_tools import Hands
from tests.gui.graphs import held, product

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


def test_a_place_is_found_once_a_size_and_each_room_has_its_own():
    """Numbers that move are as wide again and again."""
    free = room(CARD, CARD[None], np.empty((0, 17, 2)))
    place = free.place(180, 84)
    assert place == (-20.0, 0.0) and free.place(180, 84) is place
    assert free.within(-5, 0, 145, 84).place(180, 84) is None
    assert free.place(180, 84) is place and free.over_edges().place(180, 84) == place


def layered(*widths: int) -> Graph:
    """A net of neurons as a program writes it, its weights with names and numbers that are longer than their cards."""
    lines, before = ["x_1 = 0.5", "x_2 = -1.2"], ["x_1", "x_2"]
    for layer, width in enumerate(widths, 1):
        names = [f"h{layer}_{unit}" for unit in range(width)]
        for name in names:
            lines += [f"w{name}_{i} = parameter(-0.{i + 3}12345)" for i in range(len(before))]
            lines.append(f"{name} = tanh({' + '.join(f'w{name}_{i} * {each}' for i, each in enumerate(before))})")
        before = names
    return held("\n".join([*lines, f"L = {before[0]} ** 2"]))


@pytest.mark.parametrize("size", [(900, 420), (1073, 740), (1300, 640)])
def test_shown_whole_no_plate_reaches_out_of_the_window(qtbot: QtBot, size: tuple[int, int]) -> None:
    desk = Hands(qtbot, layered(6, 4, 1), size=size)
    desk.view.camera.fit_all(animated=False)
    stage, zoom = desk.view.scene().stage, desk.view.camera.zoom
    assert zoom < LOW, "all are plates"
    window = QRectF(desk.surface.rect())
    for id in stage.ids:
        plate = form_of(stage, id, zoom).plate.translated(*stage.pos(id))
        assert window.contains(desk.view.viewportTransform().mapRect(plate)), id
