"""What is said about files: what came of reading one, and what to do where one cannot be read or written."""

from datetime import datetime
from pathlib import Path

from engine.errors import FileError, GradloomError
from engine.graph.graph import Graph
from gui.document.errors import UNSAVED

OPEN_HERE = "this file is open in another tab. Close it there first, or save under another name"


def filled_sentence(graph: Graph, filled: tuple[str, ...]) -> str:
    """What is said about leaves that got ones because nobody gave them a value; begins with a space."""
    if not filled:
        return ""
    names = [graph.nodes[id].name for id in filled]
    shown = names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} more"]
    ones = "ones" if any(getattr(graph.nodes[id].value, "ndim", 0) for id in filled) else "1"
    listed = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    return f" {listed} had no value: {'it holds' if len(names) == 1 else 'they hold'} {ones} until you type a value."


def with_advice(error: GradloomError) -> GradloomError:
    """Why a save failed, and what to do: nothing is lost yet."""
    advice = ". Your work is still here: save it somewhere else (Ctrl+Shift+S)" if error.kind == "disk" else ""
    return FileError(error.sentence + advice, error.ids, error.where, UNSAVED)


def named_error(error: GradloomError, path: Path) -> GradloomError:
    """The error with the name of the file in it: a place inside a file says nothing without."""
    if str(path) in error.sentence:
        return error
    place = f"at {error.where}, " if error.where else ""
    return FileError(f"“{path.name}” cannot be opened: {place}{error.sentence}", error.ids)


def when_written(path: Path) -> str:
    """The day and the time at which a file was last written; a file that is gone just was."""
    try:
        then = datetime.fromtimestamp(path.stat().st_mtime)
    except (OSError, ValueError, OverflowError):
        then = datetime.now()
    return f"{then.day} {then:%B, %H:%M}"
