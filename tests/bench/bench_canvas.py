"""The canvas against a plain scene and NodeGraphQt, and the whole window, frame by frame, at scale 1 and 2. Each in a
process of its own, for Qt learns the scale when it starts, and NodeGraphQt lives in its own environment. At scale 2 it
is given no 5,000 nodes: there it takes many seconds for each frame, and half a minute to build them.

A frame is what happened and all that had to be painted for it, at 1400 × 860: the median, what 95 and 99 of a hundred
do not exceed, and the worst, by the clock; and the same of what the window's thread computed. To that the targets are
held: on a busy machine the clock times the others too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.bench import peers
from tests.bench.sheet import SIZES
from tests.bench.timing import Row, seconds_text

SCALES = (1, 2)
RIVALS = Path(__file__).parents[2] / ".venv-rivals" / ("Scripts" if os.name == "nt" else "bin") / "python"


def rows() -> Iterator[Row]:
    """The whole table."""
    for scale in SCALES:
        name, screen = f"scale {scale}", {"QT_SCALE_FACTOR": str(scale)}
        ours = list(_run([sys.executable, "-m", "tests.bench.canvas_frames", name], screen))
        rival = {(row["workload"], row["what"]): row for row in _rival(name, screen)}
        for row in ours:
            found = Row(**row)
            yield _beside(found, rival.get((found.workload, found.what)))
        for row in _run([sys.executable, "-m", "tests.bench.window_frames", name], screen):
            yield Row(**row)


def _rival(name: str, screen: dict[str, str]) -> Iterator[dict[str, Any]]:
    if not RIVALS.exists():
        if "NodeGraphQt" not in peers.missing:
            peers.missing.append("NodeGraphQt")
        return
    sizes = SIZES if screen["QT_SCALE_FACTOR"] == "1" else SIZES[:-1]
    yield from _run([str(RIVALS), "-m", "tests.bench.rival_frames", name, *map(str, sizes)], screen)


def _run(command: list[str], screen: dict[str, str]) -> Iterator[dict[str, Any]]:
    """What a process prints, row by row."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"} | screen
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            row = json.loads(line)
            told = row.get("ours") or seconds_text(row["middle"])  # at once: the table comes at the very end
            print(f"{row['workload']}: {row['what']}: {told}", file=sys.stderr)
            yield row
    if process.returncode:
        print(f"{command[2]} stopped with exit code {process.returncode}", file=sys.stderr)


def _beside(ours: Row, rival: dict[str, Any] | None) -> Row:
    """With the rival's frame beside the plain scene's, and how many times ours it takes."""
    if rival is None:
        return ours
    times = f"{rival['middle'] / ours.middle:.3g}×" if ours.middle else ""
    told = f"NodeGraphQt {seconds_text(rival['middle'])} (p95 {seconds_text(rival['high'])}), {times}"
    return replace(ours, peer=f"{ours.peer}; {told}")
