"""What it costs to know who asks, what a storm of sign-ins does to everybody else, and what the clock gives away.

`python -m benchmarks identity`.
"""

from __future__ import annotations

import http.client
import multiprocessing
import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import msgspec

from benchmarks.driver import drive
from benchmarks.house import House, Person, house, own_home
from benchmarks.report import Row, Section

__all__ = ["measure"]

OVERHEAD_MS = 0.3
STORM_P99_MS = 50.0
PEOPLE = 8
ROUNDS, ROUND_S, CONNECTIONS = 8, 0.5, 8
STORM_CLIENTS, STORM_S, GETS_A_SECOND = 32, 6.0, 100
PAIRS_AT_MOST, QUESTION_S = 150, 8.0
SURE = 0.99


def measure() -> list[Section]:
    with own_home() as home:
        with house(home) as running:
            people = [Person.register(running) for _ in range(PEOPLE)]
            sections = [_overhead(running, people[0]), _storm(running, people)]
        letters = home.parent / "letters"
        mail = {"ANTIPHON_MAIL_URL": letters.as_uri(), "ANTIPHON_MAIL_FROM": "Benchmark <bench@example.org>"}
        with house(home, mail) as running:
            sections.append(_enumeration(running, [person.handle for person in people]))
    return sections


# Who asks


def _overhead(running: House, person: Person) -> Section:
    """The same public route for a guest and for somebody it has to know; rounds of all of them in turn."""
    path = f"/api/v1/users/{person.ask('GET', '/users/me')['id']}"
    ways = {"nobody": "", **_ways(running, person)}
    for way in list(ways)[1:]:  # a cookie that is not known would be measured as a guest
        if drive(running.port, ["/api/v1/users/me"], connections=1, seconds=0.1, headers=ways[way]).failures:
            raise RuntimeError(f"nobody is known by {way}")
    spent: dict[str, list[float]] = {way: [] for way in ways}
    choose = random.Random(1)
    for number in range(ROUNDS + 1):
        for way in choose.sample(list(ways), len(ways)):
            before = running.cpu_s("web")
            load = drive(running.port, [path], connections=CONNECTIONS, seconds=ROUND_S, headers=ways[way])
            if load.failures:
                raise RuntimeError(f"{path} as {way}: {load.failures} of {len(load.latencies_ms)} failed")
            if number:  # the first is the warm-up
                spent[way].append((running.cpu_s("web") - before) / len(load.latencies_ms) * 1000)
    section = Section("Who asks: CPU of the web process a request, over the same route for a guest")
    guest = statistics.median(spent["nobody"])
    section.rows.append(Row("guest", f"{guest:.2f} ms"))
    for way in list(ways)[1:]:
        more = statistics.median(one - other for one, other in zip(spent[way], spent["nobody"], strict=True))
        figure = f"{more:+.2f} ms (in all {statistics.median(spent[way]):.2f} ms)"
        section.rows.append(Row(way, figure, f"< {OVERHEAD_MS} ms", "", more < OVERHEAD_MS))
    section.notes.append(f"GET /users/{{id}}: one query. Medians of {ROUNDS} rounds of {ROUND_S} s each, in turn.")
    return section


def _ways(running: House, person: Person) -> dict[str, str]:
    """Lines of headers by the way in which they say who asks."""
    _, cookies = _post(
        running.port, "/auth/login", _form(person.handle, person.password), {"Antiphon-Session": "cookie"}
    )
    key = person.ask("POST", "/users/me/api-keys", {"name": "Benchmark", "scopes": ["profile"]})["key"]
    return {
        "bearer token": f"Authorization: {person.headers['Authorization']}\r\n",
        "cookie": f"Cookie: {cookies}\r\n",
        "API key": f"X-API-Key: {key}\r\n",
    }


# A storm of sign-ins


def _storm(running: House, people: Sequence[Person]) -> Section:
    section = Section(f"A storm of sign-ins: {STORM_CLIENTS} at once, Argon2id with 64 MiB, 3 passes, 4 lanes")
    quiet = _gets(running.port, STORM_S / 3)
    context = multiprocessing.get_context("spawn")
    accounts = [(person.handle, person.password) for person in people]
    with context.Pool(1) as pool:
        pool.apply(_ready)  # the child has started and imported
        storm = pool.apply_async(_sign_in_all, (running.port, accounts, STORM_S))
        time.sleep(0.5)  # until the queue is full
        during = _gets(running.port, STORM_S - 1)
        answers, took = storm.get(STORM_S + 60)
    p99 = _percentile(during, 99)
    section.rows += [
        Row("plain GET before it", _latencies(quiet)),
        Row("plain GET meanwhile", _latencies(during), f"p99 < {STORM_P99_MS:.0f} ms", "", p99 < STORM_P99_MS),
        Row("sign-ins", f"{answers[200] / took:.1f}/s", "", f"told to come back (503 busy): {answers[503]}"),
    ]
    other = sum(answers.values()) - answers[200] - answers[503]
    if other:
        section.rows.append(Row("other answers", str(other), "none", "", False))
    section.notes.append(
        f"GET /auth/methods, {GETS_A_SECOND} a second, timed from when each was due. "
        "Who is told that we are busy waits a second. Limits and lockout are off."
    )
    return section


def _ready() -> None:
    """For the pool's process to say that it is there."""


def _sign_in_all(port: int, accounts: Sequence[tuple[str, str]], seconds: float) -> tuple[Counter[int], float]:
    """How often each status was answered, and in how many seconds."""
    answers: Counter[int] = Counter()
    began = time.monotonic()

    def go_on(number: int) -> None:
        handle, password = accounts[number % len(accounts)]
        while time.monotonic() - began < seconds:
            status, _ = _post(port, "/auth/login", _form(handle, password))
            answers[status] += 1  # one bytecode too many for a race to matter in a count of hundreds
            if status == 503:
                time.sleep(1)

    threads = [threading.Thread(target=go_on, args=(number,)) for number in range(STORM_CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers, time.monotonic() - began


def _gets(port: int, seconds: float) -> list[float]:
    """Milliseconds, sorted; a late answer makes those behind it late too, as people would see it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times: list[float] = []
    began = time.perf_counter()
    try:
        for number in range(int(seconds * GETS_A_SECOND)):
            due = began + number / GETS_A_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            connection.request("GET", "/api/v1/auth/methods")
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                raise RuntimeError(f"/auth/methods: {response.status}")
            times.append((time.perf_counter() - due) * 1000)
    finally:
        connection.close()
    return sorted(times)


def _latencies(times: Sequence[float]) -> str:
    return f"p50 {_percentile(times, 50):.1f}, p99 {_percentile(times, 99):.1f}, longest {times[-1]:.1f} ms"


def _percentile(times: Sequence[float], percent: float) -> float:
    """Nearest rank of sorted numbers."""
    return times[max(0, min(len(times) - 1, round(percent / 100 * len(times) + 0.5) - 1))]


# What the clock gives away


@dataclass(frozen=True, slots=True)
class _Question:
    """`body` makes the form for an address; both kinds of addresses get the same `status`."""

    what: str
    path: str
    status: int
    body: Callable[[str], dict[str, str]]


def _address(handle: str) -> dict[str, str]:
    return {"email": f"{handle}@example.org"}


def _form(handle: str, password: str) -> dict[str, str]:
    return {**_address(handle), "password": password}


def _wrong(handle: str) -> dict[str, str]:
    return _form(handle, "not the password")


def _sign_up(handle: str) -> dict[str, str]:
    new = f"new_{uuid4().hex[:10]}"  # handles are public: one that is taken is told
    return {**_form(handle, "correct horse battery"), "handle": new, "display_name": "Benchmark"}


_QUESTIONS = (
    _Question("sign in, wrong password", "/auth/login", 401, _wrong),
    _Question("forgot my password", "/auth/password/forgot", 202, _address),
    _Question("register, with mail", "/auth/register", 202, _sign_up),
)


def _enumeration(running: House, known: Sequence[str]) -> Section:
    section = Section("What the clock gives away: addresses that have an account, and addresses that have none")
    for question in _QUESTIONS:
        there, nowhere = _asked(running.port, question, known)
        difference = statistics.median(there) - statistics.median(nowhere)
        low, high = _interval(there, nowhere)
        section.rows.append(
            Row(
                question.what,
                f"{statistics.median(there):.2f} and {statistics.median(nowhere):.2f} ms; "
                f"difference {difference:+.2f} ms ({low:+.2f} to {high:+.2f})",
                "no difference beyond noise",
                f"{len(there)} of each",
                low <= 0 <= high,
            )
        )
    section.notes.append(
        f"Medians; each pair in an order by chance. In brackets where the difference lies with {SURE:.0%} certainty "
        "(bootstrap): a row in a hundred misses by chance alone."
    )
    return section


def _asked(port: int, question: _Question, known: Sequence[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of the answers for known and unknown addresses."""
    choose = random.Random(question.path)
    times: dict[bool, list[float]] = {True: [], False: []}
    until = time.monotonic() + QUESTION_S
    for number in range(PAIRS_AT_MOST):
        if time.monotonic() > until and len(times[False]) > 1:
            break
        for exists in choose.sample((True, False), 2):
            handle = known[number % len(known)] if exists else f"nobody_{uuid4().hex[:10]}"
            began = time.perf_counter()
            status, _ = _post(port, question.path, question.body(handle))
            took = (time.perf_counter() - began) * 1000
            if status != question.status:
                raise RuntimeError(f"{question.path}: {status}")
            if number > 1:  # the first two warm up
                times[exists].append(took)
    return times[True], times[False]


def _interval(ones: Sequence[float], others: Sequence[float], times: int = 1000) -> tuple[float, float]:
    """Where the difference of the medians lies with the certainty `SURE`."""
    choose = random.Random(1)
    found = sorted(
        statistics.median(choose.choices(ones, k=len(ones))) - statistics.median(choose.choices(others, k=len(others)))
        for _ in range(times)
    )
    edge = round(times * (1 - SURE) / 2)
    return found[edge], found[-1 - edge]


def _post(port: int, path: str, body: Any, headers: dict[str, str] | None = None) -> tuple[int, str]:
    """Status, and the cookies as they are sent back."""
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    try:
        sent = {"Content-Type": "application/json", **(headers or {})}
        connection.request("POST", f"/api/v1{path}", msgspec.json.encode(body), sent)
        response = connection.getresponse()
        response.read()
        return response.status, "; ".join(_set_cookies(response))
    finally:
        connection.close()


def _set_cookies(response: http.client.HTTPResponse) -> Iterator[str]:
    for line in response.headers.get_all("set-cookie") or ():
        yield line.partition(";")[0]
