"""A document reads no other file unless somebody has allowed it; what it reads is read in bounds."""

import json
from pathlib import Path

import pytest

from engine import allow_data, cli
from engine.data import cells, csv
from engine.data.access import NOT_ALLOWED, ReadAtOnce, table_of
from engine.data.csv import parse_csv
from engine.data.tables import load_dataset
from engine.errors import FileError
from engine.ops.op import OPS
from engine.values.progress import Cancelled, listening

ROWS = "a,b\n1,2.5\n3,4.5\n"


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    file = tmp_path / "rows.csv"
    file.write_text(ROWS)
    return file


def test_nothing_is_read_until_it_is_allowed(rows: Path) -> None:
    with pytest.raises(FileError, match="was not read") as refused:
        table_of(str(rows))
    assert refused.value.kind == NOT_ALLOWED
    allow_data(rows)
    assert table_of(str(rows)).columns == ("a",)


def test_shipped_data_are_read_without_being_allowed() -> None:
    assert len(load_dataset(OPS["dataset"].chosen(())).features) == 150


def test_a_folder_allows_what_is_in_it_and_not_its_neighbours(tmp_path: Path, rows: Path) -> None:
    inside, beside = tmp_path / "data", tmp_path / "database"
    for folder in (inside, beside):
        (folder / "deep").mkdir(parents=True)
        (folder / "deep" / "rows.csv").write_text(ROWS)
    access = ReadAtOnce([inside])
    assert access.table(str(inside / "deep" / "rows.csv")).columns == ("a",)
    for outside in (beside / "deep" / "rows.csv", inside / ".." / "rows.csv"):
        with pytest.raises(FileError, match="was not read"):
            access.table(str(outside))


def test_a_link_out_of_an_allowed_folder_is_not_followed(tmp_path: Path, rows: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "rows.csv").symlink_to(rows)
    with pytest.raises(FileError, match="was not read"):
        ReadAtOnce([folder]).table(str(folder / "rows.csv"))


def document(folder: Path, path: str) -> Path:
    nodes = [{"id": "d", "op": "dataset", "pos": [0, 0], "settings": {"name": "csv", "path": path}}]
    file = folder / "net.gradloom"
    file.write_text(json.dumps({"format": "gradloom", "version": 1, "nodes": nodes, "edges": []}))
    return file


def test_the_command_line_reads_beside_the_document_and_elsewhere_only_when_told(tmp_path, rows, capsys) -> None:
    def run(*words: object) -> tuple[int, str]:
        code = cli.main(["run", *map(str, words)])
        told = capsys.readouterr()
        return code, " ".join((told.out + told.err).split())

    folder = tmp_path / "document"
    folder.mkdir()
    (folder / "own.csv").write_text(ROWS)
    assert "2.5" in run(document(folder, "own.csv"), "--json")[1]
    away = document(folder, "../rows.csv")
    code, said = run(away)
    print(code, said)
    assert "was not read" in said and f"--allow-data {rows}" in said  # as it is, not as the document has it
    assert "2.5" in run(away, "--allow-data", rows, "--json")[1]
    assert "was not read" in run(away)[1]  # it was allowed for once


# --- bounds


@pytest.mark.parametrize(
    ("limit", "value", "text", "said"),
    [
        ("MOST_NUMBERS", 3, ROWS + "5,6\n7,8\n", "too many numbers"),
        ("LONGEST_LINE", 30, "a,b\n" + "1," * 40, "too long"),
        ("MOST_COLUMNS", 3, "a,b,c,d\n1,2,3,4\n", "columns are too many"),
        ("MOST_WORDS", 2, "a,b\n1,x\n2,y\n3,z\n", "these are no classes"),
        ("MOST_WORDS", 2, "a,b\n1,1\n2,2\n3,3\n4,z\n", "these are no classes"),
    ],
)
def test_a_table_that_would_fill_the_memory_is_refused(monkeypatch, limit: str, value: int, text: str, said: str):
    monkeypatch.setattr(cells if hasattr(cells, limit) else csv, limit, value)
    with pytest.raises(FileError, match=said):
        parse_csv(text.encode())


def test_reading_a_table_says_how_far_it_is_and_can_be_ended() -> None:
    data = ("a,b\n" + "1,2.5\n" * 5000).encode()
    heard: list[int] = []

    def end(done: int, total: int) -> None:
        assert total == len(data)
        heard.append(done)
        if len(heard) == 3:
            raise Cancelled

    with listening(end), pytest.raises(Cancelled):
        parse_csv(data)
    assert heard == sorted(heard) and heard[-1] < len(data)
