"""The module of the PyTorch script: one class for the graph and one for each group in it, called after the group.

held       the leaves that a module keeps: parameters, and constants as buffers
given      the leaves that come from outside: they are handed down to where they are read
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.export.program import Output, Program, docstring, literal
from engine.export.sections import Sections
from engine.passes.trace import ForwardStep
from engine.text.write import printable

_TAKEN = ("Model", "DATA", "ROWS", "SHARED", "VALUE", "SEED", "GRADIENTS", "mine", "check", "close", "batches", "train",
          "main")  # fmt: skip


class TorchModules:
    """The classes, and what each held leaf is called from outside: `layer_1.w`."""

    def __init__(self, program: Program, held: list[ForwardStep], given: list[ForwardStep]) -> None:
        self.program = program
        computed = [step.node for step in program.forward_steps if not program.graph.nodes[step.node].op.is_leaf]
        self._sections = Sections(program.graph, [id for id in computed if id in program.needed])
        self._plain = dict(program.names)
        self._held = {(step.node, step.output): step for step in held}
        self._given = {(step.node, step.output): self._plain[step.node, step.output] for step in given}
        program.taken.update(_TAKEN)
        groups = self._sections.groups
        self._attributes = {id: program.fresh(_snake(group.name)) for id, group in groups.items()}
        self._classes = {id: program.fresh(_camel(group.name)) for id, group in groups.items()}
        self._read: dict[str, dict[Output, None]] = {id: {} for id in groups}
        self._told: dict[str, dict[Output, None]] = {id: {} for id in groups}
        self._find_crossings()

    def paths(self) -> dict[Output, str]:
        """What PyTorch calls each held leaf in `named_parameters`."""
        return {output: ".".join([*map(self._attributes.__getitem__, self._home_path(output)), self._plain[output]])
                for output in self._held}  # fmt: skip

    def text(self) -> str:
        return "\n\n\n".join(map(self._class, self._inner_first(None)))

    def _inner_first(self, group: str | None) -> Iterator[str | None]:
        for item in self._sections.items(group):
            if item.is_group:
                yield from self._inner_first(item.id)
        yield group

    # --- what goes in and out

    def _home_path(self, output: Output) -> tuple[str, ...]:
        """The modules round a value; what is given comes from outside of all."""
        return () if output in self._given else self._sections.path(output[0])

    def _find_crossings(self) -> None:
        for id in self._sections.walk():
            to = self._sections.path(id)
            for edge in self.program.graph.into(id):
                output = (edge.source, edge.output)
                home = self._home_path(output)
                for group in to:
                    if group not in home:
                        self._read[group][output] = None
                for group in home:
                    if group not in to:
                        self._told[group][output] = None
        result = (self.program.result, 0)
        for group in self._home_path(result):
            self._told[group][result] = None

    # --- classes

    def _class(self, group: str | None) -> str:
        self._call_by_name(group)
        program = self.program
        title = program.title if group is None else self._sections.groups[group].name
        name = "Model" if group is None else self._classes[group]
        lines = [f"class {name}(nn.Module):", f'    """{docstring(title)}."""', "", "    def __init__(self):"]
        lines += ["        super().__init__()", *(f"        {line}" for line in self._made(group))]
        handed = self._given if group is None else self._read[group]
        arguments = ", ".join(["self", *(self._plain[output] for output in handed)])
        lines += ["", f"    def forward({arguments}):", *(f"        {line}" for line in self._computed(group))]
        told = [(program.result, 0)] if group is None else list(self._told[group])
        lines.append(f"        return {', '.join(program.names[output] for output in told)}")
        return "\n".join(lines)

    def _call_by_name(self, group: str | None) -> None:
        """Within a class what it holds is `self.w`; everything else has come in, or was computed."""
        for output in self._held:
            path = self._home_path(output)
            mine = (path[-1] if path else None) == group
            self.program.names[output] = f"self.{self._plain[output]}" if mine else self._plain[output]

    def _made(self, group: str | None) -> Iterator[str]:
        for output, step in self._held.items():
            path = self._home_path(output)
            if (path[-1] if path else None) != group:
                continue
            name, node = self._plain[output], self.program.graph.nodes[step.node]
            tensor = f"torch.tensor({literal(step.value, 8)})"
            made = f"self.{name} = nn.Parameter({tensor})"
            if node.op.constant:
                made = f'self.register_buffer("{name}", {tensor})'
            yield f"{made}  # {self.program.note(node, name)}"
        for item in self._sections.items(group):
            if item.is_group:
                title = printable(self._sections.groups[item.id].name)
                yield f"self.{self._attributes[item.id]} = {self._classes[item.id]}()  # “{title}”"

    def _computed(self, group: str | None) -> Iterator[str]:
        names = self.program.names
        for item in self._sections.items(group):
            if not item.is_group:
                yield from map(str, self.program.statements_of(item.id))
                continue
            handed = ", ".join(names[output] for output in self._read[item.id])
            told = ", ".join(self._plain[output] for output in self._told[item.id])
            yield f"{told} = self.{self._attributes[item.id]}({handed})"


def _words(title: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9_]+", title)[:6]


def _snake(title: str) -> str:
    return "_".join(_words(title)).lower()[:40] or "group"


def _camel(title: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in _words(title))[:40] or "Group"
