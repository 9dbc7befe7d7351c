"""The reference pages as Markdown, one function a page."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence

import msgspec

from antiphon.domains.identity import policy
from antiphon.kit.cost import CLASSES
from tools.openapi import openapi
from tools.reference import collect, wiring

__all__ = ["PAGES", "errors", "facts", "metrics", "settings"]

NOTE = "Made from the code by `make generate`; edits here are lost."
# Their default is counted on the machine that runs, so the page names the rule instead.
COUNTED = {"web_workers": "half of the processors", "media_workers": "number of processors"}


def settings() -> str:
    rows = [
        (f"`ANTIPHON_{s.name.upper()}`", s.kind, COUNTED.get(s.name, s.default), s.text) for s in collect.settings()
    ]
    text = (
        "Each is read from the environment, then from `antiphon.toml` (the name without `ANTIPHON_`, in small "
        "letters), then its default holds. How to: [guides/configure.md](../guides/configure.md)."
    )
    return _page("Settings", text, _table(("name", "kind", "default", "meaning"), rows))


def errors() -> str:
    rows = [(f"`{e.code}`", str(e.status), e.title, _owner(e.__module__)) for e in collect.error_types()]
    text = (
        "Every refusal is `application/problem+json` with `type`, `title`, `status`, `detail` and one of these codes. "
        "A code never changes its meaning. Malformed input adds `errors`, a list of `{pointer, code, detail}`."
    )
    blocks = [_table(("code", "status", "meaning", "raised by"), rows)]
    for error in collect.error_types():
        if reasons := vars(error).get("REASONS"):
            lines = [(f"`{reason}`", meaning) for reason, meaning in reasons.items()]
            blocks += [f"## Reasons of `{error.code}`", _table(("reason", "meaning"), lines)]
    return _page("Errors", text, *blocks)


def facts() -> str:
    heard = wiring.listeners()
    rows = []
    for fact in collect.fact_types():
        fields = ", ".join(f"`{field.name}`" for field in msgspec.structs.fields(fact))
        handlers = ", ".join(f"`{name}`" for name in heard.get(fact.name, ()))
        rows.append((f"`{fact.name}`", str(fact.version), _first_line(fact), fields, handlers))
    text = "What happened, handed to every handler at least once, in order per `subject`."
    return _page("Facts", text, _table(("name", "version", "what happened", "fields", "handled by"), rows))


def jobs() -> str:
    rows = []
    for job in wiring.jobs():
        when = f"`{job.cron}` (UTC)" if job.cron else ""
        tries = f"{job.attempts}, from {job.first_wait_s} s"
        rows.append((f"`{job.name}`", job.queue, str(job.priority), tries, when, wiring.purpose(job.run)))
    text = (
        "Work in the background. A higher priority goes first; the wait between attempts doubles; "
        "after the last attempt a job stands as a dead letter that can be replayed."
    )
    return _page("Jobs", text, _table(("name", "queue", "priority", "attempts", "schedule", "does"), rows))


def commands() -> str:
    rows = [(f"`{command}`", does) for command, does in wiring.commands()]
    text = "`--help` after any of them lists its options."
    return _page("Commands", text, _table(("command", "does"), rows))


def roles() -> str:
    """Role by permission, and what each means; read from the policy itself."""
    names = list(policy.ROLES)
    rows = [
        (f"`{name}`", text, *("yes" if name in policy.ROLES[role].permissions else "" for role in names))
        for name, text in policy.PERMISSIONS.items()
    ]
    people = [(f"`{name}`", role.description) for name, role in policy.ROLES.items()]
    scopes = [(f"`{name}`", ", ".join(f"`{one}`" for one in sorted(may))) for name, may in policy.SCOPES.items()]
    text = (
        "One function decides: `can(actor, permission, resource)`. A role gives permissions, a resource adds whose it "
        "is, and a key is held to its scopes. A person may have several roles."
    )
    return _page(
        "Roles and permissions",
        text,
        _table(("role", "who"), people),
        _table(("permission", "means", *(f"`{name}`" for name in names)), rows),
        "## Scopes of keys",
        _table(("scope", "may"), scopes),
    )


def data_map() -> str:
    blocks = []
    for data in wiring.personal():
        rows = [
            (
                f"`{holding.table}`",
                holding.what,
                holding.why,
                holding.kept,
                ", ".join(f"`{name}`" for name in holding.exported) or f"no: {holding.not_exported}",
                holding.erased,
            )
            for holding in data.holdings
        ]
        blocks += [
            f"## {data.domain.capitalize()}",
            _table(("table", "what of people", "why", "how long", "in an export", "when the account is erased"), rows),
        ]
    kinds = [(f"`data/{c.name}.jsonl`", c.about) for data in wiring.personal() for c in data.contributions]
    blocks += ["## Files of an export", _table(("file", "what"), kinds)]
    text = (
        "What is kept of people, made from what every domain registers; a table that speaks of people and is not here "
        "fails a test. Beside the database there are stored files (masters, renditions, pictures, archives), which go "
        "with the rows that name them, and logs, which hold no more than ids and are the operator's to rotate."
    )
    return _page("Data map", text, *blocks)


def metrics() -> str:
    rows = []
    for metric in collect.metric_objects():
        described = next(iter(metric.describe()))
        suffix = "_total" if described.type == "counter" else ""
        labels = ", ".join(f"`{label}`" for label in metric._labelnames)
        rows.append((f"`{described.name}{suffix}`", described.type, labels, described.documentation))
    text = "Served at `/metrics` in Prometheus text format, summed over all processes of the machine."
    return _page("Metrics", text, _table(("name", "type", "labels", "meaning"), rows))


def limits() -> str:
    rows = []
    for cost in CLASSES:
        own, network = (f"{policy.limit:,} in {policy.window_s:,} s" for policy in (cost.own, cost.network))
        rows.append((f"`{cost.name}`", own, network, "503" if cost.strict else "let through", cost.purpose))
    routes = [(f"`{route}`", f"`{name}`") for route, name in wiring.named_costs()]
    text = (
        "Each request costs one unit of its class, for whoever asks and for their network. A GET belongs to `read`; "
        "other methods belong to `write`, or to `sign_in` where nobody need be signed in; other routes are listed. "
        "How to: [guides/limits.md](../guides/limits.md)."
    )
    head = ("class", "a person, key or guest", "a network", "while nobody can count", "what")
    return _page(
        "Limits", text, _table(head, rows), "## Routes with a class of their own", _table(("route", "class"), routes)
    )


def http() -> str:
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    for path, operations in openapi()["paths"].items():
        for method, operation in operations.items():
            must = f"`{permission}`" if (permission := operation.get("x-permission")) else ""
            answers = ", ".join(status for status in operation["responses"] if status not in {"default", "429"})
            row = (f"`{method.upper()} {path}`", operation.get("summary", ""), must, answers)
            found.setdefault(operation["tags"][0], []).append(row)
    blocks = []
    for tag in (tag["name"] for tag in openapi()["tags"] if tag["name"] in found):
        blocks += [f"## {tag.capitalize()}", _table(("route", "does", "permission", "answers"), found[tag])]
    text = (
        "`public` is for everybody; who has which permission stands in [roles.md](roles.md). Any route of the API may "
        "answer 429. The whole document, with all types, is served at `/api/v1/openapi.json` and as a page at "
        "`/api/v1/docs`. "
        "Sockets are not part of it: `/ws` is described in [architecture.md](../architecture.md)."
    )
    return _page("HTTP", text, *blocks)


def _owner(module: str) -> str:
    parts = module.split(".")
    return parts[2] if parts[1] == "domains" else parts[1]


def _first_line(thing: type) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def _page(title: str, text: str, *blocks: str) -> str:
    return "\n\n".join([f"# {title}", f"*{NOTE}*", text, *blocks]) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


PAGES: dict[str, Callable[[], str]] = {
    "data-map.md": data_map,
    "settings.md": settings,
    "errors.md": errors,
    "facts.md": facts,
    "jobs.md": jobs,
    "roles.md": roles,
    "metrics.md": metrics,
    "limits.md": limits,
    "http.md": http,
    "commands.md": commands,
}
