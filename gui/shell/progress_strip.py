"""The strip in the status bar that shows a long job: what is done, how far it is, and a button to cancel it."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QProgressBar, QWidget

from gui.document.jobs import Job, Jobs
from gui.look.text_size import keep_scaled, scaled
from gui.widgets.boxes import row
from gui.widgets.buttons import PushButton
from gui.widgets.labels import ElidedLabel

PATIENCE = 300  # milliseconds: what is over sooner is not worth a word
PARTS, BUSY = 1000, 0  # of the whole bar; a bar without parts runs to and fro
SIZE = QSize(120, 8)
TITLE = 220  # pixels


class ProgressStrip(QWidget):
    """Shows the job that has been running longest. Esc cancels it, unless what has the focus needs the key."""

    def __init__(self, jobs: Jobs, window: QWidget, back_to: QWidget) -> None:
        super().__init__()
        self._back_to = back_to  # gets the keys when the strip goes that has them
        self._jobs = jobs
        self._job: Job | None = None
        self.title = ElidedLabel("soft")
        keep_scaled(self.title, lambda: self.title.setFixedWidth(scaled(TITLE)))
        self.title.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.bar = QProgressBar(maximum=PARTS, textVisible=False)
        self.bar.setAccessibleName("Progress")
        self.bar.setFixedSize(SIZE)
        self.cancel = PushButton("Cancel")
        self.cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the hand where it was
        self.cancel.clicked.connect(self._cancel)
        row(self, 8, (self.title, 1), self.bar, self.cancel, margins=(8, 0, 4, 0))
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), window)
        self._escape.activated.connect(self._cancel)
        self._soon = QTimer(self, singleShot=True, interval=PATIENCE)
        self._soon.timeout.connect(self._appear)
        jobs.changed.connect(self._follow)
        self._show(False)

    def _follow(self) -> None:
        """Another job, or none."""
        job = next(iter(self._jobs.running), None)
        if job is self._job:
            return
        self._job = job
        if job is None:
            self._soon.stop()
            self._show(False)
            return
        job.came.connect(self._tell)
        if self.isHidden():
            self._soon.start()
        else:
            self._tell()

    def _appear(self) -> None:
        self._tell()
        self._show(self._job is not None)

    def _show(self, shown: bool) -> None:
        has_keys = not shown and self.cancel.hasFocus()
        self.setVisible(shown)
        if has_keys:
            self._back_to.setFocus()
        self._escape.setEnabled(shown)

    def _tell(self) -> None:
        if (job := self._job) is None:
            return
        self.title.show_text(f"{job.title} …")
        self.bar.setMaximum(BUSY if job.share is None else PARTS)
        self.bar.setValue(round(PARTS * (job.share or 0.0)))
        self.bar.setAccessibleDescription(job.title)

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.stop()
