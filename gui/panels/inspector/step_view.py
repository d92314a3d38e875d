"""The current step: its equations, the numbers that make it up, and the reason. What happens the timeline says."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from engine.graph.graph import Graph
from engine.passes.trace import ContributionStep, DropStep, ForwardStep, SeedStep, Step, UpdateStep
from engine.show.explain import Explanation
from engine.values.values import Value, exact_text, value_text
from gui.document.bridge import Bridge
from gui.look.math_view import MathView
from gui.look.text_size import keep_scaled, scaled
from gui.panels.inspector.reading import all_digits
from gui.widgets.boxes import column
from gui.widgets.chips import Chip, ChipRow
from gui.widgets.labels import label, sign_role

FORMULA_SIZE, FORMULA_HEIGHT = 16, 44  # pixels an em; a fraction: the parts below do not jump from step to step
MOST_LINES = 6  # of the reason, whose room is kept: a longer one must not leave a blank below all others
MOST_INPUTS = 2  # chips for the inputs of a forward step; for more only the result


class StepView(QWidget):
    """Nothing that it shows is the timeline's sentence again. Its height seldom shrinks while one trace is stepped
    through."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._number = label("", "caption", wraps=True)
        self._equations = MathView(FORMULA_SIZE, FORMULA_HEIGHT)
        self._chips = ChipRow()
        self._why = label("", "why", wraps=True)
        self._why.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._tallest: tuple[int, int, int] = (0, 0, 0)  # trace, width, the height that the reason needed so far
        self._needed: tuple[str, int, int] = ("", 0, 0)  # a reason, a width, the height that it needs there
        policy = self._why.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._why.setSizePolicy(policy)
        column(self, 8, self._number, self._equations, self._chips, self._why)
        keep_scaled(self, self._scale)

    def _scale(self) -> None:
        self._equations.set_type(scaled(FORMULA_SIZE), scaled(FORMULA_HEIGHT))
        self._tallest, self._needed = (0, 0, 0), ("", 0, 0)
        if self._why.text():
            self._keep_height()

    def refresh(self) -> None:
        """Show the step at the player's position."""
        said, step, steps = self._bridge.now.explanation, self._bridge.now.told.step, len(self._bridge.now.telling)
        told = said is None or said.why == said.caption  # a leaf holds its number: there is no more to it
        self._equations.setVisible(not told)
        self._why.setVisible(not told)
        self._chips.setVisible(said is not None)
        if said is None or step is None:
            self._number.setText(f"Step 0 of {steps}" if steps else "No steps yet")
            return
        place = f", {said.place}" if said.place else ""
        self._number.setText(f"Step {(self._bridge.now.told.index or 0) + 1} of {steps}{place}")
        self.setAccessibleDescription(said.heading)
        now = self._bridge.now
        self._equations.show_equations(said.typeset, said.numbers, of=now.telling, hurried=now.hurried)
        self._chips.show_chips(*chips_of(self._bridge.now.graph, step, said))
        self._why.setText(said.why)
        self._keep_height()

    def _keep_height(self) -> None:
        trace, width = id(self._bridge.now.telling), self._why.width()
        if self._needed[:2] != (self._why.text(), width):  # else all would be laid out anew for nothing
            self._why.setMinimumHeight(0)  # which a label's heightForWidth never falls below
            most = MOST_LINES * self._why.fontMetrics().lineSpacing()
            self._needed = (self._why.text(), width, min(self._why.heightForWidth(width), most))
        kept = self._needed[2]
        if self._tallest[:2] == (trace, width):
            kept = max(kept, self._tallest[2])
        self._tallest = (trace, width, kept)
        self._why.setMinimumHeight(kept)


def chips_of(graph: Graph, step: Step, said: Explanation) -> tuple[list[Chip], list[str]]:
    """The chips of a step and the signs between them."""
    if isinstance(step, ForwardStep):
        return _forward_chips(graph, step)
    chips = [Chip(text, caption, *_color_and_digits(number)) for caption, text, number in said.parts]
    if isinstance(step, SeedStep | DropStep):
        return chips, [""] * (len(chips) - 1)
    if isinstance(step, UpdateStep):
        return chips, ["", "→"]
    if len(chips) == 2:  # by a rule, which is not a product of two numbers
        return chips, ["→"]
    chips[1] = chips[1]._replace(color="text")  # a local derivative is no gradient: ink, not colour
    is_summed = isinstance(step, ContributionStep) and bool(step.axes)  # then it is not the product alone
    return chips, ["×", "→" if is_summed else "="]


def _forward_chips(graph: Graph, step: ForwardStep) -> tuple[list[Chip], list[str]]:
    op, result = graph.nodes[step.node].op, _value_chip(step.value, "value")
    if not 0 < len(step.inputs) <= MOST_INPUTS:
        return [result], []
    names = [graph.nodes[edge.source].name for edge in graph.into(step.node)]
    chips = [_value_chip(value, name) for value, name in zip(step.inputs, names, strict=True)]
    between = op.symbol if op.infix else ","
    return [*chips, result], [between] * (len(chips) - 1) + ["=" if op.infix else "→"]


def _value_chip(value: Value, caption: str) -> Chip:
    return Chip(value_text(value), caption, exact=all_digits(value))


def _color_and_digits(number: float | None) -> tuple[str, str]:
    return ("text", "") if number is None else (sign_role(number), exact_text(number))
