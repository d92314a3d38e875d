"""Models that PyTorch's two exporters write open as graphs with PyTorch's own values and gradients."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from engine.files.open import read_file
from engine.graph.graph import Graph
from engine.passes.run import run

torch.manual_seed(7)


class Residual(nn.Module):
    """A residual block with layer normalisation, and a GELU in between."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.norm = nn.Linear(4, 6), nn.Linear(6, 4), nn.LayerNorm(4)

    def forward(self, x: Any) -> Any:
        return self.norm(x + self.second(nn.functional.gelu(self.first(x))))


class Attention(nn.Module):
    """Two heads of masked attention, written out: split, reshape, transpose, softmax."""

    def __init__(self) -> None:
        super().__init__()
        self.into, self.out = nn.Linear(4, 12), nn.Linear(4, 4)

    def forward(self, x: Any) -> Any:
        batch, time, width = x.shape
        heads = [part.view(batch, time, 2, 2).transpose(1, 2) for part in self.into(x).split(4, dim=2)]
        scores = heads[0] @ heads[1].transpose(-2, -1) / 2**0.5
        scores = scores.masked_fill(torch.tril(torch.ones(time, time)) == 0, float("-inf"))
        mixed = (scores.softmax(-1) @ heads[2]).transpose(1, 2).contiguous().view(batch, time, width)
        return self.out(mixed)


class Shapes(nn.Module):
    """Elements laid out, chosen, compared and reduced in every way that is exported as an operator of its own."""

    def forward(self, x: Any) -> Any:
        wide = torch.cat([x, x.pow(2)], 1)
        parts = [
            x.reshape(-1), wide[:, 1:3], torch.where(x > 0, x, -x), x.clamp(-0.5, 0.5), x.var(1, keepdim=True),
            torch.stack([x, 2 * x]).mean(0), wide.chunk(2, 1)[1], x.unsqueeze(1).squeeze(1), x.permute(1, 0) @ x,
            x[0], x[:, [0, 2]], x.expand(3, 2, 4), x.amax(1), x.norm(dim=1), torch.logsumexp(x, 1), x.prod(1),
            torch.rsqrt(x * x + 1), torch.erf(x), wide.flatten(), nn.functional.pad(x, (1, 2)),
        ]  # fmt: skip
        return torch.stack([part.square().sum() for part in parts])


ACTIVATIONS = [
    nn.GELU(), nn.GELU(approximate="tanh"), nn.ELU(), nn.Softplus(), nn.SiLU(), nn.Hardtanh(), nn.ReLU6(),
    nn.Hardsigmoid(), nn.Hardswish(), nn.SELU(), nn.Softsign(), nn.LogSigmoid(), nn.Mish(), nn.CELU(), nn.PReLU(),
    nn.LeakyReLU(0.2), nn.Tanh(),
]  # fmt: skip
CONVOLUTIONS = [
    nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(4, 6, 2, stride=(2, 1), groups=2, bias=False), nn.AvgPool2d(2, stride=1), nn.Tanh(),
    nn.Conv2d(6, 2, 2, dilation=(1, 2), padding=1), nn.Flatten(), nn.Linear(8, 3),
]  # fmt: skip
NORMS = [nn.GroupNorm(2, 4), nn.InstanceNorm2d(4, affine=True), nn.Upsample(scale_factor=2), nn.AdaptiveAvgPool2d(1)]
MLP = [nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 3), nn.LogSoftmax(1)]
MODELS: dict[str, tuple[nn.Module, Any]] = {
    "mlp": (nn.Sequential(*MLP), torch.randn(2, 4)),
    "softmax": (nn.Sequential(nn.Linear(4, 3, bias=False), nn.Softmax(-1)), torch.randn(3, 2, 4)),
    "convolutions": (nn.Sequential(*CONVOLUTIONS), torch.randn(2, 1, 8, 8)),
    "convolutions of one axis": (nn.Sequential(nn.Conv1d(2, 3, 3, padding=1), nn.MaxPool1d(2)), torch.randn(2, 2, 8)),
    "norms": (nn.Sequential(*NORMS), torch.randn(2, 4, 3, 3)),
    "residual": (Residual(), torch.randn(2, 4)),
    "attention": (Attention(), torch.randn(2, 3, 4)),
    "shapes": (Shapes(), torch.randn(2, 4)),
    "activations": (nn.Sequential(nn.Linear(4, 5), *ACTIVATIONS), torch.randn(2, 4)),
}
EXPORTERS = {"torchscript": False, "dynamo": True}


def exported(model: nn.Module, x: Any, path: Path, dynamo: bool, batch: bool = False) -> Path:
    """A model as PyTorch writes it; `batch`: the length of the first axis is left open."""
    said: dict[str, Any] = {}
    if batch:
        said = {"dynamic_shapes": ({0: torch.export.Dim("batch", min=1, max=64)},)} if dynamo else {
            "input_names": ["x"], "dynamic_axes": {"x": {0: "batch"}}
        }  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        try:
            torch.onnx.export(model.eval(), (x,), str(path), dynamo=dynamo, verbose=False, **said)
        finally:
            logging.disable(logging.NOTSET)
    return path


def check(graph: Graph, model: nn.Module, x: Any) -> int:
    """Hold a graph against PyTorch; how many parameters were compared by their names."""
    [given] = [id for id, node in graph.nodes.items() if node.op_name == "input"]
    assert all(node.op.known for node in graph.nodes.values())
    x = x.clone().requires_grad_()
    model.zero_grad()
    wanted = model(x)
    wanted.sum().backward()
    trace = run(graph, values={given: x.detach().double().numpy()})
    same(trace.value(graph.target), wanted)
    same(trace.gradient(given), x.grad)
    compared = 0
    parameters = dict(model.named_parameters())
    for id, node in graph.nodes.items():
        if node.op_name == "parameter" and (parameter := parameters.get(node.name)) is not None:
            same(trace.gradient(id), parameter.grad)
            compared += 1
    return compared


def same(ours: Any, theirs: Any) -> None:
    expected = theirs.detach().numpy()
    assert np.shape(ours) == expected.shape
    np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-5 * max(1.0, np.abs(expected).max()))


@pytest.mark.parametrize("exporter", EXPORTERS)
@pytest.mark.parametrize("name", MODELS)
def test_a_model_opens_with_pytorch_s_values_and_gradients(name: str, exporter: str, tmp_path: Path) -> None:
    model, x = MODELS[name]
    path = exported(model, x, tmp_path / "model.onnx", EXPORTERS[exporter])
    compared = check(read_file(path), model, x)
    assert compared >= {"mlp": 4, "residual": 6}.get(name, 0), "parameters keep their names"


@pytest.mark.parametrize("exporter", EXPORTERS)
@pytest.mark.parametrize("name", ["mlp", "convolutions", "attention"])
def test_a_model_whose_batch_is_left_open_takes_batches_of_any_size(name: str, exporter: str, tmp_path: Path) -> None:
    model, x = MODELS[name]
    graph = read_file(exported(model, x, tmp_path / "model.onnx", EXPORTERS[exporter], batch=True))
    check(graph, model, x)
    check(graph, model, torch.randn(5, *x.shape[1:], dtype=x.dtype))


def test_numbers_beside_the_file_are_those_of_the_model(tmp_path: Path) -> None:
    """Larger weights are put into a file of their own by PyTorch's newer exporter."""
    model, x = nn.Sequential(nn.Linear(40, 30), nn.Tanh(), nn.Linear(30, 2)).float(), torch.randn(2, 40).float()
    path = exported(model, x, tmp_path / "model.onnx", dynamo=True)
    assert (tmp_path / "model.onnx.data").stat().st_size > 4000
    assert check(read_file(path), model, x) == 4


def test_what_is_read_is_written_again_for_onnx_runtime(tmp_path: Path) -> None:
    from engine.export import export_graph

    for name, (model, x) in MODELS.items():
        graph = read_file(exported(model, x, tmp_path / "model.onnx", dynamo=False))
        data = export_graph(graph, "onnx")
        assert isinstance(data, bytes)
        onnx.checker.check_model(onnx.load_model_from_string(data))
        found = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"]).run(None, {})[0]
        np.testing.assert_allclose(found, run(graph).value(graph.target), rtol=1e-9, atol=1e-11, err_msg=name)
