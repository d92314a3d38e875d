"""Files on disk: whole or not at all, and a sentence for whatever the system says no to."""

from __future__ import annotations

import errno
import os
import stat

import pytest

import engine
from engine.data.outside import GRAPH
from engine.errors import FileError
from tests.building import chain, graph_of, xyz


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.gradloom"


def left_in(folder) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_graph_comes_back_from_disk(path):
    engine.save(xyz(), path)
    assert engine.load(path) == xyz()
    assert engine.load(str(path)) == xyz()
    assert left_in(path.parent) == ["a.gradloom"]


def test_a_chain_of_ten_thousand_saves_loads_and_runs(path):
    engine.save(chain(10_000), path)
    graph = engine.load(path)
    assert engine.run(graph).gradient("x") == 1


def test_saving_keeps_permissions(path):
    engine.save(xyz(), path)
    path.chmod(0o640)
    engine.save(chain(2), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert engine.load(path) == chain(2)


def test_a_new_file_has_the_usual_permissions(path):
    plain = path.parent / "plain"
    plain.write_text("")
    engine.save(xyz(), path)
    assert path.stat().st_mode == plain.stat().st_mode


def test_saving_follows_links(path, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    engine.save(xyz(), folder / "real.gradloom")
    path.symlink_to(folder / "real.gradloom")
    engine.save(chain(2), path)
    assert path.is_symlink()
    assert engine.load(folder / "real.gradloom") == chain(2)
    assert left_in(folder) == ["real.gradloom"]


def test_a_link_to_nothing_yet_makes_the_file(path, tmp_path):
    path.symlink_to(tmp_path / "new.gradloom")
    engine.save(xyz(), path)
    assert engine.load(tmp_path / "new.gradloom") == xyz()


FAILURES = [("fsync", errno.ENOSPC), ("fsync", errno.EIO), ("fsync", errno.EACCES), ("replace", errno.ENOSPC),
            ("replace", errno.EIO)]  # fmt: skip


@pytest.mark.parametrize(("function", "number"), FAILURES)
def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(path, monkeypatch, function, number):
    engine.save(xyz(), path)
    before = path.read_bytes()

    def fail(*_args, **_kwargs):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, function, fail)
    with pytest.raises(FileError) as refused:
        engine.save(chain(3), path)
    assert str(path) in refused.value.sentence
    assert path.read_bytes() == before
    assert left_in(path.parent) == ["a.gradloom"]


def test_a_full_disk_is_named(path, monkeypatch):
    def fail(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(FileError, match="the disk is full"):
        engine.save(xyz(), path)


def test_a_file_that_may_not_be_written_is_not_replaced(path, monkeypatch):
    engine.save(xyz(), path)
    monkeypatch.setattr(os, "access", lambda *_, **__: False)  # root may write everywhere
    with pytest.raises(FileError, match="cannot be written: permission denied"):
        engine.save(chain(3), path)
    assert engine.load(path) == xyz()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nix/a.gradloom", "there is no such file or folder"),
        ("", "is a folder"),
        ("plain/a.gradloom", "a part of its path is a file"),
        ("x" * 300, "the name is too long"),
        ("a\0b", "that is not a valid file name"),
    ],
)
def test_places_that_cannot_be_read_or_written(tmp_path, name, words):
    (tmp_path / "plain").write_text("")
    place = f"{tmp_path}/{name}"
    with pytest.raises(FileError, match=words):
        engine.load(place)
    with pytest.raises(FileError, match=words):
        engine.save(xyz(), place)
    assert left_in(tmp_path) == ["plain"]


def test_links_that_go_round_are_refused(path):
    path.symlink_to(path.parent / "b.gradloom")
    (path.parent / "b.gradloom").symlink_to(path)
    with pytest.raises(FileError, match="lead in a circle"):
        engine.load(path)


def test_a_device_or_pipe_is_neither_read_nor_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in (pipe, "/dev/null"):
        with pytest.raises(FileError, match="not a file"):
            engine.load(place)
        with pytest.raises(FileError, match="not a file"):
            engine.save(xyz(), place)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_huge_file_is_refused_unread(path, monkeypatch):
    with open(path, "wb") as file:
        file.truncate(GRAPH.most + 1)
    with pytest.raises(FileError, match="too large"):
        engine.load(path)


def test_ten_megabytes_of_anything_are_refused_with_a_sentence(path):
    for junk in (b"[" * 10_000_000, b"{" * 10_000_000, b"\0" * 10_000_000, b'{"a": [' + b"1," * 5_000_000):
        path.write_bytes(junk)
        with pytest.raises(FileError) as refused:
            engine.load(path)
        assert len(str(refused.value)) < 200


def test_a_refusal_inside_a_file_says_where_it_is(path):
    engine.save(xyz(), path)
    path.write_text(path.read_text().replace('"to": "f", "port": 1', '"to": "f2", "port": 1'))
    with pytest.raises(FileError) as refused:
        engine.load(path)
    assert refused.value.where == "$.edges[3].to"
    assert str(refused.value) == "$.edges[3].to: there is no node “f2”"


@pytest.mark.parametrize("draft", ["b/c/work.gradloom", "work.gradloom", "a/deep/er/work.gradloom"])
def test_a_path_is_whole_and_plain_again_wherever_the_file_lies(tmp_path, draft):
    """A recovery copy lies far from the data: nobody is to read `recovery/../../home`."""
    rows, file = tmp_path / "a" / "rows.csv", tmp_path / draft
    for path in (rows, file):
        path.parent.mkdir(parents=True, exist_ok=True)
    rows.write_text("x,y\n1,2\n")
    settings = {"data": {"name": "csv", "path": str(rows)}}
    engine.save(graph_of(("data", "dataset", None), settings=settings), file)
    assert engine.load(file).nodes["data"].setting("path") == str(rows)
