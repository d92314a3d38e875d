"""A rule for all of gui/: what comes from a file is shown letter for letter. It is read off the sources.

Texts of our own may stand there as they are: literals without `<`. Everything else goes through `gui.look.as_is`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import gui

HELPER = "look/as_is.py"
ROOT = Path(gui.__path__[0])
TIPS = {"setToolTip": -1, "setWhatsThis": -1, "setInformativeText": 0, "setDetailedText": 0, "showText": 1}
MARKED = {"QAction", "QPushButton", "QCheckBox", "QRadioButton", "QGroupBox", "addAction", "addMenu", "addButton"}
MARKED |= {"insertMenu", "addSection", "addTab"}  # `&` is the key of the next letter here
BANNED = {
    "setHtml", "insertHtml", "appendHtml", "setMarkdown", "fromHtml", "QTextBrowser", "QTextDocument", "QErrorMessage",
    "QWhatsThis", "QProgressDialog", "QInputDialog", "QSplashScreen", "QSystemTrayIcon", "QDesktopServices",
    "setOpenExternalLinks", "setOpenLinks", "linkActivated", "RichText", "AutoText", "MarkdownText",
    "information", "warning", "critical", "question", "about", "aboutQt",
}  # fmt: skip
BOXES = {"shell/dialogs/questions.py"}  # where a QMessageBox is made
LABELS = {"as_is", "bold", "unmarked", "toolTip", "window_title"}  # toolTip(): it went through once
OWN = {"QIcon", "icon"}  # an icon may stand before the text


def violations(source: str, path: str = "panels/some.py") -> list[str]:
    """What breaks the rule in a file, each with its line."""
    return [f"{path}:{line}: {what}" for line, what in _found(ast.parse(source), path)]


def _found(tree: ast.AST, path: str) -> Iterator[tuple[int, str]]:
    if path == HELPER:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(_name(base) == "QLabel" for base in node.bases):
            yield node.lineno, "a label of its own kind: make it a PlainLabel"
        if isinstance(node, ast.Attribute | ast.Name) and _name(node) in BANNED and _is_qt(node):
            yield node.lineno, f"{_name(node)} reads HTML, or opens links"
        if isinstance(node, ast.Name | ast.Attribute) and _name(node) == "QMessageBox" and path not in BOXES:
            yield node.lineno, "a QMessageBox is made in shell/dialogs/questions.py alone"
        if isinstance(node, ast.Attribute) and node.attr in ("ToolTipRole", "WhatsThisRole") and path not in ROLES:
            yield node.lineno, f"{node.attr} guesses HTML"
        if isinstance(node, ast.Call):
            yield from _of_call(node, path)


def _of_call(call: ast.Call, path: str) -> Iterator[tuple[int, str]]:
    name = _name(call.func)
    if name == "QLabel":
        yield call.lineno, "QLabel guesses HTML: make a PlainLabel or a label()"
    text: ast.expr | None = None
    if name in TIPS and len(call.args) > TIPS[name]:
        text = call.args[TIPS[name]]
    elif name == "setWindowTitle" or (name == "setText" and path in BOXES):
        text = call.args[0]
    elif name in MARKED:
        texts = [arg for arg in call.args if not (isinstance(arg, ast.Call) and _name(arg.func) in OWN)]
        text = texts[0] if texts else next((word.value for word in call.keywords if word.arg == "text"), None)
        if text is not None and ast.unparse(text) in NO_TEXT.get(path, ()):
            return
    if text is not None and not _is_plain(text):
        yield call.lineno, f"{name}({ast.unparse(text)}) must go through gui.look.as_is"


def _is_plain(text: ast.expr) -> bool:
    """Whether a text is a literal of ours, or went through a helper."""
    if isinstance(text, ast.Constant):
        return not isinstance(text.value, str) or "<" not in text.value
    if isinstance(text, ast.IfExp):
        return _is_plain(text.body) and _is_plain(text.orelse)
    if isinstance(text, ast.JoinedStr):
        return all(
            isinstance(p, ast.Constant) or (isinstance(p, ast.FormattedValue) and _is_plain(p.value))
            for p in text.values
        )
    return isinstance(text, ast.Call) and _name(text.func) in LABELS


def _is_qt(node: ast.expr) -> bool:
    """`warning` and its like are banned only on QMessageBox."""
    if _name(node) in ("information", "warning", "critical", "question", "about", "aboutQt"):
        return isinstance(node, ast.Attribute) and _name(node.value) == "QMessageBox"
    return True


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


# Numbers, and things that are no text.
# A number; what went through as_is.
ROLES = {"widgets/number_grid.py", "panels/predict.py", "panels/trace/table.py", "panels/training/inside.py"}
NO_TEXT = {
    "shell/menus.py": {"self.by_id[id]", "self.by_id[entry.id]", "action"},
    "panels/inspector/initialiser_button.py": {"self._head(menu)"},
    "panels/timeline.py": {"action"},
    "panels/palette.py": {"QLineEdit.ActionPosition.LeadingPosition"},
    "canvas/context_menu.py": {"self._lent[id]"},
    "canvas/menu_entries.py": {"add(menu, f'Set as {op.title.lower()}', change, ticked=op.name == node.op_name)"},
    "shell/closing.py": {"self._quit"},
}


def test_no_text_is_taken_for_html():
    sources = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in ROOT.rglob("*.py")}
    assert len(sources) > 100
    assert not [found for path, source in sources.items() for found in violations(source, path)]


@pytest.mark.parametrize(
    "line",
    [
        "QLabel(title)",
        "QLabel()",
        "QtWidgets.QLabel('x')",
        "class Mine(QLabel): pass",
        "class Mine(QtWidgets.QLabel): pass",
        "widget.setToolTip(name)",
        "widget.setToolTip(f'Show {name}')",
        "widget.setToolTip('<b>bold</b>')",
        "item.setToolTip(0, name)",
        "widget.setToolTip(name if name else '')",
        "QToolTip.showText(place, text, self)",
        "widget.setWhatsThis(text)",
        "QMessageBox(self)",
        "QMessageBox.warning(self, title, text)",
        "text.setHtml(name)",
        "text.setMarkdown(name)",
        "label.setTextFormat(Qt.TextFormat.RichText)",
        "label.setTextFormat(Qt.AutoText)",
        "label.setOpenExternalLinks(True)",
        "QDesktopServices.openUrl(url)",
        "QProgressDialog(name, 'Cancel', 0, 1)",
        "self.setWindowTitle(name)",
        "self.setWindowTitle(f'{name}[*]')",
        "menu.addAction(path.name)",
        "menu.addAction(icons.icon('x'), path.name)",
        "menu.addMenu(title)",
        "QAction(f'Undo {text}', self)",
        "QPushButton(title)",
        "QCheckBox(text=title)",
        "model.setData(at, name, Qt.ItemDataRole.ToolTipRole)",
        "box.setInformativeText(text)",
    ],
)
def test_the_rule_finds_what_breaks_it(line):
    assert len(violations(line)) >= 1


@pytest.mark.parametrize(
    "line",
    [
        "label(title)",
        "PlainLabel(title)",
        "widget.setToolTip(as_is(name))",
        "widget.setToolTip('' if fits else as_is(name))",
        "widget.setToolTip('Speed')",
        "item.setToolTip(0, as_is(name))",
        "item.setToolTip(0, action.toolTip())",
        "self.setWindowTitle(f'{window_title(name)}[*] — Gradloom')",
        "menu.addAction(unmarked(path.name), do)",
        "QPushButton('Cancel')",
        "log.warning(name)",
    ],
)
def test_the_rule_lets_alone_what_keeps_it(line):
    assert not violations(line)


def test_a_message_box_has_its_texts_from_the_helper():
    assert violations("box.setText(title)", "shell/dialogs/questions.py")
    assert not violations("box.setText(bold(title))", "shell/dialogs/questions.py")
