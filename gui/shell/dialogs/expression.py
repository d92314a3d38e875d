"""New from expression: type a formula or a small program, see at once what comes of it, get its graph.

In a graph that is open already the names of its nodes mean these nodes, and the end of the expression may become the
target.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QWidget

from engine import edits
from engine.errors import GradloomError
from engine.export import trace_for
from engine.files.open import read_pasted, remarks_text, with_values
from engine.graph.graph import Graph
from engine.passes.trace import Trace
from engine.show.now import Now
from engine.values.values import counted, value_text
from gui.document.errors import refusal_notice
from gui.document.pending import TypedText
from gui.look.as_is import as_is, unmarked
from gui.look.text_size import scaled
from gui.look.theme import theme
from gui.pictures.options import KINDS, PictureOptions
from gui.pictures.sheet import Sheet
from gui.shell.room import fit_dialog
from gui.widgets.boxes import STRETCH, column, row, scrolling
from gui.widgets.buttons import PushButton
from gui.widgets.labels import label, main_button, set_role
from gui.widgets.picture_preview import PicturePreview
from gui.widgets.program_field import ProgramField

JOIN_HINT = (
    "Names of nodes mean the nodes in the graph, other names become inputs. Enter adds it, Shift+Enter begins a line."
)
HINT = (
    "Names that are never assigned become inputs; the last line is the target. "
    "Enter creates the graph, Shift+Enter begins a line."
)
EXAMPLES = {
    "(x + y) · z": "q = x + y\nf = q * z",
    "A neuron": "sigmoid(w0*x0 + w1*x1 + w2)",
    "micrograd": "a = Value(-4.0)\nb = Value(2.0)\nc = a * b + b**3\nd = (c - a).relu()\nd.backward()",
    "PyTorch": "h = F.relu(x @ W.T + b)\nloss = F.mse_loss(h, t)",
}
SIZE = QSize(640, 560)  # no more than the screen has
MOST_DRAWN = 150  # nodes: more are too small to see here


class ExpressionDialog(QDialog):
    """Accepted, `graph` is what was typed, to be joined to the graph of `now`; `aims`: its end becomes the target.

    What is typed here is kept in case of a crash, as that of every open field; nothing else can be done meanwhile.
    """

    typed = Signal()

    def __init__(self, now: Now, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("New from expression")
        self._now, self.graph = now, Graph()
        self._hint = JOIN_HINT if now.graph.nodes else HINT
        self.aim = QCheckBox()
        self.aim.setVisible(bool(now.graph.nodes))
        self._aim_was_chosen = False  # by the user: from then on it stays
        self._offer_aim(Graph(), {})
        self.aim.clicked.connect(self._choose_aim)
        self.text = ProgramField("(x + y) * z")
        self.text.setAccessibleName("Expression")
        self.message = label(self._hint, "soft", wraps=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.message.setFixedHeight(scaled(60))  # three lines, so that nothing jumps while one types
        self.preview = PicturePreview()
        self.cancel_button = PushButton("Cancel")
        self.create_button = main_button("Add" if now.graph.nodes else "Create")
        self.create_button.setToolTip("Enter")
        self.create_button.setEnabled(False)
        self._lay_out()
        self.text.textChanged.connect(self._read)
        self.text.textChanged.connect(self.typed)
        self.text.flooded.connect(self._refuse)
        self.cancel_button.clicked.connect(lambda: self.reject())
        self.create_button.clicked.connect(lambda: self.accept())
        self.text.submitted.connect(lambda: self.create_button.click())
        self.text.setFocus()

    def _lay_out(self) -> None:
        examples = row(None, 8, label("Try", "faint"))
        for title, text in EXAMPLES.items():
            button = PushButton(unmarked(title), autoDefault=False)
            button.setToolTip(as_is(text))
            button.clicked.connect(partial(self._show_example, text))
            examples.addWidget(button)
        examples.addStretch(1)
        buttons = row(None, 12, STRETCH, self.cancel_button, self.create_button)
        body = column(None, 12, examples, (self.text, 2), self.message, (self.preview, 3), self.aim)
        column(self, 12, (scrolling(body), 1), buttons, margins=(20, 16, 20, 16))
        fit_dialog(self, SIZE)

    def _show_example(self, text: str) -> None:
        self.text.replace_text(text)
        self.text.setFocus()

    # --- what is typed

    @property
    def pending_text(self) -> TypedText | None:
        text = self.text.toPlainText()
        return TypedText("Expression", text) if text.strip() else None

    def commit(self) -> bool:
        """Its own buttons take it or drop it: it stands over everything that could ask for that."""
        return True

    def drop(self) -> None:
        """See `commit`."""

    def _read(self) -> None:
        text = self.text.toPlainText()
        if not text.strip():
            self._show(Graph(), self._hint)
            self._offer_aim(Graph(), {})
            return
        remarks: list[str] = []
        try:
            self.graph = read_pasted(text, remarks.append, edits.outputs_there(self._now.graph))
        except GradloomError as error:
            self._refuse(error)
            return
        self._show_joined(self._now.graph, remarks_text(remarks))

    def _show_joined(self, there: Graph, remarks: str) -> None:
        """Show what comes of it in the open graph: how it is joined, and what its end is then."""
        known = edits.known_names(there, self.graph)
        whole, filled = with_values(self.graph, known)
        joined = edits.join(there, whole, (0.0, 0.0))
        after = there.apply(joined)
        trace = trace_for(after)
        end = end_text(there, after, trace) if whole.target else ""
        self._show(self.graph, summary(there, whole, known, filled, end) + remarks)
        self._offer_aim(whole, known)
        self._draw(held(whole, edits.known_feeds(there, whole), trace))

    @property
    def aims(self) -> bool:
        """Whether the end of what was typed becomes the target."""
        return self.aim.isChecked() or not self._now.graph.nodes

    def _choose_aim(self) -> None:
        self._aim_was_chosen = True

    def _offer_aim(self, whole: Graph, known: Mapping[str, str]) -> None:
        """Offer the end as the target: chosen at first where there is none, or where it goes on from the old one."""
        end, there = whole.nodes.get(whole.target or ""), self._now.graph
        self.aim.setEnabled(end is not None)
        old = there.nodes.get(there.target or "")
        instead = f" (in place of {old.name})" if old else ""
        self.aim.setText(unmarked(f"Make {end.name} the target{instead}") if end else "Make its end the target")
        if not self._aim_was_chosen:
            self.aim.setChecked(end is not None and (old is None or old.id in known.values()))

    def _show(self, graph: Graph, sentence: str) -> None:
        self.graph = graph
        self.text.mark("")
        self.preview.clear()
        self.message.setText(sentence)
        set_role(self.message, "soft")
        self.create_button.setEnabled(bool(graph.nodes))

    def _draw(self, graph: Graph) -> None:
        if len(graph.nodes) <= MOST_DRAWN:
            options, trace = PictureOptions(theme(), captions=False, transparent=True), trace_for(graph)
            self.preview.show_sheet(Sheet(graph, trace, KINDS["png"], options), float(len(trace)))

    def _refuse(self, error: GradloomError) -> None:
        """Say what is not understood, and where; nothing can be created of it."""
        self._show(Graph(), refusal_notice(error).sentence)
        self._offer_aim(Graph(), {})
        self.text.mark(error.where)
        set_role(self.message, "error")


def held(expression: Graph, known: Mapping[str, tuple[str, int]], trace: Trace) -> Graph:
    """The expression with the values that its names have in the open graph, to be drawn alone."""
    values = {id: trace.value(*there) for id, there in known.items()}
    nodes = {id: replace(expression.nodes[id], value=value) for id, value in values.items() if value is not None}
    return replace(expression, nodes={**expression.nodes, **nodes})


def summary(there: Graph, whole: Graph, known: Mapping[str, str], filled: tuple[str, ...], end: str) -> str:
    """How many nodes come in, which they are joined to, which leaves get a value, and what comes out."""
    count = len(whole.nodes) - len(known)
    nodes = counted(count, "new node" if there.nodes else "node")
    names = ", ".join(filled[:6]) + (", …" if len(filled) > 6 else "")
    inputs = f", {'inputs' if len(filled) > 1 else 'input'} {names}" if filled else ""
    return f"{nodes}{_joined(there, whole, known)}{inputs}{end}."


def end_text(there: Graph, after: Graph, trace: Trace) -> str:
    """What comes out at the end, which may become the target; begins with a semicolon."""
    value = trace.value(after.target) if after.target else None
    if after.target is None or value is None:
        return ""
    return f"; {'' if there.nodes else 'the target '}{after.nodes[after.target].name} is {value_text(value)}"


def _joined(there: Graph, whole: Graph, known: Mapping[str, str]) -> str:
    """Which nodes of the open graph it goes on from, and which of them get another value; begins with a comma."""
    given = {id: (whole.nodes[id], there.nodes[at]) for id, at in known.items()}
    names = list({old.id: old.name for _, old in given.values()}.values())
    changed = [
        f"{old.name} becomes {value_text(new.value)}"
        for new, old in given.values()
        if new.value is not None and new.value_key != old.value_key
    ]
    listed = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
    becomes = f" ({', '.join(changed)})" if changed else ""
    return f", joined to {listed} of this graph{becomes}" if names else ""
