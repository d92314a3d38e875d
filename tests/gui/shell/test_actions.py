"""The table of actions: complete, and free of clashes."""

from __future__ import annotations

from collections import Counter, defaultdict

from PySide6.QtGui import QAction, QKeySequence

from engine import edits
from engine.teach.lessons.shelf import find_shelved
from gui.main_window import MainWindow
from gui.shell.action_row import ActionRow
from gui.shell.actions import ACTIONS, MENUS, TOP_BAR
from gui.shell.actions.action import Menu, rows_of
from gui.widgets.fitted_text import FittedText
from tests.gui.look.test_icons import NAMES


def _by_key() -> dict[str, set[str]]:
    found = defaultdict(set)
    for id, action in ACTIONS.items():
        for key in action.keys:
            found[QKeySequence(key).toString()].add(id)
    return found


def test_no_key_does_two_things():
    keys = _by_key()
    assert {key: ids for key, ids in keys.items() if len(ids) > 1} == {
        "Ctrl+Z": {"undo", "pen_undo"},  # of the graph, or of the pen that is held
        "F5": {"learn_slowly", "present_lesson"},  # in a lesson, whose remote control sends it, the lesson's
    }
    assert all(keys), "a key that Qt does not know"


def test_of_two_actions_with_one_key_never_both_can_be_used(product_window: MainWindow) -> None:
    window = product_window
    used = {id: window.action_set.by_id[id] for ids in _by_key().values() if len(ids) > 1 for id in ids}

    def usable() -> set[str]:
        return {id for id, action in used.items() if action.isEnabled()}

    assert usable() == {"learn_slowly"}
    window.bridge.edit(lambda graph: edits.set_label(graph, "x", "known"))
    assert usable() == {"learn_slowly", "undo"}
    window.toggle_presentation(screen=False)
    window.action_set.by_id["pen"].trigger()
    assert usable() == {"learn_slowly", "pen_undo"}
    window.toggle_presentation(screen=False)
    assert usable() == {"learn_slowly", "undo"}
    window.bridge.mark_saved()
    assert window.doors.show_lesson(find_shelved("paths").path)
    assert usable() == {"present_lesson"}
    window.bridge.lesson.leave()


def test_every_action_says_what_it_does_and_by_which_key():
    for action in ACTIONS.values():
        assert action.text and action.tip, action.id
        assert all(text in action.tooltip for text in action.keys_text.split(" or ")), action.id


def test_every_icon_exists_and_each_button_has_one():
    known = set(NAMES)
    assert {action.icon for action in ACTIONS.values() if action.icon} <= known
    assert all(action.icon for action in TOP_BAR)


def test_ids_and_texts_are_unique():
    assert [id for id, count in Counter(action.id for _, action in rows_of(MENUS)).items() if count > 1] == []
    for menu in MENUS:
        texts = Counter(action.text for _, action in rows_of([menu]))
        assert max(texts.values()) == 1, menu.title


def test_submenus_that_are_filled_later_hold_nothing_else():
    fills = [entry for menu in MENUS for section in menu.sections for entry in section if isinstance(entry, Menu)]
    assert all(not entry.sections for entry in fills if entry.fill)
    assert {entry.title for entry in fills if entry.fill} == {"Open recent", "Recovered work", "Examples", "Lessons"}


def test_fuzzy_search_finds_by_beginnings_and_prefers_the_closest(qapp):
    def row(text: str, menu: str = "Edit", meaning: str = "") -> ActionRow:
        return ActionRow(menu, "", meaning or text, QAction(text))

    assert row("Save as…", "File").score("svas") is not None
    assert row("Save as…", "File").score("xyz") is None
    assert row("Redo").score("redo") < row("Reduced motion of everything", "View").score("redo")
    assert row("Step forward", "Pass").score("sf") < row("To use of", "Pass").score("sf")
    said = row("To the backward pass", "Pass", "To the backward pass: the seed is about to go in")
    assert row("Seed…", "Graph").score("seed") < said.score("seed"), "its name counts before what is said of it"


def test_of_an_empty_graph_there_is_nothing_to_show_and_the_button_says_so(product_window: MainWindow) -> None:
    window = product_window
    fit = window.action_set.by_id["fit"]
    assert fit.isEnabled() and "whole graph" in fit.toolTip()
    window.files.new()
    assert not fit.isEnabled() and "the graph is empty" in fit.toolTip()
    window.bridge.edit(lambda graph: edits.add_node(graph, "input", (0, 0)))
    assert fit.isEnabled() and "whole graph" in fit.toolTip()


def test_where_the_inspector_is_folded_away_the_sentence_tells_the_reason(product_window: MainWindow) -> None:
    window = product_window
    window.bridge.player.seek(window.bridge.player.end)
    said = window.bridge.now.explanation
    assert said is not None and said.why not in window.timeline.findChild(FittedText).text()
    window.panels.show_panel("inspector", False)
    assert window.timeline.findChild(FittedText).text() == f"{said.caption} {said.why}"
    window.panels.show_panel("inspector")
    assert window.timeline.findChild(FittedText).text() == said.caption
