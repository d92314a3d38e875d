"""The table of conventions is what PyTorch does, row by row, and what JAX does where the table says so."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch

from engine.truth.conventions import CONVENTIONS, Convention

jax.config.update("jax_enable_x64", True)


def of_torch(row: Convention) -> tuple[Any, dict[str, Any]]:
    """The value and the gradients of its expression in PyTorch."""
    leaves = {id: torch.tensor(x, dtype=torch.float64, requires_grad=True) for id, x in row.leaves.items()}
    value = eval(row.torch, {"torch": torch, "F": torch.nn.functional}, leaves)
    value.sum().backward()
    return value.detach().numpy(), {id: x.grad.numpy() for id, x in leaves.items()}


def of_jax(row: Convention) -> tuple[Any, dict[str, Any]]:
    def f(leaves: dict[str, Any]) -> Any:
        return eval(row.jax, {"jax": jax, "jnp": jnp}, leaves)

    leaves = {id: jnp.array(x, dtype=float) for id, x in row.leaves.items()}
    value, gradients = jax.value_and_grad(lambda leaves: jnp.sum(f(leaves)))(leaves)
    return value, gradients


def agrees(row: Convention, found: tuple[Any, dict[str, Any]]) -> bool:
    value, gradients = found
    pairs = [(value, row.value), *((gradients[id], slope) for id, slope in row.gradients.items())]
    return all(np.allclose(theirs, ours, 1e-12, 0, equal_nan=True) for theirs, ours in pairs)


@pytest.mark.parametrize("row", CONVENTIONS, ids=lambda row: f"{row.program} at {dict(row.leaves)}")
def test_it_is_pytorch_s_choice_or_says_why_not(row: Convention) -> None:
    assert agrees(row, of_torch(row)) == (not row.reason), of_torch(row)


@pytest.mark.parametrize("row", [r for r in CONVENTIONS if r.jax], ids=lambda row: f"{row.program} {dict(row.leaves)}")
def test_jax_chooses_the_same_where_the_table_says_so(row: Convention) -> None:
    assert agrees(row, of_jax(row)), of_jax(row)
