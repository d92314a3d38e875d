"""Gradloom's engine: computational graphs, the two passes over them, and the reasons for every number. No screen.

The glossary: these words, and no others, for these things, in the engine and in the window. What stands after “avoid”
names nothing here; what stands after “not” does, but means something else.

What is drawn
    op              the kind of operation; avoid: opcode, primitive; not: an operator, which is a sign in a text
    node            an op placed in a graph; avoid: vertex
    port            a named place on a node where an edge ends; avoid: socket, pin, connector; not: a command's `handle`
    edge            from a node's output to another node's input port; avoid: wire, arc; not: a link to click on
    leaf            a node without inputs; avoid: variable
    input           a leaf that holds data; not: an input port
    parameter       a leaf that learns; avoid: hyperparameter; not: an argument, which a function has
    constant        a leaf that never gets a gradient
    dataset         a leaf with several outputs, whose rows come from a file or a formula
    target          the node whose gradient is seeded, usually the loss; not: what an export writes for
    seed            the gradient that is put into the target; not: the seed of something random
    setting         a choice that a node of its op carries; not: the window's settings, which outlive a document
    group           a named set of nodes that folds into one card; avoid: cluster; not: the group of an op, an example
    block           a group kept in a file, to be put in again; not: a part of a text or of a Jacobian, called so too
    region          a titled, coloured box that carries nodes along; not: a part of a screen
    note            plain text on the canvas; avoid: comment; not: a problem of the lightest kind
    fact            what a document carries beside nodes and edges: title, target, training; avoid: metadata
    record          a node, an edge or a fact as a change and a file know it; not: a row, which belongs to a table
    fragment        some nodes of a graph and the edges between them, to be put in elsewhere; avoid: snippet
    topology        who feeds whom; not: the layout, which is where nodes stand

What is done to it
    document        the owner of the graph, and of its history
    change          a reversible diff of a document's records; avoid: transaction
    edit            the checked maker of a change; not: a command of the command line, nor an action of the window
    draft           the file in which a save is made ready; not: what is being typed
    typed text      what stands in an open field and is in no document yet; avoid: keystroke
    refusal         why an edit cannot be, in a sentence; its `kind` tells refusals apart
    problem         something unfinished or suspicious in a document that is legal; avoid: issue, diagnostic
    remedy          what a person can do about a problem; a fix is an edit that does it

What is computed
    forward         the pass that computes values, left to right
    backward        the pass that computes gradients, right to left
    gradient        of the target by a node: the sum of its contributions; avoid: delta, adjoint, outgrad
    upstream gradient   the gradient at a node's output, entering its backward rule
    local derivative    ∂output/∂this input, of a port
    contribution    upstream × local, along one edge; not: a message, which is what is said to a person
    slope           of the target over one leaf; a tangent is the line with that slope
    word            what an op text may say, such as `exp`; its spelling is how a target writes it
    kernel          an op as functions over arrays, for one number of inputs and one choice of settings
    vjp             a port's backward rule as a function; avoid: pullback
    plan            the compiled order of a graph: its leaves and tasks; avoid: schedule
    task            one node to compute; avoid: instruction
    slot            the number under which a plan keeps an output; not: Qt's slots; avoid: register
    back edge       one edge of a plan, as a gradient travels along it
    trace           the two passes as they went; avoid: tape
    step            one entry of a trace; not: a training step, which is one update; not: a Qt event
    kink            a corner of a function, where it has no slope of its own
    gate            an op that lets a gradient through or not, such as ReLU

What is learnt
    optimiser       how the parameters move; files and the command line spell it optimizer, as PyTorch does
    update          one move of all parameters: old → new
    model           a graph compiled to learn, its parameters one vector
    batch           the rows that one update looks at; an epoch is once through all rows

What is told
    session         an open document with everything about it current
    position        a real number in a trace; not: the time, which only the clock knows
    frame           what is lit at a position; not: a box drawn round something
    player          moves the position; avoid: playhead
    now             all that holds at one moment: what every view is told, once a change
    explanation     one step in words and numbers
    wording         the language of explanations: gradient or responsibility
    responsibility  a gradient, as a teacher says it: how much a value answers for the target
    literal         a value as a person types it
    initialiser     a value as a recipe, such as `normal(2, 3)`; avoid: filling, filler

What is asked
    question        about one number of a trace, which is hidden with all that gives it away
    mistake         a classic wrong way to compute a number, recognised in an answer
    lesson          a text in steps beside a live canvas, each with a graph, and most with a task
    judgement       what becomes of an answer: right, too few digits, or off; and the mistakes that it may come from

What is seen
    stage           what stands where on the canvas, without painting; not: a step
    aside           what stands on the canvas beside nodes and edges: a region, a note, or the rim of an open group
    rim             the line round all that is in an open group; not: the rim of all cards
    load            what a drag or nudge takes along
    desk            what the tools of a canvas work on
    gesture         what a hand does between press and release; edits of one gesture are one undo step
    hit             what lies under the pointer
    camera          which part of the scene is seen, and how large; avoid: viewport
    backdrop        the picture of everything that does not move, kept while something does
    pulse           a number on its way along an edge; the capsule is the shape in which it travels; avoid: particle
    panel           a part of the window beside the canvas, with a place in View ▸ Panels; avoid: dock
    action          a thing a person can do, with its row in a menu; not: an edit, which is what most actions end in
    notice          one sentence about what went wrong, to be shown; avoid: toast, alert
    job             long work of the window: it shows how far it is, and can be cancelled
    funnel          takes every failure, logs it, and makes a notice of it

Kept for what is still to be built
    equation        data with two equal sides, printed as text or typeset; a formula is only its typeset picture
    secant          the line between two points of the target over one leaf
"""

from engine import ops as _ops  # noqa: F401 - fills the op table
from engine.data.access import allow_data
from engine.edits.expand import expand, fuse
from engine.errors import EditRefused, FileError, GradloomError, PlanError, RunError, TextError
from engine.files.disk import load, save
from engine.graph.document import Document
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.ops.op import OPS, Op
from engine.passes.run import run
from engine.passes.trace import Trace
from engine.session import Session
from engine.text.read import parse
from engine.text.write import unparse
from engine.truth.differences import gradcheck, h_sweep
from engine.truth.jacobian import jacobian
from engine.truth.paths import paths
from engine.values.notebook import InNotebook, drawn_by


def _html(thing: InNotebook) -> str | None:
    from engine.export.notebook import notebook_html  # only a notebook asks for it

    return notebook_html(thing)


def _svg(thing: InNotebook) -> str | None:
    from engine.export.notebook import notebook_svg

    return notebook_svg(thing)


drawn_by(_html, _svg)

__all__ = [
    "OPS", "Document", "Edge", "EditRefused", "FileError", "GradloomError", "Graph", "Node", "Op",
    "PlanError", "RunError", "Session", "TextError", "Trace", "allow_data", "expand", "fuse", "gradcheck", "h_sweep",
    "jacobian", "load", "parse", "paths", "run", "save", "unparse",
]  # fmt: skip
