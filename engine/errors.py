"""The ways in which Gradloom says no: each error is one sentence, with the place or the ids it is about."""

import re
from unicodedata import category

_LONGEST = 500  # characters of a sentence: what it quotes may be as long as a file
_NO_PICTURE = {"Cc", "Cf", "Cs", "Co"}  # control characters, marks that turn the text round, halves of surrogate pairs


class GradloomError(Exception):
    """A refusal that a person can read: `sentence`, the `ids` of the nodes to light up, and `where` it is.

    `where` is a JSON path in a file (`$.edges[3].to`), `line 2, column 7` in a text, or empty. `kind` is a word for
    code that must tell refusals apart ("no target", "unfinished"); nobody compares sentences.
    """

    def __init__(self, sentence: str, ids: tuple[str, ...] = (), where: str = "", kind: str = "") -> None:
        self.sentence = one_line(sentence)
        self.where = one_line(where)
        super().__init__(f"{self.where}: {self.sentence}" if where else self.sentence)
        self.ids = ids
        self.kind = kind


class EditRefused(GradloomError):
    """An edit that would break the graph: nothing was changed."""


class PlanError(GradloomError):
    """The graph cannot be run as asked: something is unfinished or there is no such target."""


class RunError(GradloomError):
    """A node could not be computed: the shapes of its inputs do not fit."""


class FileError(GradloomError):
    """A file that cannot be read or written; `where` is the path of the place inside it."""


class TextError(GradloomError):
    """An expression or program that is not understood; `where` names its line and column."""


class ExportError(GradloomError):
    """A graph that cannot be written in a target, or a target that does not exist."""


def one_line(text: str, longest: int = _LONGEST) -> str:
    """A text as one line that can be shown and written anywhere, whatever it quotes: what has no picture becomes �."""
    if len(text) > longest:
        text = f"{text[: longest // 2]} … {text[-longest // 2 :]}"
    if text.isprintable():
        return text
    line = re.sub(r"\s*[\n\r\t\v\f\u2028\u2029]\s*", " ", text)
    return "".join("\N{REPLACEMENT CHARACTER}" if category(sign) in _NO_PICTURE else sign for sign in line)
