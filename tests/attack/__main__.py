"""`python3 run.py attack [NAME …]`: attacks beside each other on all cores, and a table of what they found."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed

from tests.attack.attack import Attack, Options, Report, attacks
from tests.attack.driver import STOPPED, run_attack
from tests.attack.table import failures_text, table


def main(args: list[str]) -> int:
    asked = _parser().parse_args(args)
    known = attacks()
    unknown = [name for name in asked.names if name not in known]
    if unknown:
        print(f"There is no attack “{unknown[0]}”; there are: {', '.join(known)}.", file=sys.stderr)
        return 2
    chosen = [Attack(known[name]) for name in asked.names or known]
    chosen = [attack for attack in chosen if asked.names or not attack.only_named]
    if asked.list:
        print("\n".join(f"{attack.name:<12} {attack.tries}" for attack in chosen))
        return 0
    for each in (signal.SIGINT, signal.SIGTERM):  # who has seen enough is told what is known by then
        signal.signal(each, lambda number, frame: STOPPED.set())
    reports = run_all(chosen, _options(asked, chosen), asked.workers)
    print(table(reports))
    print(failures_text(reports))
    return 1 if any(report.failures for report in reports) else 0


def run_all(chosen: list[Attack], options: Options, workers: int) -> list[Report]:
    """As many at once as there are workers; told as they end, given in the order of their names."""
    print(f"Seed {options.seed}, {options.minutes:g} min each", file=sys.stderr, flush=True)
    with ThreadPoolExecutor(workers) as pool:
        running = {pool.submit(run_attack, attack, options): attack for attack in chosen}
        for done in as_completed(running):
            report = done.result()
            print(f"{report.attack}: {report.cases:,} cases, {report.failed} failed", file=sys.stderr, flush=True)
    return [future.result() for future in running]


def _options(asked: argparse.Namespace, chosen: list[Attack]) -> Options:
    seed = asked.seed or secrets.token_hex(4)
    return Options(
        asked.minutes or max(attack.minutes for attack in chosen),
        asked.cases,
        seed,
        max(1, asked.workers // max(1, len(chosen))),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py attack", description="Attack Gradloom; exit code 1 if it breaks.")
    parser.add_argument("names", metavar="NAME", nargs="*", help="which attacks (default: all that are not long)")
    parser.add_argument("--minutes", type=float, metavar="N", help="of each attack (default 1; of the soak 60)")
    parser.add_argument("--cases", type=int, metavar="N", help="end an attack after N cases")
    parser.add_argument("--seed", metavar="S", help="any text; the same seed makes the same cases")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="processes at a time")
    parser.add_argument("--list", action="store_true", help="say what each attack tries")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
