"""The three ways an operation says no.  Every message is written for the person at the screen."""

from khuyencong.base.sentences import together


class DomainError(Exception):
    """An anticipated refusal.  Anything else that is raised is a fault of ours."""


class NotAllowed(DomainError):
    """This person may not do this."""


class NotPossible(DomainError):
    """Nobody can do this now: wrong state, missing paper, no money left."""


class Invalid(DomainError):
    """What was entered is wrong.  ``fields`` maps a field's name to its sentence."""

    def __init__(self, **fields: str):
        super().__init__(together(" ", fields.values()))
        self.fields = fields
