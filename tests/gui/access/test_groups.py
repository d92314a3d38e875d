"""Folded and open groups, regions and notes, as assistive technology finds them."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from engine import edits
from tests.gui.access.test_things import Description, Name, called, do, face, parts
from tests.gui.canvas_tools import Hands
from tests.neurons import grouped, scalar_net


@pytest.fixture
def net(qtbot: QtBot) -> Hands:
    hands = Hands(qtbot, grouped(scalar_net((2, 3, 1))), (1100, 700))
    hands.view.camera.fit_all(animated=False)
    return hands


def names(net: Hands) -> list[str]:
    return [part.text(Name) for part in parts(face(net.view))]


def card(net: Hands):
    """The first folded card, and its group."""
    id, facts = next(iter(net.view.desk.shown.cover.cards.items()))
    title = net.view.scene().stage.graph.nodes[id].name
    found = next(part for part in parts(face(net.view)) if part.text(Name).startswith(f"{title}, "))
    return found, facts.group


def test_a_card_says_its_numbers_and_its_nodes_are_not_listed(net: Hands) -> None:
    told, group = card(net)
    assert "value" in told.text(Description) or "gradient" in told.text(Description)
    inside = {net.graph.nodes[id].name for id in net.graph.grouping.within(group)}
    assert not inside & {name.partition(",")[0] for name in names(net)}


def test_a_card_is_opened_folded_and_looked_into(net: Hands) -> None:
    before = names(net)
    told, group = card(net)
    do(told, "Open")
    assert not net.graph.groups[group].folded and len(names(net)) > len(before)
    rim = called(face(net.view), f"group {net.graph.groups[group].name}")
    assert rim.role() == QAccessible.Role.Grouping
    assert rim.text(Description) == f"{len(net.graph.grouping.within(group))} nodes"
    do(rim, "Fold")
    assert net.graph.groups[group].folded and sorted(names(net)) == sorted(before)
    do(card(net)[0], "Look into")
    assert net.view.desk.showing.within == card_group(net)
    whole = face(net.view).actionInterface()
    assert "Go back" in whole.actionNames()
    whole.doAction("Go back")
    assert sorted(names(net)) == sorted(before) and "Go back" not in whole.actionNames()


def card_group(net: Hands) -> str:
    return net.view.folds.path[-1]


def test_regions_and_notes_are_read_selected_and_deleted(net: Hands) -> None:
    left, top, right, bottom = net.view.scene().stage.extent()
    size = (right - left + 200, bottom - top + 200)
    net.bridge.edit(lambda graph: edits.make_region(graph, (left - 100, top - 100), size, "Hidden layer"))
    region = called(face(net.view), "region Hidden layer")
    assert region.text(Description) == f"{len(net.view.scene().stage.ids)} nodes" and region.rect().width() > 100
    do(region)
    assert region.state().selected and face(net.view).focusChild() is region
    do(region, "Delete")
    assert not net.graph.regions and "region Hidden layer" not in names(net)
    net.bridge.edit(lambda graph: edits.make_note(graph, "Why 4?", (0.0, -300.0)))
    assert called(face(net.view), "note Why 4?").role() == QAccessible.Role.Note
