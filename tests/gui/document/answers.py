"""A person who answers what a window asks, as a test says."""

from __future__ import annotations

from pathlib import Path


class Answers:
    """Answers the questions as the test says, and notes what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.unsaved, self.found = "cancel", "later"
        self.overwrite = self.reverting = self.dropping = False
        self.changed, self.elsewhere, self.cut_short = "later", "cancel", "cancel"
        self.said: list[object] = []  # what came with the questions
        self.open_path: Path | None = None
        self.save_path: Path | None = None
        self.suggested: Path | None = None

    def _say(self, question: str, answer):
        self.asked.append(question)
        return answer

    def path_to_open(self, folder):
        return self._say("open", self.open_path)

    def path_to_lesson(self, folder):
        return self._say("lesson", self.open_path)

    def path_to_rows(self, folder):
        return self._say("rows", self.open_path)

    def path_to_save(self, suggestion):
        self.suggested = suggestion
        return self._say("save", self.save_path)

    def path_to_export(self, suggestion, target):
        self.suggested = suggestion
        return self._say(f"export {target.name}", self.save_path)

    def what_about_unsaved(self, name):
        return self._say("unsaved", self.unsaved)

    def may_overwrite(self, path, holder=""):
        self.said.append(holder)
        return self._say("overwrite", self.overwrite)

    def changed_on_disk(self, name, theirs, mine, saving):
        self.said.append((name, list(theirs), list(mine)))
        return self._say("newer" if saving else "compare", self.changed)

    def open_elsewhere(self, name, holder):
        self.said.append((name, holder))
        return self._say("elsewhere", self.elsewhere)

    def save_cut_short(self, name, when):
        return self._say("cut short", self.cut_short)

    def may_revert(self, name):
        return self._say("revert", self.reverting)

    def may_drop(self, what, text):
        return self._say(f"drop {text}", self.dropping)

    def recover(self, name, about):
        self.about = about
        return self._say("recover", self.found)
