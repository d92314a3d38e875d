"""micrograd: a graph of single numbers as its `Value` code, for the ops that micrograd has or can be told in them."""

from engine.errors import ExportError
from engine.export.program import Program, docstring, number
from engine.export.target import export
from engine.graph.graph import Graph
from engine.ops.spelling import Spelling
from engine.ops.words.table import spellings
from engine.passes.trace import ForwardStep, Trace
from engine.values.values import Value

IDIOMS = {
    "relu": "x.relu()",
    "leaky_relu": "slope * x + (1 - slope) * x.relu()",
    "hinge": "(1 - t * o).relu()",
}
SPELLING = Spelling("micrograd", spellings("micrograd", ()), IDIOMS)


@export("micrograd", "micrograd code", ".py", order=40)
def write_micrograd(graph: Graph, trace: Trace) -> str:
    """Value code with the gradients beside it. Raises ExportError for tensors and for what micrograd cannot say."""
    program = Program(graph, trace, lambda *_: SPELLING, ("Value", "nodes"))
    for step in program.forward_steps:
        _check(program, step)
    title = docstring(program.title)
    lines = [f'"""{title}: in micrograd. Written by Gradloom."""', "", "from micrograd.engine import Value", ""]
    lines += [f"# Left out: {sentence}" for sentence in program.left_out()]
    lines += [_leaf(program, step) for step in program.leaves()]
    lines += program.lines_in_sections()
    return "\n".join([*lines, *_closing(program)]) + "\n" + program.group_notes()


def _leaf(program: Program, step: ForwardStep) -> str:
    node = program.graph.nodes[step.node]
    held = number(float(step.value))
    made = held if node.id in _exponents(program) else f"Value({held})"
    return f"{program.names[node.id, 0]} = {made}  # {program.note(node)}"


def _exponents(program: Program) -> set[str]:
    """The nodes that make exponents: micrograd takes plain numbers there, and only there needs them."""
    graph = program.graph
    powers = (node.id for node in graph.nodes.values() if node.op_name == "pow")
    made = [graph.into(id)[1].source for id in powers if len(graph.into(id)) > 1]
    return set(made).union(*(graph.topology.ancestors(id) for id in made))


def _check(program: Program, step: ForwardStep) -> None:
    node, value = program.graph.nodes[step.node], step.value
    if any(x.ndim for x in (value, *step.inputs)):
        raise ExportError(f"micrograd knows single numbers only: “{node.name}” holds more than one.", (node.id,))
    if not -float("inf") < float(value) < float("inf"):
        raise ExportError(f"micrograd cannot go on where a number is not finite: “{node.name}” is not.", (node.id,))
    if node.op_name == "pow" and program.graph.into(node.id)[1].source not in program.trace.plan.constant:
        raise ExportError(f"micrograd has no power with a variable exponent: “{node.name}”.", (node.id,))
    if _is_differentiated(program, node.id) and (power := _impossible_power(node.op_name, step.inputs)):
        why = f"its slope needs {power}, which Python's numbers refuse"
        raise ExportError(f"micrograd has no gradient of “{node.name}” here: {why}.", (node.id,))


def _is_differentiated(program: Program, id: str) -> bool:
    target = program.target
    reached = set() if target is None else {target} | program.graph.topology.ancestors(target)
    return id in reached - _exponents(program)


def _impossible_power(op: str, inputs: tuple[Value, ...]) -> str:
    """The power that micrograd's slope of a power asks Python for, where Python raises; else empty."""
    if op not in ("sqrt", "pow"):
        return ""
    base, lowered = float(inputs[0]), (0.5 if op == "sqrt" else float(inputs[1])) - 1
    try:
        return "" if isinstance(base**lowered, float) else f"{base:g} ** {lowered:g}"
    except ArithmeticError:
        return f"{base:g} ** {lowered:g}"


def _closing(program: Program) -> list[str]:
    """The backward pass, and every number beside what Gradloom computed."""
    target = program.target
    if target is None or program.trace.gradient(target) is None or target in _exponents(program):
        return []
    name, seed = program.names[target, 0], program.graph.seed
    lines = ["", f"{name}.backward()" if seed == 1 else f"({name} * {number(seed)}).backward()"]
    for step in program.forward_steps:
        gradient = program.trace.gradient(step.node)
        if gradient is not None:
            said = program.names[step.node, 0]
            lines.append(f'print("{step.node}", {said}.data, {said}.grad)  # {step.value!s} {gradient!s}')
    return lines
