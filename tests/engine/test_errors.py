"""A refusal is one line that can be shown and written anywhere, whatever it quotes."""

from __future__ import annotations

import pytest

from engine.errors import FileError


@pytest.mark.parametrize(
    "quoted, shown",
    [
        ("a\nb\t c", "a b c"),
        ("\x1b[31mred", "�[31mred"),
        ("\ud800", "�"),
        ("gnp.\u202eexe", "gnp.�exe"),
        ("12\u202f000 × −1", "12\u202f000 × −1"),
    ],
)
def test_what_it_quotes_is_made_plain(quoted: str, shown: str) -> None:
    error = FileError(f"there is no node “{quoted}”", where=f"$.{quoted}")
    assert (error.sentence, error.where) == (f"there is no node “{shown}”", f"$.{shown}")
    assert str(error) == f"$.{shown}: there is no node “{shown}”"
    str(error).encode()


def test_what_it_quotes_is_cut_in_the_middle() -> None:
    said = FileError(f"begins {'x' * 5000} ends").sentence
    assert len(said) < 510 and said.startswith("begins x") and said.endswith("x ends") and " … " in said
