"""The settings of a node's op, each with the widget that its type asks for."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QWidget

from engine import edits
from engine.graph.records import Node
from engine.ops.op import Op
from engine.ops.setting import Setting
from engine.values.literal import parse_value
from engine.values.values import exact_text
from gui.document.bridge import Bridge
from gui.look.as_is import unmarked
from gui.panels.inspector.edit_field import Edit, EditField
from gui.widgets.boxes import column, holder, row
from gui.widgets.buttons import PushButton
from gui.widgets.fields import NoWheelComboBox
from gui.widgets.labels import label, swap


class SettingsForm(QWidget):
    """A box for yes or no, a list for a choice, a field for a number or a text."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge, self._id = bridge, ""
        self._op: Op | None = None
        self._writers: list[Callable[[Node], None]] = []
        self._page = QWidget()
        column(self, 0, self._page)

    def show_node(self, node: Node) -> None:
        """Write a node's settings."""
        self.setVisible(bool(node.op.settings))
        self._id = node.id
        if node.op is not self._op:
            self._op = node.op
            self._build(node.op)
        for write in self._writers:
            write(node)

    def _build(self, op: Op) -> None:
        self._writers = []
        layout = column(None, 4, margins=(0, 4, 0, 4))
        for setting in op.settings:
            title = label(setting.title, "faint", wraps=True)
            if not isinstance(setting.default, bool):
                layout.addWidget(title)
            made = self._made(setting)
            layout.addWidget(made)
            if isinstance(made, EditField) and not isinstance(setting.default, str | tuple):
                made.let_scrub(title, whole=partial(self._is_whole, setting))
        self._page = swap(self._page, holder(layout))

    def _made(self, setting: Setting) -> QWidget:
        if isinstance(setting.default, bool):
            return self._box(setting)
        if setting.choices and setting.kind is None:
            return self._list(setting)
        return self._path(setting) if setting.is_path else self._field(setting)

    def _box(self, setting: Setting) -> QWidget:
        box = QCheckBox(unmarked(setting.title))
        box.clicked.connect(lambda on: self._choose(setting.name, bool(on)))
        self._writers.append(lambda node: box.setChecked(bool(node.setting(setting.name))))
        return box

    def _is_whole(self, setting: Setting) -> bool:
        """Whether the number of the setting is counted, as the number of an axis is.

        A field that loses the focus because its node is gone asks as well.
        """
        node = self._bridge.now.graph.nodes.get(self._id)
        return node is not None and isinstance(node.setting(setting.name), int)

    def _list(self, setting: Setting) -> QWidget:
        choices = NoWheelComboBox()
        choices.setAccessibleName(setting.title)
        choices.addItems([_text(choice) for choice in setting.choices])
        choices.activated.connect(lambda i: self._choose(setting.name, setting.choices[i]))
        self._writers.append(lambda node: choices.setCurrentText(_text(node.setting(setting.name))))
        return choices

    def _field(self, setting: Setting) -> EditField:
        field = EditField(setting.title, self._bridge, lambda id, text: _set(setting, id, text))
        self._writers.append(lambda node: field.show_text(_text(node.setting(setting.name)), of=node.id))
        return field

    def _path(self, setting: Setting) -> QWidget:
        browse = PushButton("Choose …")
        browse.clicked.connect(self._bridge.file_wanted)
        field = self._field(setting)
        field.taking.connect(self._bridge.file_chosen)
        line = holder(row(None, 6, (field, 1), (browse, 0, Qt.AlignmentFlag.AlignTop)))
        return holder(column(None, 4, line, (self._reader(setting), 0, Qt.AlignmentFlag.AlignLeft)))

    def _reader(self, setting: Setting) -> QWidget:
        """A button for a file that is named and was not read: the user may allow it now, or have put it there."""
        read = PushButton("Read it")
        read.setToolTip("Let this document read the file that it names")
        read.clicked.connect(lambda: self._bridge.file_chosen.emit(self._named(setting)))
        self._writers.append(lambda node: read.setVisible(self._is_unread(node, setting)))
        return read

    def _named(self, setting: Setting) -> str:
        return str(self._bridge.now.graph.nodes[self._id].setting(setting.name))

    def _is_unread(self, node: Node, setting: Setting) -> bool:
        implied = all(node.setting(name) == choice for name, choice in setting.implies)
        unready = node.id in self._bridge.now.trace.plan.unready
        return bool(implied and unready and node.setting(setting.name))

    def _choose(self, name: str, choice: object) -> None:
        if self._bridge.edit(lambda graph: edits.set_setting(graph, self._id, name, choice)) is None:
            self.show_node(self._bridge.now.graph.nodes[self._id])  # a box has turned its tick already


def _set(setting: Setting, id: str, text: str) -> Edit:
    choice = _read(setting, text)
    return lambda graph: edits.set_setting(graph, id, setting.name, choice)


def _read(setting: Setting, text: str) -> Any:
    """What was typed, as the type of the setting's default. Raises ValueError with a sentence."""
    kind = type(setting.default)
    if kind is str or setting.kind is not None:
        return text.strip()
    numbers = np.atleast_1d(parse_value(text)).ravel().tolist()
    if kind is not float and any(number % 1 != 0 for number in numbers):  # inf % 1 is nan
        raise ValueError("Type whole numbers only.")
    if kind is tuple:
        return tuple(int(number) for number in numbers)
    if len(numbers) != 1:
        raise ValueError("Type a single number.")
    return kind(numbers[0])


def _text(value: Any) -> str:
    """A setting as it is read and typed."""
    if isinstance(value, str):
        return value
    if value is None:
        return "none"
    return ", ".join(_text(part) for part in value) if isinstance(value, tuple) else exact_text(value)
