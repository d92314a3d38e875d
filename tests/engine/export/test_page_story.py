"""One step of learning on a web page: it is the step that the engine makes, whatever the numbers and the rate."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from engine.edits.document import set_fact
from engine.edits.nodes import change_op
from engine.export.page_facts import plain_value
from engine.export.page_story import RATE, page_story
from engine.export.web_page import as_data, page_text, program_source
from engine.files.disk import load
from engine.graph.graph import Graph
from engine.learn.config import TrainingConfig
from engine.learn.optimisers import OPTIMISERS
from engine.learn.slow import SlowStep, slow_step
from engine.passes.run import holding, run
from engine.passes.trace import ForwardStep, Trace
from engine.show.explain import explain
from engine.text.read import parse
from tests.chromium import needs_chromium
from tests.engine.export.test_web_page import facts_of
from tests.engine.export.test_web_page_in_chromium import TELL, browser, opened, typed
from tests.engine.javascript import in_node, needs_node, value_of

__all__ = ["browser", "opened"]  # fixtures
LEARNING = ("tanh-neuron", "train-xor", "train-line", "iris", "xor-scalars", "residual-spirals", "digits-conv")
SMALL = "x = 2; t = 3; w = 0.5; b = -0.25; p = w * x + b; L = (p - t) ** 2"


def example(name: str) -> Graph:
    return load(str(files("assets") / "examples" / f"{name}.gradloom"))


def small(**training: object) -> Graph:
    graph = parse(SMALL)
    for id in ("w", "b"):
        graph = graph.apply(change_op(graph, id, "parameter"))
    return graph.apply(set_fact(graph, "training", training)) if training else graph


def recorded(graph: Graph, trace: Trace, rate: float) -> str:
    story = page_story(graph, trace)
    assert story is not None
    held = [plain_value(step.value) for step in trace.forward_steps if graph.nodes[step.node].op.is_leaf]
    source = program_source(graph, trace, "program", story).removeprefix("function program(run)")
    return f"recordedAt((run) => {source}, {as_data(held)}, {graph.seed!r}, {rate!r})"


AT_RATE = """
const recordedAt = (write, leaves, seed, rate) => {
  const run = new Passes(leaves.map(untold), seed, rate);
  write(run);
  return run.steps.map((step) => Object.fromEntries(entries(step)));
};
"""


def check_story(taken: SlowStep, told: list[dict[str, object]], about: object) -> None:
    """Every number of the step, to 1e-12 of the largest beside it."""
    again = taken.after.steps[: taken.after.backward_start]
    steps = [*taken.updates, *again, taken.drop]
    assert len(told) == len(taken.before) + len(steps), about
    for step, said in zip(steps, told[len(taken.before) :], strict=True):
        names = ("value",) if isinstance(step, ForwardStep) else ("before", "after")
        names += {"UpdateStep": ("gradient",), "DropStep": ("promised",)}.get(type(step).__name__, ())
        for name in names:
            value = np.asarray(getattr(step, name))
            least = 1e-12 * max(1e-3, float(np.max(np.abs(value), initial=0)))
            np.testing.assert_allclose(value_of(said[name]), value, 1e-12, least, err_msg=f"{about} {name}")


@needs_node
def test_every_example_takes_the_same_step_in_javascript():
    cases = [(name, example(name)) for name in LEARNING]
    stories = [page_story(graph, run(graph)) for _, graph in cases]
    assert None not in stories
    source = ", ".join(
        recorded(graph, run(graph), story.taken.config.lr)
        for (_, graph), story in zip(cases, stories, strict=True)
        if story
    )
    for (name, _), story, told in zip(cases, stories, in_node(f"{AT_RATE}answer([{source}]);"), strict=True):
        assert story is not None
        check_story(story.taken, told, name)


@needs_node
def test_every_optimiser_clip_and_decay_at_another_rate_takes_the_same_step():
    wishes = [{"optimizer": name} for name in OPTIMISERS]
    wishes += [
        {"optimizer": "sgd", "clip": 0.5},
        {"optimizer": "adam", "clip": 100.0},
        {"optimizer": "sgd", "weight_decay": 0.1},
    ]
    graphs = [small(**wish) for wish in wishes]
    told = in_node(f"{AT_RATE}answer([{', '.join(recorded(graph, run(graph), 0.3) for graph in graphs)}]);")
    for wish, graph, steps in zip(wishes, graphs, told, strict=True):
        check_story(slow_step(graph, replace(TrainingConfig.of(graph), lr=0.3, batch=0)), steps, wish)


def test_what_is_said_is_what_the_program_says():
    graph = small()
    trace = run(graph)
    story = page_story(graph, trace)
    assert story is not None and story.taken.config == TrainingConfig("sgd", RATE, batch=0)
    facts = facts_of(page_text(graph, trace))["story"]
    assert (
        facts["rate"] == RATE and facts["again"] == story.again_start and len(facts["steps"]) == len(story) - len(trace)
    )
    stepped = graph.apply(story.taken.change(graph))
    for at, told in enumerate(facts["steps"], len(trace)):
        for wording, said in zip(("gradient", "responsibility"), told["said"], strict=True):
            assert said[0] == explain(stepped, story.part_at(at + 1), story.steps[at], wording).caption
    assert facts["steps"][-1]["said"][0][1].startswith("The promised drop = η · ‖g‖² = 0.1 × ")


@pytest.mark.parametrize("name", ["cs231n-product", "fan-out", "micrograd"])
def test_a_graph_without_parameters_tells_no_step(name):
    graph = example(name)
    assert page_story(graph, run(graph)) is None and "story" not in facts_of(page_text(graph, run(graph)))


# --- in a browser


@needs_chromium
def test_the_step_is_told_scrubbed_both_ways_taken_and_made_anew_of_other_numbers(opened):
    graph = small()
    page, end = opened(graph, prefers_reduced_motion="reduce"), len(run(graph))
    page.click("#learn")
    page.ask("page.pause()")
    check_story(slow_step(graph, TrainingConfig("sgd", RATE)), page.ask(TELL), "told")
    names = "[...document.querySelectorAll('#phases button')].map((x) => x.textContent)"
    assert page.ask(names) == ["forward", "backward", "update", "forward again"]
    taken = slow_step(graph, TrainingConfig("sgd", RATE))
    shown = "document.querySelector('[data-id=w] .value').textContent"
    for position, text in (
        (end, "0.5"),
        (end + 0.5, None),
        (end + 1, "1.4"),
        (end, "0.5"),
        (end + 2, "1.4"),
    ):
        page.ask(f"page.seek({position})")
        assert text is None or page.ask(shown) == text, position
    assert taken.parameters["w"] == pytest.approx(1.4, abs=1e-9)
    typed(page, "[aria-label=x]", "-1.5")
    typed(page, "#rate", "0.05")
    moved = holding(graph, {"x": -1.5})
    check_story(slow_step(moved, TrainingConfig("sgd", 0.05)), page.ask(TELL), "changed")
    facts = facts_of(page_text(moved, run(moved)))["story"]
    page.ask(f"page.seek({end + 1})")
    assert page.text("#caption").startswith("w turns against its gradient: new w = w − η · ∂L/∂w = 0.5 − 0.05 × ")
    page.ask("page.seek(page.end)")
    drop = slow_step(moved, TrainingConfig("sgd", 0.05)).drop
    assert page.text("#caption").startswith("L fell from ") and float(drop.before - drop.after) > 0
    assert page.text("#reason").startswith("The promised drop = η · ‖g‖² = 0.05 × ") and facts["goal"] == "L"
    page.click("#keep")
    page.ask("page.pause()")
    moved = moved.apply(slow_step(moved, TrainingConfig("sgd", 0.05)).change(moved))
    check_story(slow_step(moved, TrainingConfig("sgd", 0.05)), page.ask(TELL), "the next")
    page.click("#reset")
    page.click("#learn")
    assert page.ask("page.end") == end and page.ask("page.changed") is False


@needs_chromium
def test_of_other_numbers_the_page_says_what_the_program_would_say(opened):
    graph = small()
    page = opened(graph, prefers_reduced_motion="reduce")
    page.ask("page.learning.turn(true)")
    for x, rate in ((2.0, 0.1), (1.0, 0.01), (2.0, 0.5), (0.5, 1.0), (2.0, 1e-19), (2.0, 1e200)):
        page.ask("page.holdAll(page.held, 0.2)")
        typed(page, "[aria-label=x]", str(x))
        typed(page, "#rate", str(rate))
        page.ask("page.changed = true")
        moved = holding(small(optimizer="sgd", lr=rate), {"x": x})
        story = page_story(moved, run(moved))
        assert story is not None
        stepped = moved.apply(story.taken.change(moved))
        for wording in (0, 1):
            page.ask(f"document.querySelector('#wording').value = '{wording}'")
            for at in range(story.backward_end, len(story)):
                page.ask(f"page.seat = -2; page.seek({at + 1})")
                step, part = story.steps[at], story.part_at(at + 1)
                said = explain(stepped, part, step, ("gradient", "responsibility")[wording])
                if isinstance(step, ForwardStep):
                    assert page.text("#caption").startswith(said.caption.split(" = ")[0])
                    continue
                assert page.text("#caption") == said.caption, (x, rate, at)
                assert page.text("#reason").endswith(said.why)


@needs_chromium
def test_what_is_refused_is_said_and_the_numbers_stay(opened):
    page = opened(small(), prefers_reduced_motion="reduce")
    page.ask("page.learning.turn(true)")
    leave = "document.activeElement.blur()"
    for field, wrong, right in (
        ("[aria-label=x]", ["abc", "", "1e400", "[1,2]"], "2"),
        ("#rate", ["abc", "-1", "0"], "0.1"),
    ):
        for words in wrong:
            typed(page, field, words)
            page.ask(f"document.querySelector('{field}').dispatchEvent(new Event('change'))")
            page.ask(leave)
            assert page.text("#trouble").startswith(f"“{words}” is not taken: type a "), (field, words)
            assert page.ask(f"document.querySelector('{field}').value") == right
        typed(page, field, right)
        assert page.text("#trouble") == ""
