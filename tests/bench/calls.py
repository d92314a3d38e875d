"""How many calls go from one file of ours to another: `python -m tests.bench.calls` prints a row of JSON a line.

A call counts where the caller's file and the callee's file differ and both are under engine/ or gui/. Qt stands in
between unseen: the slot of a signal is called by whoever emitted it. What Qt calls by itself (events, painting) has no
caller of ours, but what it calls in turn counts.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from types import FrameType

import engine
import gui
from tests.bench.timing import Row

OURS = tuple(str(Path(str(package.__file__)).parent) for package in (engine, gui))
BEFORE = {"open": (1970, 2720), "move": (957, 1482)}  # at 479f342, before the house was built anew, counted alike
MOST = {"open": 1110, "move": 400}  # 990 and 299 before there were groups, which what is shown is asked of, and tabs


@cache
def is_ours(file: str) -> bool:
    return file.startswith(OURS)


def calls_between_files(act: Callable[[], object]) -> int:
    """How many calls `act` makes from one file of ours to another."""
    count = 0

    def watch(frame: FrameType, event: str, _: object) -> None:
        nonlocal count
        if event == "call" and frame.f_back is not None:
            callee, caller = frame.f_code.co_filename, frame.f_back.f_code.co_filename
            count += caller != callee and is_ours(callee) and is_ours(caller)

    sys.setprofile(watch)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


def row(name: str, what: str, act: Callable[[], object], settle: Callable[[], object]) -> Row:
    """Until it returns: this is held against the target. Then with all that is painted for it."""
    at_once = calls_between_files(act)
    painted = at_once + calls_between_files(settle)
    before, before_painted = BEFORE[name]
    ours = f"{at_once:,} calls ({painted:,} when painted)"
    return Row("calls between files", what, ours, f"{before:,} ({before_painted:,}) before", at_once, f"≤ {MOST[name]}")


def main() -> None:
    from PySide6.QtCore import QPoint, QPointF, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from gui.main_window import MainWindow

    app, window = QApplication([]), MainWindow()
    canvas, surface = window.canvas, window.canvas.viewport()

    def settle() -> None:
        for _ in range(30):
            app.processEvents()

    def tell(counted: Row) -> None:
        print(json.dumps(asdict(counted)), flush=True)

    window.resize(1280, 800)
    window.show()
    settle()
    example = Path(engine.__file__).parents[1] / "assets" / "examples" / "cs231n-product.gradloom"
    tell(row("open", "open the product of CS231n", lambda: window.files.open(example), settle))
    left, no_keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    grip, way = canvas.mapFromScene(canvas.desk.scene.nodes_rect(["q"]).topLeft() + QPointF(20, 12)), QPoint(10, 8)
    QTest.mousePress(surface, left, no_keys, grip)
    for step in range(1, 6):
        QTest.mouseMove(surface, grip + way * step)
        settle()
    let_go = grip + way * 5
    tell(row("move", "let go of a moved node", lambda: QTest.mouseRelease(surface, left, no_keys, let_go), settle))
    window.bridge.mark_saved()
    window.close()


if __name__ == "__main__":
    main()
