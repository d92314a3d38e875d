"""With a second screen the notes stand there as soon as something is presented. Qt is started with two for that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from engine.teach.lessons.reading import load_lesson
from engine.teach.lessons.shelf import find_shelved

ROOT = Path(__file__).parents[3]
SCREEN = {"y": 0, "width": 1280, "height": 720, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
PROGRAM = """
import json
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.attack.program import make_program
app = make_program("light")
from engine.teach.lessons.shelf import find_shelved
from gui.main_window import MainWindow
from gui.shell.closing import take_down
window = MainWindow()
window.show()
window.activateWindow()
QTest.qWaitForWindowActive(window)
window.show_lesson(find_shelved("paths").path)
window.canvas.setFocus()
app.processEvents()
told = []
def look():
    notes = window.presenter.notes
    told.append([window.screen().name(), notes and notes.screen().name(), notes and notes.heading.text()])
look()
for key in (Qt.Key.Key_F5, Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_S, Qt.Key.Key_N, Qt.Key.Key_N,
            Qt.Key.Key_Escape):
    QTest.keyClick(app.focusWidget() or window, key)
    app.processEvents()
    look()
print(json.dumps(told))
window.closing.end()
take_down(window)
"""


def test_the_notes_stand_on_the_second_screen_and_change_places_with_the_picture(tmp_path) -> None:
    screens = tmp_path / "screens.json"
    screens.write_text(json.dumps({"screens": [{**SCREEN, "name": "A", "x": 0}, {**SCREEN, "name": "B", "x": 1280}]}))
    places = {"GRADLOOM_CONFIG_DIR": str(tmp_path / "config"), "GRADLOOM_STATE_DIR": str(tmp_path / "state")}
    env = os.environ | places | {"QT_QPA_PLATFORM": f"offscreen:configfile={screens}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    first, second = (step.title for step in load_lesson(find_shelved("paths").path).lesson.steps[:2])
    assert json.loads(done.stdout.splitlines()[-1]) == [
        ["A", None, None], ["A", "B", first], ["A", "B", first], ["A", "B", second],
        ["B", "A", second], ["B", None, None], ["B", "A", second], ["B", None, None],
    ]  # fmt: skip
