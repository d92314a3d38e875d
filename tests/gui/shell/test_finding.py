"""What Ctrl+K finds by a word: actions, settings, operations, nodes, examples, documents; and that it is done."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTreeWidget

from engine import edits
from engine.files import disk
from engine.files.examples import examples
from gui.main_window import MainWindow
from gui.shell.closing import take_down
from gui.shell.command_palette import ORDER, CommandPalette
from tests.gui.graphs import product
from tests.gui.tabs_tools import open_tabs
from tests.gui.window_tools import CTRL, SHIFT, Key, in_dialog, press


def find(window: MainWindow, words: str) -> None:
    def look(dialog: CommandPalette) -> None:
        field = dialog.findChild(QLineEdit)
        QTest.keyClicks(field, words)
        QTest.keyClick(field, Key.Key_Return)

    in_dialog(window, CommandPalette, look, lambda: press(window, Key.Key_K, CTRL))


def test_seed_finds_the_seed_and_lets_it_be_typed(product_window) -> None:
    find(product_window, "seed")
    assert product_window.selection.nodes == {"f"}
    QTest.keyClicks(QApplication.focusWidget(), "10")
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Return)
    assert product_window.bridge.now.graph.seed == 10


def test_an_action_is_found_by_what_is_said_of_it(product_window) -> None:
    position = product_window.bridge.player.position
    find(product_window, "before the first value")
    assert position > 0 and product_window.bridge.player.position == 0


def listed(window: MainWindow, words: str) -> list[str]:
    """What the list shows for some words, the names of groups before what is in them."""
    said: list[str] = []

    def look(dialog: CommandPalette) -> None:
        QTest.keyClicks(dialog.findChild(QLineEdit), words)
        tree = dialog.findChild(QTreeWidget)
        said.extend(tree.topLevelItem(at).text(0) for at in range(tree.topLevelItemCount()))
        assert tree.currentItem().text(0) == said[1], "what Enter takes is the first below the name of its group"

    in_dialog(window, CommandPalette, look, lambda: press(window, Key.Key_P, CTRL | SHIFT))
    return said


def test_an_operation_is_found_by_its_name_and_added(product_window) -> None:
    assert listed(product_window, "softplus")[:2] == ["Operations", "Softplus"]
    find(product_window, "softplus")
    added = product_window.bridge.now.graph.nodes.keys() - product().nodes.keys()
    assert [product_window.bridge.now.graph.nodes[id].op_name for id in added] == ["softplus"]


def test_blocks_are_found_and_put_in_the_shipped_ones_and_the_users(product_window) -> None:
    """They stood in the palette alone: who looked for a neuron here was shown examples and lessons."""
    graph = product_window.bridge.now.graph
    assert "Residual step" in listed(product_window, "residual step")
    product_window.ops.library.keep(graph.apply(edits.make_group(graph, ["x", "y", "q"], title="My own sum")), "g1")
    assert listed(product_window, "my own")[:2] == ["Blocks", "My own sum"]
    find(product_window, "my own")
    (group,) = product_window.bridge.now.graph.groups.values()
    assert group.title == "My own sum" and len(product_window.bridge.now.graph.grouping.within(group.id)) == 3
    press(product_window, Key.Key_Z, CTRL)
    assert product_window.bridge.now.graph == graph


def test_a_node_of_this_graph_is_found_and_shown(product_window) -> None:
    product_window.canvas.camera.pan(9000, 0)
    said = listed(product_window, "z")
    assert said[:2] == ["Nodes", "z"]
    find(product_window, "z")
    assert product_window.selection.nodes == {"z"} and product_window.canvas.camera.sees_any(["z"])


def test_an_example_is_found_by_its_title_and_by_what_is_said_of_it(window) -> None:
    example = next(example for example in examples() if example.name == "neuron")
    assert listed(window, example.title)[:2] == ["Examples", example.title]
    find(window, example.title)
    assert window.bridge.now.graph == disk.load(example.path)


def test_a_setting_is_found_as_one(window) -> None:
    assert listed(window, "reduced motion")[:2] == ["Settings", "Reduced motion"]
    find(window, "responsibility")
    assert window.bridge.now.wording == "responsibility"


def test_a_recent_file_is_found_and_opened(product_window, tmp_path) -> None:
    window = product_window
    window.files.new()
    assert listed(window, "product.grad")[:2] == ["Recent files", "product.gradloom"]
    find(window, "product.grad")
    assert window.bridge.now.graph == product()


def test_an_open_document_is_found_and_gone_to(qapp, tmp_path) -> None:
    disk.save(product(), tmp_path / "first.gradloom")
    disk.save(product(), tmp_path / "second.gradloom")
    tabs = open_tabs()
    try:
        assert tabs.open(tmp_path / "first.gradloom") and tabs.open(tmp_path / "second.gradloom")
        QTest.qWaitForWindowActive(tabs)
        find(tabs.current, "first")
        assert tabs.current.files.name == "first.gradloom"
    finally:
        tabs.closing.end()
        take_down(tabs)


def test_the_best_group_comes_first_and_nothing_says_so(window) -> None:
    said = listed(window, "relu")
    assert said[:2] == ["Operations", "ReLU"] and "Examples" in said

    def look(dialog: CommandPalette) -> None:
        QTest.keyClicks(dialog.findChild(QLineEdit), "qqqqq")
        assert dialog.findChild(QTreeWidget).isHidden()

    in_dialog(window, CommandPalette, look, lambda: press(window, Key.Key_K, CTRL))


def test_the_arrows_pass_by_the_names_of_groups(window) -> None:
    def look(dialog: CommandPalette) -> None:
        field, tree = dialog.findChild(QLineEdit), dialog.findChild(QTreeWidget)
        QTest.keyClicks(field, "mul")
        captions = {tree.topLevelItem(k).text(0) for k in range(tree.topLevelItemCount())} & {*ORDER}
        assert len(captions) > 1
        for _ in range(tree.topLevelItemCount()):
            assert tree.currentItem().text(0) not in captions
            QTest.keyClick(field, Key.Key_Down)

    in_dialog(window, CommandPalette, look, lambda: press(window, Key.Key_K, CTRL))


def test_groups_regions_and_notes_are_found_and_shown(product_window) -> None:
    window = product_window
    group = window.bridge.edit(lambda graph: edits.make_group(graph, ["x", "y"], (), "The inputs"))
    assert group is not None
    window.bridge.edit(lambda graph: edits.fold_groups(graph, list(graph.groups)))
    window.bridge.edit(lambda graph: edits.make_region(graph, (5000, 5000), (300, 200), title="Far away"))
    window.bridge.edit(lambda graph: edits.make_note(graph, "A word\nto the wise", (-5000, 0)))
    find(window, "the inputs")
    assert window.selection.nodes == {"x", "y"} and window.canvas.camera.sees_any(window.canvas.desk.shown.ids_of("x"))
    find(window, "far away")
    (region,) = window.bridge.now.graph.regions
    assert window.selection.asides == {("region", region)}
    assert window.canvas.camera.visible_scene().contains(QPointF(5150, 5100))
    find(window, "the wise")
    (note,) = window.bridge.now.graph.notes
    assert window.selection.asides == {("note", note)}
    assert window.canvas.camera.visible_scene().contains(QPointF(-4990, 10))


def test_a_node_in_a_folded_group_is_shown_by_its_card(product_window) -> None:
    window = product_window
    window.bridge.edit(lambda graph: edits.make_group(graph, ["x", "y"], (), "The inputs"))
    window.bridge.edit(lambda graph: edits.fold_groups(graph, list(graph.groups)))
    window.canvas.camera.pan(9000, 0)
    find(window, "y")
    assert window.selection.nodes == {"y"} and window.canvas.camera.sees_any(window.canvas.desk.shown.ids_of("y"))
    assert window.status.sentence.text() == "y is in “The inputs”: F7 opens it where it stands."
