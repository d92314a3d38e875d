"""The bridge from things to assistive technology: Qt's interfaces, made when somebody asks, kept until they are gone.

Three things end the program if they are overlooked. For an interface that a part lacks Qt reads None as a wild
pointer: it is told `LACKING`. Qt keeps a plain pointer to each part: it lives in `_alive` until Qt has let go of it.
And an error in what Qt calls stays set: everything here is guarded.
"""

from collections.abc import Callable, Hashable
from typing import Any, Protocol, TypeAlias, runtime_checkable

from PySide6.QtCore import QObject, QPoint, QRect, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QAccessibleInterface,
    QAccessibleValueChangeEvent,
    QAccessibleValueInterface,
)
from PySide6.QtWidgets import QAccessibleWidget, QWidget
from shiboken6 import isValid
from shiboken6.Shiboken import VoidPtr

from gui.look.guard import told_or
from gui.widgets.things import Amount, Deed, Thing

LACKING = VoidPtr(0)
Word: TypeAlias = QAccessible.Text
Kind: TypeAlias = QAccessible.InterfaceType
Face: TypeAlias = Any  # one of Qt's interfaces, or None, of which PySide's stubs know nothing
_alive: dict[int, "Part"] = {}  # by Qt's number for it


@runtime_checkable
class Told(Protocol):
    """A widget that is more to assistive technology than its name."""

    def told_as(self) -> Thing: ...


class Doing(QAccessibleActionInterface):
    """The deeds of a thing."""

    def __init__(self, thing: Thing) -> None:
        super().__init__()
        self._thing = thing

    @told_or(list)
    def actionNames(self) -> list[str]:
        return [deed.name for deed in self._thing.deeds()]

    @told_or(lambda: None)
    def doAction(self, name: str) -> None:
        deed = self._deed(name)
        if deed is not None:
            deed.do()

    @told_or(str)
    def localizedActionName(self, name: str) -> str:
        return name

    @told_or(str)
    def localizedActionDescription(self, name: str) -> str:
        deed = self._deed(name)
        return deed.words if deed else ""

    @told_or(list)
    def keyBindingsForAction(self, name: str) -> list[str]:
        deed = self._deed(name)
        return [deed.key] if deed and deed.key else []

    def _deed(self, name: str) -> Deed | None:
        return next((deed for deed in self._thing.deeds() if deed.name == name), None)


class Holding(QAccessibleValueInterface):
    """The number of a thing."""

    def __init__(self, thing: Thing) -> None:
        super().__init__()
        self._thing = thing

    def _amount(self) -> Amount:
        return self._thing.amount() or Amount(None)

    @told_or(lambda: None)
    def currentValue(self) -> float | None:
        return self._amount().number

    @told_or(lambda: None)
    def minimumValue(self) -> float | None:
        return self._amount().low

    @told_or(lambda: None)
    def maximumValue(self) -> float | None:
        return self._amount().high

    @told_or(lambda: None)
    def minimumStepSize(self) -> float | None:
        return self._amount().step

    @told_or(lambda: None)
    def setCurrentValue(self, value: Any) -> None:
        put = self._amount().put
        if put is not None:
            put(float(value))


class Parts:
    """The interfaces of the parts of a thing, each made when it is asked for."""

    def __init__(self, thing: Thing, parent: QAccessibleInterface) -> None:
        self.thing, self._parent = thing, parent
        self._made: dict[Hashable, Part] = {}

    def count(self) -> int:
        return len(self.thing.keys())

    def number(self, row: int) -> "Part | None":
        keys = self.thing.keys()
        return self.of(keys[row]) if 0 <= row < len(keys) else None

    def of(self, key: Hashable) -> "Part":
        if key not in self._made:
            made = self._made[key] = Part(self.thing.part(key), self._parent)
            _alive[QAccessible.registerAccessibleInterface(made)] = made
        return self._made[key]

    def row(self, part: object) -> int:
        if not isinstance(part, Part) or self._made.get(part.thing.key) is not part:
            return -1
        keys = self.thing.keys()
        return keys.index(part.thing.key) if part.thing.key in keys else -1

    def let_go(self, only_gone: bool = True) -> None:
        """Forget the parts that are no longer there, or all."""
        for key, part in list(self._made.items()):
            if not only_gone or not part.thing.is_there:
                del self._made[key]
                part.let_go()
            else:
                part.parts.let_go()


class Part(QAccessibleInterface):
    """One thing within a widget."""

    def __init__(self, thing: Thing, parent: QAccessibleInterface) -> None:
        super().__init__()
        self.thing, self._parent = thing, parent
        self.parts = Parts(thing, self)
        self._doing, self._holding = Doing(thing), Holding(thing)

    def let_go(self) -> None:
        """Qt forgets it, and its parts first."""
        self.parts.let_go(only_gone=False)
        number = QAccessible.uniqueId(self)
        QAccessible.deleteAccessibleInterface(number)
        _alive.pop(number, None)

    @told_or(lambda: False)
    def isValid(self) -> bool:
        return self.thing.is_there

    def object(self) -> Any:
        return None

    @told_or(lambda: None)
    def window(self) -> Any:
        return self._parent.window()

    def parent(self) -> QAccessibleInterface:
        return self._parent

    @told_or(int)
    def childCount(self) -> int:
        return self.parts.count()

    @told_or(lambda: None)
    def child(self, index: int) -> Face:
        return self.parts.number(index)

    @told_or(lambda: -1)
    def indexOfChild(self, child: Any) -> int:
        return self.parts.row(child)

    @told_or(lambda: None)
    def childAt(self, x: int, y: int) -> Face:
        key = self.thing.at(QPoint(x, y))
        return None if key is None else self.parts.of(key)

    @told_or(str)
    def text(self, word: Word) -> str:
        return said(self.thing, word)

    @told_or(lambda: None)
    def setText(self, word: Word, text: str) -> None:
        if word == Word.Value:
            self.thing.put_text(text)

    @told_or(QRect)
    def rect(self) -> QRect:
        return self.thing.box()

    @told_or(lambda: QAccessible.Role.ListItem)
    def role(self) -> QAccessible.Role:
        return self.thing.role

    @told_or(QAccessible.State)
    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        self.thing.mark(state)
        return state

    def relations(self, match: Any = None) -> list[Any]:
        return []

    @told_or(lambda: LACKING)
    def interface_cast(self, kind: Kind) -> Any:
        return facet(self.thing, kind, self._doing, self._holding)


class Whole(QAccessibleWidget):
    """A widget that is a thing; the widgets inside it come after its parts. Its name and description are Qt's."""

    def __init__(self, widget: QWidget, thing: Thing) -> None:
        super().__init__(widget, thing.role)
        self.thing = thing
        self.parts = Parts(thing, self)
        self._doing, self._holding = Doing(thing), Holding(thing)
        widget.destroyed.connect(self._let_go)

    def _let_go(self) -> None:
        self.parts.let_go(only_gone=False)

    @told_or(int)
    def childCount(self) -> int:
        return self.parts.count() + super().childCount()

    @told_or(lambda: None)
    def child(self, index: int) -> Face:
        count = self.parts.count()
        return self.parts.number(index) if index < count else super().child(index - count)

    @told_or(lambda: -1)
    def indexOfChild(self, child: Any) -> int:
        if isinstance(child, Part):
            return self.parts.row(child)
        row = super().indexOfChild(child)
        return row if row < 0 else row + self.parts.count()

    @told_or(lambda: None)
    def childAt(self, x: int, y: int) -> Face:
        key = self.thing.at(QPoint(x, y))
        return super().childAt(x, y) if key is None else self.parts.of(key)

    @told_or(lambda: None)
    def focusChild(self) -> Face:
        key = self.thing.focused()
        return super().focusChild() if key is None else self.parts.of(key)

    @told_or(str)
    def text(self, word: Word) -> str:
        own = said(self.thing, word)
        return own or str(super().text(word))

    @told_or(QAccessible.State)
    def state(self) -> QAccessible.State:
        state = super().state()
        self.thing.mark(state)
        return state

    @told_or(lambda: LACKING)
    def interface_cast(self, kind: Kind) -> Any:
        return facet(self.thing, kind, self._doing, self._holding)


def said(thing: Thing, word: Word) -> str:
    """What a thing says for one of Qt's words."""
    ask = {Word.Name: thing.name, Word.Value: thing.value, Word.Description: thing.description}.get(word)
    return ask() if ask else ""


def facet(thing: Thing, kind: Kind, doing: Doing, holding: Holding) -> Any:
    """Of what a thing can be asked for beside its name: its deeds and its number."""
    if kind == Kind.ActionInterface and thing.deeds():
        return doing
    if kind == Kind.ValueInterface and thing.amount() is not None:
        return holding
    return LACKING


# --- what is told without being asked


def tell_of_things() -> None:
    """From now on Qt asks here how a widget is told. To be called before any is shown."""
    if not _factories:
        _factories.append(_make)
        QAccessible.installFactory(_make)


def announce(widget: QWidget, sentence: str) -> None:
    """Say something to those who listen; what they hear is not cut short."""
    if QAccessible.isActive() and sentence:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, sentence))


def tell_number(widget: QWidget) -> None:
    """The number of a widget is another."""
    if (whole := whole_of(widget)) is not None and (amount := whole.thing.amount()) is not None:
        QAccessible.updateAccessibility(QAccessibleValueChangeEvent(widget, amount.number))


def tell_focus(widget: QWidget) -> None:
    """The keys are at another part of a widget."""
    whole = whole_of(widget) if widget.hasFocus() else None
    key = whole.thing.focused() if whole is not None else None
    if whole is not None and key is not None:
        QAccessible.updateAccessibility(QAccessibleEvent(whole.parts.of(key), QAccessible.Event.Focus))


def tell_parts(widget: QWidget) -> None:
    """Parts have come or gone. Those that are gone are forgotten when nobody can be asking them any more."""
    if (whole := whole_of(widget)) is not None:
        QTimer.singleShot(0, widget, whole.parts.let_go)
        QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.ObjectReorder))


def whole_of(widget: QWidget) -> Whole | None:
    """How a widget is told, if anybody listens."""
    if not QAccessible.isActive():
        return None
    found = QAccessible.queryAccessibleInterface(widget)
    return found if isinstance(found, Whole) else None


_factories: list[Callable[[str, QObject], QAccessibleInterface | None]] = []


@told_or(lambda: None)
def _make(kind: str, about: QObject) -> QAccessibleInterface | None:
    """Qt asks for each of its own classes in turn: the first answer stands."""
    if isinstance(about, QWidget) and isinstance(about, Told) and isValid(about):
        return Whole(about, about.told_as())
    return None
