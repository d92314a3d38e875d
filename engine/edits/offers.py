"""What a search offers for what is typed: ops, leaves, expressions and examples, the likeliest first.

Nothing is made here: an offer says what it would do, in words, and carries what would do it (`engine.edits.quick`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from engine.edits.blocks import BLOCKS, block_refusal, made_block
from engine.edits.edges import judge
from engine.edits.join import known_names, outputs_there
from engine.edits.quick import (
    Around,
    Made,
    NewEdge,
    NewGraph,
    NewNode,
    NewNote,
    NewText,
    NewValue,
    crowd_sentence,
    feed_name,
)
from engine.edits.saying import MOST_NAMED, listed, refusal_sentence
from engine.errors import GradloomError, one_line
from engine.files.examples import examples
from engine.files.open import read_pasted, with_values
from engine.graph.graph import Graph
from engine.graph.names import ID
from engine.graph.records import Node
from engine.ops.matching import BEGINS, EXACT, LEAST_PART, LOOSE, OTHER_NAME, PART, best, op_rank, plain, rank
from engine.ops.op import GROUPS, OPS, Op
from engine.text.meant import call_meant, name_meant
from engine.values.literal import BeyondFloats, parse_value
from engine.values.values import Value, counted, exact_text, value_text

_NOTE = re.compile(r"notes?(?:\s*:\s*(.*))?\Z", re.DOTALL | re.IGNORECASE)
_NAMED = re.compile(r"\s*([A-Za-z_]\w*)\s*=(?!=)\s*(.*)\Z", re.DOTALL)
_BLOCK = re.compile(r"([A-Za-z][A-Za-z ]*?)\s*(\d{1,3})?\Z")
_WEIGHT = re.compile(r"(w|W|weight|theta|bias)(_\w*|\d*)\Z")  # who calls a leaf so means a parameter
_INFIX = {"×": "·", "÷": "/"}
_MOST_NODES = 5  # that are there, and begin as what is typed
_MOST_USE = 1.5  # so much does habit count against one more port that fits
_LEAVES = ("constant", "input", "parameter")
NO_INPUT = "A value has no input in which the edge could end."


@dataclass(frozen=True)
class Offer:
    """One row: what it is, what it would do to what is selected, or in `refusal` why it cannot.

    `key` is what its use is remembered under; `family` has its colour; `order` says how well it fits, the least first.
    """

    key: str
    symbol: str
    title: str
    effect: str
    made: Made
    family: str = ""
    refusal: str = ""
    order: tuple[float, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Offers:
    """What was found; and the sentence why nothing was, or what of the text is not understood.

    `sure`: the first is what was typed; else all are only about a part of it, and none is taken unasked.
    """

    rows: tuple[Offer, ...] = ()
    sentence: str = ""
    sure: bool = True


def find_offers(graph: Graph, text: str, around: Around = Around(), used: Sequence[str] = ()) -> Offers:  # noqa: B008
    """All that a text may mean here. `used`: the keys of what was chosen before, the latest first."""
    typed, here, habit = text.strip(), around.within(graph), _habit(used)
    rows = [*_ops(graph, typed, here, habit)]
    if not typed:
        return Offers(_sorted(rows))
    rows += [*_nodes(graph, typed, here), *_notes(typed, here, habit)]
    named, value = _NAMED.match(typed), _value(typed)
    held = _value(named[2]) if named else None
    sentence, sure = NO_INPUT if here.source else "", True
    if value is not None:
        rows += _values(value, here, habit)
    elif named and held is not None:
        rows += _named_leaf(graph, named[1], held, here)
    else:
        written, sentence = _expression(graph, typed, here)
        rows += [*_blocks(graph, typed, here, habit), *_examples(typed, here, habit), *written]
        if said := _too_large(named[2] if named else typed) or ("" if written else _call_meant(typed, rows)):
            return Offers(sentence=said)
        if not written and not _is_words(typed) and any(char.isalnum() for char in typed):
            rows = [row for row in rows if row.order[2] < PART]  # `x+` is no loose way to call Linear layer
        if not rows and (head := typed.partition("(")[0].strip()):
            called = _ops(graph, head, here, habit)  # `max(x`; but `foo(` is no loose way to call Floor division
            rows += [row for row in called if row.order[2] < (PART if ")" not in typed else BEGINS)]
            sure = False
        sentence = "" if written or (rows and "(" not in typed) else sentence
    if any(plain(node.name) == plain(typed) for node in graph.nodes.values()):
        sure = sure and all(row.order[2:3] < (OTHER_NAME,) for row in _sorted(rows)[:1])  # `s10` is not Log to base 10
    return Offers(_sorted(rows), sentence if sentence != NO_INPUT or not rows else "", sure)


def use_of(used: Iterable[str], key: str) -> list[str]:
    """The keys of what was chosen, with one more in front. The oldest are forgotten."""
    return [key, *used][:100]


def _habit(used: Sequence[str]) -> dict[str, float]:
    """How often and how lately each was chosen: the last choice counts most."""
    weights: dict[str, float] = {}
    for age, key in enumerate(used):
        weights[key] = min(weights.get(key, 0.0) + 0.4 * 0.95**age, _MOST_USE)
    return weights


def _sorted(rows: Iterable[Offer]) -> tuple[Offer, ...]:
    return tuple(sorted(rows, key=lambda row: row.order))


def _order(tier: float, refusal: str, fit: float, use: float) -> tuple[float, ...]:
    """What is called exactly so comes first, then what fits; then the name, the ports and the habit decide."""
    return (tier > EXACT, bool(refusal), tier, -(fit + use))


# --- ops


def _ops(graph: Graph, typed: str, around: Around, habit: dict[str, float]) -> Iterator[Offer]:
    groups, feeds = list(GROUPS), around.feeds
    for op in sorted(OPS.values(), key=lambda op: groups.index(op.group)):
        tier = op_rank(typed, op) if typed else PART
        if tier is None or (around.source and not op.ports):
            continue
        fed = feeds if op.ports else ()
        edge = around.edge if op.ports else None
        refusal = crowd_sentence(graph, op.name, len(fed))
        made = NewNode(op.name, feeds=fed, edge=edge, port=around.port)
        order = _order(tier, refusal, _fit(op, made), habit.get(op.name, 0.0))
        yield Offer(op.name, op.symbol, op.title, _effect(graph, op, made), made, op.family, refusal, order)


def _fit(op: Op, made: NewNode) -> float:
    """How many ports are fed; a little less where some stay open."""
    count = 1 if made.edge else len(made.feeds)
    if not count and made.port is None:
        return 0.0
    return count if count >= len(op.ports) else count - 0.5


def _effect(graph: Graph, op: Op, made: NewNode) -> str:
    """What comes of it: `= x · y`."""
    if made.port is not None:
        return _into(graph, made.port)
    if made.edge is not None:
        edge = graph.edges[made.edge]
        rest = "" if len(op.ports) == 1 else ", with an input still open"
        return f"between {graph.nodes[edge.source].name} and {graph.nodes[edge.dest].name}{rest}"
    if not made.feeds:
        return op.tooltip
    fed = made.feeds if len(made.feeds) <= MOST_NAMED else (*made.feeds[: MOST_NAMED - 1], ("", 0), made.feeds[-1])
    names = [feed_name(graph, id, output) if id else "…" for id, output in fed] + ["…"] * (
        len(op.ports) - len(made.feeds)
    )
    if op.infix:
        return "= " + f" {_INFIX.get(op.symbol, op.symbol)} ".join(names)
    return f"= {op.name}({', '.join(names)})"


def _into(graph: Graph, port: tuple[str, int]) -> str:
    dest = graph.nodes[port[0]]
    return f"into {dest.op.port_text(port[1])} of {dest.name}"


# --- nodes that are there


def _nodes(graph: Graph, typed: str, around: Around) -> Iterator[Offer]:
    """An edge that hangs free may end at a node that there is, which is called by its name."""
    if around.source is None and around.port is None:
        return
    wanted = plain(typed)
    called = [
        (name, node, output)
        for node in graph.nodes.values()
        for output, name in enumerate(_end_names(graph, node, around))
        if plain(name).startswith(wanted)
    ]
    for name, node, at in sorted(called, key=lambda row: len(row[0]))[:_MOST_NODES]:
        if node.id == (around.source or around.port or ("",))[0]:
            continue
        ports = list(graph.open_ports(node.id)) or [0]
        source, output = around.source or (node.id, at)
        made = NewEdge(source, around.port or (node.id, ports[0]), output)
        verdict = judge(graph, source, *made.port, output)
        effect = f"connect it {_into(graph, made.port)}" if verdict.allowed else ""
        tier = EXACT if plain(name) == wanted else BEGINS
        order = _order(tier, "" if verdict.allowed else verdict.sentence, 1.0, 0.0)
        refusal = "" if verdict.allowed else verdict.sentence
        yield Offer("", node.op.symbol, name, effect, made, node.op.family, refusal, order)


def _end_names(graph: Graph, node: Node, around: Around) -> list[str]:
    """What one may call the ends of an edge at a node: `data.features` and `data.targets` where it has several."""
    count = len(node.op.outputs) if around.port else 1
    return [feed_name(graph, node.id, output) for output in range(count)] if count > 1 else [node.name]


# --- leaves


def _too_large(text: str) -> str:
    """Why a number cannot be, if it is one that no float holds."""
    try:
        parse_value(text)
    except BeyondFloats as error:
        return str(error)
    except ValueError:
        pass
    return ""


def _call_meant(typed: str, rows: Sequence[Offer]) -> str:
    """What to write for a call without brackets; but `max pool` is a search, and no call."""
    said = call_meant(typed) if all(row.order[2] >= LOOSE for row in rows) else ""
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _value(text: str) -> Value | None:
    try:
        return parse_value(text)
    except ValueError:
        return None


def _shown(value: Value) -> str:
    return exact_text(float(value)) if value.ndim == 0 else value_text(value)


def _values(value: Value, around: Around, habit: dict[str, float]) -> Iterator[Offer]:
    """A number alone: a leaf that holds it."""
    if around.source:
        return
    for number, name in enumerate(_LEAVES):
        op, use = OPS[name], habit.get(f"value {name}", 0.0)
        made = NewNode(name, value=value, port=around.port)
        order = (0.0, 0.0, EXACT, -use, number)
        yield Offer(f"value {name}", op.symbol, f"{op.title} {_shown(value)}", op.tooltip, made, op.family, "", order)


def _named_leaf(graph: Graph, name: str, value: Value, around: Around) -> Iterator[Offer]:
    """`x = 3`: the leaf x takes this value; where there is none, it is made."""
    if around.source:
        return
    text = f"{name} = {_shown(value)}"
    there = graph.nodes.get(name)
    if there is not None and there.op.holds_value:
        effect = f"{there.op.title} {there.name} is there: it takes this value"
        yield Offer("", there.op.symbol, text, effect, NewValue(name, value), there.op.family)
        return
    taken = "" if there is None else f"{name} is there already, and is computed: choose another name."
    kinds = ("parameter", "input") if _WEIGHT.match(name) else ("input", "parameter")
    for number, kind in enumerate(kinds[:1] if taken else kinds):
        op = OPS[kind]
        made = NewNode(kind, name, value, port=around.port)
        effect = _into(graph, around.port) if around.port else f"a new {op.title.lower()}"
        yield Offer("", op.symbol, text, effect, made, op.family, taken, (0.0, 0.0, EXACT, number))


# --- expressions


def _expression(graph: Graph, typed: str, around: Around) -> tuple[list[Offer], str]:
    """What a text makes, read as a program; or why it cannot be read."""
    if _is_words(typed):
        return _new_name(graph, typed, around), f"No operation, number or example is called “{one_line(typed, 40)}”."
    try:
        read = read_pasted(typed, there=outputs_there(graph))
    except GradloomError as error:
        return [], refusal_sentence(error)
    known = known_names(graph, read)
    whole, _ = with_values(read, known)
    names = [node for node in whole.nodes.values() if node.op.holds_value and not node.op.constant]
    if said := next((said for node in names if node.id not in known and (said := name_meant(typed, node.id))), ""):
        return [], f"{said[:1].upper()}{said[1:]}."
    made = NewText(whole, _aims(graph, whole, known.values()) and around.port is None, around.port)
    refusal = ""
    if around.source and around.source[0] not in known.values():
        refusal = f"This does not use {graph.nodes[around.source[0]].name}, from which the edge comes."
    fresh = len(known) < len(whole.nodes)
    certain = not known or len(known) == len(names)
    order = (0.0 if certain else 1.0, bool(refusal), EXACT, 0.0)
    if not fresh:
        there = [graph.nodes[id].name for id in dict.fromkeys(known.values())]
        return [], f"This adds nothing: {listed(there)} {'is' if len(there) == 1 else 'are'} there already."
    return [Offer("", "ƒ", typed, _text_effect(graph, made, known), made, "", refusal, order)], ""


def _is_words(typed: str) -> bool:
    """A name, or several; not `2x`, `x²` or `x^2`: those may be an expression."""
    return (
        typed[:1].isalpha()
        and "π" not in typed
        and all(char.isalpha() or char.isdecimal() or char in " _'’" for char in typed)
    )


def _new_name(graph: Graph, typed: str, around: Around) -> list[Offer]:
    """A word that names no node and no op may be the name of an input."""
    if not ID.match(typed) or typed in graph.nodes or around.source:
        return []
    if any(op_rank(typed, op) == EXACT for op in OPS.values()):
        return []
    op, made = OPS["input"], NewNode("input", typed, port=around.port)
    return [Offer("", op.symbol, f"{op.title} {typed}", "a new input", made, op.family, "", (1, 0, LOOSE, 0.0))]


def _aims(graph: Graph, whole: Graph, known: Iterable[str]) -> bool:
    """Whether the end becomes the target: where there is none, or where it goes on from the old one."""
    end = whole.nodes.get(whole.target or "")
    return end is not None and (graph.target is None or graph.target in known)


def _text_effect(graph: Graph, made: NewText, known: dict[str, str]) -> str:
    """What comes in, which inputs are among it, which nodes it goes on from, and what becomes of its end."""
    whole = made.expression
    inputs = [id for id, node in whole.nodes.items() if node.op_name == "input" and id not in known]
    parts = [counted(len(whole.nodes) - len(known), "new node")]
    if known:
        parts.append(f"from {listed([graph.nodes[id].name for id in dict.fromkeys(known.values())])}")
    if inputs:
        parts.append(f"{listed(inputs)} {'is' if len(inputs) == 1 else 'are'} new")
    if made.port is not None:
        parts.append(_into(graph, made.port))
    return ", ".join(parts) + ("; sets the target" if made.aim else "")


# --- neurons, layers and examples


def _blocks(graph: Graph, typed: str, around: Around, habit: dict[str, float]) -> Iterator[Offer]:
    """`neuron`, `layer 4`: on what is selected."""
    said = _BLOCK.match(typed)
    if said is None or around.edge is not None:
        return
    for block in BLOCKS:
        tier = best(said[1], block.names)
        if tier is None or tier >= PART:
            continue
        key, units, feeds = f"block {block.names[0]}", max(int(said[2] or block.units), 1), around.feeds
        if around.port is not None and units > 1:
            continue
        refusal = block_refusal(graph, feeds, units)
        aims = not around.port and (graph.target is None or graph.target in dict(feeds))
        made = made_block(graph, () if refusal else feeds, 1 if refusal else units, aims, around.port)
        names = listed([graph.nodes[id].name for id, _ in feeds]) if feeds else "two new inputs"
        effect = f"tanh(w·x + b) on {names}: {counted(len(made.expression.nodes) - len(feeds), 'new node')}"
        order = _order(min(tier, BEGINS), refusal, len(feeds), habit.get(key, 0.0))
        yield Offer(key, "ƒw", block.title(units), effect, made, "activation", refusal, order)


def _notes(typed: str, around: Around, habit: dict[str, float]) -> Iterator[Offer]:
    """`note`, or `note: the loss`; as one types it, `no` is enough."""
    said = _NOTE.match(typed)
    if (
        around.edge
        or around.source
        or around.port
        or not (said or (len(typed) > 1 and "note".startswith(typed.lower())))
    ):
        return
    text = (said[1] or "").strip() if said else ""
    effect = (
        f"Plain text on the canvas: {one_line(text)}" if text else "Plain text on the canvas, to be typed in its place"
    )
    order = _order(EXACT if said else BEGINS, "", 0.0, habit.get("note", 0.0))
    yield Offer("note", "¶", "Note", effect, NewNote(text), "", "", order)


def _examples(typed: str, around: Around, habit: dict[str, float]) -> Iterator[Offer]:
    wanted = plain(typed)
    if around.source or around.port or len(wanted) < LEAST_PART or not wanted.replace(" ", "").isalnum():
        return
    for example in examples():
        ranks = [rank(wanted, text) for text in (example.title, example.name, f"example {example.group}")]
        tier = min((one for one in ranks if one is not None), default=None)
        if tier is not None and tier < LOOSE:
            order = _order(max(tier, BEGINS) + 0.5, "", 0.0, habit.get(example.name, 0.0))
            yield Offer(
                f"example {example.name}", "▤", example.title, example.description, NewGraph(example), "", "", order
            )
