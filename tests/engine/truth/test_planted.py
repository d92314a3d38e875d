"""Planted failures: each is found by its cause, with its remedy and its nodes; healthy networks are left alone."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from engine import allow_data
from engine.edits.nodes import set_parameters, set_setting, set_value
from engine.files.examples import examples
from engine.graph.graph import Graph
from engine.learn.config import TrainingConfig
from engine.learn.trainer import Trainer
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import run, trace_of
from engine.truth.magnitudes import series
from engine.truth.problem import Problem
from engine.truth.unfinished import find_problems
from tests.building import graph_of
from tests.networks import he, network, of_size, shipped

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 3))
CLASSES = (X[:, :1] > 0) * 1.0
UNEVEN = RNG.normal(size=(40, 1))


def problems(graph: Graph) -> list[Problem]:
    return find_problems(graph, trace_of(make_plan(graph), leaf_values(graph), graph.seed))


def layer(op: str = "", targets: object = UNEVEN, loss: str = "mse", x: object = X) -> Graph:
    """x → linear → op → loss, all of it typed in."""
    rows = [("x", "input", x), ("W", "parameter", np.full((1, 3), 0.3)), ("b", "parameter", np.zeros(1))]
    rows += [("t", "constant", targets), ("z", "linear", ["x", "W", "b"])]
    rows += [("y", op, ["z"])] if op else []
    return graph_of(*rows, ("loss", loss, ["y" if op else "z", "t"]), target="loss")


def line_of(op: str, count: int, **leaves: float) -> Graph:
    """x → op → op → …, each with the same leaf where it takes two."""
    rows = [(name, "parameter" if name == "w" else "input", value) for name, value in leaves.items()]
    second = [name for name in leaves if name != "x"]
    rows += [(f"n{i}", op, [f"n{i - 1}" if i else "x", *second]) for i in range(count)]
    return graph_of(*rows, target=f"n{count - 1}")


def convolutions(size: float) -> Graph:
    """Four convolutions of an image, one channel, 3×3, with tanhs between."""
    rng = np.random.default_rng(0)
    rows, at = [("x", "input", rng.normal(size=(2, 1, 12, 12)))], "x"
    for i in range(4):
        rows += [(f"K{i}", "parameter", rng.normal(0, size, (1, 1, 3, 3))), (f"c{i}", "conv2d", [at, f"K{i}"])]
        rows += [(f"h{i}", "tanh", [f"c{i}"])]
        at = f"h{i}"
    return graph_of(*rows, ("L", "mean", [at]), target="L")


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


# --- the rows that are looked at


def test_a_unit_that_is_closed_only_on_the_rows_of_the_canvas_is_not_dead() -> None:
    """The shipped moons: one unit is closed on the eight rows that are shown, none on all of them."""
    graph = shipped("train-moons")
    shown = run(graph).contribution(("h1", 0))
    assert shown is not None and shown.local is not None
    assert np.all(shown.local == 0, axis=0).any()
    assert problems(graph) == []


def test_a_dead_unit_is_counted_over_all_rows_of_training() -> None:
    graph = shipped("train-moons")
    bias = np.zeros(16)
    bias[3] = -50.0
    [problem] = problems(graph.apply(set_value(graph, "b1", bias)))
    assert problem.kind == "dead" and problem.severity == "note"
    assert problem.sentence.startswith("h1: 1 of 16 units is dead on all 150 training rows because the bias b1")


def test_a_layer_closed_on_the_rows_that_are_shown_says_that_it_is_only_these() -> None:
    graph = network((2, 1, 1), weights=lambda out, into: np.array([[1.0, 0.0]]) if into == 2 else np.array([[1.0]]))
    features = run(graph.apply(set_setting(graph, "data", "batch", 8))).value("data")
    assert features is not None
    low = -float(np.max(features[:, 0]))
    closed = graph.apply(set_value(graph, "b1", np.array([low])))
    [problem] = [problem for problem in problems(closed) if problem.kind == "closed gate"]
    assert (
        "h1 is closed on these 8 rows, so no gradient passes here; on others of the 150 training rows it opens"
        in problem.sentence
    )
    assert "dead" not in {problem.kind for problem in problems(closed)}


def test_a_graph_that_fits_only_the_rows_that_are_shown_is_judged_by_them() -> None:
    graph = network((2, 16, 1), bias=-50.0)
    fixed = graph.apply(set_value(graph, "b1", np.full((8, 16), -50.0)))
    [problem] = [problem for problem in problems(fixed) if problem.kind == "dead"]
    assert "all 16 units are closed on these 8 rows" in problem.sentence


def test_of_a_large_set_a_sample_is_looked_at_and_said_so(tmp_path) -> None:
    allow_data(tmp_path)
    rows = "\n".join(f"{x},{x % 7},{x % 2}" for x in range(4000))
    (tmp_path / "large.csv").write_text("a,b,c\n" + rows)
    graph = network((2, 256, 1), bias=-500.0, name="csv", path=str(tmp_path / "large.csv"))
    [problem] = [problem for problem in problems(graph) if problem.kind == "dead"]
    assert "training rows (a sample of all 3 000)" in problem.sentence.replace("\N{NARROW NO-BREAK SPACE}", " ")


# --- no false accusations


def test_an_activation_that_dips_below_0_is_not_said_to_end_there() -> None:
    reached, beyond = np.full((40, 1), -0.1), UNEVEN - 9
    for op, least in (("gelu", "−0.17"), ("silu", "−0.2785"), ("elu", "−1")):
        assert "targets out of range" not in [problem.kind for problem in problems(layer(op, reached))], op
        assert any(f"numbers of {least} or more" in problem.sentence for problem in problems(layer(op, beyond))), op


def test_no_shipped_example_that_is_sound_is_warned_of() -> None:
    for example in examples():
        if example.group == "Trouble":
            continue
        graph = shipped(example.name)
        assert [p.sentence for p in problems(graph) if p.severity == "warning"] == [], example.name
        if example.group == "Training":
            trainer = Trainer(graph)
            trainer.run()
            assert trainer.conclude().kind == "fell"
            learnt = graph.apply(trainer.change())
            assert [p.sentence for p in problems(learnt) if p.severity == "warning"] == [], example.name


DATA = {
    "moons": (2, 1, "bce_with_logits"), "circles": (2, 1, "bce_with_logits"), "spirals": (2, 1, "bce_with_logits"),
    "iris": (4, 3, "cross_entropy"), "line": (1, 1, "mse"),
}  # fmt: skip
ACTIVATIONS = ("relu", "tanh", "sigmoid", "leaky_relu", "gelu", "elu")


@pytest.mark.parametrize("seed", range(24))
def test_a_healthy_network_is_accused_of_nothing_before_and_after_training(seed: int) -> None:
    rng = np.random.default_rng(seed)
    activation, name = ACTIVATIONS[seed % len(ACTIVATIONS)], list(DATA)[seed % len(DATA)]
    into, out, loss = DATA[name]
    hidden = [int(rng.integers(4, 20)) for _ in range(rng.integers(1, 4))]
    graph = network((into, *hidden, out), activation, loss, he(seed, 2 if "relu" in activation else 1), name=name)
    assert [p.sentence for p in problems(graph) if p.severity == "warning"] == []
    trainer = Trainer(graph, TrainingConfig(epochs=20))
    trainer.run()
    assert not trainer.conclude().failed, trainer.conclude().text
    learnt = graph.apply(trainer.change())
    assert [p.sentence for p in problems(learnt) if p.severity == "warning"] == []


def test_some_dead_units_in_many_layers_are_one_note() -> None:
    """A deep residual network of ReLUs, which learns well in spite of them."""
    rng = np.random.default_rng(3)
    rows, at = [("x", "input", rng.normal(size=(30, 8)))], "x"
    for i in range(20):
        rows += [(f"W{i}", "parameter", rng.normal(0, 0.2, (8, 8))), (f"b{i}", "parameter", np.zeros(8))]
        rows += [
            (f"z{i}", "linear", [at, f"W{i}", f"b{i}"]),
            (f"h{i}", "relu", [f"z{i}"]),
            (f"r{i}", "add", [at, f"h{i}"]),
        ]
        at = f"r{i}"
    rows += [("t", "constant", rng.normal(size=(30, 8))), ("loss", "mse", [at, "t"])]
    [problem] = problems(graph_of(*rows, target="loss"))
    assert problem.severity == "note" and problem.kind == "dead"
    assert problem.sentence == "h7 … h19: 30 of 104 units are dead on all 30 rows, so they learn nothing."


@pytest.mark.parametrize("scale", [1.0, 0.02])
def test_samples_that_stand_side_by_side_are_samples_too(scale: float) -> None:
    """W @ X, a column a sample: a unit is a row, and is dead where its whole row is closed."""
    rng = np.random.default_rng(3)
    bias = np.array([[-50.0], [0], [0], [0], [0], [0]])
    rows = [("X", "input", scale * rng.normal(size=(3, 40))), ("W", "parameter", rng.normal(size=(6, 3)))]
    rows += [("b", "parameter", bias), ("z", "matmul", ["W", "X"]), ("a", "add", ["z", "b"]), ("h", "relu", ["a"])]
    rows += [("V", "parameter", rng.normal(size=(1, 6))), ("y", "matmul", ["V", "h"])]
    rows += [("t", "constant", rng.normal(size=(1, 40))), ("loss", "mse", ["y", "t"])]
    [problem] = problems(graph_of(*rows, target="loss"))
    assert problem.sentence.startswith("h: 1 of 6 units is dead on all 40 rows because the bias b is as low as −50")


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ("a", "a"),
        ("a b", "a and b"),
        ("h1 h2 h3 h4", "h1 … h4"),
        ("h4 h3 h2 h1", "h4 … h1"),
        ("s s2 s3 s4", "s … s4"),
        ("h1 h2 h4 h5 h6", "h1, h2 and 3 others"),
        ("W1 b1 W2 b2", "W1, b1 and 2 others"),
    ],
)
def test_several_nodes_are_named_without_those_between_that_are_not_meant(ids: str, said: str) -> None:
    graph = graph_of(*[(id, "input", 1.0) for id in ids.split()])
    assert series(graph, ids.split()) == said
