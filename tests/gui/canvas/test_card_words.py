"""What a card says in words is said whole, or not at all: nothing is abbreviated because there is little room."""

from __future__ import annotations

import numpy as np
import pytest

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.session import Session
from gui.canvas.model.stage import Stage
from gui.canvas.paint.nodes import form_of
from gui.canvas.paint.plates import choose
from tests.gui.graphs import held
from tests.networks import shipped

WORDS = {"input", "parameter", "constant", "value", "gradient", "responsibility"}
NAMES = ("w", "weight", "a_longer_weight", "a_name_that_no_card_has_any_room_for")


def said(graph, zoom: float, wording: str) -> dict[str, list[str]]:
    """The texts on each card, at the end of the pass."""
    session = Session(graph)
    stage = Stage(session.now.graph, session.now.frame, wording)
    return {id: [line.text for line in form_of(stage, id, zoom).lines] for id in stage.ids}


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("wording", ["gradient", "responsibility"])
@pytest.mark.parametrize("zoom", [0.43, 0.55, 0.7, 0.8, 1.0, 1.5])
def test_words_on_cards_are_whole(zoom: float, wording: str) -> None:
    program = "\n".join(f"{name} = parameter(-0.000123456)" for name in NAMES) + "\nL = " + " * ".join(NAMES)
    for graph in (held(program), shipped("train-moons"), shipped("vanishing-sigmoids")):
        for texts in said(graph, zoom, wording).values():
            cut = [text for text in texts if text.endswith(".") and text[:-1].isalpha()]
            assert not cut


@pytest.mark.usefixtures("qapp")
def test_a_leaf_whose_name_leaves_no_room_says_beside_its_value_what_it_is() -> None:
    texts = said(held("weight = parameter(3)\nw = parameter(3)\nL = w * weight"), 1.0, "gradient")
    assert texts["w"] == ["parameter", "w", "value", "3", "gradient", "3"]
    assert texts["weight"] == ["weight", "parameter", "3", "gradient", "3"]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("zoom", [1.0, 1.5])
def test_a_gradient_of_four_digits_is_called_one(zoom: float) -> None:
    for texts in said(shipped("cs231n-sigmoid"), zoom, "gradient").values():
        assert "gradient" in texts, texts


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("zoom", [1.0, 1.14, 1.5])
def test_a_name_that_fits_its_card_is_whole(zoom: float) -> None:
    """`pr…on` stood beside the symbol of a layer."""
    for name in ("train-line", "micrograd", "cs231n-sigmoid"):
        graph = shipped(name)
        for id, texts in said(graph, zoom, "gradient").items():
            assert graph.nodes[id].name in texts


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("zoom", [0.14, 0.16, 0.18, 0.2, 0.25, 0.3])
@pytest.mark.parametrize("name", ["micrograd", "attention-echo", "xor-scalars", "cs231n-sigmoid-steps", "digits-conv"])
def test_no_plate_is_without_a_name(name: str, zoom: float) -> None:
    """A box that nobody can name says nothing, however little room there is between its neighbours."""
    graph = shipped(name)
    stage = Stage(graph, Session(graph).now.frame)
    for id, picture in stage.nodes.items():
        chosen = choose(picture, zoom, stage.room(id))
        assert chosen is not None, id
        shown = chosen.rows[0][0][0]
        shown = shown if shown == picture.name else shown.removeprefix(picture.op.symbol).strip()
        begin, _, end = shown.replace("·", "…").partition("…")
        assert shown == picture.name or (begin or end), (id, shown)
        assert picture.name.startswith(begin) and picture.name.endswith(end), (id, shown)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("zoom", [0.3, 0.43, 0.55, 0.7, 1.0])
def test_why_a_node_is_not_computed_is_said_in_fewer_words_not_without_their_middle(zoom: float) -> None:
    nodes = [Node("a", "input", np.ones(2)), Node("b", "input", np.ones(3), pos=(0, 120))]
    nodes += [Node("m", "mul", pos=(240, 0)), Node("t", "tanh", label="matrix_product_of_both_2", pos=(480, 0))]
    nodes += [Node("e", "exp", pos=(720, 0))]
    edges = [Edge("a", "m", 0), Edge("b", "m", 1), Edge("m", "t", 0), Edge("t", "e", 0)]
    texts = said(Graph.of(nodes, edges, target="e"), zoom, "gradient")
    assert {"shape mismatch", "shape?"} & set(texts["m"]) and {"waits for m", "waits"} & set(texts["t"])
    assert "waits" in texts["e"]
