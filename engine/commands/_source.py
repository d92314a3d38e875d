"""Where a command's graph comes from: a file, standard input or --expr, with values, parameters and target changed."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from engine import edits
from engine.data.access import ReadAtOnce, use
from engine.data.outside import read_stream, reason
from engine.errors import FileError, GradloomError
from engine.files.examples import examples, find_example
from engine.files.open import read_data, read_file, read_text
from engine.graph.graph import Graph
from engine.ops.op import ONNX, unknown_op
from engine.passes.run import holding
from engine.text.read import parse
from engine.values.literal import parse_value
from engine.values.values import Value

T = TypeVar("T")
_SOURCE = "a .gradloom, program (.txt, .py) or .onnx file, the name of an example, or - for stdin"


def add_source(parser: argparse.ArgumentParser, seed: bool = True) -> None:
    """SOURCE or --expr, and what may be changed in it; `seed` False: --seed is left to the command."""
    add = parser.add_argument
    many: dict[str, Any] = {"action": "append", "default": []}
    add("source", metavar="SOURCE", nargs="?", help=_SOURCE)
    add("--expr", metavar="TEXT", help='a program in place of SOURCE: "q = x + y; f = q * z"')
    add("--set", metavar="NAME=VALUE", help="give a leaf a value: a number or a JSON array", **many)
    add("--param", metavar="NAME", help="make a leaf a parameter", **many)
    add("--allow-data", metavar="PATH", help="a file or folder that datasets may read; SOURCE's own they may", **many)
    add("--target", metavar="ID", help="the node whose gradient is seeded")
    parser.set_defaults(seed=None)
    if seed:
        add("--seed", metavar="G", type=float, help="the gradient that is put into the target (default 1)")


def read_source(args: argparse.Namespace, known: bool = False) -> Graph:
    """The graph that the arguments ask for; `known`: it must be one that can be computed. Raises GradloomError."""
    use(ReadAtOnce([*_own_folder(args.source), *args.allow_data], "Add --allow-data {path} if it may be read"))
    graph = _read(args.source, args.expr)
    for name in args.param:
        graph = graph.apply(edits.change_op(graph, name, "parameter"))
    graph = holding(graph, dict(map(_assignment, args.set)))
    if args.target is not None:
        graph = graph.apply(edits.set_target(graph, args.target))
    if args.seed is not None:
        graph = graph.apply(edits.set_seed(graph, args.seed))
    if known:
        located(_name(args.source), lambda: _refuse_unknown_ops(graph))
    return graph


def read_named(source: str, allowed: Sequence[str] = ()) -> Graph:
    """The graph of a file or an example, as it is; datasets may read beside it and where it is `allowed`."""
    use(ReadAtOnce([*_own_folder(source), *allowed], "Add --allow-data {path} if it may be read"))
    return _read(source, None)


def _own_folder(source: str | None) -> list[str]:
    """Where a graph's datasets may read without being asked about: beside the file that the user named."""
    return [os.path.dirname(os.path.realpath(source))] if source and source != "-" and os.path.exists(source) else []


def _refuse_unknown_ops(graph: Graph) -> Graph:
    """The graph; one with an operation of a newer version can be kept, but not computed."""
    for i, node in enumerate(graph.nodes.values()):
        if not node.op.known:
            is_ours = not node.op_name.startswith(ONNX)
            raise FileError(unknown_op(node.op), (node.id,), f"$.nodes[{i}].op" if is_ours else f"node {node.id}")
    return graph


def _read(source: str | None, text: str | None) -> Graph:
    if (source is None) == (text is None):
        raise GradloomError("give either SOURCE or --expr TEXT" + ("" if source is None else ", not both"))
    if text is not None:
        return located(_name(None), lambda: read_text(text, _tell) if text.lstrip()[:1] != "{" else parse(text))
    assert source is not None
    return located(
        _name(source),
        lambda: read_data(_standard_input(), _tell) if source == "-" else read_file(_path(source), _tell),
    )


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise FileError("standard input cannot be read: it is closed", kind="disk")
    try:
        return read_stream(sys.stdin.buffer)
    except OSError as error:
        raise FileError(f"standard input cannot be read: {reason(error)}", kind="disk") from None


def _tell(sentence: str) -> None:
    """What is worth knowing of how a program was read stands beside the output, not in it."""
    print(f"gradloom: {sentence}", file=sys.stderr)


def _path(source: str) -> str | Path:
    """Where SOURCE is: a file before an example of that name."""
    if os.path.exists(source) or Path(source).suffix:
        return source
    if (example := find_example(source)) is not None:
        return example.path
    names = ", ".join(example.name for example in examples())
    raise FileError(f"“{source}” is neither a file nor an example; the examples are {names}", kind="disk")


def _name(source: str | None) -> str:
    """What a refusal calls the place that a graph comes from."""
    return "--expr" if source is None else "stdin" if source == "-" else source


def located(name: str, act: Callable[[], T]) -> T:
    """Name the source in an error; one that comes from the disk names it already."""
    try:
        return act()
    except GradloomError as error:
        if error.kind == "disk":
            raise
        raise type(error)(f"{name}: {error}", error.ids, kind=error.kind) from None


def _assignment(text: str) -> tuple[str, Value]:
    """`x=-2` and `w=[1, 2]` as a name and a value."""
    name, equals, number = text.partition("=")
    if not equals or not name.strip():
        raise GradloomError(f"--set takes NAME=VALUE, as in x=-2, not “{text}”")
    try:
        return name.strip(), parse_value(number)
    except ValueError as error:
        raise GradloomError(f"--set {name.strip()}: {error}") from None
