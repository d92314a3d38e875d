"""What a file on disk is known by: whether something else has written it since is seen from that."""

from pathlib import Path

Stamp = tuple[int, int]  # when a file was changed (ns), and its size


def disk_stamp(path: Path) -> Stamp | None:
    """The stamp of a file; None if it is not there."""
    try:
        facts = path.stat()
    except (OSError, ValueError):
        return None
    return facts.st_mtime_ns, facts.st_size
