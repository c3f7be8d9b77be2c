"""What every kind's normal form is: a key that equal answers share."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Normal:
    """The normal form of one candidate answer.

    Attributes:
        key: Equal for the same answer in other words; kinds never share keys ("country:KP").
        rank: How good this wording is to show, 0 best ("Nordkorea" 0, "Nordkoreas" 1, "Pjöngjang" 4).
        fits: Whether the text is of the kind that was asked for, as far as one can tell.
        indirect: Whether the text only stands for the answer (a capital or an adjective for a country).
    """

    key: str
    rank: int = 0
    fits: bool = True
    indirect: bool = False
