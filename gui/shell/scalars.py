"""The open graph as scalars, on a page of its own: every element a node, in the neurons and layers that are found."""

from __future__ import annotations

from functools import partial

from engine.edits.scalars import Scalars, as_scalars
from engine.graph.graph import Graph
from engine.truth.scalar_proof import Agreement, agreement
from engine.values.values import counted, number_text
from gui.document.jobs import in_thread
from gui.shell.window import Window

Made = tuple[Scalars, Agreement]


def write_out(w: Window) -> None:
    """Write the graph out beside the work, as it is now; compare both; and let the scalars in by the door."""

    def show(made: Made) -> None:
        scalars, found = made
        w.doors.show_made(scalars.graph, _sentence(scalars.graph, found))

    w.files.jobs.begin("Writing out scalars", in_thread(partial(_made, w.bridge.now.graph)), show, w.files.failed.emit)


def _made(graph: Graph) -> Made:
    scalars = as_scalars(graph)
    return scalars, agreement(graph, scalars)


def _sentence(graph: Graph, found: Agreement) -> str:
    size = f"{counted(len(graph.nodes), 'scalar')} for the same graph."
    proof = "all equal" if not found.apart else f"they differ by at most {number_text(found.apart, 2)}"
    compared = f"{found.compared:,} numbers were compared with the tensors, {found.gradients:,} of them gradients"
    return f"{size} {compared}: {proof}."
