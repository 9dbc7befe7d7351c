# path: src/antiphon/domains/catalog/routes/albums.py
from litestar import get


@get("/albums")
async def albums() -> None: ...
