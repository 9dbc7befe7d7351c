# path: src/antiphon/kit/db.py
async def unit(conn):
    yield conn
    await conn.commit()
