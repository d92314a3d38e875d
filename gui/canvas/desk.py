"""What a hand on the canvas works with: the document, what is selected, where it is seen, and the field for typing."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, QPointF, Signal

from engine.graph.graph import Graph
from engine.graph.records import EdgeKey
from engine.show.now import Now
from gui.canvas.camera import Camera
from gui.canvas.editor import ValueEditor
from gui.canvas.hits import Hit, find_hit
from gui.canvas.scene import GraphScene
from gui.document.bridge import Bridge
from gui.document.selection import Selection


class Desk(QObject):
    """All that tools, keys and menus share, and nothing of the view that shows it."""

    told = Signal(str)  # a sentence for the status bar; empty: nothing more to say

    def __init__(self, bridge: Bridge, selection: Selection, scene: GraphScene, camera: Camera) -> None:
        super().__init__(camera)
        self.bridge, self.selection, self.scene, self.camera = bridge, selection, scene, camera
        self.editor = ValueEditor(bridge, selection, scene, camera)
        self.editor.refused.connect(self.tell)
        self.hover = Hit()  # what is under the mouse while it does nothing
        self._told = ""

    @property
    def graph(self) -> Graph:
        return self.bridge.now.graph

    @property
    def now(self) -> Now:
        return self.bridge.now

    def hit(self, at: QPointF) -> Hit:
        """What is at a place of the scene."""
        return find_hit(self.scene, at, self.camera.zoom)

    def select_again(self, nodes: Iterable[str], edges: Iterable[EdgeKey]) -> None:
        """Select what was selected before, as far as it is still there."""
        graph = self.graph
        self.selection.select((id for id in nodes if id in graph.nodes), (key for key in edges if key in graph.edges))

    def tell(self, text: str) -> None:
        """Say something in the status bar; the same twice is said once."""
        if text != self._told:
            self._told = text
            self.told.emit(text)
