"""New from expression: type a formula or a small program, see at once what comes of it, get its graph."""

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from engine.errors import GradloomError
from engine.export import trace_for
from engine.files.open import read_pasted, with_values
from engine.graph.graph import Graph
from engine.passes.trace import Trace
from engine.values.values import counted, value_text
from gui.document.errors import refusal_notice
from gui.look.theme import theme
from gui.pictures.options import KINDS, PictureOptions
from gui.pictures.sheet import Sheet
from gui.widgets.boxes import STRETCH, column, row
from gui.widgets.labels import label, main_button, set_role
from gui.widgets.picture_preview import PicturePreview
from gui.widgets.program_field import ProgramField

HINT = "Names that are never assigned become inputs; the last line is the target. Ctrl+Enter creates the graph."
EXAMPLES = {
    "(x + y) · z": "q = x + y\nf = q * z",
    "A neuron": "sigmoid(w0*x0 + w1*x1 + w2)",
    "micrograd": "a = Value(-4.0)\nb = Value(2.0)\nc = a * b + b**3\nd = (c - a).relu()\nd.backward()",
    "PyTorch": "h = F.relu(x @ W.T + b)\nloss = F.mse_loss(h, t)",
}
SIZE = QSize(640, 560)  # no more than the screen has
MOST_DRAWN = 150  # nodes: more are too small to see here


class ExpressionDialog(QDialog):
    """Accepted, `graph` is what was typed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("New from expression")
        self.graph = Graph()
        self.text = ProgramField("(x + y) * z")
        self.text.setAccessibleName("Expression")
        self.message = label(HINT, "soft", wraps=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.message.setFixedHeight(40)  # two lines, so that nothing jumps while one types
        self.preview = PicturePreview()
        self.cancel_button, self.create_button = QPushButton("Cancel"), main_button("Create")
        self.create_button.setToolTip("Ctrl+Enter")
        self.create_button.setEnabled(False)
        self._lay_out()
        self.text.textChanged.connect(self._read)
        self.text.flooded.connect(self._refuse)
        self.cancel_button.clicked.connect(self.reject)
        self.create_button.clicked.connect(self.accept)
        self.text.submitted.connect(self.create_button.click)
        self.text.setFocus()

    def _lay_out(self) -> None:
        examples = row(None, 8, label("Try", "faint"))
        for title, text in EXAMPLES.items():
            button = QPushButton(title, autoDefault=False)
            button.setToolTip(text)
            button.clicked.connect(partial(self._show_example, text))
            examples.addWidget(button)
        examples.addStretch(1)
        buttons = row(None, 12, STRETCH, self.cancel_button, self.create_button)
        parts = (examples, (self.text, 2), self.message, (self.preview, 3), buttons)
        column(self, 12, *parts, margins=(20, 16, 20, 16))
        self.resize(SIZE.boundedTo(self.screen().availableSize() * 0.94))

    def _show_example(self, text: str) -> None:
        self.text.replace_text(text)
        self.text.setFocus()

    # --- what is typed

    def _read(self) -> None:
        text = self.text.toPlainText()
        if not text.strip():
            self._show(Graph(), HINT)
            return
        try:
            self.graph = read_pasted(text)
        except GradloomError as error:
            self._refuse(error)
            return
        whole, filled = with_values(self.graph)
        trace = trace_for(whole)
        self._show(self.graph, summary(whole, filled, trace))
        self._draw(whole, trace)

    def _show(self, graph: Graph, sentence: str) -> None:
        self.graph = graph
        self.text.mark("")
        self.preview.clear()
        self.message.setText(sentence)
        set_role(self.message, "soft")
        self.create_button.setEnabled(bool(graph.nodes))

    def _draw(self, graph: Graph, trace: Trace) -> None:
        if len(graph.nodes) <= MOST_DRAWN:
            options = PictureOptions(theme(), captions=False, transparent=True)
            self.preview.show_sheet(Sheet(graph, trace, KINDS["png"], options), float(len(trace)))

    def _refuse(self, error: GradloomError) -> None:
        """Say what is not understood, and where; nothing can be created of it."""
        self._show(Graph(), refusal_notice(error).sentence)
        self.text.mark(error.where)
        set_role(self.message, "error")


def summary(graph: Graph, filled: tuple[str, ...], trace: Trace) -> str:
    """How many nodes it will be, which leaves get a value, and what comes out."""
    nodes = counted(len(graph.nodes), "node")
    names = ", ".join(filled[:6]) + (", …" if len(filled) > 6 else "")
    inputs = f", {'inputs' if len(filled) > 1 else 'input'} {names}" if filled else ""
    value = trace.value(graph.target) if graph.target else None
    if graph.target is None or value is None:
        return f"{nodes}{inputs}."
    return f"{nodes}{inputs}; the target {graph.nodes[graph.target].name} is {value_text(value)}."
