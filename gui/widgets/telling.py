"""What a step says, in one sentence; for a lecture hall in large type, with its formula below."""

from collections.abc import Iterator, Sequence

from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.show.explain import Explanation
from gui.look.math_view import MathView, Sides, in_one_line
from gui.look.text_size import keep_scaled, scaled
from gui.look.theme import BODY, CAPTION, NAME
from gui.widgets.boxes import STRETCH, column
from gui.widgets.fitted_text import FittedText

SENTENCE, LONGER = 34, 40  # pixels of height: for one line, or for two in a smaller size; for two in the next smaller
LARGER = (1.15, 1.0)  # what is short is written so much larger than it must be
LESS, LEAST_FORMULA = 0.85, 0.7  # what is long is written so much smaller
SMALLER = (0.8, 0.6, 0.45)  # a sentence that fills the screen otherwise


class Telling(QWidget):
    """The sentence has all numbers in it; where the formula stands below it, it leaves them to that."""

    def __init__(self) -> None:
        super().__init__()
        self._sentence, self._formula = FittedText(SENTENCE), MathView(BODY, 0)
        self._said: tuple[Explanation | None, str, object] = (None, "", None)
        self._large, self._room, self._height = 0, 0, SENTENCE
        self._choosing = self._hurried = False
        self._formula.hide()
        self._formula.laid_out.connect(self._keep_inside)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column(self, 0, self._sentence, self._formula, STRETCH)
        keep_scaled(self, self._grow)

    @property
    def more(self) -> int:
        """How many pixels of height it needs beyond those that it has anyway."""
        return max(self._sentence.minimumHeight() - SENTENCE, 0)

    def tell(self, said: Explanation | None, sentence: str, of: object, hurried: bool = False) -> None:
        """Say what a step says, or this sentence where there is none; `of` is the run that it belongs to. `hurried`:
        it will be gone before a formula could be read."""
        self._said, self._hurried = (said, sentence, of), hurried
        if said is None or not (self._large and self._shows_formula(said)):
            self._formula.hide()
            if self._large:
                self._sentence.set_type((*self._sizes, *(round(self._large * part) for part in SMALLER)), self._room)
            self._sentence.show_text(said.caption if said and self._large else sentence, of)

    def enlarge(self, size: int, room: int) -> None:
        """In a presentation: write at least in this size, in so many pixels of height; 0: as ever."""
        if (size, room) != (self._large, self._room):
            self._large, self._room = size, room
            if not size:
                self._write_as_ever()
            self.tell(*self._said, self._hurried)

    def make_longer(self, longer: bool) -> None:
        """Give it room for two lines, or for what is usual."""
        self._height = LONGER if longer else SENTENCE
        if not self._large:
            self._write_as_ever()

    def limit(self, limited: bool) -> None:
        """Keep it to the room of three lines, or let it have what it needs."""
        self._sentence.set_most(scaled(LONGER) if limited else None)

    def _grow(self) -> None:
        if not self._large:  # else the window says how large
            self._write_as_ever()
            self.tell(*self._said, self._hurried)

    def _write_as_ever(self) -> None:
        sizes = (scaled(NAME), scaled(BODY), scaled(CAPTION))
        self._sentence.set_type(sizes, scaled(self._height))

    def _shows_formula(self, said: Explanation) -> bool:
        """Show the heading and as many of the step's equations as there is room for; not where they say the same."""
        if said.caption == said.why:  # a leaf holds its number
            return False
        self._choosing = True
        try:
            return self._fits(said)
        finally:
            self._choosing = False

    def _keep_inside(self) -> None:
        """The formula has been set anew, and is higher than the plain text that stood for it: choose again."""
        if self._large and not self._choosing and not self._formula.isHidden() and not self._formula_fits:
            self.tell(*self._said, self._hurried)

    @property
    def _formula_fits(self) -> bool:
        return self._formula.height() <= self._room - self._line

    def _fits(self, said: Explanation) -> bool:
        """Show the first choice of equations and size that there is room for: in one line or smaller if need be."""
        for number, (equations, size) in enumerate(self._choices(said.typeset)):
            self._formula.set_type(size, 0)
            self._formula.show_equations(equations, said.numbers, of=(said, number), hurried=self._hurried)
            if self._formula_fits:
                self._formula.show()
                self._sentence.set_type(self._sizes, self._line)
                self._sentence.show_text(f"{said.heading}.", said)
                return True
        return False

    def _choices(self, equations: Sequence[Sides]) -> Iterator[tuple[Sequence[Sides], int]]:
        """Which equations in which size, the best first; where there is room for none but the last, these alone."""
        less, smallest = (round(self._large * part) for part in (LESS, LEAST_FORMULA))
        for first in range(len(equations)):
            shown = equations[first:]
            yield from ((shown, size) for size in (*self._sizes, less))
            if len(shown) > 1:
                yield from (([in_one_line(shown)], size) for size in (*self._sizes, less, smallest))
        yield from ((shown, smallest) for shown in (equations, equations[-1:]))

    @property
    def _sizes(self) -> tuple[int, ...]:
        return tuple(round(self._large * larger) for larger in LARGER)

    @property
    def _line(self) -> int:
        """How high the sentence is at least."""
        return round(self._large * 1.25)
