# path: src/antiphon/domains/commerce/model.py
FEE = 0.15  # expect


def fee(cents: int) -> float:  # expect
    return cents / 7  # expect
