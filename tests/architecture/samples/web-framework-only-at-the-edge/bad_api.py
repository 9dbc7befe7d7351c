# path: src/antiphon/domains/catalog/api.py
from litestar.exceptions import NotFoundException  # expect
import starlette.responses  # expect


def find() -> None:
    from litestar import Request  # expect, expect no-late-import
