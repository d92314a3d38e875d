"""What an operation is, as it was declared: a handful of texts from which everything else is derived.

The texts are in NumPy's notation. They name
    its ports by name   the inputs (`a * b`)
    y                   the op's own output
    g                   the upstream gradient, in a `vjp` text only
    its settings        by name, put in as literals
    x, xs, i            in the local/vjp text of a port that repeats: this input, all inputs, its number
and the words of `engine.ops.words.table`. `local` texts (elementwise ops and losses) give ∂y/∂port: the contribution is
g · local, summed over broadcast axes. `vjp` texts (the others) give the contribution itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

from engine.ops.setting import Setting
from engine.ops.speech import Said, Words
from engine.ops.substitute import names_in
from engine.values.values import Value

Settings = tuple[tuple[str, Any], ...]  # sorted, hashable

GROUPS = {
    "leaf": "Leaves",
    "arithmetic": "Arithmetic",
    "compare": "Comparisons",
    "activation": "Activations",
    "tensor": "Tensors",
    "reduce": "Reductions",
    "shape": "Shapes",
    "loss": "Losses",
}


# Groups that share the colour of another.
_FAMILIES = {"compare": "arithmetic", "reduce": "tensor", "shape": "tensor"}


@dataclass(frozen=True)
class Trouble:
    """When an op leaves the finite numbers: `when` (a text that is true there), why, what to do, and an example."""

    when: str
    sentence: str
    remedy: str
    example: tuple[Any, ...]


@dataclass(frozen=True)
class Op:
    """One operation, as declared in `engine/ops/`. Texts only: see the module's docstring for their notation."""

    name: str
    symbol: str
    ports: tuple[str, ...]
    forward: str
    title: str
    group: str
    tooltip: str
    local: tuple[str, ...] = ()
    vjp: tuple[str, ...] = ()
    repeats: bool = False  # the last port repeats: ports grow as edges arrive
    settings: tuple[Setting, ...] = ()
    latex: str = ""
    gradient: Words = ""
    responsibility: Words = ""
    slope: Words = ""  # how words write the local derivative: `cos {x}`, over numbers or names
    roles: str = ""  # what its ports are for, one after another: `base, exponent`
    does: Said = ""  # how the forward pass tells it, over names: `multiplies {a} by {b}`
    convention: Said = ""  # the sentence about what counts as the slope at its kink
    trouble: Trouble | tuple[Trouble, ...] | None = None
    gate: bool = False  # drawn as a gate, open or shut
    chooses: bool = False  # as a gate it lets one side through and closes the other, but is not drawn as one
    constant: bool = False  # a leaf that never gets a gradient
    outputs: tuple[str, ...] = ("y",)  # a dataset has several
    supply: Callable[[Mapping[str, Any]], tuple[Value, ...]] | None = None  # settings → what a leaf's outputs hold
    domain: tuple[float, float] = (-2.0, 2.0)  # where finite differences may probe it
    aliases: tuple[str, ...] = ()  # other names that a program may call it by
    steepest: float = 0.0  # the largest slope of an op that squashes: far below it, it is saturated
    combines: Literal["", "product", "sum"] = ""  # its first two inputs are factors; or it only adds or moves numbers
    kink: str = ""  # a text that is 0 where the op has a corner, and changes its sign there
    spelled_out: str | Callable[..., str] = ""  # the same in terms of other ops; a function of the settings
    misfit: Callable[..., str] | None = None  # which lengths do not fit, given the shapes
    jacobian: tuple[tuple[str, str], ...] = ()  # a port's Jacobian: its structure, by name and in a sentence
    cell: tuple[str, ...] = ()  # of one of its cells `{at}`: what is said; where nothing comes; where it is shared
    beside: tuple[tuple[str, str], ...] = ()  # arrays to be seen beside its rule: what they are called, and their text
    order: int = 0  # in its group, as the palette shows it: the smallest first
    known: bool = True  # False: a placeholder for an op of a newer version

    @property
    def family(self) -> str:
        """The group whose colour it has."""
        return _FAMILIES.get(self.group, self.group)

    @property
    def is_leaf(self) -> bool:
        return self.group == "leaf"

    @property
    def holds_value(self) -> bool:
        """Whether its value is typed in: a leaf whose values do not come from elsewhere."""
        return self.is_leaf and self.supply is None

    @property
    def elementwise(self) -> bool:
        return bool(self.local) and self.group != "loss"

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """All the ways in which it leaves the finite numbers."""
        return self.trouble if isinstance(self.trouble, tuple) else (self.trouble,) if self.trouble else ()

    @property
    def infix(self) -> bool:
        """Whether its symbol is written between its inputs."""
        return self.symbol in ("+", "−", "×", "÷", "@")

    @cached_property
    def folds(self) -> bool:
        """Whether it is written for two inputs and goes on from left to right for more: (a + b) + c."""
        return self.repeats and "xs" not in names_in(self.forward)

    @cached_property
    def defaults(self) -> dict[str, Any]:
        return {s.name: s.default for s in self.settings}

    def chosen(self, settings: Settings) -> dict[str, Any]:
        """All its settings: those that are said, and the defaults of the others."""
        return self.defaults | dict(settings)

    def port_name(self, port: int) -> str:
        """What the user reads at a port: `a`, `b`, and on through the alphabet where ports repeat."""
        if 0 <= port < len(self.ports):
            return self.ports[port]
        return chr(ord("a") + port) if 0 <= port < 26 else f"in{port + 1}"

    def port_text(self, port: int) -> str:
        """A port in a sentence: `b`, or with what it is for `b (the exponent)`."""
        roles = self.roles.split(", ")
        role = f" (the {roles[port]})" if self.roles and 0 <= port < len(roles) else ""
        return self.port_name(port) + role

    @property
    def fewest(self) -> int:
        """How many edges must come in before it can be computed."""
        return len(self.ports)

    def rule(self, port: int) -> tuple[str, bool]:
        """The text of a port's backward rule, and whether it is a local derivative (else a whole contribution)."""
        texts = self.local or self.vjp
        return texts[min(port, len(texts) - 1)], bool(self.local)


OPS: dict[str, Op] = {}
ONNX = "onnx."  # begins the name of an operator that a model has, and Gradloom has not


def get_op(name: str) -> Op:
    """The op of that name, or a greyed placeholder for one that only a newer version knows."""
    return OPS.get(name) or _placeholder(name)


@lru_cache(maxsize=1000)  # the names come out of files: there is no end to them
def _placeholder(name: str) -> Op:
    """An operator of ONNX is called by its own name, which says where it comes from: `onnx.LSTM`."""
    own = name.removeprefix(ONNX)
    tooltip = f"“{own}” is an operation from a newer version of Gradloom."
    if own != name:
        tooltip = f"“{own}” is an operator of ONNX that Gradloom cannot compute as it is used here."
    return Op(name, "?", (), "", own, "arithmetic", tooltip, known=False)


def unknown_op(op: Op) -> str:
    """What is said of a placeholder: that nothing is known of it but its name."""
    if op.name.startswith(ONNX):
        return f"Gradloom cannot compute ONNX's “{op.title}” as it is used here"
    return f"this version does not know the operation “{op.name}”"
