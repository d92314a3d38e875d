"""The actions of the Pass menu: playing both passes, step by step."""

from gui.shell.actions.action import Action, Menu, has_backward, has_lesson
from gui.shell.window import Window

NO_STEPS = "There are no steps yet"
NONE_AFTER, NONE_BEFORE = "There is no step after this", "There is no step before this"


def _has_steps(w: Window) -> bool:
    return bool(w.bridge.now.telling.steps)


def _can_learn(w: Window) -> bool:
    """In a lesson its key, which remote controls send, presents that."""
    return has_backward(w) and not has_lesson(w)


def _before_end(w: Window) -> bool:
    return w.bridge.now.frame.position < len(w.bridge.now.telling.steps)


def _after_start(w: Window) -> bool:
    return w.bridge.now.frame.position > 0


MENU = Menu("Pass", (
    (
        Action("play", "Play", "Play or pause both passes", lambda w: w.bridge.player.toggle(), ("Space",), "play",
               enabled=_has_steps, lacking=NO_STEPS, label=lambda w: "Pause" if w.bridge.now.playing else "Play"),
        Action("loop", "Loop", "Start again after the end", lambda w: w.preferences.toggle_loop(), ("Ctrl+Shift+L",),
               "loop", checked=lambda w: w.bridge.player.loop),
    ),
    (
        Action("step_forward", "Step forward", "The next contribution", lambda w: w.bridge.player.step_forward(),
               ("Right",), "step-forward", enabled=_before_end, lacking=NONE_AFTER),
        Action("step_back", "Step back", "The previous contribution", lambda w: w.bridge.player.step_back(),
               ("Left",), "step-back", enabled=_after_start, lacking=NONE_BEFORE),
        Action("node_forward", "To the next node", "All contributions of this node",
               lambda w: w.bridge.player.step_forward(whole_node=True), ("Shift+Right",),
               enabled=_before_end, lacking=NONE_AFTER),
        Action("node_back", "To the previous node", "Back to where this node’s turn begins",
               lambda w: w.bridge.player.step_back(whole_node=True), ("Shift+Left",),
               enabled=_after_start, lacking=NONE_BEFORE),
        Action("step_into", "Step into folded groups", "Stop at every step within a folded group, too",
               lambda w: w.canvas.folds.toggle_stepping(), checked=lambda w: w.canvas.folds.steps_into),
    ),
    (
        Action("to_start", "To the start", "Before the first value", lambda w: w.bridge.player.go_to_start(),
               ("Home",), "to-start", enabled=_after_start, lacking=NONE_BEFORE),
        Action("to_backward", "To the backward pass", "All values are there, and the seed is about to go in",
               lambda w: w.bridge.player.go_to_backward(), ("Ctrl+B",), "to-backward", enabled=has_backward),
        Action("to_end", "To the end", "Every gradient is there", lambda w: w.bridge.player.go_to_end(), ("End",),
               "to-end", enabled=_before_end, lacking=NONE_AFTER),
    ),
    (
        Action("learn_slowly", "One step of learning",
               "Make one training step, and watch each parameter turn",
               lambda w: w.learn_slowly(), ("F5",), "train", enabled=_can_learn),
        Action("leave_story", "Leave the story", "Back to the graph as the step has left it",
               lambda w: w.bridge.session.end_story(), ("Shift+F5",),
               enabled=lambda w: w.bridge.session.story is not None),
    ),
    (
        Action("predict", "Ask me", "Hide the next number of the pass, and answer it",
               lambda w: w.bridge.asking.toggle(), ("F4",), "ask", enabled=lambda w: bool(w.bridge.now.trace.steps),
               checked=lambda w: w.bridge.asking.is_on),
    ),
    (
        Action("faster", "Faster", "Go up one speed", lambda w: w.preferences.change_speed(1), ("Ctrl+]",)),
        Action("slower", "Slower", "Go down one speed", lambda w: w.preferences.change_speed(-1), ("Ctrl+[",)),
    ),
))  # fmt: skip
