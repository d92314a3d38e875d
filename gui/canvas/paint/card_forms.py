"""What a card says at a zoom: its lines, where each stands, how large it is. One answer for the painter and for tests.

From 100 % on a card is as it is drawn. Below, what is written on it keeps a size that can be read: it grows against its
card, and gives way in this order: captions, the small picture, the symbol, digits. From where even three lines are
more than a card has room for it is a plate: see `plates`. Lengths are pixels of the scene from the card's top left
corner.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QRectF

from engine.layout.layout import NODE_HEIGHT, NODE_WIDTH, node_height
from engine.ops.op import Op
from engine.values.heat import Heat
from gui.canvas.model.levels import type_at
from gui.canvas.model.texts import NodePicture, status_forms
from gui.look import measure
from gui.look.heat_image import map_size
from gui.look.theme import BODY, CAPTION, NAME

ROWS = (25.7, 52.5, 79.3)  # baselines of three lines where a card is as small as they allow
LOW = 36 / NODE_HEIGHT  # the zoom at which it is: below, cards are plates
LEFT, RIGHT = 15.0, NODE_WIDTH - 13.0
BESIDE = 4.0  # between a caption and its number: with it “gradient” stands beside −0.1966
NAME_LINE, VALUE_LINE, GRADIENT_LINE = 26.0, 50.0, 70.0  # baselines at 100 %
SKETCH = QRectF(NODE_WIDTH - 45, 9, 32, 22)  # the small picture of a gate or a curve
HEAT_LEFT, HEAT_MIDDLE, HEAT_ROOM = 15.0, 73.0, 54.0  # where the maps of value and gradient begin; how wide they are
HEAT_TOP, HEAT_FOOT, BARE_FOOT = 34.0, 17.0, 7.0  # above the maps, and below: where it stands what they are, or not
LARGEST_CELL = 12.0
NEAR_MAPS, FAR_MAPS = 0.69, 0.5  # zooms from which on all tensors are seen as heat maps, and large enough ones:
LEAST_SIDE = 8.0  # pixels on screen; a thin line says less than the first numbers do
CAPTIONS, SKETCHES = (0.66, 0.7), (0.6, 0.64)  # zooms between which these fade in
_DIGITS = str.maketrans("123456789", "000000000")  # all are equally wide
FAINTEST = 0.5  # less of a text is not written
SPREAD = (LOW, 0.5)  # between these what is in the middle of a card moves to its sides


class CardLine(NamedTuple):
    """A text of a card. It is set in `size`, enlarged by `scale`."""

    text: str
    x: float
    baseline: float
    align: float  # 0 begins at x, 0.5 is centred on it, 1 ends there
    size: int
    bold: bool
    scale: float
    tone: str  # a colour of the theme
    opacity: float = 1.0

    def box(self) -> QRectF:
        """What the letters cover, from the highest to the lowest."""
        wide = measure.width(self.text, self.size, self.bold) * self.scale
        high = self.size * self.scale
        return QRectF(self.x - self.align * wide, self.baseline - 0.78 * high, wide, high)


@dataclass(frozen=True, slots=True)
class CardForm:
    """A card at a zoom: its outline and its lines. `bar`: nothing says the gradient, but a bar in its colour."""

    plate: QRectF
    lines: tuple[CardLine, ...]
    bar: bool = False


class CardPen:
    """Sets texts at a zoom, none of them too small."""

    def __init__(self, zoom: float) -> None:
        self.zoom = zoom

    def type(self, size: int) -> tuple[int, float]:
        """The size that a text of `size` is set in, and how much that is enlarged."""
        return type_at(size, self.zoom)

    def width(self, text: str, size: int, bold: bool) -> float:
        size, scale = self.type(size)
        return measure.width(text, size, bold) * scale

    def cut(self, text: str, size: int, bold: bool, room: float) -> str:
        """The text, without its middle where it is too wide."""
        size, scale = self.type(size)
        return measure.middle_elided(text, size, bold, room / scale)

    def status(self, text: str, room: float) -> str:
        """Why a node is not computed, in as many words as there is room for."""
        size, scale = self.type(BODY)
        return status_text(text, size, room / scale)

    def line(
        self, text: str, x: float, baseline: float, size: int, bold: bool, tone: str, align: float = 0
    ) -> CardLine:
        size, scale = self.type(size)
        return CardLine(text, x, baseline, align, size, bold, scale, tone)

    def number(self, texts: Sequence[str], room: float) -> tuple[str, bool]:
        """The first of some forms of a number, the longest first, that there is room for; and whether in bold."""
        for text in texts:
            for bold in (True, False):
                if self.width(text, BODY, bold) <= room:
                    return text, bold
        size, scale = self.type(BODY)
        return measure.clipped(texts[-1], size, False, room / scale), False


def status_text(text: str, size: int, room: float) -> str:
    """Why a node is not computed: the first of its forms that fits, or the beginning of the shortest."""
    forms = status_forms(text)
    return next((form for form in forms if measure.width(form, size, True) <= room), "") or measure.elided(
        forms[-1], size, True, room
    )


def pattern(picture: NodePicture) -> tuple[object, ...] | None:
    """What decides how a card looks: all but which digits its numbers are of. None: that decides too."""
    texts = (*picture.values, *picture.gradients)
    if picture.unfinished or picture.value_tone == picture.gradient_tone or any("[" in text for text in texts):
        return None
    told = (picture.name, picture.word, picture.value_caption, picture.gradient_caption, len(picture.values))
    tones = (picture.value_tone, picture.gradient_tone)
    return (picture.op, picture.ports, told, tones, tuple([text.translate(_DIGITS) for text in texts]))


def new_numbers(was: NodePicture, now: NodePicture) -> dict[tuple[str, str], str]:
    """(tone, text) → the text that takes its place, in another picture of the same pattern."""
    numbers = {(was.value_tone, old): new for old, new in zip(was.values, now.values, strict=True)}
    return numbers | {(was.gradient_tone, old): new for old, new in zip(was.gradients, now.gradients, strict=True)}


def retold(form: CardForm, numbers: Mapping[tuple[str, str], str]) -> CardForm:
    """A form with other numbers, each as wide as the one in whose place it comes."""
    lines = [CardLine(numbers.get((line.tone, line.text), line.text), *line[1:]) for line in form.lines]
    return CardForm(form.plate, tuple(lines), form.bar)


def kind_tone(op: Op) -> str:
    """The colour of an op's kind."""
    return op.family if op.known else "faint"


def fade(zoom: float, span: tuple[float, float]) -> float:
    """How much is seen of what appears between two zooms."""
    return min(max((zoom - span[0]) / (span[1] - span[0]), 0.0), 1.0)


def has_sketch(picture: NodePicture) -> bool:
    """A gate, always; the curve of an activation, but it gives way to a long name."""
    op, room = picture.op, SKETCH.left() - 6 - LEFT
    has_curve = op.group == "activation" and len(op.ports) == 1 and bool(op.local)
    return op.gate or (has_curve and measure.width(picture.name, NAME, True) <= room)


# --- from 43 % on: words and numbers on the card itself


def largest_cell(picture: NodePicture, heat: Heat, zoom: float) -> float:
    """How large the cells of a heat map may be on a card."""
    wide, tall = map_size(heat, 1.0)
    high = node_height(picture.ports) - HEAT_TOP - (HEAT_FOOT if _captioned(zoom) else BARE_FOOT)
    return min(HEAT_ROOM / wide, high / tall, LARGEST_CELL)


def has_maps(picture: NodePicture, zoom: float) -> bool:
    """Whether a card shows heat maps in place of numbers."""
    heat = picture.value_heat
    if heat is None or zoom < FAR_MAPS or zoom >= NEAR_MAPS:
        return heat is not None and zoom >= NEAR_MAPS
    return zoom * min(map_size(heat, largest_cell(picture, heat, zoom))) >= LEAST_SIDE


def near_form(picture: NodePicture, zoom: float) -> CardForm:
    """Name, value and gradient in three rows, with captions where there is room."""
    high, pen = node_height(picture.ports), CardPen(zoom)
    near = fade(zoom, (LOW, 1.0))
    left, right = _mix(10, LEFT, near), _mix(NODE_WIDTH - 7, RIGHT, near)
    down = _mix((high - NODE_HEIGHT) / 2, 0, near)
    name, value, gradient = (
        down + _mix(small, large, near)
        for small, large in zip(ROWS, (NAME_LINE, VALUE_LINE, GRADIENT_LINE), strict=True)
    )
    lines = _gathered([*_title(picture, pen, left, right, name, near)], zoom)
    if has_maps(picture, zoom):
        lines += _below_maps(picture, pen, high - 6)
        return CardForm(QRectF(0, 0, NODE_WIDTH, high), tuple(lines))
    if picture.unfinished:
        text = pen.status(picture.value, right - left)
        lines.append(pen.line(text, left, value + near, BODY, True, "warn"))
    else:
        captions = _value_captions(picture, pen, left, right)
        lines += _row(pen, left, right, value, captions, picture.values, picture.value_tone)
    lines += _row(pen, left, right, gradient, (picture.gradient_caption,), picture.gradients, picture.gradient_tone)
    return CardForm(QRectF(0, 0, NODE_WIDTH, high), tuple(lines))


def _below_maps(picture: NodePicture, pen: CardPen, baseline: float) -> Iterator[CardLine]:
    """What stands under the heat maps of a tensor: its shape, and what is still to come of its gradient."""
    opacity = _captioned(pen.zoom)
    caption, waiting = picture.gradient_caption, not picture.gradient.endswith("]")
    to_come = picture.gradient if picture.gradient_heat is None else "+ …"
    texts = (f"{caption} {to_come}", to_come) if waiting else (caption, "")
    end = NODE_WIDTH - 6 - (pen.width(to_come, CAPTION, False) + BESIDE if waiting else 0)
    shape = pen.cut(picture.value_caption, CAPTION, False, max(HEAT_ROOM, end - HEAT_LEFT))
    middle = max(HEAT_MIDDLE, HEAT_LEFT + pen.width(shape, CAPTION, False) + BESIDE)  # a long shape pushes it on
    shown = next((text for text in texts if pen.width(text, CAPTION, False) <= NODE_WIDTH - 6 - middle), "")
    tone = "faint" if waiting else picture.gradient_tone
    if opacity:
        yield pen.line(shape, HEAT_LEFT, baseline, CAPTION, False, "faint")._replace(opacity=opacity)
        yield pen.line(shown, middle, baseline, CAPTION, False, tone)._replace(opacity=opacity)
    elif picture.gradient_heat is None:
        yield pen.line(to_come, HEAT_MIDDLE, (HEAT_TOP + baseline) / 2, CAPTION, False, tone)


def _mix(far: float, near: float, share: float) -> float:
    return far + (near - far) * share


def _gathered(lines: list[CardLine], zoom: float) -> list[CardLine]:
    """A title that moves to the middle of its card when one goes away from it."""
    left, right = min(line.box().left() for line in lines), max(line.box().right() for line in lines)
    away = ((NODE_WIDTH - left - right) / 2) * (1 - fade(zoom, SPREAD))
    return [line._replace(x=line.x + away) for line in lines]


def _captioned(zoom: float) -> float:
    """How much is seen of captions; not so little that they cannot be read."""
    seen = fade(zoom, CAPTIONS)
    return seen if seen > FAINTEST else 0.0


def _row(
    pen: CardPen, left: float, right: float, baseline: float, captions: Sequence[str], texts: Sequence[str], tone: str
) -> Iterator[CardLine]:
    """The first caption that there is room for, whole, and its number; or the number alone."""
    shown, bold = pen.number(texts, right - left)
    room = right - left - pen.width(shown, BODY, bold) - BESIDE
    opacity = _captioned(pen.zoom)
    caption = next((text for text in captions if pen.width(text, CAPTION, False) <= room), "")
    if caption and opacity:
        yield pen.line(caption, left, baseline, CAPTION, False, "faint")._replace(opacity=opacity)
    if shown:
        wide = pen.width(shown, BODY, bold)
        yield pen.line(
            shown, _mix((left + right + wide) / 2, right, fade(pen.zoom, SPREAD)), baseline, BODY, bold, tone, 1
        )


def _title(
    picture: NodePicture, pen: CardPen, left: float, right: float, baseline: float, near: float
) -> Iterator[CardLine]:
    """The name, and what it is: of a leaf in a word, of an op by its symbol; the name comes first."""
    op, tone = picture.op, kind_tone(picture.op)
    if has_sketch(picture) and fade(pen.zoom, SKETCHES):
        right = SKETCH.left() - 6
    if op.is_leaf or picture.word:
        word, opacity = kind_word(picture), _captioned(pen.zoom)
        if opacity and _has_room_for_kind(picture, pen, left, right):
            yield pen.line(word, right, baseline, CAPTION, True, tone, 1)._replace(opacity=opacity)
            right -= pen.width(word, CAPTION, True) + 6
    elif not _says_its_symbol(picture, pen, left, right, near):
        size = symbol_size(op)
        wide = pen.width(op.symbol, size, True)
        middle = _mix(left + wide / 2, 26, near) if len(op.symbol) == 1 else left + wide / 2
        yield pen.line(op.symbol, middle, baseline + (near if len(op.symbol) == 1 else 0), size, True, tone, 0.5)
        left = _name_left(picture, pen, left, near)
    name = pen.cut(picture.name, NAME, True, right - left)
    yield pen.line(name, left, baseline, NAME, True, "text")


def _says_its_symbol(picture: NodePicture, pen: CardPen, left: float, right: float, near: float) -> bool:
    """Whether the name alone is enough: it is the symbol, or it is whole only without it."""
    if picture.name.casefold() == picture.op.symbol.casefold():
        return True
    wide = pen.width(picture.name, NAME, True)
    has_room = wide <= right - _name_left(picture, pen, left, near)
    return not has_room and (has_sketch(picture) or pen.zoom < 1 or wide <= right - left)


def symbol_size(op: Op) -> int:
    return 17 if len(op.symbol) <= 2 else 13


def _name_left(picture: NodePicture, pen: CardPen, left: float, near: float) -> float:
    """Where the name begins, beside the symbol."""
    op = picture.op
    return max(_mix(0, 44, near), left + pen.width(op.symbol, symbol_size(op), True) + _mix(10, 8, near))


def kind_word(picture: NodePicture) -> str:
    """What a leaf is, in a word: whole, or not said."""
    return picture.word or picture.op.title.lower()


def _has_room_for_kind(picture: NodePicture, pen: CardPen, left: float, right: float) -> bool:
    """Whether what a leaf is fits beside its name: the name comes first."""
    wide = pen.width(picture.name, NAME, True) + 6 + pen.width(kind_word(picture), CAPTION, True)
    return wide <= right - left


def _value_captions(picture: NodePicture, pen: CardPen, left: float, right: float) -> Sequence[str]:
    """What may stand before a value: what a leaf is, if that has no room beside its name."""
    if picture.op.is_leaf and picture.value_caption == "value" and not _has_room_for_kind(picture, pen, left, right):
        return (kind_word(picture), picture.value_caption)
    return (picture.value_caption,)
