# path: src/antiphon/domains/catalog/api.py
from antiphon.domains.catalog import store


def select(items):
    return items


async def find(conn, cache, album_id):
    cache.update({})
    select([album_id])
    return await store.delete(conn, album_id)
