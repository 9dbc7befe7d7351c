"""Every carrier of letters, with a way to see what it carried."""

from __future__ import annotations

import io
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from antiphon.adapters.mail import open_mailer
from antiphon.adapters.mail.console import ConsoleMailer
from antiphon.adapters.mail.fake import FakeMailer
from antiphon.domains.notifications.ports import Mail, Mailer
from antiphon.kit.settings import Settings
from tests.support.clock import FrozenClock
from tests.support.smtp import SmtpStub


@dataclass(frozen=True)
class Seen:
    """What arrived, as far as the carrier carries it."""

    to: str
    subject: str
    text: str


@dataclass(frozen=True)
class Carrier:
    mailer: Mailer
    arrived: Callable[[], list[Seen]]


def settings(url: str, **more: str) -> Settings:
    return Settings(mail_url=url, mail_from="Our Müsic <music@our.example>", **more)  # type: ignore[arg-type]


def letter(**changes: object) -> Mail:
    given: dict[str, object] = {
        "to": "ada@example.org",
        "name": "Ada",
        "subject": "A word",
        "text": "Hello\n\nÄ word.\n",
        "html": "<p>Hello</p>",
        "message_id": "<0198@our.example>",
        "headers": {"Content-Language": "en"},
    }
    return Mail(**(given | changes))  # type: ignore[arg-type]


def _seen(message: EmailMessage) -> Seen:
    plain = message.get_body(("plain",))
    assert plain is not None
    return Seen(
        message["to"].addresses[0].addr_spec, str(message["subject"]), plain.get_content().replace("\r\n", "\n")
    )


def _printed(text: str) -> list[Seen]:
    found = []
    for block in text.split("  ┌ Letter to ")[1:]:
        lines = [line.removeprefix("  │").removeprefix(" ") for line in block.splitlines()]
        to = lines[0].rpartition("<")[2].strip(">")
        found.append(Seen(to, lines[1], "\n".join(lines[3 : lines.index(" └")]) + "\n"))
    return found


@pytest.fixture
async def smtp() -> AsyncIterator[SmtpStub]:
    async with SmtpStub().running() as stub:
        yield stub


@pytest.fixture(params=["console", "smtp", "folder", "fake"])
async def carrier(request: pytest.FixtureRequest, tmp_path: Path, smtp: SmtpStub, clock: FrozenClock) -> Carrier:
    if request.param == "console":
        out = io.StringIO()
        return Carrier(ConsoleMailer(out), lambda: _printed(out.getvalue()))
    if request.param == "smtp":
        mailer = open_mailer(settings(f"smtp://127.0.0.1:{smtp.port}"), clock)
        return Carrier(mailer, lambda: [_seen(one.message) for one in smtp.letters])
    if request.param == "folder":
        files = lambda: sorted((tmp_path / "mail").glob("*.eml"))  # noqa: E731
        mailer = open_mailer(settings(f"file://{tmp_path}/mail"), clock)
        return Carrier(
            mailer,
            lambda: [_seen(message_from_bytes(file.read_bytes(), policy=policy.SMTPUTF8)) for file in files()],
        )
    fake = FakeMailer()
    return Carrier(fake, lambda: [Seen(one.to, one.subject, one.text) for one in fake.sent])


@dataclass(frozen=True)
class Authority:
    """A certificate for 127.0.0.1 and the file by which others trust it."""

    server: ssl.SSLContext
    file: Path


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stub")])
    now = datetime.now(UTC)  # OpenSSL looks at the real time
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, secret = folder / "stub.pem", folder / "stub.key"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return Authority(context, file)
