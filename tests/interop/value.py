"""A class of values as it is written in lectures: a number, its gradient, and who made it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any


class Value:
    """A number that knows its gradient, once `backward` was called on what was made of it."""

    def __init__(self, data: float, _children: tuple[Value, ...] = (), _op: str = "", label: str = "") -> None:
        self.data, self.grad, self.label = data, 0.0, label
        self.children = _children
        self._send: Callable[[float], tuple[float, ...]] = lambda g: ()

    def __repr__(self) -> str:
        return f"Value(data={self.data}, grad={self.grad:g})"

    def _made(self, data: float, others: tuple[Value, ...], send: Callable[[float], tuple[float, ...]]) -> Value:
        made = Value(data, others)
        made._send = send
        return made

    def __add__(self, other: Any) -> Value:
        other = _value(other)
        return self._made(self.data + other.data, (self, other), lambda g: (g, g))

    def __mul__(self, other: Any) -> Value:
        other = _value(other)
        return self._made(self.data * other.data, (self, other), lambda g: (g * other.data, g * self.data))

    def __pow__(self, power: float) -> Value:
        return self._made(self.data**power, (self,), lambda g: (g * power * self.data ** (power - 1),))

    def exp(self) -> Value:
        y = math.exp(self.data)
        return self._made(y, (self,), lambda g: (g * y,))

    def log(self) -> Value:
        return self._made(math.log(self.data), (self,), lambda g: (g / self.data,))

    def tanh(self) -> Value:
        y = math.tanh(self.data)
        return self._made(y, (self,), lambda g: (g * (1 - y * y),))

    def relu(self) -> Value:
        return self._made(max(self.data, 0.0), (self,), lambda g: (g if self.data > 0 else 0.0,))

    def __neg__(self) -> Value:
        return self * -1

    def __radd__(self, other: Any) -> Value:
        return self + other

    def __sub__(self, other: Any) -> Value:
        return self + -_value(other)

    def __rsub__(self, other: Any) -> Value:
        return _value(other) - self

    def __rmul__(self, other: Any) -> Value:
        return self * other

    def __truediv__(self, other: Any) -> Value:
        return self * _value(other) ** -1

    def __rtruediv__(self, other: Any) -> Value:
        return _value(other) / self

    def backward(self) -> None:
        """The gradient of everything that this was made of."""
        order: list[Value] = []
        seen: set[int] = set()

        def visit(value: Value) -> None:
            if id(value) not in seen:
                seen.add(id(value))
                for child in value.children:
                    visit(child)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            for child, sent in zip(value.children, value._send(value.grad), strict=False):
                child.grad += sent


def _value(held: Any) -> Value:
    return held if isinstance(held, Value) else Value(held)
