"""Compare the gradients with central differences: exit code 1 where they disagree.

Every element of every leaf that gets a gradient is moved up and down by small steps, extrapolated to none, and held
against what both executors say: the stepper, which is shown, and the compiled function, which trains. The verdicts: ok;
kink (the step crosses a corner, such as ReLU at 0, where there is no derivative to compare with); undefined (the target
is not finite there, or too steep to measure); mismatch. Only a mismatch makes the exit code 1. With --json:

  {"target": id, "ok": true, "tolerance": 2e-08, "worst": …, "wrong": "", "leaves": {id: {"verdict": …, "worst": …,
   "gradient": …, "compiled": …, "numeric": …, "error": …, "verdicts": …, "wrong": …}}}

"wrong" says who disagrees: "stepper", "compiled", "both", or "one" where they disagree with each other and nothing can
say which is right.
"worst" is the largest relative error, |a − n| / max(|a|, |n|), of what could be compared; "verdict" is the worst of a
leaf's "verdicts". With --sweep LEAF: the error of one element against the step size, from round-off on the small side
to truncation on the large one; with --json {"leaf": id, "index": […], "points": [{"h": …, "numeric": …, "error": …}]}.

  gradloom check --expr "relu(w * x + b)" --set w=2 --set x=3 --set b=-1
  gradloom check --expr "sin(x) * exp(x)" --set x=1 --sweep x
"""

import argparse
import json
import math
from typing import Any

from engine.commands import _report
from engine.commands._source import add_source, read_source
from engine.errors import GradloomError
from engine.graph.graph import Graph
from engine.truth.differences import TOLERANCE, WHO, LeafCheck, Report, SweepPoint, gradcheck, h_sweep
from engine.values.json_text import records_text
from engine.values.values import Value, counted

_BAR = 40  # characters for 16 decades of error


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_source(parser)
    parser.add_argument("--json", action="store_true", help="print JSON, as described below")
    parser.add_argument("--tolerance", metavar="E", type=float, default=TOLERANCE, help="the relative error allowed")
    parser.add_argument("--most", metavar="N", type=int, help="check at most N elements of each leaf, at random")
    parser.add_argument("--sweep", metavar="LEAF", help="the error against the step size, for one element of a leaf")
    parser.add_argument("--index", metavar="[I, J]", default="[]", help="which element of the leaf, as a JSON array")


def handle(args: argparse.Namespace) -> int:
    graph = read_source(args, known=True)
    if args.sweep is not None:
        _print_sweep(graph, args)
        return 0
    if not 0 <= args.tolerance <= 1:
        raise GradloomError("--tolerance takes a number from 0 to 1: 0.001 allows a thousandth of the gradient")
    if args.most is not None and args.most < 1:
        raise GradloomError("--most takes a whole number, 1 or above")
    checked = gradcheck(graph, tolerance=args.tolerance, most=args.most)
    print(records_text(record(checked)) if args.json else _table(checked))
    return 0 if checked.ok else 1


def record(checked: Report) -> dict[str, Any]:
    """What --json prints."""
    leaves = {leaf.leaf: _leaf_record(leaf) for leaf in checked.leaves}
    facts = {"target": checked.target, "ok": checked.ok, "tolerance": checked.tolerance, "worst": checked.worst}
    return {**facts, "wrong": checked.wrong_one, "leaves": leaves}


def _leaf_record(leaf: LeafCheck) -> dict[str, Any]:
    return {
        "verdict": leaf.verdict, "worst": leaf.worst, "gradient": leaf.analytic, "compiled": leaf.compiled,
        "numeric": leaf.numeric, "error": leaf.error, "verdicts": leaf.verdicts.tolist(), "wrong": leaf.wrong.tolist(),
    }  # fmt: skip


def _table(checked: Report) -> str:
    rows = [
        [leaf.leaf, _report.cell(_said(leaf)), _report.cell(leaf.numeric), f"{leaf.worst:.1e}", _verdict(leaf)]
        for leaf in checked.leaves
    ]
    heads = ["leaf", "gradient", "numeric", "error", "verdict"]
    text = _report.table(heads, rows, right=heads[1:4])
    return f"{text}\n\n{_summary(checked)}"


def _summary(checked: Report) -> str:
    said = [
        _counted(checked.count("mismatch"), "disagrees", "disagree", _accused(checked)),
        _counted(checked.count("ok"), "agrees", "agree", "with central differences"),
        _counted(checked.count("kink"), "is", "are", "at a kink, where there is no derivative"),
        _counted(checked.count("undefined"), "is", "are", "where there is no slope to measure"),
    ]
    return "; ".join(filter(None, said)) + "." if any(said) else "No leaf gets a gradient."


def _said(leaf: LeafCheck) -> Value:
    """The gradient that the row is about: the compiled function's where only that is wrong."""
    return leaf.compiled if leaf.wrong_one == "compiled" else leaf.analytic


def _accused(checked: Report) -> str:
    """`with central differences, in training, but not step by step`: with what, and who."""
    who = WHO[checked.wrong_one]
    return who if checked.wrong_one == "one" else f"with central differences, {who}"


def _counted(count: int, one: str, many: str, what: str) -> str:
    return f"{counted(count, 'element')} {one if count == 1 else many} {what}" if count else ""


def _verdict(leaf: LeafCheck) -> str:
    others = [f"{leaf.count(v)} {v}" for v in ("mismatch", "undefined", "kink", "skipped") if leaf.count(v)]
    return "ok" if not others else ", ".join(others) if leaf.verdicts.ndim else leaf.verdict


def _print_sweep(graph: Graph, args: argparse.Namespace) -> None:
    index = _index(args.index)
    try:
        points = h_sweep(graph, args.sweep, index)
    except (IndexError, TypeError, ValueError):
        raise GradloomError(f"{args.sweep} has no element {args.index}") from None
    if args.json:
        rows = [{"h": p.h, "numeric": p.numeric, "error": p.error} for p in points]
        print(records_text({"leaf": args.sweep, "index": list(index), "points": rows}))
        return
    table = [[f"{p.h:.1e}", f"{p.numeric!r}", f"{p.error:.1e}", _bar(p)] for p in points]
    print(_report.table(["h", "numeric", "error", ""], table, right=["numeric", "error"]))


def _index(text: str) -> tuple[int, ...]:
    try:
        index = json.loads(text)
        return tuple(index) if isinstance(index, list) else (int(index),)
    except (ValueError, TypeError, RecursionError):
        raise GradloomError(f"--index takes a JSON array of whole numbers, not “{text}”") from None


def _bar(point: SweepPoint) -> str:
    """A bar as long as the error has decades above 1e−16."""
    decades = 16 + math.log10(min(max(point.error, 1e-16), 1.0)) if math.isfinite(point.error) else 16.0
    return "▪" * round(_BAR * decades / 16)
