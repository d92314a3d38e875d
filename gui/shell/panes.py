"""How the window is divided: the canvas, and the panels on its sides. Each can be resized and put away."""

import json
from collections.abc import Collection, Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from gui.look.text_size import USUAL, keep_scaled, scaled, text_size
from gui.look.theme import RIGHT_WIDTH
from gui.panels import Panel

WIDEST = 100_000  # pixels: what is more was never kept by us
# The panels on the sides that give way in a window narrower than this: the canvas would be too small to read.
CROWDED = {"inspector": 900, "palette": 560}
BOTH = 760  # in a narrower one, opening one of them puts the other away
VERY_LOW = 220  # where 800 × 600 are seen three times as large
LOW = 400  # in a lower one the timeline gives way to a training
SIDE_SHARE = 0.3  # of the height at the right, that each panel there keeps when another opens
BESIDE_MAP = 450  # where the right is lower, the inspector gives way to the map of a training: half of it says nothing
CANVAS_SHARE, ON_STAGE = 0.42, 0.3  # of the height: a panel that opens leaves the canvas so much
ROOM_BELOW_BOARD = 40  # pixels of the canvas beyond the least, below what a lesson asks
WIDEST_ON_STAGE = 0.45  # of the width, that a panel beside the canvas has while it is presented
LEAST_CANVAS, LEAST_WHERE_LOW, LEAST_BESIDE_TRAINING = QSize(160, 120), 100, 60  # pixels that no panel may take


class Panels(QSplitter):
    """Holds the panels; remembers their sizes, which of them are open, and which one was closed by the user."""

    changed = Signal()  # a panel was opened or closed

    def __init__(self, canvas: QWidget, panels: Mapping[Panel, QWidget]) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._canvas = canvas
        self._panels = {panel.name: widget for panel, widget in panels.items()}
        self._on_the_right = [panel.name for panel in panels if panel.side == "right"]
        self._closed_at_first = [panel.name for panel in panels if panel.closed]
        self._heights = {p.name: p.size for p in panels if p.closed and p.side == "bottom"}  # at first
        self._unseen = dict(self._heights)  # those that were never open so far
        self._limits: dict[str, Collection[str]] = {}  # by who asks for it: the only panels that may stand there
        self._presenting: dict[str, bool] | None = None  # what was open before there were any
        self._gave_way_before: set[str] = set()  # and what had given way
        self._sizes_before: list[list[int]] = []  # and how large it was
        self._sizes_off_stage: list[list[int]] = []  # how large what was open was before it was presented
        self._was_staged = False  # whether it was presented since there are limits: the stage has other sizes
        self._narrow: dict[str, bool] = dict.fromkeys(CROWDED, False)
        self._gave_way: set[str] = set()  # panels that were put away for want of room, not by the user
        self._aside: set[str] = set()  # those that a lesson has put away, beside this document
        self._sizes_beside: list[list[int]] = []  # how large it was before that
        self._sizes_at_first: dict[QSplitter, list[int]] = {}
        self._middle = QSplitter(Qt.Orientation.Horizontal)
        self._right = QSplitter(Qt.Orientation.Vertical)
        far, left, right, bottom = (
            [(widget, scaled(panel.size)) for panel, widget in panels.items() if panel.side == side]
            for side in ("far left", "left", "right", "bottom")
        )
        self._fill(self._right, right, 0)
        for at in range(len(right)):
            self._right.setStretchFactor(at, 1)  # in a higher window each of them is
        self._fill(self._middle, [*left, (canvas, 900), (self._right, scaled(RIGHT_WIDTH))], len(left))
        self._fill(self, [(self._middle, 560), *reversed(bottom)], 0)
        self.whole = QSplitter(Qt.Orientation.Horizontal)  # all of it: what is read stands beside everything else
        self._fill(self.whole, [*far, (self, 1000)], len(far))
        canvas.setMinimumSize(LEAST_CANVAS)
        for name in self._closed_at_first:
            self.toggle(name)
        self._percent = self._percent_at_first = text_size.percent
        keep_scaled(self, self._scale_sides)

    def _scale_sides(self) -> None:
        """Larger text takes wider panels beside the canvas, and more of the window."""
        share, self._percent = text_size.percent / self._percent, text_size.percent
        if share != 1:
            at, sizes = self._middle.indexOf(self._canvas), self._middle.sizes()
            wider = [round(size * share) for size in sizes]
            wider[at] = sum(sizes) - (sum(wider) - wider[at])
            self._give_way()
            self._middle.setSizes(wider)

    def _fill(self, splitter: QSplitter, widgets: list[tuple[QWidget, int]], stretching: int) -> None:
        self._sizes_at_first[splitter] = [size for _, size in widgets]
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        for index, (widget, _) in enumerate(widgets):
            splitter.addWidget(widget)
            splitter.setStretchFactor(index, int(index == stretching))
        splitter.setSizes([size for _, size in widgets])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Panels give way to the canvas in a small window, and come back in a large one."""
        super().resizeEvent(event)
        self._give_way()
        self._share_height()

    def _give_way(self) -> None:
        for name, least in CROWDED.items():
            narrow = self.width() < least + scaled(RIGHT_WIDTH) - RIGHT_WIDTH
            if narrow != self._narrow[name]:
                self._narrow[name] = narrow
                self._fold(name) if narrow else self._unfold(name)

    def _fold(self, name: str) -> None:
        """Put a panel away for want of room."""
        if self.is_open(name) and self._presenting is None:
            self._show(name, False)
            self._gave_way.add(name)

    def _unfold(self, name: str) -> None:
        if name in self._gave_way and self._presenting is None:
            self._gave_way.discard(name)
            self._show(name, True)

    def _share_height(self) -> None:
        """In a low window the timeline gives way to a training; the canvas keeps a little."""
        trains, low = self.is_open("training"), self.height() < LOW
        roomy = LEAST_CANVAS.height() if self.height() >= VERY_LOW else LEAST_WHERE_LOW
        least = LEAST_BESIDE_TRAINING if trains and low else roomy
        self._canvas.setMinimumHeight(0 if self.is_on_stage else least)  # 0: as high as what stands in it
        if trains and low:
            self._fold("timeline")
        else:
            self._unfold("timeline")

    @property
    def by_side(self) -> tuple[list[QWidget], list[QWidget], list[QWidget]]:
        """The panels to the left of the canvas, to its right, and below."""
        far, left, right, below = (
            [part for k in range(splitter.count()) if (part := splitter.widget(k)) is not None]
            for splitter in (self.whole, self._middle, self._right, self)
        )
        return [*far[:-1], *left[: left.index(self._canvas)]], right, below[1:]

    @property
    def upper(self) -> QWidget:
        """The canvas with what stands to its left and right."""
        return self._middle

    def is_open(self, name: str) -> bool:
        return not self._panels[name].isHidden()

    def toggle(self, name: str) -> None:
        self.show_panel(name, not self.is_open(name))

    def show_panel(self, name: str, shown: bool = True) -> None:
        self._gave_way.discard(name)
        if shown and name in CROWDED and self.width() < BOTH + scaled(RIGHT_WIDTH) - RIGHT_WIDTH and self.isVisible():
            for other in CROWDED.keys() - {name}:
                self._fold(other)
        if shown and self.is_on_stage and name in self._heights:
            for other in self._heights.keys() - {name}:  # two in large type would both be cut
                self._show(other, False)
        self._show(name, shown)
        if name == "training":
            self._share_height()

    def _show(self, name: str, shown: bool) -> None:
        if shown == self.is_open(name):
            return
        focus = QApplication.focusWidget()
        if focus and self._panels[name].isAncestorOf(focus):
            self._canvas.setFocus()  # or else the next Space would press whatever stands beside the panel
        self._panels[name].setVisible(shown)
        if shown and name in self._unseen and self.isVisible():
            self._give_height(self._panels[name], self._unseen.pop(name))
        self._right.setVisible(any(self.is_open(name) for name in self._on_the_right))
        if name in ("learnt", "training") and self.isVisible():
            self._give_map_room()
        if shown and self.isVisible():
            self._share_side(name)
        self.changed.emit()
        if shown and self.is_on_stage and self.isVisible():
            self._fit_on_stage(name)

    @property
    def is_on_stage(self) -> bool:
        """Whether it is presented."""
        return "presentation" in self._limits

    @property
    def is_shared_below(self) -> bool:
        """Whether another panel than the timeline is open below the canvas."""
        return any(self.is_open(name) for name in self._heights)

    def _fit_on_stage(self, name: str) -> None:
        """What is opened while it is presented has room for its larger text."""
        if name in self._heights:
            self._give_height(self._panels[name], self._heights[name])
            return
        part = self._right if name in self._on_the_right else self._panels[name]
        splitter = next(each for each in self._splitters if each.indexOf(part) >= 0)
        first = self._sizes_at_first[splitter]
        if splitter.orientation() == Qt.Orientation.Horizontal:
            splitter.refresh()
            wanted = scaled(first[splitter.indexOf(part)] * USUAL / self._percent_at_first)
            self._widen(part, min(wanted, round(WIDEST_ON_STAGE * self.whole.width())))

    def _give_height(self, panel: QWidget, wanted: int) -> None:
        """Qt opens a panel as low as it can be: let it have what it needs of the canvas, which keeps its share."""
        self.refresh()
        at, sizes = self.indexOf(panel), self.sizes()
        more = min(scaled(wanted) - sizes[at], sizes[0] - self._canvas_share)
        if more > 0:
            sizes[0], sizes[at] = sizes[0] - more, sizes[at] + more
            self.setSizes(sizes)

    @property
    def _canvas_share(self) -> int:
        """How high the canvas stays; on the stage, with the board of a lesson above it."""
        layout = self._canvas.layout()
        if not self.is_on_stage or layout is None:
            return round(CANVAS_SHARE * self.height())
        return max(round(ON_STAGE * self.height()), layout.minimumSize().height() + scaled(ROOM_BELOW_BOARD))

    def _give_map_room(self) -> None:
        """Once a map or a training has opened or closed: whether there is room for the inspector beside a map."""
        self.refresh()
        if self.is_open("learnt") and self.sizes()[0] < scaled(BESIDE_MAP):
            self._fold("inspector")
        elif not self._narrow["inspector"]:
            self._unfold("inspector")

    def _share_side(self, opened: str) -> None:
        """What opens beside the canvas, or below it, leaves each panel on the right enough to be read; what opens on
        the right has what it needs of the rest."""
        self.refresh()
        self._right.refresh()
        sizes = self._right.sizes()
        seen = [at for at, is_open in enumerate(_seen(self._right)) if is_open]
        least = round(min(SIDE_SHARE, 0.8 / max(len(seen), 1)) * sum(sizes))
        for at in seen:
            lack, largest = least - sizes[at], max(seen, key=sizes.__getitem__)
            if lack > 0:
                sizes[at], sizes[largest] = sizes[at] + lack, sizes[largest] - lack
        map_or_opened = opened if opened in self._on_the_right else "learnt"
        at = self._right.indexOf(self._panels[map_or_opened])
        for other in seen if at in seen else ():
            more = min(scaled(self._sizes_at_first[self._right][at]) - sizes[at], sizes[other] - least)
            if other != at and more > 0:
                sizes[at], sizes[other] = sizes[at] + more, sizes[other] - more
        if sizes != self._right.sizes():
            self._right.setSizes(sizes)

    def present(self, presenting: bool) -> None:
        """Only the canvas and the timeline; and then everything as it was."""
        self.keep_only(("timeline",) if presenting else None, "presentation")

    def keep_only(self, names: Collection[str] | None, whose: str = "question") -> None:
        """Only these panels beside the canvas, of those that others leave there; None: as it was before."""
        before = dict(self._limits)
        was_on_stage = self._limits.pop(whose, None) is not None and whose == "presentation"
        if names is not None:
            self._limits[whose] = names
        if self._limits == before:
            return
        if self._presenting is None:
            self._presenting = {name: self.is_open(name) for name in self._panels}
            self._gave_way_before = set(self._gave_way)
            self._sizes_before = self._sizes
            self._was_staged = False
        if self.is_on_stage and "presentation" not in before:
            self._sizes_off_stage, self._was_staged = self._sizes, True
        wanted = {name: all(name in limit for limit in self._limits.values()) for name in self._panels}
        if not self._limits:
            wanted, self._presenting = self._presenting, None
        for name in (name for name, shown in wanted.items() if not shown):
            self.show_panel(name, False)
        self.whole.refresh()  # or what opens would find as little room as before
        for name in (name for name, shown in wanted.items() if shown):
            self.show_panel(name)
        if not self._limits and self._was_staged:
            self._divide_all(self._sizes_before)
        elif was_on_stage and self._limits:  # a question that was open before is open still
            self._divide_all(self._sizes_off_stage)
        if not self._limits:
            self._gave_way |= {name for name in self._gave_way_before if not self.is_open(name)}
            for name in (name for name, narrow in self._narrow.items() if not narrow):
                self._unfold(name)
        self._share_height()

    @property
    def _wished(self) -> dict[str, bool]:
        """What the user has open, though some of it has given way, or stands back beside this document alone."""
        opened = {name: self.is_open(name) for name in self._panels} if self._presenting is None else self._presenting
        gave_way = self._gave_way if self._presenting is None else self._gave_way_before
        return opened | dict.fromkeys(gave_way | self._aside, True)

    @property
    def _wished_sizes(self) -> list[list[int]]:
        """And how large; 0 is what is put away."""
        if self._aside:
            return self._sizes_beside
        return self._sizes if self._presenting is None else self._sizes_before

    def follow(self, other: "Panels") -> None:
        """Be divided as another: what the user has put away beside one document is not in the way beside the next.

        What stands back there for that document alone does not do so here; nor does it come out here meanwhile.
        """
        wished = {name: shown for name, shown in other._wished.items() if name not in self._closed_at_first}
        if self._presenting is not None:
            self._presenting |= {name: shown and name not in self._aside for name, shown in wished.items()}
            self._aside -= {name for name, shown in wished.items() if not shown}
            return
        self._aside -= wished.keys()
        for name, shown in wished.items():
            self.show_panel(name, shown)
        for name in other._gave_way:
            if self._narrow.get(name):
                self._fold(name)
        for splitter, sizes in zip(self._splitters, other._wished_sizes, strict=True):
            if _seen(splitter) == [size > 0 for size in sizes]:
                self._divide(splitter, sizes)

    def lay_aside(self, names: Collection[str]) -> None:
        """Put these away as long as something stands in their place, beside this document alone."""
        if not self._aside:
            self._sizes_beside = self._sizes
        for name in names:
            if self.is_open(name):
                self._aside.add(name)
                self._show(name, False)

    def bring_back(self) -> None:
        """What was laid aside stands there again."""
        names, self._aside = self._aside, set()
        for name in names:
            self.show_panel(name)

    def give_height(self, name: str) -> None:
        """Let an open panel below the canvas have at least the height that it has at first."""
        if name in self._heights and self.isVisible():
            self._give_height(self._panels[name], self._heights[name])

    def set_width(self, name: str, width: int) -> None:
        """Make a panel at the side of the canvas so wide; the canvas gives, or takes, the room."""
        self._widen(self._panels[name], width)

    def _widen(self, panel: QWidget, width: int) -> None:
        is_far = self.whole.indexOf(panel) >= 0
        splitter, giving = (self.whole, self) if is_far else (self._middle, self._canvas)
        at, from_, sizes = splitter.indexOf(panel), splitter.indexOf(giving), splitter.sizes()
        sizes[from_] += sizes[at] - width
        sizes[at] = width
        splitter.setSizes(sizes)

    # --- what is remembered

    def layout_text(self) -> str:
        """The sizes and what is open, to be kept."""
        return json.dumps({"sizes": self._wished_sizes, "open": self._wished})

    def restore_layout(self, text: str) -> None:
        """Restore what was kept; what cannot be read is ignored."""
        try:
            kept = json.loads(text)
            wanted = {name: bool(shown) for name, shown in kept["open"].items() if name in self._panels}
            sizes = [[min(max(int(size), 0), WIDEST) for size in sizes] for sizes in kept["sizes"]]
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            return
        for name, shown in wanted.items():
            self.show_panel(name, shown and name not in self._closed_at_first)
        for splitter, kept_sizes in zip(self._splitters, sizes, strict=False):
            if len(kept_sizes) == splitter.count():
                self._divide(splitter, kept_sizes)

    def _divide(self, splitter: QSplitter, sizes: list[int]) -> None:
        """Give the parts their sizes. What is put away has none: it will have that of the first start."""
        usual = self._sizes_at_first[splitter]
        splitter.setSizes([size or first for size, first in zip(sizes, usual, strict=True)])

    def _divide_all(self, sizes: list[list[int]]) -> None:
        for splitter, parts in zip(self._splitters, sizes, strict=True):
            self._divide(splitter, parts)

    @property
    def _sizes(self) -> list[list[int]]:
        return [splitter.sizes() for splitter in self._splitters]

    @property
    def _splitters(self) -> tuple[QSplitter, ...]:
        return (self, self._middle, self._right, self.whole)


def _seen(splitter: QSplitter) -> list[bool]:
    """Which of its parts are open."""
    return [not part.isHidden() for at in range(splitter.count()) if (part := splitter.widget(at)) is not None]
