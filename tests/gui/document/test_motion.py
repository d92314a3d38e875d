"""Less motion: as the desktop wishes, unless it is chosen here."""

from __future__ import annotations

from pathlib import Path

import pytest

from gui.document import motion, settings
from gui.document.motion import GNOME, MACOS, desktop_wish
from tests.gui.canvas_tools import Hands, cs231n

BUS = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}


@pytest.mark.parametrize(
    ("system", "environ", "answers", "wish"),
    [
        ("linux", BUS, {GNOME: "false\n"}, True),
        ("linux", BUS, {GNOME: "true\n"}, False),
        ("linux", BUS, {}, False),
        ("linux", {}, {GNOME: "false\n"}, False),  # nobody is asked where there is no session
        ("darwin", {}, {MACOS: "1\n"}, True),
        ("darwin", {}, {MACOS: "0\n"}, False),
        ("win32", {}, {}, False),
    ],
)
def test_what_a_desktop_says(tmp_path: Path, system, environ, answers, wish) -> None:
    asked = {**environ, "XDG_CONFIG_HOME": str(tmp_path)}
    assert desktop_wish(system, asked, lambda command: answers.get(command, "")) is wish


@pytest.mark.parametrize(("factor", "wish"), [("0", True), ("0.0", True), ("0.5", False), ("1", False)])
def test_what_kde_says(tmp_path: Path, factor: str, wish: bool) -> None:
    (tmp_path / "kdeglobals").write_text(f"[KDE]\nAnimationDurationFactor={factor}\n")
    assert desktop_wish("linux", {"XDG_CONFIG_HOME": str(tmp_path)}, lambda command: "") is wish


def test_a_command_that_is_not_there_or_hangs_is_no_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(motion, "PATIENCE", 0.05)
    assert motion._answer(("no-such-command-anywhere",)) == "" == motion._answer(("sleep", "5"))


def test_the_desktops_wish_holds_until_another_is_chosen(qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(motion, "_asked", [True])
    assert not settings.is_chosen("reduced_motion") and motion.is_reduced()
    hands = Hands(qtbot, cs231n())
    hands.view.camera.fit_all()
    assert not hands.view.camera.gliding
    settings.put("reduced_motion", False)
    assert settings.is_chosen("reduced_motion") and not motion.is_reduced()
    hands.view.camera.zoom_to_100()
    monkeypatch.setattr(motion, "_asked", [False])
    settings.put("reduced_motion", True)
    assert motion.is_reduced()
