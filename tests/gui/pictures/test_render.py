"""Pictures and films: what `gradloom render` writes, read back."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from itertools import pairwise
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from engine import edits, load, save
from engine.files.examples import examples
from engine.graph.graph import Graph
from engine.layout.layout import NODE_WIDTH, node_height
from engine.layout.shown import shown_of
from engine.session import Session
from engine.show.story import story_of
from gui.__main__ import main as gradloom
from gui.look.theme import DARK, LIGHT
from gui.pictures.film import HOLD, pixels_of, positions, seconds_of
from gui.pictures.gif import palette_of
from gui.pictures.options import KINDS, PictureOptions
from gui.pictures.picture_file import write_picture
from gui.pictures.sheet import Sheet
from gui.pictures.still import image_of
from tests.gui.graphs import product

PROJECT = Path(__file__).parents[3]
EXPRESSION = ["--expr", "f = (x + y) * z", "--set", "x=-2", "--set", "y=5", "--set", "z=-4"]

pytestmark = pytest.mark.usefixtures("qapp")


def rendered(folder: Path, name: str, *options: str, source: tuple[str, ...] = tuple(EXPRESSION)) -> Path:
    """Render by the command; it must succeed."""
    out = folder / name
    assert gradloom(["render", *source, str(out), *options]) == 0
    return out


def pixels(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def rgb(hex_name: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(hex_name[1:]))


def has(image: NDArray[np.uint8], hex_name: str) -> bool:
    """Whether a colour is in a picture, exactly."""
    return bool((image == rgb(hex_name)).all(axis=2).any())


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one line with which the command refuses."""
    assert gradloom(["render", *words]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and lines[0].startswith("gradloom: ")
    return lines[0]


# --- stills


def test_a_step_of_learning_is_seen_as_it_goes(tmp_path: Path) -> None:
    graph, trace = story_of(load(next(each.path for each in examples() if each.name == "neuron")))
    sheet = Sheet(graph, trace, KINDS["gif"], PictureOptions())
    update, again = trace.phases[2][1], trace.phases[3][1]
    assert sheet.caption(update + 1.0).sentence.startswith("weight turns against its gradient: new weight = weight")
    assert "the gradient had promised a drop" in sheet.caption(float(len(trace))).sentence
    stills = [pixels_of(image_of(sheet, at)) for at in (update, update + 1.0, float(again), float(len(trace)))]
    assert all(not np.array_equal(one, other) for one, other in pairwise(stills))
    rendered(tmp_path, "step.png", "--learn", "--at", "end", source=("neuron",))


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_every_example_fills_the_size_that_was_asked_for(example, tmp_path: Path) -> None:
    out = rendered(tmp_path, "e.png", "--size", "900x600", source=(str(example.path),))
    image = pixels(out)
    assert image.shape == (600, 900, 3)
    ink = (image != rgb(LIGHT.canvas)).any(axis=2)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    assert rows[0] > 0 and rows[-1] < 599 and columns[0] > 0 and columns[-1] < 899  # nothing touches the edge
    assert np.ptp(columns) > 600 or np.ptp(rows) > 400  # as large as there is room
    assert has(image, LIGHT.node)


def card(sheet: Sheet, id: str) -> tuple[slice, slice]:
    """The inside of a node's card on the page, without its ports."""
    graph, (x, y) = shown_of(sheet.graph).graph, sheet.origin
    node = graph.nodes[id]
    left, top = x + node.pos[0] * sheet.scale, y + node.pos[1] * sheet.scale
    right = left + NODE_WIDTH * sheet.scale
    bottom = top + node_height(graph.port_count(id)) * sheet.scale
    return np.s_[round(top) + 2 : round(bottom) - 2, round(left) + 8 : round(right) - 8]


def painted(graph: Graph, position: float, out: Path) -> NDArray[np.uint8]:
    list(write_picture(graph, Session(graph).now.trace, out, PictureOptions(scale=1.0, position=position)))
    return pixels(out)


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_every_node_shows_its_number(example, tmp_path: Path) -> None:
    """On each card something is written when the values are there, and nothing at its edge is cut off."""
    graph = load(example.path)
    trace = Session(graph).now.trace
    sheet = Sheet(graph, trace, KINDS["png"], PictureOptions(scale=1.0))
    before, after = painted(graph, 0.0, tmp_path / "n.png"), painted(graph, len(trace), tmp_path / "n.png")
    assert before.shape == after.shape == (sheet.pixels.height(), sheet.pixels.width(), 3)
    for id in shown_of(graph).graph.nodes:
        assert (before[card(sheet, id)] != after[card(sheet, id)]).any()


def test_another_number_is_another_picture_in_its_place_only(tmp_path: Path) -> None:
    graph = product()
    other = graph.apply(edits.set_value(graph, "z", -5.0))
    sheet = Sheet(graph, Session(graph).now.trace, KINDS["png"], PictureOptions(scale=1.0))
    one, two = (painted(each, 5.0, tmp_path / "n.png") for each in (graph, other))
    differs = (one != two).any(axis=2)
    assert differs[card(sheet, "z")].any() and differs[card(sheet, "f")].any()
    assert not any(differs[card(sheet, id)].any() for id in "xyq")


def test_scale_multiplies_and_positions_share_one_size(tmp_path: Path) -> None:
    one, three = rendered(tmp_path, "1.png", "--scale", "1"), rendered(tmp_path, "3.png", "--scale", "3")
    high, wide, _ = pixels(one).shape
    assert np.allclose(pixels(three).shape[:2], (3 * high, 3 * wide), atol=3)
    places = ("start", "backward", "8.4", "end")
    shown = [pixels(rendered(tmp_path, "p.png", "--scale", "1", "--at", at)) for at in places]
    assert {image.shape for image in shown} == {(high, wide, 3)}
    assert all((a != b).any() for a, b in pairwise(shown))
    assert (shown[-1] == pixels(one)).all()  # a still shows the end unless told otherwise
    assert not has(shown[1], LIGHT.neg) and has(shown[2], LIGHT.neg)  # gradients come with the backward pass


def test_themes_captions_wording_and_transparency(tmp_path: Path) -> None:
    light, dark = rendered(tmp_path, "l.png"), rendered(tmp_path, "d.png", "--theme", "dark")
    assert tuple(pixels(light)[0, 0]) == rgb(LIGHT.canvas) and tuple(pixels(dark)[0, 0]) == rgb(DARK.canvas)
    captions = rendered(tmp_path, "c.png", "--captions")
    assert pixels(captions).shape[0] > pixels(light).shape[0]
    assert tuple(pixels(captions)[-1, 0]) == rgb(LIGHT.panel)
    said = rendered(tmp_path, "r.png", "--wording", "responsibility")
    assert (pixels(said) != pixels(light)).any()
    with Image.open(rendered(tmp_path, "t.png", "--transparent")) as clear, Image.open(light) as solid:
        alpha = np.asarray(clear.getchannel("A"))
        assert alpha[0, 0] == 0 and (alpha == 255).any() and solid.mode == "RGB"


def test_a_picture_describes_itself(tmp_path: Path) -> None:
    with Image.open(rendered(tmp_path, "l.png")) as image:
        assert "5 nodes" in image.info["Description"] and image.info["Title"]


def test_svg_is_vector_without_fonts(tmp_path: Path) -> None:
    out = rendered(tmp_path, "g.svg", "--captions")
    root = ElementTree.parse(out).getroot()
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert {"svg", "title", "desc", "path"} <= tags and not tags & {"text", "image"}
    wide, high = float(root.attrib["width"]), float(root.attrib["height"])
    assert root.attrib["viewBox"].split() == ["0", "0", f"{wide:g}", f"{high:g}"]
    png = pixels(rendered(tmp_path, "g.png", "--captions", "--scale", "1"))
    assert png.shape[:2] == (high, wide)
    image = QImage(int(wide), int(high), QImage.Format.Format_RGB888)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(out.read_bytes())).render(painter)
    painter.end()
    buffer = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    drawn = buffer[:, : 3 * image.width()].reshape(png.shape).astype(int)
    assert np.abs(drawn - png).mean() < 2.0  # the same picture but for the smoothing of letters


def test_a_formula_is_filled_and_has_no_line_round_it(tmp_path: Path) -> None:
    """Qt began with a black one, a pixel wide: fat letters in light, none to be read in dark; PDF and SVG alike."""
    text = rendered(tmp_path, "g.svg", "--captions", "--theme", "dark").read_text("utf-8")
    ink = rf'<g fill="{DARK.text.lower()}"[^>]*? '
    letters = re.findall(ink + r'stroke="(.*?)"(?: stroke-opacity="(.*?)")?[^>]*>\s*<path', text)
    assert len(letters) > 5 and all(color == "none" or opacity == "0" for color, opacity in letters)


def test_pdf_is_one_page_with_its_fonts_in_it(tmp_path: Path) -> None:
    data = rendered(tmp_path, "g.pdf", "--scale", "2").read_bytes()
    assert data.startswith(b"%PDF-") and len(re.findall(rb"/Type\s*/Page\b", data)) == 1
    assert b"/FontFile" in data and b"/Subtype /Image" not in data
    high, wide, _ = pixels(rendered(tmp_path, "g.png", "--scale", "2")).shape
    box = re.search(rb"/MediaBox \[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", data)
    assert box and np.allclose([float(box[1]), float(box[2])], [wide * 0.75, high * 0.75], atol=1)


def test_an_unfinished_graph_shows_what_is_missing(tmp_path: Path) -> None:
    graph = product()
    graph = graph.apply(edits.disconnect(graph, ("f", 1)))
    save(graph, tmp_path / "u.gradloom")
    image = pixels(rendered(tmp_path, "u.png", "--captions", source=(str(tmp_path / "u.gradloom"),)))
    assert has(image, LIGHT.warn)


def test_a_misfit_of_shapes_still_has_a_picture(tmp_path: Path) -> None:
    source = ("--expr", "f = a @ b", "--set", "a=[[1,2],[3,4]]", "--set", "b=[1,2,3]")
    assert has(pixels(rendered(tmp_path, "m.png", source=source)), LIGHT.warn)


# --- films


def film_of(name: str, folder: Path, **options: object) -> tuple[Path, Session]:
    session = Session(product())
    out = folder / name
    wanted = PictureOptions(**{"speed": 8.0, "size": (320, 240), **options})
    parts = list(write_picture(session.now.graph, session.now.trace, out, wanted))
    assert parts == sorted(parts) and parts[0] == 0 and parts[-1] == 1
    return out, session


@pytest.mark.parametrize("ending", ["gif", "webp"])
@pytest.mark.parametrize("fps", [None, 7])
def test_a_film_plays_as_long_as_its_pass(ending: str, fps: int | None, tmp_path: Path) -> None:
    out, session = film_of(f"f.{ending}", tmp_path, fps=fps)
    rate = fps or KINDS[ending].fps
    moving = len(positions(session.now.trace, 0.0, 8.0, rate)) / rate
    assert moving == pytest.approx(seconds_of(session.now.trace, 0.0, 8.0), abs=2 / rate)
    with Image.open(out) as film:
        assert film.size == (320, 240) and film.info["loop"] == 0
        durations = []
        for index in range(film.n_frames):
            film.seek(index)
            film.load()
            durations.append(film.info["duration"])
    assert 5 < film.n_frames <= len(positions(session.now.trace, 0.0, 8.0, rate))
    assert sum(durations) / 1000 == pytest.approx(moving + HOLD, abs=0.5 / rate + 0.01)
    assert durations[-1] >= 1000 * HOLD - 10


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ending", ["gif", "webp"])
def test_a_films_frames_are_the_pictures(ending: str, theme, tmp_path: Path) -> None:
    """Piece by piece put together, first and last frame are what a still shows: exactly in a WebP, nearly in a GIF."""
    out, session = film_of(f"f.{ending}", tmp_path, theme=theme)
    for index, position in ((0, 0.0), (-1, float(len(session.now.trace)))):
        still = tmp_path / "still.png"
        options = PictureOptions(theme=theme, size=(320, 240), position=position, captions=True)
        list(write_picture(session.now.graph, session.now.trace, still, options))
        with Image.open(out) as film:
            for each in range(film.n_frames if index else 1):
                film.seek(each)
            frame = np.asarray(film.convert("RGB")).astype(int)
        gap = np.abs(frame - pixels(still)).max()
        assert gap == 0 if ending == "webp" else gap <= 40
        assert has(frame.astype(np.uint8), theme.canvas) and has(frame.astype(np.uint8), theme.node)


def test_a_film_begins_where_it_is_told(tmp_path: Path) -> None:
    whole, session = film_of("a.gif", tmp_path)
    late, _ = film_of("b.gif", tmp_path, position=float(session.now.trace.backward_start))
    with Image.open(whole) as a, Image.open(late) as b:
        assert b.n_frames < a.n_frames
        assert (np.asarray(a.convert("RGB")) != np.asarray(b.convert("RGB"))).any()


def test_the_palette_keeps_the_colours_of_areas() -> None:
    area = np.full((40, 40, 3), rgb(LIGHT.canvas), np.uint8)
    area[:20] = rgb(LIGHT.node)
    shades = np.arange(400 * 3, dtype=np.uint32).reshape(20, 20, 3).astype(np.uint8)
    colours = palette_of([area, shades])
    assert len(colours) <= 255
    assert {rgb(LIGHT.canvas), rgb(LIGHT.node)} <= {tuple(colour) for colour in colours.tolist()}


def test_mp4(tmp_path: Path) -> None:
    out, session = film_of("f.mp4", tmp_path)
    count, seconds = imageio_ffmpeg.count_frames_and_secs(str(out))
    frames = len(positions(session.now.trace, 0.0, 8.0, 30)) + round(HOLD * 30)
    assert count == frames and seconds == pytest.approx(frames / 30, abs=0.1)
    reader = imageio_ffmpeg.read_frames(str(out))
    assert next(reader)["size"] == (320, 240)
    reader.close()


def test_mp4_without_ffmpeg_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    assert "pip install imageio-ffmpeg" in refused(capsys, *EXPRESSION, str(tmp_path / "f.mp4"))
    assert not list(tmp_path.iterdir())


def test_a_cancelled_film_leaves_nothing(tmp_path: Path) -> None:
    session = Session(product())
    out = tmp_path / "f.gif"
    out.write_bytes(b"what was there")
    writing = write_picture(session.now.graph, session.now.trace, out, PictureOptions(size=(200, 150)))
    for _ in range(5):
        next(writing)
    assert len(list(tmp_path.iterdir())) == 2  # the draft is beside it
    writing.close()
    assert [path.name for path in tmp_path.iterdir()] == ["f.gif"]
    assert out.read_bytes() == b"what was there"


# --- refusals


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("f.jpg", (), "“.jpg”"),
        ("f", (), "no ending"),
        ("f.txt", (), "a web page in .html"),
        ("f.png", ("--at", "11"), "from 0 to 10"),
        ("f.png", ("--at", "nan"), "is not a position"),
        ("f.png", ("--at", "middle"), "start, backward, end"),
        ("f.png", ("--size", "640"), "1280x720"),
        ("f.png", ("--size", "0x100"), "from 16"),
        ("f.png", ("--size", "40000x100"), "from 16"),
        ("f.png", ("--size", "640x480", "--scale", "2"), "not both"),
        ("f.png", ("--scale", "0"), "out of bounds"),
        ("f.png", ("--scale", "nan"), "out of bounds"),
        ("f.png", ("--scale", "90"), "too large"),
        ("f.png", ("--theme", "pink"), "--theme"),
        ("f.gif", ("--speed", "0"), "out of bounds"),
        ("f.gif", ("--speed", "0.01"), "at most"),
        ("f.gif", ("--fps", "100"), "frames a second"),
        ("f.gif", ("--at", "end"), "nothing to play"),
        ("f.gif", ("--transparent",), "stills"),
        ("f.mp4", ("--size", "321x240"), "even"),
        ("no/folder/f.png", (), "there is no such file or folder"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    name: str, options: tuple[str, ...], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert says in refused(capsys, *EXPRESSION, str(tmp_path / name), *options)
    assert not list(tmp_path.iterdir())


def test_bad_sources(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no such file" in refused(capsys, str(tmp_path / "none.gradloom"), str(tmp_path / "f.png"))
    assert "file to write" in refused(capsys, "--expr", "x + 1")
    save(Graph(), tmp_path / "empty.gradloom")
    assert "no nodes" in refused(capsys, str(tmp_path / "empty.gradloom"), str(tmp_path / "f.png"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert "permission denied" in refused(capsys, *EXPRESSION, str(tmp_path / "f.png"))
    finally:
        tmp_path.chmod(stat.S_IRWXU)


# --- a machine without a screen


def test_without_a_screen(tmp_path: Path) -> None:
    screenless = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    out = tmp_path / "g.png"
    words = [sys.executable, "-m", "gui", "render", *EXPRESSION, str(out), "--size", "640x400"]
    done = subprocess.run(words, env=screenless, cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert pixels(out).shape == (400, 640, 3)
    assert (pixels(out) == pixels(rendered(tmp_path, "here.png", "--size", "640x400"))).all()
