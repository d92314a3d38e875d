"""A window that is left open when Python ends: it ends as the system wishes, and nothing of Qt calls into halves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# What is said at the end runs before PySide's own turn and after ours: what it was asked for last comes first.
OPEN = """
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog
import atexit
atexit.register(lambda: print(len(QApplication.topLevelWidgets()), "left"))
from engine import edits
from engine.text.read import parse
from gui.app import make_app
from gui.main_window import MainWindow
app = {app}
window = MainWindow()
window.show()
window.bridge.load(parse("f = (x + 2) * x"))
app.processEvents()
"""
BUSY = """
window.bridge.edit(lambda graph: edits.set_value(graph, "x", 99.0))
window.selection.select(["x"])
window.action_set.by_id["copy"].trigger()
window.action_set.by_id["check"].trigger()
window.bridge.player.play()
window.canvas.desk.editor.type_value("x")
alone = QDialog()
alone.show()
app.processEvents()
"""


@pytest.mark.parametrize(
    ("app", "more"),
    [("QApplication([])", ""), ("make_app('dark')", ""), ("make_app()", BUSY)],
    ids=["bare", "dressed", "busy"],
)
def test_python_ends_well_and_what_was_not_saved_can_be_recovered(app: str, more: str, tmp_path: Path) -> None:
    environ = os.environ | {"GRADLOOM_CONFIG_DIR": str(tmp_path), "GRADLOOM_STATE_DIR": str(tmp_path / "state")}
    command = [sys.executable, "-X", "faulthandler", "-c", OPEN.format(app=app) + more]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)
    said = [line for line in done.stderr.splitlines() if "plugin does not support" not in line]  # a screen that is none
    assert (done.returncode, done.stdout, said) == (0, "0 left\n", [])
    kept = [path for path in (tmp_path / "state").rglob("*") if path.is_file() and "99" in path.read_text("utf-8")]
    assert bool(kept) == bool(more)
