"""Pictures of what is on a stage, made when they are looked at: of a large graph most is never seen."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Picture = TypeVar("Picture")

MOST_UNSEEN = 100  # pictures that are kept although nothing is seen of them


class Pictures(Mapping[Key, Picture]):
    """By key. A picture is kept until it is forgotten. `keys` tells what there is, `make` takes a picture of it."""

    def __init__(self, keys: Callable[[], Collection[Key]], make: Callable[[Key], Picture]) -> None:
        self._keys, self._make = keys, make
        self._made: dict[Key, Picture] = {}

    def __getitem__(self, key: Key) -> Picture:
        if key not in self._made:
            self._made[key] = self._make(key)
        return self._made[key]

    def kept(self, key: Key) -> Picture | None:
        """The picture that has been taken, if one has."""
        return self._made.get(key)

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
        """Take those of these pictures again that have been seen. Gives those that are not as they were."""
        changed = []
        for key in self._seen(keys):
            if (picture := self._make(key)) != self._made[key]:
                self._made[key] = picture
                changed.append(key)
        return changed

    def drop(self, keys: Iterable[Key]) -> list[Key]:
        """These may look different now: they are taken when they are seen again. Gives those that have been seen."""
        seen = self._seen(keys)
        for key in seen:
            del self._made[key]
        return seen

    def _seen(self, keys: Iterable[Key]) -> list[Key]:
        return [key for key in keys if key in self._made]

    def seen(self) -> list[Key]:
        """Those of which a picture has been taken."""
        return list(self._made)

    def keep(self, keys: Collection[Key], most_unseen: int = MOST_UNSEEN) -> None:
        """Of all others nothing is seen any more."""
        if len(self._made) > most_unseen + len(keys):
            self._made = {key: self._made[key] for key in keys if key in self._made}
