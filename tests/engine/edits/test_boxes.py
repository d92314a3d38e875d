"""Regions carry what lies in them; notes are written, moved and taken away; a mixed selection goes in one step."""

from collections.abc import Callable

import pytest

from engine import edits
from engine.errors import EditRefused
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.session import Session
from tests.building import xyz

PLACES = {"x": (0, 0), "y": (0, 200), "z": (0, 400), "q": (300, 0), "f": (600, 0)}


@pytest.fixture
def session() -> Session:
    graph = xyz().apply(edits.move_nodes(xyz(), PLACES))
    return Session(graph)


def now(session: Session) -> Graph:
    return session.document.graph


def do(
    session: Session, edit: Callable[..., Change], *given: object, gesture: str | None = None, **more: object
) -> None:
    """An edit as the window makes it."""
    session.edit(lambda now: edit(now, *given, **more), gesture)


def test_a_region_goes_round_nodes_and_carries_them_and_its_notes(session):
    do(session, edits.surround, ["x", "y"], title="Data", colour="green")
    (region,) = now(session).regions.values()
    assert region.pos == (-24, -52) and region.size == (188, 360) and region.colour == "green"
    do(session, edits.make_note, "here", (10, 100))
    assert edits.carried_by(now(session), "r1") == (("x", "y"), (), (), ("n1",))
    do(session, edits.move_region, "r1", (-4, -42))
    assert now(session).nodes["x"].pos == (20, 10) and now(session).nodes["q"].pos == (300, 0)
    assert now(session).notes["n1"].pos == (30, 110)


def test_a_region_picks_nothing_up_on_its_way(session):
    do(session, edits.surround, ["x"])
    carried = edits.carried_by(now(session), "r1")
    for x in (100, 290, 900):
        do(session, edits.move_region, "r1", (x, 0), carried, gesture="drag")
    assert now(session).nodes["q"].pos == (300, 0) and now(session).nodes["x"].pos == (924, 52)
    session.undo()
    assert now(session).nodes["x"].pos == (0, 0)


def test_a_region_carries_a_folded_group_with_all_that_it_hides_and_regions_in_it(session):
    do(session, edits.make_group, ["q", "f"], folded=True)
    do(session, edits.make_region, (400, -50), (400, 300))
    do(session, edits.make_region, (420, 100), (60, 60))
    assert edits.carried_by(now(session), "r1") == ((), ("g1",), ("r2",), ())
    do(session, edits.move_region, "r1", (410, -50))
    graph = now(session)
    assert graph.nodes["q"].pos == (310, 0) and graph.nodes["f"].pos == (610, 0) and graph.groups["g1"].pos == (460, 0)
    assert graph.regions["r2"].pos == (430, 100)


def test_a_region_is_resized_named_coloured_and_taken_away(session):
    do(session, edits.make_region, (0, 0), (300, 300), "A")
    do(session, edits.resize_region, "r1", (-10, 0), (1, 100))
    assert now(session).regions["r1"].size == (40, 100) and now(session).nodes["x"].pos == (0, 0)
    do(session, edits.rename_region, "r1", "B")
    do(session, edits.recolour_region, "r1", "red")
    assert (now(session).regions["r1"].title, now(session).regions["r1"].colour) == ("B", "red")
    with pytest.raises(EditRefused, match="not “puce”"):
        edits.recolour_region(now(session), "r1", "puce")
    do(session, edits.delete_regions, ["r1"])
    assert not now(session).regions and len(now(session).nodes) == 5
    assert session.document.undo_text == "Delete the region B"


def test_a_note_has_several_lines_and_without_a_text_it_goes(session):
    do(session, edits.make_note, "a\r\n\tb \n\n", (1, 2), 10)
    assert now(session).notes["n1"].text == "a\n    b" and now(session).notes["n1"].width == 60
    do(session, edits.widen_note, "n1", 333)
    do(session, edits.move_notes, {"n1": (5, 6)})
    assert (now(session).notes["n1"].pos, now(session).notes["n1"].width) == ((5, 6), 333)
    do(session, edits.edit_note, "n1", " \n")
    assert not now(session).notes
    with pytest.raises(EditRefused, match="needs a text"):
        edits.make_note(now(session), " ", (0, 0))


def test_a_mixed_selection_moves_and_goes_in_one_step(session):
    do(session, edits.make_group, ["q", "f"], folded=True)
    do(session, edits.make_region, (0, 0), (50, 50))
    do(session, edits.make_note, "n", (0, 0))
    before = now(session)
    things = edits.Carried(("x", "q"), ("g1",), ("r1",), ("n1",))
    do(session, edits.move_all, (7, 0), things)
    graph = now(session)
    assert [graph.nodes[id].pos[0] for id in "xqfy"] == [7, 307, 607, 0]
    assert (graph.groups["g1"].pos[0], graph.regions["r1"].pos[0], graph.notes["n1"].pos[0]) == (457, 7, 7)
    session.undo()
    do(session, edits.delete_all, things, [("q", 1)])
    assert set(now(session).nodes) == {"y", "z"} and not {"groups", "regions", "notes"} & set(now(session).facts)
    assert session.document.undo_text == "Delete 6 things"
    session.undo()
    assert now(session) == before
