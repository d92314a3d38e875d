"""A lesson as a file: a PDF or a web page, by what the file's name ends in."""

from pathlib import Path

from engine.errors import ExportError
from engine.export.target import Export
from engine.files.replace import write_atomically
from engine.teach.lessons.reading import ReadLesson

# As the dialog for files knows them; of a graph alone there is none.
LESSON_PAGE = Export("lesson_page", "Lesson as a web page", ".html", lambda graph, trace: "")
LESSON_PDF = Export("lesson_pdf", "Lesson as a PDF", ".pdf", lambda graph, trace: b"", binary=True)


def write_lesson(found: ReadLesson, path: Path) -> None:
    """Write it. Raises ExportError, FileError."""
    ending = path.suffix.lower()
    if ending == LESSON_PAGE.ending:
        from gui.pictures.lesson_page import lesson_page

        write_atomically(path, lesson_page(found).encode())
    elif ending == LESSON_PDF.ending:
        from gui.pictures.lesson_pdf import lesson_pdf

        write_atomically(path, lesson_pdf(found).data)
    else:
        raise ExportError(f"A lesson is written as a .html or a .pdf file, and {path.name} ends in neither.")
