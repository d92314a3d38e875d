"""The settings of a node's op, each with the widget that its type asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from engine.graph import Node
from engine.op import Op, Setting
from engine.values import exact_text, parse_value
from gui.widgets.fields import Field
from gui.widgets.labels import Row

Choose = Callable[[str, Any], str]  # name, value → the sentence why not, or ""


class SettingsForm(QWidget):
    """A box for yes or no, a list for a choice, a field for a number or a text."""

    def __init__(self, choose: Choose) -> None:
        super().__init__()
        self._choose = choose
        self._op: Op | None = None
        self._writers: list[Callable[[Node], None]] = []
        self._page = QWidget()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self._page)

    def show_node(self, node: Node) -> None:
        """Write a node's settings."""
        self.setVisible(bool(node.kind.settings))
        if node.kind is not self._op:
            self._op = node.kind
            self._build(node.kind)
        for write in self._writers:
            write(node)

    def _build(self, op: Op) -> None:
        page, self._writers = QWidget(), []
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        for setting in op.settings:
            make = self._box if isinstance(setting.default, bool) else self._list if setting.choices else self._field
            layout.addWidget(make(setting))
        self._layout.replaceWidget(self._page, page)
        self._page.deleteLater()
        self._page = page

    def _box(self, setting: Setting) -> QWidget:
        box = QCheckBox(setting.title)
        box.clicked.connect(lambda on: self._choose(setting.name, bool(on)))
        self._writers.append(lambda node: box.setChecked(bool(node.setting(setting.name))))
        return box

    def _list(self, setting: Setting) -> QWidget:
        choices = QComboBox()
        choices.addItems([str(choice) for choice in setting.choices])
        choices.activated.connect(lambda i: self._choose(setting.name, setting.choices[i]))
        self._writers.append(lambda node: choices.setCurrentText(str(node.setting(setting.name))))
        return Row(setting.title, choices)

    def _field(self, setting: Setting) -> QWidget:
        field = Field(setting.title, lambda text: self._typed(setting, text), "number")
        field.setFixedWidth(120)
        self._writers.append(lambda node: field.show_text(_text(node.setting(setting.name)), of=node.id))
        return Row(setting.title, field)

    def _typed(self, setting: Setting, text: str) -> str:
        if isinstance(setting.default, str):
            return self._choose(setting.name, text.strip())
        try:
            number = parse_value(text)
        except ValueError as error:
            return str(error)
        if number.ndim:
            return f"“{setting.title}” is one number."
        if isinstance(setting.default, int) and float(number) != int(number):
            return f"“{setting.title}” is a whole number."
        return self._choose(setting.name, type(setting.default)(number))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else exact_text(value)
