"""JAX: a pure function of the leaves, its gradients by `jax.value_and_grad`, and a check against those of Gradloom."""

import numpy as np

from engine.export.library import checked_gradients, shown_value
from engine.export.program import Program, docstring, literal, table
from engine.export.target import export
from engine.graph.graph import Graph
from engine.ops.spelling import Spelling
from engine.ops.words.table import spellings
from engine.passes.trace import Trace
from engine.values.values import Value

# JAX's own functions, with the same conventions at their corners as the ops have.
_ROOT = "where(TOTAL == 0, 0.0, sqrt(where(TOTAL == 0, 1.0, TOTAL)))"
IDIOMS = {
    "relu": "jax.nn.relu(x)",
    "leaky_relu": "jnp.where(x > 0, x, slope * x)",  # jax.nn.leaky_relu has the slope 1 at 0
    "elu": "jax.nn.elu(x, alpha)",
    "gelu": "jax.nn.gelu(x, approximate=False)",
    "sigmoid": "jax.nn.sigmoid(x)",
    "silu": "jax.nn.silu(x)",
    "norm": _ROOT.replace("TOTAL", "sum(x * x, axis, keep)"),  # jnp.linalg.norm has the slope nan at 0
    "std": _ROOT.replace("TOTAL", "var(x, axis, keep, ddof)"),  # and jnp.std
    "hinge": "mean(jax.nn.relu(1 - t * o))",
}
# The same where JAX's own function would multiply 0 by ∞, or close a gate at nan: a choice cuts off what is not taken.
ODD = {
    "relu": "where(x <= 0, 0.0, x)",
    "max": "where(a > b, a, where(a < b, b, where(a == b, 0.5 * (a + b), a + b)))",
    "min": "where(a < b, a, where(a > b, b, where(a == b, 0.5 * (a + b), a + b)))",
}
FLAT = {"pow": "jnp.power(jnp.where(b == 0, jax.lax.stop_gradient(a), a), b)"}
AT_ENDS = {
    "xlogy": "lambda x, y: jax.scipy.special.xlogy(x, jnp.where(x == 0, jax.lax.stop_gradient(y), y))",
}
_OWN = ("f", "_", "found", "agree", "leaves", "value", "gradients", "expected", "name", "close")
RESERVED = ("jax", "jnp", "np", "sys", *_OWN)


def spelling_for(inputs: tuple[Value, ...], odd: bool = False) -> Spelling:
    """JAX's words for inputs of these shapes."""
    words = dict(spellings("jax", [x.shape for x in inputs]))
    idioms = IDIOMS | ODD if odd else dict(IDIOMS)
    if any(np.isin(x, (0, 1)).any() for x in inputs):
        words |= AT_ENDS
    if len(inputs) == 2 and (inputs[1] == 0).any():
        idioms |= FLAT
    return Spelling("JAX", words, idioms)


@export("jax", "JAX program", ".py", order=30)
def write_jax(graph: Graph, trace: Trace) -> str:
    """A program with a pure function, its value and gradients, and a check of them."""
    program = Program(graph, trace, spelling_for, RESERVED)
    gradients = dict(checked_gradients(program))
    leaves = [(program.names[s.node, s.output], s) for s in program.needed_leaves()]
    asked = {name: gradients[s.node] for name, s in leaves if s.node in gradients}
    fixed = [(name, s) for name, s in leaves if name not in asked]
    body = [f"    {line}" for line in program.lines_in_sections(needed=True)]
    head = [f"def f({', '.join(asked)}):", f'    """{docstring(program.title)}."""']
    function = "\n".join([*head, *body, f"    return {program.names[program.result, 0]}"])
    notes = {name: program.note(program.graph.nodes[s.node], name) for name, s in leaves}
    constants = [f"{name} = jnp.array({literal(s.value)})  # {notes[name]}" for name, s in fixed]
    values = {name: s.value for name, s in leaves if name in asked}
    sections = [_head(program, "np." in function.replace("jnp.", "")), "\n".join(constants), function]
    sections.append(_closing(program, values, asked, notes))
    return "\n\n\n".join(section for section in sections if section) + "\n" + program.group_notes()


def _head(program: Program, with_numpy: bool) -> str:
    lines = [f'"""{docstring(program.title)}: a pure function and its gradients, in JAX. Written by Gradloom."""', ""]
    numpy = ["import numpy as np"] if with_numpy else []
    lines += ["import sys", "", "import jax", "import jax.numpy as jnp", *numpy, ""]
    lines += ['jax.config.update("jax_enable_x64", True)', *(f"# Left out: {s}" for s in program.left_out())]
    return "\n".join(lines)


def _closing(program: Program, values: dict[str, Value], asked: dict[str, Value], notes: dict[str, str]) -> str:
    """Compute, compare, and say so."""
    expected = literal(shown_value(program))
    lines = table("leaves", values, "jnp.array({})", notes)
    if asked:
        whole = program.graph.seed == 1 and not shown_value(program).ndim
        total = "f" if whole else f"lambda *leaves: {program.graph.seed!r} * jnp.sum(f(*leaves))"
        lines += [f"_, found = jax.value_and_grad({total}, argnums=tuple(range(len(leaves))))(*leaves.values())"]
        lines += ["gradients = dict(zip(leaves, found))"]
    else:
        lines += ["gradients = {}"]
    lines += ["value = f(*leaves.values())", ""]
    lines += ["# What Gradloom computed, to compare with.", *table("expected", asked, "jnp.array({})")]
    return "\n".join(lines) + _CHECK.replace("%VALUE%", expected)


_CHECK = """


def close(name, got, wanted):
    agree = got.shape == wanted.shape and bool(jnp.allclose(got, wanted, 1e-7, 1e-9, equal_nan=True))
    print(name, "=", got, "" if agree else f"  but Gradloom says {wanted}")
    return agree


agree = [close("value", jnp.asarray(value), jnp.array(%VALUE%))]
agree += [close(f"gradient of {name}", gradients[name], wanted) for name, wanted in expected.items()]
print("all agree" if all(agree) else "they differ")
sys.exit(0 if all(agree) else 1)
"""
