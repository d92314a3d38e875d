"""The corpus: the inputs that ever failed, one file each, by the digest of what is in it."""

from __future__ import annotations

import hashlib
from pathlib import Path

LARGEST = 64 * 1024  # bytes: what is larger stays in the folder of the run, and a person makes it smaller


def inputs(folder: Path) -> list[Path]:
    """The files of an attack's corpus, in a fixed order."""
    return sorted(path for path in folder.glob("*") if path.is_file()) if folder.is_dir() else []


def save(folder: Path, data: bytes) -> Path | None:
    """Keep an input, if it is small. Gives where it is."""
    if len(data) > LARGEST:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / hashlib.sha256(data).hexdigest()[:12]
    path.write_bytes(data)
    return path
