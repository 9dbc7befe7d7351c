# path: src/antiphon/domains/catalog/store/albums.py
import sqlalchemy as sa
from sqlalchemy import select, text

ONE = select(1)
TWO = sa.text("SELECT 2")
