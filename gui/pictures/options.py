"""What a picture should be: its kind by the ending of the file, its size and theme, which moment it shows."""

import math
from dataclasses import dataclass
from pathlib import Path

from engine.errors import ExportError
from engine.passes.trace import Trace
from engine.show.beside import USUAL, OnEdges
from engine.show.wording import Wording
from engine.values.literal import parse_number
from gui.look.theme import DARK, LIGHT, Theme

THEMES = {"light": LIGHT, "dark": DARK}
PLACES = ("start", "backward", "end")  # positions that have a name
FASTEST, MOST_FPS, LARGEST_SIDE = 64.0, 60, 30_000


@dataclass(frozen=True)
class Kind:
    """A kind of file. `fps` is 0 for a still, else how many frames a second a film has unless told otherwise."""

    ending: str
    title: str
    fps: int = 0
    vector: bool = False
    scale: float = 1.0  # unless told otherwise
    even: bool = False  # its width and height are even numbers

    @property
    def film(self) -> bool:
        return self.fps > 0


KINDS = {
    kind.ending: kind
    for kind in (
        Kind("png", "PNG picture", scale=2.0),
        Kind("svg", "SVG drawing", vector=True),
        Kind("pdf", "PDF document", vector=True),
        Kind("gif", "GIF animation", fps=20),
        Kind("webp", "WebP animation", fps=25),
        Kind("mp4", "MP4 video", fps=30, even=True),
    )
}


@dataclass(frozen=True)
class PictureOptions:
    """How a graph is to be pictured. None: what suits the kind of file."""

    theme: Theme = LIGHT
    wording: Wording = "gradient"
    captions: bool | None = None  # the sentence and the numbers of the step, under the graph
    scale: float | None = None  # pixels of the file for one of the screen
    size: tuple[int, int] | None = None  # the exact size in pixels, instead of a scale
    position: float | None = None  # of a still; of a film where it begins
    speed: float = 1.0
    fps: int | None = None
    transparent: bool = False  # no background, for stills
    on_edges: OnEdges = USUAL


def kind_of(path: Path) -> Kind:
    """The kind of file that a name asks for. Raises ExportError."""
    kind = KINDS.get(path.suffix.removeprefix(".").lower())
    if kind is None:
        known = ", ".join(f".{ending}" for ending in KINDS)
        what = f"ends in “{path.suffix}”" if path.suffix else "has no ending"
        raise ExportError(f"“{path}” {what}: a picture must end in one of {known}, a web page in .html.")
    return kind


def read_position(text: str, trace: Trace) -> float:
    """A position in words or as a number. Raises ExportError."""
    named = {"start": 0.0, "backward": float(trace.backward_start), "end": float(len(trace))}
    if text in named:
        return named[text]
    try:
        position = parse_number(text)
    except ValueError:
        position = math.nan
    if not 0 <= position <= len(trace):
        raise ExportError(
            f"“{text}” is not a position: give a number from 0 to {len(trace)}, or one of {', '.join(PLACES)}."
        )
    return position


def read_size(text: str) -> tuple[int, int]:
    """`1280x720` as numbers. Raises ExportError."""
    words = text.lower().replace("×", "x").split("x")
    if len(words) != 2 or not all(word.isascii() and word.isdigit() for word in words):
        raise ExportError(f"“{text}” is not a size: write it as 1280x720, width and height in pixels.")
    wide, high = map(int, words)
    if not (16 <= wide <= LARGEST_SIDE and 16 <= high <= LARGEST_SIDE):
        raise ExportError(f"A picture cannot be {wide} × {high} pixels: each side must be from 16 to {LARGEST_SIDE}.")
    return wide, high


def check_options(kind: Kind, options: PictureOptions) -> None:
    """Raises ExportError for what cannot be granted."""
    if options.scale is not None and not 0 < options.scale <= 100:
        raise ExportError(f"The scale {options.scale:g} is out of bounds: it must be above 0 and at most 100.")
    if options.scale is not None and options.size is not None:
        raise ExportError("Give a scale or a size, not both.")
    if kind.even and options.size is not None and (options.size[0] % 2 or options.size[1] % 2):
        odd = " × ".join(map(str, options.size))
        raise ExportError(f"The width and the height of an .{kind.ending} must be even numbers, and {odd} is not.")
    if not 0 < options.speed <= FASTEST:
        raise ExportError(f"The speed {options.speed:g} is out of bounds: it must be above 0 and at most {FASTEST:g}.")
    if options.fps is not None and not 1 <= options.fps <= MOST_FPS:
        raise ExportError(f"A film can have from 1 to {MOST_FPS} frames a second, not {options.fps}.")
    if kind.film and options.transparent:
        raise ExportError(f"A film needs a background: only stills can be transparent, not .{kind.ending}.")
