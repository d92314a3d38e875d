"""Text in and out of the editor: export, copy as, paste, and text that is dropped on the canvas."""

from collections.abc import Callable, Sequence
from uuid import uuid4

from PySide6.QtCore import QMimeData, QObject, QPointF, Signal
from PySide6.QtGui import QGuiApplication

from engine import edits
from engine.errors import GradloomError
from engine.export import Export, trace_for
from engine.files.incoming import decode_incoming, encode_incoming
from engine.files.open import read_pasted, remarks_text, with_values
from engine.files.replace import write_atomically
from engine.graph.graph import Graph
from engine.graph.records import Edge
from engine.values.values import counted
from gui.document.bridge import Bridge
from gui.document.file_words import filled_sentence
from gui.document.files import Files
from gui.document.jobs import in_thread
from gui.document.selection import Selection
from gui.widgets.keys import number_grid, text_field

INCOMING = "application/x-gradloom-incoming"  # beside a copy: the edges that came into it
PARTIAL = "gradloom"  # the target that makes sense for a part of the graph


class Clipboard(QObject):
    """Either all of a text becomes nodes, in one undo step, or none of it does and `failed` says why.

    `put_in` puts a graph on the canvas at a place, as an edit called so, and tells when it is there; `join_in` an
    expression, whose names mean the nodes that are there, and whose end becomes the target if that is wanted. False:
    nothing came in.
    """

    told = Signal(str)  # what was done, for the status bar
    failed = Signal(object)  # a GradloomError: nothing was done

    def __init__(
        self,
        bridge: Bridge,
        selection: Selection,
        files: Files,
        put_in: Callable[[Graph, QPointF | None, str, Callable[[], object], Sequence[Edge]], object],
        join_in: Callable[[Graph, bool, str], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge, self._selection, self._files = bridge, selection, files
        self._put_in, self._join_in = put_in, join_in
        self._copied: QMimeData | None = None  # nodes, as they were put on the clipboard last
        self._document = ""  # what a copy says that it is from: the same only as long as this document is open
        self._name_document()
        bridge.opening.connect(self._name_document)

    def _name_document(self) -> None:
        self._document = uuid4().hex

    # --- out

    def export(self, target: Export) -> None:
        """Write the graph to a file that the user names; what a target cannot say is told before asking."""
        try:
            written = target.write(self._bridge.now.graph, self._bridge.now.trace)
            ask = self._files.ask
            path = ask.path_to_export(self._files.folder / (self._files.plain_name + target.ending), target)
            if path is None or (path.exists() and not ask.may_overwrite(path)):
                return
            write_atomically(path, written.encode("utf-8") if isinstance(written, str) else written)
        except GradloomError as error:
            self.failed.emit(error)
            return
        self.told.emit(f"Exported to {path}")

    def copy_as(self, target: Export) -> None:
        """Put the graph on the clipboard as text; of the selected nodes only where that is a graph of its own."""
        part = target.name == PARTIAL and bool(self._selection.nodes)
        graph = edits.cut_out(self._bridge.now.graph, self._selection.nodes) if part else self._bridge.now.graph
        try:
            text = target.write(graph, trace_for(graph) if part else self._bridge.now.trace)
        except GradloomError as error:
            self.failed.emit(error)
            return
        QGuiApplication.clipboard().setText(str(text))
        self.told.emit(f"Copied {counted(len(graph.nodes), 'node')} as text: {target.title}.")

    def copy(self, text: str) -> None:
        """Put the selected nodes on the clipboard: as `text`, and beside it the edges that come into them."""
        data = QMimeData()
        data.setText(text)
        incoming = edits.incoming_edges(self._bridge.now.graph, self._selection.nodes)
        data.setData(INCOMING, encode_incoming(self._document, incoming))
        QGuiApplication.clipboard().setMimeData(data)
        self._copied = data

    def let_go(self) -> None:
        """Leave of the copied nodes their text alone, before the program ends; what others have copied stays.

        Where no desktop keeps the clipboard, Qt deletes what is on it after Python has ended: what Python made crashes.
        """
        board = QGuiApplication.clipboard()
        if self._copied is not None and board.mimeData() is self._copied:
            board.setText(board.text())
        self._copied = None

    # --- in

    def paste(self, connected: bool = True) -> None:
        """What is on the clipboard, as nodes; in a text field it is text, in a grid numbers.

        `connected`: copies of nodes of this document are fed by what fed those, as far as it is still there.
        """
        if field := text_field():
            field.paste()
        elif grid := number_grid():
            if said := grid.paste():
                self.told.emit(said)
        else:
            self.paste_at(None, connected)

    def paste_at(self, at: QPointF | None, connected: bool = True) -> None:
        """The same, with their middle at a place of the scene."""
        data = QGuiApplication.clipboard().mimeData()
        has_edges = connected and data is not None and data.hasFormat(INCOMING)  # None: nobody has copied anything
        beside = bytes(data.data(INCOMING).data()) if has_edges else b""
        self.paste_text(QGuiApplication.clipboard().text(), at, decode_incoming(self._document, beside))

    def paste_text(self, text: str, at: QPointF | None = None, incoming: Sequence[Edge] = ()) -> None:
        """The nodes that a text stands for, with their middle `at` a place of the scene, or near the mouse."""
        if not text.strip():
            return
        remarks: list[str] = []
        self._files.jobs.begin(
            "Reading the text",
            in_thread(lambda: with_values(read_pasted(text, remarks.append))),
            lambda found: self._insert(*found, at, "Paste", remarks, incoming),
            lambda error: self.failed.emit(_unpasted(error)),
        )

    def insert(self, fragment: Graph, at: QPointF | None = None, text: str = "Paste") -> None:
        """Put a graph beside what is there, selected and in view; leaves without a value get ones."""
        self._insert(*with_values(fragment), at, text)

    def _insert(
        self,
        whole: Graph,
        filled: tuple[str, ...],
        at: QPointF | None,
        text: str,
        remarks: Sequence[str] = (),
        incoming: Sequence[Edge] = (),
    ) -> None:
        added = f"Added {_counted_things(whole)}."
        said = added + filled_sentence(whole, filled) + remarks_text(remarks)
        self._put_in(whole, at, text, lambda: self.told.emit(said), incoming)

    def join(self, expression: Graph, aim: bool, text: str) -> None:
        """Put an expression into the graph that is open; new names without a value get ones."""
        known = edits.known_names(self._bridge.now.graph, expression)
        whole, filled = with_values(expression, known)
        if self._join_in(whole, aim, text):
            fresh = counted(len(whole.nodes) - len(known), "node")
            self.told.emit(f"Added {fresh}.{filled_sentence(whole, filled)}")


def _counted_things(graph: Graph) -> str:
    """“3 nodes”, “a region and 2 notes”: of what comes without nodes the others are told."""
    counts = {"node": len(graph.nodes)} if graph.nodes else {"region": len(graph.regions), "note": len(graph.notes)}
    return " and ".join(counted(count, kind) for kind, count in counts.items() if count)


def _unpasted(error: GradloomError) -> GradloomError:
    place = f"at {error.where}, " if error.where else ""
    return type(error)(f"Nothing was pasted: {place}{error.sentence}", error.ids)
