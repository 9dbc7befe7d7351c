"""Money as integer minor units with an ISO 4217 currency; no float ever."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CurrencyMismatch", "Money"]


class CurrencyMismatch(ValueError):
    """Amounts of two currencies were added or compared."""


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in minor units (cents, yen), `currency` as three capital letters."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise ValueError(f"not an ISO 4217 code: {self.currency!r}")

    def __add__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def allocate(self, weights: list[int]) -> list[Money]:
        """Split by integer weights; the parts always add up to the whole.

        Minor units left over by rounding go to the largest remainders, earlier parts first.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("weights must be non-negative and not all zero")
        sign = -1 if self.amount < 0 else 1
        magnitude = abs(self.amount)
        shares = [magnitude * weight // total for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(magnitude * weights[i] % total), i))
        for index in by_remainder[: magnitude - sum(shares)]:
            shares[index] += 1
        return [Money(sign * share, self.currency) for share in shares]

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
