"""A picture or film that cannot be written: one sentence, nothing half-written left, no program that goes on."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from engine.errors import ExportError, FileError, GradloomError
from engine.session import Session
from gui.pictures import film, mp4
from gui.pictures.film import refuse_too_large
from gui.pictures.mp4 import write_mp4
from gui.pictures.options import PictureOptions
from gui.pictures.picture_file import write_picture
from tests.building import xyz

FILMS = ("gif", "webp", "mp4")
KINDS = ("png", "svg", "pdf", *FILMS)
DEVICE = Path("/dev/full")  # on which every write fails as on a full disk


def written(out: Path, **options: object) -> None:
    session = Session(xyz())
    for _ in write_picture(session.now.graph, session.now.trace, out, PictureOptions(speed=16.0, **options)):
        pass


@pytest.fixture
def full_disk(monkeypatch):
    """Whatever is written beside the file does not fit; what was there stays."""
    if not DEVICE.exists():
        pytest.skip("there is no /dev/full here")
    real = film.film
    monkeypatch.setattr("gui.pictures.picture_file.film", lambda s, k, o, draft: real(s, k, o, DEVICE))
    real_write = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", lambda self, data: real_write(DEVICE, data))


@pytest.mark.parametrize("ending", KINDS)
def test_on_a_full_disk_nothing_is_replaced_and_one_sentence_says_so(qapp, tmp_path, full_disk, ending) -> None:
    out = tmp_path / f"f.{ending}"
    out.touch()
    with pytest.raises(GradloomError, match="the disk is full") as refused:
        written(out)
    assert "\n" not in str(refused.value)
    assert os.listdir(tmp_path) == [out.name] and out.stat().st_size == 0


@pytest.mark.parametrize("ending", KINDS)
def test_where_nothing_can_be_written_one_sentence_says_so(qapp, tmp_path, ending) -> None:
    for out in (tmp_path / "nowhere" / f"f.{ending}", Path("/proc") / f"f.{ending}"):
        with pytest.raises(FileError, match="cannot be written"):
            written(out)


@pytest.mark.parametrize("ending", FILMS)
def test_a_cancelled_film_leaves_nothing_and_nobody_behind(qapp, tmp_path, ending, monkeypatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    real = mp4._started
    monkeypatch.setattr(mp4, "_started", lambda *how: started.append(real(*how)) or started[-1])
    session = Session(xyz())
    writing = write_picture(session.now.graph, session.now.trace, tmp_path / f"f.{ending}", PictureOptions())
    while next(writing) < 0.3:
        pass
    writing.close()
    assert os.listdir(tmp_path) == []
    assert all(ffmpeg.poll() is not None for ffmpeg in started) and bool(started) == (ending == "mp4")


def test_the_exit_code_of_ffmpeg_is_looked_at(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(mp4, "SETTINGS", "-vcodec there_is_none -f mp4")
    image = QImage(16, 16, QImage.Format.Format_RGB32)
    image.fill(0)
    shots = [(image, 3)]
    with pytest.raises(ExportError, match=r"ffmpeg stopped \(.*[^.]\)\.$"):
        list(write_mp4(tmp_path / "f.mp4", shots, 20, (16, 16)))


def test_a_film_is_counted_before_it_is_drawn(qapp, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(film, "stays", lambda *_: pytest.fail("nothing may be drawn"))
    with pytest.raises(ExportError, match=r"frames of 20000 × 3000 pixels\. That is \d+ GB .* at most 16 GB"):
        written(tmp_path / "f.webp", size=(20_000, 3_000), fps=60)
    assert os.listdir(tmp_path) == []


def test_the_size_that_is_proposed_fits() -> None:
    with pytest.raises(ExportError, match=r"at most (\d+) × (\d+)") as refused:
        refuse_too_large(5_000, 3840, 2160)
    wide, high = (int(word) for word in str(refused.value).split("at most ")[2].split(",")[0].split(" × "))
    refuse_too_large(5_000, wide, high)
    assert wide / high == pytest.approx(3840 / 2160, rel=0.01)


@pytest.mark.parametrize("options", [{"size": (100_000, 100)}, {"scale": 100.0}])
def test_a_picture_too_large_is_refused(qapp, tmp_path, options) -> None:
    with pytest.raises(ExportError, match="too large"):
        written(tmp_path / "f.png", **options)
