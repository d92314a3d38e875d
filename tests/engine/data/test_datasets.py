"""Data to learn from: what the shipped sets hold, how rows are split and scaled, and what a bad CSV is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import allow_data, edits
from engine.data.csv import Wanted, guarded, parse_csv, read_csv, unguarded
from engine.data.formulas import FORMULAS, LETTERS
from engine.data.tables import NAMES, load_dataset
from engine.errors import EditRefused, FileError
from engine.files.disk import load, save
from engine.graph.document import Document
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.ops.op import OPS
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import trace_of
from engine.session import Session


def settings(**chosen: Any) -> dict[str, Any]:
    return OPS["dataset"].defaults | chosen


def small_graph(**chosen: Any) -> Graph:
    """A linear layer with cross-entropy on Iris, or on other data."""
    nodes = [
        Node("data", "dataset", settings=tuple(sorted(chosen.items()))),
        Node("w", "parameter", np.ones((3, 4))),
        Node("b", "parameter", np.zeros(3)),
        Node("z", "linear"),
        Node("loss", "cross_entropy"),
    ]
    edges = [Edge("data", "z", 0), Edge("w", "z", 1), Edge("b", "z", 2), Edge("z", "loss", 0)]
    return Graph.of(nodes, [*edges, Edge("data", "loss", 1, output=1)], target="loss")


# --- what is shipped


def test_iris_is_fisher_s() -> None:
    table = load_dataset(settings(name="iris")).table
    assert table.features.shape == (150, 4)
    assert table.classes == ("setosa", "versicolor", "virginica")
    assert list(np.bincount(table.labels.astype(int))) == [50, 50, 50]
    assert list(table.features[34]) == [4.9, 3.1, 1.5, 0.2]  # wrong in many copies
    assert list(table.features[37]) == [4.9, 3.6, 1.4, 0.1]
    np.testing.assert_allclose(table.features.sum(axis=0), [876.5, 458.6, 563.7, 179.9])


def test_the_digits_are_all_there() -> None:
    data = load_dataset(settings(name="digits"))
    assert data.table.features.shape == (1797, 64)
    assert (data.table.features.min(), data.table.features.max(), data.table.features.sum()) == (0, 16, 561718)
    assert data.targets.shape == (1797, 10)
    assert list(data.targets.sum(axis=0)) == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "csv"])
def test_the_same_seed_gives_the_same_rows(name: str) -> None:
    one, again = load_dataset(settings(name=name, seed=3)), load_dataset(settings(name=name, seed=3))
    assert np.array_equal(one.features, again.features)
    assert np.array_equal(one.training, again.training)
    assert np.all(np.isfinite(one.features))


WITHOUT_NOISE = {"xor", "bigrams", "echo"}


@pytest.mark.parametrize("name", sorted(FORMULAS.keys() - WITHOUT_NOISE))
def test_another_seed_gives_other_noise(name: str) -> None:
    one, other = (load_dataset(settings(name=name, seed=seed)).table for seed in (1, 2))
    assert not np.array_equal(one.labels + one.features[:, 0], other.labels + other.features[:, 0])


def test_xor_is_the_four_rows_and_holds_none_out() -> None:
    data = load_dataset(settings(name="xor", standardise=False))
    assert {(*x, *y) for x, y in zip(data.features, data.targets, strict=True)} == {
        (0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0),
    }  # fmt: skip
    assert len(data.held_out) == 0


def test_bigrams_are_the_letters_of_words_each_with_the_one_after_it() -> None:
    table = load_dataset(settings(name="bigrams", standardise=False)).table
    assert table.features.shape == (len(table.labels), 1) and len(table.labels) > 300
    assert table.features.min() == table.labels.min() == 0 and table.features.max() <= 26
    assert np.sum(table.features == 0) == np.sum(table.labels == 0), "as many words end as begin"
    after_j = table.labels[table.features[:, 0] == LETTERS.index("j")]
    assert sorted(LETTERS[int(id)] for id in after_j) == ["a", "u", "u"], "january, june, july"


def test_echo_is_every_four_ids_said_twice() -> None:
    table = load_dataset(settings(name="echo", standardise=False)).table
    assert len({tuple(row) for row in table.features}) == len(table.features) == 4**4
    assert np.array_equal(table.features[:, :4], table.features[:, 4:])
    assert np.array_equal(table.labels, table.features[:, 3])


def test_the_line_is_nearly_one() -> None:
    table = load_dataset(settings(name="line")).table
    slope, offset = np.polyfit(table.features[:, 0], table.labels, 1)
    assert abs(slope - 2) < 0.1
    assert abs(offset - 1) < 0.1
    assert not table.classes


# --- split and scaled


def test_the_split_leaves_nobody_out_and_keeps_the_classes_in_proportion() -> None:
    data = load_dataset(settings(name="iris", held_out=1 / 3))
    assert sorted([*data.training, *data.held_out]) == list(range(150))
    assert list(data.targets[data.training].sum(axis=0)) == [33, 33, 33]
    assert list(data.targets[data.held_out].sum(axis=0)) == [17, 17, 17]


def test_the_first_rows_of_training_are_a_mixture() -> None:
    data = load_dataset(settings(name="iris"))
    assert all(data.targets[data.training[:12]].sum(axis=0) > 0)


def test_training_rows_alone_say_what_standard_is() -> None:
    data = load_dataset(settings(name="moons", held_out=0.5))
    np.testing.assert_allclose(data.features[data.training].mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(data.features[data.training].std(axis=0), 1)
    assert np.all(np.abs(data.features[data.held_out].mean(axis=0)) > 1e-6)


def test_a_constant_column_becomes_zero(tmp_path: Path) -> None:
    allow_data(tmp_path)
    file = tmp_path / "flat.csv"
    file.write_text("a,b,y\n1,5,2.5\n2,5,3.5\n3,5,9.25\n")
    data = load_dataset(settings(name="csv", path=str(file)))
    assert np.array_equal(data.features[:, 1], [0, 0, 0])


@pytest.mark.parametrize(("chosen", "said"), [({"held_out": 1.0}, "less than 1"), ({"seed": -1}, "0 or above")])
def test_settings_that_make_no_sense_are_refused(chosen: dict[str, Any], said: str) -> None:
    with pytest.raises(FileError, match=said):
        load_dataset(settings(**chosen))


def test_targets_can_be_class_ids_or_one_hot_or_numbers() -> None:
    assert load_dataset(settings(targets="class ids")).targets.shape == (150,)
    assert load_dataset(settings(targets="numbers")).targets.shape == (150, 1)
    assert load_dataset(settings(name="moons", targets="one-hot")).targets.shape == (200, 2)
    with pytest.raises(FileError, match="not classes"):
        load_dataset(settings(name="line", targets="one-hot"))


# --- any CSV


def test_a_csv_is_read_with_its_label_where_it_stands() -> None:
    table = parse_csv(b"kind;size\r\nbig;3.5\r\n\r\nsmall;1\r\n", Wanted("kind"))
    assert table.columns == ("size",)
    assert table.classes == ("big", "small")
    assert list(table.labels) == [0, 1]
    assert table.features.tolist() == [[3.5], [1.0]]


def test_whole_numbers_are_classes_and_broken_ones_are_measured() -> None:
    assert parse_csv(b"x,y\n1,4\n2,9\n3,4\n").classes == ("4", "9")
    assert parse_csv(b"x,y\n1,4.5\n2,9\n3,4\n").classes == ()
    many = "\n".join(f"{i},{i}" for i in range(30))
    assert parse_csv(("x,y\n" + many).encode()).classes == ()


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("", "line 1", "file is empty"),
        ("x,y\n", "line 2", "no rows"),
        ("x\n1\n", "line 1", "at least one column"),
        ("5.1,3.5,setosa\n4.9,3.0,setosa\n", "line 1", "must name the columns, but “5.1” is a number"),
        ("x,x,y\n1,2,3\n", "line 1", "two columns are called “x”"),
        ("x,y\n1,2\n1,2,3\n", "line 3", "3 cells, but the header has 2"),
        ("x,y\n1,a\n\nabc,b\n", "line 4", "“abc” in “x” is not a number"),
        ("x,y\n,2\n", "line 2", "“x” is empty"),
        ("x,y\n1,\n", "line 2", "“y” is empty"),
        ("x,y\ninf,2\n", "line 2", "not finite"),
        ("x,y\nq,2\nr,3\ns,4\n", "line 2", "also wrong: lines 3, 4;"),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_nothing_is_read(text: str, where: str, said: str) -> None:
    with pytest.raises(FileError, match=said) as refused:
        parse_csv(text.encode())
    assert refused.value.where == where


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(FileError, match="no column “z”; the columns are x, y"):
        parse_csv(b"x,y\n1,2\n", Wanted("z"))


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    allow_data(tmp_path)
    for path, said in (("", "choose"), (str(tmp_path / "no.csv"), "no such file")):
        with pytest.raises(FileError, match=said):
            load_dataset(settings(name="csv", path=path))
    (tmp_path / "latin.csv").write_bytes(b"x,y\n1,\xe9\n")
    with pytest.raises(FileError, match="UTF-8"):
        read_csv(str(tmp_path / "latin.csv"))


def test_a_file_that_changed_is_read_anew(tmp_path: Path) -> None:
    import os

    allow_data(tmp_path)
    file = tmp_path / "data.csv"
    file.write_text("x,y\n1,2.5\n")
    assert len(load_dataset(settings(name="csv", path=str(file))).features) == 1
    file.write_text("x,y\n1,2.5\n2,3.5\n")
    os.utime(file, (1e9, 1e9))
    assert len(load_dataset(settings(name="csv", path=str(file))).features) == 2


# --- in a graph


def test_stepping_shows_the_first_rows_with_an_output_a_group() -> None:
    graph = small_graph()
    trace = trace_of(make_plan(graph), leaf_values(graph))
    features, targets = trace.value("data", 0), trace.value("data", 1)
    assert features is not None and targets is not None
    assert (features.shape, targets.shape) == ((8, 4), (8, 3))
    data = load_dataset(settings())
    assert np.array_equal(features, data.features[data.training[:8]])
    gradient = trace.gradient("w")
    assert gradient is not None and gradient.shape == (3, 4)


def test_a_dataset_gets_no_gradient() -> None:
    graph = small_graph()
    trace = trace_of(make_plan(graph), leaf_values(graph))
    assert trace.gradient("data") is None
    assert all(edge.source != "data" for edge, *_ in (step for step in trace.steps if hasattr(step, "edge")))


def test_data_that_cannot_be_had_is_a_problem_and_no_crash() -> None:
    allow_data("/nowhere")
    session = Session(small_graph(name="csv", path="/nowhere/data.csv"))
    assert session.now.trace.value("z") is None
    assert any("no such file" in problem.sentence for problem in session.now.problems)
    session.edit(lambda g: edits.set_setting(g, "data", "name", "iris"))
    assert session.now.trace.value("loss") is not None
    assert not [p for p in session.now.problems if p.severity == "unfinished"]


def test_a_dataset_is_added_wired_and_undone_like_any_node() -> None:
    document = Document()
    document.apply(edits.add_node(document.graph, "dataset", (0, 0)))
    document.apply(edits.add_node(document.graph, "softmax", (200, 0)))
    data, softmax = document.graph.nodes
    document.apply(edits.connect(document.graph, data, softmax, 0, output=1))
    assert document.graph.nodes[data].value is None
    document.undo()
    document.undo()
    document.undo()
    assert not document.graph.nodes


def test_its_rows_cannot_be_typed_in() -> None:
    with pytest.raises(EditRefused, match="settings"):
        edits.set_value(small_graph(), "data", 1.0)


def test_a_saved_graph_finds_its_csv_beside_it(tmp_path: Path) -> None:
    allow_data(tmp_path)
    (tmp_path / "rows.csv").write_text("a,b,c,d,kind\n1,2,3,4,x\n2,3,4,5,y\n3,4,5,6,z\n")
    graph = small_graph(name="csv", path=str(tmp_path / "rows.csv"))
    save(graph, tmp_path / "net.gradloom")
    assert '"path": "rows.csv"' in (tmp_path / "net.gradloom").read_text()
    moved = tmp_path / "moved"
    moved.mkdir()
    for name in ("rows.csv", "net.gradloom"):
        (tmp_path / name).rename(moved / name)
    again = load(moved / "net.gradloom")
    assert load_dataset(again.nodes["data"].chosen).table.classes == ("x", "y", "z")


HOSTILE_CELLS = ["=1+1", "+cmd", "-x", "@SUM(A1)", "\tx", "\rx", "=-1", " =1"]


@pytest.mark.parametrize("cell", HOSTILE_CELLS)
def test_a_guarded_cell_is_no_formula_and_reads_back(cell: str) -> None:
    assert guarded(cell).startswith("'") and unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["-3", "+2.5", "-1e-05", "-inf", "x - y", "", "3", "'tis", "a=b"])
def test_a_number_and_plain_text_are_left_as_they_are(cell: str) -> None:
    assert guarded(cell) == cell and unguarded(cell) == cell


def test_a_table_with_guarded_cells_is_read_as_it_was_meant() -> None:
    table = parse_csv(b"'=width,'-kind\n-3,'=big\n4,'@small\n")
    assert table.columns == ("=width",) and table.label == "-kind"
    assert table.classes == ("=big", "@small") and table.features.tolist() == [[-3], [4]]
