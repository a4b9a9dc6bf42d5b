"""Servers whose certificate nobody vouches for are not spoken to, whatever the protocol."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.mail.backends.smtp import EmailBackend

from followthrough.calendars.imap_replies import new_replies
from followthrough.core.safe_http import SafeHttpClient

HOST = "127.0.0.1"


def _certificate(folder: Path) -> Path:
    """A key and a certificate that it signed itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)]), datetime.now(UTC)
    found = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + found.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Of a server that offers TLS with that certificate and then says nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(tmp_path))
    with socket.create_server((HOST, 0)) as listener:
        threading.Thread(target=_serve, args=(listener, context), daemon=True).start()
        yield listener.getsockname()[1]


def _serve(listener: socket.socket, context: ssl.SSLContext) -> None:
    try:
        line, _ = listener.accept()
        with line, context.wrap_socket(line, server_side=True):
            pass
    except OSError:
        pass


def _read_mailbox(port: int) -> None:
    list(new_replies(f"imaps://a:b@{HOST}:{port}/INBOX"))


def _send_mail(port: int) -> None:
    EmailBackend(host=HOST, port=port, use_ssl=True, timeout=10).open()


def _read_calendar(port: int) -> None:
    reader = SafeHttpClient(allowed=[ip_network(f"{HOST}/32")], seconds=10, most=1000)
    reader.request("GET", f"https://{HOST}:{port}/calendar.ics")


@pytest.mark.parametrize("speak", [_read_mailbox, _send_mail, _read_calendar])
def test_a_certificate_that_nobody_vouches_for_is_refused(speak: Callable[[int], None], port: int) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        speak(port)
