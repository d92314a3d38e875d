"""The actions of the File menu."""

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QMenu

from engine.errors import one_line
from engine.export import EXPORTS, Export
from engine.files.examples import examples
from gui.document import recent, settings
from gui.look.as_is import as_is, unmarked
from gui.shell.actions.action import Action, Menu, has_lesson, has_nodes
from gui.shell.window import Window


def _fill_recent(w: Window, menu: QMenu) -> None:
    menu.clear()
    for path in recent.recent():
        menu.addAction(unmarked(one_line(path.name)), partial(w.doors.open, path)).setToolTip(
            as_is(one_line(str(path)))
        )
    menu.setToolTipsVisible(True)
    if menu.isEmpty():
        menu.addAction("Nothing yet").setEnabled(False)
        return
    menu.addSeparator()
    menu.addAction("Clear the list", recent.forget_all)


def _fill_lost(w: Window, menu: QMenu) -> None:
    menu.clear()
    for lost in w.rescue.waiting():
        menu.addAction(unmarked(one_line(f"{lost.name}, {lost.when}")), partial(w.doors.recover, lost))
    if menu.isEmpty():
        menu.addAction("Nothing: Gradloom has closed properly").setEnabled(False)


def _fill_examples(w: Window, menu: QMenu) -> None:
    """Each group is a menu of its own: all of them in one would be higher than the screen."""
    if not menu.isEmpty():
        return  # they are the same as long as the program runs
    for group in dict.fromkeys(example.group for example in examples()):
        inside = menu.addMenu(unmarked(group))
        for example in examples():
            if example.group == group:
                action = inside.addAction(unmarked(example.title), partial(w.doors.open_example, example.path))
                action.setToolTip(as_is(example.description))
        inside.setToolTipsVisible(True)


def _toggle_reopening() -> None:
    settings.put("reopen_documents", not settings.get("reopen_documents"))


def _as_seen(target: Export) -> Export:
    """A web page gets the ways that edges have on the canvas."""
    from gui.pictures.page import routed_page

    return replace(target, write=routed_page) if target.ending == ".html" else target


def _export(target: Export) -> Action:
    return Action(
        f"export_{target.name}", f"{target.title}…", f"Write the graph to a {target.ending} file",
        lambda w: w.clipboard.export(_as_seen(target)), enabled=has_nodes,
    )  # fmt: skip


EXAMPLES = Menu("Examples", fill=_fill_examples)
MENU = Menu("File", (
    (
        Action("new", "New", "Start with an empty canvas", lambda w: w.doors.new(), ("Ctrl+N",), "new"),
        Action("open", "Open…", "Open a graph, a program or an ONNX model", lambda w: w.doors.open(), ("Ctrl+O",),
               "open"),
        Action("take_rows", "Data from a CSV…", "Learn from your own table: choose its columns, see what is left out",
               lambda w: w.data_door.choose()),
        Menu("Open recent", fill=_fill_recent),
        Menu("Recovered work", fill=_fill_lost),
        EXAMPLES,
        Action("reopen_documents", "Reopen at the start", "Open the documents again that were open last",
               lambda w: _toggle_reopening(), checked=lambda w: settings.get("reopen_documents")),
    ),
    (
        Action("save", "Save", "Save to the document’s file", lambda w: w.files.save(), ("Ctrl+S",), "save"),
        Action("save_as", "Save as…", "Save to another file", lambda w: w.files.save_as(), ("Ctrl+Shift+S",)),
        Action("revert", "Revert to saved…", "Go back to the saved version", lambda w: w.files.revert(),
               enabled=lambda w: w.files.can_revert),
    ),
    (
        Menu("Export", (
            (
                Action("export_picture", "Picture or film…", "Export a picture of the graph, or its passes as a film",
                       lambda w: w.dialogs.export_picture(), icon="export", enabled=has_nodes),
                Action("export_handout", "Handout…", "Write each step with a blank to fill in, and a second file with "
                       "the solution", lambda w: w.dialogs.export_handout(), enabled=has_nodes),
            ),
            (
                Action("export_lesson_page", "Lesson as a web page…", "Write the lesson to one file for a browser",
                       lambda w: w.dialogs.export_lesson(".html"), enabled=has_lesson),
                Action("export_lesson_pdf", "Lesson as a PDF…", "Write the lesson on pages, its answers at the end",
                       lambda w: w.dialogs.export_lesson(".pdf"), enabled=has_lesson),
            ),
            tuple(map(_export, EXPORTS.values())),
        )),
    ),
    (
        Action("close", "Close document", "Its tab goes; what becomes of unsaved work is asked",
               lambda w: w.doors.close_document(), ("Ctrl+W",), beside_typing=True),
        Action("quit", "Quit", "Close Gradloom", lambda w: w.doors.quit(), ("Ctrl+Q",), beside_typing=True),
    ),
))  # fmt: skip
