"""The passes as a film: the frames of the screen in even time, streamed one by one into a writer."""

from collections.abc import Generator, Iterator
from contextlib import closing
from math import sqrt
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage

from engine.errors import ExportError
from engine.passes.trace import Trace, step_seconds
from engine.show.player import Player
from gui.pictures.options import Kind, PictureOptions
from gui.pictures.reel import Reel, Stay, pixels_of, stays
from gui.pictures.sheet import Sheet

HOLD = 1.5  # seconds that the last frame stays
LONGEST = 180.0  # seconds
BYTES, GB = 3, 2**30  # a pixel; a gigabyte
MOST_BYTES = 16 * GB  # of all frames together: some minutes of work
SAMPLES = 12  # pages that a writer may look at before the first


def film(sheet: Sheet, kind: Kind, options: PictureOptions, draft: Path) -> Iterator[float]:
    """Write a film into the file `draft`; yields how much is done, from 0 to 1.

    Raises ExportError if there is nothing to play, if it would be too long, or if what writes it is not installed.
    """
    fps = options.fps or kind.fps
    at = positions(sheet.trace, options.position or 0.0, options.speed, fps)
    refuse_too_large(len(at) + round(HOLD * fps), sheet.pixels.width(), sheet.pixels.height())
    done = 0
    reel, size = Reel(sheet), (sheet.pixels.width(), sheet.pixels.height())
    some = (reel.frame(at[i]) for i in np.linspace(0, len(at) - 1, SAMPLES).astype(int))
    pictures = stays(sheet, at, round(HOLD * fps))
    with closing(written(kind, draft, pictures, some, fps, size)) as writing:
        for count in writing:
            done += count
            yield min(done / len(at), 1.0)


def refuse_too_large(frames: int, wide: int, high: int) -> None:
    """Raises ExportError for a film of more pixels than the budget, saying what would fit."""
    size = frames * wide * high * BYTES
    if size <= MOST_BYTES:
        return
    less = sqrt(MOST_BYTES / size)
    raise ExportError(
        f"The film would have {frames:,} frames of {wide} × {high} pixels. That is {size / GB:,.0f} GB of pictures, "
        f"and at most {MOST_BYTES / GB:.0f} GB are possible: choose a size of at most "
        f"{max(16, int(wide * less))} × {max(16, int(high * less))}, or fewer frames by a higher speed."
    )


def seconds_of(trace: Trace, start: float, speed: float) -> float:
    """How long a film plays, without the hold at its end."""
    whole = int(start)
    rest = sum(map(step_seconds, trace.steps[whole:]))
    if whole < len(trace):
        rest -= (start - whole) * step_seconds(trace.steps[whole])
    return rest / trace.pace / speed


def positions(trace: Trace, start: float, speed: float, fps: int) -> list[float]:
    """Where in the trace each frame is: as the player moves. Raises ExportError."""
    seconds = seconds_of(trace, start, speed)
    if seconds <= 0:
        raise ExportError("There is nothing to play: a film needs steps between its beginning and the end of the pass.")
    if seconds > LONGEST:
        least = speed * seconds / LONGEST
        raise ExportError(
            f"The film would last {seconds / 60:.0f} minutes, but at most {LONGEST / 60:.0f} are possible: "
            f"choose a speed of {least:.2g} or more."
        )
    player = Player(trace)
    player.speed = speed
    player.seek(start)
    player.play()
    result = [start]
    while player.playing:
        player.tick(1 / fps)
        result.append(player.position)
    return result


def written(
    kind: Kind, draft: Path, pictures: Iterator[Stay], some: Iterator[QImage], fps: int, size: tuple[int, int]
) -> Generator[int, None, None]:
    """Write pictures into a file of some kind; yields how many frames each stays. `some` of them tell the colours."""
    shots = ((pixels_of(image), count) for image, count in pictures)
    if kind.ending == "mp4":
        from gui.pictures.mp4 import write_mp4

        yield from write_mp4(draft, pictures, fps, size)
    elif kind.ending == "webp":
        from gui.pictures.webp import write_webp

        yield from write_webp(draft, shots, fps, size)
    else:
        from gui.pictures.gif import write_gif

        samples = []
        for image in some:
            samples.append(pixels_of(image))
            yield 0
        yield from write_gif(draft, shots, fps, samples)
