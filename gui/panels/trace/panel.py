"""The trace panel: the table of all steps and the program that computes them, each going where the other is."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

from engine.errors import GradloomError
from engine.export.numpy import Listing, numpy_listing
from engine.export.trace_table import trace_csv
from engine.show.now import Now
from gui.document.bridge import Bridge
from gui.document.jobs import Job, Work, in_thread
from gui.document.preferences import Preferences
from gui.document.selection import Selection
from gui.look.text_size import scaled
from gui.panels import Panel
from gui.panels.trace.code import EMPTY, CodeView
from gui.panels.trace.table import TraceTable
from gui.widgets.boxes import column, holder, row
from gui.widgets.buttons import PushButton
from gui.widgets.labels import ElidedLabel, label

HEIGHT, LEAST, NARROW = 260, QSize(320, 140), 760  # in a narrower panel the table stands alone
REST = 150  # milliseconds for which numbers rest before the program is written again
REASONS = 300  # steps: in a longer program each line names its op, without the reason for what it sends


class TracePanel(QWidget):
    """What is shown is of now: a program that is being written again is not shown meanwhile."""

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        super().__init__()
        self._bridge, self._selection = bridge, selection
        self._is_written = False  # or being written
        self._job = Job(self)
        self._job.ended.connect(self._on_written)
        self._job.failed.connect(lambda error: self.said.show_text(str(error)))
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._write)
        self._lay_out()
        self.table.chosen.connect(self._seek)
        self.table.copied.connect(self.said.show_text)
        self.code.chosen.connect(self._seek)
        self.copy.clicked.connect(self._copy)
        bridge.told.connect(self._on_told)

    def _lay_out(self) -> None:
        self.setAccessibleName("Trace")
        self.table, self.code = TraceTable(), CodeView()
        self.copy, self.said = PushButton("Copy as CSV"), ElidedLabel("faint")
        self.copy.setToolTip("Copy all steps with all digits, for a spreadsheet")
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        for widget, share in ((self.table, 3), (self.code, 2)):
            self.split.addWidget(widget)
            self.split.setStretchFactor(self.split.count() - 1, share)
        self.split.setSizes([760, 560])
        head = row(None, 8, label("Trace", "title"), (self.said, 1), self.copy)
        column(self, 6, holder(head), (self.split, 1), margins=(16, 6, 12, 8))

    def sizeHint(self) -> QSize:
        return QSize(900, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return LEAST

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.code.setVisible(self.width() >= scaled(NARROW))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._forget()
        self._refresh()
        self._write()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._rest.stop()
        self._forget()

    # --- what has happened

    def _on_told(self, now: Now) -> None:
        if not self.isVisible():
            return
        if now.numbers_changed or now.content_changed or now.wording_changed:
            self._forget()
            self._refresh()
            self._rest.start()
        elif now.step_changed:
            self._show_step()

    def _refresh(self) -> None:
        """The table is of this run at once; the program when the numbers rest."""
        now = self._bridge.now
        self.table.rows.show_run(now)
        count = len(now.telling)
        self.said.show_text(f"{count} steps: click one to go there" if count else "No steps yet")
        self.copy.setEnabled(bool(count))
        self._show_step()

    def _show_step(self) -> None:
        step = self._bridge.now.told.index
        self.table.show_step(step)
        self.code.show_step(step)

    def _seek(self, step: int) -> None:
        if step + 1 != self._bridge.player.position:
            self._bridge.player.seek(step + 1)

    # --- the program

    def _forget(self) -> None:
        """What is written, or being written, is not of now."""
        if self._job.busy:
            self._job.stop()
        self._is_written = False
        self.code.show_listing(EMPTY)

    def _write(self) -> None:
        """Write the program of now, of a large graph on a thread; but not what a question asks for."""
        now = self._bridge.now
        if self.isVisible() and not self._is_written and now.trace.steps and not now.trace.is_part:
            self._is_written = True
            self._job.start(_writing(now))

    def _on_written(self, listing: Listing) -> None:
        self.code.show_listing(listing)
        self._show_step()

    def _copy(self) -> None:
        now = self._bridge.now
        try:
            text = trace_csv(now.graph, now.telling)
        except GradloomError as error:
            self.said.show_text(str(error))
            return
        QGuiApplication.clipboard().setText(text)
        self.said.show_text(f"Copied {len(now.telling)} rows.")


def _writing(now: Now) -> Work[Listing]:
    has_reasons = len(now.trace) <= REASONS
    return (yield from in_thread(lambda: numpy_listing(now.graph, now.trace, has_reasons, now.wording)))


@Panel("trace", "Trace", side="bottom", key="Ctrl+7", order=70, icon="trace", size=HEIGHT, closed=True)
def make_panel(bridge: Bridge, selection: Selection, preferences: Preferences) -> TracePanel:
    return TracePanel(bridge, selection)
