"""Code that is pasted with what stands round it: Markdown's fences, signs that cannot be seen, dashes."""

from __future__ import annotations

import pytest

from engine.errors import TextError
from engine.passes.run import run
from engine.text.read import parse

_CODE = "x = 2.0\nf = x * 3\n"


@pytest.mark.parametrize(
    "text",
    [
        f"Here is the code:\n\n```python\n{_CODE}```\n\nIt prints 6.",
        "```\nx = 2.0\n```\nand then\n```\nf = x * 3\n```\n",
        f"Try this:\n```python\n{_CODE}print(f)\n```\nOutput:\n```\n6.0\n```\n",
        f"```bash\npip install torch\n```\n```py\n{_CODE}```\n",
        "1. First\n\n   ```py\n   x = 2.0\n   f = x * 3\n   ```\n",
        "So it is:\n~~~pycon\n>>> x = 2.0\n>>> f = x * 3\n>>> f\n6.0\n~~~\n",
        "x = 2.0\nf = x\u200b * 3\ufeff",
        "x = 2.0\nf = x * 4 – x",
    ],
)
def test_only_the_code_is_read(text: str) -> None:
    trace = run(parse(text))
    assert trace.plan.target == "f"
    assert trace.value("f") == 6.0 and trace.gradient("x") == 3.0


def test_what_cannot_be_read_in_a_fence_is_told_by_its_line_in_the_whole() -> None:
    with pytest.raises(TextError) as refused:
        parse("Some words.\n\n```python\nx = 2.0\nf = frobnicate(x)\n```\n")
    assert refused.value.where == "line 5, column 5"
