# path: src/antiphon/domains/catalog/api.py
import sqlalchemy as sa
from sqlalchemy import select as pick
from sqlalchemy.dialects.postgresql import insert


def find(album_id):
    pick(album_id)  # expect
    insert(album_id)  # expect
    return sa.text("SELECT 1")  # expect
