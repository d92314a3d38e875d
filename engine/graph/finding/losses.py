"""Losses that are made of parts: sums or means of squares or of sizes of differences, and of logarithms.

scale    a mean, or a constant times or below a sum
term     one square, one size or one logarithm of the sum
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isclose

from engine.graph.finding.found import Finding, Scene

_TITLES = {
    ("square", "mean"): "Mean squared error",
    ("square", "sum"): "Sum of squared errors",
    ("square", ""): "Squared error",
    ("abs", "mean"): "Mean absolute error",
    ("abs", "sum"): "Sum of absolute errors",
    ("abs", ""): "Absolute error",
}
_ONE, _TWO = 1.0, 2.0
SMALL = 0.01  # what is added so that no logarithm is of 0


@dataclass
class _Parts:
    """What a loss is made of so far, in columns from the right."""

    kinds: set[str] = field(default_factory=set)
    columns: dict[int, list[str]] = field(default_factory=dict)
    terms: int = 0
    mean: bool = False
    factor: float = 1.0  # what constants multiply the whole by

    @property
    def counted(self) -> str:
        """Whether it is the mean of its terms, their sum, or one alone."""
        if self.mean or (self.terms > 1 and isclose(self.factor * self.terms, 1)):
            return "mean"
        return "sum" if self.terms > 1 else ""

    def put(self, column: int, *ids: str) -> bool:
        self.columns.setdefault(column, []).extend(ids)
        return True

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        column = {id: at for at in sorted(self.columns) for id in self.columns[at]}  # the leftmost that each is in
        rows = (tuple(id for id, where in column.items() if where == at) for at in sorted(self.columns, reverse=True))
        return tuple(row for row in rows if row)


def find_losses(scene: Scene) -> list[Finding]:
    """The losses at the ends of a graph: at its target, or at what feeds nothing. Their nodes are taken."""
    graph = scene.graph
    ends = [graph.target] if graph.target is not None else [id for id in scene.order if not scene.users(id)]
    found = []
    for end in ends:
        if end in scene.free and (loss := _loss(scene, end) or _log_loss(scene, end)) is not None:
            scene.take(loss)
            found.append(loss)
    return found


# --- differences


def _loss(scene: Scene, end: str) -> Finding | None:
    parts = _Parts()
    if not _scaled(scene, end, parts, 0) or len(parts.kinds) != 1:
        return None
    return Finding("loss", _TITLES[next(iter(parts.kinds)), parts.counted], parts.rows, (), end)


def _scaled(scene: Scene, id: str, parts: _Parts, depth: int) -> bool:
    """A mean or sum of terms, or one term, perhaps times or divided by a constant."""
    op, fed = scene.op(id), scene.fed(id)
    if op in ("mean", "sum") and depth < 3 and fed and scene.is_inner(fed[0]):
        parts.mean |= op == "mean"
        parts.terms += op == "sum"
        return parts.put(depth, id) and _scaled(scene, fed[0], parts, depth + 1)
    if op in ("mul", "div") and depth < 2 and len(set(fed)) == 2:
        scale = next((each for each in reversed(fed) if scene.number(each) is not None), None)
        if scale is None or (op == "div" and scale != fed[1]):
            return False
        body = fed[0] if scale == fed[1] else fed[1]
        number = scene.number(scale) or 1.0
        parts.factor *= 1 / number if op == "div" else number
        own = (scale,) if scene.is_own_leaf(scale) else ()
        parts.put(depth, id)
        parts.put(depth + 1, *own)
        return scene.is_inner(body) and _scaled(scene, body, parts, depth + 1)
    return _sum_of_terms(scene, id, parts, depth)


def _sum_of_terms(scene: Scene, id: str, parts: _Parts, depth: int) -> bool:
    """A sum, nested sums taken apart, all of whose terms are squares or sizes; or one of these."""
    todo = [id]
    while todo:
        at = todo.pop()
        if at != id and not scene.is_inner(at):
            return False
        if scene.op(at) == "add" and len(scene.fed(at)) > 1:
            parts.put(depth, at)
            todo += reversed(scene.fed(at))
        elif not _term(scene, at, parts, depth + 1):
            return False
    return parts.terms > 0


def _term(scene: Scene, id: str, parts: _Parts, depth: int) -> bool:
    op, fed = scene.op(id), scene.fed(id)
    if op == "squared_error":
        parts.kinds.add("square")
        parts.terms += 1
        return parts.put(depth, id)
    if not fed or id not in scene.free:
        return False
    squared = op == "square" or (op == "pow" and scene.number(fed[1]) == _TWO) or (op == "mul" and len(set(fed)) == 1)
    if not squared and op != "abs":
        return False
    uses = 2 if op == "mul" else 1
    difference = _difference(scene, fed[0], uses)
    if difference is None:
        return False
    parts.kinds.add("square" if squared else "abs")
    parts.terms += 1
    own = [fed[1]] if op == "pow" and scene.is_own_leaf(fed[1]) else []
    return parts.put(depth, id) and parts.put(depth + 1, *difference, *own)


def _difference(scene: Scene, id: str, uses: int) -> list[str] | None:
    """a − b, or a + (−b): nodes that serve nothing else."""
    if id not in scene.free or scene.users(id) != uses or id == scene.graph.target:
        return None
    if scene.op(id) == "sub":
        return [id]
    turned = [each for each in scene.fed(id) if scene.op(each) == "neg" and scene.is_inner(each)]
    return [id, *turned] if scene.op(id) == "add" and len(scene.fed(id)) == 2 and len(turned) == 1 else None


# --- logarithms


def _log_loss(scene: Scene, end: str) -> Finding | None:
    """−log p, or −Σ t·log p, of which with 1 − p too is binary; a mean of these. Signs may stand anywhere in it."""
    parts = _Parts()
    at, depth, turned = end, 0, False
    while scene.op(at) in ("neg", "mean", "sum", "mul", "div") and depth < 4:
        body = _unscaled(scene, at, parts, depth)
        if body is None:
            break
        turned ^= scene.op(at) == "neg" or _is_turned(scene, at, body)
        at, depth = body, depth + 1
    if not _logs(scene, at, parts, depth, -1 if turned else 1, at == end):
        return None
    title = "Binary cross-entropy" if "binary" in parts.kinds else "Cross-entropy"
    return Finding("loss", title, parts.rows, (), end)


def _unscaled(scene: Scene, id: str, parts: _Parts, depth: int) -> str | None:
    """What a sign, a mean or a constant stands before; None where that is no node of its own."""
    fed = scene.fed(id)
    numbers = [each for each in fed if scene.number(each) is not None]
    if len(fed) != 1 + len(numbers) or not fed:
        return None
    body = next(each for each in fed if each not in numbers)
    if not scene.is_inner(body):
        return None
    parts.put(depth, id)
    parts.put(depth + 1, *(each for each in numbers if scene.is_own_leaf(each)))
    return body


def _is_turned(scene: Scene, id: str, body: str) -> bool:
    return any((scene.number(each) or 0) < 0 for each in scene.fed(id) if each != body)


def _logs(scene: Scene, id: str, parts: _Parts, depth: int, sign: int, is_end: bool) -> bool:
    """Sums and differences of logarithms, taken apart, each of which counts less than nothing in the end."""
    todo = [(id, sign)]
    while todo:
        at, sign = todo.pop()
        fed = scene.fed(at)
        if not (scene.is_inner(at) or (is_end and at == id)):
            return False
        if scene.op(at) == "add" and len(fed) > 1:
            parts.put(depth, at)
            todo += [(each, sign) for each in reversed(fed)]
        elif scene.op(at) == "neg" and fed:
            parts.put(depth, at)
            todo.append((fed[0], -sign))
        elif scene.op(at) == "sub" and len(fed) == 2:
            parts.put(depth, at)
            todo.append((fed[1], -sign))
            if scene.number(fed[0]) != 0:
                todo.append((fed[0], sign))
            elif scene.is_own_leaf(fed[0]):
                parts.put(depth + 1, fed[0])
        elif _log_term(scene, at, parts, depth + 1) * sign >= 0:
            return False
    return parts.terms > 0


def _log_term(scene: Scene, id: str, parts: _Parts, depth: int) -> int:
    """log p, or something times it: with which sign, 1 or −1; 0: it is none."""
    log, weight, sign = id, None, 1
    if scene.op(id) == "mul" and len(set(fed := scene.fed(id))) == 2:
        bare = [_bare(scene, each) for each in fed]
        log = next((each for each, _ in bare if scene.op(each) == "log" and scene.is_inner(each)), id)
        weight = next((each for each, _ in bare if each != log), None)  # log p times −log p has none
        for each, (_, turned) in zip(fed, bare, strict=True):
            sign = -sign if turned else sign
            parts.put(depth + 1, *([each] if turned else []))
    if scene.op(log) != "log" or not scene.fed(log):
        return 0
    parts.terms += 1
    parts.put(depth, id)
    parts.put(depth + 1, log)
    for each in (_guarded(scene, scene.fed(log)[0], parts, depth + 2), *((weight,) if weight else ())):
        rest = _rest_to_one(scene, each)
        parts.put(depth + 2, *rest)
        if rest and each != weight:
            parts.kinds.add("binary")
    return sign


def _bare(scene: Scene, id: str) -> tuple[str, bool]:
    """A factor without the sign before it, and whether it has one."""
    fed = scene.fed(id)
    return (fed[0], True) if scene.op(id) == "neg" and fed and scene.is_inner(id) else (id, False)


def _guarded(scene: Scene, id: str, parts: _Parts, depth: int) -> str:
    """What stands beside the small number that keeps a logarithm finite; where there is none, the same."""
    fed = scene.fed(id)
    small = [each for each in fed if 0 < (scene.number(each) or 0) <= SMALL]
    if scene.op(id) != "add" or not scene.is_inner(id) or len(fed) != 2 or len(small) != 1:
        return id
    parts.put(depth, id)
    parts.put(depth + 1, *(each for each in small if scene.is_own_leaf(each)))
    return next(each for each in fed if each not in small)


def _rest_to_one(scene: Scene, id: str) -> list[str]:
    """1 − p or −p + 1, which serves nothing else; with its 1."""
    fed = scene.fed(id)
    if len(fed) != 2 or not scene.is_inner(id):
        return []
    ones = [each for each in fed if scene.number(each) == _ONE]
    own = [each for each in ones if scene.is_own_leaf(each)]
    if scene.op(id) == "sub" and fed[0] in ones:
        return [id, *(each for each in own if each == fed[0])]
    turned = [each for each in fed if _bare(scene, each)[1]]
    return [id, *turned, *own] if scene.op(id) == "add" and len(ones) == len(turned) == 1 else []
