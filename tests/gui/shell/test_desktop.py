"""`gradloom --install-desktop`: what a desktop needs to open our files is in the user's data folder, and goes again."""

from __future__ import annotations

import configparser
import os
import shlex
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gui.shell import desktop

ROOT = Path(__file__).parents[3]


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "XDG_DATA_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "gui", *words]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)


def all_files(home: Path) -> set[str]:
    return {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}


def test_it_is_put_there_starts_this_program_and_goes_again(tmp_path):
    home = tmp_path / "a “home” 100 % $mine"
    (home / "applications").mkdir(parents=True)
    (home / "applications" / "other.desktop").write_text("[Desktop Entry]\n")
    done = run(home, "--install-desktop")
    assert (done.returncode, done.stderr) == (0, "") and str(home) in done.stdout
    read = configparser.RawConfigParser(strict=False)
    read.optionxform = str
    read.read(home / "applications" / "gradloom.desktop", "utf-8")
    entry = read["Desktop Entry"]
    assert entry["MimeType"] == "application/x-gradloom;" and entry["Icon"] == "gradloom"
    words = shlex.split(entry["Exec"].replace("\\\\", "\\"))
    assert words[-1] == "%F"
    started = [word.replace("%%", "%") for word in words[:-1]]
    said = subprocess.run([*started, "--version"], cwd="/", capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == 0 and said.stdout.startswith("gradloom "), "what a double click starts is this program"
    kind = ElementTree.parse(home / "mime" / "packages" / "gradloom.xml").getroot()[0]
    assert kind.get("type") == "application/x-gradloom"
    assert [each.get("pattern") for each in kind.iter() if each.tag.endswith("glob")] == ["*.gradloom"]
    assert (home / "icons/hicolor/scalable/apps/gradloom.svg").read_bytes().startswith(b"<")
    again = run(home, "--install-desktop")
    assert again.returncode == 0
    done = run(home, "--remove-desktop")
    assert done.returncode == 0 and not any("gradloom" in name for name in all_files(home))
    assert "applications/other.desktop" in all_files(home)
    assert "Nothing of Gradloom's" in run(home, "--remove-desktop").stdout


def test_what_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "applications").write_text("a file where a folder should be")
    done = run(tmp_path, "--install-desktop")
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and "cannot be written" in done.stderr


def test_it_takes_nothing_else(tmp_path):
    done = run(tmp_path, "--install-desktop", "more")
    assert done.returncode == 2 and "more" in done.stderr and all_files(tmp_path) == set()


@pytest.mark.parametrize("given", ["", "relative/folder"])
def test_without_a_whole_path_it_is_the_usual_folder(given):
    assert desktop.data_home({"XDG_DATA_HOME": given}) == Path("~/.local/share").expanduser()


def test_odd_signs_in_the_command_are_quoted():
    made = desktop.entry("[Desktop Entry]\nExec=gradloom %f\n", ['/opt/100% $x/`a`\\b"c'])
    assert made.splitlines()[1] == 'Exec="/opt/100%% \\\\$x/\\\\`a\\\\`\\\\\\\\b\\\\"c" %F'
