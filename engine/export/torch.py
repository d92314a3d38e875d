"""PyTorch: a module with named parameters, a check of its gradients and a training loop: the way to larger machines.

The script runs as it is on a CPU, on a GPU where there is one, and under `torchrun`: there each process takes its share
of the rows, and the averaged gradients are those of a single process. Autograd does the backward pass; the gradients
that Gradloom computed are written into the file to compare with.
"""

from engine.export.library import checked_gradients, data_steps, over_all_rows, rows_can_be_shared, shown_value
from engine.export.program import Program, docstring, literal, table
from engine.export.target import export
from engine.export.torch_modules import TorchModules
from engine.graph.graph import Graph
from engine.learn.config import TrainingConfig
from engine.learn.optimisers import OPTIMISERS
from engine.ops.spelling import Spelling
from engine.ops.words.table import spellings
from engine.passes.trace import ForwardStep, Trace
from engine.values.values import Value

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
RESERVED = (*MODULE_NAMES, "self", "torch", "nn", "F", "gc", "np", "os", "sys", "distributed")

# PyTorch's own functions, with the same conventions at their corners as the ops have.
IDIOMS = {
    "relu": "torch.relu(x)",
    "leaky_relu": "F.leaky_relu(x, slope)",
    "elu": "F.elu(x, alpha)",
    "gelu": "F.gelu(x)",
    "sigmoid": "torch.sigmoid(x)",
    "silu": "F.silu(x)",
    "hinge": "mean(torch.relu(1 - t * o))",
}
CLASS_IDS = {"cross_entropy": "F.cross_entropy(z, t.round().long())"}
LINEAR = {"linear": "F.linear(x, w, b)"}
SAME_SHAPES = {
    "mse": "F.mse_loss(o, t)",
    "mae": "F.l1_loss(o, t)",
    "bce_with_logits": "F.binary_cross_entropy_with_logits(z, t)",
    "cross_entropy": "F.cross_entropy(z, t)",
}


def spelling_for(inputs: tuple[Value, ...], odd: bool = False) -> Spelling:
    """PyTorch's words for inputs of these shapes."""
    ranks, shapes = [x.ndim for x in inputs], [x.shape for x in inputs]
    idioms = dict(IDIOMS)
    if len(set(shapes)) == 1 and ranks[0] <= 2:
        idioms |= SAME_SHAPES
    elif ranks in ([2, 1], [1, 0]):
        idioms |= CLASS_IDS
    elif ranks[1:] == [2, 1] and shapes[2] == shapes[1][:1]:
        idioms |= LINEAR
    return Spelling("PyTorch", spellings("torch", shapes), idioms)


@export("torch", "PyTorch script", ".py", order=20)
def write_torch(graph: Graph, trace: Trace) -> str:
    """A script with a module, a check of its gradients and a training loop."""
    return _Script(Program(graph, over_all_rows(graph, trace), spelling_for, RESERVED)).text()


class _Script:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.held = [step for step in program.needed_leaves() if program.graph.nodes[step.node].op_name != "input"]
        self.held = [step for step in self.held if len(program.graph.nodes[step.node].op.outputs) == 1]
        self.given = [step for step in program.needed_leaves() if step not in self.held]
        self.arguments = [program.names[step.node, step.output] for step in self.given]
        self.modules = TorchModules(program, self.held, self.given)
        self.attributes = self.modules.paths()
        self.learns = any(self._is_parameter(step) for step in self.held) and program.target is not None

    def _is_parameter(self, step: ForwardStep) -> bool:
        return not self.program.graph.nodes[step.node].op.constant

    def text(self) -> str:
        module = self.modules.text()
        imports = (
            _IMPORTS.replace("import torch\n", "import numpy as np\nimport torch\n", 1) if "np." in module else _IMPORTS
        )
        parts = [self._head(), imports, self._data(), module, _CHECK]
        parts += [self._train()] if self.learns else []
        parts.append(_MAIN.replace("%TRAIN%", _TRAIN_CALL if self.learns else ""))
        return "\n\n\n".join(part.strip("\n") for part in parts) + "\n" + self.program.group_notes()

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
        given = dict(zip(self.arguments, self.given, strict=True))
        notes = {name: program.note(program.graph.nodes[step.node], name) for name, step in given.items()}
        lines += table("DATA", {name: step.value for name, step in given.items()}, notes=notes)
        rows = [names[s.node, s.output] for s in data_steps(program)]
        share = rows_can_be_shared(program)
        lines += [f"ROWS = {rows!r}  # the data of which each row is a sample"]
        lines += [f"SHARED = {share}  # whether parallel processes may share them out: the target is a mean"]
        lines += ["# What Gradloom computed: the value, and the gradients to compare with."]
        lines += [f"VALUE = {literal(shown_value(program))}", f"SEED = {program.graph.seed!r}  # the gradient put in"]
        return "\n".join([*lines, *table("GRADIENTS", gradients)])

    def _train(self) -> str:
        """The loop, with the graph's own optimiser, batches and number of steps."""
        config = TrainingConfig.of(self.program.graph)
        steps = data_steps(self.program)
        count = next(iter(steps[0].value.shape)) if steps else 1
        batch = min(config.batch or count, count)
        total = config.steps or config.epochs * -(-count // batch)
        decay = _DECAY.replace("%FACTOR%", repr(1 - config.lr * config.weight_decay)) if config.weight_decay else ""
        clip = _CLIP.replace("%NORM%", repr(config.clip)) if config.clip else ""
        filled = {
            "OPTIMISER": OPTIMISERS[config.optimizer].torch.format(rate=repr(config.lr)),
            "COUNT": count, "BATCH": batch, "STEPS": total, "SHUFFLE": config.seed, "DECAY": decay, "CLIP": clip,
        }  # fmt: skip
        text = _TRAIN
        for name, part in filled.items():
            text = text.replace(f"%{name}%", str(part))
        return text


_IMPORTS = """
import gc
import os
import sys

import torch
import torch.nn.functional as F
from torch import distributed, nn

torch.set_default_dtype(torch.float64)
"""

_CHECK = '''def mine(rows, rank, world):
    """This process's part of some rows, and how much more than their mean its own mean counts."""
    if not SHARED or len(rows) < world:
        return rows, 1.0
    part = rows[rank::world]
    return part, world * len(part) / len(rows)


def check(model, data, rank, world):
    """Whether autograd agrees with Gradloom: the value, and every gradient."""
    share = 1.0
    if world > 1 and ROWS:
        rows, share = mine(torch.arange(len(data[ROWS[0]])), rank, world)
        data = data | {name: data[name][rows] for name in ROWS}
    data = {name: x.clone().requires_grad_() for name, x in data.items()}
    out = model(**data)
    agree = world > 1 or close("value", out, VALUE)
    if out.requires_grad:
        out.backward(torch.full_like(out, SEED * share))
    leaves = dict(getattr(model, "module", model).named_parameters())  # averaged over the processes
    if world == 1:
        leaves |= data
    for name in GRADIENTS.keys() & leaves.keys():
        grad = torch.zeros_like(leaves[name]) if leaves[name].grad is None else leaves[name].grad
        agree &= close(f"gradient of {name}", grad, GRADIENTS[name])
    model.zero_grad()
    return agree


def close(what, got, expected):
    expected = torch.tensor(expected, device=got.device)
    if got.shape == expected.shape and torch.allclose(got.detach(), expected, 1e-7, 1e-9, equal_nan=True):
        return True
    print(f"{what}: {got.tolist()}, but Gradloom says {expected.tolist()}")
    return False
'''

_TRAIN = '''def batches():
    """The numbers of the rows of each step: every epoch all of them, in an order of its own."""
    shuffle = torch.Generator().manual_seed(%SHUFFLE%)
    while True:
        yield from torch.randperm(%COUNT%, generator=shuffle).split(%BATCH%)


def train(model, data, rank, world, steps=%STEPS%):
    optimizer = %OPTIMISER%
    for step, rows in zip(range(steps), batches()):
        rows, share = mine(rows, rank, world)
        optimizer.zero_grad()
        out = model(**(data | {name: data[name][rows] for name in ROWS}))
        if not out.requires_grad:
            return  # nothing that learns reaches the result
        out.backward(torch.full_like(out, SEED * share))
%CLIP%%DECAY%        optimizer.step()
        if rank == 0 and (step + 1) % max(1, steps // 10) == 0:
            print(f"step {step + 1}: {out.sum().item():.6g}")
'''
_CLIP = """        nn.utils.clip_grad_norm_(model.parameters(), %NORM%)
"""
_DECAY = """        with torch.no_grad():
            for parameter in model.parameters():
                parameter *= %FACTOR%  # weight decay, beside the gradient
"""
_TRAIN_CALL = """
    train(model, data, rank, world)"""

_MAIN = """def main():
    world = int(os.environ.get("WORLD_SIZE", "1"))
    rank = int(os.environ.get("RANK", "0"))
    if world > 1:
        distributed.init_process_group("gloo")
    device = torch.device("cpu")
    if torch.cuda.is_available():
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")) % torch.cuda.device_count())
    data = {name: torch.tensor(value, device=device) for name, value in DATA.items()}
    model = Model().to(device)
    if world > 1 and any(p.requires_grad for p in model.parameters()):
        model = nn.parallel.DistributedDataParallel(model)
    agree = check(model, data, rank, world)
    if rank == 0:
        print(f"{world} process(es) on {device}:", "all gradients agree" if agree else "the gradients differ")%TRAIN%
    if world > 1:
        del model  # and what it holds in circles: gloo's threads must end before Python does
        gc.collect()
        distributed.destroy_process_group()
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
"""
