"""`python -m tests.attack.soak.repeat ACT [--times N] [--traced]`: what one act of the soak leaves behind each time."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import tracemalloc
from pathlib import Path
from random import Random

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
FRAMES = 8  # of the stack of each allocation


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="repeat", description="What one act of the soak leaves behind")
    parser.add_argument("act")
    parser.add_argument("--times", type=int, default=200, help="of each half: one to warm up, one to measure")
    parser.add_argument("--traced", action="store_true", help="say where what is left was made")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="repeat-") as folder:
        for name in ("GRADLOOM_CONFIG_DIR", "GRADLOOM_STATE_DIR", "HOME"):
            os.environ[name] = folder
        _repeat(asked.act, asked.times, asked.traced, Path(folder))
    return 0


def _repeat(name: str, times: int, traced: bool, folder: Path) -> None:
    from gui import app
    from gui.document import settings
    from tests.attack.soak import acts
    from tests.attack.soak.gauges import look, most_grown

    application = app.make_app("light")
    settings.put("reduced_motion", False)
    afternoon = acts.Afternoon(application, folder, Random(name))
    do = next(each for each in acts.ACTS if each.__name__ == name)
    looks = []
    afternoon.tour()
    if traced:
        tracemalloc.start(FRAMES)
    snapshots = []
    for half in range(2):
        for _ in range(times):
            do(afternoon)
        afternoon.rest()
        looks.append(look(0.0, half))
        if traced:
            snapshots.append(tracemalloc.take_snapshot())
    first, last = looks
    for kind in first.counts:
        print(f"{name}: {kind} {(last.counts[kind] - first.counts[kind]) / times:+.2f} each, of {last.counts[kind]:,}")
    print(f"{name}: memory held {(last.held - first.held) / times * 1000:+.2f} kB each")
    print("\n".join(most_grown([first, last])))
    if traced:
        _tell(*snapshots)
    acts.close_window(afternoon.window)


def _tell(before: tracemalloc.Snapshot, after: tracemalloc.Snapshot) -> None:
    for found in after.compare_to(before, "traceback")[:15]:
        print(f"{found.count_diff:+,} blocks, {found.size_diff / 1000:+.1f} kB")
        print("\n".join(found.traceback.format()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
