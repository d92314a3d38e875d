"""One cell of a tensor in words: the sum that it is, in this graph's names and in numbers, and why it is that sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from engine.passes.trace import ContributionStep, Trace
from engine.show.cell_slope import slope_text
from engine.show.names import Names
from engine.show.terms import rounded
from engine.show.wording import Wording, worded
from engine.truth.cells import Cell, CellFactor, CellProduct, WrittenCell, sources_of, task_of
from engine.values.values import bracketed, counted, number_text

_DIGITS = (3, 4, 5, 6, 9, 12)  # of a factor: more where large products cancel
MOST_TERMS = 6  # that are written out; the others are added up


@dataclass(frozen=True)
class CellText:
    """What is said of a cell: what it is, its sum in symbols and in numbers, what that makes, and why."""

    title: str
    symbols: str
    numbers: str
    result: str
    why: str


def cell_text(names: Names, written: WrittenCell, of: tuple[str, int] | None, wording: Wording) -> CellText:
    """A cell in words; `of`: the edge along which it travels, of a contribution."""
    shown, rest = written.products[:MOST_TERMS], written.products[MOST_TERMS:]
    symbols = [" · ".join(factor_text(names, f, written.cell) for f in product.factors) for product in shown]
    others = [sum(product.number for product in rest)] if rest else []
    factors = [*([factor.number for factor in product.factors] for product in shown), others]
    digits = _enough(factors, written.recorded)
    numbers = _numbers(factors[:-1], digits or _DIGITS[-1])
    if rest:
        symbols.append(f"… ({counted(len(rest), 'product')} more)")
        numbers += f" + {bracketed(number_text(others[0], digits or _DIGITS[-1]))} (the others)"
    return CellText(
        _title(names, written, of),
        " + ".join(symbols),
        numbers if len(written.products) > 1 or any(len(product.factors) > 1 for product in shown) else "",
        f"{'=' if digits else '≈'} {number_text(written.recorded)}",
        worded(_why(names, written, of), wording),
    )


def place_text(cell: Cell) -> str:
    """`[1, 2]`; of a single number nothing."""
    return f"[{', '.join(map(str, cell))}]" if cell else ""


def factor_text(names: Names, factor: CellFactor, by: Cell = ()) -> str:
    """A factor as it is called: `x[0, 3]`, `∂L/∂z[0, 2]`, `∂h[0]/∂z[0]`; `by`: the cell of the input, of a slope."""
    at = place_text(factor.cell)
    if factor.kind == "number":
        return bracketed(number_text(factor.number))
    if factor.kind == "seed":
        return names.seed_word
    node = names.node(factor.node)
    if factor.kind == "value":
        return f"{node}{at}"
    if factor.kind == "gradient":
        return names.seed_word if _is_seed(names, factor.node) else f"∂{names.goal}/∂{node}{at}"
    if factor.kind == "contribution":
        return f"from {node}"
    slope = slope_text(names, factor, by) if _is_seed(names, factor.node) else None
    if slope:
        return slope.factor  # “∂L/∂s[0] = seed · ∂L/∂s[0]” would say nothing
    value, source = names.trace.value(factor.node), _source_name(names, factor.node, factor.port)
    is_number = value is not None and value.ndim == 0
    return f"∂{node}{'' if is_number else at}/∂{source}{place_text(by)}"


def _is_seed(names: Names, node: str) -> bool:
    return names.target_is_goal and node == names.trace.plan.target


def _source_name(names: Names, node: str, port: int) -> str:
    edge = names.graph.edges[node, port]
    alone = names.alone(edge)
    return f"({alone})" if alone else names.node(edge.source)


def _enough(sum_of: Sequence[Sequence[float]], result: float) -> int:
    """With how many digits products are printed so that what stands there makes the result that stands there; 0: with
    none that can be read."""
    with np.errstate(all="ignore"):
        for digits in _DIGITS:
            made = sum(
                prod(float(rounded(np.float64(each), digits)) for each in factors) for factors in sum_of if factors
            )
            if number_text(made) == number_text(result):
                return digits
    return 0


def _numbers(products: Sequence[Sequence[float]], digits: int) -> str:
    """`0.094·1.7 + (−0.026)·0 + …`"""
    texts = list[str]()
    for product in products:
        factors = [number_text(number, digits) for number in product]
        texts.append(" · ".join([factors[0] if not texts else bracketed(factors[0]), *map(bracketed, factors[1:])]))
    return " + ".join(texts)


def _title(names: Names, written: WrittenCell, of: tuple[str, int] | None) -> str:
    node, at = names.node(written.node), place_text(written.cell)
    place = f" at {at}" if at else ""
    if written.kind == "value":
        return f"{node}{place}"
    if written.kind == "gradient" or of is None:
        return f"∂{names.goal}/∂{node}{place}"
    if len(names.trace.arrivals[written.node]) == 1:
        return f"∂{names.goal}/∂{node}{place}"
    return f"from {names.node(of[0])} to {node}{place}"


def _why(names: Names, written: WrittenCell, of: tuple[str, int] | None) -> str:
    if written.kind == "value":
        return _why_value(names, written)
    if written.kind == "gradient" or of is None:
        count = len(written.products)
        source = names.node(written.node)
        return (
            f"{source} is used {count} times, and a change of it acts by all of them at once: what comes back is added."
            if count > 1
            else f"{source} is used once: what comes back from there is its whole gradient."
        )
    return _why_contribution(names, written, of)


def _why_value(names: Names, written: WrittenCell) -> str:
    node, op = names.node(written.node), names.graph.nodes[written.node].op
    if written.products:
        return _why_sum(names, written, node)
    if len(written.fed_by) > 1:
        fed = ", ".join(factor_text(names, factor) for factor in written.fed_by[:MOST_TERMS])
        more = " …" if len(written.fed_by) > MOST_TERMS else ""
        return f"{op.title} of {fed}{more}."
    return f"{op.title} of {factor_text(names, written.fed_by[0])}." if written.fed_by else ""


def _why_sum(names: Names, written: WrittenCell, node: str) -> str:
    """What meets, and what is only added."""
    meeting = [product.factors for product in written.products if len(product.factors) > 1]
    if not meeting:
        return f"{counted(len(written.products), 'cell')} added up make this cell of {node}."
    if meeting[0][0].kind == "number":
        share, whose = number_text(meeting[0][0].number), names.node(meeting[0][1].node)
        return f"{counted(len(meeting), 'cell')} of {whose} make it, each times {share}."
    one, other = (names.node(factor.node) for factor in meeting[0])
    added = [factor_text(names, product.factors[0]) for product in written.products if len(product.factors) == 1]
    then = f", and {' and '.join(added)} is added" if added else ""
    what = f"{counted(len(meeting), 'cell')} of {one} meet as many of {other}: their products add up"
    return f"{what if len(meeting) > 1 else f'A cell of {one} meets one of {other}'}{then}."


def _why_contribution(names: Names, written: WrittenCell, of: tuple[str, int]) -> str:
    trace: Trace = names.trace
    op, node = names.graph.nodes[of[0]].op, names.node(of[0])
    at = f"{names.node(written.node)}{place_text(written.cell)}"
    if op.cell and of[1] == 0:
        shared = len(op.cell) > 2 and any(_share_of(product) for product in written.products)
        said = op.cell[2 if shared else 0 if written.products else 1]
        if said and not _has_a_sum(names, written):
            return said.format(at=at, node=node)
    if not written.products:
        return f"The slope from {at} to {node} is 0 here, so nothing comes back to it."  # of an id, of a factor of 0 …
    step = trace.contribution(of)
    count = 1 if step is None else _copies(step, len(written.products))
    if step is not None and count > 1:
        axes = " and ".join(f"axis {axis}" for axis in step.axes)
        return f"{at} was copied forward along {axes} ({count} copies), so what comes back to the copies is summed."
    return _why_linear(names, written, at, node) + _why_transposed(names, written, of)


def _has_a_sum(names: Names, written: WrittenCell) -> bool:
    """Whether a slope is p · Σ t − t, because the targets of a sample do not add up to 1: it is not p − t then."""
    factors = [factor for product in written.products for factor in product.factors if factor.kind == "local"]
    slope = slope_text(names, factors[0], written.cell) if len(factors) == 1 else None
    return slope is not None and "sum(" in slope.symbols


def _copies(step: ContributionStep, met: int) -> int:
    """How often broadcasting has repeated an element; `met`: how many products its cell is made of."""
    shape = step.upstream.shape
    if not step.axes or len(shape) <= max(step.axes):
        return met if step.axes else 1
    return prod(shape[axis] for axis in step.axes)


def _why_linear(names: Names, written: WrittenCell, at: str, node: str) -> str:
    """Of an op that adds, moves or multiplies."""
    first, count = written.products[0], len(written.products)
    if len(first.factors) > 1 and first.factors[1].kind == "value":
        other = names.node(first.factors[1].node)
        met = f"{counted(count, 'cell')} of {other}" if count > 1 else factor_text(names, first.factors[1])
        added = "one product comes back from each, and these add up"
        return f"Going forward, {at} was multiplied by {met}: {added if count > 1 else 'so is what comes back to it'}."
    if count == 1 and len(first.factors) == 1:
        there = f"{node}{place_text(first.factors[0].cell)}"
        return f"{at} went into {there} as it is: what reached it there comes back unchanged."
    if count > 1 and all(len(product.factors) == 1 or _is_slope_1(product) for product in written.products):
        return f"{at} went into {count} cells of {node} as it is: what reached them is added."
    if first.factors[-1].kind == "number":
        share = number_text(first.factors[-1].number)
        return f"{at} went into {node} times {share}: so much of what reached it comes back."
    if not written.recorded and all(product.factors[-1].number == 0 for product in written.products):
        return f"Nothing of what reached {node} goes on to {at}: it is multiplied by 0."  # a class id has no slope
    if count == 1:
        said = f"{node}{place_text(first.factors[0].cell)} depends on {at} with this slope"
        slope = slope_text(names, first.factors[-1], written.cell)
        return f"{said}: {slope.told}." if slope else f"{said}."
    return f"{counted(count, 'cell')} of {node} depend on {at}, each with a slope of its own: these products add up."


def _share_of(product: CellProduct) -> bool:
    """Whether a part comes back, and not all."""
    return product.factors[-1].kind == "local" and 0 < product.factors[-1].number < 1


def _is_slope_1(product: CellProduct) -> bool:
    return product.factors[-1].kind == "local" and product.factors[-1].number == 1


def _why_transposed(names: Names, written: WrittenCell, of: tuple[str, int]) -> str:
    """Of a product of matrices: what is summed over stands in a column, and rows are what a product sums over."""
    meeting, op_name = [product.factors for product in written.products], names.graph.nodes[of[0]].op_name
    which = {("matmul", 0): 1, ("matmul", 1): 1, ("linear", 1): 0}.get((op_name, of[1]))  # of the factors
    if which is None or len(meeting) < 2 or any(len(each) != 2 or len(each[which].cell) != 2 for each in meeting):
        return ""
    factor, is_row = meeting[0][which], of[1] == 0
    name = names.node(factor.node)
    name, turned = (name, f"{name}ᵀ") if which else (f"∂{names.goal}/∂{name}", f"(∂{names.goal}/∂{name})ᵀ")
    stands, becomes = ("row", "column") if is_row else ("column", "row")
    at = factor.cell[0 if is_row else 1]
    return f" They stand in {stands} {at} of {name}, which is {becomes} {at} of {turned}: hence the transpose."


def input_names(names: Names, node: str) -> list[str]:
    """What feeds a node, by port, as it is called."""
    task = task_of(names.trace, node)
    return [] if task is None else [names.value(*source) for source in sources_of(names.trace, task)]
