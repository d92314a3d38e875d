"""How high a widget of changing content is: as high as the tallest so far, or all that stands round it would jump."""


class KeptHeight:
    """In pixels, and at least `least`. It begins anew for something else, and when the widget has another width."""

    def __init__(self, least: int) -> None:
        self.least = self.pixels = least
        self._of: object = None

    def begin(self, of: object) -> bool:
        """Whether what is shown from now on is `of` something else than before."""
        is_other = of is not self._of and of != self._of
        if is_other:
            self._of = of
            self.forget()
        return is_other

    def keep(self, height: int) -> None:
        """Something is as high as this."""
        self.pixels = max(self.pixels, height)

    def set_least(self, least: int) -> None:
        """Ask for at least so much from now on."""
        self.least = least
        self.forget()

    def forget(self) -> None:
        """What was shown stands no more as it stood."""
        self.pixels = self.least
