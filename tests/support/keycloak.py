"""Keycloak, a provider that we did not write: fetched once, started once for all workers of a run, stopped at its end.

Its distribution comes from the Maven registry by Maven's own client and is kept in the cache folder of the person who
runs the tests, outside the repository.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import tarfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from antiphon.kit import tether
from tests.support.keycloak_realm import Realm, realm_document
from tests.support.product import free_port, until

__all__ = ["Keycloak", "KeycloakMissing", "shared_keycloak"]

VERSION = "26.5.6"  # the newest that the registry serves and that runs on Java 17
DIGEST = "fa3dd5df90b9ac006712c2f0991be4e8a6cb30ac538e0439ce2f45fc40f4c692"
FETCHER = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
LEAST_JAVA = 17
FETCH_S, START_S, QUEUE_S = 240, 300, 600  # a machine under load is slow, not wrong
ADMIN = {"KC_BOOTSTRAP_ADMIN_USERNAME": "admin", "KC_BOOTSTRAP_ADMIN_PASSWORD": "admin"}
# A short life on a busy machine: no second compiler, one collector, little memory.
JAVA_OPTIONS = ["-Xms64m", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djava.net.preferIPv4Stack=true"]
OPENED = ["java.base/java.util", "java.base/java.util.concurrent", "java.base/java.security"]
REBUILT = 10  # the exit code that asks for a second start, as bin/kc.sh gives it


class KeycloakMissing(Exception):
    """This machine cannot have it; the text says why in one line."""


class _Administrator(httpx.Auth):
    """Who may make realms. What proves it lives a minute, less than a test on a machine under load."""

    requires_response_body = True

    def __init__(self, url: str) -> None:
        form = {"grant_type": "password", "client_id": "admin-cli", "username": "admin", "password": "admin"}
        self._asking = httpx.Request("POST", f"{url}/realms/master/protocol/openid-connect/token", data=form)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        answer = (yield self._asking).raise_for_status()
        request.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield request


@dataclass
class Keycloak:
    """A running server. Realms cost a second or two each and are independent of one another."""

    url: str

    def realm(self, name: str, *, redirect: str) -> Realm:
        """Import our realm under this name; `redirect` is where its client may send people, `*` at the end allowed."""
        admin = httpx.Client(base_url=f"{self.url}/admin/realms", timeout=60, auth=_Administrator(self.url))
        admin.post("", json=realm_document(name, redirect)).raise_for_status()
        return Realm(f"{self.url}/realms/{name}", admin, name)


@contextmanager
def shared_keycloak(folder: Path) -> Iterator[Keycloak]:
    """`folder` is common to all workers of one run. The first who asks starts the server and waits for the others.

    One that runs already (in dev mode, admin/admin) is used where `ANTIPHON_KEYCLOAK` names its address, which saves
    half a minute while one writes tests. Raises KeycloakMissing.
    """
    running = os.environ.get("ANTIPHON_KEYCLOAK")
    if running:
        yield Keycloak(running)
        return
    state = folder / "keycloak.json"
    with ExitStack() as ours:
        users = ours.enter_context((folder / "keycloak.users").open("a"))
        with _alone(folder / "keycloak.lock"):
            if not state.exists():
                process, url = _start(_installed(), folder)
                ours.callback(_end, folder, process, users)
                state.write_text(json.dumps({"url": url}))
            fcntl.flock(users, fcntl.LOCK_SH)
        yield Keycloak(json.loads(state.read_text())["url"])


def _end(folder: Path, process: subprocess.Popen[bytes], users: Any) -> None:
    with _alone(folder / "keycloak.lock"):
        until(lambda: _taken(users), within_s=QUEUE_S)
        (folder / "keycloak.json").unlink()
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        if not until(lambda: _taken(file), within_s=QUEUE_S):
            raise KeycloakMissing(f"Keycloak: another process holds {path.name} for too long")
        yield


def _taken(file: Any) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _installed() -> Path:
    """The unpacked distribution."""
    _check_java()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "antiphon"
    cache.mkdir(parents=True, exist_ok=True)
    home = cache / f"keycloak-{VERSION}"
    with _alone(cache / "keycloak.lock"):
        if not home.exists():
            unpacked = cache / f"unpacked-{os.getpid()}"
            with tarfile.open(_archive(cache)) as archive:
                archive.extractall(unpacked, filter="data")
            (unpacked / f"keycloak-{VERSION}").rename(home)
            unpacked.rmdir()
    return home


def _check_java() -> None:
    if shutil.which("java") is None:
        raise KeycloakMissing("Keycloak needs Java 17 or newer, and there is none here")
    said = subprocess.run(
        ["java", "-XshowSettings:properties", "-version"], capture_output=True, text=True, timeout=60, check=False
    )
    version = next((line for line in said.stderr.splitlines() if "java.specification.version" in line), "= 0")
    if float(version.partition("=")[2]) < LEAST_JAVA:
        raise KeycloakMissing(f"Keycloak needs Java {LEAST_JAVA} or newer, here is{version.partition('=')[2]}")


def _archive(cache: Path) -> Path:
    path = cache / f"keycloak-quarkus-dist-{VERSION}.tar.gz"
    if not path.exists():
        if shutil.which("mvn") is None:
            raise KeycloakMissing("Keycloak comes from the Maven registry, and there is no Maven here")
        artifact = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:tar.gz"
        asked = ["mvn", "-B", "-q", FETCHER, f"-Dartifact={artifact}", f"-DoutputDirectory={cache}"]
        try:
            done = subprocess.run(
                asked, cwd=cache, capture_output=True, timeout=FETCH_S, stdin=subprocess.DEVNULL, check=False
            )
        except subprocess.TimeoutExpired:
            raise KeycloakMissing(f"Keycloak did not come from the Maven registry in {FETCH_S} s") from None
        if done.returncode or not path.exists():
            raise KeycloakMissing("Keycloak cannot be fetched: the Maven registry is out of reach from here")
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != DIGEST:
            path.unlink()
            raise KeycloakMissing("what came from the Maven registry is not the Keycloak that we know")
    return path


def _start(home: Path, folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    port = free_port()
    url, log = f"http://127.0.0.1:{port}", folder / "keycloak.log"
    with _alone(home.parent / "keycloak.lock"):  # the first start rebuilds what lies in the distribution
        process = _launched(home, log, port)
        if not until(lambda: process.poll() is not None or _answers(url), within_s=START_S):
            process.kill()
        if process.poll() == REBUILT:
            process = _launched(home, log, port, "-Dkc.config.built=true")
            until(lambda: process.poll() is not None or _answers(url), within_s=START_S)
    if process.poll() is not None or not _answers(url):
        process.kill()
        raise AssertionError(f"Keycloak did not start:\n{log.read_text(errors='replace')[-4000:]}")
    return process, url


def _launched(home: Path, log: Path, port: int, *more: str) -> subprocess.Popen[bytes]:
    """What bin/kc.sh does, without a shell between that would leave the server behind when it is killed."""
    properties = {
        "java.util.concurrent.ForkJoinPool.common.threadFactory": (
            "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory"
        ),
        "kc.home.dir": home,
        "jboss.server.config.dir": home / "conf",
        "java.util.logging.manager": "org.jboss.logmanager.LogManager",
        "picocli.disable.closures": "true",
        "quarkus-log-max-startup-records": "10000",
    }
    command = [
        "java",
        *more,
        *JAVA_OPTIONS,
        *(f"--add-opens={package}=ALL-UNNAMED" for package in OPENED),
        *(f"-D{name}={value}" for name, value in properties.items()),
        *("-cp", str(home / "lib" / "quarkus-run.jar"), "io.quarkus.bootstrap.runner.QuarkusEntryPoint"),
        *("start-dev", "--db=dev-mem", "--cache=local", f"--http-port={port}", "--http-host=127.0.0.1"),
    ]
    with log.open("ab") as file:
        return subprocess.Popen(
            tether.command(command, signum=signal.SIGKILL),
            cwd=log.parent,
            env={**os.environ, **ADMIN},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
        )


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/realms/master", timeout=10).status_code == 200
    except httpx.TransportError:
        return False
