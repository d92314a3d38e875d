"""The library of blocks as the window has it: those that are shipped, and those of the user's folder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.edits.groups import rename_group
from engine.edits.library import block_of
from engine.files.library import (
    StoredBlock,
    forget_block,
    keep_block,
    kept_blocks,
    outer_group,
    read_block,
    shipped_blocks,
)
from engine.graph.graph import Graph
from engine.values.values import counted
from gui.document import folders


@dataclass(frozen=True)
class BlockCard:
    """A block as a list shows it, with what an op has for that."""

    block: StoredBlock
    symbol: str = "▣"
    family: str = "activation"

    @property
    def title(self) -> str:
        return self.block.title

    @property
    def name(self) -> str:
        """By which it is asked for: its file."""
        return str(self.block.path)

    @property
    def tooltip(self) -> str:
        block = self.block
        if block.flaw:
            return f"This block cannot be read: {block.flaw}"
        takes = f"It takes {counted(block.inputs, 'input')}." if block.inputs else ""
        return " ".join(filter(None, [block.description, takes])) or block.title


class BlockLibrary(QObject):
    """What is kept, renamed and deleted here is a file in the folder beside the settings."""

    changed = Signal()

    @property
    def folder(self) -> Path:
        return folders.settings_file().parent / "blocks"

    def shipped(self) -> list[BlockCard]:
        return [BlockCard(block) for block in shipped_blocks()]

    def kept(self) -> list[BlockCard]:
        """Those of the user."""
        return [BlockCard(block, "▢") for block in kept_blocks(self.folder)]

    def read(self, name: str) -> Graph:
        """The graph of a block. Raises FileError."""
        known = next((card.block for card in (*self.shipped(), *self.kept()) if card.name == name), None)
        return read_block(known or StoredBlock(Path(name), Path(name).stem))

    def keep(self, graph: Graph, group: str) -> str:
        """Keep a group as a block; gives what it is called. Raises FileError or EditRefused."""
        title = graph.groups[group].name
        keep_block(self.folder, block_of(graph, group), title)
        self.changed.emit()
        return title

    def rename(self, card: BlockCard, title: str) -> None:
        """Give a block of the user another title. Raises FileError or EditRefused."""
        graph, name = read_block(card.block), " ".join(title.split())
        group = outer_group(graph)
        assert group is not None
        named = graph.apply(rename_group(graph, group, name))
        keep_block(self.folder, replace(named, facts=named.facts | {"title": name}), name)
        self.forget(card)

    def forget(self, card: BlockCard) -> None:
        """Delete a block of the user. Raises FileError."""
        forget_block(card.block)
        self.changed.emit()
