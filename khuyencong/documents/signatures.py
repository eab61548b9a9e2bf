"""Digital signatures of a PDF: who signed, when, and whether what was signed still stands.

Asked when somebody looks and kept nowhere: what is true of a certificate changes with the day and with the folder of
certification authorities (``settings.CA_DIR``), which is empty until an administrator fills it.  Nothing is fetched: whether
a certificate was revoked since is not known here, and pages say so.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from khuyencong.base import clock
from khuyencong.documents.enums import Coverage, SignatureState

ENDINGS = (".pem", ".crt", ".cer", ".der")
MOST = 20  # signatures of one file that are looked at
_MARK = b"/ByteRange"  # stands in the open in every signed file: a signature cannot cover its own place otherwise

_END = b"%%EOF"
_JUNK = 1024  # bytes that may follow the end of a PDF, as readers take it
_TABLE = re.compile(rb"\s*(xref\b|\d+\s+\d+\s+obj\b)")


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: ``at`` by a time stamp (``stamped_by``) or by the clock of whoever signed."""

    state: SignatureState
    signer: str = ""
    organisation: str = ""
    tax_code: str = ""
    issuer: str = ""
    at: datetime | None = None
    stamped_by: str = ""
    stamp_known: bool = False  # whether the time stamp comes from an authority of the folder
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    coverage: Coverage | None = None
    algorithm: str = ""

    @property
    def stands(self) -> bool:
        """Whether what was signed is what the file says."""
        return self.state in (SignatureState.TRUSTED, SignatureState.WHOLE, SignatureState.SELF)


def is_signed(content: bytes) -> bool:
    """Whether a PDF may bear a signature at all; costs nothing."""
    return _MARK in content


def is_damaged(content: bytes) -> bool:
    """Whether a PDF lacks its end, or its end does not lead to the table of what it holds: a signature that was set last may have
    been cut off with it.  A file cut exactly where an earlier state of it ended cannot be told from that state."""
    body, mark, after = content.rpartition(_END)
    if not mark or len(after.strip(b"\0 \t\r\n\f")) > _JUNK or re.search(rb"\d obj\b", after):
        return True
    place = body.rpartition(b"startxref")[2].strip()
    # offsets count from the head, before which some programs write a line of their own
    heads = {0, max(content.find(b"%PDF-"), 0)}
    return not place.isdigit() or not any(_TABLE.match(content, int(place) + head) for head in heads)


def signatures_of(content: bytes, *, authorities: Sequence[Any] | None = None) -> list[Signature]:
    """The signatures of a PDF in the order in which they were set; none for a file without any.

    ``authorities`` are certificates, by default those of the folder.  A file that cannot be read gives one signature that
    says so: whatever a broken file makes the reader raise is one answer.
    """
    if not is_signed(content):
        return []
    from pyhanko.pdf_utils.reader import PdfFileReader  # half a second that no other page should wait for

    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        if reader.encrypted:
            reader.decrypt(b"")
        embedded = list(reader.embedded_regular_signatures)[:MOST]
    except Exception:
        return [Signature(SignatureState.UNREADABLE)]
    known = authorities_of(Path(settings.CA_DIR)) if authorities is None else authorities
    return [_read(one, known) for one in embedded]


def authorities_of(folder: Path) -> list[Any]:
    """The certificates of a folder (PEM or DER); files that hold none are left out (see ``unreadable_in``)."""
    return [certificate for path in _files(folder) for certificate in _certificates(path)]


def unreadable_in(folder: Path) -> list[str]:
    """The names of files of the folder that hold no certificate."""
    return [path.name for path in _files(folder) if not _certificates(path)]


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS)


def _certificates(path: Path) -> list[Any]:
    from pyhanko.keys import load_certs_from_pemder_data

    try:
        found = list(load_certs_from_pemder_data(path.read_bytes()))
        return [certificate for certificate in found if certificate.subject.native is not None]
    except Exception:
        return []


def _read(embedded: Any, authorities: Sequence[Any]) -> Signature:
    try:
        return _judged(embedded, authorities)
    except Exception:
        return Signature(SignatureState.UNREADABLE)


def _judged(embedded: Any, authorities: Sequence[Any]) -> Signature:
    certificate = embedded.signer_cert
    status = _validated(embedded, authorities, moment=clock.now())
    stamp = status.timestamp_validity
    stamped = stamp is not None and stamp.intact and stamp.valid
    at = stamp.timestamp if stamped else status.signer_reported_dt
    if at is not None:
        status = _validated(embedded, authorities, moment=at)  # by the day of signing, not by that of looking
        stamp = status.timestamp_validity
    subject, coverage = certificate.subject.native, _coverage(status)
    return Signature(
        state=_state(status, certificate, coverage, at or clock.now()),
        signer=_one(subject, "common_name"),
        organisation=_one(subject, "organization_name"),
        tax_code=_tax_code(subject),
        issuer=_one(certificate.issuer.native, "common_name") or _one(certificate.issuer.native, "organization_name"),
        at=at,
        stamped_by=_one(stamp.signing_cert.subject.native, "common_name") if stamped else "",
        stamp_known=bool(stamped and stamp.trusted),
        valid_from=certificate.not_valid_before,
        valid_to=certificate.not_valid_after,
        coverage=coverage,
        algorithm=str(status.md_algorithm or ""),
    )


def _validated(embedded: Any, authorities: Sequence[Any], *, moment: datetime) -> Any:
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    roots = [one for one in authorities if one.self_signed in ("yes", "maybe")]
    context = ValidationContext(
        trust_roots=roots,
        other_certs=[one for one in authorities if one not in roots],
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=moment,
    )
    return validate_pdf_signature(embedded, signer_validation_context=context)


def _coverage(status: Any) -> Coverage:
    from pyhanko.sign.validation.status import ModificationLevel, SignatureCoverageLevel

    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return Coverage.FILE
    if status.coverage != SignatureCoverageLevel.ENTIRE_REVISION:
        return Coverage.PART
    if status.modification_level == ModificationLevel.OTHER or status.docmdp_ok is False:
        return Coverage.CHANGED
    return Coverage.SIGNED_LATER


def _state(status: Any, certificate: Any, coverage: Coverage, moment: datetime) -> SignatureState:
    if not status.intact or not status.valid:
        return SignatureState.BROKEN
    if coverage in (Coverage.CHANGED, Coverage.PART):
        return SignatureState.CHANGED
    if not certificate.not_valid_before <= moment <= certificate.not_valid_after:
        return SignatureState.EXPIRED
    if status.trusted:
        return SignatureState.TRUSTED
    why = getattr(status.trust_problem_indic, "name", "")
    if why.startswith("CRYPTO") or status.md_algorithm in ("md5", "sha1"):
        return SignatureState.WEAK
    if certificate.self_signed in ("yes", "maybe"):  # its own issuer: no chain that could be broken
        return SignatureState.SELF
    return SignatureState.WHOLE if why == "NO_CERTIFICATE_CHAIN_FOUND" else SignatureState.CHAIN


def _one(name: Any, part: str) -> str:
    """A part of a distinguished name; of several the last, which is the person's own."""
    value = (name or {}).get(part, "")
    return " ".join(str(value[-1] if isinstance(value, list) else value).split())


def _tax_code(subject: Any) -> str:
    """“MST:0101234567” as Vietnamese authorities write it into a certificate; personal numbers (CCCD, CMND) are not shown."""
    values = (subject or {}).get("user_id", [])
    for value in values if isinstance(values, list) else [values]:
        kind, _colon, number = str(value).partition(":")
        if kind.strip().upper() == "MST" and number.strip():
            return number.strip()
    return ""
