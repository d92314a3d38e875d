"""The document as a file: what is asked, what is written, and that nothing is lost on the way."""

from __future__ import annotations

import os

import numpy as np
import pytest

from engine import edits
from engine.files import disk
from engine.graph.graph import Graph
from engine.graph.records import Node
from gui.document import recent
from gui.document.bridge import Bridge
from gui.document.files import Files
from tests.gui.document.answers import Answers
from tests.gui.graphs import product

HEAD = '{"format": "gradloom"'


@pytest.fixture
def ui(qtbot):
    bridge = Bridge()
    ui = Files(bridge, Answers())
    ui.bridge = bridge
    yield ui
    ui.ask.unsaved = "discard"
    ui.close()


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "product.gradloom"
    disk.save(product(), path)
    return path


def edit(ui, value=7.0):
    ui.bridge.edit(lambda graph: edits.set_value(graph, "x", value))


def test_open_shows_the_file_and_remembers_it(ui, document):
    assert ui.open(document)
    assert (ui.name, ui.path) == ("product.gradloom", document)
    assert ui.bridge.now.graph == product() and not ui.bridge.document.modified
    assert recent.recent() == [document]


def test_opening_asks_which_where_none_is_given(ui, document):
    assert not ui.open()
    ui.ask.open_path = document
    assert ui.open()
    assert ui.path == document


def test_save_without_a_file_asks_and_suggests_the_title(ui, tmp_path):
    ui.bridge.load(product(), saved=False)
    ui.ask.save_path = tmp_path / "new.gradloom"
    assert ui.save()
    assert ui.ask.suggested.name == "(x + y) z.gradloom"
    assert disk.load(ui.path) == ui.bridge.now.graph and not ui.bridge.document.modified


def test_save_again_asks_nothing(ui, document):
    ui.open(document)
    edit(ui)
    assert ui.save() and ui.ask.asked == []
    assert disk.load(document).nodes["x"].value == 7.0


def test_cancelled_save_as_leaves_everything(ui, document):
    ui.open(document)
    edit(ui)
    assert not ui.save_as()
    assert ui.path == document and ui.bridge.document.modified


def test_another_file_is_only_replaced_after_asking(ui, document, tmp_path):
    other = tmp_path / "other.gradloom"
    other.write_text("precious", "utf-8")
    ui.open(document)
    ui.ask.save_path = other
    assert not ui.save_as()
    assert other.read_text("utf-8") == "precious" and ui.path == document
    ui.ask.overwrite = True
    assert ui.save_as() and ui.path == other
    assert disk.load(other) == ui.bridge.now.graph


def test_a_file_that_something_else_has_written_is_only_replaced_after_asking(ui, document):
    ui.open(document)
    edit(ui)
    theirs = product().apply(edits.set_value(product(), "x", 99.0))
    disk.save(theirs, document)
    os.utime(document, ns=(1, 1))
    assert not ui.save() and ui.ask.asked == ["newer"]
    assert disk.load(document) == theirs and ui.bridge.document.modified
    ui.ask.changed = "keep"
    assert ui.save()
    assert disk.load(document).nodes["x"].value == 7.0


@pytest.mark.parametrize("leave", [lambda ui, d: ui.new(), lambda ui, d: ui.open(d), lambda ui, d: ui.drop([d])])
def test_unsaved_work_is_asked_about_before_it_goes(ui, document, leave):
    ui.bridge.load(product(), saved=False)
    edit(ui, 3.0)
    kept = ui.bridge.now.graph
    assert not leave(ui, document) and ui.ask.asked == ["unsaved"]
    assert ui.bridge.now.graph is kept and ui.bridge.document.undo_text
    ui.ask.unsaved = "discard"
    assert leave(ui, document)
    assert ui.bridge.now.graph is not kept and not ui.bridge.document.modified


def test_save_in_that_question_saves_first_and_a_cancelled_save_stays(ui, document, tmp_path):
    ui.bridge.load(product(), saved=False)
    ui.ask.unsaved = "save"
    assert not ui.new() and ui.ask.asked == ["unsaved", "save"]
    ui.ask.save_path = tmp_path / "kept.gradloom"
    assert ui.new()
    assert disk.load(tmp_path / "kept.gradloom") == product()
    assert ui.bridge.now.graph == Graph() and ui.path is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not json", "bad.gradloom"),
        (f'{HEAD}, "version": 1, "nodes": [], "edges": [{{"from": "a", "to": "b", "port": 0}}]}}', "$.edges[0]"),
        (f'{HEAD}, "version": 99, "nodes": []}}', "newer"),
    ],
)
def test_a_bad_file_is_told_and_the_open_document_stays(ui, document, tmp_path, qtbot, text, said):
    bad = tmp_path / "bad.gradloom"
    bad.write_text(text, "utf-8")
    ui.open(document)
    edit(ui)
    kept, undo = ui.bridge.now.graph, ui.bridge.document.undo_text
    with qtbot.waitSignal(ui.failed) as told:
        assert not ui.open(bad)
    assert said in str(told.args[0]) and "\n" not in str(told.args[0])
    assert ui.bridge.now.graph is kept and ui.bridge.document.undo_text == undo and ui.path == document
    assert ui.ask.asked == []  # nothing has to be saved for a file that cannot be opened


def test_a_missing_recent_file_is_told_and_forgotten(ui, document, qtbot):
    ui.open(document)
    document.unlink()
    with qtbot.waitSignal(ui.failed):
        assert not ui.open(document)
    assert recent.recent() == []


def test_recent_files_stand_latest_first_and_can_be_cleared(ui, tmp_path):
    paths = [tmp_path / f"{i}.gradloom" for i in range(12)]
    for path in paths:
        disk.save(product(), path)
        ui.open(path)
    ui.open(paths[5])
    assert recent.recent()[:2] == [paths[5], paths[11]] and len(recent.recent()) == 10
    recent.forget_all()
    assert recent.recent() == []


def test_revert_asks_and_goes_back_to_the_disk(ui, document):
    ui.open(document)
    assert not ui.can_revert
    edit(ui)
    assert ui.can_revert and not ui.revert() and ui.bridge.document.modified
    document.rename(document.with_name("elsewhere.gradloom"))
    assert not ui.can_revert, "there is nothing to go back to"
    document.with_name("elsewhere.gradloom").rename(document)
    ui.ask.reverting = True
    assert ui.revert()
    assert ui.bridge.now.graph == product() and not ui.bridge.document.modified


def test_a_file_that_cannot_be_written_keeps_the_work(ui, tmp_path, qtbot):
    ui.bridge.load(product(), saved=False)
    ui.ask.save_path = tmp_path / "no" / "such" / "folder.gradloom"
    with qtbot.waitSignal(ui.failed):
        assert not ui.save()
    assert ui.bridge.document.modified and ui.path is None


def test_a_graph_that_cannot_be_leaves_the_open_document_its_file(ui, tmp_path):
    mine = tmp_path / "mine.gradloom"
    disk.save(product(), mine)
    assert ui.open(mine)
    bad: list[object] = []
    ui.failed.connect(bad.append)
    flawed = Graph.of([Node("x", "input", np.float64(1), pos=(float("inf"), 0.0))])
    assert not ui.show_recovered(flawed, tmp_path / "lost.gradloom", None)
    assert ui.path == mine and len(bad) == 1 and "position" in str(bad[0])
    assert ui.save() and disk.load(mine) == product()


def test_the_numbers_lent_for_a_question_are_never_saved(ui, document):
    ui.open(document)
    edit(ui)
    mine = ui.bridge.document.graph
    ui.bridge.asking.begin()
    ui.bridge.asking.other_numbers()
    assert ui.bridge.now.graph != mine and ui.bridge.document.graph is mine
    assert ui.recovery.write()
    assert ui.save() and disk.load(document) == mine and not ui.bridge.document.modified
