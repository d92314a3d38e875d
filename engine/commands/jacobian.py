"""A node's Jacobian with respect to one of its inputs, and the contribution that follows.

Names its structure, and checks that upstream · Jacobian = contribution. NODE is a node, PORT one of its inputs: by
number from 0, by name (a), or by what feeds it. The Jacobian is printed as a matrix, with a row for each element of the
node and a column for each element of the input. With --json instead:

  {"node": id, "port": n, "source": id, "shape": [node's shape…, input's shape…], "structure": …, "sentence": …,
   "jacobian": …, "upstream": …, "contribution": …, "agrees": true}

"upstream", "contribution" and "agrees" are null where no gradient passes. The exit code is 1 where upstream · Jacobian
is not the contribution. With --paths NODE, and no PORT: the gradient of NODE as a sum over all paths to the target;
with --json {"node": id, "count": n, "gradient": …, "paths": [{"nodes": […], "contribution": …}]}.

  gradloom jacobian --expr "p = softmax(z); L = sum(p * t)" --set "z=[1, 2, 3]" --set "t=[0, 1, 0]" p z
  gradloom jacobian --expr "y = x * x; z = y * x" --set x=3 --paths x
"""

import argparse
from typing import Any

from engine.commands import _report
from engine.commands._source import add_source, read_source
from engine.errors import GradloomError
from engine.passes.run import run
from engine.passes.trace import Trace
from engine.truth.jacobian import Jacobian, jacobian
from engine.truth.paths import Paths, paths
from engine.values.json_text import records_text
from engine.values.values import shape_text

_MOST = 12  # rows and columns that are printed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_source(parser)
    parser.add_argument("node", metavar="NODE", nargs="?", help="whose output")
    parser.add_argument(
        "port", metavar="PORT", nargs="?", help="with respect to which input: its number, its name, or what feeds it"
    )
    parser.add_argument("--paths", metavar="NODE", help="the gradient of a node as a sum over all paths instead")
    parser.add_argument("--json", action="store_true", help="print JSON, as described below")


def handle(args: argparse.Namespace) -> int:
    node, port = _places(args)
    graph = read_source(args, known=True)
    trace = run(graph)
    if args.paths is not None:
        return _print_paths(trace, args.paths, args.json)
    found = jacobian(trace, node, port)
    print(records_text(record(found)) if args.json else _text(found))
    return 1 if found.agrees is False else 0


def _places(args: argparse.Namespace) -> tuple[str, str]:
    """NODE and PORT. With --expr there is no SOURCE, and they have moved up by one place."""
    words = [word for word in (args.source, args.node, args.port) if word is not None]
    if args.expr is None:
        args.source, words = (words[0] if words else None), words[1:]
    else:
        args.source = None
    if len(words) != (0 if args.paths else 2):
        raise GradloomError("give NODE and PORT after SOURCE, as in jacobian FILE p z; or --paths NODE")
    return (words[0], words[1]) if words else ("", "")


def record(found: Jacobian) -> dict[str, Any]:
    """What --json prints."""
    return {
        "node": found.node, "port": found.port, "source": found.source, "shape": list(found.matrix.shape),
        "structure": found.structure, "sentence": found.sentence, "jacobian": found.matrix,
        "upstream": found.upstream, "contribution": found.contribution, "agrees": found.agrees,
    }  # fmt: skip


def _text(found: Jacobian) -> str:
    flat = found.flat
    shapes = f"{shape_text(found.y_shape)} by {shape_text(found.x_shape)}"
    lines = [f"∂{found.node}/∂{found.source}: {shapes}, {found.structure}.", found.sentence, ""]
    if max(flat.shape) <= _MOST:
        heads = ["", *(str(j) for j in range(flat.shape[1]))]
        lines.append(_report.table(heads, [[str(i), *(f"{v:.6g}" for v in row)] for i, row in enumerate(flat)], heads))
    else:
        lines.append(f"{flat.shape[0]} rows, {flat.shape[1]} columns: --json prints all of them.")
    if found.agrees is None:
        return "\n".join([*lines, "", "No gradient passes here."])
    said = "=" if found.agrees else "≠"
    sent, product = _report.cell(found.contribution), _report.cell(found.product)
    return "\n".join([*lines, "", f"upstream · Jacobian = {product} {said} contribution {sent}"])


def _print_paths(trace: Trace, node: str, as_json: bool) -> int:
    gradient = trace.gradient(node)
    if gradient is None:
        raise GradloomError(f"“{node}” does not get a gradient")
    found = paths(trace, node)
    rows = [{"nodes": list(path.nodes), "contribution": path.contribution} for path in found.found]
    if as_json:
        print(records_text({"node": node, "count": found.count, "gradient": gradient, "paths": rows}))
    else:
        print(_path_table(found, node))
    return 0


def _path_table(found: Paths, node: str) -> str:
    rows = [[" → ".join(path.nodes), _report.cell(path.contribution)] for path in found.found]
    left = found.count - len(found.found)
    more = f"\n… and {left} more paths" if left else ""
    whole = "" if left else f"\n\ngradient of {node} = {_report.cell(found.total)}: the sum of the paths"
    return _report.table(["path", "contribution"], rows, right=["contribution"]) + more + whole
