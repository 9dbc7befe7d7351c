# path: src/antiphon/domains/commerce/model.py
def split(cents: int, parts: int) -> list[int]:
    share, rest = divmod(cents, parts)
    return [share + (1 if index < rest else 0) for index in range(parts)]
