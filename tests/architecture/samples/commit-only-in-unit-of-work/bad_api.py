# path: src/antiphon/domains/catalog/api.py
async def publish(uow, album_id):
    await uow.conn.execute("...")
    await uow.conn.commit()  # expect
