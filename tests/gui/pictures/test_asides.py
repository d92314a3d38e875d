"""Regions, notes and the rims of open groups in pictures and films: seen whole, in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from engine import edits, save
from engine.graph.graph import Graph
from gui.__main__ import main as gradloom
from gui.look.region_colours import region_colour
from gui.look.theme import DARK, LIGHT, Theme
from tests.gui.graphs import product

pytestmark = pytest.mark.usefixtures("qapp")
FAR = 700.0  # below all nodes


def storied() -> Graph:
    graph = product()
    ids = list(graph.nodes)
    graph = graph.apply(edits.surround(graph, ids[:2], title="Data", colour="purple"))
    graph = graph.apply(edits.make_group(graph, ids[-2:], title="Computed"))
    return graph.apply(edits.make_note(graph, "As in the lecture", (0, FAR)))


def rendered(folder: Path, name: str, graph: Graph, *options: str) -> Path:
    source = folder / "source.gradloom"
    save(graph, source)
    out = folder / name
    assert gradloom(["render", str(source), str(out), *options]) == 0
    return out


def rgb(hex_name: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(hex_name[1:]))


def pixels(path: Path, frame: int = 0) -> NDArray[np.int16]:
    with Image.open(path) as image:
        image.seek(frame)
        return np.asarray(image.convert("RGB")).astype(np.int16)


def near(image: NDArray[np.int16], hex_name: str, by: int = 8) -> int:
    """How many pixels are of a colour, or hardly of another."""
    return int((np.abs(image - rgb(hex_name)).max(axis=2) <= by).sum())


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.name)
def test_a_still_holds_them_all(tmp_path: Path, look: Theme) -> None:
    bare = pixels(rendered(tmp_path, "bare.png", product(), "--theme", look.name))
    image = pixels(rendered(tmp_path, "e.png", storied(), "--theme", look.name))
    assert image.shape[0] > bare.shape[0] + 200  # the note stands far below
    purple = region_colour("purple", look)
    assert near(image, purple) > 400 > near(bare, purple) + 300  # the border of the region
    note = image[-90:]
    assert near(note, look.panel) > 2000 and near(note, look.text, 60) > 100  # a slip, with words


def test_they_are_drawn_in_svg_too_with_letters_as_outlines(tmp_path: Path) -> None:
    text = rendered(tmp_path, "e.svg", storied()).read_text("utf-8")
    assert "<text" not in text
    size = re.search(r'width="(\d+)" height="(\d+)"', text)
    assert size is not None
    image = QImage(int(size[1]), int(size[2]), QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    with QPainter(image) as painter:
        QSvgRenderer(QByteArray(text.encode())).render(painter)
    out = tmp_path / "svg.png"
    image.save(str(out))
    assert near(pixels(out), region_colour("purple", LIGHT), 12) > 200
    assert near(pixels(out)[-90:], LIGHT.text, 60) > 50


def test_every_frame_of_a_film_has_them(tmp_path: Path) -> None:
    out = rendered(tmp_path, "e.gif", storied(), "--speed", "8", "--fps", "5")
    with Image.open(out) as film:
        count = film.n_frames
    for frame in (0, count // 2, count - 1):
        assert near(pixels(out, frame), region_colour("purple", LIGHT), 24) > 100


def test_a_pdf_is_written(tmp_path: Path) -> None:
    assert rendered(tmp_path, "e.pdf", storied()).read_bytes().startswith(b"%PDF")
