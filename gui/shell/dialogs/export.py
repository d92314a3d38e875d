"""Export a picture or a film: what kind, how large, in which colours, which moment; with a preview and progress."""

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QProgressBar,
    QWidget,
)

from engine.errors import ExportError, GradloomError
from engine.graph.graph import Graph
from engine.passes.trace import Trace
from engine.show.player import SPEEDS
from engine.show.story import story_of
from engine.values.literal import parse_number
from gui.document.bridge import Bridge
from gui.document.jobs import Job
from gui.look.text_size import scaled
from gui.look.theme import theme
from gui.pictures.film import HOLD, refuse_too_large, seconds_of
from gui.pictures.mp4 import MISSING, has_video
from gui.pictures.options import KINDS, THEMES, Kind, PictureOptions, check_options, read_size
from gui.pictures.picture_file import write_picture
from gui.pictures.sheet import Sheet
from gui.shell.dialogs.file_dialog import path_to_write, with_ending
from gui.shell.room import fit_dialog
from gui.widgets.boxes import STRETCH, column, row, scrolling
from gui.widgets.buttons import PushButton
from gui.widgets.fields import NoWheelComboBox
from gui.widgets.labels import label, main_button, set_role
from gui.widgets.picture_preview import PicturePreview
from gui.widgets.segmented import Segmented

SIZES = ("Automatic", "1×", "2×", "3×", "4×", "1280 × 720", "1920 × 1080", "3840 × 2160")
Told = tuple[Graph, Trace]
AskPath = Callable[[QWidget, Path, Kind], Path | None]


def ask_path(parent: QWidget, suggestion: Path, kind: Kind) -> Path | None:
    """Where to write; the ending is added where there is none. Qt asks before a file is replaced."""
    return path_to_write(parent, "Export", suggestion, kind.title, f".{kind.ending}", confirm=True)


def read_extent(text: str) -> tuple[float | None, tuple[int, int] | None]:
    """What stands in the size field: a scale (`2×`), or a size (`1280 × 720`). Raises ExportError."""
    plain = "".join(text.lower().replace("×", "x").split())
    if text == SIZES[0]:
        return None, None
    if re.fullmatch(r"\d+x\d+", plain):
        return None, read_size(plain)
    try:
        return parse_number(plain.removesuffix("x").replace(",", ".")), None
    except ValueError:
        raise ExportError(f"“{text}” is not a size: type a scale such as 2, or pixels such as 1280 × 720.") from None


class ExportDialog(QDialog):
    """Accepted, `path` is the file that was written. `name` is what the file is called unless told otherwise."""

    exported = Signal(object)  # the Path

    def __init__(
        self, bridge: Bridge, folder: Path, name: str, parent: QWidget | None = None, ask: AskPath = ask_path
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export picture or film")
        self.path: Path | None = None
        self._graph, self._wording = bridge.now.graph, bridge.now.wording
        session = bridge.session
        self._story: Told | None = None if session.story is None else (self._graph, session.story)
        self._passes: Told = (self._graph, bridge.now.trace if self._story is None else session.whole)
        self._trace: Trace = self._passes[1] if self._story is None else self._story[1]
        learns = any(node.op_name == "parameter" for node in self._graph.nodes.values())
        self._may_learn = learns and self._passes[1] is session.whole  # nothing is held back for a question
        self._on_edges = bridge.lens.on_edges
        self._now = bridge.player.position
        self._suggestion, self._ask = folder / name, ask
        self._writing = Job(self)
        self._writing.came.connect(lambda done: self.bar.setValue(round(1000 * done)))
        self._writing.ended.connect(self._on_written)
        self._writing.failed.connect(self._on_failure)
        self._make_choices(learns=self._story is not None)
        self._make_foot()
        self._lay_out()
        self._choose_kind()

    # --- parts

    def _make_choices(self, learns: bool) -> None:
        self.kind = _combo("Kind", [(kind.title, kind.ending) for kind in KINDS.values()])
        self.size_field = _combo("Size", [(text, None) for text in SIZES])
        self.size_field.setEditable(True)
        self.colours = Segmented("Theme", [("light", "Light"), ("dark", "Dark")])
        self.colours.show_choice(theme().name)
        self.moment = _combo("Moment", [])
        self.speed = _combo("Speed", [(f"{speed:g}×", speed) for speed in SPEEDS])
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        self.captions = QCheckBox("Captions under the graph")
        self.transparent = QCheckBox("Transparent background")
        self.learns = QCheckBox("And one step of learning: update, and forward again")
        self.learns.setChecked(learns)
        self.learns.toggled.connect(self._choose_story)
        self.kind.currentIndexChanged.connect(self._choose_kind)
        self.colours.chosen.connect(self._refresh)
        self.size_field.currentTextChanged.connect(self._refresh)
        for combo in (self.moment, self.speed):
            combo.currentIndexChanged.connect(self._refresh)
        for box in (self.captions, self.transparent):
            box.toggled.connect(self._refresh)

    def _make_foot(self) -> None:
        self.preview = PicturePreview()
        self.message = label("", "soft", wraps=True)
        self.message.setMinimumHeight(scaled(38))
        self.bar = QProgressBar(minimum=0, maximum=1000)
        self.bar.setAccessibleName("Progress")
        self.bar.hide()
        self.cancel, self.export = PushButton("Cancel"), main_button("Export…")
        self.cancel.clicked.connect(self.reject)
        self.export.clicked.connect(self._start)

    def _lay_out(self) -> None:
        self.choices = QWidget()
        form = self._form = QFormLayout(self.choices)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(16)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._moment_caption = label("", "faint")
        form.addRow(label("Kind", "faint"), self.kind)
        form.addRow(label("Size", "faint"), self.size_field)
        form.addRow(label("Colours", "faint"), self.colours)
        form.addRow(self._moment_caption, self.moment)
        form.addRow(label("Speed", "faint"), self.speed)
        for box in (self.captions, self.transparent, self.learns):
            form.addRow("", box)
        form.setRowVisible(self.learns, self._may_learn)
        buttons = row(None, 14, (self.bar, 100), STRETCH, self.cancel, self.export)
        body = column(None, 14, (self.preview, 1), self.choices, self.message)
        column(self, 14, (scrolling(body), 1), buttons, margins=(20, 20, 20, 16))
        fit_dialog(self, QSize(520, 640))

    # --- choices

    def _choose_kind(self) -> None:
        """Ask only what has a meaning for this kind."""
        kind = self._kind
        self._form.setRowVisible(self.transparent, not kind.film)
        self._form.setRowVisible(self.speed, kind.film)
        self._moment_caption.setText("Begins at" if kind.film else "Moment")
        self._fill_moments(kind)
        self.captions.setChecked(kind.film)
        self._refresh()

    def _choose_story(self, wanted: bool) -> None:
        """Both passes alone, or with a step of learning behind them: the one that is told, or the next one."""
        if wanted and self._story is None:
            try:
                self._story = story_of(self._graph)
            except GradloomError as error:
                self.learns.setChecked(False)
                self.learns.setEnabled(False)
                self._say(str(error), "error")
                return
        self._graph, self._trace = self._story if wanted and self._story is not None else self._passes
        self._fill_moments(self._kind)
        self._refresh()

    def _fill_moments(self, kind: Kind) -> None:
        end, backward = float(len(self._trace)), float(self._trace.backward_start)
        moments = [("The start", 0.0), ("The backward pass", backward), ("The end", end)]
        if self.learns.isChecked():
            moments.insert(2, ("The update", float(self._trace.backward_end)))
        first = "The start" if kind.film else "The end"
        if 0 < self._now < end:
            here = f"Where the timeline is: step {int(self._now) + 1} of {len(self._trace)}"
            moments.insert(0, (here, self._now))
            first = first if kind.film else here
        self.moment.blockSignals(True)
        self.moment.clear()
        for words, position in moments:
            if not kind.film or position < end:
                self.moment.addItem(words, position)
        self.moment.setCurrentText(first)
        self.moment.blockSignals(False)

    @property
    def _kind(self) -> Kind:
        return KINDS[self.kind.currentData()]

    def _wishes(self) -> PictureOptions:
        """What is asked for. Raises ExportError."""
        scale, size = read_extent(self.size_field.currentText())
        options = PictureOptions(
            THEMES[str(self.colours.current)],
            self._wording,
            self.captions.isChecked(),
            scale,
            size,
            self.moment.currentData(),
            self.speed.currentData() if self._kind.film else 1.0,
            transparent=self.transparent.isChecked() and not self._kind.film,
            on_edges=self._on_edges,
        )
        check_options(self._kind, options)
        return options

    # --- what it will be

    def _refresh(self) -> None:
        """Show the picture as it will be, or why it cannot be."""
        try:
            options = self._wishes()
            sheet = Sheet(self._graph, self._trace, self._kind, options)
            self._say(self._summary(sheet, options))
            self.preview.show_sheet(sheet, self._shown_at(options))
            self.export.setEnabled(True)
        except GradloomError as error:
            self._refuse(str(error))

    def _shown_at(self, options: PictureOptions) -> float:
        """Of a still its moment; of a film something on the way."""
        position = options.position or 0.0
        if not self._kind.film:
            return len(self._trace) if options.position is None else position
        begun = self._trace.backward_end if self.learns.isChecked() else self._trace.backward_start + 1
        return min(max(position, begun) + 0.45, len(self._trace))

    def _summary(self, sheet: Sheet, options: PictureOptions) -> str:
        wide, high = sheet.pixels.width(), sheet.pixels.height()
        if not self._kind.film:
            return f"{wide} × {high} pixels."
        if self._kind.ending == "mp4" and not has_video():
            raise ExportError(MISSING)
        seconds = seconds_of(self._trace, options.position or 0.0, options.speed)
        if seconds <= 0:
            raise ExportError("There is nothing to play: no step of this graph can be computed yet.")
        fps = self._kind.fps
        refuse_too_large(round((seconds + HOLD) * fps), wide, high)
        return f"{wide} × {high} pixels, {seconds + HOLD:.1f} seconds at {fps} frames a second."

    def _say(self, text: str, role: str = "soft") -> None:
        self.message.setText(text)
        set_role(self.message, role)

    def _refuse(self, sentence: str) -> None:
        self._say(sentence, "error")
        self.export.setEnabled(False)

    # --- writing

    def _start(self) -> None:
        options, kind = self._wishes(), self._kind
        path = self._ask(self, self._suggestion.with_name(f"{self._suggestion.name}.{kind.ending}"), kind)
        if path is None:
            return
        self.path = with_ending(path, f".{kind.ending}")
        self._show_progress(True)
        self._writing.start(write_picture(self._graph, self._trace, self.path, options), short=False)

    def _show_progress(self, writes: bool) -> None:
        self.bar.setValue(0)
        self.bar.setVisible(writes)
        self.choices.setEnabled(not writes)
        self.export.setEnabled(not writes)

    def _on_written(self) -> None:
        self._show_progress(False)
        self.exported.emit(self.path)
        self.accept()

    def _on_failure(self, error: GradloomError) -> None:
        self._show_progress(False)
        self._say(str(error), "error")

    def _stop(self) -> None:
        """No more is written; what is half-done is gone."""
        self._writing.stop()
        self._show_progress(False)

    def reject(self) -> None:
        """Cancel the writing while there is one, else the dialog."""
        if not self._writing.busy:
            super().reject()
            return
        self._stop()
        self._say("Cancelled: nothing was written.")

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)


def _combo(name: str, entries: list[tuple[str, object]]) -> QComboBox:
    combo = NoWheelComboBox()
    combo.setAccessibleName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    for text, data in entries:
        combo.addItem(text, data)
    return combo
