"""What the operator is told about mail: `antiphon mail test` and the doctor."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from antiphon.entry.cli.doctor import check_mail
from antiphon.entry.cli.mail import try_letter
from antiphon.kit.settings import Settings
from tests.support.smtp import SmtpStub

SENDER = "Our Music <music@our.example>"


@pytest.fixture
def stub() -> Iterator[SmtpStub]:
    """In a loop of its own: the commands bring theirs."""
    made, loop = SmtpStub(), asyncio.new_event_loop()
    running = made.running()
    loop.run_until_complete(running.__aenter__())
    thread = Thread(target=loop.run_forever)
    thread.start()
    yield made
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.run_until_complete(running.__aexit__(None, None, None))
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


def installation(home: Path, url: str | None) -> Settings:
    return Settings(home=home, mail_url=url, mail_from=SENDER)


def test_a_letter_is_sent_and_that_is_said(stub: SmtpStub, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = installation(tmp_path, f"smtp://127.0.0.1:{stub.port}")
    assert asyncio.run(try_letter(settings, "ada@example.org", "de")) == 0
    assert "Sent to ada@example.org" in capsys.readouterr().out
    (got,) = stub.letters
    assert (got.recipient, str(got.message["subject"])) == ("ada@example.org", "Ein Probebrief von Antiphon")
    found = check_mail(settings)
    assert (found.remedy, f"127.0.0.1:{stub.port} lets us in" in found.detail) == (None, True)


@pytest.mark.parametrize(
    ("answers", "said", "advice"),
    [
        ({"HELLO": "421 busy"}, "does not take letters now", "Is the server up"),
        ({"MAIL": "553 not your address"}, "does not work with us", "ANTIPHON_MAIL_FROM"),
        ({"RCPT": "550 unknown"}, "cannot be delivered", "Try another address"),
    ],
)
def test_what_failed_is_said_plainly(
    stub: SmtpStub,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    answers: dict[str, str | None],
    said: str,
    advice: str,
) -> None:
    stub.answers = answers
    assert (
        asyncio.run(try_letter(installation(tmp_path, f"smtp://127.0.0.1:{stub.port}"), "ada@example.org", "en")) == 1
    )
    printed = capsys.readouterr().out
    assert said in printed
    assert advice in printed


def test_without_a_mail_server_the_letter_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(home=tmp_path)
    assert asyncio.run(try_letter(settings, "ada@example.org", "en")) == 0
    printed = capsys.readouterr()
    assert "Mail is not configured" in printed.out
    assert "A test letter from Antiphon" in printed.err
    found = check_mail(settings)
    assert (found.remedy, found.detail) == (None, "not configured: letters are printed to the terminal")


def test_the_doctor_finds_a_server_that_is_away(tmp_path: Path) -> None:
    found = check_mail(installation(tmp_path, "smtp://127.0.0.1:1"))
    assert found.remedy is not None
    assert "127.0.0.1:1" in found.detail
    unsaid = check_mail(Settings(home=tmp_path, mail_url="smtp://mail.example"))
    assert unsaid.remedy is not None
    assert "ANTIPHON_MAIL_FROM" in unsaid.detail
