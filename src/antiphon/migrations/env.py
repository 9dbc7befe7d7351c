"""Alembic's entry: one connection, one transaction a revision, one migrating process at a time."""

from alembic import context
from sqlalchemy import create_engine, pool, text

_ONE_AT_A_TIME = 7_202_611_201


def run() -> None:
    engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
    with engine.connect() as conn:
        conn.execute(text(f"SELECT pg_advisory_lock({_ONE_AT_A_TIME})"))
        conn.commit()
        context.configure(connection=conn, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
