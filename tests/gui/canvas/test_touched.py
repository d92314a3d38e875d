"""After an edit exactly that is looked at again which may show something else: and whatever is seen is of now."""

from __future__ import annotations

import random

import numpy as np
import pytest

from engine import edits
from engine.errors import EditRefused
from engine.files import disk
from engine.files.examples import examples
from engine.graph.graph import Graph
from engine.session import Session
from gui.canvas.model import edge_lens
from gui.canvas.model.levels import level_of
from gui.canvas.model.stage import Stage
from gui.canvas.model.touched import MOST_STEPS
from gui.canvas.paint.labels import cards_at, place_labels
from gui.canvas.scene import GraphScene
from tests.building import graph_of
from tests.networks import scalar_network

pytestmark = pytest.mark.usefixtures("qapp")  # texts are measured
SMALL = [graph for graph in (disk.load(example.path) for example in examples()) if len(graph.nodes) <= 40]
TWO_BRANCHES = graph_of(
    ("x", "parameter", 0.5), ("a", "exp", ["x"]), ("b", "tanh", ["a"]),
    ("y", "parameter", 0.7), ("c", "exp", ["y"]), ("d", "tanh", ["c"]),
    ("s", "add", ["b", "d"]), target="s",
)  # fmt: skip


def _seen(stage: Stage) -> dict[str, object]:
    """All that may be seen of a stage."""
    kinds = {"nodes": stage.nodes, "looks": stage.looks, "edges": stage.edges, "lines": stage.lines}
    return {f"{kind} {key}": picture for kind, pictures in kinds.items() for key, picture in pictures.items()}


def _edit(session: Session, rng: random.Random) -> None:
    """Any edit that leaves the edges as they are."""
    graph = session.now.graph
    ids = list(graph.nodes)
    id = rng.choice(ids)
    leaves = [node.id for node in graph.nodes.values() if node.op.holds_value and node.value is not None]
    leaf = rng.choice(leaves or ids)
    number = rng.choice([0.0, -0.0, 1.0, float("nan"), rng.uniform(-3, 3)])
    makes = (
        lambda g: edits.set_value(g, leaf, np.full_like(g.nodes[leaf].value, number)),
        lambda g: edits.set_value(g, leaf, np.float64(number)),
        lambda g: edits.set_label(g, id, rng.choice(["", "a name", "b"])),
        lambda g: edits.name_node(g, id, f"name_{rng.randrange(99)}"),
        lambda g: edits.set_seed(g, rng.choice([1.0, 10.0, -2.0])),
        lambda g: edits.set_target(g, id),
        lambda g: edits.move_nodes(g, {id: (rng.randrange(900), rng.randrange(900))}),
    )
    try:
        session.edit(rng.choice(makes))
    except EditRefused:
        return


@pytest.mark.parametrize("graph", SMALL)
def test_after_any_edits_all_that_is_seen_is_as_if_seen_for_the_first_time(graph: Graph) -> None:
    session, rng = Session(graph), random.Random(len(graph.nodes))
    stage = Stage(graph, session.now.frame)
    session.listeners.append(lambda now: stage.take(now.graph, now.frame, now.change) if now.change else None)
    for _ in range(12):
        _seen(stage)  # whatever is kept of it must not be shown any more
        _edit(session, rng)
        now = session.now
        assert _told(_seen(stage)) == _told(_seen(Stage(now.graph, now.frame))), now.change


def _told(seen: dict[str, object]) -> dict[str, str]:
    """Not a number is never the same, and −0 is seen where 0 is."""
    return {key: repr(one).replace("dot=-0.0", "dot=0.0") for key, one in seen.items()}


def test_what_is_told_to_look_different_does_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(TWO_BRANCHES)
    stage = Stage(session.now.graph, session.now.frame)
    before = _seen(stage)
    told = []
    session.listeners.append(lambda now: told.append(stage.take(now.graph, now.frame, now.change)))
    session.edit(lambda graph: edits.set_value(graph, "x", np.float64(0.9)))
    (different,) = told
    assert different is not None
    ids, keys = different
    after = _seen(stage)
    changed = {key for key in before if before[key] != after[key]}
    assert set(ids) == {"x", "a", "b", "s"}, "the other branch says what it said"
    assert changed == {key for key in changed if any(key.endswith(f" {one}") for one in (*ids, *keys))}


def test_an_edit_of_one_value_asks_for_the_labels_of_these_nodes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(TWO_BRANCHES)
    stage = Stage(session.now.graph, session.now.frame)
    place_labels(stage, stage.keys, 1.0)
    cards_at(stage, level_of(1.0), stage.keys)
    session.listeners.append(lambda now: stage.take(now.graph, now.frame, now.change))
    asked: list[object] = []
    make = edge_lens.full_edge_picture_of
    monkeypatch.setattr(
        edge_lens, "full_edge_picture_of", lambda trace, edge: asked.append(edge.key) or make(trace, edge)
    )
    session.edit(lambda graph: edits.set_value(graph, "x", np.float64(0.9)))
    place_labels(stage, stage.keys, 1.0)
    assert set(asked) == {("a", 0), ("b", 0), ("s", 0)}


def test_the_same_file_opened_over_itself_shows_its_numbers_again() -> None:
    """Nothing changes in the graph, and yet the pass stands elsewhere."""
    session = Session(TWO_BRANCHES)
    scene = GraphScene(session.now.graph, session.now.frame)
    session.player.seek(0.0)
    scene.show_frame(session.now.frame, session.now.wording)
    assert scene.node_items["x"].picture.gradient == "…"
    session.load(Graph.of(TWO_BRANCHES.nodes.values(), TWO_BRANCHES.edges.values(), target="s"))
    assert session.now.change.only_places and session.now.frame.position > 0
    scene.apply(session.now.change, session.now.graph, session.now.frame)
    assert _seen(scene.stage) == _seen(Stage(session.now.graph, session.now.frame))


def test_after_any_leap_over_folded_groups_all_that_is_seen_is_as_if_seen_for_the_first_time() -> None:
    """Of a leap over hundreds of steps within cards no more looks different than the cards and what lies between."""
    session = Session(scalar_network((4, 16, 16, 1)))
    session.edit(edits.find_groups)
    session.player.seek(0.0)
    scene, rng = GraphScene(session.now.graph, session.now.frame), random.Random(0)
    stage, length, at, leaps = scene.stage, len(session.now.trace), 0.0, 0
    for _ in range(60):
        at = min(max(at + rng.uniform(-0.25, 0.3) * length, 0.0), float(length))
        leaps += abs(at - session.player.position) > MOST_STEPS
        session.player.seek(at)
        for pictures in (stage.nodes, stage.looks, stage.edges, stage.lines):
            list(pictures.values())
        scene.show_frame(session.now.frame, "gradient")
        fresh = GraphScene(session.now.graph, session.now.frame)
        assert _seen(stage) == _seen(fresh.stage), at
    assert leaps > 10
