"""Planted failures: each is found by its cause, with its remedy and its nodes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from engine.edits.nodes import set_parameters, set_setting
from engine.graph.graph import Graph
from engine.passes.run import run
from tests.building import graph_of
from tests.engine.truth.planted_tools import CLASSES, UNEVEN, X, convolutions, layer, line_of, problems
from tests.networks import he, network, of_size


@dataclass(frozen=True)
class Planted:
    """A graph that cannot learn well: what must be said of it, of what kind, and which nodes must be lit."""

    graph: Graph
    kind: str
    said: tuple[str, ...]
    remedy: str
    ids: tuple[str, ...]
    not_said: tuple[str, ...] = field(default=())


def zeros(out: int, into: int) -> np.ndarray:
    return np.zeros((out, into))


PLANTED = {
    "weights of 30 before sigmoids": Planted(
        network((2, 8, 8, 1), "sigmoid", weights=of_size(30)),
        "saturated",
        ("h1 and h2 are saturated", "over all 150 training rows", "the weights in W1 and W2 are as large as"),
        "smaller weights",
        ("h1", "h2", "W1", "W2"),
        ("larger weights",),
    ),
    "weights of 30 before a deep stack of sigmoids": Planted(
        network((2, 16, 16, 16, 16, 1), "sigmoid", weights=of_size(30)),
        "saturated",
        ("h1 … h4 are saturated", "weights"),
        "smaller weights",
        ("h1", "h4", "W1"),
        ("larger weights",),
    ),
    "data that is not scaled, before tanh": Planted(
        network((4, 8, 3), "tanh", "cross_entropy", name="iris", standardise=False, weights=of_size(1)),
        "saturated",
        ("h1 is saturated", "the numbers in data are as large as 7.9"),
        "Standardise",
        ("h1", "data"),
    ),
    "a bias far below 0, before tanh": Planted(
        network((2, 8, 8, 1), "tanh", bias=-12.0),
        "saturated",
        ("the biases b1 and b2 are as far from 0 as 12",),
        "Start b1 and b2 at 0.",
        ("h1", "h2", "b1", "b2"),
    ),
    "one large weight of a single neuron": Planted(
        graph_of(
            ("x", "input", 2.0), ("w", "parameter", 30.0), ("z", "mul", ["x", "w"]), ("y", "sigmoid", ["z"]), target="y"
        ),
        "saturated",
        ("y is saturated", "the weight w is as far from 0 as 30"),
        "Start w nearer to 0.",
        ("y", "w"),
    ),
    "eight layers of sigmoids": Planted(
        network((2, *[16] * 8, 1), "sigmoid", weights=he(0, 1)),
        "vanishing",
        ("slopes of h1 … h8 are 0.2", "at most 0.25"),
        "tanh or ReLU",
        ("W1", "z9", "h1", "h8"),
        ("weights",),
    ),
    "ten sigmoids in a row": Planted(
        line_of("sigmoid", 10, x=0.5),
        "vanishing",
        ("from 1 at n9 to", "10 steps back", "slopes of n0 … n9 are 0.23 on average"),
        "tanh or ReLU",
        ("x", "n9", "n0"),
    ),
    "small weights in a tanh network": Planted(
        network((2, *[16] * 5, 1), "tanh", weights=of_size(0.01)),
        "vanishing",
        ("The weights W2 … W6 are small: each passes on 0.05 of the gradient",),
        "for 16 inputs, numbers of about 0.35",
        ("W2", "W6"),
        ("sigmoid", "ReLU"),
    ),
    "small kernels of convolutions": Planted(
        convolutions(0.001),
        "vanishing",
        ("The weights K1, K2 and K3 are small",),
        "for 9 inputs, numbers of about 0.47",
        ("K1", "K3"),
        ("sigmoid",),
    ),
    "small weights in a ReLU network": Planted(
        network((2, *[16] * 5, 1), "relu", weights=of_size(0.01)),
        "vanishing",
        ("The weights W2 … W6 are small",),
        "larger weights",
        ("W2", "W6"),
        ("sigmoid",),
    ),
    "a small weight used again and again": Planted(
        line_of("mul", 6, x=0.1, w=0.05),
        "vanishing",
        ("The weight w is small: each time, it passes on 0.05 of the gradient",),
        "near 1",
        ("w",),
        ("sigmoid",),
    ),
    "a small factor again and again": Planted(
        line_of("mul", 6, x=0.1, k=0.05),
        "vanishing",
        ("It is multiplied 6 times by k, by 0.05",),
        "Bring k",
        ("k",),
    ),
    "large weights": Planted(
        network((2, *[16] * 5, 1), "relu", weights=of_size(10)),
        "exploding",
        ("The weights W2 … W6 are large: each multiplies the gradient by",),
        "about 0.35",
        ("W2", "W6"),
    ),
    "a large weight used again and again": Planted(
        line_of("mul", 6, x=0.1, w=20.0),
        "exploding",
        ("The weight w is large", "by 20"),
        "smaller weights",
        ("w",),
    ),
    "exponentials of exponentials": Planted(
        line_of("exp", 3, x=1.0),
        "exploding",
        ("The largest factor is that of n2 (Exponential)",),
        "less steep",
        ("n2",),
    ),
    "biases that close all gates": Planted(
        network(bias=-50.0),
        "dead",
        ("h1: all 16 units are dead on all 150 training rows because the bias b1 is as low as −50",),
        "Bring the bias b1 back to 0",
        ("h1", "b1"),
    ),
    "zeros in a ReLU network": Planted(
        network(weights=zeros),
        "dead",
        ("h1: all 16 units are dead", "because b1 and W1 hold only zeros"),
        "Start W1 with small random numbers",
        ("h1", "W1"),
        ("learning rate",),
    ),
    "zeros in a tanh network": Planted(
        network(activation="tanh", weights=zeros),
        "zero weights",
        ("W1, b1 and 2 others get no gradient", "multiplied by W3, and all its weights are 0"),
        "Start W3 with random",
        ("W3", "W1", "W2"),
    ),
    "the same number everywhere": Planted(
        network(activation="tanh", weights=lambda out, into: np.full((out, into), 0.3)),
        "same units",
        ("The 16 units of W1 are equal and get equal gradients",),
        "random numbers",
        ("W1",),
    ),
    "a sign between the parameters and the loss": Planted(
        layer("sign"),
        "no slope",
        ("W and b get no gradient", "y (Sign) has the slope 0 wherever its inputs are"),
        "use a smooth op in its place",
        ("y", "W", "b"),
    ),
    "a factor of 0": Planted(
        graph_of(
            ("W", "parameter", X),
            ("k", "constant", np.zeros(3)),
            ("p", "mul", ["W", "k"]),
            ("L", "mean", ["p"]),
            target="L",
        ),
        "zero factor",
        ("W gets no gradient", "multiplied by k, which is 0 throughout"),
        "Give k another",
        ("k", "W"),
    ),
    "a feature a thousand times the others": Planted(
        layer(x=X * [1, 1000, 1]),
        "unlike features",
        ("features in x are of unlike scale: column 2 is",),
        "Scale the columns of x",
        ("x",),
    ),
    "features in the thousands": Planted(
        layer(x=X * 1000),
        "large features",
        ("The features in x are large: column",),
        "Scale the columns",
        ("x",),
    ),
    "a sigmoid before targets up to 5": Planted(
        network((1, 8, 1), "tanh", "mse", name="line", last="sigmoid"),
        "targets out of range",
        ("y can only give numbers between 0 and 1", "66 of 75 targets", "the furthest 4.99"),
        "Leave Sigmoid out",
        ("y", "data"),
    ),
    "a tanh before targets of 5": Planted(
        layer("tanh", CLASSES * 5),
        "targets out of range",
        ("between −1 and 1", "the furthest 5"),
        "Leave Tanh out",
        ("y", "t"),
    ),
    "a ReLU before targets below 0": Planted(
        layer("relu", UNEVEN - 9),
        "targets out of range",
        ("of 0 or more", "all 40 targets"),
        "Leave ReLU out",
        ("y", "t"),
    ),
    "a ReLU before a loss that reads a class from the sign": Planted(
        network((2, 16, 1), last="relu"),
        "scores of one sign",
        ("y never gives a score below 0", "reads scores below 0 as the class 0", "75 of 150 targets"),
        "Leave ReLU out",
        ("y", "loss"),
    ),
    "targets of −1 for a cross-entropy": Planted(
        layer(targets=2 * CLASSES - 1, loss="bce_with_logits"),
        "targets of another loss",
        ("expects targets from 0 to 1", "from −1 to 1"),
        "as 0 and 1",
        ("loss", "t"),
    ),
    "targets of 0 for a hinge": Planted(
        layer(targets=CLASSES, loss="hinge"),
        "targets of another loss",
        ("−1 and +1", "of 40 are 0"),
        "bce_with_logits",
        ("loss", "t"),
    ),
    "classes taken for amounts": Planted(
        network((4, 16, 1), loss="mse", name="iris", targets="class ids"),
        "classes as amounts",
        ("setosa is 0, versicolor is 1, virginica is 2",),
        "cross_entropy",
        ("loss", "data"),
    ),
    "a cross-entropy of a single score": Planted(
        network((2, 16, 1), loss="cross_entropy"),
        "single score",
        ("its softmax is always 1",),
        "bce_with_logits",
        ("loss",),
    ),
    "targets that are all the same": Planted(
        layer(targets=np.full((40, 1), 0.5)),
        "constant targets",
        ("the same on all 40 rows",),
        "label",
        ("t", "loss"),
    ),
    "a softmax before a cross-entropy": Planted(
        network((4, 8, 3), loss="cross_entropy", name="iris", last="softmax"),
        "double softmax",
        ("there are two",),
        "logits",
        ("y", "loss"),
    ),
    "a sigmoid before a cross-entropy of logits": Planted(
        network((2, 8, 1), last="sigmoid"),
        "double sigmoid",
        ("there are two",),
        "logits",
        ("y", "loss"),
    ),
    "a parameter that reaches nothing": Planted(
        network(others=[("lost", "parameter", 1.0)]),
        "detached",
        ("lost does not reach the target",),
        "Connect it",
        ("lost",),
    ),
    "a number that is none in one row of many": Planted(
        layer(x=np.where(np.arange(120).reshape(40, 3) == 100, np.nan, X)),
        "non-finite",
        ("x holds nan",),
        "finite",
        ("x",),
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_what_was_planted_is_found_by_its_cause(name: str) -> None:
    planted = PLANTED[name]
    found = [problem for problem in problems(planted.graph) if problem.kind == planted.kind]
    assert found, [problem.sentence for problem in problems(planted.graph)]
    problem = found[0]
    assert all(part in problem.sentence for part in planted.said), problem.sentence
    assert planted.remedy in problem.remedy, problem.remedy
    assert set(planted.ids) <= set(problem.ids), problem.ids
    words = f"{problem.sentence} {problem.remedy}"
    assert not [part for part in planted.not_said if part in words], words
    assert problem.sentence.endswith(".") and problem.remedy.endswith(".")


def test_at_least_eighteen_causes_are_told_apart() -> None:
    assert len({(planted.kind, planted.remedy) for planted in PLANTED.values()}) >= 18


# --- the factor that is named is the factor that there is


def test_the_slopes_that_are_named_are_those_of_the_nodes() -> None:
    graph = PLANTED["ten sigmoids in a row"].graph
    trace = run(graph)
    slopes = [float(trace.contribution((f"n{i}", 0)).local) for i in range(10)]
    [problem] = [problem for problem in problems(graph) if problem.kind == "vanishing"]
    assert f"are {np.mean(slopes):.2f} on average" in problem.sentence


def test_what_the_remedy_says_mends_it() -> None:
    """Standardised as the button does it, the tanh units are no longer saturated; and so on."""
    raw = PLANTED["data that is not scaled, before tanh"].graph
    assert "saturated" not in {p.kind for p in problems(raw.apply(set_setting(raw, "data", "standardise", True)))}
    biased = PLANTED["a bias far below 0, before tanh"].graph
    mended = biased.apply(set_parameters(biased, {"b1": np.zeros(8), "b2": np.zeros(8)}))
    assert [p for p in problems(mended) if p.severity == "warning"] == []


def test_unlike_columns_of_a_dataset_are_named_and_mended_with_a_button() -> None:
    graph = network((64, 8, 10), loss="cross_entropy", name="digits", standardise=False)
    assert "unlike features" in {problem.kind for problem in problems(graph)}
    [problem] = [problem for problem in problems(graph) if problem.kind == "unlike features"]
    assert problem.fix is not None
    mended = graph.apply(problem.fix.edit(graph))
    assert "unlike features" not in {problem.kind for problem in problems(mended)}
