"""One step of learning, told slowly: its numbers against NumPy, and against the step that training makes."""

from __future__ import annotations

import numpy as np
import pytest

from engine import edits
from engine.errors import PlanError
from engine.files.examples import find_example
from engine.files.open import read_file
from engine.graph.graph import Graph
from engine.learn.config import TrainingConfig
from engine.learn.slow import slow_step
from engine.learn.trainer import Trainer
from engine.session import Session
from engine.show.names import Names
from engine.show.sheets import paper_of
from engine.show.turning import heading_of, why_turned
from engine.text.read import parse
from tests.building import graph_of

OPTIMISERS = ("sgd", "momentum", "adam")


def neuron() -> Graph:
    """L = (w·x + b − t)², of which w and b are learnt: at 2, −1 and x = 3, t = 1 it is 16."""
    graph = parse("x = 3; w = 2; b = -1; t = 1; L = (w * x + b - t) ** 2")
    for id in ("w", "b"):
        graph = graph.apply(edits.change_op(graph, id, "parameter"))
    return graph


def slope(theta: np.ndarray) -> np.ndarray:
    """∂L/∂(w, b) by hand."""
    return 2 * (theta[0] * 3 + theta[1] - 1) * np.array([3.0, 1.0])


def by_hand(name: str, rate: float, count: int) -> list[np.ndarray]:
    """Where w and b stand after each of some steps, by the formulas of the papers."""
    theta, places = np.array([2.0, -1.0]), []
    v, m = np.zeros(2), np.zeros(2)
    for t in range(1, count + 1):
        g = slope(theta)
        if name == "sgd":
            theta = theta - rate * g
        elif name == "momentum":
            v = 0.9 * v + g
            theta = theta - rate * v
        else:
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
            theta = theta - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        places.append(theta)
    return places


@pytest.mark.parametrize("name", OPTIMISERS)
def test_each_optimiser_steps_as_its_formula_says(name: str) -> None:
    graph, config, taken = neuron(), TrainingConfig(optimizer=name, lr=0.01), None
    for theta in by_hand(name, 0.01, 3):
        before = np.array([float(graph.nodes[id].value) for id in ("w", "b")])
        taken = slow_step(graph, config, *(() if taken is None else (taken.memory, taken.number)))
        graph = graph.apply(taken.change(graph))
        held = np.array([float(graph.nodes[id].value) for id in ("w", "b")])
        np.testing.assert_allclose(held, theta, rtol=1e-12)
        np.testing.assert_allclose([step.gradient for step in taken.updates], slope(before), rtol=1e-12)
        was, now = (float((at[0] * 3 + at[1] - 1) ** 2) for at in (before, theta))
        np.testing.assert_allclose([taken.drop.before, taken.drop.after], [was, now], rtol=1e-9)
        np.testing.assert_allclose(taken.drop.promised, -slope(before) @ (theta - before), rtol=1e-9)
    assert taken is not None and taken.number == 3


@pytest.mark.parametrize("name", OPTIMISERS)
@pytest.mark.parametrize("example", ["neuron", "train-line", "train-xor", "iris"])
def test_it_is_the_step_of_training_to_the_last_bit(example: str, name: str) -> None:
    found = find_example(example)
    assert found is not None
    graph = read_file(found.path)
    config = TrainingConfig(optimizer=name, lr=0.05, clip=0.5, weight_decay=0.01)
    trainer, taken = Trainer(graph, config), None
    for _ in range(3):  # the first two and the batch after them
        trainer.run(1)
        taken = slow_step(graph, config, *(() if taken is None else (taken.memory, taken.number)))
        graph = graph.apply(taken.change(graph))
        for id, value in trainer.parameters.items():
            assert np.asarray(value).tobytes() == np.asarray(taken.parameters[id]).tobytes()
        goes_on = slow_step(graph, config, trainer.memory, trainer.step)  # from what the trainer keeps
        assert goes_on.number == taken.number + 1 and taken.leads_to(graph)


@pytest.mark.parametrize("options", [{}, {"clip": 1.0}, {"weight_decay": 0.1}, {"clip": 1.0, "weight_decay": 0.1}])
@pytest.mark.parametrize("name", OPTIMISERS)
@pytest.mark.parametrize("example", ["", "train-xor"])
def test_all_that_is_told_of_it_is_true(example: str, name: str, options: dict[str, float]) -> None:
    found = find_example(example) if example else None
    graph, config = read_file(found.path) if found else neuron(), TrainingConfig(optimizer=name, lr=0.1, **options)
    first = slow_step(graph, config)
    graph = graph.apply(first.change(graph))
    taken = slow_step(graph, config, first.memory, first.number)
    session = Session(graph.apply(taken.change(graph)))
    session.tell_story(taken)
    kinds = set()
    for at in range(1, len(session.player.trace) + 1):
        session.player.seek(at)
        said = session.now.explanation
        assert said is not None and said.caption and said.why and said.heading
        for equation in said.equations:
            np.testing.assert_allclose(*equation.sides(), rtol=1e-9, atol=1e-12, err_msg=equation.text)
            kinds.add(equation.kind)
    assert {"update", "drop"} <= kinds


def test_where_nothing_is_marked_every_input_turns_and_that_is_said() -> None:
    graph = parse("x = -2; y = 5; z = -4; f = (x + y) * z")
    taken = slow_step(graph, TrainingConfig(optimizer="sgd", lr=0.1))
    assert {id: float(value) for id, value in taken.parameters.items()} == pytest.approx(
        {"x": -1.6, "y": 5.4, "z": -4.3}
    )
    assert not taken.marked
    session = Session(graph.apply(taken.change(graph)))
    session.tell_story(taken)
    session.player.seek(session.story.again_start)
    assert "every input is turned" in session.now.explanation.why


def test_where_there_is_nothing_to_turn_that_is_said() -> None:
    graph = parse("f = 2 * 3")
    with pytest.raises(PlanError, match="nothing to learn"):
        slow_step(graph, TrainingConfig())


def test_the_story_goes_both_ways_and_ends_where_the_graph_is() -> None:
    graph = neuron()
    taken = slow_step(graph, TrainingConfig(optimizer="sgd", lr=0.01))
    session = Session(graph)
    session.edit(taken.change)
    session.tell_story(taken)
    story = session.story
    assert [name for name, _ in story.phases] == ["forward", "backward", "update", "forward again"]
    w, new = float(taken.updates[0].before), float(taken.updates[0].after)
    update, again = story.phases[2][1], story.phases[3][1]
    first = story.updated_at["w"]
    seen = {}
    for at in [*range(len(story) + 1), *reversed(range(len(story) + 1))]:
        session.player.seek(at)
        frame = session.now.frame
        held = (frame.value("w"), frame.value("L"), frame.gradient("w"))
        assert seen.setdefault(at, held) == held  # backwards as forwards
    assert seen[update][:2] == (w, 16.0) and seen[first + 1][0] == new and seen[again][1] == 16.0
    assert seen[again + 1][1] is None and seen[again][2] == 24.0 and seen[again + 1][2] is None
    assert seen[len(story)][1] == pytest.approx((new * 3 + float(taken.updates[1].after) - 1) ** 2)
    session.player.seek(first + 0.5)
    assert session.now.frame.value("w") == pytest.approx((w + new) / 2)
    assert session.now.trace.value("w") == new and session.now.graph is session.document.graph
    session.end_story()
    assert session.story is None and session.now.frame.value("w") == new and session.now.frame.at_end


def test_undo_takes_the_step_back_as_one_edit_and_ends_the_story() -> None:
    session = Session(neuron())
    taken = slow_step(session.document.graph, TrainingConfig(lr=0.01))
    session.edit(taken.change)
    session.tell_story(taken)
    session.player.seek(3)
    session.undo()
    assert session.story is None and float(session.now.graph.nodes["w"].value) == 2.0
    assert session.document.undo_text is None


def test_a_node_that_is_moved_leaves_the_story_and_a_value_that_is_set_ends_it() -> None:
    session = Session(neuron())
    taken = slow_step(session.document.graph, TrainingConfig(lr=0.01))
    session.edit(taken.change)
    session.tell_story(taken)
    session.player.seek(5)
    session.edit(lambda graph: edits.move_nodes(graph, {"w": (5.0, 5.0)}))
    assert session.story is not None and session.player.position == 5
    session.edit(lambda graph: edits.set_value(graph, "w", 1.0))
    assert session.story is None and session.now.frame.value("w") == 1.0


def test_a_tensor_that_turns_stands_on_paper_before_and_after() -> None:
    graph = read_file(find_example("train-xor").path)
    taken = slow_step(graph, TrainingConfig(optimizer="sgd", lr=0.1))
    session = Session(graph.apply(taken.change(graph)))
    session.tell_story(taken)
    step = taken.updates[0]
    paper = paper_of(Names(session.now.graph, session.story), step)
    before, gradient, after = (sheet.value for sheet in paper.sheets)
    np.testing.assert_allclose(after, before - 0.1 * gradient, rtol=1e-12)
    assert paper.sheets[0].title == step.node and paper.result.title == f"new {step.node}"


@pytest.mark.parametrize("name", OPTIMISERS)
def test_what_was_kept_of_other_parameters_is_no_beginning(name: str) -> None:
    """After an edit fewer, or others, may learn: their first step is a first step."""
    rows = [("v", "parameter", 0.5), ("w", "parameter", -1.0), ("s", "mul", ["v", "w"]), ("L", "square", ["s"])]
    config = TrainingConfig(optimizer=name, lr=0.1)
    graph = graph_of(*rows, target="L")
    first = slow_step(graph, config)
    graph = graph.apply(first.change(graph))
    for id in ("v", "w"):
        alone = graph.apply(edits.change_op(graph, id, "constant"))
        taken, afresh = slow_step(alone, config, first.memory, first.number), slow_step(alone, config)
        assert taken.number == 1 and taken.parameters == afresh.parameters


@pytest.mark.parametrize("shape", [(1,), (1, 1)])
def test_a_loss_that_is_the_only_element_of_a_tensor_is_learnt_from(shape: tuple[int, ...]) -> None:
    graph = graph_of(("w", "parameter", np.full(shape, 2.0)), ("L", "square", ["w"]), target="L")
    config = TrainingConfig(optimizer="sgd", lr=0.1)
    trainer = Trainer(graph, config)
    trainer.run(2)
    np.testing.assert_allclose(trainer.history.losses, [4.0, 1.6**2])
    assert slow_step(graph, config).drop.after == pytest.approx(1.6**2)


@pytest.mark.parametrize(
    ("name", "decay", "weight", "heading", "why"),
    [
        ("sgd", 0.0, 3.0, "weight turns against its gradient", "SGD: It goes against its gradient"),
        ("sgd", 10.0, 3.0, "weight is moved by weight decay", "Weight decay takes the share η · λ of it besides."),
        ("sgd", 10.0, 0.0, "b is moved by weight decay", "Its gradient is 0: only weight decay moves it"),
        ("momentum", 10.0, 0.0, "b is moved by weight decay", "Weight decay takes the share η · λ of it besides."),
        ("sgd", 0.0, 0.0, "b stays where it is", "Its gradient is 0: a small turn would change nothing"),
    ],
)
def test_what_weight_decay_moves_is_not_said_of_the_gradient(
    name: str, decay: float, weight: float, heading: str, why: str
) -> None:
    """The gradient of `weight` is −1: it alone would make it larger. That of b is `weight`."""
    graph = parse(f"b = -1; weight = {weight}; L = weight * b")
    for id in ("weight", "b"):
        graph = graph.apply(edits.change_op(graph, id, "parameter"))
    taken = slow_step(graph, TrainingConfig(optimizer=name, lr=0.01, weight_decay=decay, batch=0))
    names = Names(graph, taken.before)
    told = {step.node: step for step in taken.updates}[heading.split()[0]]
    assert heading_of(names, told) == heading
    assert why in why_turned(names, told, "gradient")
