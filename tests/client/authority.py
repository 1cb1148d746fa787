"""A certificate authority of our own, as companies, antivirus programs and local servers have one."""

from __future__ import annotations

import hashlib
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

NAME = "corp proxy root"  # lower case and ASCII: what OpenSSL hashes is then what is written


class Authority:
    """Signs certificates for servers on this machine; ``pem`` is its own."""

    def __init__(self, folder: Path, name: str = NAME) -> None:
        self.folder = folder
        folder.mkdir()
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        made = self._signed(self.name, self._key.public_key(), authority=True)
        self.pem = folder / "authority.pem"
        self.pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def hashed(self) -> Path:
        """A folder that holds the authority under the name OpenSSL looks for."""
        content = self.name.public_bytes()[2:]
        number = int.from_bytes(hashlib.sha1(content).digest()[:4], "little")
        there = self.folder / "hashed"
        there.mkdir()
        (there / f"{number:08x}.0").write_bytes(self.pem.read_bytes())
        return there

    def serves(self, host: str = "127.0.0.1", *, days: int = 2) -> ssl.SSLContext:
        """A server's context; its certificate is for one host and ends in ``days``, which may be over."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
        made = self._signed(subject, key.public_key(), host=host, days=days)
        pem = serialization.Encoding.PEM
        secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        both = self.folder / f"{host}{days}.pem"
        both.write_bytes(made.public_bytes(pem) + secret)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(both)
        return context

    def _signed(self, subject, public_key, *, authority: bool = False, host: str = "", days: int = 2):
        now = datetime.now(UTC)
        # As companies make them: no key identifiers, and the constraint is not marked critical.
        draft = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=9)).not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=False)
        )  # fmt: skip
        if host:
            names = [x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)]
            draft = draft.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return draft.sign(self._key, hashes.SHA256())
