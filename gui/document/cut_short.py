"""What is to become of a save that was killed while it was written into the file itself: its draft is whole."""

from pathlib import Path

from engine.data.outside import read_bytes
from engine.errors import FileError
from engine.files.replace import forget_interrupted
from gui.document import folders
from gui.document.file_words import when_written
from gui.document.questions import Questions


def choice_about_draft(path: Path, whole: Path, ask: Questions) -> str:
    """“draft”, “file” (then the draft is no more) or “cancel”. Nobody is asked if the file is whole after all."""
    try:
        if read_bytes(whole) == read_bytes(path):
            forget_interrupted(path, folders.state_folder())
            return "file"
    except FileError:
        pass
    answer = ask.save_cut_short(path.name, when_written(whole))
    if answer == "file":
        forget_interrupted(path, folders.state_folder())
    return answer
