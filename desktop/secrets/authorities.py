"""Certificates of those who may vouch for a remote, from a file an institution hands out: read, checked, and given back as PEM."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from desktop.ledger.problem import Refused

N_BYTES = 262_144


def read(content: bytes, now: datetime | None = None) -> str:
    """The certificates of a file (PEM with any number, or one in DER), in PEM.

    Raises Refused ``sync.authorities_…``: no certificate in it, a private key in it, one that vouches for nobody, one out of date.
    """
    if b"PRIVATE KEY" in content:
        raise Refused("sync.authorities_private")
    found = _certificates(content)
    moment = now or datetime.now(UTC)
    for each in found:
        name = each.subject.rfc4514_string()
        if not _vouches(each):
            raise Refused("sync.authorities_not_one", name=name)
        if not each.not_valid_before_utc <= moment <= each.not_valid_after_utc:
            raise Refused("sync.authorities_date", name=name, day=each.not_valid_after_utc.date().isoformat())
    told = "".join(ssl.DER_cert_to_PEM_cert(each.public_bytes(Encoding.DER)) for each in found)
    return told


def names(pem: str) -> tuple[str, ...]:
    """What the certificates call themselves."""
    return tuple(each.subject.rfc4514_string() for each in x509.load_pem_x509_certificates(pem.encode())) if pem else ()


def _certificates(content: bytes) -> list[x509.Certificate]:
    if len(content) <= N_BYTES:
        try:
            if b"-----BEGIN" in content:
                return x509.load_pem_x509_certificates(content)
            return [x509.load_der_x509_certificate(content)]
        except ValueError:
            pass
    raise Refused("sync.authorities_none")


def _vouches(certificate: x509.Certificate) -> bool:
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except (x509.ExtensionNotFound, ValueError):
        return False

