"""Pictures of what is on a stage, made when they are looked at: of a large graph most is never seen."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Picture = TypeVar("Picture")


class Pictures(Mapping[Key, Picture]):
    """By key. A picture is kept until it is forgotten. `keys` tells what there is, `make` takes a picture of it."""

    def __init__(self, keys: Callable[[], Collection[Key]], make: Callable[[Key], Picture]) -> None:
        self._keys, self._make = keys, make
        self._made: dict[Key, Picture] = {}

    def __getitem__(self, key: Key) -> Picture:
        if key not in self._made:
            self._made[key] = self._make(key)
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        return key in self._keys()

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys())

    def __len__(self) -> int:
        return len(self._keys())

    def forget(self) -> None:
        """Everything may look different now."""
        self._made.clear()

    def renew(self, keys: Iterable[Key]) -> list[Key]:
        """Take these pictures again. Gives those that are not as they were last seen."""
        changed = []
        for key in keys:
            picture = self._make(key)
            if self._made.get(key) != picture:
                self._made[key] = picture
                changed.append(key)
        return changed
