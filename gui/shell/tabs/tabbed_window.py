"""The window: documents behind tabs, each on a page with a history, a view, a pass and a recovery copy of its own."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget

from engine.data.outside import real_path
from engine.errors import GradloomError
from engine.graph.graph import Graph
from gui.document import recent
from gui.document.errors import UNSAVED, Notice
from gui.document.lost import Lost, lost_work
from gui.look.as_is import window_title
from gui.shell.data_door import is_data
from gui.shell.doors import OpenDocument
from gui.shell.ending import AGAIN, is_over_or_nested
from gui.shell.page import DocumentPage
from gui.shell.place import WindowPlace
from gui.shell.tabs import last_session
from gui.shell.tabs.end_of_all import EndOfAll
from gui.shell.tabs.lost_at_start import LostAtStart
from gui.shell.tabs.numbers import Numbers
from gui.shell.tabs.strip import TabBand
from gui.shell.tabs.unopened import Unopened
from gui.widgets.boxes import column, holder


class TabbedWindow(QMainWindow):
    """Holds the pages, which `make` makes, and is the doors of all of them. With one document there is no strip."""

    def __init__(self, make: Callable[[], DocumentPage]) -> None:
        super().__init__()
        self.setObjectName("tabbed-window")
        self._make = make
        self.pages: list[DocumentPage] = []
        # Pages that were made for a document that is not there yet → what was in front then.
        self._came_from: dict[DocumentPage, DocumentPage] = {}
        self._going_to: dict[DocumentPage, Path] = {}  # the file that each was asked to open
        self._numbers = Numbers(lambda: self.pages)
        self._asked_about: set[Path] = set()
        self._brings = 0  # documents that are being brought
        self._unopened = Unopened(self._is_reading, self.tell)
        self._is_asked_for = False  # whether the start was asked for a file
        self._lost = LostAtStart(self, self._is_reading, self._speak_of_lost)
        self.place = WindowPlace(self)
        self.band, self._stack = TabBand(), QStackedWidget()
        self.band.hide()
        self.setCentralWidget(holder(column(None, 0, self.band, (self._stack, 1))))
        strip = self.band.strip
        strip.wanted.connect(lambda at: self.show_page(self.pages[at]))
        strip.closing_asked.connect(lambda at: self.close_page(self.pages[at]))
        strip.others_closing_asked.connect(self._close_others)
        strip.dragged.connect(self._on_dragged)
        self.band.new_asked.connect(self.new)
        self.closing = EndOfAll(self, self._in_turn, self.show_page, self.place.remember)
        self._follows = False  # what is open is remembered from the moment in which the window has begun
        self._add()

    # --- the pages

    @property
    def current(self) -> DocumentPage:
        """The page in front."""
        page = self._stack.currentWidget()
        assert isinstance(page, DocumentPage)
        return page

    def _in_turn(self) -> list[DocumentPage]:
        """All pages, that in front first."""
        return sorted(self.pages, key=lambda page: page is not self._stack.currentWidget())

    def _is_reading(self) -> bool:
        return any(page.files.is_opening for page in self.pages)

    def _add(self) -> DocumentPage:
        """A page with an empty document, in front."""
        page = self._make()
        page.doors, page.files.told_apart = self, partial(self._numbers.name, page)
        page.rescue.asked, page.rescue.door = self._asked_about, self.recover
        page.rescue.answered.connect(self._mention_again)
        page.titled.connect(self._follow)
        page.presented.connect(self._follow)
        page.fills.connect(self.place.hold)
        page.asks.connect(partial(self._on_question, page))
        page.closing.ended.connect(partial(self._on_ended, page))
        page.bridge.told.connect(partial(self._on_told, page))
        page.files.failed.connect(partial(self._on_failed, page))
        page.files.jobs.changed.connect(partial(self._on_jobs, page))
        before = self.current if self.pages else None
        self.pages.insert(self.pages.index(before) + 1 if before else 0, page)
        self._stack.addWidget(page)
        page.show_title()
        if before:
            self.show_page(page)
        self._follow()
        return page

    def show_page(self, page: DocumentPage) -> bool:
        """Bring a page to the front. False: what is being typed in the one before cannot be read."""
        before = self.current
        if page is before:
            return True
        if before in self.pages and not before.closing.has_ended and not before.leave():
            self._follow()
            return False
        presenting = before.presenting
        if presenting:
            before.toggle_presentation(screen=False)
        page.data_files.take_over()  # before its panels look: they ask for what its document may read
        page.panels.follow(before.panels)
        self._stack.setCurrentWidget(page)
        if presenting != page.presenting:
            page.toggle_presentation(screen=False)
            page.presenter.go_on_from(before.presenter)
        page.come()
        if before in self.pages and before.at_rest:
            page.status.tell(before.at_rest)
        self._follow()
        return True

    def close_page(self, page: DocumentPage) -> bool:
        """Close a document; what becomes of unsaved work is asked. The last one makes way for an empty one."""
        if not self.show_page(page) or (len(self.pages) == 1 and page.is_untouched):
            return False
        return page.close()

    def _on_ended(self, page: DocumentPage) -> None:
        """It has gone, and its widgets follow when nothing of theirs is being done any more."""
        if self.closing.is_ending or page not in self.pages:
            return
        self._came_from.pop(page, None)
        if len(self.pages) == 1:
            self._add()
        at = self.pages.index(page)
        self.pages.remove(page)
        if self._stack.currentWidget() is page:
            self.show_page(self.pages[min(at, len(self.pages) - 1)])
        self._stack.removeWidget(page)
        page.hide()
        page.deleteLater()
        self._follow()

    def _on_question(self, page: DocumentPage) -> None:
        """Whoever answers sees what about: a file may have been opened while one looked at another."""
        if page in self.pages and not self.closing.has_ended:
            self.show_page(page)

    def _close_others(self, at: int) -> None:
        kept = self.pages[at]
        for page in [page for page in self.pages if page is not kept]:
            if not self.close_page(page):
                return
        self.show_page(kept)

    def _on_dragged(self, start: int, end: int) -> None:
        self.pages.insert(end, self.pages.pop(start))
        self._follow()

    # --- the doors

    @property
    def documents(self) -> list[OpenDocument]:
        return [
            OpenDocument(page.files.name, page.files.path, page.files.is_modified, partial(self.show_page, page))
            for page in self.pages
        ]

    def new(self) -> bool:
        if self.current.is_untouched:
            self.current.status.tell("This document is new and empty.")
            return True
        return self.current.leave() and self._add() is not None

    def open(self, path: Path | None = None) -> bool:
        path = path or self.current.files.ask.path_to_open(recent.last_folder())
        if path is None:
            return False
        path = path.absolute()
        if is_data(path):
            self.current.data_door.take([path])  # it is no document: one of them learns from it
            return False
        if (there := self._page_of(path)) is not None:
            return self._show_open(there)
        return self._bring(lambda page: page.files.open(path), path)

    def _show_open(self, page: DocumentPage) -> bool:
        """A file that is open is not read again: whoever asks for it learns why they see what they have not saved."""
        shown = self.show_page(page)
        if shown and not page.files.is_opening:
            unsaved = ", with changes that are not saved" if page.files.is_modified else ""
            page.status.tell(f"“{page.files.name}” was open already{unsaved}.")
        return shown

    def open_example(self, path: Path) -> bool:
        return self._bring(lambda page: page.files.open_example(path), None)

    def show_made(self, graph: Graph, said: str = "") -> bool:
        return self._bring(lambda page: page.files.show_made(graph, said), None)

    def drop(self, paths: list[Path]) -> bool:
        """Files that were dropped on the window: each on a page of its own."""
        self._unopened.begin()
        opened = [self.open(path) for path in paths]
        self._unopened.end()
        return all(opened)

    def recover(self, lost: Lost) -> bool:
        """Ask about lost work on the page of its document, or on one that is free."""

        def ask(page: DocumentPage) -> bool:
            page.rescue.ask(lost)
            return not page.is_untouched

        there = self._page_of(lost.note.document) if lost.note.document else None
        if there is not None and not there.files.is_modified:
            return self.show_page(there) and ask(there)
        return self._bring(ask, None)

    def _mention_again(self) -> None:
        for page in self.pages:
            page.rescue.mention_again()

    def _speak_of_lost(self) -> None:
        """Ask about each document on a page of its own. A file that was asked for stays in front, and mentions them."""
        for lost in [] if self._is_asked_for else lost_work():
            if lost.path not in self._asked_about:
                self.recover(lost)
        self.current.rescue.mention_from_now()

    def show_tour(self) -> bool:
        return self._bring(lambda page: page.tour.begin(), None)

    def show_lesson(self, path: Path | None = None) -> bool:
        path = path or self.current.files.ask.path_to_lesson(recent.last_folder())
        if path is not None and self.current.is_in_lesson:
            return self.current.show_lesson(path)  # one lesson after the other on one tab
        return path is not None and self._bring(lambda page: page.show_lesson(path), None)

    def close_document(self) -> bool:
        return self.close_page(self.current)

    def go(self, way: int) -> bool:
        at = self.pages.index(self.current)
        return self.show_page(self.pages[(at + way) % len(self.pages)])

    def quit(self) -> bool:
        return self.close()

    # --- a document comes

    def _page_of(self, path: Path) -> DocumentPage | None:
        """Where a file is open, or will be, by whatever path."""
        real = real_path(path)
        for page in self.pages:
            mine = page.files.path or (self._going_to.get(page) if page.files.is_opening else None)
            if mine is not None and real_path(mine) == real:
                return page
        return None

    def _bring(self, show: Callable[[DocumentPage], bool], path: Path | None) -> bool:
        """Let a document come onto the page in front if that is untouched, or else onto a new one. True: it is."""
        home = self.current
        if not home.is_untouched:
            if not home.leave():
                return False
            self._came_from[page := self._add()] = home
        else:
            page = home
        if path is not None:
            self._going_to[page] = path
        self._brings += 1
        try:
            return show(page)
        finally:  # also where what was not foreseen goes wrong: its page goes
            self._brings -= 1
            self._settle(page)

    def _settle(self, page: DocumentPage) -> None:
        """A page that was made for a document that did not come goes again."""
        if page in self._came_from and page in self.pages and not page.files.is_opening:
            home = self._came_from.pop(page)
            if page.is_untouched:
                self.show_page(home if home in self.pages else page)
                page.close()
        self._follow()

    def _on_failed(self, page: DocumentPage, error: GradloomError) -> None:
        """What is said of a document that could not be opened stays, though its page goes."""
        home, asked = self._came_from.get(page), self._going_to.get(page)
        if self._unopened.waits and asked is not None and error.kind != UNSAVED:
            self._unopened.add(asked, error)
        elif home is not None and home in self.pages and page.is_untouched:
            home.tell_error(error)

    def _on_jobs(self, page: DocumentPage) -> None:
        if page in self._came_from:
            QTimer.singleShot(0, page, partial(self._settle_soon, page))
        if self._unopened.waits:
            QTimer.singleShot(0, self, self._settle_all)

    def _is_asked(self) -> bool:
        """Whether a document is on its way, perhaps after a question that is open: its page waits for the answer."""
        return self._brings > 0 or is_over_or_nested()

    def _settle_soon(self, page: DocumentPage) -> None:
        later = partial(self._settle_soon, page)
        QTimer.singleShot(AGAIN, page, later) if self._is_asked() else self._settle(page)

    def _settle_all(self) -> None:
        """What is told of several files stays in sight: the pages that go are gone before."""
        if self._is_asked():
            QTimer.singleShot(AGAIN, self, self._settle_all)
            return
        for page in list(self._came_from):
            self._settle(page)
        self._clear_first()
        self._unopened.settle()

    def _clear_first(self) -> None:
        """The page that was empty before the first of several files goes too if only others of them came."""
        page, others = self.pages[0], [each for each in self.pages[1:] if not each.is_untouched]
        if page in self._going_to and page.is_untouched and others and not self._is_reading():
            if page is self.current:
                self.show_page(others[0])
            page.close()

    def _on_told(self, page: DocumentPage, now: object) -> None:
        """What a page behind another computes asks its own data files; the next asks those of the page in front."""
        if page is not self._stack.currentWidget():
            self.current.data_files.take_over()

    # --- what is said of it

    def _follow(self) -> None:
        """The tabs, the title and what is remembered are as the pages are."""
        if self.closing.is_ending or self._stack.currentWidget() not in self.pages:
            return
        page = self.current
        self.setWindowTitle(f"{window_title(page.files.name)}[*] — Gradloom")
        self.setWindowModified(page.files.is_modified)
        self.band.strip.show_documents(self.documents, self.pages.index(page))
        self.band.setVisible(len(self.pages) > 1 and not page.presenting)
        if self._follows:
            last_session.remember([page.files.path for page in self.pages if page.files.path], page.files.path)

    def tell(self, notice: Notice) -> None:
        """Show what went wrong, on the page in front."""
        self.current.tell(notice)

    # --- begin and end

    def appear(self) -> None:
        """Come onto the screen, with the keys on the canvas."""
        self.place.appear()
        self.current.canvas.setFocus()

    def begin(self, files: list[Path]) -> None:
        """The window stands: show what was open last, and in front the files that were asked for; and say what must be
        known."""
        self._unopened.begin()
        first, missing = self.current, self._reopen()
        for file in files:
            if (there := self._page_of(file.absolute())) is not None:
                self.show_page(there)  # it was open last time: nobody has to be told
            else:
                self.open(file)
        self._follows = True
        self._follow()
        first.folder_troubles.begin()
        self._is_asked_for = bool(files)
        self._lost.begin()
        self.current.tour.offer()
        self._unopened.end(last_session.missing_sentence(missing) if missing else "")

    def _reopen(self) -> list[Path]:
        """Open what was open last. Gives what is not there any more."""
        paths, missing, front = last_session.remembered()
        for path in paths:
            self.open(path)
        if front is not None and (page := self._page_of(front)) is not None:
            self.show_page(page)
        return missing

    def event(self, event: QEvent) -> bool:
        """What Qt tells the window alone is for the page in front."""
        kind = event.type()
        if kind == QEvent.Type.UpdateRequest and self.pages and self.current.paints_later:
            return True
        if kind in (QEvent.Type.WindowBlocked, QEvent.Type.WindowUnblocked):
            self.closing.button.listen(kind == QEvent.Type.WindowBlocked)
            if kind == QEvent.Type.WindowUnblocked:
                self.activateWindow()  # where no window manager does it, nobody else would
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(self.closing.may_close())
