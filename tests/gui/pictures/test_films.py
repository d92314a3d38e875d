"""A film shows the frames that are painted one by one, in the colours of video, and tells the reason of each step."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from engine.session import Session
from engine.show.explain import explain
from engine.show.frame import frame_at
from gui.pictures.caption import FORMULA, caption_height, caption_of
from gui.pictures.film import positions
from gui.pictures.options import KINDS, PictureOptions
from gui.pictures.reel import Reel, stays
from gui.pictures.sheet import Sheet
from gui.pictures.still import image_of
from gui.pictures.typeset import typeset
from gui.pictures.yuv import YuvFrames
from tests.building import xyz
from tests.networks import shipped

SIZE = (320, 180)


def sheets(graph) -> tuple[Sheet, Sheet]:
    trace, options = Session(graph).now.trace, PictureOptions(size=SIZE)
    return Sheet(graph, trace, KINDS["mp4"], options), Sheet(graph, trace, KINDS["mp4"], options)


@pytest.mark.parametrize("name", ["fan-out", "relu-closed"])
def test_what_rests_is_copied_and_each_frame_is_as_if_painted_anew(qapp, name) -> None:
    sheet, other = sheets(shipped(name))
    reel = Reel(sheet)
    for position in positions(sheet.trace, 0.0, 1.0, 4):
        anew = image_of(other, position).convertToFormat(QImage.Format.Format_RGB32)
        assert reel.frame(position) == anew, position


def test_what_stays_is_one_picture(qapp) -> None:
    sheet, _ = sheets(xyz())
    at = positions(sheet.trace, 0.0, 1.0, 8)
    found = list(stays(sheet, at, 12))
    assert sum(count for _, count in found) == len(at) + 12 and found[-1][1] > 12
    assert all(one != other for (one, _), (other, _) in pairwise(found))


def noise(random: np.random.Generator) -> QImage:
    pixels = random.integers(0, 256, (80, 64, 4), dtype=np.uint8)
    return QImage(pixels.tobytes(), 64, 80, QImage.Format.Format_RGB32).copy()


def in_floats(image: QImage) -> np.ndarray:
    """The same colours by the formula of BT.601, one after the other."""
    pixels = np.array(
        [[QColor(image.pixel(x, y)).getRgb()[:3] for x in range(image.width())] for y in range(image.height())], float
    )
    fours = pixels.reshape(40, 2, 32, 2, 3).mean(axis=(1, 3))
    y = 16 + pixels @ (65.738, 129.057, 25.064) / 256
    u = 128 + fours @ (-37.945, -74.494, 112.439) / 256
    v = 128 + fours @ (112.439, -94.154, -18.285) / 256
    return np.concatenate([part.ravel() for part in (y, u, v)])


def test_colours_are_those_of_video_and_only_what_differs_is_computed(monkeypatch) -> None:
    random, frames = np.random.default_rng(7), YuvFrames(64, 80)
    image = noise(random)
    frames.show(image)
    assert np.abs(frames.data - in_floats(image)).max() < 1.6
    computed: list[tuple[slice, slice]] = []
    real = YuvFrames._compute
    monkeypatch.setattr(YuvFrames, "_compute", lambda s, now, *box: computed.append(box) or real(s, now, *box))
    after = image.copy()
    with QPainter(after) as painter:
        painter.fillRect(QRect(11, 35, 7, 3), QColor("#C03F0A"))
    frames.show(after)
    assert computed == [(slice(32, 64), slice(10, 18))]
    assert np.abs(frames.data - in_floats(after)).max() < 1.6
    frames.show(after.copy())
    assert len(computed) == 1


def test_each_step_tells_its_equations_and_its_reason(qapp) -> None:
    graph = shipped("cs231n-product")
    trace = Session(graph).now.trace
    told = 0
    for position in range(1, len(trace) + 1):
        said = caption_of(graph, frame_at(trace, position), "gradient")
        truth = explain(graph, trace, trace.steps[position - 1])
        assert said.sentence == truth.caption
        if truth.why == truth.caption:
            assert not said.equations and not said.reason
            continue
        told += 1
        assert (said.heading, said.equations, said.reason) == (f"{truth.heading}.", truth.typeset, truth.why)
        assert caption_height(said, 900) > caption_height(caption_of(graph, frame_at(trace, 0), "gradient"), 900) + 30
    assert told == 7


def test_equations_stay_within_the_page_however_narrow(qapp) -> None:
    graph = shipped("micrograd")
    trace = Session(graph).now.trace
    equations = explain(graph, trace, trace.steps[-1]).typeset
    wide, narrow = typeset(equations, FORMULA, 2000.0), typeset(equations, FORMULA, 300.0)
    assert narrow.high > 2 * wide.high and [each.tex for each in narrow.typed] == [each.tex for each in wide.typed]
    assert all(0 <= each.left < 300 for each in narrow.typed) and {each.size for each in narrow.typed} == {FORMULA}
    assert min(each.size for each in typeset((("a", "b" * 90),), FORMULA, 300.0).typed) < FORMULA
