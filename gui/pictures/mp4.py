"""Writes an MP4 video with ffmpeg, which comes with the optional package imageio-ffmpeg."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import ExportError

MISSING = "MP4 needs the package imageio-ffmpeg: install it with `pip install imageio-ffmpeg`, or choose .gif or .webp."
# H.264 in the colours that every player knows, nearly without loss, with its index in front so that it plays at once.
SETTINGS = ["-f", "mp4", "-crf", "18", "-preset", "medium", "-tune", "animation", "-movflags", "+faststart"]


def has_video() -> bool:
    """Whether videos can be written here."""
    try:
        import imageio_ffmpeg  # noqa: F401
    except ImportError:
        return False
    return True


class Mp4Writer:
    """Streams pictures (height, width, 3) to ffmpeg. Raises ExportError if it is missing, or if it fails."""

    def __init__(self, path: Path, size: tuple[int, int], fps: int) -> None:
        try:
            from imageio_ffmpeg import write_frames
        except ImportError:
            raise ExportError(MISSING) from None
        self._frames = write_frames(
            str(path), size, fps=fps, quality=None, macro_block_size=2, ffmpeg_log_level="error", output_params=SETTINGS
        )
        self._send(None)

    def add(self, pixels: NDArray[np.uint8], count: int) -> None:
        """A picture, for `count` frames."""
        data = pixels.tobytes()
        for _ in range(count):
            self._send(data)

    def _send(self, data: bytes | None) -> None:
        try:
            self._frames.send(data)
        except OSError as error:
            raise ExportError(f"The video could not be written: ffmpeg stopped ({_last_line(str(error))}).") from None

    def close(self) -> None:
        self._frames.close()

    def drop(self) -> None:
        self._frames.close()


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1].strip(" .")
