"""`python -m tests.bench [NAME …]`: prints one table, peers and ours from the same run. `engine` is `bench_engine.py`.

Peers come with the extra `bench`; what is missing is said below the table. Nothing here is a test: times belong to a
machine, ratios to its mood too.
"""

from __future__ import annotations

import os
import platform
import sys
from importlib import import_module
from pathlib import Path

PREFIX = "bench_"


def main(names: list[str]) -> int:
    known = sorted(path.stem.removeprefix(PREFIX) for path in Path(__file__).parent.glob(f"{PREFIX}*.py"))
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"There is no benchmark “{unknown[0]}”; there are: {', '.join(known)}.", file=sys.stderr)
        return 2
    for library in ("OPENBLAS", "OMP", "MKL"):  # before NumPy comes: threads that wait for each other measure the wait
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    from tests.bench.timing import table

    rows = []
    for name in names or known:
        for row in import_module(f"tests.bench.{PREFIX}{name}").rows():
            rows.append(row)
            print(f"{row.workload}: {row.what}", file=sys.stderr)
    print(table(rows))
    print(_about())
    return 0


def _about() -> str:
    from tests.bench import peers

    where = f"Python {platform.python_version()}, {os.cpu_count()} cores, one thread. Ratios are medians of rounds."
    absent = ", ".join(name.partition(".")[0] for name in peers.missing)
    return where + (f" Missing, and not compared with: {absent}." if absent else "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
