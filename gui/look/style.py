"""The look of the standard widgets: Fusion, a palette and a style sheet, all three made from the theme.

The sheet is each window's, and so its dialogs' and menus': one of the whole program takes Qt four times as long.
"""

import re
from importlib.resources import files
from pathlib import Path
from string import Template

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from gui.look.text_size import USUAL, scaled, text_size
from gui.look.theme import BODY, COLOUR_FIELDS, Theme, font, mixed, theme, themes

Role = QPalette.ColorRole


def apply(app: QApplication) -> None:
    """Give the program the colours of the theme in force, and again whenever that changes. Its windows are dressed."""
    app.setStyle("Fusion")
    app.setFont(font(scaled(BODY)))
    app.setPalette(palette_of(theme()))
    if not app.property("dressed"):
        app.setProperty("dressed", True)
        themes.changed.connect(lambda: app.setPalette(palette_of(theme())))
        text_size.grown.connect(lambda: app.setFont(font(scaled(BODY))))
        app.styleHints().colorSchemeChanged.connect(themes.follow_system)


def dress(window: QWidget) -> None:
    """Dress a window, and all that it ever opens, in the theme in force, and again whenever that changes."""

    def put_on() -> None:
        window.setStyleSheet(sheet_of(theme()))

    def grow() -> None:
        put_on()
        for part in window.findChildren(QWidget):  # what is painted by hand has another size now, too
            part.updateGeometry()
            part.update()

    put_on()
    themes.changed.connect(put_on)
    text_size.grown.connect(grow)
    window.destroyed.connect(lambda: isValid(themes) and themes.changed.disconnect(put_on))
    window.destroyed.connect(lambda: isValid(text_size) and text_size.grown.disconnect(grow))


def keep_as_chosen(window: QWidget) -> None:
    """Dress a window in text as large as it was chosen, whatever is presented beside it."""

    def put_on() -> None:
        if isValid(window):
            usual = f"QWidget {{ font-size: {round(BODY * text_size.chosen / USUAL)}px; }}"
            window.setStyleSheet(usual + sheet_of(theme(), text_size.chosen))

    put_on()
    themes.changed.connect(put_on)
    text_size.grown.connect(put_on)
    window.destroyed.connect(lambda: isValid(themes) and themes.changed.disconnect(put_on))
    window.destroyed.connect(lambda: isValid(text_size) and text_size.grown.disconnect(put_on))


def palette_of(look: Theme) -> QPalette:
    """The theme as Qt's own roles, so that what has no rule in the style sheet fits in too."""
    roles = {
        Role.Window: "panel", Role.WindowText: "text", Role.Base: "panel", Role.AlternateBase: "window",
        Role.Text: "text", Role.PlaceholderText: "faint", Role.Button: "chip", Role.ButtonText: "text",
        Role.ToolTipBase: "panel", Role.ToolTipText: "text", Role.Highlight: "focus", Role.HighlightedText: "on_color",
        Role.Link: "focus", Role.LinkVisited: "focus", Role.BrightText: "warn", Role.Accent: "focus",
    }  # fmt: skip
    palette = QPalette()
    for role, use in roles.items():
        palette.setColor(role, look.color(use))
    for role in (Role.Text, Role.WindowText, Role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, look.color("edge"))
    return palette


def sheet_of(look: Theme, percent: float | None = None) -> str:
    """The style sheet in the colours of a theme, its text so large; None: as it is in force."""
    share = (text_size.percent if percent is None else percent) / USUAL
    colours = {use: getattr(look, use) for use in COLOUR_FIELDS}
    mixes = {
        "hover": mixed(look.color("chip"), look.color("text"), 0.07),
        "pressed": mixed(look.color("chip"), look.color("text"), 0.15),
        "picked": mixed(look.color("panel"), look.color("focus"), 0.14),
        "thumb": mixed(look.color("panel"), look.color("edge"), 0.6),
    }
    marks = Path(str(files("assets") / "style" / look.name)).as_posix()
    sheet = Template(SHEET).substitute(colours, marks=marks, **{use: color.name() for use, color in mixes.items()})
    return re.sub(r"font-size: (\d+)px", lambda size: f"font-size: {round(int(size[1]) * share)}px", sheet)


# $names are fields of Theme, and the mixes above; $marks-check.svg and so on are files, in the theme's colours.
# A `role` is what a label or button is for: see gui.widgets.
SHEET = """
QWidget { outline: 0; }
QMainWindow, QDialog { background: $panel; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $focus; }
QSplitter::handle { background: $line; }
QSplitter::handle:hover { background: $focus; }
QToolTip { background: $panel; color: $text; border: 1px solid $edge; padding: 2px 4px; }

QLabel { background: transparent; }
QLabel[role="caption"] { color: $faint; font-size: 11px; font-weight: 600; }
QLabel[role="faint"] { color: $faint; }
QLabel[role="soft"] { color: $soft; }
QLabel[role="number"] { color: $text; font-weight: 600; }
QLabel[role="heading"] { color: $text; font-size: 16px; font-weight: 600; }
QLabel[role="title"] { color: $text; font-size: 15px; font-weight: 600; }
QLabel[role="why"] { color: $soft; background: $chip; border-radius: 8px; padding: 10px 12px; }
QLabel[role="clock"] { color: $text; font-size: 30px; font-weight: 600; }
QLabel[role="notes"] { color: $text; font-size: 20px; }
QLabel[role="lesson"] { color: $text; font-size: 14px; }
QLabel[role="lesson-code"] { color: $text; background: $chip; border-radius: 8px; padding: 10px 8px;
  font-family: monospace; font-size: 12px; }
QLabel[role="task"] { color: $focus; font-weight: 600; }
QFrame[role="task"] { background: $picked; border: none; border-radius: 10px; }
QLabel[role="why"][wrong="true"] { border: 1px solid $warn; }
QLabel[role="refusal"] { color: $warn; background: $panel; border: 1px solid $warn; border-radius: 6px;
  padding: 6px 8px; }
QLabel[role="error"] { color: $warn; font-size: 12px; }
QLabel[role="pos"] { color: $pos; font-weight: 600; }
QLabel[role="neg"] { color: $neg; font-weight: 600; }
QLabel[role="zero"] { color: $zero; font-weight: 600; }
QLabel[role="leaf"] { color: $leaf; font-weight: 600; }
QLabel[role="arithmetic"] { color: $arithmetic; font-weight: 600; }
QLabel[role="activation"] { color: $activation; font-weight: 600; }
QLabel[role="tensor"] { color: $tensor; font-weight: 600; }
QLabel[role="loss"] { color: $loss; font-weight: 600; }
QFrame[role="rule"] { background: $line; border: none; max-height: 1px; min-height: 1px; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox {
  background: $window; color: $text; border: 1px solid $edge; border-radius: 6px; padding: 5px 8px;
  selection-background-color: $focus; selection-color: $on_color; }
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover, QSpinBox:hover, QDoubleSpinBox:hover, QComboBox:hover {
  border-color: $text; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus {
  border: 2px solid $focus; padding: 4px 7px; }
QLineEdit[invalid="true"] { border: 2px solid $warn; padding: 4px 7px; }
QLineEdit:disabled { color: $faint; }
QLineEdit[role="typing"], QLineEdit[role="typing"]:focus { background: $panel; border: 2px solid $focus;
  padding: 0 4px; font-weight: 600; }
QLineEdit[role="number"] { font-weight: 600; }
QLineEdit[role="title"] { font-size: 15px; font-weight: 600; background: transparent; border: none; border-radius: 0;
  border-bottom: 2px solid transparent; padding: 4px 0 2px 0; margin-left: -2px; }
QLineEdit[role="title"]:hover { border-bottom-color: $edge; }
QLineEdit[role="title"]:focus { border-bottom-color: $focus; }
QLineEdit[role="title"][invalid="true"] { border-bottom-color: $warn; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow, QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {
  image: url("$marks-down.svg"); width: 14px; height: 14px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url("$marks-up.svg"); width: 14px; height: 14px; }
QSpinBox, QDoubleSpinBox { padding: 4px 22px 4px 6px; }
QSpinBox:focus, QDoubleSpinBox:focus { padding: 3px 21px 3px 5px; }
QSpinBox::up-button, QDoubleSpinBox::up-button { subcontrol-origin: padding; subcontrol-position: top right;
  width: 22px; border: none; background: transparent; }
QSpinBox::down-button, QDoubleSpinBox::down-button { subcontrol-origin: padding; subcontrol-position: bottom right;
  width: 22px; border: none; background: transparent; }
QComboBox QAbstractItemView { background: $panel; color: $text; border: 1px solid $edge; padding: 4px;
  selection-background-color: $picked; selection-color: $text; }

QPushButton, QToolButton { background: $chip; color: $text; border: 2px solid transparent; border-radius: 6px;
  padding: 4px 12px; }
QToolButton { padding: 4px 6px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed, QToolButton:checked { background: $pressed; }
QPushButton:focus, QToolButton:focus { border-color: $focus; }
QPushButton:disabled, QToolButton:disabled { color: $edge; }
QPushButton:default, QPushButton[role="primary"] { background: $focus; color: $on_color; font-weight: 600; }
QPushButton:default:disabled { background: $chip; color: $edge; }
QPushButton:default:focus, QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="link"] { background: transparent; color: $text; padding: 1px 0 0 0; text-align: left;
  font-weight: 600; border: none; border-radius: 0; border-bottom: 2px solid transparent; }
QPushButton[role="link"]:hover { color: $focus; }
QPushButton[role="link"]:focus { border-bottom-color: $focus; }
QWidget[role="breadcrumb"] { background: $panel; border: 1px solid $line; border-radius: 8px; }
QPushButton[role="crumb"] { background: transparent; color: $focus; border: 1px solid transparent; padding: 2px 6px;
  border-radius: 4px; }
QPushButton[role="crumb"]:hover, QPushButton[role="crumb"]:focus { border-color: $focus; }
QLabel[role="here"] { color: $text; font-weight: 600; padding: 2px 6px; }
QPushButton[role="example"] { font-weight: 600; border-color: $chip; border-radius: 8px; padding: 8px 16px; }
QPushButton[role="example"]:hover, QPushButton[role="example"]:focus { background: $chip; border-color: $focus; }
QToolButton[role="flat"] { background: transparent; padding: 3px; }
QToolButton[role="flat"]:hover { background: $hover; }
QToolButton::menu-indicator { image: none; }
QPushButton[role="menu"] { padding: 4px 24px 4px 10px; }
QPushButton::menu-indicator { image: url("$marks-down.svg"); width: 12px; height: 12px;
  subcontrol-origin: padding; subcontrol-position: center right; right: 6px; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QDialogButtonBox QPushButton { min-width: 4em; }
QToolBar { background: $panel; border: none; border-bottom: 1px solid $line; spacing: 4px; padding: 4px 8px; }
QToolBar QToolButton { background: transparent; }
QToolBar QToolButton:hover { background: $chip; }
QToolBar QToolButton:pressed, QToolBar QToolButton:checked { background: $pressed; }

QCheckBox, QRadioButton { spacing: 8px; padding: 3px; border: 2px solid transparent; border-radius: 6px; }
QCheckBox:focus, QRadioButton:focus { border-color: $focus; }
QCheckBox::indicator, QRadioButton::indicator, QTableView::indicator { width: 16px; height: 16px; background: $window;
  border: 1px solid $edge; border-radius: 4px; }
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked, QTableView::indicator:checked {
    background: $focus; border-color: $focus;
}
QCheckBox::indicator:checked, QTableView::indicator:checked { image: url("$marks-check.svg"); }
QRadioButton::indicator:checked { image: url("$marks-dot.svg"); }
QSlider:horizontal { min-height: 22px; }
QSlider::groove:horizontal { height: 4px; background: $thumb; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $focus; border-radius: 2px; }
QSlider::handle:horizontal { width: 16px; margin: -7px 0; background: $panel; border: 2px solid $focus;
  border-radius: 8px; }
QSlider::handle:horizontal:focus { background: $focus; }

QMenuBar { background: $panel; color: $text; }
QMenuBar::item { background: transparent; padding: 5px 8px; border-radius: 4px; }
QMenuBar::item:selected { background: $chip; }
QMenuBar QToolButton { background: transparent; border: none; padding: 0; }
QMenu { background: $panel; color: $text; border: 1px solid $edge; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 12px; border-radius: 4px; min-height: 16px; }  /* as high as with an icon */
QMenu::item:selected { background: $picked; color: $text; }
QMenu::item:disabled { color: $edge; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }
QMenu::icon { padding-left: 8px; }
QMenu::indicator { width: 12px; height: 12px; left: 9px; background: $window; border: 1px solid $edge;
  border-radius: 4px; }
QMenu::indicator:exclusive { border-radius: 7px; }
QMenu::indicator:checked { background: $focus; border-color: $focus; image: url("$marks-check.svg"); }
QMenu::indicator:exclusive:checked { image: url("$marks-dot.svg"); }

#top-bar { background: $panel; border-bottom: 1px solid $line; }
#top-bar QPushButton { padding: 4px 8px; }
#top-bar QPushButton:checkable { background: transparent; }
#top-bar QPushButton:checkable:hover { background: $hover; }
#top-bar QPushButton:checked { background: $chip; border: 1px solid $edge; padding: 5px 9px; }
#top-bar QPushButton:checked:focus { border: 2px solid $focus; padding: 4px 8px; }
#message-bar { background: $panel; border: none; border-left: 4px solid $warn; border-bottom: 1px solid $line; }
#tour-bar { background: $panel; border: none; border-left: 4px solid $focus; border-bottom: 1px solid $line; }
#quick-add, #find-bar { background: $panel; border: 1px solid $edge; border-radius: 8px; }
#quick-add QListView { background: $panel; }
#command-palette { border: 1px solid $edge; }

QScrollArea, QAbstractScrollArea { border: none; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar::handle { background: $thumb; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 36px; }
QScrollBar::handle:horizontal { min-width: 36px; }
QScrollBar::handle:hover { background: $edge; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QTableView, QListView, QTreeView { background: $panel; color: $text; selection-background-color: $picked;
  selection-color: $text; gridline-color: $line; }
#command-palette QTreeView { border: none; }
#command-palette QTreeView::item { padding: 5px 6px; }
QTableView { border: 1px solid $edge; border-radius: 6px; }
QTableView:focus { border: 2px solid $focus; }
QTableView::item:focus { border: 2px solid $focus; }
QTableView QLineEdit, QTableView QLineEdit:focus { padding: 0 4px; border-radius: 2px; }
QHeaderView { background: $window; }
QHeaderView::section { background: $window; color: $faint; border: none; padding: 3px 6px; font-size: 11px; }
QTableCornerButton::section { background: $window; border: none; }

QDockWidget { color: $text; font-weight: 600; }
QDockWidget::title { background: $panel; padding: 8px 12px; border-bottom: 1px solid $line; text-align: left; }
QTabBar::tab { background: transparent; color: $soft; padding: 6px 12px; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text; border-bottom-color: $focus; }
QTabBar::tab:hover { color: $text; }
QTabBar:focus { border: 2px solid $focus; border-radius: 4px; }
#tab-band { background: $window; border-bottom: 1px solid $line; }
#tab-strip { background: transparent; }
#tab-strip::tab { padding: 5px 4px 5px 12px; margin-right: 2px; border: 1px solid transparent;
  border-bottom: 2px solid transparent; border-top-left-radius: 6px; border-top-right-radius: 6px; }
#tab-strip::tab:selected { background: $panel; border-color: $line; border-bottom-color: $focus; }
#tab-strip::tab:hover:!selected { background: $hover; }
#tab-strip::tear { width: 0; image: none; }
#tab-strip::scroller { width: 52px; }
#tab-strip > QToolButton { padding: 0; background: $window; }
#tab-strip > QToolButton:hover { background: $hover; }
#tab-strip > QToolButton::left-arrow { image: url("$marks-left.svg"); width: 14px; height: 14px; }
#tab-strip > QToolButton::right-arrow { image: url("$marks-right.svg"); width: 14px; height: 14px; }
QTabWidget::pane { border: none; }
QStatusBar { background: $panel; color: $soft; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
QProgressBar { background: $chip; border: none; border-radius: 4px; text-align: center; color: $text; }
QProgressBar::chunk { background: $focus; border-radius: 4px; }
"""
