"""Start-up as a person meets it: no screen, a wrong option, a bad file, Ctrl+C. Each in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.files import disk
from gui.shell.display import why_no_display
from tests.gui.graphs import product

START = [sys.executable, "-m", "gui"]
ROOT = Path(__file__).parents[2]


def start(*args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*START, *args], cwd=ROOT, env=bare(**environ), capture_output=True, text=True, timeout=60, check=False
    )


def bare(**environ: str) -> dict[str, str]:
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return {name: value for name, value in os.environ.items() if name not in screens} | environ


@pytest.mark.parametrize("environ", [{}, {"DISPLAY": ":4711"}, {"WAYLAND_DISPLAY": "nowhere"}])
def test_without_a_screen_it_says_so_in_one_sentence(environ):
    if not sys.platform.startswith("linux"):
        pytest.skip("other systems always have a screen")
    done = start(**environ)
    assert done.returncode == 2 and done.stdout == ""
    assert "gradloom run FILE" in done.stderr and done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_screens_that_need_no_server_are_left_to_qt():
    assert why_no_display({"QT_QPA_PLATFORM": "offscreen"}, "linux") is None
    assert why_no_display({}, "darwin") is None
    assert "DISPLAY" in (why_no_display({}, "linux") or "")


@pytest.mark.parametrize("args", [["--frobnicate"], ["--theme", "pink"], ["--theme"]])
def test_a_wrong_command_line_is_one_sentence(args):
    done = start(*args, QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("gradloom: ") and done.stderr.count("\n") == 1


def test_help_names_the_commands_that_draw_too():
    assert "  gradloom render SOURCE OUT\n" in start("--help").stdout


def test_a_mistyped_command_is_not_a_file():
    done = start("rum", QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("gradloom: there is no command “rum”") and done.stderr.count("\n") == 1


def test_what_the_first_picture_does_not_need_is_not_imported_before_it():
    command = [sys.executable, "-X", "importtime", "-m", "tests.bench.window_start"]
    environ = bare(QT_QPA_PLATFORM="offscreen")
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=True)
    assert float(done.stdout.split()[0]) > 0, "the neuron was painted"
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "gui.main_window" in imported
    assert not imported & {"networkx", "ziamath", "PIL", "onnx", "numpy.ma", "numpy.random", "importlib.metadata"}


def until(holds, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


# Starts the program and notes when the event loop runs; `work` is what the user has done by then.
SCRIPT = """
import os
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from engine import edits
from gui import app

def ready():
    from PySide6.QtWidgets import QApplication
    window = next(w for w in QApplication.allWidgets() if w.objectName() == "main-window")
    if {work}:
        window.bridge.edit(lambda graph: edits.add_node(graph, "input", (0, 0)))
    Path(os.environ["GRADLOOM_CONFIG_DIR"], "ready").touch()

made = app.make_app
def make_app(theme=None):
    application = made(theme)
    QTimer.singleShot(0, application, ready)
    return application
app.make_app = make_app
sys.exit(app.main(sys.argv[1:]))
"""


@pytest.fixture
def opened(tmp_path):
    """Starts the program, and waits until its window is there; whatever happens, none is left running."""
    started: list[subprocess.Popen[str]] = []

    def start(*args: str, work: bool = False) -> subprocess.Popen[str]:
        environ = bare(QT_QPA_PLATFORM="offscreen", GRADLOOM_CONFIG_DIR=str(tmp_path))
        command = [sys.executable, "-c", SCRIPT.format(work=work), *args]
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True)
        started.append(process)
        until(lambda: process.poll() is not None or (tmp_path / "ready").exists())
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str], number: signal.Signals = signal.SIGINT) -> str:
    """Send a signal, see it end well, and give what it said."""
    process.send_signal(number)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 0, said
    return said


def test_a_window_that_cannot_be_made_is_told_in_one_sentence(tmp_path):
    fault = "import gui.shell.panes; gui.shell.panes.Panels = None; from gui import app; raise SystemExit(app.main([]))"
    done = subprocess.run(
        [sys.executable, "-c", fault],
        cwd=ROOT,
        env=bare(QT_QPA_PLATFORM="offscreen", GRADLOOM_CONFIG_DIR=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert "crash.log" in done.stderr and "Traceback" not in done.stderr
    assert "Traceback" in (tmp_path / "state" / "crash.log").read_text("utf-8")


def test_ctrl_c_closes_cleanly(opened, tmp_path):
    assert ended(opened()) == ""
    assert not list(tmp_path.rglob("*.swap"))


def test_being_told_to_end_keeps_unsaved_work(opened, tmp_path):
    ended(opened(work=True), signal.SIGTERM)
    (swap,) = tmp_path.rglob("*.swap")
    assert list(disk.load(swap).nodes) == ["x"]


def test_being_killed_keeps_work_that_is_a_moment_old(opened, tmp_path):
    process = opened(work=True)
    until(lambda: list(tmp_path.rglob("*.swap")))
    process.kill()
    process.wait(20)
    (swap,) = tmp_path.rglob("*.swap")
    assert list(disk.load(swap).nodes) == ["x"]


def test_a_bad_file_opens_an_empty_window(opened, tmp_path):
    bad = tmp_path / "bad.gradloom"
    bad.write_text("{", "utf-8")
    assert ended(opened(str(bad))) == ""


def test_it_opens_the_file_that_it_is_given(opened, tmp_path):
    path = tmp_path / "net.gradloom"
    disk.save(product(), path)
    process, settings = opened(str(path), "--theme", "dark"), tmp_path / "gradloom.ini"
    until(lambda: settings.exists() and "net.gradloom" in settings.read_text("utf-8"))
    assert ended(process) == ""
