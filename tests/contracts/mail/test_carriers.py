"""What each carrier does in its own way: encryption, sign-in, refusals, files, the terminal."""

from __future__ import annotations

import socket
import stat
from pathlib import Path

import pytest

from antiphon.adapters.mail import open_mailer, sender_of
from antiphon.adapters.mail.console import ConsoleMailer
from antiphon.adapters.mail.fake import FakeMailer
from antiphon.adapters.mail.folder import FolderMailer
from antiphon.adapters.mail.smtp import SmtpMailer
from antiphon.domains.notifications.errors import LetterRefused, MailRefused, MailUnavailable
from antiphon.domains.notifications.ports import Mailer
from antiphon.kit.settings import Settings, SettingsError
from tests.contracts.mail.conftest import Authority, letter, settings
from tests.support.clock import FrozenClock
from tests.support.smtp import SmtpStub

PASSWORD = "pa:ss/w@rd"  # as the URL has it: pa%3Ass%2Fw%40rd


def mailer_for(stub: SmtpStub, clock: FrozenClock, before: str = "", options: str = "", scheme: str = "smtp") -> Mailer:
    return open_mailer(settings(f"{scheme}://{before}127.0.0.1:{stub.port}{options}"), clock)


async def test_envelope_and_headers(smtp: SmtpStub, clock: FrozenClock) -> None:
    await mailer_for(smtp, clock).send(letter(name="Ada, Countess"))
    (got,) = smtp.letters
    assert (got.sender, got.recipient, got.encrypted) == ("music@our.example", "ada@example.org", False)
    message = got.message
    assert str(message["from"]) == "Our Müsic <music@our.example>"
    assert message["to"].addresses[0].display_name == "Ada, Countess"
    assert message["message-id"] == "<0198@our.example>"
    assert message["date"].datetime == clock.now().replace(microsecond=0)
    assert message["auto-submitted"] == "auto-generated"
    assert message["content-language"] == "en"
    assert message["reply-to"] is None
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert got.data.isascii()


async def test_answers_go_where_the_operator_says(smtp: SmtpStub, clock: FrozenClock) -> None:
    mailer = open_mailer(settings(f"smtp://127.0.0.1:{smtp.port}", mail_reply_to="help@our.example"), clock)
    await mailer.send(letter())
    assert smtp.letters[0].message["reply-to"] == "help@our.example"


async def test_addresses_beyond_ascii_need_a_server_that_knows_them(smtp: SmtpStub, clock: FrozenClock) -> None:
    mailer = mailer_for(smtp, clock)
    await mailer.send(letter(to="ädä@bücher.example", name="Ädä"))
    (got,) = smtp.letters
    assert got.recipient == "ädä@xn--bcher-kva.example"
    assert "SMTPUTF8" in got.options
    assert got.message["to"].addresses[0].addr_spec == "ädä@xn--bcher-kva.example"
    smtp.offers.remove("SMTPUTF8")
    with pytest.raises(LetterRefused, match="SMTPUTF8"):
        await mailer.send(letter(to="ädä@example.org"))
    await mailer.send(letter(to="ada@bücher.example", name="Ädä"))
    assert len(smtp.letters) == 2


@pytest.mark.parametrize(
    ("verb", "answer", "error"),
    [
        ("HELLO", "421 busy", MailUnavailable),
        ("HELLO", "554 go away", MailRefused),
        ("HELLO", None, MailUnavailable),
        ("EHLO", None, MailUnavailable),
        ("MAIL", "451 later", MailUnavailable),
        ("MAIL", "553 you may not write as music@our.example", MailRefused),
        ("RCPT", "450 greylisted, <ada@example.org>", MailUnavailable),
        ("RCPT", "452 too many", MailUnavailable),
        ("RCPT", "550 5.1.1 <ada@example.org> unknown", LetterRefused),
        ("RCPT", None, MailUnavailable),
        ("DATA", "421 closing", MailUnavailable),
        (".", "451 4.3.0 try again", MailUnavailable),
        (".", "554 5.7.1 this is spam", LetterRefused),
        (".", None, MailUnavailable),
    ],
)
async def test_refusals_say_what_to_do_next(
    smtp: SmtpStub, clock: FrozenClock, verb: str, answer: str | None, error: type[Exception]
) -> None:
    smtp.answers[verb] = answer
    with pytest.raises(error) as caught:
        await mailer_for(smtp, clock).send(letter())
    assert "ada@example.org" not in str(caught.value)
    assert smtp.letters == []


async def test_a_good_bye_that_fails_undoes_nothing(smtp: SmtpStub, clock: FrozenClock) -> None:
    smtp.answers["QUIT"] = None
    await mailer_for(smtp, clock).send(letter())
    assert len(smtp.letters) == 1


async def test_nobody_answers(clock: FrozenClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    mailer = open_mailer(settings(f"smtp://127.0.0.1:{port}"), clock)
    for call in (mailer.send(letter()), mailer.check()):
        with pytest.raises(MailUnavailable):
            await call


async def test_a_server_that_says_nothing_is_not_waited_for(clock: FrozenClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        opened = open_mailer(settings(f"smtp://127.0.0.1:{mute.getsockname()[1]}"), clock)
        assert isinstance(opened, SmtpMailer)
        impatient = SmtpMailer(opened._server, opened._sender, clock, timeout_s=0.2)
        with pytest.raises(MailUnavailable):
            await impatient.send(letter())


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_encryption_and_sign_in(authority: Authority, clock: FrozenClock, scheme: str) -> None:
    stub = SmtpStub(certificate=authority.server, tls_from_the_start=scheme == "smtps", password=PASSWORD)
    options = f"?ca={authority.file}" + ("&starttls=1" if scheme == "smtp" else "")
    async with stub.running():
        mailer = mailer_for(stub, clock, "antiphon:pa%3Ass%2Fw%40rd@", options, scheme)
        await mailer.send(letter())
        assert "lets us in" in await mailer.check()
    assert [(one.encrypted, one.user) for one in stub.letters] == [(True, "antiphon")]
    assert PASSWORD not in repr(mailer) + repr(vars(mailer))


async def test_a_wrong_password_is_the_operators_matter(smtp: SmtpStub, clock: FrozenClock) -> None:
    smtp.password = PASSWORD
    with pytest.raises(MailRefused, match="does not take this user name and password") as caught:
        await mailer_for(smtp, clock, "antiphon:wr0ng@").send(letter())
    assert "wr0ng" not in str(caught.value)
    smtp.answers["AUTH"] = "454 later"
    with pytest.raises(MailUnavailable):
        await mailer_for(smtp, clock, "antiphon:wr0ng@").send(letter())


async def test_a_server_without_sign_in(smtp: SmtpStub, clock: FrozenClock) -> None:
    with pytest.raises(MailRefused):
        await mailer_for(smtp, clock, "antiphon:secret@").send(letter())


async def test_starttls_that_is_demanded_and_not_offered(smtp: SmtpStub, clock: FrozenClock) -> None:
    with pytest.raises(MailRefused, match="STARTTLS"):
        await mailer_for(smtp, clock, options="?starttls=1").send(letter())
    assert smtp.letters == []
    assert not {"MAIL", "AUTH"} & set(smtp.heard)


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_strangers_certificates_are_refused(authority: Authority, clock: FrozenClock, scheme: str) -> None:
    stub = SmtpStub(certificate=authority.server, tls_from_the_start=scheme == "smtps")
    async with stub.running():
        mailer = mailer_for(stub, clock, "antiphon:secret@", "?starttls=1" if scheme == "smtp" else "", scheme)
        with pytest.raises(MailRefused):
            await mailer.send(letter())
    assert "AUTH" not in stub.heard


async def test_files_are_whole_private_and_replaced(tmp_path: Path, clock: FrozenClock) -> None:
    mailer = open_mailer(settings(f"file://{tmp_path}/in%20box"), clock)
    await mailer.send(letter())
    await mailer.send(letter(subject="Again"))
    await mailer.check()
    (file,) = (tmp_path / "in box").iterdir()
    assert file.name == "0198.eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"Subject: Again" in file.read_bytes()


async def test_a_folder_that_cannot_be(tmp_path: Path, clock: FrozenClock) -> None:
    (tmp_path / "file").write_bytes(b"")
    mailer = open_mailer(settings(f"file://{tmp_path}/file"), clock)
    with pytest.raises(MailRefused):
        await mailer.send(letter())
    with pytest.raises(MailRefused):
        await mailer.check()


async def test_the_terminal_gets_no_control_codes(capfd: pytest.CaptureFixture[str]) -> None:
    await ConsoleMailer().send(letter(text="Hello \x1b[31mred\x07\n"))
    printed = capfd.readouterr()
    assert printed.out == ""
    assert "Hello [31mred" in printed.err


async def test_the_fake_fails_as_it_is_told_to() -> None:
    fake = FakeMailer()
    fake.trouble = [MailUnavailable(), None]
    with pytest.raises(MailUnavailable):
        await fake.send(letter())
    await fake.send(letter())
    assert len(fake.sent) == 1


def test_the_url_chooses(tmp_path: Path, clock: FrozenClock) -> None:
    for url, kind in {
        "": ConsoleMailer,
        f"file://{tmp_path}": FolderMailer,
        "smtp://mail.example": SmtpMailer,
        "smtps://a:b@mail.example": SmtpMailer,
    }.items():
        assert isinstance(open_mailer(settings(url), clock), kind)


@pytest.mark.parametrize(
    ("url", "port", "encryption"),
    [
        ("smtp://mail.example", 587, "starttls"),
        ("smtp://mail.example?starttls=0", 25, "none"),
        ("smtp://mail.example:2525?starttls=1", 2525, "starttls"),
        ("smtp://localhost", 25, "none"),
        ("smtp://u:p@localhost", 25, "none"),
        ("smtps://mail.example", 465, "tls"),
        ("smtp://[::1]:2525", 2525, "none"),
    ],
)
def test_encryption_is_what_the_url_says_and_safe_by_itself(
    url: str, port: int, encryption: str, clock: FrozenClock
) -> None:
    mailer = open_mailer(settings(url), clock)
    assert isinstance(mailer, SmtpMailer)
    assert (mailer._server.port, mailer._server.encryption.value) == (port, encryption)


@pytest.mark.parametrize(
    "url",
    [
        "smtp://",
        "smtp://u:s3cret@mail.example:port",
        "smtp://u:s3cret@mail.example:99999",
        "smtp://u:s3cret@mail.example?starttls=2",
        "smtp://u:s3cret@mail.example?starttls=0",
        "smtps://u:s3cret@mail.example?starttls=1",
        "smtps://u:s3cret@mail.example?colour=red",
        "smtps://u:s3cret@mail.example?ca=/nowhere/at/all.pem",
        "file://host/path",
        "ftp://u:s3cret@mail.example",
    ],
)
def test_other_urls_are_refused_without_repeating_the_password(url: str, clock: FrozenClock) -> None:
    with pytest.raises(SettingsError, match="ANTIPHON_MAIL_URL") as caught:
        open_mailer(settings(url), clock)
    assert "s3cret" not in str(caught.value)


def test_who_letters_come_from() -> None:
    assert str(sender_of(Settings(public_url="https://music.example:8443")).address) == (
        "Antiphon <antiphon@music.example>"
    )
    assert str(sender_of(Settings(mail_from="music@our.example")).address) == "Antiphon <music@our.example>"
    for wrong in (
        Settings(mail_url="smtp://mail.example"),
        Settings(mail_from="Our Music"),
        Settings(mail_reply_to="Help <help@our.example>"),
    ):
        with pytest.raises(SettingsError, match="ANTIPHON_MAIL_"):
            sender_of(wrong)
