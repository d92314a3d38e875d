"""What run.py says and does where something is missing or fails: no network, no rights, no libraries, no fonts."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests import programs


def test_failure_is_one_sentence(run: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    script = "print('ERROR: an older one'); print('  ERROR: No such package.'); raise SystemExit(1)"
    with pytest.raises(run.SetUpError, match=r"^Installing failed: No such package\. Its full output"):
        run.logged([sys.executable, "-c", script], "Installing")
    assert "No such package" in run.LOG.read_text()
    assert capsys.readouterr().out == ""


def test_the_reason_is_that_of_the_last_command(run: ModuleType) -> None:
    run.LOG.write_text("\n$ first\nE: Unable to locate package\n\n$ second\nnothing said\n")
    assert run.reason() == ""


def test_no_network_is_named(run: ModuleType) -> None:
    run.LOG.write_text("\n$ pip\nRetrying after connection broken by X\nERROR: No matching distribution\n")
    assert run.reason() == ": the package index cannot be reached"


def test_set_up_error_ends_with_2(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(environment: object) -> None:
        raise run.SetUpError("Installing failed.")

    monkeypatch.setattr(run, "ensure_venv", fail)
    assert run.main([]) == 2
    assert capsys.readouterr() == ("", "gradloom: Installing failed.\n")


def test_without_rights_it_says_what_to_type(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(run, "administrator", lambda: None)
    with pytest.raises(run.SetUpError) as caught:
        run.fetch(["libgl1", "libegl1"], "Libraries are missing")
    assert str(caught.value) == (
        "Libraries are missing. Type: sudo apt-get update && "
        "sudo apt-get install -y --no-install-recommends libgl1 libegl1"
    )


def test_without_apt_it_names_the_packages(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(run.SetUpError, match="Install what Debian calls: libgl1"):
        run.fetch(["libgl1"], "Libraries are missing")


def test_with_rights_it_fetches(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def apt(command: list[str], doing: str) -> None:
        commands.append(command)
        if "update" in command:
            raise run.SetUpError("one source cannot be reached")

    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(run, "administrator", lambda: ["sudo", "-n"])
    monkeypatch.setattr(run, "logged", apt)
    run.fetch(["libgl1"], "Libraries are missing")
    assert [command[:2] for command in commands] == [["sudo", "-n"]] * 2
    assert commands[1][-1] == "libgl1"


def test_only_what_does_not_load_is_fetched(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    there = {"libGL.so.1"}
    fetched: list[str] = []

    def fetch(packages: list[str], trouble: str) -> None:
        fetched.extend(packages)
        there.add("libEGL.so.1")

    monkeypatch.setattr(run, "loads", there.__contains__)
    monkeypatch.setattr(run, "fetch", fetch)
    monkeypatch.setattr(run, "has_sans_font", lambda: True)
    run.ensure_system({"libGL.so.1": "libgl1", "libEGL.so.1": "libegl1"})
    assert fetched == ["libegl1"]
    with pytest.raises(run.SetUpError, match=r"cannot load libX11\.so\.6"):
        run.ensure_system({"libX11.so.6": "libx11-6"})


def test_no_font_is_no_reason_to_refuse(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "has_sans_font", lambda: False)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(run, "loads", lambda name: True)
    run.ensure_system({"libGL.so.1": "libgl1"})
    assert "fonts-dejavu-core" in capsys.readouterr().err


def test_a_monospaced_font_is_not_enough(run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(run, "FONT_FOLDERS", [str(tmp_path), str(tmp_path / "absent")])
    (tmp_path / "DejaVuSansMono.ttf").touch()
    assert not run.has_sans_font()
    (tmp_path / "DejaVuSans.ttf").touch()
    assert run.has_sans_font()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems bring what Qt needs")
def test_who_needs_which_libraries(run: ModuleType) -> None:
    assert run.libraries_for("run") == run.libraries_for("jacobian") == run.libraries_for("lint") == {}
    assert run.libraries_for("test") == run.libraries_for("render") == run.OFFSCREEN_LIBRARIES
    assert run.libraries_for("") == run.libraries_for("net.gradloom") == run.SCREEN_LIBRARIES
    assert run.loads("libc.so.6") and not run.loads("libnothing.so.0")


def test_what_tests_talk_to_is_fetched_once_and_its_lack_is_said(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def fetch(packages: list[str], trouble: str) -> None:
        fetched.append(packages)
        raise run.SetUpError(f"{trouble}. Type: …")

    fetched: list[list[str]] = []
    (tmp_path / "there").touch()
    needs = {str(tmp_path / "th*"): "one", str(tmp_path / "absent"): "two"}
    monkeypatch.setattr(programs, "WITHOUT", ((needs, "Some are skipped"), ({str(tmp_path): "three"}, "Others")))
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("ensure_venv", "ensure_system"):
        monkeypatch.setattr(run, name, lambda wanted: None)
    monkeypatch.setattr(run, "start", lambda command, args: 7)
    monkeypatch.setattr(run, "fetch", fetch)
    assert run.main(["test"]) == 7 and fetched == [["two"]]
    assert capsys.readouterr().err == "Some are skipped. Type: …\n"
    assert run.main(["lint"]) == 7 and fetched == [["two"]]
