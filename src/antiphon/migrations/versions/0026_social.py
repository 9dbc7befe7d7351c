"""Social: likes, ratings, links to share, and the room where everybody talks."""

from antiphon.migrations.support import begin, grant, private

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KINDS = "('track', 'album', 'artist')"


def upgrade() -> None:
    run = begin()
    run("CREATE SCHEMA social")
    _opinions(run)
    _counts(run)
    _shares(run)
    _messages(run)
    grant("social")
    run("REVOKE INSERT, UPDATE, DELETE ON social.work_stats FROM antiphon_app")


def _opinions(run) -> None:  # type: ignore[no-untyped-def]
    run(
        f"""
        CREATE TABLE social.likes (
            user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            work_id uuid NOT NULL,
            kind text NOT NULL CHECK (kind IN {KINDS}),
            liked_at timestamptz NOT NULL,
            PRIMARY KEY (user_id, work_id)
        )
        """
    )
    run("CREATE INDEX likes_newest ON social.likes (user_id, kind, liked_at DESC, work_id DESC)")
    run("CREATE INDEX likes_by_work ON social.likes (work_id)")
    private("social.likes", "user_id")
    run(
        f"""
        CREATE TABLE social.ratings (
            user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            work_id uuid NOT NULL,
            kind text NOT NULL CHECK (kind IN {KINDS}),
            rating smallint NOT NULL CHECK (rating BETWEEN 1 AND 5),
            rated_at timestamptz NOT NULL,
            PRIMARY KEY (user_id, work_id)
        )
        """
    )
    run("CREATE INDEX ratings_by_work ON social.ratings (work_id)")
    private("social.ratings", "user_id")


def _counts(run) -> None:  # type: ignore[no-untyped-def]
    """What everybody may know: how many, never who. Only the triggers write it."""
    run(
        f"""
        CREATE TABLE social.work_stats (
            work_id uuid PRIMARY KEY,
            kind text NOT NULL CHECK (kind IN {KINDS}),
            likes int NOT NULL DEFAULT 0 CHECK (likes >= 0),
            raters int NOT NULL DEFAULT 0 CHECK (raters >= 0),
            rating_sum bigint NOT NULL DEFAULT 0 CHECK (rating_sum >= 0),
            average double precision GENERATED ALWAYS AS
                (CASE WHEN raters > 0 THEN rating_sum::double precision / raters END) STORED
        )
        """
    )
    run("CREATE INDEX work_stats_best ON social.work_stats (kind, average DESC, raters DESC, work_id) WHERE raters > 0")
    _counted(run, "likes", "likes", "1 AS likes, 0 AS raters, 0 AS rating_sum")
    _counted(run, "ratings", "ratings", "0 AS likes, 1 AS raters, rating AS rating_sum")


def _counted(run, table: str, name: str, worth: str) -> None:  # type: ignore[no-untyped-def]
    for event, told in {
        "insert": "NEW TABLE AS after_rows",
        "update": "OLD TABLE AS before_rows NEW TABLE AS after_rows",
        "delete": "OLD TABLE AS before_rows",
    }.items():
        sides = [(1, "after_rows")] * (event != "delete") + [(-1, "before_rows")] * (event != "insert")
        steps = " UNION ALL ".join(
            f"SELECT work_id, kind, {sign} * likes AS likes, {sign} * raters AS raters, "
            f"{sign} * rating_sum AS rating_sum "
            f"FROM (SELECT work_id, kind, {worth} FROM {rows}) r{position}"
            for position, (sign, rows) in enumerate(sides)
        )
        run(
            f"""
            CREATE FUNCTION social.count_{name}_on_{event}() RETURNS trigger
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
            BEGIN
                WITH change AS (
                    SELECT work_id, kind, sum(likes) AS likes, sum(raters) AS raters, sum(rating_sum) AS rating_sum
                    FROM ({steps}) steps GROUP BY work_id, kind
                    HAVING sum(likes) <> 0 OR sum(raters) <> 0 OR sum(rating_sum) <> 0 ORDER BY work_id
                ), held AS (
                    SELECT s.work_id FROM social.work_stats s JOIN change USING (work_id)
                    ORDER BY s.work_id FOR UPDATE OF s
                ), changed AS (
                    UPDATE social.work_stats s SET likes = s.likes + c.likes, raters = s.raters + c.raters,
                           rating_sum = s.rating_sum + c.rating_sum
                    FROM change c JOIN held USING (work_id) WHERE s.work_id = c.work_id RETURNING s.work_id
                )
                INSERT INTO social.work_stats AS s (work_id, kind, likes, raters, rating_sum)
                SELECT work_id, kind, likes, raters, rating_sum FROM change
                WHERE work_id NOT IN (SELECT work_id FROM changed)
                ON CONFLICT (work_id) DO UPDATE SET likes = s.likes + excluded.likes,
                    raters = s.raters + excluded.raters, rating_sum = s.rating_sum + excluded.rating_sum;
                RETURN NULL;
            END $$
            """
        )
        run(
            f"CREATE TRIGGER count_{name}_on_{event} AFTER {event.upper()} ON social.{table} REFERENCING {told} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION social.count_{name}_on_{event}()"
        )


def _shares(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE social.shares (
            id uuid PRIMARY KEY,
            user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            description text NOT NULL DEFAULT '',
            created_at timestamptz NOT NULL,
            expires_at timestamptz,
            visits bigint NOT NULL DEFAULT 0,
            last_visited_at timestamptz,
            version int NOT NULL DEFAULT 1
        )
        """
    )
    run("COMMENT ON COLUMN social.shares.id IS 'Random throughout: who knows it was given the link'")
    run("CREATE INDEX shares_by_user ON social.shares (user_id, created_at DESC, id DESC)")
    private("social.shares", "user_id")
    run(
        f"""
        CREATE TABLE social.share_items (
            share_id uuid NOT NULL REFERENCES social.shares (id) ON DELETE CASCADE,
            position int NOT NULL,
            work_id uuid NOT NULL,
            kind text NOT NULL CHECK (kind IN {KINDS}),
            PRIMARY KEY (share_id, position)
        )
        """
    )
    run("CREATE INDEX share_items_by_work ON social.share_items (work_id)")
    private("social.share_items", "(SELECT s.user_id FROM social.shares s WHERE s.id = share_id)")


def _messages(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE social.messages (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            text text NOT NULL CHECK (text <> ''),
            sent_at timestamptz NOT NULL
        )
        """
    )
    run("CREATE INDEX messages_by_time ON social.messages (sent_at, id)")
    run("CREATE INDEX messages_by_user ON social.messages (user_id)")
    private("social.messages", "user_id")
    run(
        "CREATE POLICY heard_in_the_room ON social.messages FOR SELECT "
        "USING (nullif(current_setting('antiphon.actor', true), '') IS NOT NULL)"
    )
