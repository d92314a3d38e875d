"""The main window: makes the parts and connects them. The only file that sees all the others; it decides nothing."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QMenuBar, QWidget

from engine.errors import EditRefused, GradloomError
from engine.files.examples import find_example
from engine.graph.change import REREAD
from engine.show.now import Now
from gui.canvas.minimap import Minimap
from gui.canvas.view import CanvasView
from gui.document import settings
from gui.document.bridge import Bridge
from gui.document.clipboard import Clipboard
from gui.document.clock import Clock
from gui.document.data_files import DataFiles
from gui.document.errors import UNSAVED, Notice
from gui.document.files import Files
from gui.document.folder_troubles import FolderTroubles
from gui.document.preferences import Preferences
from gui.document.rescue import TOPIC, TYPED, Rescue
from gui.document.selection import Selection
from gui.look.theme import themes
from gui.panels import all_panels
from gui.panels.inspector import Inspector
from gui.panels.learnt import LearntPanel
from gui.panels.lesson.lesson_board import LessonBoard
from gui.panels.palette import Palette
from gui.panels.predict import PredictPanel
from gui.panels.problems import ProblemsPanel
from gui.panels.timeline import Timeline
from gui.panels.training import TrainingPanel
from gui.shell.closing import Closing
from gui.shell.data_door import DataDoor
from gui.shell.dialogs.opener import Dialogs
from gui.shell.dialogs.questions import FileQuestions
from gui.shell.doors import Doors, OneDoor
from gui.shell.edit_actions import EditActions
from gui.shell.focus import PaneFocus
from gui.shell.lesson_time import LessonTime
from gui.shell.menus import ActionSet
from gui.shell.message_bar import MessageBar, StandingMessages
from gui.shell.page import DocumentPage
from gui.shell.paint_turn import PaintTurn
from gui.shell.panes import Panels
from gui.shell.places import places
from gui.shell.presenting.presenter import Presenter
from gui.shell.progress_strip import ProgressStrip
from gui.shell.question_time import QuestionTime
from gui.shell.resting_pointer import RestingPointer
from gui.shell.status_bar import StatusBar
from gui.shell.top_bar import TopBar
from gui.shell.tour import Tour
from gui.shell.tour_ring import tour_targets
from gui.shell.training_time import TrainingTime
from gui.widgets.boxes import column, holder, over

LEAST_WITH_STATUS = 240  # of height: in a lower window the line at the bottom gives way to the canvas

Part = TypeVar("Part", bound=QWidget)


class MainWindow(DocumentPage):
    """One open document, and everything that is done with it."""

    def __init__(self, in_tabs: bool = False) -> None:
        super().__init__(in_tabs)
        self.bridge = Bridge(parent=self)
        self.selection = Selection(self.bridge, self)
        self.status = StatusBar()
        self.bridge.told.connect(self._clear_status)
        self.preferences = Preferences(self.bridge, self)
        self.files = Files(self.bridge, FileQuestions(self, self.asks.emit), self)
        self.jobs = self.files.jobs
        self.data_files = DataFiles(self.bridge, self.files, self.jobs, self)
        self.rescue = Rescue(self.files, self)
        self.folder_troubles = FolderTroubles(self)
        self.clock = Clock(self.bridge, self)
        self._make_views()
        self.doors: Doors = OneDoor(self.files, self.rescue, self.tour, self.show_lesson, self.close)
        arrivals = self.canvas.newcomers
        self.clipboard = Clipboard(self.bridge, self.selection, self.files, arrivals.paste, arrivals.join, self)
        place = partial(arrivals.spot, "dataset")
        self.data_door = DataDoor(self, self.bridge, self.selection, self.files, self.jobs, place)
        self.editing = EditActions(self.bridge, self.selection, self.canvas, self.clipboard, self)
        self.presenting = False
        self.presenter = Presenter(self, self.bridge, self.canvas)
        self.pointer = RestingPointer(self)
        self.painting = PaintTurn(self, self.canvas.prepare)
        self.action_set = ActionSet(self, self, self.canvas)
        rows, found = self.action_set.rows, partial(places, self)
        self.dialogs = Dialogs(self, self.bridge, self.selection, self.files, self.clipboard, rows, found)
        self.question_time = QuestionTime(self.bridge.asking, self.panels, self.action_set, self.status, self)
        self.lesson_time = LessonTime(self.bridge, self.panels, self.selection, self.canvas, self)
        for present in (self.presenter.present, self.board.present, self.lesson_time.present, self.tour.present):
            self.presented.connect(present)
        self.presenter.changed.connect(self.action_set.refresh)
        self.bridge.lesson.asked_for.connect(lambda path: self.doors.show_lesson(path))
        self.closing = Closing(self, self.bridge, self.files, self.action_set.by_id["quit"])
        self.training_time = TrainingTime(self, self.training)
        self.top_bar = TopBar(self.action_set.buttons, self.action_set.panel_buttons)
        self.tour.lend(tour_targets(self.ops, self.canvas, self.timeline, self.top_bar.menus))
        self._pinned = False  # the problems panel was opened by hand: it stays
        self._pace: tuple[object, ...] = ()
        self._lay_out()
        self._connect()
        self._connect_files()
        self.panels.restore_layout(settings.get("layout"))
        self._show_document()
        self.top_bar.show_wording(self.bridge.now.wording)
        self.status.show_problems(self.problems.count)
        self.action_set.refresh()
        self.status.show_zoom(self.canvas.camera.zoom)
        self.canvas.setFocus()

    # --- parts

    def _make_views(self) -> None:
        self.canvas = CanvasView(self.bridge, self.selection)
        self.minimap = Minimap(self.canvas.desk)
        made = {panel: make(self.bridge, self.selection, self.preferences) for panel, make in all_panels().items()}
        self.ops = _the(Palette, made.values())
        self.problems = _the(ProblemsPanel, made.values())
        self.training = _the(TrainingPanel, made.values())
        self.inspector = _the(Inspector, made.values())
        self.questions = _the(PredictPanel, made.values())
        self.timeline = _the(Timeline, made.values())
        self.learnt = _the(LearntPanel, made.values())
        self.messages, self.standing = MessageBar(self.canvas), StandingMessages(self.canvas)
        self.tour = Tour(self.bridge, self.canvas, lambda: self.doors.show_tour(), self)
        self.board = LessonBoard(self.bridge)
        bars = (self.tour.bar, self.standing, self.board)
        stage = over(self.canvas, self.messages)  # what comes and goes moves nothing under the hand
        self.messages.covered.connect(self.canvas.finder.keep_below)
        middle = holder(column(None, 0, *bars, (stage, 1)))
        middle.setFocusProxy(self.canvas)
        self.panels = Panels(middle, made)
        self.panels.changed.connect(self._on_panels)
        self.focus = PaneFocus(self, self.canvas, self._panes)

    def _panes(self) -> list[QWidget]:
        """The parts of the window that F6 goes through, from the canvas round to it."""
        left, right, below = self.panels.by_side
        return [
            self.canvas,
            *right,
            *below,
            self.status,
            self.top_bar,
            *left,
            self.tour.bar,
            self.standing,
            self.messages,
        ]

    def _lay_out(self) -> None:
        self.setCentralWidget(holder(column(None, 0, self.top_bar, (self.panels.whole, 1))))
        self.learnt.large.lend(self.panels.upper, self.panels.whole)
        self.setStatusBar(self.status)
        self.progress = ProgressStrip(self.jobs, self, self.canvas)
        self.status.addWidget(self.progress)
        self.action_set.build(self.top_bar.menus)

    def _connect(self) -> None:
        bridge, status = self.bridge, self.status
        bridge.told.connect(self._on_told)
        for marked in (bridge.saved, bridge.unsaved):
            marked.connect(self.show_title)
            marked.connect(self.action_set.refresh)
        bridge.saved.connect(partial(self.standing.clear, UNSAVED))
        bridge.steps.changed.connect(self.action_set.refresh)
        bridge.refused.connect(self._on_refusal)
        bridge.pending.finished.connect(self.canvas.setFocus)
        for changed in (
            self.selection.changed,
            self.panels.changed,
            self.ops.folded,
            self.preferences.changed,
            themes.changed,
        ):
            changed.connect(self.action_set.refresh)
        self.canvas.desk.told.connect(status.hint)
        self.canvas.desk.looked_up.connect(self.dialogs.show_reference)
        self.ops.looked_up.connect(self.dialogs.show_reference)
        self.canvas.hint.example_requested.connect(self.open_example)
        self.canvas.hint.lessons_requested.connect(partial(self.panels.show_panel, "lesson"))
        self.canvas.hint.lesson_requested.connect(bridge.lesson.asked_for)
        self.canvas.camera.zoomed.connect(status.show_zoom)
        self.ops.op_chosen.connect(self.canvas.newcomers.add_op)
        self.ops.block_chosen.connect(self.canvas.newcomers.add_block)
        self.canvas.drags.block_dropped.connect(self.ops.choose_block)
        self.ops.told.connect(status.tell)
        self.ops.failed.connect(self.tell_error)
        self.ops.width_asked.connect(partial(self.panels.set_width, "palette"))
        self.problems.count_changed.connect(self._on_problems)
        status.problems_asked.connect(self._toggle_problems)
        self.canvas.drags.text_dropped.connect(self.clipboard.paste_text)
        self.canvas.menus.lend(self.action_set.by_id)
        self.canvas.menus.paste_asked.connect(self.clipboard.paste_at)
        self.clipboard.told.connect(self._on_clipboard)
        self.clipboard.failed.connect(self._on_clipboard_failure)
        self.dialogs.told.connect(status.tell)
        self.questions.sheet_wanted.connect(self.dialogs.export_scores)
        self.closing.resting.connect(self._rest)
        self.closing.resting.connect(self.clipboard.let_go)
        self.training.closed.connect(lambda: self.panels.show_panel("training", False))
        self.training.told.connect(lambda sentence: status.tell(sentence, warning=True))
        self.top_bar.wording_chosen.connect(self.preferences.choose_wording)
        self.top_bar.theme_switched.connect(self.preferences.switch_theme)

    def _connect_files(self) -> None:
        """What is said of files: of that of the document, of those that it reads, of what a crash has left."""
        files, status = self.files, self.status
        self.data_files.asks.connect(self.tell)
        self.data_files.answered.connect(self.standing.clear)
        self.data_door.asks.connect(self.asks)
        self.data_door.told.connect(status.tell)
        self.data_door.failed.connect(self.tell_error)
        files.told.connect(status.tell)
        files.failed.connect(self.tell_error)
        files.recovery.failed.connect(self._on_recovery)
        self.rescue.found.connect(self.tell)
        self.rescue.gone.connect(partial(self.standing.clear, TOPIC))
        self.folder_troubles.found.connect(self.tell)
        self.folder_troubles.over.connect(self.standing.clear)
        files.watch.noticed.connect(self.tell)
        files.watch.settled.connect(self.standing.clear)

    # --- what has happened

    def begin(self, file: Path | None) -> None:
        """The window stands: show the file that was asked for, and say what must be known."""
        if file is not None:
            self.files.open(file)
        self.folder_troubles.begin()
        self.rescue.begin(file)

    def begin_action(self) -> None:
        """An action begins: what was said about the previous one is cleared."""
        self.status.clear()

    def _on_recovery(self, sentence: str) -> None:
        """Recovery copies cannot be written, which must be known as long as it is so."""
        if sentence:
            self.tell(Notice(sentence, topic="recovery"))
        else:
            self.standing.clear("recovery")

    def _on_clipboard(self, sentence: str) -> None:
        self.messages.clear()  # what was not understood before is
        self.status.tell(sentence)

    def _on_clipboard_failure(self, error: GradloomError) -> None:
        self.status.clear()
        self.tell_error(error)

    def _clear_status(self, now: Now) -> None:
        """What was said about the graph before is over, until a view has something new to say."""
        if now.loaded or (now.change and now.change is not REREAD):
            self.status.clear()

    def _on_told(self, now: Now) -> None:
        """Sixty times a second while playing: only what an action depends on is looked at."""
        pace = (now.playing, now.frame.position <= 0, now.frame.at_end)
        if now.loaded:
            self._forget_messages()
        if now.change or now.loaded:
            self._show_document()
        if now.wording_changed:
            self.top_bar.show_wording(now.wording)
        if now.wording_changed:
            self.action_set.refresh()
        elif now.change or now.loaded or pace != self._pace:
            self.action_set.follow_graph()
        self._pace = pace

    def _forget_messages(self) -> None:
        """What was said was about another document."""
        self.messages.clear()
        for topic in (UNSAVED, TYPED):
            self.standing.clear(topic)

    def _on_refusal(self, refused: EditRefused) -> None:
        self.status.tell(refused.sentence, warning=True)

    def _on_problems(self, count: int | None) -> None:
        self.status.show_problems(count)
        if not count and not self._pinned:
            self.panels.show_panel("problems", False)

    def _toggle_problems(self) -> None:
        self.panels.toggle("problems")
        self._pinned = self.panels.is_open("problems") and not self.problems.count

    def _show_document(self) -> None:
        self.show_title()
        self.status.show_nodes(len(self.bridge.now.graph.nodes))

    # --- what actions ask for

    def toggle_rail(self) -> None:
        """The palette as a list, or as a narrow rail; one that is put away comes back."""
        folded = self.panels.is_open("palette") and not self.ops.is_rail
        self.panels.show_panel("palette")
        self.ops.fold(folded)

    def show_seed(self) -> None:
        """The seed, beside the target into which it is put."""
        target = self.bridge.now.graph.target
        if target is not None:
            self.panels.show_panel("inspector")
            self.selection.reveal([target])
            self.inspector.take_seed()

    def show_training(self) -> None:
        self.panels.show_panel("training")
        self.training.take_focus()

    def learn_slowly(self) -> None:
        self.training.take_one_step()

    def _on_panels(self) -> None:
        """What the inspector says of a step is said by the timeline where there is no inspector."""
        self.timeline.tell_reasons(not self.panels.is_open("inspector"))
        self.timeline.share_room(self.panels.is_shared_below)

    def open_example(self, name: str) -> None:
        """Open an example by its name."""
        found = find_example(name)
        if found is None:
            self.tell(Notice(f"There is no example called “{name}”."))
        else:
            self.doors.open_example(found.path)

    # --- what is remembered

    def _rest(self) -> None:
        """The window closes: nothing moves any more, and how it was is remembered."""
        self.canvas.tools.cancel()
        self.data_files.stop()
        self.jobs.stop()
        self.clock.stop()
        settings.put("layout", self.panels.layout_text())
        if self.place:
            self.place.remember()  # before it is on its way back from the whole screen
        if self.presenting:
            self.toggle_presentation()

    # --- Qt

    def menuBar(self) -> QMenuBar:
        """The menus stand in the top bar, which leaves the canvas one line more."""
        return self.top_bar.menus

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.status.setVisible(not self.presenting and self.height() >= LEAST_WITH_STATUS)
        self.timeline.fit_window()
        self.board.fit_presentation()
        if self.presenting:
            self.fit_text()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(self.closing.may_close())


def _the(kind: type[Part], widgets: Iterable[QWidget]) -> Part:
    """The one of its kind."""
    return next(widget for widget in widgets if isinstance(widget, kind))
