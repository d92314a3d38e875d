"""The page of a picture: the whole graph, and under it the caption of the step. Of one size at every position.

Lengths are logical pixels, those of the screen at 100 %, unless they are called pixels.
"""

from functools import cached_property

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QPainter

from engine.errors import ExportError
from engine.graph.graph import Graph
from engine.layout.shown import shown_of
from engine.passes.trace import Trace
from engine.show.frame import frame_at
from engine.show.shown_run import shown_frame
from engine.values.values import counted
from gui.canvas.model.stage import Stage
from gui.canvas.paint import style
from gui.canvas.paint.labels import label_boxes, place_labels
from gui.canvas.paint.motion import motion_boxes
from gui.canvas.paint.whole import paint_moving, paint_resting, stage_extent
from gui.pictures.caption import Caption, caption_height, caption_of, paint_caption
from gui.pictures.options import Kind, PictureOptions

EDGE = 12.0  # round what moves beyond the nodes
LEAST_WIDTH = 560.0  # of a page with a caption: its sentences need room
MOST_PIXELS = 120_000_000  # of one picture; Qt's own limit for a side is 32767
MOST_SIDE = 32_000
FILM_SIDE = 1280  # the longer side of a film unless told otherwise


class Sheet:
    """Lays out one picture of a graph and paints it at any position of its trace.

    Raises ExportError where there is nothing to draw, or too much.
    """

    def __init__(self, graph: Graph, trace: Trace, kind: Kind, options: PictureOptions) -> None:
        if not graph.nodes:
            raise ExportError("There is nothing to draw: the graph has no nodes.")
        self.graph, self.trace, self.options, self._kind = graph, trace, options, kind
        self.captions = kind.film if options.captions is None else options.captions
        self._captions: dict[int | None, Caption] = {}  # by the number of the step
        self._shown = shown_of(graph)
        self._stage = Stage(
            self._shown.graph, shown_frame(frame_at(trace, trace.backward_end), self._shown), options.wording
        )
        self._stage.lens.choose(options.on_edges)
        self._stage.lead_more()
        place_labels(self._stage, self._stage.keys, 1.0)
        self._extent = self._whole_extent()
        self._settle_scale()

    # --- how large everything is

    def _whole_extent(self) -> QRectF:
        """The scene rectangle that holds all that is ever seen, at rest and in motion."""
        rect = stage_extent(self._stage)
        for key in self._stage.keys:
            for box in label_boxes(self._stage, key):
                rect |= box.adjusted(-EDGE, -EDGE, EDGE, EDGE)
        for box in motion_boxes(self._stage):
            rect |= box.adjusted(-EDGE, -EDGE, EDGE, EDGE)
        return rect

    def _settle_scale(self) -> None:
        """Find `scale` (of the graph), `words` (of the caption), the caption's `band` and the page, both in pixels."""
        if self.options.size is not None:
            self._fit_into(*self.options.size)
        else:
            self._grow(self._wanted_scale())
        wide, high = self.pixels.width(), self.pixels.height()
        if not self._kind.vector and (max(wide, high) > MOST_SIDE or wide * high > MOST_PIXELS):
            sentence = f"The picture would be {wide} × {high} pixels: that is too large; choose a smaller scale."
            raise ExportError(sentence)

    def _wanted_scale(self) -> float:
        """The scale that was asked for; else what suits the kind, smaller where the graph is large."""
        if self.options.scale is not None:
            return self.options.scale
        if self._kind.vector:
            return self._kind.scale
        wide, high = self._extent.width(), self._extent.height()
        side = FILM_SIDE if self._kind.film else MOST_SIDE / 4
        return min(self._kind.scale, side / max(wide, high))

    def _fit_into(self, wide: int, high: int) -> None:
        """The largest scale at which graph and caption fit into so many pixels."""
        self.pixels = QSize(wide, high)
        self.band = 0.0
        for _ in range(3):  # the caption's scale depends on the graph's, but hardly
            self.scale = min(wide / self._extent.width(), (high - self.band) / self._extent.height())
            self.words = _words_scale(self.scale, wide)
            self.band = min(self._band(wide), high * 0.75)

    def _grow(self, scale: float) -> None:
        """The page that the graph needs at a scale."""
        self.scale = scale
        wide = self._extent.width() * scale
        if self.captions:
            wide = max(wide, LEAST_WIDTH * min(scale, 1.0))
        self.words = _words_scale(scale, wide)
        self.band = self._band(wide)
        self.pixels = QSize(self._whole(wide), self._whole(self._extent.height() * scale + self.band))

    def _whole(self, length: float) -> int:
        """Whole pixels, and even ones where the kind of file wants them."""
        return 2 * max(1, round(length / 2)) if self._kind.even else max(1, round(length))

    def _band(self, wide: float) -> float:
        """How many pixels high the caption is on a page so wide, whatever the step."""
        if not self.captions:
            return 0.0
        return max(caption_height(said, wide / self.words) for said in self._all_captions) * self.words

    @cached_property
    def _all_captions(self) -> list[Caption]:
        return [self.caption(float(i)) for i in range(len(self.trace) + 1)]

    @property
    def origin(self) -> tuple[float, float]:
        """Where the scene's zero is on the page, in pixels."""
        centre = self._extent.center()
        middle = self.pixels.width() / 2, (self.pixels.height() - self.band) / 2
        return middle[0] - centre.x() * self.scale, middle[1] - centre.y() * self.scale

    # --- words

    def caption(self, position: float) -> Caption:
        """What is said at a position: of one step always the same."""
        frame = frame_at(self.trace, position)
        if frame.index not in self._captions:
            self._captions[frame.index] = caption_of(self.graph, frame, self.options.wording)
        return self._captions[frame.index]

    @property
    def description(self) -> str:
        """What a screen reader says of the picture."""
        position = self.options.position
        said = self.caption(len(self.trace) if position is None else position)
        return f"A computational graph of {counted(len(self.graph.nodes), 'node')}. {said.sentence}"

    @property
    def title(self) -> str:
        return self.graph.title or "Computational graph"

    # --- painting

    def paint(self, painter: QPainter, position: float) -> None:
        """Paint the page at a position, in its pixels."""
        self.show(position)
        self.paint_resting(painter, position)
        self.paint_moving(painter)

    def take(self, graph: Graph, trace: Trace) -> None:
        """Other numbers in the same graph, at the end of its passes."""
        shown = shown_of(graph)
        change = self._shown.graph.change_to(shown.graph)
        self._stage.take(shown.graph, shown_frame(frame_at(trace, float(len(trace))), shown), change)
        self.graph, self.trace, self._shown = graph, trace, shown

    def show(self, position: float) -> bool:
        """Bring the graph to a position. Gives whether what rests in it looks different from before."""
        different = self._stage.show(shown_frame(frame_at(self.trace, position), self._shown), self.options.wording)
        return different is None or any(different)

    def paint_resting(self, painter: QPainter, position: float) -> None:
        """Paint all that does not move, and the caption of a position."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        page, theme = QRectF(QPointF(0, 0), QSizeF(self.pixels)), self.options.theme
        if not self.options.transparent:
            painter.fillRect(page, theme.color("canvas"))
        with style.placed(painter, *self.origin, self.scale):
            paint_resting(painter, self._stage, theme, self._extent)
        if self.captions:
            room = QSizeF(page.width() / self.words, self.band / self.words)
            with style.placed(painter, 0, page.height() - self.band, self.words):
                paint_caption(painter, self.caption(position), room, theme, self.options.transparent)

    def paint_moving(self, painter: QPainter) -> None:
        """Paint what moves over it, where it was shown last."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        with style.placed(painter, *self.origin, self.scale):
            paint_moving(painter, self._stage, self.options.theme)


def _words_scale(scale: float, wide: float) -> float:
    """The caption grows with the graph, but is never too small to be read on the page as a whole."""
    return max(scale, wide / 1600, min(1.0, wide / 480))
