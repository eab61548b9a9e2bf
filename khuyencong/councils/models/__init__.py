"""Councils: who judges, who must not, what each said, what all decided; and what other bodies were asked.

What is judged (a project, later a product) stands on a higher floor: a sheet keeps its identifier and its name as read.
"""

from khuyencong.councils.models.councils import Attendance, Conflict, Council, Member, Session, Vote
from khuyencong.councils.models.opinions import AskedOpinion
from khuyencong.councils.models.sheets import Sheet, SheetPoint, SheetScore

__all__ = [
    "AskedOpinion",
    "Attendance",
    "Conflict",
    "Council",
    "Member",
    "Session",
    "Sheet",
    "SheetPoint",
    "SheetScore",
    "Vote",
]
