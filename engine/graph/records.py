"""The records that a graph is made of: what a node is, and what an edge is. Frozen: a change gives new ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.ops.op import Op, Settings, get_op
from engine.values.exact import same
from engine.values.values import Value, same_bits

EdgeKey = tuple[str, int]  # (dest, port)
Pos = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Node:
    """An op placed in a graph. `id` is its name; `value` is a leaf's; `pos` is its top left corner in pixels.

    Two are equal if they are the same to the last bit; their ranks do not matter.
    """

    id: str
    op_name: str
    value: Value | None = None
    label: str = ""
    pos: Pos = (0.0, 0.0)
    settings: Settings = ()
    raw: Mapping[str, Any] | None = None  # the record of an unknown op, kept verbatim
    rank: int = 0
    op: Op = field(init=False, repr=False)
    _bits: bytes | None = field(init=False, default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "op", get_op(self.op_name))

    @property
    def value_key(self) -> bytes | None:
        """The value's shape and bits: written out when they are first asked for, which takes a while of a large one."""
        if self._bits is None and self.value is not None:
            object.__setattr__(self, "_bits", repr(self.value.shape).encode() + self.value.tobytes())
        return self._bits

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Node):
            return NotImplemented
        return self is other or (same(self.pos, other.pos) and self.equals_but_for_place(other))

    def __hash__(self) -> int:
        return hash((self.id, self.op_name))

    def equals_but_for_place(self, other: "Node") -> bool:
        """Whether the two differ in where they stand at most."""
        return self._is_like(other) and self.holds_as(other)

    def equals_but_for_value(self, other: "Node") -> bool:
        """Whether the two differ in what they hold at most."""
        return self._is_like(other) and same(self.pos, other.pos)

    def _is_like(self, other: "Node") -> bool:
        told, others = (self.id, self.op_name, self.label), (other.id, other.op_name, other.label)
        return told == others and same(self.settings, other.settings) and same(self.raw, other.raw)

    def holds_as(self, other: "Node") -> bool:
        """Whether the two hold the same value to the last bit, or none."""
        return self.value is other.value or (
            self.value is not None and other.value is not None and same_bits(self.value, other.value)
        )

    @property
    def name(self) -> str:
        """What the eye reads: the label if there is one, else the id."""
        return self.label or self.id

    @property
    def chosen(self) -> dict[str, Any]:
        """All settings of its op, as they are here."""
        return self.op.chosen(self.settings)

    def setting(self, name: str) -> Any:
        return dict(self.settings).get(name, self.op.defaults.get(name))


@dataclass(frozen=True, slots=True)
class Edge:
    """From a node's output to another node's input port. `output` counts the ports of a source with several."""

    source: str
    dest: str
    port: int
    output: int = 0

    @property
    def key(self) -> EdgeKey:
        return (self.dest, self.port)
