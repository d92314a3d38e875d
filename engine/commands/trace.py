"""Every step of both passes: upstream, local derivative, contribution, running sum.

Prints the values in the order in which they become known, then the gradient's way back. With --json instead:

  {"target": id, "steps": [
    {"step": 1, "phase": "forward", "kind": "value", "node": …, "value": …, "sentence": …, "equations": […]},
    {"step": 6, "phase": "backward", "kind": "seed", "node": …, "value": …, "sentence": …, "equations": […]},
    {"step": 7, "phase": "backward", "kind": "contribution", "from": …, "to": …, "port": …, "upstream": …, "local": …,
     "contribution": …, "total": …, "axes": […], "sentence": …,
     "equations": [{"kind": …, "of": …, "by": …, "port": …, "number": …, "text": …, "latex": …, "latex_numbers": …}]}]}

"from" is the node that sends a contribution, at its input port "port"; "to" is the node that receives it, and "total"
its gradient after that. "local" is null where a contribution is not an elementwise product (matmul …). "axes" are
those summed over because broadcasting had repeated the receiver along them. A leaf's second output and later ones
have "output", their number.

"equations" are what the step says in signs. "kind" is "value" (q = x + y = 3), "seed" (∂L/∂z = 10), "local" (the
local derivative ∂p/∂x of the node "by", at its input "port", with respect to the node "of"), "contribution" (∂L/∂p ·
∂p/∂x = 15, on its way from "by" to "of") or "gradient" (∂L/∂x = 10 + 15 = 25: the whole gradient of "of", told when its
last contribution has arrived). "number" is what both sides are, "text" one line of plain text, "latex" the same in
symbols and "latex_numbers" with the numbers put in. L stands for seed · target, or for the sum of the target's
elements if it has several; with a seed of 1 it is written as the target's own name. Where x feeds p by more than one
way, a local derivative says by which: ∂p/∂(1st x), ∂p/∂(x directly); where broadcasting repeats x, ∂p/∂(copy of x).

With --learn there is one step of learning behind both passes, by the training that the graph asks for: "phase" is
"update" for each parameter ("gradient", "before", and "value" after it), then "forward again", whose last step is of
"kind" "drop": what is differentiated "before" and after, and the drop that the gradient had "promised". Their equations
are of the kinds "update" and "drop".

  gradloom trace --expr "q = x + y; f = q * z" --set x=-2 --set y=5 --set z=-4 --explain
"""

import argparse

import numpy as np

from engine.commands import _report
from engine.commands._source import add_source, read_source
from engine.export.records import record
from engine.graph.graph import Graph
from engine.passes.run import run
from engine.passes.trace import ContributionStep, DropStep, ForwardStep, SeedStep, Step, Trace, UpdateStep
from engine.show.explain import explain
from engine.show.story import story_of
from engine.show.wording import WORDINGS, Wording
from engine.values.json_text import records_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_source(parser)
    parser.add_argument("--learn", action="store_true", help="and one step of learning: update, and forward again")
    parser.add_argument("--json", action="store_true", help="print JSON, as described below")
    parser.add_argument("--explain", action="store_true", help="a sentence for each step in place of the tables")
    parser.add_argument("--wording", choices=WORDINGS, default="gradient", help="the language of the sentences")


def handle(args: argparse.Namespace) -> int:
    graph = read_source(args, known=True)
    trace = run(graph)
    if args.learn:
        graph, trace = story_of(graph)
    if args.json:
        print(records_text(record(graph, trace, args.wording)))
    elif args.explain:
        print("\n".join(_sentences(graph, trace, args.wording)))
    else:
        print(_tables(graph, trace))
    return 0


def _sentences(graph: Graph, trace: Trace, wording: Wording) -> list[str]:
    wide = len(str(len(trace)))
    lines = []
    for i, step in enumerate(trace.steps, 1):
        said = explain(graph, trace.part_at(i), step, wording)
        why = f" {said.why}" if isinstance(step, ContributionStep | UpdateStep | DropStep) else ""
        lines.append(f"{i:>{wide}}  {said.caption}{why}")
    return lines


VALUES = ("step", "node", "op", "value")
HEADS = {
    "forward": VALUES,
    "backward": ("step", "from", "to", "upstream", "local", "contribution", "sum"),
    "update": ("step", "parameter", "optimiser", "gradient", "old", "new"),
    "forward again": VALUES,
    "drop": ("step", "of", "", "before", "after", "promised drop", "true drop"),
}


def _tables(graph: Graph, trace: Trace) -> str:
    tables: dict[str, list[list[str]]] = {}
    for i, step in enumerate(trace.steps, 1):
        phase = next(name for name, start in reversed(trace.phases) if start < i)
        phase = "drop" if isinstance(step, DropStep) else phase
        tables.setdefault(phase, []).append([str(i), *_cells(graph, step)])
    return "\n\n".join(
        f"{phase}\n{_report.table(list(HEADS[phase]), rows, right=[HEADS[phase][0], *HEADS[phase][3:]])}"
        for phase, rows in tables.items()
    )


def _cells(graph: Graph, step: Step) -> list[str]:
    if isinstance(step, ForwardStep):
        return [step.node, graph.nodes[step.node].op_name, _report.cell(step.value)]
    if isinstance(step, SeedStep):
        seed = _report.cell(step.gradient)
        return ["seed", step.node, "", "", seed, seed]
    if isinstance(step, UpdateStep):
        return [step.node, step.optimiser, *map(_report.cell, (step.gradient, step.before, step.after))]
    if isinstance(step, DropStep):
        true = np.float64(step.before - step.after)
        return [step.node, "", *map(_report.cell, (step.before, step.after, step.promised, true))]
    numbers = (step.upstream, step.local, step.contribution, step.total)
    return [step.edge.dest, step.edge.source, *map(_report.cell, numbers)]
