"""Calls between files when a file is opened and when a moved node is let go, in a process and with settings of its own:
what has been shown before would be there already."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from tests.bench.timing import Row


def rows() -> Iterator[Row]:
    """Two lines."""
    with tempfile.TemporaryDirectory() as folder:
        place = {"QT_QPA_PLATFORM": "offscreen", "GRADLOOM_CONFIG_DIR": folder}
        command = [sys.executable, "-m", "tests.bench.calls"]
        done = subprocess.run(command, env=os.environ | place, capture_output=True, text=True, check=False)
    yield from (Row(**json.loads(line)) for line in done.stdout.splitlines())
    if done.returncode:
        yield Row("calls between files", f"stopped with exit code {done.returncode}", "—")
