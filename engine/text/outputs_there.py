"""Nodes with several outputs that are in the open graph already: `data.features` means one of these."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.text.state import ReadingState
from engine.text.things import Ref


@dataclass
class OutputsThere:
    """What each such node may be called, with the names of its outputs; and the leaves that stand for those so far.

    Each is an input without a value, whose label is what was typed: `data.features`.
    """

    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    leaves: dict[str, Ref] = field(default_factory=dict)

    def of(self, reading: ReadingState, name: str) -> Sequence[str]:
        """The outputs of the node that is called so; none where the text gives the name another meaning."""
        if name not in self.names or reading.scope.will_assign(name):
            return ()
        try:
            reading.scope.find(name)
        except KeyError:
            return self.names[name]
        return ()

    def output(self, reading: ReadingState, node: ast.Attribute) -> Ref | None:
        """The leaf that stands for `name.output`, if there is one. Raises TextError: it has no such output."""
        if not isinstance(node.value, ast.Name) or not self.of(reading, node.value.id):
            return None
        if node.attr not in self.names[node.value.id]:
            self.refuse(reading, node.value)
        text = f"{node.value.id}.{node.attr}"
        if text not in self.leaves:
            self.leaves[text] = reading.made.leaf("input", None, None, text)
        return self.leaves[text]

    def refuse(self, reading: ReadingState, node: ast.Name) -> None:
        """Raise TextError where the name of such a node stands alone."""
        if outputs := self.of(reading, node.id):
            written = " or ".join(f"{node.id}.{output}" for output in outputs)
            reading.refuse(node, f"“{node.id}” has several outputs: write {written}")
