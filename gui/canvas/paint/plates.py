"""Cards seen from far away: plates of the size that their words take, as far as the room about them goes (`Room`).

A plate has three lines, two, one, a name and a value, or a name. Which of them is chosen once a zoom level, where there
is least room; on the same level it only shrinks against the cards. Lengths are pixels of the scene from the card's top
left corner, those of texts are pixels on screen.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from PySide6.QtCore import QRectF

from engine.layout.layout import NODE_WIDTH, node_height
from gui.canvas.model.levels import SMALLEST, least_zoom, level_of
from gui.canvas.model.room import Room
from gui.canvas.model.texts import NodePicture
from gui.canvas.paint.card_forms import CardForm, CardLine, status_text
from gui.look import measure

PITCHES = (12.0, 11.0, 10.5)  # of the lines of a plate, in pixels on screen
PAD, HIGH = 4.0, 11.0  # of a plate: beside its lines, and what one line takes in all
NAME_ROOMS = (96.0, 62.0, 40.0)  # the longest name on a plate, by how short everything is
GAP = 5.0  # between two words of one line of a plate
MARK = "…"  # of a name of which there is no room for anything
TINY = 0.11  # the zoom below which cards are too small for any plate but those that are asked for

Word = tuple[str, str]  # a text and its tone
Rows = list[list[Word]]


class PlateChoice(NamedTuple):
    """The words of a plate line by line, whether numbers are in bold, how far apart lines are; where it stands."""

    rows: Rows
    bold: bool
    pitch: float
    plate: QRectF  # at the zoom at which it was chosen
    bar: bool  # nothing says the gradient, but a bar in its colour


def is_blank(zoom: float) -> bool:
    """Whether cards are too small at a zoom for any plate but those that are asked for."""
    return least_zoom(level_of(zoom)) < TINY


def choose(picture: NodePicture, zoom: float, room: Room | None) -> PlateChoice | None:
    """The most that the room about a card allows at a zoom; None: nothing. No room: a plate over all others."""
    card = QRectF(0, 0, NODE_WIDTH, node_height(picture.ports))
    told = 2 if picture.unfinished else 1 + bool(picture.value) + bool(picture.gradient)  # words, if there is room
    for wide, layout, words, bold in (
        _rows(picture, NODE_WIDTH * zoom - 2 * PAD) if zoom >= TINY or room is None else ()
    ):
        if room is not None and ((wide + 2 * PAD) / zoom > room.widest or words[0][0] == MARK):
            continue  # most are: to see it at once is much quicker
        rows = layout(words)
        for pitch in PITCHES[: 3 if len(rows) > 1 else 1]:
            plate = _placed(card, *_size(rows, bold, pitch, zoom), room)
            if plate is not None:
                return PlateChoice(rows, bold, pitch, plate, len(words) == 1 or len(words) < told)
    return _name_alone(picture, card, zoom, room) if room is not None and zoom >= TINY else None


def _name_alone(picture: NodePicture, card: QRectF, zoom: float, room: Room) -> PlateChoice | None:
    """The last resort: a name, as much of it as there is room for between the other cards, over an edge if need be."""
    for within in (room, room.over_edges()):
        for wide in (room.widest, (room.widest + card.width()) / 2, card.width()):
            rows: Rows = [[(_short_name(picture, wide * zoom - 2 * PAD), "text")]]
            plate = _placed(card, *_size(rows, False, PITCHES[0], zoom), within)
            if plate is not None and rows[0][0][0] != MARK:
                return PlateChoice(rows, False, PITCHES[0], plate, True)
    return None


def _short_name(picture: NodePicture, room: float) -> str:
    """A name that fits, with a mark in place of its middle: names differ at their ends. Of no name only its beginning
    is left, for that would be another name; nor is a number cut: of w10 that would be w0. Groups stand below
    each other as often as not, and there their numbers are enough."""
    name = picture.name
    shown, number = measure.middle_elided(name, SMALLEST, True, room), _number_of(name)
    if _names_it(shown, name):
        return shown
    ends = (f"{name[0]}·{number}", *([f"·{number}"] if picture.stacked else []))
    return next((end for end in ends if measure.width(end, SMALLEST, True) <= room), MARK)


def _number_of(name: str) -> str:
    """By which it differs from others that begin like it: the digits at its end, or else the last letter."""
    return name[len(name.rstrip("0123456789")) :] or name[-1]


def _names_it(shown: str, name: str) -> bool:
    """Whether a name that may have been cut says which one it is of those that are called alike."""
    return bool(shown.strip(MARK)) and shown.endswith(_number_of(name))


def retold_choice(chosen: PlateChoice, numbers: Mapping[tuple[str, str], str]) -> PlateChoice:
    """A choice with other numbers, each as wide as the one in whose place it comes."""
    rows = [[(numbers.get((tone, text), text), tone) for text, tone in row] for row in chosen.rows]
    return chosen._replace(rows=rows)


def plate_form(picture: NodePicture, zoom: float, chosen: PlateChoice | None) -> CardForm:
    """A plate at a zoom from the one on for which it was chosen."""
    card = QRectF(0, 0, NODE_WIDTH, node_height(picture.ports))
    if chosen is None:
        return CardForm(card, (), True)
    wide, high = _size(chosen.rows, chosen.bold, chosen.pitch, zoom)
    across = _share(wide, chosen.plate.width(), card.width())
    down = _share(high, chosen.plate.height(), card.height())
    plate = QRectF(
        chosen.plate.left() * across, chosen.plate.top() * down, max(wide, card.width()), max(high, card.height())
    )
    return CardForm(plate, tuple(_lines(chosen, plate, zoom)), chosen.bar)


def _share(now: float, before: float, card: float) -> float:
    """How much a plate still reaches out of its card, of what it did."""
    return max(now - card, 0) / (before - card) if before > card else 0.0


def _size(rows: Rows, bold: bool, pitch: float, zoom: float) -> tuple[float, float]:
    """What a plate takes at a zoom."""
    wide = max([_row_width(_widths(row, bold)) for row in rows]) + 2 * PAD
    return wide / zoom, (HIGH + pitch * (len(rows) - 1) + 1) / zoom


def _placed(card: QRectF, wide: float, tall: float, room: Room | None) -> QRectF | None:
    """A plate of a size that holds its card, if there is room for it."""
    wide, tall = max(wide, card.width()), max(tall, card.height())
    if room is None:
        return QRectF((card.width() - wide) / 2, (card.height() - tall) / 2, wide, tall)
    corner = room.place(wide, tall)
    return None if corner is None else QRectF(*corner, wide, tall)


# Ways to put words into lines.


def _stacked(words: list[Word]) -> Rows:
    return [[word] for word in words]


def _gradient_below(words: list[Word]) -> Rows:
    return [words[:2], words[2:]]


def _name_above(words: list[Word]) -> Rows:
    return [words[:1], words[1:]]


def _in_one_line(words: list[Word]) -> Rows:
    return [words]


Candidate = tuple[float, Callable[[list[Word]], Rows], list[Word], bool]


def _rows(picture: NodePicture, least: float) -> Iterator[Candidate]:
    """Ways to tell what a plate tells, the best first: how wide each is on screen, how its words come into lines, the
    words, and whether they are in bold. A name goes into `least`. Lines are made of the few that there is room for.
    """
    choices = [_words(picture, cut, max(room, least)) for cut, room in enumerate(NAME_ROOMS)]
    thin = [_widths(words, False) for words in choices]
    for words, wide in zip(choices, thin, strict=True):
        yield max(_widths(words, True)), _stacked, words, True
        yield max(wide), _stacked, words, False
    last = _words(picture, 2, least)
    narrow = _widths(last, False)
    if len(last) == 3:
        for words, (name, value, gradient) in zip([*choices, last], [*thin, narrow], strict=True):
            yield max(name + value + GAP, gradient), _gradient_below, words, False
            yield max(name, value + gradient + GAP), _name_above, words, False
    for words, wide in zip(choices, thin, strict=True):
        yield _row_width(wide), _in_one_line, words, False
    if len(last) == 3:  # the gradient gives way first: a bar says its sign
        for layout, size in ((_stacked, max), (_in_one_line, _row_width)):
            for words, wide in zip(choices, thin, strict=True):
                yield size(wide[:2]), layout, words[:2], False
    for words, wide in zip(choices, thin, strict=True):
        yield wide[0], _in_one_line, words[:1], False


def _words(picture: NodePicture, cut: int, room: float) -> list[Word]:
    """Name, value and gradient, all of them shorter with every cut; of what is unfinished, what it waits for."""
    says_no_symbol = picture.op.is_leaf or picture.word or picture.name == picture.op.symbol or cut
    symbol = "" if says_no_symbol else picture.op.symbol + " "
    shown = measure.middle_elided(symbol + picture.name, SMALLEST, True, room)
    name = (shown if _names_it(shown, picture.name) else _short_name(picture, room), "text")
    if picture.unfinished:
        return [name, (status_text(picture.value, SMALLEST, room), "warn")]
    rows = ((picture.values, picture.value_tone), (picture.gradients, picture.gradient_tone))
    return [name, *((texts[min(cut, len(texts) - 1)], tone) for texts, tone in rows if texts[0])]


def _widths(row: list[Word], bold: bool) -> list[float]:
    """How wide each word is; a name is always in bold."""
    return [measure.width(text, SMALLEST, bold or tone == "text") for text, tone in row]


def _row_width(widths: list[float]) -> float:
    return sum(widths) + GAP * (len(widths) - 1)


def _lines(chosen: PlateChoice, plate: QRectF, zoom: float) -> Iterator[CardLine]:
    """Every line in the middle of its plate."""
    middle, pitch, bold = plate.center(), chosen.pitch, chosen.bold
    first = middle.y() + (0.36 * SMALLEST - pitch * (len(chosen.rows) - 1) / 2) / zoom
    for number, row in enumerate(chosen.rows):
        x = middle.x() - _row_width(_widths(row, bold)) / 2 / zoom
        for text, tone in row:
            heavy = bold or tone == "text"
            yield CardLine(text, x, first + number * pitch / zoom, 0, SMALLEST, heavy, 1 / zoom, tone)
            x += (measure.width(text, SMALLEST, heavy) + GAP) / zoom
