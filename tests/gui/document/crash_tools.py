"""What a window leaves behind that dies, as the tests of recovery need it."""

from __future__ import annotations

import json
from pathlib import Path

from engine import edits
from engine.graph.graph import Graph
from gui.document.bridge import Bridge
from gui.document.recovery import Recovery
from gui.document.stamp import disk_stamp
from tests.gui.graphs import product


def change(bridge: Bridge, value: float = 7.0) -> None:
    bridge.edit(lambda graph: edits.set_value(graph, "x", value))


def swaps(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.swap"))


def die(recovery: Recovery, config_dir: Path, token: str = "dead") -> Path:
    """Close a window and put back what it had on disk, as from a process that is gone. Gives the note."""
    recovery.write()
    folder = config_dir / "state" / "recovery"
    (note,) = [path for path in folder.glob("*.json") if path.with_suffix(".lock").exists()]
    facts, swap = json.loads(note.read_text("utf-8")), note.with_suffix(".swap").read_bytes()
    recovery.close()
    (folder / f"{token}.swap").write_bytes(swap)
    left = folder / f"{token}.json"
    left.write_text(json.dumps({**facts, "swap": str(folder / f"{token}.swap")}), "utf-8")
    return left


def leave_behind(
    config_dir: Path, document: Path | None, value: float, token: str = "dead", graph: Graph | None = None
) -> Path:
    """Unsaved work on a document, x being `value` in it, whose window died. Gives the note."""
    bridge = Bridge()
    bridge.load(product() if graph is None else graph)
    recovery = Recovery(bridge)
    recovery.follow(document, disk_stamp(document) if document else None)
    change(bridge, value)
    return die(recovery, config_dir, token)
