"""Both languages name the same number: a sentence about gradients stands as one about responsibility."""

from __future__ import annotations

import pytest

from engine.show.wording import worded


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("No gradient passes here.", "No responsibility passes here."),
        ("Gradients add up: its gradient is 0.", "Responsibilities add up: its responsibility is 0."),
        ("A value is no such word.", "A value is no such word."),
    ],
)
def test_a_sentence_stands_in_either_language(said: str, told: str) -> None:
    assert worded(said, "gradient") == said
    assert worded(said, "responsibility") == told
