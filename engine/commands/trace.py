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
way, a local derivative is named by the place of the argument: ∂p/∂(1st); so is a Jacobian of the target itself.

  gradloom trace --expr "q = x + y; f = q * z" --set x=-2 --set y=5 --set z=-4 --explain
"""

import argparse

from engine.commands import _report
from engine.commands._source import add_source, read_source
from engine.export.records import record
from engine.graph.graph import Graph
from engine.passes.run import run
from engine.passes.trace import ContributionStep, ForwardStep, SeedStep, Trace
from engine.show.explain import explain
from engine.show.wording import WORDINGS, Wording
from engine.values.json_text import records_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_source(parser)
    parser.add_argument("--json", action="store_true", help="print JSON, as described below")
    parser.add_argument("--explain", action="store_true", help="a sentence for each step in place of the tables")
    parser.add_argument("--wording", choices=WORDINGS, default="gradient", help="the language of the sentences")


def handle(args: argparse.Namespace) -> int:
    graph = read_source(args, known=True)
    trace = run(graph)
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
        said = explain(graph, trace, step, wording)
        why = f" {said.why}" if isinstance(step, ContributionStep) else ""
        lines.append(f"{i:>{wide}}  {said.caption}{why}")
    return lines


def _tables(graph: Graph, trace: Trace) -> str:
    forward, backward = [], []
    for i, step in enumerate(trace.steps, 1):
        if isinstance(step, ForwardStep):
            forward.append([str(i), step.node, graph.nodes[step.node].op_name, _report.cell(step.value)])
        elif isinstance(step, SeedStep):
            seed = _report.cell(step.gradient)
            backward.append([str(i), "seed", step.node, "", "", seed, seed])
        else:
            numbers = (step.upstream, step.local, step.contribution, step.total)
            backward.append([str(i), step.edge.dest, step.edge.source, *map(_report.cell, numbers)])
    text = "forward\n" + _report.table(["step", "node", "op", "value"], forward, right=["step", "value"])
    if not backward:
        return text
    heads = ["step", "from", "to", "upstream", "local", "contribution", "sum"]
    return f"{text}\n\nbackward\n" + _report.table(heads, backward, right=[heads[0], *heads[3:]])
