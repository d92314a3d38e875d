"""The end of a window with several documents: each is asked before any of them goes; then all go."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from gui.shell.ending import Ending
from gui.shell.page import DocumentPage


class EndOfAll(Ending):
    """Ends the window of `pages`, the one in front first. `show` brings one to the front before it asks; what the
    window is to `remember` is as it stood before the pages go.

    No answer counts before the last is given: who stays at the third has lost nothing of the first.
    """

    def __init__(
        self,
        window: QWidget,
        pages: Callable[[], Sequence[DocumentPage]],
        show: Callable[[DocumentPage], object],
        remember: Callable[[], None],
    ) -> None:
        super().__init__(window, self)
        self._pages, self._show, self._remember = pages, show, remember
        self.is_ending = False  # all have agreed, or nobody is asked: the pages go one after another

    @property
    def is_busy(self) -> bool:
        return any(page.files.is_busy for page in self._pages())

    def let_go(self) -> bool:
        pages = self._pages()
        for page in pages:
            if page.closing.will_ask:
                self._show(page)
            if not page.closing.agrees():
                return self.has_ended
        self.is_ending = True
        self._remember()
        for page in reversed(pages):  # what is remembered is as it was on the page in front
            page.closing.depart()
        self.finish()
        return True

    def rest(self) -> None:
        """Each page has come to rest by itself."""

    # --- as the system wishes

    def keep(self) -> None:
        """The end may be near: all that is not saved is in recovery copies."""
        for page in self._pages():
            page.closing.keep()

    def end(self) -> None:
        """End at once and ask nothing: of every document what is not saved can be recovered."""
        if self.has_ended:
            return
        self.is_ending = True
        self.keep()  # all of them before anything else is done with one
        self._remember()
        for page in reversed(self._pages()):
            page.closing.end()
        self.finish()
