"""Writes an MP4 video with ffmpeg, which comes with the optional package imageio-ffmpeg."""

import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from engine.errors import ExportError
from gui.pictures.reel import Stay
from gui.pictures.yuv import YuvFrames

MISSING = "MP4 needs the package imageio-ffmpeg: install it with `pip install imageio-ffmpeg`, or choose .gif or .webp."
# H.264 in the colours that every player knows, nearly without loss, with its index in front so that it plays at once.
SETTINGS = "-an -vcodec libx264 -pix_fmt yuv420p -f mp4 -crf 18 -preset veryfast -tune animation -movflags +faststart"
# Most of a frame is as it was: to search for more than that takes twice the time, and saves nothing.
SETTINGS += " -x264-params rc-lookahead=10:bframes=0:subme=1:trellis=0:ref=1"
LOOK = 0.01  # seconds between two looks whether ffmpeg has done
FULL = "No space left on device"


def has_video() -> bool:
    """Whether videos can be written here."""
    return find_spec("imageio_ffmpeg") is not None


def write_mp4(path: Path, shots: Iterable[Stay], fps: int, size: tuple[int, int]) -> Iterator[int]:
    """Stream pictures to ffmpeg; yields each frame, and zeros while it comes to its end.

    Raises ExportError if it is missing, or if it fails. Closing the iterator ends it.
    """
    with tempfile.TemporaryFile() as said:
        ffmpeg = _started(path, fps, size, said)
        try:
            yield from _fed(ffmpeg, shots, YuvFrames(*size))
            while ffmpeg.poll() is None:
                with suppress(subprocess.TimeoutExpired):
                    ffmpeg.wait(LOOK)
                yield 0
        finally:
            _end(ffmpeg)
        if ffmpeg.returncode:
            raise ExportError(f"The video could not be written: {_reason(said, ffmpeg.returncode)}.")


def _started(path: Path, fps: int, size: tuple[int, int], said: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        program = get_ffmpeg_exe()
    except (ImportError, RuntimeError):
        raise ExportError(MISSING) from None
    given = f"-f rawvideo -pix_fmt yuv420p -s {size[0]}x{size[1]} -r {fps} -i -"
    words = [program, "-y", "-v", "error", *given.split(), *SETTINGS.split(), path.absolute()]
    try:  # in a session of its own: Ctrl+C is for us, and we end it
        return subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True
        )
    except OSError as error:
        raise ExportError(f"The video could not be written: ffmpeg does not start ({error.strerror}).") from None


def _fed(ffmpeg: subprocess.Popen[bytes], shots: Iterable[Stay], frames: YuvFrames) -> Iterator[int]:
    """Give it all pictures; if it ends before the last, its exit code and what it said tell why."""
    assert ffmpeg.stdin is not None
    with suppress(BrokenPipeError):
        for image, count in shots:
            frames.show(image)
            for _ in range(count):
                ffmpeg.stdin.write(frames.data.data)
                yield 1
        ffmpeg.stdin.close()


def _end(ffmpeg: subprocess.Popen[bytes]) -> None:
    """Whatever has happened, it does not go on."""
    if ffmpeg.stdin is not None:
        with suppress(BrokenPipeError):
            ffmpeg.stdin.close()
    if ffmpeg.poll() is None:
        ffmpeg.kill()
        ffmpeg.wait()


def _reason(said: IO[bytes], code: int) -> str:
    said.seek(0)
    lines = said.read(100_000).decode("utf-8", "replace").strip().splitlines()
    if any(FULL in line for line in lines):
        return "the disk is full"
    return f"ffmpeg stopped ({lines[-1].strip(' .')})" if lines else f"ffmpeg stopped with exit code {code}"
