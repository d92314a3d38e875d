"""Groups made, taken apart, named, folded and moved; what becomes of them when their nodes go or change their names."""

from collections.abc import Callable

import pytest

from engine import edits
from engine.errors import EditRefused
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.session import Session
from tests.building import graph_of, xyz


def made(graph: Graph, *nodes: str, **more: object) -> Graph:
    return graph.apply(edits.make_group(graph, nodes, **more))


def do(
    session: Session, edit: Callable[..., Change], *given: object, gesture: str | None = None, **more: object
) -> None:
    """An edit as the window makes it."""
    session.edit(lambda now: edit(now, *given, **more), gesture)


def test_a_group_is_made_of_nodes_and_has_a_name_and_a_place():
    graph = made(xyz(), "f", "q", title="  Head ")
    (group,) = graph.groups.values()
    assert (group.id, group.title, group.nodes, group.folded) == ("g1", "Head", ("q", "f"), False)
    assert group.pos == (0.0, 0.0)
    assert made(made(xyz(), "q"), "f").groups["g2"].title == "Group 2"


def test_numbers_do_not_depend_on_groups():
    change = edits.make_group(xyz(), ["q", "f"])
    assert not change.moves_numbers and not change.moves_topology and change.text == "Group 2 nodes"


def test_a_group_of_groups_keeps_them_in_it_and_ungrouping_lifts_what_is_in_it():
    inner = made(xyz(), "q", title="In")
    both = made(inner, "q", "f", title="Out")
    assert both.groups["g1"].parent == "g2" and both.groups["g2"].nodes == ("f",)
    assert made(inner, "f", groups=["g1"]).groups == made(inner, "q", "f").groups
    assert both.apply(edits.ungroup(both, ["g2"])) == inner
    lifted = both.apply(edits.ungroup(both, ["g1"]))
    assert lifted.groups["g2"].nodes == ("f", "q") and lifted.groups["g2"].parent is None
    assert both.apply(edits.ungroup(both, ["g2", "g1"])) == xyz()


def test_a_group_can_be_made_in_a_group():
    outer = made(xyz(), "q", "f", "z", title="Out")
    inner = made(outer, "q", title="In")
    assert inner.groups["g2"].parent == "g1" and inner.groups["g1"].nodes == ("z", "f")


@pytest.mark.parametrize(
    ("nodes", "words"),
    [((), "Select the nodes"), (("x", "f"), "circle: Group 2 → q → Group 2. Take q in"), (("nix",), "no node “nix”")],
)
def test_what_cannot_be_a_group_is_refused(nodes, words):
    with pytest.raises(EditRefused, match=words):
        edits.make_group(made(xyz(), "z"), nodes)


def test_a_part_of_a_group_and_what_is_outside_it_are_no_group_and_the_same_group_is_not_made_again():
    graph = made(xyz(), "q", "f", title="Head")
    with pytest.raises(EditRefused, match="Only a part of the group “Head” is selected") as refused:
        edits.make_group(graph, ["q", "x"])
    assert refused.value.ids == ("q",)
    with pytest.raises(EditRefused, match="are the group “Head” already"):
        edits.make_group(graph, ["q", "f"])


def test_folding_is_a_change_that_is_undone_and_puts_the_card_in_the_middle():
    graph = xyz().apply(edits.move_nodes(xyz(), {"q": (100, 0), "f": (300, 80)}))
    session = Session(made(graph, "q", "f"))
    do(session, edits.fold_groups, ["g1"])
    assert session.document.graph.groups["g1"].folded and session.document.graph.groups["g1"].pos == (200, 40)
    assert not edits.fold_groups(session.document.graph, ["g1"])
    session.undo()
    assert not session.document.graph.groups["g1"].folded
    session.redo()
    do(session, edits.unfold_groups, ["g1"])
    assert session.document.graph.groups["g1"].folded is False


def test_an_edge_that_closes_a_circle_between_cards_is_refused_and_the_group_can_be_opened_first():
    start = graph_of(("x", "input", 1), ("a", "neg", ["x"]), ("b", "neg", ["x"]), ("c", "add", ["a"]))
    folded = made(start, "a", "c", folded=True, title="A")
    onto = folded.apply(edits.reconnect(folded, ("b", 0), "a", "b", 0))
    session = Session(onto)
    with pytest.raises(EditRefused, match="Folded groups close a circle: A → b → A"):
        do(session, edits.connect, "b", "c", 1)
    do(session, edits.unfold_groups, ["g1"])
    do(session, edits.connect, "b", "c", 1)
    with pytest.raises(EditRefused, match="Take b in as well"):
        do(session, edits.fold_groups, ["g1"])
    do(session, edits.add_to_group, "g1", ["b"])
    do(session, edits.fold_groups, ["g1"])


def test_a_group_moves_with_all_that_is_in_it():
    graph = made(made(xyz(), "q"), "q", "f")
    moved = graph.apply(edits.move_groups(graph, {"g2": (50, -10)}))
    for id in "qf":
        assert moved.nodes[id].pos == (50, -10)
    assert moved.groups["g1"].pos == (50, -10) and moved.nodes["x"].pos == (0, 0)
    assert edits.move_groups(graph, {"g2": (50, -10)}).text == "Move Group 2"


def test_a_group_goes_with_its_last_node_and_undo_brings_it_back():
    session = Session(made(made(xyz(), "q"), "q", "f"))
    before = session.document.graph
    do(session, edits.delete, ["q"])
    assert list(session.document.graph.groups) == ["g2"]
    do(session, edits.delete, ["f"])
    assert not session.document.graph.groups
    session.undo()
    session.undo()
    assert session.document.graph == before
    do(session, edits.delete_groups, ["g2"])
    assert set(session.document.graph.nodes) == {"x", "y", "z"} and not session.document.graph.groups


def test_nodes_come_in_and_leave_and_are_called_otherwise():
    graph = made(made(xyz(), "q"), "q", "f")
    out = graph.apply(edits.take_out_of_group(graph, ["q"]))
    assert list(out.groups) == ["g2"] and out.groups["g2"].nodes == ("f", "q")
    assert not out.apply(edits.take_out_of_group(out, ["q", "f"])).groups
    assert graph.apply(edits.add_to_group(graph, "g1", ["f", "z"])).groups["g1"].nodes == ("q", "f", "z")
    assert graph.apply(edits.rename(graph, "q", "sum1")).groups["g1"].nodes == ("sum1",)
    assert graph.apply(edits.rename_group(graph, "g1", " Sum ")).groups["g1"].title == "Sum"
    with pytest.raises(EditRefused, match="needs a title"):
        edits.rename_group(graph, "g1", " ")
