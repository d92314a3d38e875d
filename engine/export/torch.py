"""PyTorch: a module with named parameters, a check of its gradients and a training loop: the way to larger machines.

The script runs as it is on a CPU, on a GPU where there is one, and under `torchrun`: there each process takes its share
of the rows, and the averaged gradients are those of a single process. Autograd does the backward pass; the gradients
that Gradloom computed are written into the file to compare with.
"""

from __future__ import annotations

from engine.export.library import checked_gradients, shared_rows, shown_value
from engine.export.naming import docstring
from engine.export.program import Program, literal
from engine.export.target import export
from engine.formula import ONE_NUMBER, Spelling
from engine.graph import Graph
from engine.trace import ForwardStep, Trace
from engine.values import Value

# torch.nn.Module's own attributes: no parameter may be called like one of these.
MODULE_NAMES = (
    "T_destination", "add_module", "apply", "bfloat16", "buffers", "call_super_init", "children", "compile", "cpu",
    "cuda", "double", "dump_patches", "eval", "extra_repr", "float", "forward", "get_buffer", "get_extra_state",
    "get_parameter", "get_submodule", "half", "ipu", "load_state_dict", "modules", "mtia", "named_buffers",
    "named_children", "named_modules", "named_parameters", "parameters", "register_backward_hook",
    "register_buffer", "register_forward_hook", "register_forward_pre_hook", "register_full_backward_hook",
    "register_full_backward_pre_hook", "register_load_state_dict_post_hook", "register_load_state_dict_pre_hook",
    "register_module", "register_parameter", "register_state_dict_post_hook", "register_state_dict_pre_hook",
    "requires_grad_", "set_extra_state", "set_submodule", "share_memory", "state_dict", "to", "to_empty", "train",
    "training", "type", "xpu", "zero_grad",
)  # fmt: skip
RESERVED = (*MODULE_NAMES, "self", "torch", "nn", "F", "os", "sys", "distributed")

_SAME = ("exp", "expm1", "log", "sqrt", "sin", "cos", "tanh", "erf", "abs", "sign", "square", "where", "xlogy")
WORDS = {word: f"torch.{word}" for word in _SAME} | {
    "maximum": "torch.maximum",
    "minimum": "torch.minimum",
    "power": "lambda a, b: a ** b",
    "softplus": "lambda x: torch.logaddexp(x, torch.zeros_like(x))",
    "sum": "lambda x, axis='all', keep=False: torch.sum(x) if axis == 'all' and not keep"
    " else torch.sum(x, dim=None if axis == 'all' else axis, keepdim=keep)",
    "mean": "lambda x, axis='all', keep=False: torch.mean(x) if axis == 'all' and not keep"
    " else torch.mean(x, dim=None if axis == 'all' else axis, keepdim=keep)",
    "length": "lambda x, axis='all': x.numel() if axis == 'all' else x.shape[axis]",
    "count": "lambda x, *more: x.numel()",
    "matmul": "lambda a, b: a @ b",
    "swap": "lambda x: x.mT",
    "reshape": "torch.reshape",
    "concat": "lambda xs, axis: torch.cat([torch.ravel(x) for x in xs]) if axis == 'all' else torch.cat(xs, dim=axis)",
    "softmax": "lambda x, axis: torch.softmax(x.ravel(), 0).reshape(x.shape) if axis == 'all'"
    " else torch.softmax(x, dim=axis)",
    "log_softmax": "lambda x, axis: torch.log_softmax(x.ravel(), 0).reshape(x.shape) if axis == 'all'"
    " else torch.log_softmax(x, dim=axis)",
    "onehot": "lambda t, z: F.one_hot(t.round().long(), z.shape[-1]).to(z.dtype)",
}
# PyTorch's own functions, with the same conventions at their corners as the ops have.
IDIOMS = {
    "relu": "torch.relu(x)",
    "leaky_relu": "F.leaky_relu(x, slope)",
    "elu": "F.elu(x, alpha)",
    "gelu": "F.gelu(x)",
    "sigmoid": "torch.sigmoid(x)",
    "linear": "F.linear(x, w, b)",
    "hinge": "mean(torch.relu(1 - t * o))",
}
CLASS_IDS = {"cross_entropy": "F.cross_entropy(z, t.round().long())"}
SAME_SHAPES = {
    "mse": "F.mse_loss(o, t)",
    "mae": "F.l1_loss(o, t)",
    "bce_with_logits": "F.binary_cross_entropy_with_logits(z, t)",
    "cross_entropy": "F.cross_entropy(z, t)",
}
NUMBERS = {**ONE_NUMBER, "concat": "lambda xs, axis: torch.stack(xs)", "matmul": "lambda a, b: a * b"}


def spelling_for(inputs: tuple[Value, ...]) -> Spelling:
    """PyTorch's words for inputs of these shapes."""
    ranks, shapes = [x.ndim for x in inputs], {x.shape for x in inputs}
    if not any(ranks):
        return Spelling("PyTorch", WORDS | NUMBERS, IDIOMS | SAME_SHAPES)
    words, idioms = dict(WORDS), dict(IDIOMS)
    if len(shapes) == 1:
        words["onehot"] = "lambda t, z: t"
        idioms |= SAME_SHAPES if ranks[0] <= 2 else {}
    elif ranks in ([2, 1], [1, 0]):
        idioms |= CLASS_IDS
    if ranks[0] < 2:
        words["swap"] = "lambda x: x.mT if x.ndim > 1 else x"
    return Spelling("PyTorch", words, idioms)


@export("torch", "PyTorch script", ".py")
def write_torch(graph: Graph, trace: Trace) -> str:
    """A script with a module, a check of its gradients and a training loop."""
    return _Script(Program(graph, trace, spelling_for, RESERVED)).text()


class _Script:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.held = [step for step in program.needed_leaves() if program.graph.nodes[step.node].op != "input"]
        self.held = [step for step in self.held if len(program.graph.nodes[step.node].kind.outputs) == 1]
        self.given = [step for step in program.needed_leaves() if step not in self.held]
        self.attributes = {(step.node, step.output): program.names[step.node, step.output] for step in self.held}
        self.arguments = [program.names[step.node, step.output] for step in self.given]
        for output, name in self.attributes.items():
            program.names[output] = f"self.{name}"
        self.learns = any(self._is_parameter(step) for step in self.held) and program.target is not None

    def _is_parameter(self, step: ForwardStep) -> bool:
        return not self.program.graph.nodes[step.node].kind.constant

    def text(self) -> str:
        parts = [self._head(), _IMPORTS, self._data(), self._module(), _CHECK, *([_TRAIN] * self.learns), self._main()]
        return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"

    def _head(self) -> str:
        usage = ["    python FILE checks the gradients" + (" and trains." if self.learns else ".")]
        if self.learns:
            usage.append("    torchrun --nproc-per-node 2 FILE does the same in two processes.")
        said = f'"""{docstring(self.program.title)}: a PyTorch module. Written by Gradloom.'
        return "\n".join([said, "", *usage, '"""'])

    def _data(self) -> str:
        program = self.program
        names = self.attributes | {(s.node, s.output): a for s, a in zip(self.given, self.arguments, strict=True)}
        gradients = {names[node, 0]: gradient for node, gradient in checked_gradients(program)}
        lines = [f"# Left out: {sentence}" for sentence in program.left_out()]
        lines += ["# What comes from outside."]
        lines += _table("DATA", {a: s.value for s, a in zip(self.given, self.arguments, strict=True)})
        if self.learns:
            rows = [names[s.node, s.output] for s in self.given if _is_data(program, s)] if shared_rows(program) else []
            lines += [f"ROWS = {rows!r}  # of these, processes that work together take a share of the rows each"]
        lines += ["# What Gradloom computed: the value, and the gradients to compare with."]
        lines += [f"VALUE = {literal(shown_value(program))}", f"SEED = {program.graph.seed!r}  # the gradient put in"]
        return "\n".join([*lines, *_table("GRADIENTS", gradients)])

    def _module(self) -> str:
        program = self.program
        lines = ["class Model(nn.Module):", f'    """{docstring(program.title)}."""', "", "    def __init__(self):"]
        lines.append("        super().__init__()")
        for step in self.held:
            name, node = self.attributes[step.node, step.output], program.graph.nodes[step.node]
            tensor = f"torch.tensor({literal(step.value, 8)})"
            made = f"self.{name} = nn.Parameter({tensor})"
            if not self._is_parameter(step):
                made = f'self.register_buffer("{name}", {tensor})'
            note = program.note(node, node.kind.title.lower(), name)
            lines.append(f"        {made}  # {note}")
        arguments = ", ".join(["self", *self.arguments])
        lines += ["", f"    def forward({arguments}):"]
        lines += [f"        {statement}" for statement in program.needed_statements()]
        lines += [f"        return {program.names[program.result, 0]}"]
        return "\n".join(lines)

    def _main(self) -> str:
        train = "\n    train(model, data, share, rank)" if self.learns else ""
        return _MAIN.replace("%SPLIT%", _SPLIT if self.learns else "").replace("%TRAIN%", train)


def _table(name: str, values: dict[str, Value]) -> list[str]:
    if not values:
        return [f"{name} = {{}}"]
    return [f"{name} = {{", *(f'    "{key}": {literal(value, 4)},' for key, value in values.items()), "}"]


def _is_data(program: Program, step: ForwardStep) -> bool:
    return len(program.graph.nodes[step.node].kind.outputs) > 1


_IMPORTS = """
import os
import sys

import torch
import torch.nn.functional as F
from torch import distributed, nn

torch.set_default_dtype(torch.float64)
"""

_CHECK = '''def check(model, data, share, alone):
    """Whether autograd agrees with Gradloom: the value, and every gradient."""
    if alone:
        data = {name: x.clone().requires_grad_() for name, x in data.items()}
    out = model(**data)
    if alone:
        agree = close("value", out, VALUE)
    else:
        agree = True  # each process sees its rows only; the averaged gradients are those of all rows
    if out.requires_grad and GRADIENTS:
        out.backward(torch.full_like(out, SEED * share))
    leaves = dict(getattr(model, "module", model).named_parameters()) | (data if alone else {})
    for name, expected in GRADIENTS.items():
        if name in leaves:
            grad = leaves[name].grad
            agree &= close(f"gradient of {name}", torch.zeros_like(leaves[name]) if grad is None else grad, expected)
    model.zero_grad()
    return agree


def close(what, got, expected):
    expected = torch.tensor(expected, device=got.device)
    if got.shape == expected.shape and torch.allclose(got.detach(), expected, 1e-7, 1e-9, equal_nan=True):
        return True
    print(f"{what}: {got.tolist()}, but Gradloom says {expected.tolist()}")
    return False


'''

_TRAIN = '''def train(model, data, share, rank, steps=100, rate=0.1):
    """Plain gradient descent on all rows."""
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    for step in range(steps):
        optimizer.zero_grad()
        out = model(**data)
        if not out.requires_grad:
            return  # nothing that learns has a way to the result
        out.backward(torch.full_like(out, SEED * share))
        optimizer.step()
        if rank == 0 and step % 10 == 0:
            print(f"step {step}: {out.sum().item():.6g}")


'''

_SPLIT = """
    if world > 1:
        rows = min((len(data[name]) for name in ROWS), default=0)
        if rows >= world:  # this process's rows, and how much more than an average row they count
            data |= {name: data[name][rank::world] for name in ROWS}
            share = world * len(data[ROWS[0]]) / rows
        model = nn.parallel.DistributedDataParallel(model)"""

_MAIN = '''def main():
    world = int(os.environ.get("WORLD_SIZE", "1"))
    rank = int(os.environ.get("RANK", "0"))
    if world > 1:
        distributed.init_process_group("gloo")
    device = torch.device("cpu")
    if torch.cuda.is_available():
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")) % torch.cuda.device_count())
    data = {name: torch.tensor(value, device=device) for name, value in DATA.items()}
    model, share = Model().to(device), 1.0%SPLIT%
    agree = check(model, data, share, alone=world == 1)
    if rank == 0:
        print(f"{world} process(es) on {device}:", "all gradients agree" if agree else "the gradients differ")%TRAIN%
    if world > 1:
        distributed.destroy_process_group()
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
'''
