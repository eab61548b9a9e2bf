"""What one rule says of a file, and whether it stands in the way."""

from dataclasses import dataclass, replace
from hashlib import blake2s

from khuyencong.projects.enums import (
    Rule,
    Severity,
)


def mark_of(evidence: str) -> str:
    """A short mark of the evidence on which a finding rests: an exception made for one evidence lets no other pass."""
    return blake2s(evidence.encode(), digest_size=6).hexdigest()


def covers(accepted: str, asked: str) -> bool:
    """Whether an exception from a norm covers what is asked now: the same subject, and an amount (đồng, at its end) that is no
    higher than the one that was accepted."""
    about, _colon, amount = asked.rpartition(":")
    accepted_about, _colon, accepted_amount = accepted.rpartition(":")
    return about == accepted_about and int(amount) <= int(accepted_amount)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of a file: a sentence with its article, and whether it stands in the way.

    A rule that knows no day names its ``Ground`` as the article; ``queries.checks`` tells where that stands on the day.
    ``subject`` tells apart findings of one rule (a beneficiary's identifier); ``clearable`` ones a person may let pass
    with a reason.
    """

    rule: Rule
    severity: Severity
    sentence: str
    article: str = ""
    subject: str = ""
    clearable: bool = False
    reason: str = ""  # why it was let pass
    cleared_by: str = ""
    item: int = 0  # the supported item that speaks for it, by its key
    note: str = ""  # what else this reader may know

    @property
    def refuses(self) -> bool:
        return self.severity == Severity.REFUSAL

    @property
    def told(self) -> str:
        """The sentence with its article."""
        return f"{self.sentence} ({self.article})" if self.article else self.sentence

    def let_pass(self, *, reason: str, by: str) -> "Finding":
        """The same finding after a person accepted it as an exception."""
        return replace(self, severity=Severity.CLEARED, reason=reason, cleared_by=by)


def passed(rule: Rule, sentence: str, article: str = "") -> Finding:
    """The rule is kept."""
    return Finding(rule, Severity.PASSED, sentence, article)


def refused(
    rule: Rule, sentence: str, article: str = "", *, subject: str = "", clearable: bool = False, item: int = 0
) -> Finding:
    """The rule stands in the way."""
    return Finding(rule, Severity.REFUSAL, sentence, article, subject, clearable, item=item)


def warned(rule: Rule, sentence: str, article: str = "", *, subject: str = "") -> Finding:
    """Something that a person should look at; it stops nothing."""
    return Finding(rule, Severity.WARNING, sentence, article, subject)
