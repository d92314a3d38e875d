"""The rooms about all cards: found when they are asked for, and kept until something moves in them."""

from collections.abc import Sequence

import numpy as np

from gui.canvas.model.geometry import Array, inside
from gui.canvas.model.room import REACH, Room, room
from gui.canvas.model.routes import Routes


class Rooms:
    """The room about each card that was asked for, by its row."""

    def __init__(self) -> None:
        self._found: dict[int, Room] = {}
        self._cramped: set[int] = set()  # the rows of cards with another room about them since a move began

    def copy(self) -> "Rooms":
        """The same, which stays as it is."""
        result = Rooms()
        result._found, result._cramped = dict(self._found), set(self._cramped)
        return result

    def known(self, row: int) -> Room | None:
        """The room about a card if it has been found: with every frame of a pass hundreds are asked for."""
        return self._found.get(row)

    def about(self, row: int, own: Sequence[int], cards: Array, routes: Routes) -> Room:
        """The room about one of the cards (n, 4): `own` are the rows of its edges among the routes."""
        if row not in self._found:
            chains, owners = routes.about(*(cards[row] + REACH))
            self._found[row] = room(cards[row], cards, chains[~np.isin(owners, own)])
        return self._found[row]

    def cramp(self, places: Array, cards: Array) -> None:
        """Something has moved in some boxes (k, 4): the cards there have other rooms from when they are free."""
        self._cramped.update(np.flatnonzero(inside(cards[:, None], *places.T).any(axis=1)).tolist())

    def free(self) -> list[int]:
        """From now on the others are theirs. Gives the rows of those cards."""
        rows = list(self._cramped)
        for row in rows:
            self._found.pop(row, None)
        self._cramped.clear()
        return rows

    def forget(self) -> None:
        """All may be otherwise."""
        self._found.clear()
