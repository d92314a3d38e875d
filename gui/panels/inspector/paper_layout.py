"""Where the tensors of a step stand on the paper, and how large their cells are. No painting.

A product has one operand on the left, one on top and the result where they meet; everything else stands in rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from engine.show.sheets import Paper, PaperSheet
from engine.truth.cells import Cell, cell_at
from engine.values.heat import flat_grid, pooled, scale_of, slice_height
from engine.values.values import Shape
from gui.look import measure
from gui.look.theme import CAPTION

TITLE, GAP, SLICE_GAP = 17.0, 10.0, 4.0  # pixels: the line of a title; between sheets; between slices of a batch
WIDEST, HIGHEST, LEAST = 46.0, 26.0, 5.0  # of a cell
LEAST_NAMED = 15.0  # of a cell in a row or column that is called something
NAME_LINE, NAME_GAP, MOST_NAME = 15.0, 6.0, 64.0  # pixels: of names in a line; beside names; and for them at most
OF_COPY = 8.0  # how high the cells of copies are: they all say the same
MOST_ROWS, MOST_COLUMNS = 20, 32


class Blocks(NamedTuple):
    """How many rows and columns of a tensor are shown as one."""

    down: int = 1
    across: int = 1


@dataclass(frozen=True, eq=False)
class PlacedSheet:
    """A sheet on the paper: its numbers as they are shown, where, and which cell is which."""

    sheet: PaperSheet
    grid: NDArray[np.float64]
    corner: QPointF
    wide: float
    high: float
    blocks: Blocks
    slices: int  # rows of a slice of a batch; 0: there is one
    scale: float
    title_below: bool = False
    above: float = 0.0  # the room for the names of its columns, and to its right for those of its rows
    beside: float = 0.0

    @property
    def size(self) -> tuple[float, float]:
        rows, columns = self.grid.shape
        return columns * self.wide, self.top_of(rows - 1) + self.high

    @property
    def rect(self) -> QRectF:
        """All its cells."""
        return QRectF(self.corner.x(), self.corner.y(), *self.size)

    def top_of(self, row: int) -> float:
        return row * self.high + (row // self.slices * SLICE_GAP if self.slices else 0.0)

    def box(self, row: int, column: int) -> QRectF:
        """A square on the paper."""
        corner = self.corner + QPointF(column * self.wide, self.top_of(row))
        return QRectF(corner.x(), corner.y(), self.wide, self.high)

    def square_of(self, cell: Cell) -> tuple[int, int]:
        """Where a cell of the tensor is shown."""
        shape = self.sheet.value.shape
        columns = shape[-1] if shape else 1
        index = int(np.ravel_multi_index(cell, shape)) if shape else 0
        row, column = divmod(index, columns)
        row, column = (column, row) if self.sheet.turned else (row, column)
        return row // self.blocks.down, column // self.blocks.across

    def cell_of(self, row: int, column: int) -> Cell:
        """The cell that a square shows: of several the one of the largest magnitude."""
        whole = _stood(self.sheet)
        down, across = self.blocks
        part = whole[row * down : (row + 1) * down, column * across : (column + 1) * across]
        sizes = np.where(np.isnan(part), np.inf, np.abs(part))
        r, c = np.unravel_index(int(np.argmax(sizes)), part.shape)
        row, column = row * down + int(r), column * across + int(c)
        row, column = (column, row) if self.sheet.turned else (row, column)
        shape = self.sheet.value.shape
        return cell_at(row * (shape[-1] if shape else 1) + column, shape)

    def square_at(self, at: QPointF) -> tuple[int, int] | None:
        """The square at a place."""
        if not self.rect.contains(at):
            return None
        column = min(int((at.x() - self.corner.x()) / self.wide), self.grid.shape[1] - 1)
        tops = (row for row in range(self.grid.shape[0]) if self.box(row, 0).bottom() > at.y())
        return next(tops, self.grid.shape[0] - 1), column


def _stood(sheet: PaperSheet) -> NDArray[np.float64]:
    grid = flat_grid(sheet.value)
    return grid.T if sheet.turned else grid


def laid_out(paper: Paper, wide: float) -> tuple[list[PlacedSheet], float]:
    """Every sheet in its place, and how high the paper is."""
    by_place = {sheet.place: sheet for sheet in paper.sheets}
    below = [sheet for sheet in paper.sheets if sheet.place == "below"]
    scales = _scales(paper.sheets)
    if "left" not in by_place:
        return _in_rows([*below, paper.result], wide, 0.0, scales)
    placed = _product(by_place["left"], by_place["top"], paper.result, wide, scales)
    result = placed[-1]
    bottom = result.rect.bottom() + TITLE
    if not below:
        return placed, bottom
    rest, bottom = _in_rows(below, wide, bottom + GAP, scales)
    return [*placed, *rest], bottom


def _scales(sheets: Sequence[PaperSheet]) -> dict[PaperSheet, float]:
    """What is the strongest colour: sheets that belong together share it."""
    pair = scale_of(*(sheet.value for sheet in sheets if sheet.paired))
    return {sheet: pair if sheet.paired else scale_of(sheet.value) for sheet in sheets}


def _product(
    left: PaperSheet, top: PaperSheet, result: PaperSheet, wide: float, scales: dict[PaperSheet, float]
) -> list[PlacedSheet]:
    (rows, inner), columns = _stood(left).shape, _stood(top).shape[1]
    down, along, across = ceil(rows / MOST_ROWS), ceil(inner / MOST_ROWS), ceil(columns / MOST_ROWS)
    shown = ceil(inner / along) + ceil(columns / across)
    beside = _names_wide([top, result]) if max(down, along, across) == 1 else 0.0
    if (wide - GAP - beside) / shown < LEAST_NAMED:
        beside = 0.0
    cell_wide = max(min((wide - GAP - beside) / shown, WIDEST), LEAST)
    cell_high = min(cell_wide, HIGHEST)
    above = _names_high(top.columns, cell_wide) if beside else 0.0
    right, middle = ceil(inner / along) * cell_wide + GAP, TITLE + above + ceil(inner / along) * cell_high + GAP
    size = (cell_wide, cell_high)
    high = _put(top, QPointF(right, TITLE + above), size, Blocks(along, across), scales)
    low = _put(result, QPointF(right, middle), size, Blocks(down, across), scales, title_below=True)
    return [
        _put(left, QPointF(0, middle), size, Blocks(down, along), scales),
        replace(high, above=above, beside=beside),
        replace(low, beside=beside if result.rows else 0.0),
    ]


def _names_wide(sheets: Sequence[PaperSheet]) -> float:
    """The room beside matrices for what their rows are called."""
    said = [name for sheet in sheets for name in sheet.rows]
    return min(max(measure.width(name, CAPTION) for name in said) + NAME_GAP, MOST_NAME) if said else 0.0


def _names_high(names: Sequence[str], wide: float) -> float:
    """The room above a matrix for what its columns are called: a line, or upright where they are wider than cells."""
    widest = max(measure.width(name, CAPTION) for name in names)
    return NAME_LINE if widest <= wide - 2 else min(widest + NAME_GAP, MOST_NAME)


def _put(
    sheet: PaperSheet,
    corner: QPointF,
    size: tuple[float, float],
    blocks: Blocks,
    scales: dict[PaperSheet, float],
    title_below: bool = False,
) -> PlacedSheet:
    grid = pooled(_stood(sheet), *blocks)
    slices = slice_height(sheet.value.shape) if blocks.down == 1 else 0
    return PlacedSheet(sheet, grid, corner, *size, blocks, slices, scales[sheet], title_below)


def _in_rows(
    sheets: Sequence[PaperSheet], wide: float, top: float, scales: dict[PaperSheet, float]
) -> tuple[list[PlacedSheet], float]:
    """Beside each other as far as there is room, for their titles too, then below."""
    found, x, y, bottom = list[PlacedSheet](), 0.0, top, top
    for sheet in sheets:
        rows, columns = _stood(sheet).shape
        down, across = ceil(rows / MOST_ROWS), ceil(columns / MOST_COLUMNS)
        shown = ceil(columns / across)
        cell = max(min(wide / shown, WIDEST if shown <= 6 else wide / shown), LEAST)
        titled = measure.width(sheet.title, CAPTION)
        if x and x + max(shown * cell, titled) > wide:
            x, y = 0.0, bottom + GAP
        high = min(cell, OF_COPY if sheet.kind == "copy" else HIGHEST)
        put = _put(sheet, QPointF(x, y + TITLE), (cell, high), Blocks(down, across), scales)
        found.append(put)
        x, bottom = x + max(put.rect.width(), titled) + GAP, max(bottom, put.rect.bottom())
    return found, bottom


def pooled_words(placed: Sequence[PlacedSheet]) -> str:
    """What is said where a square stands for more than one cell; empty where none does."""
    shown = [each for each in placed if each.blocks != Blocks()]
    if not shown:
        return ""
    said = [f"{each.sheet.title} {_blocks_text(each)}" for each in shown]
    return f"Too large to show every cell: a square is the largest of {', of '.join(said)}."


def _blocks_text(placed: PlacedSheet) -> str:
    shape: Shape = placed.blocks
    return f"{shape[0]} × {shape[1]}"
