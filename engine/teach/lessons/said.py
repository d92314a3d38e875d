"""The text of a lesson with its numbers in it: `{=grad(x)}` becomes what the graph computes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.errors import TextError
from engine.teach.lessons.lesson import LessonPassage
from engine.teach.lessons.reckoning import Reckoning
from engine.values.values import MINUS

_SUM = re.compile(r"\{=([^{}]*)\}")
UNKNOWN = "…"  # stands for a number that the graph on the canvas does not have


def sums_in(passage: LessonPassage) -> list[str]:
    """The sums in a piece of text."""
    return _SUM.findall(passage.text)


def split_sums(passage: LessonPassage) -> list[str]:
    """A piece of text in parts: words, a sum, words, a sum … words."""
    return _SUM.split(passage.text)


def said(passage: LessonPassage, reckoning: Reckoning, spare: Reckoning | None = None) -> str:
    """A piece of text with its numbers. `spare`: where they come from if this graph, which somebody has changed, lacks
    them."""

    def number(match: re.Match[str]) -> str:
        for each in (reckoning, spare):
            try:
                text = each.said(match[1]) if each is not None else UNKNOWN
                return text.replace(MINUS, "-") if passage.kind == "formula" else text
            except TextError:
                continue
        return UNKNOWN

    return _SUM.sub(number, passage.text)


def wrong_in(passage: LessonPassage, reckoning: Reckoning) -> Iterator[str]:
    """What is wrong with the sums in a piece of text, in sentences."""
    for text in sums_in(passage):
        try:
            reckoning.said(text)
        except TextError as error:
            yield error.sentence
    if "{=" in _SUM.sub("", passage.text):
        yield "a sum that begins with {= is never closed by }"
