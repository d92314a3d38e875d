"""The numbers in the text of an article: those that come from a graph are marked, and the page computes them anew."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from engine.errors import TextError
from engine.export.page_questions import PageSources
from engine.teach.lessons.lesson import LessonPassage
from engine.teach.lessons.live import goal_source, sum_source
from engine.teach.lessons.reckoning import Reckoning, digits_of
from engine.teach.lessons.said import UNKNOWN, split_sums
from gui.look.formula_text import plain

Part = str | list[int | str]  # words, or a number: [its sum, digits, as it is at first]
STANDS = 8_675_300  # for a number in a formula, until it is written as text


class LiveText:
    """The text of one step, over the graph that it has."""

    def __init__(self, sums: PageSources, reckoning: Reckoning) -> None:
        self._sums, self._reckoning = sums, reckoning

    def sum(self, text: str) -> int | None:
        """The number of what computes it; None: the page cannot tell."""
        return self._place(sum_source(text, self._reckoning))

    def goal(self, text: str) -> int | None:
        return self._place(goal_source(text, self._reckoning))

    def _place(self, source: str) -> int | None:
        return self._sums.place(source) if source else None

    def parts(self, passage: LessonPassage) -> list[Part]:
        """Words and numbers, for the script."""
        pieces = split_sums(passage)
        found: list[Part] = [self._number(piece) if at % 2 else piece for at, piece in enumerate(pieces)]
        return [part for part in found if part]

    def html(self, passage: LessonPassage) -> str:
        return self._html(self.parts(passage))

    def formula(self, tex: LessonPassage, draw: Callable[[str], str]) -> str:
        """A formula, and below it, for when other numbers are in the graph, the same as text."""
        parts = self.parts(tex)
        first = "".join(part if isinstance(part, str) else str(part[2]).replace("−", "-") for part in parts)
        return draw(first) + self._now(parts)

    def _now(self, parts: list[Part]) -> str:
        numbers = [part for part in parts if not isinstance(part, str)]
        held = iter(range(STANDS, STANDS + len(numbers)))
        text = plain("".join(part if isinstance(part, str) else str(next(held)) for part in parts))
        said: list[Part] = []
        for at, number in enumerate(numbers):
            before, stood, text = text.partition(str(STANDS + at))
            if not stood:  # it stands where text writes it otherwise, as in an exponent
                return ""
            said += [before, number]
        return f'<p class="now">With your numbers: {self._html([*said, text])}</p>' if numbers else ""

    def _number(self, text: str) -> Part:
        try:
            shown = self._reckoning.said(text)
            source, digits = digits_of(text)
        except TextError:
            return UNKNOWN
        place = self.sum(source)
        return shown if place is None else [place, digits, shown]

    def _html(self, parts: list[Part]) -> str:
        return "".join(
            escape(part)
            if isinstance(part, str)
            else f'<span data-sum="{part[0]}" data-digits="{part[1]}">{escape(str(part[2]))}</span>'
            for part in parts
        )
