"""A graph as the records of a `*.gradloom` file and back: its checks; `migrations` lifts older versions.

`encode` and `decode` speak the text of a file, `to_record` and `from_record` the dicts in it. One node or edge stands
on a line, keys in a fixed order. Every refusal is a FileError; its `where` is the JSON path of the place.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeVar

import msgspec
import numpy as np

from engine import ops as _declared  # noqa: F401 - importing it fills the op table
from engine.errors import FileError
from engine.files.migrations import MIGRATIONS, VERSION, Migrations, Record, version_for
from engine.graph.graph import Graph
from engine.graph.names import ID
from engine.graph.records import Edge, Node
from engine.layout.layout import laid_out
from engine.ops.op import Op, Settings, get_op
from engine.values.json_text import NON_FINITE, dump_rows, json_ready, parse
from engine.values.values import MOST_AXES, Value, as_value

FORMAT = "gradloom"

# --- graph → file


def encode(graph: Graph) -> str:
    """The text of a file that holds `graph`."""
    return dump_rows(to_record(graph)) + "\n"


def to_record(graph: Graph) -> Record:
    """`graph` as dicts and lists that JSON can hold, keys in the order of the format."""
    version = version_for(node.op_name for node in graph.nodes.values())
    record: Record = {"format": FORMAT, "version": version}
    record |= _facts(graph, "title", "example", "target", "seed")
    record["nodes"] = [_node_record(node) for node in graph.nodes.values()]
    record["edges"] = [_edge_record(edge) for edge in graph.ordered_edges()]
    return record | _facts(graph, "regions", "training", "view")


def _facts(graph: Graph, *names: str) -> Record:
    return {name: json_ready(graph.facts[name]) for name in names if name in graph.facts}


def _node_record(node: Node) -> Record:
    pos = [int(c) if float(c).is_integer() else float(c) for c in node.pos]
    if node.raw is not None:  # of an unknown op: everything else as it was found
        label = {"label": node.label} if node.label != _label_of(node.raw) else {}
        return {**node.raw, "id": node.id, **label, "pos": pos}
    record: Record = {"id": node.id, "op": node.op_name}
    if node.label:
        record["label"] = node.label
    if node.value is not None:
        record["value"] = json_ready(node.value)
    if node.settings:
        record["settings"] = json_ready(dict(node.settings))
    return record | {"pos": pos}


def _edge_record(edge: Edge) -> Record:
    output = {"output": edge.output} if edge.output else {}
    return {"from": edge.source, "to": edge.dest, "port": edge.port, **output}


def _label_of(raw: Mapping[str, Any]) -> str:
    label = raw.get("label", "")
    return label if isinstance(label, str) else ""


# --- file → graph


class _NodeRecord(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    op: str
    label: str = ""
    value: Any = None
    settings: dict[str, Any] | None = None
    pos: tuple[float, float] = (0.0, 0.0)


class _UnknownRecord(msgspec.Struct):
    """What a node has in every version, whatever a newer one writes beside it."""

    id: str
    op: str
    pos: tuple[float, float] = (0.0, 0.0)


class _EdgeRecord(msgspec.Struct, forbid_unknown_fields=True):
    source: str = msgspec.field(name="from")
    dest: str = msgspec.field(name="to")
    port: int
    output: int = 0


class ExampleRecord(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Where an example stands in the menu, and what there is to see in it."""

    group: str
    order: int = 0
    description: str = ""


class _FileRecord(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: int
    nodes: list[Any]
    edges: list[_EdgeRecord] = []
    title: str = ""
    example: ExampleRecord | None = None
    target: str | None = None
    seed: Any = 1.0
    regions: list[dict[str, Any]] = []
    training: dict[str, Any] | None = None
    view: dict[str, Any] | None = None


def decode(text: str | bytes) -> Graph:
    """The graph that the text of a file holds. Raises FileError."""
    return from_record(parse(text))


def from_record(record: Any) -> Graph:
    """The graph of a file's record, lifted from an older version where need be. Raises FileError.

    Where no node of a file has a position, the nodes are laid out.
    """
    file = _converted(migrated(record), _FileRecord, "$")
    nodes: dict[str, Node] = {}
    for i, data in enumerate(file.nodes):
        node = _read_node(data, f"$.nodes[{i}]", i)
        if node.id in nodes:
            raise FileError(f"there is already a node “{node.id}”", (node.id,), f"$.nodes[{i}].id")
        nodes[node.id] = node
    edges = _read_edges(file.edges, nodes)
    if file.target is not None and file.target not in nodes:
        raise FileError(f"there is no node “{_short(file.target)}”", where="$.target")
    example = file.example and msgspec.to_builtins(file.example)
    facts = {"example": example, "regions": tuple(file.regions), "training": file.training, "view": file.view}
    seed = _read_number(file.seed, "$.seed")
    graph = Graph.of(nodes.values(), edges, title=file.title, target=file.target, seed=seed, **facts)
    _check_loops(graph, edges)
    return graph if any("pos" in data for data in file.nodes) else laid_out(graph)


def migrated(record: Any, migrations: Migrations = MIGRATIONS, version: int = VERSION) -> Record:
    """A record lifted to `version`, one step a version. Raises FileError for a newer one and for other files."""
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise FileError(f"this is not a Gradloom file: its format is not “{FORMAT}”", where="$.format")
    written = record.get("version")
    if type(written) is not int or written < 1:
        wanted = f"a whole number from 1 to {version}" if version > 1 else "the number 1"
        raise FileError(f"the version must be {wanted}", where="$.version")
    if written > version:
        newer = f"this file has format {written}, from a newer Gradloom; this one reads formats up to {version}"
        raise FileError(newer, where="$.version")
    for step in range(written, version):
        record = {**migrations[step](record), "version": step + 1}
    return dict(record)


# --- nodes


def _read_node(data: Any, path: str, rank: int) -> Node:
    op = get_op(data["op"]) if isinstance(data, dict) and isinstance(data.get("op"), str) else None
    if op is not None and not op.known:
        unknown = _converted(data, _UnknownRecord, path)
        _check_place(unknown.id, unknown.pos, path)
        return Node(unknown.id, unknown.op, label=_label_of(data), pos=unknown.pos, raw=data, rank=rank)
    record = _converted(data, _NodeRecord, path)
    _check_place(record.id, record.pos, path)
    kind = get_op(record.op)
    if record.value is not None and not kind.holds_value:
        why = "its values come from its data" if kind.is_leaf else "it is computed from its inputs"
        raise FileError(f"{record.op} holds no value: {why}", (record.id,), f"{path}.value")
    value = None if record.value is None else read_value(record.value, f"{path}.value")
    settings = _read_settings(kind, record.settings or {}, f"{path}.settings")
    return Node(record.id, record.op, value, record.label, record.pos, settings, rank=rank)


def _check_place(id: str, pos: tuple[float, float], path: str) -> None:
    if not ID.match(id):
        sentence = f"“{_short(id)}” cannot be an id: use letters, digits and _, and do not begin with a digit"
        raise FileError(sentence, where=f"{path}.id")
    for i, number in enumerate(pos):
        if not math.isfinite(number):
            raise FileError("a position must be a finite number", (id,), f"{path}.pos[{i}]")


def read_value(data: Any, path: str = "$") -> Value:
    """A number or nested lists of numbers, non-finite ones as text, as a value. Raises FileError with the place."""
    try:
        array = np.asarray(data)
        if array.dtype.kind in "iuf" and array.size:
            return as_value(array)
    except ValueError:
        pass  # ragged or too deep: looked for number by number
    return as_value(_read_numbers(data, path, 0))


def _read_numbers(data: Any, path: str, depth: int) -> Any:
    if not isinstance(data, list):
        return _read_number(data, path)
    if not data:
        raise FileError("an empty list is not a value", where=path)
    if depth == MOST_AXES:
        raise FileError(f"a value can have at most {MOST_AXES} axes", where=path)
    items = [_read_numbers(item, f"{path}[{i}]", depth + 1) for i, item in enumerate(data)]
    shapes = [np.shape(item) for item in items]
    odd = next((i for i, shape in enumerate(shapes) if shape != shapes[0]), None)
    if odd is not None:
        raise FileError("the lists of a value must all have the same length", where=f"{path}[{odd}]")
    return items


def _read_number(data: Any, path: str) -> float:
    if isinstance(data, str) and data in NON_FINITE:
        return NON_FINITE[data]
    if type(data) not in (int, float):
        raise FileError('there must be a number here, or one of the texts "nan", "inf" and "-inf"', where=path)
    try:
        return float(data)
    except OverflowError:
        raise FileError("this number is too large for a 64-bit float", where=path) from None


def _read_settings(op: Op, given: Record, path: str) -> Settings:
    declared = {setting.name: setting for setting in op.settings}
    checked: Record = {}
    for name, data in given.items():
        if name not in declared:
            raise FileError(f"{op.name} has no setting “{_short(name)}”", where=f"{path}.{_short(name)}")
        number = isinstance(declared[name].default, float) and isinstance(data, str)
        try:
            checked[name] = declared[name].checked(NON_FINITE.get(data, data) if number else data)
        except ValueError as error:
            raise FileError(str(error), where=f"{path}.{name}") from None
    return tuple(sorted(checked.items()))


# --- edges


def _read_edges(records: list[_EdgeRecord], nodes: Mapping[str, Node]) -> list[Edge]:
    edges: dict[tuple[str, int], Edge] = {}
    for i, record in enumerate(records):
        edge = Edge(record.source, record.dest, record.port, record.output)
        _check_edge(edge, nodes, f"$.edges[{i}]")
        if edge.key in edges:
            other = edges[edge.key].source
            sentence = f"two edges end at port {edge.port} of “{edge.dest}”: the other comes from “{other}”"
            raise FileError(sentence, (edge.dest,), f"$.edges[{i}].port")
        edges[edge.key] = edge
    _check_gaps(list(edges.values()), nodes)
    return list(edges.values())


def _check_edge(edge: Edge, nodes: Mapping[str, Node], path: str) -> None:
    for key, id in (("from", edge.source), ("to", edge.dest)):
        if id not in nodes:
            raise FileError(f"there is no node “{_short(id)}”", where=f"{path}.{key}")
    source, dest = nodes[edge.source].op, nodes[edge.dest].op
    if dest.is_leaf:
        raise FileError(f"“{edge.dest}” is a leaf ({dest.name}): no edge can end there", (edge.dest,), f"{path}.to")
    if edge.port < 0 or (dest.known and not dest.repeats and edge.port >= len(dest.ports)):
        ports = f"{len(dest.ports)} ports, counted from 0" if len(dest.ports) != 1 else "one port, number 0"
        sentence = f"“{edge.dest}” ({dest.name}) has no port {edge.port}: it has {ports}"
        raise FileError(sentence, (edge.dest,), f"{path}.port")
    if edge.output < 0 or (source.known and edge.output >= len(source.outputs)):
        raise FileError(f"“{edge.source}” has no output {edge.output}", (edge.source,), f"{path}.output")


def _check_gaps(edges: list[Edge], nodes: Mapping[str, Node]) -> None:
    """Where ports repeat, only the first few may stand open: the others have grown one by one."""
    used = Counter(edge.dest for edge in edges)
    for i, edge in enumerate(edges):
        op = nodes[edge.dest].op
        if op.repeats and edge.port >= max(op.fewest, used[edge.dest]):
            sentence = f"port {edge.port} of “{edge.dest}” leaves a gap: a port before it has no edge"
            raise FileError(sentence, (edge.dest,), f"$.edges[{i}].port")


def _check_loops(graph: Graph, edges: list[Edge]) -> None:
    if _ends_all(edges):
        return
    loop = graph.topology.loop()
    last = max(i for i, edge in enumerate(edges) if edge in loop)
    names = [loop[0].source, *(edge.dest for edge in loop)]
    shown = names if len(names) <= 9 else [*names[:4], "…", *names[-4:]]
    raise FileError(f"this edge closes a loop: {' → '.join(shown)}", tuple(names[1:]), f"$.edges[{last}]")


def _ends_all(edges: list[Edge]) -> bool:
    """Whether whoever follows the edges comes to an end, wherever they start: no networkx is needed to say so."""
    feeds: dict[str, set[str]] = {}
    for edge in edges:
        feeds.setdefault(edge.dest, set()).add(edge.source)
    try:
        TopologicalSorter(feeds).prepare()
    except CycleError:
        return False
    return True


# --- records


_T = TypeVar("_T")
_WORDS = {"str": "text", "float": "a number", "int": "a whole number", "array": "a list", "object": "an object"}


def _converted(data: Any, kind: type[_T], path: str) -> _T:
    """`data` as a record; what msgspec objects to becomes a sentence of ours, at the full path."""
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        message, _, at = str(error).partition(" - at `$")
        raise FileError(_sentence(message), where=path + at.rstrip("`")) from None


def _sentence(message: str) -> str:
    if name := re.search("unknown field `(.*)`", message):
        return f"this version does not know the key “{_short(name[1])}” here"
    if name := re.search("required field `(.*)`", message):
        return f"the key “{name[1]}” is missing"
    plain = message[:1].lower() + message[1:]
    return re.sub("`([^`]*)`", lambda kinds: " or ".join(_WORDS.get(k, k) for k in kinds[1].split(" | ")), plain)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
