"""One step of learning for a web page: how it is computed, in JavaScript, and what is said of each of its steps.

It is the first step of a training, over the rows that are shown. Where the graph says nothing of its training it goes
plainly downhill. The page puts other numbers in, a learning rate too: the rule of the optimiser is written out.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from engine.errors import GradloomError
from engine.export.javascript import forward_source, in_javascript
from engine.graph.graph import Graph
from engine.layout.shown import Shown
from engine.learn.config import TrainingConfig
from engine.learn.rule import GRADIENT, OWN
from engine.learn.slow import slow_step
from engine.passes.trace import DropStep, RuleLine, Trace, UpdateStep, step_node, step_seconds
from engine.show.equation import equations_of
from engine.show.explain import explain
from engine.show.names import Names
from engine.show.story import StoryTrace, told_step
from engine.show.wording import WORDINGS
from engine.values.values import Value

RATE = 0.1  # of a graph that says nothing of its training
_FROM_ZERO = ("m", "v")  # what an optimiser keeps, before the first step


def page_story(graph: Graph, trace: Trace) -> StoryTrace | None:
    """The step, where the graph has parameters that its target can be improved by."""
    if trace.plan.target is None or not any(node.op_name == "parameter" for node in graph.nodes.values()):
        return None
    try:
        config = TrainingConfig.of(graph) if graph.fact("training") else TrainingConfig("sgd", RATE)
        _, story = told_step(graph, slow_step(graph, replace(config, batch=0), as_shown=True))
    except GradloomError:
        return None
    return story if len(story.taken.before) == len(trace) else None


# --- computed


def story_source(graph: Graph, trace: Trace, story: StoryTrace) -> str:
    """The statements behind both passes: each parameter turns, forward again, the drop. Raises ExportError."""
    taken, slots = story.taken, trace.plan.slots
    turned = [slots[step.node, 0] for step in taken.updates]
    lines = [f"run.shorten({turned}, {taken.config.clip!r});"] if taken.config.clip else []
    lines += [_turn(step, slots[step.node, 0], bool(taken.config.clip)) for step in taken.updates]
    lines += ["run.again();", *forward_source(graph, trace)]
    return "\n".join([*lines, f"run.drop({slots[taken.drop.node, 0]});"])


def _turn(step: UpdateStep, slot: int, clips: bool) -> str:
    """The rule of the optimiser for one parameter, line by line."""
    lines = step.lines
    if clips and lines[0].name != "g":  # it was short enough now; with other numbers it may not be
        lines = tuple(line._replace(parts=_shortened(line.parts)) for line in lines)
        lines = (
            RuleLine("g", "c * g", {"c": ("c", np.float64(1)), "g": (GRADIENT, step.gradient)}, step.gradient),
            *lines,
        )
    made: dict[str, str] = {}
    said = []
    for number, line in enumerate(lines):
        names = {letter: _number(*part, slot, made) for letter, part in line.parts.items()}
        said.append(f"n{number} = {in_javascript(line.source, names)}")
        made[line.name] = f"n{number}"
    return f"{{ const {', '.join(said)}; run.turn({slot}, [{', '.join(made.values())}]); }}"


def _shortened(parts: dict[str, tuple[str, Any]]) -> dict[str, tuple[str, Any]]:
    return {letter: ("g" if name == GRADIENT else name, value) for letter, (name, value) in parts.items()}


def _number(name: str, value: Value, slot: int, made: dict[str, str]) -> str:
    """Where the page has a number of a rule."""
    known = {GRADIENT: f"g[{slot}]", OWN: f"v[{slot}]", "η": "run.rate", "c": "run.short"}
    if name in _FROM_ZERO:
        return "0"
    return made.get(name) or known.get(name) or repr(float(value))


# --- said


def story_facts(graph: Graph, trace: Trace, shown: Shown, story: StoryTrace) -> dict[str, Any]:
    """What the page is told of the step: its numbers, its phases, and its steps behind those of the passes."""
    config, end = story.taken.config, story.backward_end
    return {
        "rate": config.lr, "decay": config.weight_decay, "clip": config.clip, "optimiser": config.optimizer,
        "goal": Names(graph, trace).goal, "again": story.again_start,
        "turned": [trace.plan.slots[step.node, 0] for step in story.taken.updates],
        "steps": list(_steps(graph, story, shown, end)),
    }  # fmt: skip


def _steps(graph: Graph, story: StoryTrace, shown: Shown, first: int) -> Iterator[dict[str, Any]]:
    stepped = graph.apply(story.taken.change(graph))
    for at in range(first, len(story)):
        step, part = story.steps[at], story.part_at(at + 1)
        said = [explain(stepped, part, step, wording) for wording in WORDINGS]
        told = [[each.caption, _reason(step, each.numbers, each.why, each.caption)] for each in said]
        card = shown.cover.place_of(step_node(step))
        yield {"card": card, "seconds": step_seconds(step), "said": told} | _signs(stepped, part, step)


def _reason(step: object, numbers: str, why: str, caption: str) -> str:
    if isinstance(step, DropStep):
        return f"{numbers[0].upper()}{numbers[1:]}. {why}"
    return "" if why == caption else why


def _signs(graph: Graph, trace: Trace, step: object) -> dict[str, Any]:
    """What its last equation says in signs: the page puts other numbers behind them."""
    if not isinstance(step, UpdateStep | DropStep):
        return {}
    names, equations = Names(graph, trace), equations_of(graph, trace, step)
    sides = [[each.left.piece(names.plain).text, each.right.piece(names.plain).text] for each in equations]
    name = names.node(step.node)
    return {"left": sides[-1][0], "right": sides[-1][1], "name": name} | (
        {"promise": sides[0]} if isinstance(step, DropStep) else {}
    )
