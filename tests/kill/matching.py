"""Whether what a customer got is what was said to them, and how much of it came twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that was said; it `may_lack` where something newer took its place before it went out."""

    look: str
    may_lack: bool = False


def repeats(got: Sequence[str], said: Sequence[Piece]) -> int | None:
    """The least number of repeats with which `got` is `said` in order, each repeat after what it repeats.

    None when something lacks, is foreign or out of order.
    """
    ways = {-1: 0}  # by the piece that the last message was: the repeats so far
    for look in got:
        after: dict[int, int] = {}
        for last, again in ways.items():
            if last >= 0 and said[last].look == look:
                after[last] = min(again + 1, after.get(last, again + 1))
            for there in _next(last, said):
                if there < len(said) and said[there].look == look:
                    after[there] = min(again, after.get(there, again))
        ways = after
    whole = (again for last, again in ways.items() if len(said) in _next(last, said))
    return min(whole, default=None)


def _next(last: int, said: Sequence[Piece]) -> Sequence[int]:
    """The pieces that may follow; `len(said)` is the end."""
    end = last + 1
    while end < len(said) and said[end].may_lack:
        end += 1
    return range(last + 1, end + 1)
