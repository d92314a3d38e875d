"""A plan as one Python function: straight-line source, written from the same op texts that the stepper runs.

Graphs of numbers run on plain floats, all others on NumPy, there to the last bit like the stepper. The source is
written for the shapes that the leaves have, when these are first seen, and kept; only gradients that are asked for are
computed.

    compiled = Compiled(make_plan(graph), wanted=["w", "b"])
    compiled(leaf_values(graph)).gradients["w"]
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.errors import PlanError
from engine.passes.in_place import added_to, is_new, written_into, zeroed
from engine.passes.leaves import LeafValues
from engine.passes.measured import Shapes, measured
from engine.passes.plan import BackEdge, Leaf, Plan, Task
from engine.passes.run import held_by
from engine.passes.templates import ALL, ARRAYS, FLOATS, Dialect, NotForFloats, Rule, Texts, texts
from engine.values.values import Shape, Value, unbroadcast, undoing

Outcome = tuple[Any, tuple[Any, ...], tuple[Any, ...]]  # the target's value, gradients, watched values


@dataclass(frozen=True)
class Result:
    """One pass there and back: the target's value, the gradients asked for, and the watched values."""

    value: Value
    gradients: dict[str, Value]
    watched: tuple[Value, ...]


@dataclass(frozen=True)
class Compilation:
    """The function for leaves of certain shapes. `call` takes what the leaves hold, in the order of `Compiled.leaves`:
    floats if `floats`, else arrays (numbers too: as arrays without axes).

    Gradients in `into` can be written into arrays of the caller, who gives these as a second argument, in that order
    and turned (as `.T`) where it says so.
    """

    source: str
    call: Callable[..., Outcome]
    floats: bool
    into: Mapping[str, bool]  # node that was asked for → whether the array is given turned


@dataclass(frozen=True)
class Passes:
    """Both passes over plain floats as statements, for who puts them into a function of their own."""

    lines: list[str]
    leaves: dict[str, str]  # node → the name of what it holds
    value: str  # the name of the target
    gradients: dict[str, str]  # node that was asked for → the name of its gradient
    seed: float

    def made(self, source: str, name: str, words: Mapping[str, Any]) -> Callable[..., Any]:
        """The function of that name. The source is made of these lines, and of texts of this program alone."""
        namespace = {**FLOATS, "seed": self.seed, **words}
        exec(compile(source, "<compiled plan>", "exec"), namespace)
        found: Callable[..., Any] = namespace[name]
        return found


class Compiled:
    """A plan made fast. `wanted`: the nodes whose gradients are computed (None: all that get one); those that are
    leaves come first in `leaves`. `watch`: (node, output) pairs whose values are given back too. `words`: what words of
    op texts mean here, where that is something else than in a run.

    Raises PlanError if the plan has no target.
    """

    def __init__(
        self,
        plan: Plan,
        wanted: Iterable[str] | None = None,
        watch: Iterable[tuple[str, int]] = (),
        seed: float = 1.0,
        words: Mapping[str, Any] | None = None,
    ) -> None:
        if plan.target is None:
            raise PlanError("There is no target, so there are no gradients to compute.")
        self.plan, self.seed, self.target = plan, seed, plan.target
        self.words = dict(words or {})
        reached = dict.fromkeys(
            [plan.target, *(back.edge.source for task in plan.backward for back in task.back_edges)]
        )
        getting = [node for node in reached if node not in plan.constant]
        self.wanted = getting if wanted is None else [node for node in wanted if node in reached]
        self.watch = tuple(plan.slots[key] for key in watch)
        self.tasks, self.leaves = self._needed()
        self._programs: dict[tuple[bool, tuple[Shape, ...]], Compilation] = {}

    def __call__(self, values: LeafValues) -> Result:
        """Both passes. Raises RunError where shapes do not fit."""
        held = self.arguments(values)
        program = self.program(held)
        with np.errstate(all="ignore"):
            try:
                value, gradients, watched = program.call([float(x) for x in held] if program.floats else held)
            except (ArithmeticError, ValueError):
                value, gradients, watched = self.program(held, floats=False).call(held)
        given = zip(self.wanted, map(_value, gradients), strict=True)
        return Result(_value(value), dict(given), tuple(map(_value, watched)))

    def arguments(self, values: LeafValues) -> list[np.ndarray[Any, Any]]:
        """What the leaves hold as arrays, in the order of `leaves`."""
        return [np.asarray(held_by(leaf, values)) for leaf in self.leaves]

    def program(self, held: Sequence[np.ndarray[Any, Any]], floats: bool = True) -> Compilation:
        """The function for leaves of these shapes, written and compiled when first asked for.

        `floats=False`: on NumPy also where plain floats would do. Raises RunError where shapes do not fit.
        """
        shapes = tuple(x.shape for x in held)
        key = (floats and not any(shapes), shapes)
        if key not in self._programs:
            self._programs[key] = self._written(held, key[0])
        return self._programs[key]

    def passes(self) -> Passes | None:
        """Both passes as statements over plain floats; None: some text has no meaning for a single number."""
        writer = _Writer(self, None)
        try:
            writer.source()
        except NotForFloats:
            return None
        slots = self.plan.slots
        gradients = {node: writer.gradient[slots[node, 0]] for node in self.wanted}
        leaves = {leaf.node: f"v{leaf.slot}" for leaf in self.leaves}
        return Passes(writer.lines, leaves, f"v{slots[self.target, 0]}", gradients, self.seed)

    def _written(self, held: Sequence[np.ndarray[Any, Any]], floats: bool) -> Compilation:
        if floats:
            try:
                return _compile(_Writer(self, None))
            except NotForFloats:
                pass
        return _compile(_Writer(self, measured(self.tasks, self.leaves, held)))

    def _needed(self) -> tuple[list[Task], list[Leaf]]:
        """The tasks on the way to the target and to what is watched, and their leaves: those wanted come first."""
        need = {self.plan.slots[self.target, 0], *self.watch}
        found: list[Task | Leaf] = []
        for step in reversed(self.plan.order):
            if step.slot in need:
                found.append(step)
                if isinstance(step, Task):
                    need.update(step.inputs)
        rank = {node: i for i, node in enumerate(self.wanted)}
        leaves = [step for step in reversed(found) if isinstance(step, Leaf)]
        leaves.sort(key=lambda leaf: rank.get(leaf.node, len(rank)))
        return [step for step in reversed(found) if isinstance(step, Task)], leaves


def _value(number: Any) -> Value:
    value: Value = np.asarray(number, dtype=np.float64)[()]
    return value


# --- the source


def _compile(writer: _Writer) -> Compilation:
    """Only texts of `engine/ops/` and names made here are compiled; nothing that a file or a person wrote."""
    source = writer.source()
    namespace = dict(FLOATS if writer.floats else ARRAYS)
    namespace |= {"unbroadcast": unbroadcast, "putmask": np.putmask, "seed": writer.seed} | writer.compiled.words
    exec(compile(source, "<compiled plan>", "exec"), namespace)
    return Compilation(source, namespace["program"], writer.floats, writer.given())


_SIZE = re.compile(r"\b(?:count|length)\((?:v\d+|-?\d+|'all'|, )+\)")


class _Writer:
    """Writes one statement a forward task and one a contribution. `shapes` None: all are floats.

    Values are called v and their slot's number; gradients are called g and a number that is free, so that arrays are
    let go, and locals stay few.
    """

    def __init__(self, compiled: Compiled, shapes: Shapes | None) -> None:
        self.compiled, self.shapes, self.floats = compiled, shapes, shapes is None
        self.lines: list[str] = []
        self.gradient: dict[int, str] = {}  # slot → the name that holds its gradient so far
        self.holders: dict[str, int] = {}  # name → how many slots it stands for: what passes a gradient on shares it
        self.free: list[str] = []
        self.new: set[str] = set()  # names whose array nobody else has
        self.into: dict[int, bool] = {}  # slot whose gradient can be written into a given array → whether turned
        wanted = {compiled.plan.slots[node, 0] for node in compiled.wanted}
        self.useful = set(wanted)
        for task in reversed(compiled.plan.backward):
            if any(back.slot in self.useful for back in task.back_edges):
                self.useful.add(task.slot)
        self.wanted = wanted
        useful = [task for task in compiled.plan.backward if task.slot in self.useful]
        self.arriving = Counter(back.slot for task in useful for back in task.back_edges)

    def source(self) -> str:
        compiled, slots = self.compiled, self.compiled.plan.slots
        for task in compiled.tasks:
            self._forward(task)
        self.gradient[slots[compiled.target, 0]] = "seed"
        for task in compiled.plan.backward:
            self._backward(task)
        values = "".join(f"v{leaf.slot}, " for leaf in compiled.leaves)
        gradients = "".join(f"{self.gradient[slots[node, 0]]}, " for node in compiled.wanted)
        watched = "".join(f"v{slot}, " for slot in compiled.watch)
        unpacked = [f"({values}) = leaves"] if values else []
        returned = f"return v{slots[compiled.target, 0]}, ({gradients}), ({watched})"
        given = [f"({''.join(f'into_{slot}, ' for slot in self.into)}) = into"] if self.into else []
        head = f"def program(leaves, into=({'None, ' * len(self.into)})):" if self.into else "def program(leaves):"
        return "\n    ".join([head, *unpacked, *given, *self.lines, returned])

    @property
    def seed(self) -> Any:
        if self.shapes is None:
            return self.compiled.seed
        return np.full(self.shapes.slots[self.compiled.plan.slots[self.compiled.target, 0]], self.compiled.seed)[()]

    def _is_one(self, g: str) -> bool:
        """Whether a gradient is the plain number 1, with which nothing need be multiplied."""
        return g == "seed" and self.compiled.seed == 1.0 and np.ndim(self.seed) == 0

    def _ports(self, task: Task) -> tuple[int, ...]:
        return tuple(back.edge.port for back in task.back_edges if back.slot in self.useful)

    def _texts(self, task: Task) -> Texts:
        return texts(task.op, len(task.inputs), task.settings, self._dialect(task), self._ports(task))

    def _dialect(self, task: Task) -> Dialect:
        if self.shapes is None:
            return Dialect.FLOATS
        shapes = self.shapes.slots
        given = [len(shapes[slot]) for slot in task.inputs]
        if given[:2] == [2, 2]:
            return Dialect.MATRICES
        return Dialect.ARRAYS if shapes[task.slot] or any(given) else Dialect.PLAIN

    def _names(self, task: Task, g: str = "") -> tuple[str, ...]:
        return (*(f"v{slot}" for slot in task.inputs), f"v{task.slot}", g, str(task.slot), f"{ALL}{task.slot}")

    def _forward(self, task: Task) -> None:
        text = self._texts(task).forward
        if task.op.repeats and not task.op.folds:
            self.lines.append(f"{ALL}{task.slot} = ({''.join(f'v{slot}, ' for slot in task.inputs)})")
        if not task.op.folds:
            text = self._sized(text.format(*self._names(task)))
            self.lines += self._stated(task, text)
            return
        so_far = f"v{task.inputs[0]}"
        for slot in task.inputs[1:]:
            self.lines.append(f"v{task.slot} = " + text.format(so_far, f"v{slot}"))
            so_far = f"v{task.slot}"

    def _stated(self, task: Task, text: str) -> list[str]:
        if self.shapes is None:
            return [f"v{task.slot} = {text}"]
        shapes = {f"v{slot}": self.shapes.slots[slot] for slot in task.inputs}
        return added_to(f"v{task.slot}", text, shapes, self.shapes.slots[task.slot])

    def _backward(self, task: Task) -> None:
        g = self.gradient.get(task.slot)
        if g is None or task.slot not in self.useful:
            return
        rules = self._texts(task).rules
        names = self._names(task, g)
        is_free = self._is_free(task, g)
        for back in task.back_edges:
            rule = rules[back.edge.port]
            if rule is not None:
                self._contribute(back, self._contribution(back, rule, names, g), g, is_free)
        if task.slot not in self.wanted:
            self._let_go(g)

    def _is_free(self, task: Task, g: str) -> bool:
        """Whether what one contribution of a task is made of may be written over: as large an array as all inputs."""
        if self.shapes is None or g not in self.new or self.holders[g] > 1 or task.slot in self.wanted:
            return False
        sizes = {self.shapes.slots[slot] for slot in (task.slot, *task.inputs)}
        return len(self._ports(task)) == len(sizes) == 1

    def _contribution(self, back: BackEdge, rule: tuple[Rule, str], names: tuple[str, ...], g: str) -> str:
        kind, template = rule
        text = self._sized(template.format(*names))
        needs_no_g = self._is_one(g) and self.shapes and self.shapes.products[back.edge.key]
        if kind is Rule.PASS:
            product = g
        elif kind is Rule.FLIP:
            product = f"-{g}"
        elif kind is Rule.WHOLE or needs_no_g:
            product = text
        else:
            product = f"{g} * {text}" if text.isidentifier() else f"{g} * ({text})"
        return self._summed_back(back, product)

    def _sized(self, text: str) -> str:
        """How many elements there are is known now: the words for it become numbers."""
        if self.shapes is None:
            return text
        shapes = self.shapes.slots

        def counted(size: re.Match[str]) -> str:
            stand_ins = {f"v{slot}": np.broadcast_to(0.0, shapes[int(slot)]) for slot in re.findall(r"v(\d+)", size[0])}
            return repr(eval(size[0], dict(ARRAYS), stand_ins))

        return _SIZE.sub(counted, text)

    def _summed_back(self, back: BackEdge, product: str) -> str:
        if self.shapes is None:
            return product
        has, wants = self.shapes.products[back.edge.key], self.shapes.slots[back.slot]
        if has == wants:
            return product
        full, axes = undoing(has, wants)
        if has != full:
            return f"unbroadcast({product}, {wants})"
        total = f"total({product}, {axes[0] if len(axes) == 1 else axes})"
        return total if len(has) - len(axes) == len(wants) else f"{total}.reshape({wants})"

    def _contribute(self, back: BackEdge, contribution: str, g: str, is_free: bool) -> None:
        """Add to what has arrived at the source before; the first contribution is the gradient so far.

        `is_free`: nobody needs `g` after this.
        """
        before = self.gradient.get(back.slot)
        zeroing = zeroed(contribution, g) if is_free and before is None else None
        if before is None and (contribution == g or zeroing):
            self.lines += [zeroing] if zeroing else []
            self.gradient[back.slot] = g
            self.holders[g] = self.holders.get(g, 1) + 1
            return
        total = contribution if before is None else f"{before} + ({contribution})"
        if before is not None:
            self._let_go(before)
        name = self.free.pop() if self.free else f"g{len(self.holders)}"
        self.holders[name] = 1
        self.gradient[back.slot] = name
        self.lines.append(f"{name} = {self._placed(back, total)}")
        self.new.discard(name)
        if self.shapes and self.shapes.slots[back.slot] and is_new(total):
            self.new.add(name)

    def _placed(self, back: BackEdge, total: str) -> str:
        """A gradient that is asked for, and has come whole, is written where the caller wants it."""
        slot = back.slot
        if self.shapes is None or slot not in self.wanted or self.arriving[slot] > 1:
            return total
        placed = written_into(total, f"into_{slot}")
        if placed is None:
            return total
        text, self.into[slot] = placed
        return text

    def given(self) -> dict[str, bool]:
        """`Compilation.into`, when the source is written."""
        nodes = {self.compiled.plan.slots[node, 0]: node for node in self.compiled.wanted}
        return {nodes[slot]: turned for slot, turned in self.into.items()}

    def _let_go(self, name: str) -> None:
        """One slot less needs the gradient of this name; nobody: the name is free."""
        if name == "seed":
            return
        self.holders[name] -= 1
        if not self.holders[name]:
            self.free.append(name)
