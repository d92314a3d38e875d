"""Texts that are too wide end where they can be read."""

import pytest

from gui.look.measure import beginning, clipped, lines, whole_ends, width

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


def test_beside_an_edge_one_element_at_least_is_whole(qapp) -> None:
    """“[−0.…” says nothing: a number never is cut."""
    assert beginning("◂ [−0.0096]", 14, True, 20) == "◂ [−0.0096]"
    assert beginning(VECTOR, 14, True, 20) == "[−0.6667, …]"
    assert beginning(VECTOR, 14, True, 500) == VECTOR and beginning("12-vector", 14, True, 20) == "12-vector"


@pytest.mark.parametrize(
    ("number", "fits", "shown"),
    [
        ("−1.235e−100", "−1.235e−100", "−1.235e−100"),
        ("−1.235e−100", "−1.235e−10", "−1.23e−100"),
        ("1.266e200", "1.266e", "1e200"),
        ("0.0001235", "0.00012", "0.00012"),
    ],
)
def test_a_number_loses_digits_but_never_its_size(qapp, number: str, fits: str, shown: str) -> None:
    """“−1.235e…” may be any number."""
    assert clipped(number, 14, True, width(fits, 14, True)) == shown


def test_other_texts_are_cut_where_they_must(qapp) -> None:
    assert clipped("12-vector", 14, True, 500) == "12-vector"
    assert clipped("12-vector", 14, True, 40).endswith("…")


def test_of_a_vector_whole_elements_give_way_in_its_middle():
    text = "[−2.18746, 0.5, 12, −0.00105734]"
    found = [whole_ends(text, len, room) for room in range(40)]
    assert {short for short in found if short} == {
        "[−2.18746, …]", "[−2.18746, …, −0.00105734]", "[−2.18746, 0.5, …, −0.00105734]",
    }  # fmt: skip
    assert all(len(short) <= room for room, short in enumerate(found) if short)
    assert whole_ends("−2.18746", len, 4) is None and whole_ends(text, len, 5) is None


@pytest.mark.parametrize("room", [120.0, 260.0, 700.0])
def test_no_line_is_wider_than_its_room_whatever_letters_a_name_has(qapp, room: float) -> None:
    """Qt counts an emoji as two letters: each line had one of the next for every emoji before it, and was cut off."""
    text = "p 😀 of 😀 one sends 1 back to y: 𝑥 and 😀 names, then the next, and one more after that"
    broken = lines(text, 20, room)
    assert " ".join(broken) == text
    assert max(width(line, 20) for line in broken) <= room


@pytest.mark.parametrize(
    ("vector", "fits", "shown"),
    [
        ("[−0.0012, …]", "[−0.001, …]", "[−0.001, …]"),
        ("[−0.0012, …]", "[−1e−3, …]", "[−1e−3, …]"),
        ("◂ [0.00046]", "◂ [5e−4]", "◂ [5e−4]"),
        ("[nan, 12345]", "[nan, …]", "[nan, …]"),
    ],
)
def test_of_a_vector_no_element_is_cut_in_its_middle(vector: str, fits: str, shown: str) -> None:
    """[−0.00… would be another number."""
    assert clipped(vector, 14, True, width(fits, 14, True)) == shown
