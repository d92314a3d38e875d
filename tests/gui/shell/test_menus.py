"""What the menus show of the truth: which switches are on, and which of a choice is made."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMenu

from gui.look.style import sheet_of
from gui.look.theme import BODY, DARK, LIGHT, font
from tests.gui.window_tools import CTRL, Key, press

HIGH = 18  # less than any row


def row_of(menu: QMenu, id: str) -> QImage:
    """How an action looks in its menu, as far as its words begin."""
    action = next(action for action in menu.actions() if action.objectName() == id)
    menu.resize(menu.sizeHint())
    place = menu.actionGeometry(action)
    assert place.height() > HIGH
    return menu.grab(QRect(place.left(), place.center().y() - HIGH // 2, 30, HIGH)).toImage()


def menu_with(window, id: str) -> QMenu:
    return next(m for m in window.findChildren(QMenu) if id in [action.objectName() for action in m.actions()])


@pytest.fixture(params=[LIGHT, DARK], ids=lambda look: look.name)
def dressed(request, window, qapp):
    before = qapp.font()
    qapp.setFont(font(BODY))  # as the program does: its letters are lower than an icon
    window.setStyleSheet(sheet_of(request.param))
    yield window
    qapp.setFont(before)


def test_the_rows_of_a_menu_are_equally_high_whether_they_have_an_icon_or_not(dressed):
    for menu in dressed.findChildren(QMenu):
        menu.resize(menu.sizeHint())
        rows = [action for action in menu.actions() if action.text() and not action.isSeparator()]  # no headings
        assert len({menu.actionGeometry(action).height() for action in rows}) <= 1, menu.title()


def test_a_switch_in_the_view_menu_is_seen_to_be_on_or_off(dressed):
    view = menu_with(dressed, "panel_palette")
    for id, key in (("panel_inspector", Key.Key_2), ("panel_timeline", Key.Key_3)):
        on = row_of(view, id)
        assert on == row_of(view, "panel_palette"), "open as well"
        press(dressed, key, CTRL)
        assert row_of(view, id) != on and row_of(view, id) == row_of(view, "panel_slopes"), "off as that one is"
        press(dressed, key, CTRL)
        assert row_of(view, id) == on


def test_one_of_the_themes_is_seen_to_be_chosen_whoever_chose_it(dressed):
    themes = menu_with(dressed, "theme_dark")
    for chosen, other in (("dark", "light"), ("light", "dark")):
        dressed.preferences.choose_theme(chosen)
        assert row_of(themes, f"theme_{chosen}") != row_of(themes, f"theme_{other}")
        assert row_of(themes, f"theme_{other}") == row_of(themes, "theme_system")


def test_every_menu_fits_on_a_small_screen_in_one_column(dressed) -> None:
    """Qt breaks one that is too high into columns, and puts it over the bar that it came from."""
    for action in dressed.top_bar.menus.actions():
        for menu in (action.menu(), *action.menu().findChildren(QMenu)):
            menu.aboutToShow.emit()
            assert menu.sizeHint().height() <= 720 - 60, menu.title()
