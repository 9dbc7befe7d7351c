"""Classes of requests and their numbers."""

from __future__ import annotations

import pytest

from antiphon.kit.access import needs
from antiphon.kit.cost import CLASSES, NETWORK_SHARE, class_of, cost_classes, costs


def test_a_route_names_its_class_or_its_method_does() -> None:
    assert class_of(costs("sign_in"), "GET") == "sign_in"
    for opt, changing in ((needs("account.manage"), "write"), ({}, "write"), (needs("public"), "sign_in")):
        assert [class_of(opt, method) for method in ("GET", "HEAD", "OPTIONS")] == ["read"] * 3
        assert [class_of(opt, method) for method in ("POST", "PUT", "PATCH", "DELETE")] == [changing] * 4
    with pytest.raises(KeyError):
        costs("signin")


def test_a_network_has_room_for_several() -> None:
    for cost in CLASSES:
        assert cost.network.limit == NETWORK_SHARE * cost.own.limit
        assert cost.network.window_s == cost.own.window_s
        assert cost.network.name != cost.own.name


def test_what_guesses_or_writes_letters_is_strict() -> None:
    assert {cost.name for cost in CLASSES if cost.strict} == {"sign_in", "reset", "register"}


def test_other_numbers() -> None:
    found = cost_classes(" read=7/60, register=5/3600,")
    assert (found["read"].own.limit, found["read"].own.window_s) == (7, 60)
    assert (found["register"].limit, found["register"].window_s, found["register"].strict) == (5, 3600, True)
    assert found["write"] == cost_classes(None)["write"]


@pytest.mark.parametrize(
    "text", ["read", "read=", "read=0/60", "read=5/0", "raed=5/60", "read=5/60s", "read=-5/60", "read=5"]
)
def test_numbers_that_cannot_be(text: str) -> None:
    with pytest.raises(ValueError, match="CLASS=REQUESTS/SECONDS"):
        cost_classes(text)
