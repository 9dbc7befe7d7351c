"""The catalogue: artists and who manages them, albums, tracks with genres and credits."""

from antiphon.migrations.support import begin, grant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run("CREATE SCHEMA catalog")
    run(
        """
        CREATE TABLE catalog.artists (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            name text NOT NULL CHECK (name <> ''),
            search_key text NOT NULL,
            bio text NOT NULL DEFAULT '',
            image jsonb,
            created_by uuid REFERENCES identity.users (id) ON DELETE SET NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            version int NOT NULL DEFAULT 1
        )
        """
    )
    run("CREATE INDEX artists_by_name ON catalog.artists (search_key, id)")
    run(
        """
        CREATE TABLE catalog.artist_managers (
            artist_id uuid NOT NULL REFERENCES catalog.artists (id) ON DELETE CASCADE,
            user_id uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
            since timestamptz NOT NULL,
            PRIMARY KEY (artist_id, user_id)
        )
        """
    )
    run("CREATE INDEX artist_managers_by_user ON catalog.artist_managers (user_id)")
    run(
        """
        CREATE TABLE catalog.albums (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            artist_id uuid NOT NULL REFERENCES catalog.artists (id),
            title text NOT NULL CHECK (title <> ''),
            search_key text NOT NULL,
            kind text NOT NULL DEFAULT 'album' CHECK (kind IN ('album', 'ep', 'single', 'compilation')),
            release_date date,
            description text NOT NULL DEFAULT '',
            label text NOT NULL DEFAULT '',
            upc text,
            explicit boolean NOT NULL DEFAULT false,
            cover jsonb,
            loudness jsonb,
            published_at timestamptz,
            created_by uuid REFERENCES identity.users (id) ON DELETE SET NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            version int NOT NULL DEFAULT 1
        )
        """
    )
    run("CREATE INDEX albums_by_artist ON catalog.albums (artist_id, id)")
    run("CREATE INDEX albums_fresh ON catalog.albums (published_at DESC, id DESC) WHERE published_at IS NOT NULL")
    run("CREATE INDEX albums_by_title ON catalog.albums (search_key, id)")
    _tracks(run)
    _genres_and_credits(run)
    grant("catalog")


def _tracks(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE catalog.tracks (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            artist_id uuid NOT NULL REFERENCES catalog.artists (id),
            album_id uuid REFERENCES catalog.albums (id) ON DELETE SET NULL,
            title text NOT NULL CHECK (title <> ''),
            search_key text NOT NULL,
            disc_number int CHECK (disc_number BETWEEN 1 AND 999),
            track_number int CHECK (track_number BETWEEN 1 AND 9999),
            year int CHECK (year BETWEEN 1000 AND 9999),
            explicit boolean NOT NULL DEFAULT false,
            isrc text,
            description text NOT NULL DEFAULT '',
            cover jsonb,
            duration_ms bigint,
            status text NOT NULL DEFAULT 'processing' CHECK (status IN ('processing', 'ready', 'failed')),
            renditions_complete boolean NOT NULL DEFAULT false,
            published_at timestamptz CHECK (published_at IS NULL OR status = 'ready'),
            created_by uuid REFERENCES identity.users (id) ON DELETE SET NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            version int NOT NULL DEFAULT 1
        )
        """
    )
    run("CREATE INDEX tracks_by_artist ON catalog.tracks (artist_id, id)")
    run("CREATE INDEX tracks_by_album ON catalog.tracks (album_id, disc_number, track_number, id)")
    run("CREATE INDEX tracks_fresh ON catalog.tracks (published_at DESC, id DESC) WHERE published_at IS NOT NULL")
    run("CREATE INDEX tracks_by_title ON catalog.tracks (search_key, id)")
    run(
        """
        CREATE TABLE catalog.track_processing (
            track_id uuid PRIMARY KEY REFERENCES catalog.tracks (id) ON DELETE CASCADE,
            step text NOT NULL,
            percent int NOT NULL CHECK (percent BETWEEN 0 AND 100),
            error_code text,
            error_detail text
        )
        """
    )
    run(
        """
        CREATE TABLE catalog.track_stats (
            track_id uuid PRIMARY KEY REFERENCES catalog.tracks (id) ON DELETE CASCADE,
            plays bigint NOT NULL DEFAULT 0 CHECK (plays >= 0)
        )
        """
    )
    run("CREATE INDEX track_stats_by_plays ON catalog.track_stats (plays DESC, track_id DESC)")


def _genres_and_credits(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE catalog.genres (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            name text NOT NULL,
            key text NOT NULL UNIQUE
        )
        """
    )
    run(
        """
        CREATE TABLE catalog.track_genres (
            track_id uuid NOT NULL REFERENCES catalog.tracks (id) ON DELETE CASCADE,
            genre_id uuid NOT NULL REFERENCES catalog.genres (id) ON DELETE CASCADE,
            PRIMARY KEY (track_id, genre_id)
        )
        """
    )
    run("CREATE INDEX track_genres_by_genre ON catalog.track_genres (genre_id, track_id)")
    run(
        """
        CREATE TABLE catalog.track_credits (
            track_id uuid NOT NULL REFERENCES catalog.tracks (id) ON DELETE CASCADE,
            position int NOT NULL,
            name text NOT NULL,
            role text NOT NULL,
            artist_id uuid REFERENCES catalog.artists (id) ON DELETE SET NULL,
            PRIMARY KEY (track_id, position)
        )
        """
    )
    run("CREATE INDEX track_credits_by_artist ON catalog.track_credits (artist_id) WHERE artist_id IS NOT NULL")
