"""A training as a film: the graph with its numbers and knobs, and beside it what it has learnt and the loss.

The training is run first, and what the parameters held is kept: so every knob has a range that it never leaves.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QLayout, QWidget

from engine.edits.nodes import set_parameters
from engine.edits.sliders import set_slider
from engine.errors import ExportError, PlanError
from engine.files.replace import replacing
from engine.graph.graph import Graph
from engine.graph.sliders import can_slide
from engine.learn.config import TrainingConfig
from engine.learn.learnt import Learnt
from engine.learn.trainer import Trainer
from engine.passes.run import run
from engine.values.values import Value, number_text
from gui.look.style import palette_of, sheet_of
from gui.look.theme import theme, themes
from gui.panels.learnt.pictures import has_picture, picture_of
from gui.panels.learnt.scatter import Scatter
from gui.panels.learnt.unit_maps import UnitMaps
from gui.panels.training.curves import figure, per_epoch
from gui.pictures.film import HOLD, SAMPLES, refuse_too_large, written
from gui.pictures.options import Kind, PictureOptions, check_options, kind_of
from gui.pictures.reel import Stay
from gui.pictures.sheet import Sheet
from gui.widgets.boxes import STRETCH, column
from gui.widgets.labels import label
from gui.widgets.plot import Curve, Plot

SECONDS = 8.0  # that it plays, without the hold at its end
FILM_SIZE, SIDE = (1200, 760), 320  # pixels: of the whole, and how wide what was learnt is
PLOT, UNITS_HIGH = QSize(240, 130), 236  # pixels: the curve stands below the maps of units, and both are seen
ROOM = 0.1  # of what a knob goes through, left at its ends


@dataclass(frozen=True)
class LearningMoment:
    """What the parameters hold after so many steps, and how large the loss is there: over what the next step sees."""

    step: int
    parameters: dict[str, Value]
    loss: float


def write_learning(graph: Graph, steps: int, path: Path, options: PictureOptions) -> Generator[float, None, None]:
    """Write the film of so many steps from where the graph stands; yields how much is done, from 0 to 1.

    Raises GradloomError; whatever was at `path` before is then untouched.
    """
    kind = kind_of(path)
    if not kind.film:
        raise ExportError(f"A training is a film: write it as .gif, .webp or .mp4, not as .{kind.ending}.")
    if steps < 1:
        raise ExportError("A film of a training needs one step at least.")
    check_options(kind, options)
    fps, size = options.fps or kind.fps, options.size or FILM_SIZE
    if size[0] < 2 * SIDE:
        raise ExportError(f"A film of a training is {2 * SIDE} pixels wide at least: the maps stand beside the graph.")
    trainer = Trainer(graph, replace(TrainingConfig.of(graph), steps=steps))
    moments = moments_of(trainer, max(round(SECONDS * fps / options.speed), 1))
    refuse_too_large(len(moments) + round(HOLD * fps), *size)
    with replacing(path) as draft, _in_theme(options.theme.name):
        yield 0.0
        scene = LearningScene(graph, trainer, moments, kind, replace(options, size=size))
        some = (scene.picture(int(at)) for at in np.linspace(0, len(moments) - 1, SAMPLES))
        done = 0
        with closing(written(kind, draft, scene.stays(round(HOLD * fps)), some, fps, size)) as writing:
            for count in writing:
                done += count
                yield min(done / len(moments), 1.0)
    yield 1.0


def moments_of(trainer: Trainer, most: int) -> list[LearningMoment]:
    """A training run to its end, seen at its beginning and up to so many times after it."""
    looks = np.unique(np.linspace(0, trainer.total, min(most, trainer.total) + 1).astype(int))
    found = []
    for look in looks:
        trainer.run(int(look) - trainer.step)
        if trainer.stopped:  # it holds what was best before
            break
        found.append((trainer.step, trainer.parameters))
    trainer.conclude()
    losses = [*trainer.history.losses, trainer.history.evaluations[-1].loss]
    return [LearningMoment(at, held, losses[at]) for at, held in found]


@contextmanager
def _in_theme(name: str) -> Iterator[None]:
    """What is beside the graph asks for the theme in force."""
    was = themes.mode
    themes.choose(name)
    try:
        yield
    finally:
        themes.choose(was)


class LearningScene:
    """Paints any moment of a training: the graph as it is then, and what it has learnt by then."""

    def __init__(
        self, graph: Graph, trainer: Trainer, moments: list[LearningMoment], kind: Kind, options: PictureOptions
    ) -> None:
        self._graph, self._trainer, self._moments = _with_knobs(graph, moments), trainer, moments
        self._wide, self._high = options.size or FILM_SIZE
        page = replace(options, size=(self._wide - SIDE, self._high), scale=None, captions=False)
        last = self._at(len(moments) - 1)
        self._sheet = Sheet(last, run(last), kind, page)  # where numbers are longest, as a rule
        self._theme = options.theme
        self.beside = LearntBeside(self._graph)
        self.beside.resize(SIDE, self._high)

    def _at(self, at: int) -> Graph:
        return self._graph.apply(set_parameters(self._graph, self._moments[at].parameters))

    def picture(self, at: int) -> QImage:
        """The whole picture at a moment. Raises ExportError where there is not enough memory for it."""
        graph = self._at(at)
        self._sheet.take(graph, run(graph))
        self.beside.show_moment(graph, self._trainer, self._moments, at)
        image = QImage(self._wide, self._high, QImage.Format.Format_RGB32)
        if image.isNull():
            raise ExportError(f"There is not enough memory for {self._wide} × {self._high} pixels.")
        image.fill(self._theme.color("panel"))
        with QPainter(image) as painter:
            self._sheet.paint_resting(painter, float(len(self._sheet.trace)))
            self.beside.render(painter, QPoint(self._wide - SIDE, 0))
        return image

    def stays(self, hold: int) -> Iterator[Stay]:
        """All pictures, and for how many frames each stays."""
        last = len(self._moments) - 1
        for at in range(last + 1):
            yield self.picture(at), 1 if at < last else 1 + hold


def _with_knobs(graph: Graph, moments: list[LearningMoment]) -> Graph:
    """The graph with a slider at each number that learns, as far as it goes."""
    for id in moments[0].parameters:
        if can_slide(graph, id):
            held = np.array([float(moment.parameters[id]) for moment in moments])
            held = held[np.isfinite(held)]
            low, high = float(held.min()), float(held.max())
            room = ROOM * (high - low) or 1.0
            graph = graph.apply(set_slider(graph, id, low - room, high + room))
    return graph


class LearntBeside(QWidget):
    """What stands beside the graph: how far the training is, its map, the map of each unit, and the loss."""

    def __init__(self, graph: Graph) -> None:
        super().__init__()
        self._learnt = _learnt(graph)
        self._left_out: list[QWidget] = []
        self.setAutoFillBackground(True)
        self.setPalette(palette_of(theme()))
        self.setStyleSheet(sheet_of(theme()))
        self.heading, self.scatter, self.units = label("", "title"), Scatter(), UnitMaps(UNITS_HIGH)
        self.loss, self.why = Plot("Loss", PLOT), label("", "soft", wraps=True)
        self.scatter.setVisible(self._learnt is not None and has_picture(self._learnt))
        self.units.hide()
        parts = (self.heading, self.scatter, self.units, self.loss, self.why, STRETCH)
        layout = column(self, 10, *parts, margins=(16, 14, 16, 14))
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # it is as high as the film

    def show_moment(self, graph: Graph, trainer: Trainer, moments: list[LearningMoment], at: int) -> None:
        """What is so at a moment of a training."""
        now = moments[at]
        self.heading.setText(f"Step {now.step} of {trainer.total}")
        self.why.setText(trainer.stopped if now is moments[-1] else "")
        if self._learnt is not None and has_picture(self._learnt):
            self.scatter.show_scene(picture_of(self._learnt, graph), -1, f"Loss {number_text(now.loss)}")
            if self.units not in self._left_out:
                self.units.show_network(self._learnt, graph)
        self._show_loss(trainer, moments, at)
        self._lay_out()

    def _show_loss(self, trainer: Trainer, moments: list[LearningMoment], at: int) -> None:
        """The curve up to here, and faintly the rest."""
        xs, ys = np.array([(each.step / per_epoch(trainer), each.loss) for each in moments]).T
        curve, whole = Curve("loss", "focus", xs[: at + 1], ys[: at + 1]), Curve("", "line", xs, ys, faint=True)
        title = "Loss of each batch" if trainer.config.batch else "Loss"
        self.loss.show_figure(figure(title, trainer, [whole, curve], at=float(xs[at])))

    def _lay_out(self) -> None:
        """Of what has no room the map comes first."""
        layout = self.layout()
        if layout is None:
            return
        for part in (self.loss, self.units):
            layout.activate()
            if layout.minimumSize().height() > self.height():
                self._left_out.append(part)
                part.hide()
        layout.activate()


def _learnt(graph: Graph) -> Learnt | None:
    try:
        return Learnt(graph, run(graph))
    except PlanError:
        return None
