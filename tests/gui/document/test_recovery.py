"""A crash loses no work: the swap is there a moment after an edit, and only while something is unsaved."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from dataclasses import replace
from time import monotonic

import pytest
from PySide6.QtCore import QLockFile, QObject, Signal

from engine import edits
from engine.errors import EditRefused
from engine.files import disk
from gui.document import keeper, slot
from gui.document.bridge import Bridge
from gui.document.lost import lost_work
from gui.document.pending import TypedText
from gui.document.recovery import Recovery
from gui.document.stamp import disk_stamp
from tests.gui.document.crash_tools import change, die, leave_behind, swaps
from tests.gui.graphs import product


@pytest.fixture
def bridge(qtbot):
    bridge = Bridge()
    bridge.load(product())
    return bridge


@pytest.fixture
def recovery(bridge):
    recovery = Recovery(bridge)
    yield recovery
    recovery.close()


@pytest.fixture
def hasty(monkeypatch):
    """A tenth of the usual delay: what is tested is that it is one."""
    monkeypatch.setattr(keeper, "DELAY", 0.05)


def kept(folder) -> float | None:
    """x as it is in the swap."""
    found = swaps(folder)
    return float(disk.load(found[0]).nodes["x"].value) if found else None


def test_an_edit_is_in_a_swap_a_moment_later(bridge, recovery, qtbot, tmp_path, config_dir, hasty):
    document = tmp_path / "net.gradloom"
    disk.save(bridge.now.graph, document)
    recovery.follow(document, disk_stamp(document))
    assert not swaps(config_dir)
    change(bridge, 7.0)
    qtbot.waitUntil(lambda: kept(config_dir) == 7.0, timeout=5000)
    assert not list(tmp_path.glob(".*"))  # nothing appears beside the document
    recovery.close()
    assert not swaps(config_dir) and not list((config_dir / "state" / "recovery").iterdir())


def test_edits_that_never_pause_are_kept_all_the_same(bridge, recovery, qtbot, config_dir, hasty):
    values = iter(range(1, 10**6))

    def kept_while_editing() -> bool:
        change(bridge, float(next(values)))  # every 10 ms: the time must not begin again with each
        return kept(config_dir) is not None

    qtbot.waitUntil(kept_while_editing, timeout=5000)
    first = kept(config_dir)

    def kept_anew() -> bool:
        change(bridge, float(next(values)))
        return kept(config_dir) != first

    qtbot.waitUntil(kept_anew, timeout=5000)


def test_work_is_kept_while_the_window_is_busy(bridge, recovery, config_dir, hasty):
    change(bridge, 5.0)
    until = monotonic() + 5.0
    while kept(config_dir) != 5.0:  # no event is handled here: a window that computes
        assert monotonic() < until


@pytest.mark.parametrize("took", [0.0, 0.02, 0.1, 0.2, 0.4, 0.7, 1.0])
def test_a_swap_that_takes_long_is_written_less_often_but_in_time(took):
    wait = keeper.delay_after(took)
    assert max(wait, took) + took <= 2.0  # an edit may come just after the one before began to be written
    assert wait >= keeper.DELAY and (took / (took + wait) <= 0.25 or took > 0.3)


def test_undoing_everything_removes_the_swap(bridge, recovery, config_dir, qtbot):
    change(bridge)
    assert recovery.write() and swaps(config_dir)
    bridge.undo()
    qtbot.waitUntil(lambda: not swaps(config_dir))


def test_after_a_crash_the_work_is_found_with_its_name(bridge, config_dir):
    bridge.load(replace(product(), facts={**product().facts, "title": "my net"}))
    recovery = Recovery(bridge)
    change(bridge, 42.0)
    recovery.write()
    assert lost_work() == []  # its window lives: it is not lost
    die(recovery, config_dir)
    (lost,) = lost_work()
    assert (lost.name, lost.note.document) == ("my net", None)
    assert disk.load(lost.note.swap).nodes["x"].value == 42.0
    lost.discard()
    assert lost_work() == [] and not swaps(config_dir)


@pytest.mark.parametrize("title", ["", "   "])
def test_an_untitled_document_has_a_name(bridge, config_dir, title):
    bare = replace(product(), facts={**product().facts, "title": title})
    leave_behind(config_dir, None, 1.0, graph=bare)
    assert [lost.name for lost in lost_work()] == ["Untitled"]


def test_two_windows_on_one_document_keep_a_swap_each(qtbot, tmp_path, config_dir):
    document = tmp_path / "net.gradloom"
    disk.save(product(), document)
    windows = []
    for value in (1.0, 2.0):
        bridge = Bridge()
        bridge.load(product())
        recovery = Recovery(bridge)
        recovery.follow(document, disk_stamp(document))
        change(bridge, value)
        recovery.write()
        windows.append(recovery)
    assert {float(disk.load(swap).nodes["x"].value) for swap in swaps(config_dir)} == {1.0, 2.0}
    windows[0].close()
    assert kept(config_dir) == 2.0
    windows[1].close()


def test_a_swap_is_never_taken_for_work_on_another_document(bridge, recovery, tmp_path, config_dir, qtbot):
    documents = [tmp_path / "a.gradloom", tmp_path / "b.gradloom"]
    notes = []
    for document in documents:
        bridge.load(product())
        recovery.follow(document, None)
        change(bridge, 9.0)
        recovery.write()
        notes += (config_dir / "state" / "recovery").glob("*.json")
    assert (
        len({note.stem for note in notes}) == 2
    )  # each has a name of its own: no moment has one's note at other's swap
    assert str(documents[1]) in notes[1].read_text("utf-8") and not notes[0].exists()


# --- what is being typed


class OpenLine(QObject):
    """A field that stands open."""

    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.pending: TypedText | None = None

    def isVisible(self) -> bool:
        return True

    @property
    def pending_text(self) -> TypedText | None:
        return self.pending

    def commit(self) -> bool:
        return False

    def type(self, text: str, edit=None) -> None:
        self.pending = TypedText("Value of x", text, edit)
        self.typed.emit(text)


def test_what_is_being_typed_is_kept_as_if_it_were_taken(bridge, recovery, config_dir):
    line = OpenLine()
    bridge.pending.watch(line)
    line.type("12", lambda graph: edits.set_value(graph, "x", 12.0))
    assert not bridge.document.modified and recovery.write()
    assert kept(config_dir) == 12.0
    die(recovery, config_dir)
    assert lost_work()[0].note.unread == ()


def refusing(graph):
    raise EditRefused("that is no value")


@pytest.mark.parametrize("edit", [None, refusing])
def test_a_text_that_makes_no_sense_is_kept_as_it_is(bridge, recovery, config_dir, edit):
    line = OpenLine()
    bridge.pending.watch(line)
    change(bridge, 3.0)
    line.type("1.2.3 é\udc80", edit)
    recovery.write()
    assert kept(config_dir) == 3.0
    die(recovery, config_dir)
    assert lost_work()[0].note.unread == (("Value of x", "1.2.3 é\udc80"),)


def test_a_text_that_is_dropped_is_not_kept(bridge, recovery, config_dir, qtbot, monkeypatch):
    monkeypatch.setattr("gui.document.recovery.LOOK", 20)
    recovery = Recovery(bridge)
    line = OpenLine()
    bridge.pending.watch(line)
    line.type("12", lambda graph: edits.set_value(graph, "x", 12.0))
    recovery.write()
    assert kept(config_dir) == 12.0
    line.pending = None  # Esc: nobody says so
    qtbot.waitUntil(lambda: not swaps(config_dir))
    recovery.close()


# --- a disk that does not do as it should


def full(path, data):
    raise OSError(errno.ENOSPC, "")


def test_a_swap_that_cannot_be_written_is_said_once_and_that_it_can_again(bridge, recovery, qtbot, monkeypatch):
    said: list[str] = []
    recovery.failed.connect(said.append)
    with monkeypatch.context() as broken:
        broken.setattr("gui.document.slot.put_in_place", full)
        for value in (1.0, 2.0, 3.0):
            change(bridge, value)
            assert not recovery.write()
    qtbot.waitUntil(lambda: len(said) == 1)
    assert "save it" in said[0] and "the disk is full" in said[0]
    change(bridge, 4.0)
    assert recovery.write()
    qtbot.waitUntil(lambda: len(said) == 2)
    assert said[1] == ""


def test_where_the_disk_is_full_the_spare_folder_takes_it(bridge, recovery, config_dir, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    change(bridge, 1.0)
    recovery.write()
    put = slot.put_in_place
    monkeypatch.setattr(
        "gui.document.slot.put_in_place", lambda p, data: (full if config_dir in p.parents else put)(p, data)
    )
    change(bridge, 2.0)
    assert recovery.write()
    assert kept(tmp_path) == 2.0 and not swaps(config_dir)  # the older one would be offered too
    monkeypatch.undo()


def test_what_went_to_the_spare_folder_is_found(bridge, config_dir, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    config_dir.mkdir(parents=True)
    (config_dir / "state").touch()
    recovery = Recovery(bridge)
    change(bridge, 6.0)
    assert recovery.write()
    (swap,) = swaps(tmp_path)
    left = swap.with_name("dead.swap")
    left.write_bytes(swap.read_bytes())
    recovery.close()
    (lost,) = lost_work()
    assert disk.load(lost.note.swap).nodes["x"].value == 6.0


# --- what may lie in the recovery folder


def test_an_older_versions_notes_among_the_settings_are_found(config_dir, tmp_path):
    beside = tmp_path / ".net.gradloom.17-abcd.swap"
    disk.save(product(), beside)
    old = config_dir / "recovery"
    old.mkdir(parents=True)
    note = f'{{"swap": "{beside}", "document": "{tmp_path / "net.gradloom"}", "stamp": [1, 2], "name": ""}}'
    (old / "17-abcd.json").write_text(note, "utf-8")
    (lost,) = lost_work()
    assert lost.note.document == tmp_path / "net.gradloom" and lost.name == "Untitled"
    lost.discard()
    assert not beside.exists() and lost_work() == []


def test_a_note_whose_disk_is_away_is_kept_until_it_is_back(config_dir, tmp_path):
    old = config_dir / "recovery"
    old.mkdir(parents=True)
    away = tmp_path / "stick"
    note = f'{{"swap": "{away / ".a.swap"}", "document": null, "stamp": null, "name": "a"}}'
    (old / "17-abcd.json").write_text(note, "utf-8")
    assert lost_work() == []
    away.mkdir()
    disk.save(product(), away / ".a.swap")
    assert [lost.name for lost in lost_work()] == ["a"]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "7", '{"swap": 3}', '{"swap": "/etc/passwd", "document": null, "stamp": null, "name": "x"}',
     '{"swap": "a.swap", "document": 5, "stamp": [1], "name": null}', "[" * 10**5, '{"stamp": [1e999, 1]}'],
)  # fmt: skip
def test_a_damaged_note_leads_nowhere_or_to_the_swap_beside_it(config_dir, text):
    folder = config_dir / "state" / "recovery"
    folder.mkdir(parents=True)
    (folder / "broken.json").write_text(text, "utf-8")
    assert lost_work() == []
    (folder / "broken.json").write_text(text, "utf-8")
    disk.save(product(), folder / "broken.swap")
    (lost,) = lost_work()
    assert lost.name == "Untitled" and disk.load(lost.note.swap) == product()
    lost.discard()
    assert list(folder.iterdir()) == [] and os.path.exists("/etc/passwd")


def test_what_a_kill_left_in_the_middle_of_writing_goes_with_the_rest(config_dir):
    leave_behind(config_dir, None, 4.0)
    folder = config_dir / "state" / "recovery"
    (folder / ".dead.swap.0123abcd.tmp").write_text("{", "utf-8")
    (lost,) = lost_work()
    lost.discard()
    assert list(folder.iterdir()) == []


def test_a_lock_with_our_own_number_is_of_a_dead_process(config_dir):
    """In a container the program often has the same number each time."""
    leave_behind(config_dir, None, 4.0)
    folder = config_dir / "state" / "recovery"
    lock = QLockFile(str(folder / "other.lock"))
    assert lock.tryLock(0)
    (folder / "dead.lock").write_bytes((folder / "other.lock").read_bytes())
    lock.unlock()
    assert len(lost_work()) == 1


def test_the_lock_of_another_living_process_is_respected(config_dir):
    leave_behind(config_dir, None, 4.0)
    hold = (
        "import sys; from PySide6.QtCore import QLockFile; lock = QLockFile(sys.argv[1]); "
        "lock.setStaleLockTime(0); lock.lock(); print('held', flush=True); sys.stdin.read()"
    )
    path = config_dir / "state" / "recovery" / "dead.lock"
    other = subprocess.Popen([sys.executable, "-c", hold, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert other.stdout.readline() == b"held\n"
        assert lost_work() == []
    finally:
        other.kill()
        other.communicate()
    assert len(lost_work()) == 1
