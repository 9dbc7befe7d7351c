"""Lyrics of tracks, in several languages, with the times of their lines and words."""

from antiphon.migrations.support import begin

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        CREATE TABLE catalog.lyrics (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            track_id uuid NOT NULL REFERENCES catalog.tracks (id) ON DELETE CASCADE,
            language text NOT NULL DEFAULT 'und' CHECK (language ~ '^[a-z]{2,3}(-[a-z0-9]{2,8})*$'),
            kind text NOT NULL DEFAULT 'main' CHECK (kind IN ('main', 'translation', 'pronunciation')),
            synced boolean NOT NULL,
            document jsonb NOT NULL,
            source text CHECK (source IN ('plain', 'lrc', 'elrc', 'ttml', 'srt')),
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            version int NOT NULL DEFAULT 1,
            UNIQUE (track_id, kind, language)
        )
        """
    )
    run("COMMENT ON TABLE catalog.lyrics IS 'Seen with their track'")
    run("COMMENT ON COLUMN catalog.lyrics.document IS 'Lines with words and their times, and who sings them'")
    run("ALTER TABLE catalog.lyrics ENABLE ROW LEVEL SECURITY")
    run(
        "CREATE POLICY with_their_track ON catalog.lyrics "
        "USING (EXISTS (SELECT FROM catalog.tracks t WHERE t.id = track_id))"
    )
    for event, rows in (
        ("insert", "SELECT id FROM after_rows"),
        ("update", "SELECT id FROM after_rows"),
        ("delete", "SELECT id FROM before_rows"),
    ):
        _note(run, event, rows)


def _note(run, event: str, rows: str) -> None:  # type: ignore[no-untyped-def]
    run(
        f"""
        CREATE FUNCTION catalog.note_lyrics_on_{event}() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            INSERT INTO catalog.changes (kind, id) SELECT 'lyrics', r.id FROM ({rows}) r;
            IF FOUND THEN PERFORM pg_notify('antiphon_index', ''); END IF;
            RETURN NULL;
        END $$
        """
    )
    told = {
        "insert": "NEW TABLE AS after_rows",
        "update": "NEW TABLE AS after_rows",
        "delete": "OLD TABLE AS before_rows",
    }[event]
    run(
        f"CREATE TRIGGER note_lyrics_on_{event} AFTER {event.upper()} ON catalog.lyrics REFERENCING {told} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION catalog.note_lyrics_on_{event}()"
    )
