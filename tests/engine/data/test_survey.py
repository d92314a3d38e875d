"""What a CSV holds before it is read: each column, each gap with its line; what is read then is exactly the rest."""

from __future__ import annotations

import csv
from io import StringIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import edits
from engine.data.access import allow_data
from engine.data.cells import names_in, names_text, spelling_of
from engine.data.csv import Wanted, parse_csv
from engine.data.survey import survey
from engine.data.tables import load_dataset
from engine.errors import FileError
from engine.files.codec import decode, encode
from engine.graph.graph import Graph

ROWS = b"""name;width;height;kind
a;1,5;2,0;big
b;;1,5;small
c;2,5;NA;big

d;"1,75";2,25;"big"
e;3;1;small;9
f;-0,5;4e-1;small
"""


def test_each_column_and_each_gap_is_found_with_its_line() -> None:
    found = survey(ROWS)
    assert found.spelling.separator == ";" and found.spelling.decimal_comma and found.has_header
    assert [(each.name, each.holds) for each in found.columns] == [
        ("name", "words"), ("width", "numbers"), ("height", "numbers"), ("kind", "words"),
    ]  # fmt: skip
    assert found.rows == 6
    assert {gap.sentence for gap in found.gaps([1, 2, 3])} == {
        "1 row: “width” is empty (line 3)",
        "1 row: “height” is not a number (line 4)",
        "1 row: 5 cells, not 4 (line 7)",
    }
    assert {gap.sentence for gap in found.gaps([2, 3])} == {
        "1 row: “height” is not a number (line 4)",
        "1 row: 5 cells, not 4 (line 7)",
    }


def test_what_is_left_is_read_as_numpy_and_the_csv_module_read_it() -> None:
    table = parse_csv(ROWS, Wanted("kind", "width,height", skips=True))
    lines = [line for line in csv.reader(StringIO(ROWS.decode()), delimiter=";") if len(line) == 4][1:]
    whole = [line for line in lines if line[1] and line[2] != "NA"]
    numbers = np.array([[float(cell.replace(",", ".")) for cell in line[1:3]] for line in whole])
    np.testing.assert_array_equal(table.features, numbers)
    assert [table.classes[int(at)] for at in table.labels] == [line[3] for line in whole]
    with pytest.raises(FileError, match="“width” is empty") as refused:
        parse_csv(ROWS, Wanted("kind", "width,height"))
    assert refused.value.where == "line 3", "nothing is left out unless that is wanted"


CELLS = st.sampled_from(["1", "2.5", "-3e2", "", "NA", "red", "inf", " 7 ", '"quoted, 1"'])


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=12), st.booleans())
def test_the_rows_that_are_counted_are_those_that_are_read(rows: list[list[str]], has_header: bool) -> None:
    text = "\n".join(["a,b,c" if has_header else "1,2,3", "4,5,6", *(",".join(row) for row in rows)])
    data = text.encode()
    found = survey(data, has_header)
    used = [at for at, each in enumerate(found.columns) if each.holds == "numbers"]
    if len(used) < 2 or found.columns[used[-1]].holds != "numbers":
        return
    names = [found.columns[at].name for at in used]
    wanted = Wanted(names[-1], names_text(names[:-1]), has_header, skips=True)
    left = found.rows - sum(gap.count for gap in found.gaps(used))
    lines = [line for line in csv.reader(StringIO(text)) if any(cell.strip() for cell in line)][has_header:]
    whole = [[_number(line[at]) for at in used] for line in lines if len(line) == 3]
    whole = [line for line in whole if all(map(np.isfinite, line))]
    assert len(whole) == left
    if left:
        table = parse_csv(data, wanted)
        np.testing.assert_array_equal(table.features, np.array(whole)[:, :-1])
    else:
        with pytest.raises(FileError, match="every row has a gap"):
            parse_csv(data, wanted)


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")


@pytest.mark.parametrize(
    ("text", "separator", "comma"),
    [
        ("a,b\n1,2\n", ",", False),
        ("a;b\n1.5;2\n", ";", False),
        ("a;b\n1,5;2\n", ";", True),
        ("a\tb\n1,5\t-2,25e3\n", "\t", True),
        ("a;b\n1,5;2.5\n", ";", False),  # both: then a comma is not decimal, and that cell no number
        ("\ufeffa;b\n1;2\n", ";", False),
        ("1,5;2,5;3,5\n4,5;5,5;6,5\n", ";", True),  # more commas than semicolons
        ('"a,b,c";d\n1;2\n', ";", False),  # what is quoted separates nothing
        ("a,b;c,d\n1,2,3\n", ",", False),
        ("a;b\n\n1;2\n3\n", ";", False),  # uneven lines: the first says it
    ],
)
def test_separators_and_decimal_commas_are_told_apart(text: str, separator: str, comma: bool) -> None:
    found = spelling_of(text.encode())
    assert (found.separator, found.decimal_comma) == (separator, comma)


def test_a_byte_order_mark_is_no_part_of_a_name_and_without_a_header_columns_are_counted() -> None:
    assert survey("\ufeffa,b\n1,2\n".encode()).columns[0].name == "a"
    found = survey(b"1,2.5,3\n4,5,6\n")
    assert not found.has_header and found.rows == 2
    assert [each.name for each in found.columns] == ["column 1", "column 2", "column 3"]
    table = parse_csv(b"1,2.5,3\n4,5,6\n", Wanted("column 1", "column 3", header=False))
    assert table.features.tolist() == [[3.0], [6.0]] and table.classes == ("1", "4")


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("", "line 1", "file is empty"),
        ("a,b\n", "line 2", "no rows"),
        ("a\n1\n", "line 1", "at least one column"),
        ("a,a\n1,2\n", "line 1", "two columns are called “a”"),
        ("a,b\n1,2\n3," + '"' + "x" * 200_000 + '"\n', "line 3", "this is not CSV"),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(text: str, where: str, said: str) -> None:
    with pytest.raises(FileError, match=said) as refused:
        survey(text.encode())
    assert refused.value.where == where


def test_a_column_that_says_nothing_is_known() -> None:
    found = survey(b"a,b,c,d,e\n1,x,5,,1\n2,y,5,,na\n3,x,5,,?\n").columns
    assert [each.is_constant for each in found[:3]] == [False, False, True]
    assert found[3].holds == "nothing" and found[4].holds == "numbers" and found[4].unknown == 2
    assert found[1].classes == 2 and found[0].classes == 3 and found[0].odd == ""


def test_names_of_columns_are_one_text_and_come_back() -> None:
    names = ["width", "a, b", 'say "x"', "ö"]
    assert names_in(names_text(names)) == names and names_in("") == [] and names_in("a, b") == ["a", "b"]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [(Wanted("kind", "no"), "no column “no”; the columns are"), (Wanted("kind", "width,kind"), "cannot be a feature")],
)
def test_columns_that_cannot_be_are_named(wanted: Wanted, said: str) -> None:
    with pytest.raises(FileError, match=said):
        parse_csv(ROWS, wanted)


# --- in a graph


def test_a_dataset_takes_the_rows_as_one_edit_and_a_file_keeps_what_was_chosen(tmp_path) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(ROWS)
    settings = {"path": str(file), "label": "kind", "columns": "width", "skips": True, "standardise": False}
    change = edits.take_rows(Graph(), None, settings, (20.0, 40.0))
    graph = Graph().apply(change)
    [id] = graph.nodes
    assert change.text == "Add Dataset" and graph.nodes[id].pos == (20.0, 40.0)
    allow_data(tmp_path)
    data = load_dataset(graph.nodes[id].chosen)
    np.testing.assert_array_equal(data.features[:, 0], [1.5, 2.5, 1.75, -0.5])
    again = decode(encode(graph))
    assert again.nodes[id].settings == graph.nodes[id].settings
    shown = graph.apply(edits.show_row(graph, id, 4))
    other = edits.take_rows(shown, id, settings | {"columns": "height"})
    after = shown.apply(other)
    assert other.text == f"Take other rows into {id}" and after.nodes[id].chosen["row"] == 0
    assert after.apply(after.change_to(shown, "")).nodes == shown.nodes
    assert after.nodes[id].chosen["columns"] == "height"
