"""The ways in which Gradloom says no: each error is one sentence, with the place or the ids it is about."""


class GradloomError(Exception):
    """A refusal that a person can read: `sentence`, the `ids` of the nodes to light up, and `where` it is.

    `where` is a JSON path in a file (`$.edges[3].to`), `line 2, column 7` in a text, or empty. `kind` is a word for
    code that must tell refusals apart ("no target", "unfinished"); nobody compares sentences.
    """

    def __init__(self, sentence: str, ids: tuple[str, ...] = (), where: str = "", kind: str = "") -> None:
        super().__init__(f"{where}: {sentence}" if where else sentence)
        self.sentence = sentence
        self.ids = ids
        self.where = where
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
