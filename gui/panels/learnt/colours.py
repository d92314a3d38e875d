"""Colours of answers: each class has one, and a mark of its own beside it; the surer an answer, the deeper it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from engine.learn.decisions import Ids, Numbers, chosen_classes, sureness
from engine.learn.learnt import Learnt
from gui.look.theme import Theme, mixed

LEAST, MOST = 0.12, 0.82  # of a class's colour on the panel's: the least sure answer, and the surest
ROLES = ("neg", "pos", "leaf", "activation", "tensor", "loss", "arithmetic", "focus", "warn", "soft")
MARKS = ("●", "▲", "■", "◆", "▼", "✚")  # as the legend writes them, in the order in which `scatter` draws them


def class_colour(look: Theme, number: int) -> QColor:
    return look.color(ROLES[number % len(ROLES)])


def mark_of(number: int) -> str:
    return MARKS[number % len(MARKS)]


def shaded(look: Theme, part: float) -> QColor:
    """The colour of a number: −1 is the deepest blue, 1 the deepest orange, 0 the panel."""
    return mixed(look.color("panel"), look.color("pos" if part > 0 else "neg"), MOST * min(abs(part), 1.0))


def answer_picture(look: Theme, learnt: Learnt, outputs: Numbers, shape: tuple[int, ...]) -> QImage:
    """The colour of the answer at each place of a plane."""
    if learnt.kind == "numbers":
        return number_picture(look, spread(learnt, outputs[:, 0]).reshape(shape))
    chosen = chosen_classes(learnt.loss, outputs).reshape(shape)
    return _class_picture(look, chosen, sureness(learnt.loss, outputs).reshape(shape))


def spread(learnt: Learnt, numbers: Numbers) -> Numbers:
    """Where numbers lie between the lowest target (−1) and the highest (1)."""
    low, high = float(np.min(learnt.truth())), float(np.max(learnt.truth()))
    half = (high - low) / 2 or 1.0
    return np.clip((numbers - (low + high) / 2) / half, -1.0, 1.0)


def number_picture(look: Theme, parts: Numbers) -> QImage:
    """A picture of numbers between −1 and 1, the first row at the bottom; what is no number has the canvas's colour."""
    size = np.abs(np.nan_to_num(parts))[..., None] * MOST
    ends = np.where((parts > 0)[..., None], _rgb(look.color("pos")), _rgb(look.color("neg")))
    pixels = _rgb(look.color("panel")) * (1 - size) + ends * size
    pixels[np.isnan(parts)] = _rgb(look.color("canvas"))
    return _image(pixels)


def _class_picture(look: Theme, chosen: Ids, sure: Numbers) -> QImage:
    colours = np.array([_rgb(class_colour(look, number)) for number in range(int(chosen.max(initial=0)) + 1)])
    depth = (LEAST + (MOST - LEAST) * np.nan_to_num(sure))[..., None]
    pixels = _rgb(look.color("panel")) * (1 - depth) + colours[chosen] * depth
    pixels[np.isnan(sure)] = _rgb(look.color("canvas"))
    return _image(pixels)


def _image(pixels: Numbers) -> QImage:
    rows, columns = pixels.shape[:2]
    flat: NDArray[np.uint8] = np.ascontiguousarray(pixels[::-1], np.uint8)
    return QImage(flat.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()


def _rgb(colour: QColor) -> Numbers:
    return np.array([colour.red(), colour.green(), colour.blue()], np.float64)
