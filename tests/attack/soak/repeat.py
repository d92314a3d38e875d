"""`python -m tests.attack.soak.repeat ACT [--times N] [--traced]`: what one act of the soak leaves behind each time."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import tracemalloc
from pathlib import Path
from random import Random

from tests.attack.soak.gauges import Sample, look, most_grown

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
FRAMES = 8  # of the stack of each allocation


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="repeat", description="What one act of the soak leaves behind")
    parser.add_argument("act")
    parser.add_argument("--times", type=int, default=200, help="before each look")
    parser.add_argument("--looks", type=int, default=2)
    parser.add_argument("--traced", action="store_true", help="say where what is left was made")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="repeat-") as folder:
        for name in ("GRADLOOM_CONFIG_DIR", "GRADLOOM_STATE_DIR", "HOME"):
            os.environ[name] = folder
        _repeat(asked, Path(folder))
    return 0


def _repeat(asked: argparse.Namespace, folder: Path) -> None:
    from gui.document import settings
    from tests.attack.program import make_program
    from tests.attack.soak import acts

    application = make_program("light")
    settings.put("reduced_motion", False)
    afternoon = acts.Afternoon(application, folder, Random(asked.act))
    do = next(each for each in acts.ACTS if each.__name__ == asked.act)
    looks: list[Sample] = []
    afternoon.tour()
    if asked.traced:
        tracemalloc.start(FRAMES)
    snapshots = []
    for number in range(asked.looks):
        for _ in range(asked.times):
            do(afternoon)
        afternoon.rest()
        looks.append(look(0.0, number))
        if number:
            print(_line(asked, *looks[-2:]), flush=True)
        if asked.traced:
            snapshots.append(tracemalloc.take_snapshot())
    if asked.traced:
        _tell(*snapshots[-2:])
    acts.close_window(afternoon.window)


def _line(asked: argparse.Namespace, before: Sample, after: Sample) -> str:
    each = {kind: (after.counts[kind] - number) / asked.times for kind, number in before.counts.items()}
    counts = "  ".join(f"{kind} {number:+.2f}" for kind, number in each.items() if number) or "nothing"
    held = (after.held - before.held) / asked.times * 1000
    return f"{asked.act}, left each time: {counts}  memory {held:+.1f} kB  {', '.join(most_grown([before, after]))}"


def _tell(before: tracemalloc.Snapshot, after: tracemalloc.Snapshot) -> None:
    for found in after.compare_to(before, "traceback")[:15]:
        print(f"{found.count_diff:+,} blocks, {found.size_diff / 1000:+.1f} kB")
        print("\n".join(found.traceback.format()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
