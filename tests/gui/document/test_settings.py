"""Settings are text that anyone may have written: each is read as what it is for, or as its default."""

from __future__ import annotations

import math
import os
import random
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QRect, QSettings

from engine import parse
from engine.graph.graph import Graph
from engine.values.memory import MEMORY, USUAL
from gui.document import folders, settings
from tests.gui.window_tools import close, open_window

pytestmark = pytest.mark.qt_log_ignore("QVariant::load", extend=True)  # which says of nonsense that it is

NONSENSE = [
    "nan", "inf", "-inf", "1e999", "-3", "0", "purple", "@Invalid()", "a, b, c", "{", "[[[[", "true", "\\0\\0",
    "@ByteArray(\\0\\1)", "@Rect(0 0 99999999 99999999)", "@Variant(\\0\\0\\0\\x7f)", "@Size(1 2)", '"', "\\x",
    "𝛻" * 300,
    '{"open": {"palette": 1}, "sizes": [[1e999], [-5, 1e30], ["x"]]}', '{"open": [], "sizes": {}}', '"[" ' * 3000,
]  # fmt: skip


def write(config_dir, lines) -> None:
    config_dir.mkdir(parents=True, exist_ok=True)
    (config_dir / "gradloom.ini").write_text("\n".join(["[General]", *lines, ""]), "utf-8")


def is_sound(name: str) -> bool:
    value, default = settings.get(name), settings.DEFAULTS[name]
    if isinstance(value, float):
        return math.isfinite(value)
    return type(value) is type(default) and (not isinstance(value, list) or all(isinstance(v, str) for v in value))


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_is_read_in_the_type_of_the_default(config_dir, nonsense):
    write(config_dir, [f"{name}={nonsense}" for name in settings.DEFAULTS])
    assert [name for name in settings.DEFAULTS if not is_sound(name)] == []


@pytest.mark.parametrize("value", [5, 2.5, True, None, ["a", 3], {"a": 1}, QRect(0, 0, 1, 1), QByteArray(b"\0"), "é"])
def test_what_another_program_stored_in_another_type_is_too(config_dir, value):
    config_dir.mkdir(parents=True)
    store = QSettings(str(config_dir / "gradloom.ini"), QSettings.Format.IniFormat)
    for name in settings.DEFAULTS:
        store.setValue(name, value)
    store.sync()
    assert [name for name in settings.DEFAULTS if not is_sound(name)] == []


def test_everything_comes_back_as_it_was_put():
    kept = {
        "speed": 2.0,
        "loop": True,
        "recent": ["/a b", "/c, d"],
        "geometry": QByteArray(b"\0\1"),
        "layout": '{"a": 1}',
    }
    for name, value in kept.items():
        settings.put(name, value)
    assert {name: settings.get(name) for name in kept} == kept
    settings.put("recent", ["/only one"])
    assert settings.get("recent") == ["/only one"]
    settings.put("recent", [])
    assert settings.get("recent") == []


@pytest.mark.parametrize("seed", range(4))
def test_the_window_opens_over_any_settings(qtbot, config_dir, seed):
    chance = random.Random(seed)
    write(config_dir, [f"{name}={chance.choice(NONSENSE)}" for name in settings.DEFAULTS])
    window = open_window(qtbot)
    assert window.bridge.now.graph == Graph() and window.preferences.theme in ("system", "light", "dark")
    assert window.bridge.player.speed in (0.25, 0.5, 1, 2, 4, 8)
    close(window)


def test_a_speed_that_is_no_number_is_the_usual_one(qtbot, config_dir):
    write(config_dir, ["speed=nan"])
    window = open_window(qtbot)
    assert window.bridge.player.speed == 1.0
    close(window)


@pytest.mark.parametrize("damage", [b"no settings at all\n[Gen", b"[General]\nspeed", bytes(range(256)) * 9])
def test_a_damaged_file_is_said_and_kept_aside(config_dir, damage):
    config_dir.mkdir(parents=True)
    (config_dir / "gradloom.ini").write_bytes(damage)
    settings.put("loop", True)  # before anybody has asked
    assert settings.get("loop") is True
    assert str(config_dir / "gradloom.ini") in settings.why_unread()
    assert (config_dir / "gradloom.broken.ini").read_bytes() == damage


def make_pipe(file):
    os.mkfifo(file)


def make_link_in_a_circle(file):
    file.symlink_to(file)


@pytest.mark.parametrize("make", [make_pipe, make_link_in_a_circle, Path.mkdir])
def test_what_is_no_file_is_said_and_settings_are_kept_in_memory(config_dir, make):
    config_dir.mkdir(parents=True)
    make(config_dir / "gradloom.ini")
    assert settings.get("speed") == 1.0
    settings.put("speed", 4.0)
    assert settings.get("speed") == 4.0
    assert str(config_dir / "gradloom.ini") in folders.trouble_sentence() and settings.why_unread() == ""


@pytest.mark.parametrize("said, limit", [("2MB", 2**21), ("plenty", USUAL), ("1KB", USUAL)])
def test_the_memory_that_a_document_may_take_is_a_setting(qtbot, said, limit):
    settings.put("memory", said)
    with MEMORY.allowed(1):
        window = open_window(qtbot)
        assert MEMORY.limit == limit
        window.bridge.load(parse("a = ones(600); y = outer(a, a)"))
        told = [problem.sentence for problem in window.bridge.now.problems]
        over = "y would need 2.75 MB; all values together may take 2 MB (Outer product)."
        assert (over in told) == (limit < USUAL)
        close(window)
