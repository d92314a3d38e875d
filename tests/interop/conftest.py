"""Collected only where all the programs are: `python3 run.py interop` installs them, and fails if there is no test."""

from __future__ import annotations

from importlib.util import find_spec

MISSING = [name for name in ("jax", "micrograd", "onnx", "onnxruntime", "torch") if find_spec(name) is None]
collect_ignore_glob = ["test_*.py"] if MISSING else []
if find_spec("onnxscript") is None:  # with which PyTorch writes its models
    collect_ignore_glob.append("test_onnx_models.py")


def pytest_report_header() -> str:
    return f"interop: left out, for want of {', '.join(MISSING)}" if MISSING else "interop: all programs are there"
