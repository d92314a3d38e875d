"""Texts that are too wide end where they can be read."""

import pytest

from gui.look.measure import clipped, width

VECTOR = "[−0.6667, 0.3333, −0.1259]"


@pytest.mark.parametrize(
    ("fits", "shown"),
    [
        (VECTOR, VECTOR),
        ("[−0.6667, 0.3333, …]", "[−0.6667, 0.3333, …]"),
        ("[−0.6667, 0.333…]", "[−0.6667, …]"),
    ],
)
def test_a_vector_is_cut_between_two_elements(qapp, fits: str, shown: str) -> None:
    assert clipped(VECTOR, 14, True, width(fits, 14, True)) == shown
    assert clipped(f"◂ {VECTOR}", 14, True, width(f"◂ {fits}", 14, True)) == f"◂ {shown}"


def test_other_texts_are_cut_where_they_must(qapp) -> None:
    assert clipped("12-vector", 14, True, 500) == "12-vector"
    assert clipped("12-vector", 14, True, 40).endswith("…")
