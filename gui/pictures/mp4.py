"""Writes an MP4 video with ffmpeg, which comes with the optional package imageio-ffmpeg."""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from engine.errors import ExportError
from gui.pictures.changes import Shot

MISSING = "MP4 needs the package imageio-ffmpeg: install it with `pip install imageio-ffmpeg`, or choose .gif or .webp."
# H.264 in the colours that every player knows, nearly without loss, with its index in front so that it plays at once.
SETTINGS = ["-f", "mp4", "-crf", "18", "-preset", "medium", "-tune", "animation", "-movflags", "+faststart"]


def has_video() -> bool:
    """Whether videos can be written here."""
    return find_spec("imageio_ffmpeg") is not None


def write_mp4(path: Path, shots: Iterable[Shot], fps: int, size: tuple[int, int]) -> Iterator[int]:
    """Stream pictures (height, width, 3) to ffmpeg; yields the frames of each.

    Raises ExportError if it is missing, or if it fails.
    """
    try:
        from imageio_ffmpeg import write_frames
    except ImportError:
        raise ExportError(MISSING) from None
    frames = write_frames(
        str(path), size, fps=fps, quality=None, macro_block_size=2, ffmpeg_log_level="error", output_params=SETTINGS
    )
    try:
        frames.send(None)
        for pixels, count in shots:
            data = pixels.tobytes()
            for _ in range(count):
                frames.send(data)
            yield count
    except OSError as error:
        raise ExportError(f"The video could not be written: ffmpeg stopped ({_last_line(str(error))}).") from None
    finally:
        frames.close()


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1].strip(" .")
