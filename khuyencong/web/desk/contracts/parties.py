"""The sides of contracts and those who sat at an acceptance, as they were called on the day of the paper."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Party:
    """One side: its name of that day, and its name of today where that is another."""

    name: str
    now: str = ""


def task_parties(assignment) -> dict[str, Party]:
    """Who gave the task and who took it."""
    if assignment is None:
        return {}
    return {
        "giver": party(assignment.giver, assignment.giver_then),
        "implementer": party(assignment.implementer, assignment.implementer_then),
    }


def seated(acceptance) -> list[tuple]:
    """Each seat of an acceptance with the body that it was for."""
    return [(seat, party(seat.organisation, seat.body_then)) for seat in acceptance.seats.all()]


def party(body, then: str | None) -> Party:
    """A side that was called ``then`` when it signed; None: as today."""
    return Party(then, str(body)) if then and then != str(body) else Party(str(body))
