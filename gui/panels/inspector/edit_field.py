"""A line of the inspector that makes an edit: Enter or leaving it commits, Esc takes back, a refusal appears below."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.errors import EditRefused
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.values.literal import parse_number
from engine.values.steps import Bounds, Stepping
from engine.values.values import exact_text
from gui.document.bridge import Bridge
from gui.document.live import LiveTurns
from gui.document.pending import TypedText
from gui.widgets.boxes import bring_in_sight, column
from gui.widgets.fields import Line
from gui.widgets.labels import label
from gui.widgets.scrub import Scrub, number_scrub

Edit = Callable[[Graph], Change]
Make = Callable[[str, str], Edit]  # the id of a node, and what was typed → the edit. Raises ValueError, EditRefused


class EditField(QWidget):
    """A line with a sentence under it. What is typed belongs to the node it was typed for, whatever is selected."""

    typed = Signal()
    taking = Signal(str)  # what was typed is read, and is about to become an edit

    def __init__(self, name: str, bridge: Bridge, make: Make, role: str = "") -> None:
        super().__init__()
        self.line = Line(name, role)
        self.line.entered.connect(self.commit)
        self.line.returned.connect(self._on_return)
        self.line.taken_back.connect(self._write)
        self.line.textEdited.connect(self.typed)
        self.refusal = label("", "error", wraps=True)
        self.refusal.hide()
        self.setFocusProxy(self.line)
        self._name, self._bridge, self._make, self._of = name, bridge, make, ""
        self._scrub: Scrub | None = None
        self._live = LiveTurns(bridge)  # while it is scrubbed
        self._live_of = ""  # what for: the selection may go elsewhere meanwhile
        column(self, 4, self.line, self.refusal)
        bridge.pending.watch(self)

    def show_text(self, text: str, of: str = "") -> None:
        """Show the current text. What is being typed for the same node (`of`) is left alone."""
        typing = of == self._of and self.line.is_typed
        self.line.shown, self._of = text, of
        if not typing:
            self._write()

    def type_text(self, text: str) -> None:
        """Type for the user, and press Enter."""
        self.line.type_text(text)
        self.typed.emit()
        self.commit()

    def let_scrub(self, *handles: QWidget, whole: Callable[[], bool] = lambda: False) -> None:
        """Let a number in it be dragged, on the line and on labels, stepped and wheeled. `whole`: it is counted."""
        self._scrub = number_scrub(self.line, lambda: self._held(whole()), *handles)
        drag = self._scrub.drag
        drag.begun.connect(self._begin)
        drag.moved.connect(self._follow)
        drag.ended.connect(self._live.finish)
        drag.taken_back.connect(self._take_back)

    def _held(self, whole: bool) -> Stepping | None:
        """The number that stands there, if one does that has a next."""
        try:
            return Stepping.of(parse_number(self.line.text()), Bounds(whole=whole))
        except ValueError:
            return None

    def _begin(self) -> None:
        self._live.begin()
        self._live_of = self._of

    def _follow(self, number: float) -> None:
        """The graph follows; what cannot be is said under the line, and the number stays."""
        text = exact_text(number)
        self.line.setModified(False)
        try:
            why = self._live.follow(self._make(self._live_of, text))
        except (ValueError, EditRefused) as refused:
            why = str(refused)
        self._write()
        if why:
            self._refuse(why)

    def _take_back(self) -> None:
        self._live.take_back()
        self._write()

    # --- what is typed

    @property
    def pending_text(self) -> TypedText | None:
        """A text that was refused and left is not pending any more: it stands there with its sentence."""
        if not self.line.is_typed or (self.line.invalid and not self.line.has_caret):
            return None
        node = self._bridge.now.graph.nodes.get(self._of)
        what = f"{self._name} of {node.name}" if node else self._name
        try:
            return TypedText(what, self.line.text(), self._edit())
        except (ValueError, EditRefused):
            return TypedText(what, self.line.text())

    def commit(self) -> bool:
        """Do what was typed; if it is refused, say why under the field and keep the text."""
        if not self.line.isModified() or self.pending_text is None:
            return True
        typed, why = self.line.text(), ""
        self.line.setModified(False)  # so that the change this makes is shown at once
        try:
            edit = self._edit()
            self.taking.emit(typed)
            why = self._live.make(edit)
        except (ValueError, EditRefused) as refused:
            why = str(refused)
        if why:
            self.line.type_text(typed)
            self._refuse(why)
            return False
        self._write()
        return True

    def drop(self) -> None:
        """Forget what was typed."""
        if self.line.isModified():
            self._write()

    def _write(self) -> None:
        self.line.show_text(self.line.shown)
        if self.refusal.text():
            self._refuse("")

    def _edit(self) -> Edit:
        return self._make(self._of, self.line.text())

    def _on_return(self) -> None:
        """After Enter the keys are the canvas's again, unless there is something to mend."""
        if self._scrub is not None:
            self._scrub.end_steps()
        if not self.line.invalid:
            self._bridge.pending.finished.emit()

    def _refuse(self, sentence: str) -> None:
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))
        if sentence:
            bring_in_sight(self.refusal)
        self.line.mark(bool(sentence))
