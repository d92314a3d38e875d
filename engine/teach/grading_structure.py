"""The structure of a submission against that of the reference: what is right, and a sentence for what is not.

Names, labels, places and the order of nodes and edges do not count; neither does the order of what an op makes of its
inputs in any order alike.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.graph.quoting import listed
from engine.graph.records import Edge
from engine.teach.grading_colours import Side
from engine.teach.grading_match import Pairs, edges_of
from engine.values.json_text import dump, json_ready
from engine.values.values import exact_text


@dataclass
class Tally:
    """How many things of one aspect are right, of how many; and what is wrong, in sentences."""

    right: int = 0
    of: int = 0
    sentences: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return self.right == self.of


def called(side: Side, id: str) -> str:
    """A node as a student finds it: by its label, and by its id."""
    node = side.graph.nodes[id]
    return f"“{node.label}” ({id})" if node.label and node.label != id else id


def described(reference: Side, submission: Side, match: Pairs, id: str) -> str:
    """A node of the reference as the student knows it: by the name of its pair, or by what it is and takes."""
    if id in match.pairs:
        return called(submission, match.pairs[id])
    node = reference.graph.nodes[id]
    kind = f"{node.op.title} of" if not node.op.is_leaf else f"the {node.op.title.lower()}"
    if node.op.is_leaf:
        return f"{kind} {id}"
    sources = [edge.source for edge in reference.graph.into(id)]
    names = [called(submission, match.pairs[s]) if s in match.pairs else s for s in dict.fromkeys(sources)]
    return f"{kind} {listed(names, 'node')}" if names else f"{node.op.title} {id}"


def judged_structure(reference: Side, submission: Side, match: Pairs) -> Tally:
    """Every node, every edge, the target and its seed are one thing each; so is whatever there is too much.

    Where no sweep tells the two graphs apart they count as equal, even if the pairs that were found do not show it: to
    try all pairs could take for ever.
    """
    marks = Tally()
    for wrong in (_nodes, _edges):
        wrong(reference, submission, match, marks)
    if match.alike:
        marks = Tally(marks.of, marks.of)
    _ends(reference, submission, match, marks)
    return marks


def _nodes(reference: Side, submission: Side, match: Pairs, marks: Tally) -> None:
    extra = [id for id in submission.graph.nodes if id not in match.back]
    marks.of += len(reference.graph.nodes) + len(extra)
    for id in reference.graph.nodes:
        its = match.pairs.get(id)
        if its is None:
            what = described(reference, submission, match, id)
            marks.sentences.append(f"A node is missing: {what}{_feeding(reference, submission, match, id)}.")
        elif wrong := list(_otherwise(reference, submission, id, its)):
            marks.sentences += wrong
        else:
            marks.right += 1
    for id in extra:
        title = submission.graph.nodes[id].op.title
        marks.sentences.append(f"{called(submission, id)} ({title}) is not part of what is asked for.")


def _feeding(reference: Side, submission: Side, match: Pairs, id: str) -> str:
    dests = dict.fromkeys(edge.dest for edge in reference.graph.out_of(id))
    names = [described(reference, submission, match, dest) for dest in dests if dest in match.pairs]
    return f", which goes into {listed(names, 'node')}" if names else ""


def _otherwise(reference: Side, submission: Side, ours: str, its: str) -> Iterator[str]:
    wanted, found, name = reference.graph.nodes[ours], submission.graph.nodes[its], called(submission, its)
    if wanted.op_name != found.op_name:
        yield f"{name} is {found.op.title} ({found.op_name}); it should be {wanted.op.title} ({wanted.op_name})."
        return
    titles = {setting.name: setting.title.split(" (")[0] for setting in wanted.op.settings}
    for key, right in wanted.chosen.items():
        if dump(json_ready(found.chosen.get(key))) != dump(json_ready(right)) and key in titles:
            said, should = (_said(part) for part in (found.chosen.get(key), right))
            yield f"{name}: the setting “{titles[key] or key}” is {said}; it should be {should}."


def _said(part: object) -> str:
    if part is None:
        return "none"
    return exact_text(part) if isinstance(part, float) else dump(json_ready(part)).strip('"')


def _edges(reference: Side, submission: Side, match: Pairs, marks: Tally) -> None:
    wanted = edges_of(reference)
    found = edges_of(submission, match.back)
    hanging = [e for e in submission.graph.edges.values() if not {e.source, e.dest} <= match.back.keys()]
    right = {key: min(count, found.get(key, 0)) for key, count in wanted.items()}
    unasked = sum(count - right.get(key, 0) for key, count in found.items()) + len(hanging)
    marks.right += sum(right.values())
    marks.of += sum(wanted.values()) + unasked
    missing = {key: count - right[key] for key, count in wanted.items() if count > right[key]}
    spare = {key: count - right.get(key, 0) for key, count in found.items() if count > right.get(key, 0)}
    dests = dict.fromkeys(dest for dest, *_ in (*missing, *spare))
    for dest in dests:
        marks.sentences += _inputs_of(reference, submission, match, dest, missing, spare)
    for edge in hanging:
        if edge.dest in match.back:
            marks.sentences.append(_hanging(reference, submission, match, edge))


def _hanging(reference: Side, submission: Side, match: Pairs, edge: Edge) -> str:
    into, ours = called(submission, edge.dest), match.back[edge.dest]
    wanted = [e for e in reference.graph.into(ours) if reference.port(e) == submission.port(edge)]
    open_ones = [e for e in wanted if match.pairs.get(e.source) not in _sources(submission, edge.dest)]
    should = f"; it should take {described(reference, submission, match, open_ones[0].source)}" if open_ones else ""
    return f"{into} takes {called(submission, edge.source)}{_at(submission, edge)}{should}."


def _sources(side: Side, id: str) -> set[str]:
    return {edge.source for edge in side.graph.into(id)}


def _at(side: Side, edge: Edge) -> str:
    op = side.graph.nodes[edge.dest].op
    return "" if side.any_order[edge.dest] or op.fewest < 2 else f" at its port {op.port_text(edge.port)}"


_Counted = Mapping[tuple[str, int, str, int], int]


def _inputs_of(
    reference: Side, submission: Side, match: Pairs, dest: str, missing: _Counted, spare: _Counted
) -> Iterator[str]:
    """What one node takes, and should take: one sentence a port."""
    if dest not in match.pairs:
        return  # that the node is missing is said
    into = called(submission, match.pairs[dest])
    ports = dict.fromkeys(port for at, port, *_ in (*missing, *spare) if at == dest)
    for port in ports:
        wanted = [_from(reference, submission, match, key) for key in missing if key[:2] == (dest, port)]
        taken = [_from(reference, submission, match, key) for key in spare if key[:2] == (dest, port)]
        op = reference.graph.nodes[dest].op
        at = "" if port < 0 or op.fewest < 2 else f" at its port {op.port_text(port)}"
        if taken and wanted:
            yield f"{into} takes {listed(taken, 'node')}{at}; it should take {listed(wanted, 'node')}."
        elif wanted and not _is_hanging(submission, match, match.pairs[dest], port):
            yield f"{into} does not take {listed(wanted, 'node')}{at}, and should."
        elif taken:
            yield f"{into} takes {listed(taken, 'node')}{at}, and should not."


def _is_hanging(submission: Side, match: Pairs, its: str, port: int) -> bool:
    """Whether something else comes in there, of which it is said already."""
    edges = (edge for edge in submission.graph.into(its) if submission.port(edge) == port)
    return any(edge.source not in match.back for edge in edges)


def _from(reference: Side, submission: Side, match: Pairs, key: tuple[str, int, str, int]) -> str:
    name = described(reference, submission, match, key[2])
    outputs = reference.graph.nodes[key[2]].op.outputs
    return f"{name} ({outputs[key[3]]})" if len(outputs) > 1 and key[3] < len(outputs) else name


def _ends(reference: Side, submission: Side, match: Pairs, marks: Tally) -> None:
    """The target, and what is put into it."""
    wanted, found = reference.graph.target, submission.graph.target
    marks.of += 2
    right = (match.pairs.get(wanted) if wanted is not None else None) == found and (found is None) == (wanted is None)
    if right:
        marks.right += 1
    else:
        is_now = "There is no target" if found is None else f"The target is {called(submission, found)}"
        should = "there should be none" if wanted is None else described(reference, submission, match, wanted)
        marks.sentences.append(f"{is_now}; {'it should be ' if wanted is not None else ''}{should}.")
    if reference.graph.seed == submission.graph.seed:
        marks.right += right
    else:
        seeds = (exact_text(side.graph.seed) for side in (submission, reference))
        marks.sentences.append("The gradient put into the target is {}; it should be {}.".format(*seeds))
