"""All ways to turn a few requests that lose little, and what each of them uses of the limits.

The prices of the relaxed problem settle each request, in or out; to *turn* one back loses what it is settled by (its doubt).
So of thousands of requests under one limit only the ways that turn a handful of the doubtful lose little, and those can all be
written down: in the order of their loss, up to a loss that is known.  Amounts are whole numbers and sums exact.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy

WORDS = 2  # of 64 marks each: which requests are turned
MARKS = 64 * WORDS
MANY = 20_000  # ways written down at once
SOME = 600  # ways of one part that are joined with those of another
FEW = 64  # up to here it does not pay to look for those that another betters


@dataclass(frozen=True, slots=True)
class Ways:
    """``loss`` of each way, what it ``used`` of each limit more than what is settled, and its ``turned`` requests as marks.

    No way that loses less than ``known`` is missing, but those that another betters where ``bettered`` was asked for.
    """

    loss: numpy.ndarray
    used: numpy.ndarray
    turned: numpy.ndarray
    known: float = numpy.inf

    @classmethod
    def to_turn_nothing(cls, limits: int) -> "Ways":
        nothing = numpy.zeros((1, limits), dtype=numpy.int64), numpy.zeros((1, WORDS), dtype=numpy.uint64)
        return cls(numpy.zeros(1), *nothing)

    @property
    def least(self) -> float:
        """What any way loses at the least."""
        return min(self.known, float(self.loss.min())) if len(self.loss) else self.known

    def marked(self, way: int) -> list[int]:
        """The marks of the requests that this way turns."""
        return [mark for mark in range(MARKS) if int(self.turned[way, mark >> 6]) >> (mark & 63) & 1]

    def those(self, some: numpy.ndarray, *, known: float = numpy.inf) -> "Ways":
        return Ways(self.loss[some], self.used[some], self.turned[some], min(self.known, known))

    def first(self, count: int) -> "Ways":
        """The ways that lose least; what is known ends with them."""
        if len(self.loss) <= count:
            return self
        order = numpy.argsort(self.loss, kind="stable")
        return self.those(order[:count], known=float(self.loss[order[count]]))

    def bettered(self, price: float) -> "Ways":
        """Without those of which another uses no more of the only limit and gains as much at this price."""
        gain = price * self.used[:, 0] - self.loss
        order = numpy.lexsort((-gain, self.used[:, 0]))
        in_order = gain[order]
        better = numpy.ones(len(order), dtype=bool)
        better[1:] = in_order[1:] > numpy.maximum.accumulate(in_order)[:-1]
        return self.those(order[better])

    def turning(
        self, requests: Iterable[tuple[int, float, numpy.ndarray]], *, price: float | None, many: int = MANY
    ) -> "Ways":
        """With each of these requests (mark, doubt, what turning it uses; the most doubtful first) left or turned; ``price``
        of the only limit, where ways that another betters may be forgotten."""
        ways = self
        for mark, doubt, use in requests:
            if doubt >= ways.known:
                break
            these = ways.those(ways.loss + doubt < ways.known)
            turned = these.turned.copy()
            turned[:, mark >> 6] |= numpy.uint64(1 << (mark & 63))
            ways = Ways(
                numpy.concatenate([ways.loss, these.loss + doubt]),
                numpy.concatenate([ways.used, these.used + use]),
                numpy.concatenate([ways.turned, turned]),
                ways.known,
            )
            if price is not None and len(ways.loss) > FEW:
                ways = ways.bettered(price)
            if len(ways.loss) > many:
                ways = ways.first(many // 2)
        return ways

    def within(self, room: int, price: float) -> "Ways":
        """Those that keep the first limit, which is then done with: what they leave of it loses its price."""
        left = room - self.used[:, 0]
        kept = self.those(left >= 0)
        return replace(kept, loss=kept.loss + price * left[left >= 0], used=kept.used[:, 1:])

    def joined(self, other: "Ways", *, many: int = MANY) -> "Ways":
        """Each of these with each of the others, which turn other requests."""
        mine = self.first(max(SOME, many // max(len(other.loss), 1)))
        theirs = other.first(max(SOME, many // max(len(self.loss), 1)))
        known = min(mine.known + theirs.least, theirs.known + mine.least)
        at, by = numpy.nonzero(mine.loss[:, None] + theirs.loss[None, :] < known)
        joined = Ways(
            mine.loss[at] + theirs.loss[by],
            mine.used[at] + theirs.used[by],
            mine.turned[at] | theirs.turned[by],
            known,
        )
        return joined.first(many)
