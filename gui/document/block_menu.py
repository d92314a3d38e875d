"""The entries of a menu with which a block of the library is renamed or deleted."""

from collections.abc import Callable

from PySide6.QtWidgets import QMenu, QWidget

from engine.errors import GradloomError
from gui.document.blocks import BlockCard, BlockLibrary
from gui.widgets.name_dialog import NameDialog


def add_block_entries(
    menu: QMenu, library: BlockLibrary, card: BlockCard, parent: QWidget, fail: Callable[[GradloomError], object]
) -> None:
    """What is done with a block in the library; what comes with the program stays as it is."""

    def tried(do: Callable[[], object]) -> None:
        try:
            do()
        except GradloomError as error:
            fail(error)

    def ask_for_title() -> None:
        asked = NameDialog("Rename the block", "Name of the block", card.title, parent)
        asked.accepted.connect(lambda: tried(lambda: library.rename(card, asked.line.text())))
        asked.open()

    if not card.block.shipped:
        menu.addAction("Rename…", ask_for_title).setEnabled(not card.block.flaw)
        menu.addAction("Delete from the library", lambda: tried(lambda: library.forget(card)))
