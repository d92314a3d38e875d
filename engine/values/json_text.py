"""JSON text, written and read with care: floats to the same bits, non-finite ones as text, a sentence for each flaw."""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

import numpy as np

from engine.errors import FileError
from engine.values.memory import refuse_long_text
from engine.values.plain import shortened
from engine.values.progress import rest

_WRITER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)  # made once: there is a call a row
PIECE = 2000  # numbers that are written in one go: about 1 ms
NON_FINITE: Mapping[str, float] = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def json_ready(data: Any) -> Any:
    """The same with non-finite numbers as text, tuples and arrays as nested lists, NumPy's numbers as Python's."""
    if isinstance(data, float):
        return float(data) if math.isfinite(data) else repr(float(data))
    if isinstance(data, (list, tuple)):
        return [json_ready(item) for item in data]
    if isinstance(data, Mapping):
        return {str(key): json_ready(item) for key, item in data.items()}
    if isinstance(data, np.ndarray) and data.dtype == np.float64 and np.isfinite(data).all():
        return data.tolist()  # millions of numbers are not looked at one by one
    return json_ready(data.tolist()) if hasattr(data, "tolist") else data


def dump(data: Any) -> str:
    """JSON on one line, in UTF-8 characters; half a surrogate pair, as in the name of a file, is spelled `\\udc80`."""
    text = _encoded(data)
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


class JsonText(str):
    """A value that is text of JSON already."""


def _encoded(data: Any) -> str:
    """The same text as in one call, which would keep all other threads waiting: 130 ms for 200,000 numbers. Between two
    pieces they get their turn."""
    if isinstance(data, JsonText):
        return data
    if isinstance(data, dict) and any(map(_is_long, data.values())) and all(isinstance(key, str) for key in data):
        return "{" + ", ".join(f"{_WRITER.encode(key)}: {_encoded(part)}" for key, part in data.items()) + "}"
    if not _is_long(data):
        return _WRITER.encode(data)
    if isinstance(data[0], list) and _size_of(data[0]) * 2 > PIECE:
        return "[" + ", ".join(_encoded(part) for part in data) + "]"
    piece = max(PIECE // _size_of(data[0]), 1)
    return "[" + ", ".join(_pieces(data, piece)) + "]"


def _pieces(data: list[Any], size: int) -> Iterator[str]:
    for at in range(0, len(data), size):
        yield _WRITER.encode(data[at : at + size])[1:-1]
        rest()


def _is_long(data: Any) -> bool:
    return isinstance(data, JsonText) or (isinstance(data, list) and _size_of(data) > PIECE)


def _size_of(data: Any) -> int:
    """How many numbers a list holds, as far as the first of each of its lists tells."""
    count = 1
    while isinstance(data, list) and data:
        count, data = count * len(data), data[0]
    return count


def dump_rows(record: Mapping[str, Any], nested: bool = False) -> str:
    """A JSON object with one key a line, and one line for each object in a list; if `nested`, for each key too."""
    lines = [f"  {dump(key)}: {_rows(part, nested)}" for key, part in record.items()]
    return "{\n" + ",\n".join(lines) + "\n}"


def _rows(part: Any, nested: bool) -> str:
    if nested and isinstance(part, dict) and part:
        return "{\n" + ",\n".join(f"    {dump(key)}: {dump(row)}" for key, row in part.items()) + "\n  }"
    if isinstance(part, list) and part and all(isinstance(row, dict) for row in part):
        return "[\n" + ",\n".join(f"    {dump(row)}" for row in part) + "\n  ]"
    return dump(part)


def parse(text: str | bytes) -> Any:
    """What a JSON object's text holds. Raises FileError for a text that is not one, has NaN, or has a key twice."""
    plain = _as_text(text)
    try:
        found = _loaded(plain, None)  # Python's own reader of floats is many times as fast
        return _loaded(plain, _finite) if _holds_infinity(found) else found
    except json.JSONDecodeError as error:
        message = error.msg[0].lower() + error.msg[1:].removesuffix(" at").removesuffix(" starting")  # `where` says it
        where = f"line {error.lineno}, column {error.colno}"
        raise FileError(f"this is not valid JSON: {message}", where=where) from None
    except RecursionError:
        raise FileError("the brackets in this file are nested too deeply") from None
    except ValueError:  # Python refuses integers of thousands of digits
        raise FileError("a number in this file has too many digits") from None


def _loaded(plain: str, read_float: Callable[[str], float] | None) -> Any:
    return json.loads(
        plain, object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant, parse_float=read_float
    )


def _holds_infinity(data: Any) -> bool:
    """Whether a number was read that is beyond all floats: infinity has no other way to get there."""
    if isinstance(data, dict):
        return any(map(_holds_infinity, data.values()))
    if not isinstance(data, list):
        return isinstance(data, float) and math.isinf(data)
    kinds = set(map(type, data))
    held = float in kinds and (math.inf in data or -math.inf in data)
    return held or (not kinds.isdisjoint((list, dict)) and any(map(_holds_infinity, data)))


def _as_text(text: str | bytes) -> str:
    try:
        plain = text.decode("utf-8") if isinstance(text, bytes) else text
    except UnicodeDecodeError as error:
        raise FileError(f"this is not a Gradloom file: its byte {error.start + 1} is not UTF-8 text") from None
    plain = plain.removeprefix("\ufeff")
    start = plain[:1000].lstrip()
    if not start and not plain.strip():
        raise FileError("the file is empty")
    if start and start[0] != "{":
        raise FileError("this is not a Gradloom file: it does not begin with “{”")
    return plain


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise FileError(f"the key “{shortened(twice)}” appears twice in one object")
    return record


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise FileError(f'{text[:40]} is too large for a 64-bit float: infinity is written as the text "inf"')
    return number


def _refuse_constant(name: str) -> NoReturn:
    said = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}[name]
    raise FileError(f'{name} is not JSON: it is written as the text "{said}"')


def records_text(record: Mapping[str, Any]) -> str:
    """JSON with one key a line, and one line for each record inside: arrays nested, non-finite numbers as text.

    Raises GradloomError for more numbers than may be written out.
    """
    refuse_long_text(_numbers_in(record))
    return dump_rows(json_ready(record), nested=True)


def _numbers_in(data: Any) -> int:
    if isinstance(data, (list, tuple)):
        return sum(map(_numbers_in, data))
    return sum(map(_numbers_in, data.values())) if isinstance(data, Mapping) else getattr(data, "size", 1)
