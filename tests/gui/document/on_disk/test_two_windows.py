"""Two windows on one file: the second is told who has it, and nothing is lost."""

from __future__ import annotations

import os
from pathlib import Path

from engine.files import disk
from engine.files.lock import FileLock
from engine.graph.graph import Graph
from tests.gui.document.on_disk.disk_tools import left_in
from tests.gui.graphs import product


def test_a_lock_stands_beside_the_file_while_it_is_open(window, document, tmp_path):
    assert left_in(document.parent) == [".product.gradloom.lock", "product.gradloom"]
    window.ask.save_path = tmp_path / "elsewhere.gradloom"
    assert window.files.save_as()
    assert left_in(document.parent) == ["product.gradloom"]
    assert ".elsewhere.gradloom.lock" in left_in(tmp_path)
    window.files.new()
    assert left_in(tmp_path) == ["documents", "elsewhere.gradloom"]
    window.files.open(document)
    window.files.close()
    assert left_in(document.parent) == ["product.gradloom"]


def test_a_second_window_is_told_who_has_it_and_may_leave_it(window, windows, document):
    second = windows()
    assert not second.files.open(document)
    assert second.ask.asked == ["elsewhere"]
    name, holder = second.ask.said[0]
    assert name == "product.gradloom" and holder.startswith("another tab, since ")
    assert second.graph == Graph() and second.files.path is None


def test_it_may_have_a_copy_that_asks_for_a_name(window, windows, document):
    second = windows()
    second.ask.elsewhere = "copy"
    assert second.files.open(document)
    assert second.files.path is None and second.files.name == "product (copy)" and second.graph.nodes == product().nodes
    second.edit(3.0)
    second.ask.save_path = document
    second.ask.overwrite, refused = True, []
    second.files.failed.connect(refused.append)
    assert not second.files.save()  # one file in two tabs: one would replace what the other did
    assert second.ask.asked[-1] == "save" and "this file is open in another tab. Close it" in str(refused[0])
    assert disk.load(document) == product() and second.files.path is None and second.bridge.document.modified
    assert window.files.save(), "it is still the first one's"
    window.files.close()
    assert second.files.save() and second.files.path == document and second.ask.asked[-1] == "overwrite"


def test_opened_all_the_same_neither_replaces_the_others_work_unasked(window, windows, document):
    second = windows()
    second.ask.elsewhere = "anyway"
    assert second.files.open(document)
    second.edit(3.0)
    assert second.files.save()
    window.edit(4.0)
    assert not window.files.save() and window.ask.asked == ["newer"]
    assert window.ask.said == [("product.gradloom", ["x: value −2 → 3."], ["x: value −2 → 4."])]
    assert disk.load(document).nodes["x"].value == 3.0 and window.bridge.document.modified
    second.files.close()
    assert left_in(document.parent) == [".product.gradloom.lock", "product.gradloom"]  # the first one's


def test_the_first_window_hears_at_once_that_there_is_a_second(window, windows, document, qtbot):
    second = windows()
    second.ask.elsewhere = "anyway"
    second.files.open(document)
    qtbot.waitUntil(lambda: len(window.notices) == 1)
    assert "“product.gradloom” is also open in another tab, since " in window.notices[0].sentence
    for value in (1.0, 2.0):
        window.edit(value)
        assert window.files.save()
    window.files.watch.look()
    second.ask.changed = "keep"
    assert second.files.save() and second.files.save()  # it does not knock again
    window.files.watch.look()
    assert [notice.topic for notice in window.notices] == ["another window", "disk"] and second.notices == []
    window.ask.unsaved = "discard"
    assert window.files.new() and window.standing == set()


def test_who_waits_gets_the_lock_with_the_next_save(window, windows, document):
    second = windows()
    second.ask.elsewhere = "anyway"
    second.files.open(document)
    window.files.close()
    second.edit(1.0)
    assert second.files.save()
    assert FileLock(document).take() is not None


def test_a_folder_that_takes_no_lock_is_no_reason_to_complain(windows, document, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "")

    window = windows()
    monkeypatch.setattr("engine.files.lock.FileLock._create", refuse)
    assert window.files.open(document) and window.ask.asked == [] and window.failures == []
    assert left_in(document.parent) == ["product.gradloom"]


def test_opening_what_is_open_is_no_second_window(window, document, tmp_path):
    link = tmp_path / "link.gradloom"
    link.symlink_to(document)
    for path in (document, link, Path(os.path.relpath(document))):
        assert window.files.open(path) and window.ask.asked == []
    window.ask.save_path = document  # by its other name
    window.edit(5.0)
    assert window.files.save_as() and window.ask.asked == ["save"]


def test_a_document_that_cannot_be_opened_leaves_no_lock(window, document, tmp_path):
    bad = tmp_path / "bad.gradloom"
    bad.write_text("{}")
    assert not window.files.open(bad) and window.failures
    assert left_in(tmp_path) == ["bad.gradloom", "documents"]
    assert window.files.path == document and FileLock(document).take() is not None
