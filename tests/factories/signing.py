"""Certificates and digitally signed PDFs, made on the spot."""

import datetime as dt
import io
from functools import cache

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import signers, timestamps
from pyhanko_certvalidator.registry import SimpleCertificateStore

UTC = dt.UTC
FROM, TO = dt.datetime(2023, 1, 1, tzinfo=UTC), dt.datetime(2036, 1, 1, tzinfo=UTC)


class Holder:
    """Somebody with a key and a certificate, issued by ``issuer`` or by himself."""

    def __init__(self, name, *, issuer=None, organisation="", uid="", start=FROM, end=TO, stamps=False):
        # elliptic keys are made at once; whoever stamps the time here can only do it with the other kind
        self.key = rsa.generate_private_key(65537, 2048) if stamps else ec.generate_private_key(ec.SECP256R1())
        parts = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
        parts += [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)] if organisation else []
        parts += [x509.NameAttribute(NameOID.USER_ID, uid)] if uid else []
        subject, is_ca = x509.Name(parts), issuer is None
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
            .add_extension(
                x509.KeyUsage(not is_ca, not is_ca, False, False, False, is_ca, is_ca, False, False), critical=True
            )
        )
        if stamps:
            made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        self.certificate = made.sign(issuer.key if issuer else self.key, hashes.SHA256())

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def asn1(self):
        return asn1_x509.Certificate.load(self.der)

    @property
    def asn1_key(self):
        encoded = self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return asn1_keys.PrivateKeyInfo.load(encoded)


@cache
def authority() -> Holder:
    return Holder("CA thử nghiệm")


@cache
def director() -> Holder:
    facts = {"organisation": "Sở Công Thương tỉnh Đắk Lắk", "uid": "MST:6000123456"}
    return Holder("Nguyễn Văn An", issuer=authority(), **facts)


@cache
def stamper() -> Holder:
    return Holder("TSA thử nghiệm", issuer=authority(), stamps=True)


@cache
def plain_pdf() -> bytes:
    """One empty page."""
    writer = PdfFileWriter()
    writer.insert_page(
        PageObject(contents=writer.add_object(generic.StreamObject(stream_data=b"")), media_box=(0, 0, 595, 842))
    )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def signed_pdf(content=None, *, by=None, field="ChuKy1", stamped_at=None, algorithm="sha256") -> bytes:
    """The PDF with one more signature; ``stamped_at`` is what a time stamp says."""
    by = by or director()
    store = SimpleCertificateStore()
    store.register(authority().asn1)
    stamps = None
    if stamped_at is not None:
        stamps = timestamps.DummyTimeStamper(stamper().asn1, stamper().asn1_key, fixed_dt=stamped_at)
    signer = signers.SimpleSigner(signing_cert=by.asn1, signing_key=by.asn1_key, cert_registry=store)
    out = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(content or plain_pdf())),
        signers.PdfSignatureMetadata(field_name=field, md_algorithm=algorithm),
        signer=signer,
        timestamper=stamps,
    )
    return out.getvalue()


def changed_after(content: bytes) -> bytes:
    """The signed file with something else written into it by a later save."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    writer.root["/Lang"] = generic.pdf_string("vi")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
