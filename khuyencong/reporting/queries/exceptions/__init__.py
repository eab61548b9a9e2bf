"""What an auditor looks at first: papers missing, money over the norm, exceptions let pass, steps written down late, days in
an order that cannot be, invoices paid twice, advances left open, money demanded back, historical dossiers without originals.

Each kind counts and cuts itself; a page shows sentences, each leading to its record.  What must be computed by the law of the
day is asked of one plan year at a time.
"""

from khuyencong.reporting.queries.exceptions.frame import Frame, frame_for
from khuyencong.reporting.queries.exceptions.kinds import KINDS, board
from khuyencong.reporting.queries.exceptions.papers import missing_papers

__all__ = [
    "KINDS",
    "Frame",
    "board",
    "frame_for",
    "missing_papers",
]
