"""The canvas against a plain scene, frame by frame, at scale 1 and 2: each in a process of its own, for Qt learns the
scale when it starts. A frame is what happened and all that had to be painted for it, at 1400 × 860."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from tests.bench.timing import Row

SCALES = (1, 2)


def rows() -> Iterator[Row]:
    """The whole table, line by line."""
    for scale in SCALES:
        screen = {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)}
        command = [sys.executable, "-m", "tests.bench.canvas_frames", f"scale {scale}"]
        with subprocess.Popen(command, env=os.environ | screen, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                yield Row(**json.loads(line))
        if process.returncode:
            yield Row(f"scale {scale}", f"stopped with exit code {process.returncode}", "—")
