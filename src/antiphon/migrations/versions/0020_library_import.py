"""Libraries are scanned: what lies in their folders, and what each scan did."""

from antiphon.migrations.support import begin

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    _scans(run)
    _files(run)


def _scans(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE media.scans (
            id uuid PRIMARY KEY DEFAULT uuidv7(),
            library_id uuid NOT NULL REFERENCES catalog.libraries (id) ON DELETE CASCADE,
            state text NOT NULL DEFAULT 'waiting'
                CHECK (state IN ('waiting', 'walking', 'reading', 'settling', 'done', 'cancelled', 'failed')),
            whole boolean NOT NULL DEFAULT false,
            found int NOT NULL DEFAULT 0,
            done int NOT NULL DEFAULT 0,
            folders int NOT NULL DEFAULT 0,
            added int NOT NULL DEFAULT 0,
            changed int NOT NULL DEFAULT 0,
            moved int NOT NULL DEFAULT 0,
            missing int NOT NULL DEFAULT 0,
            unreadable int NOT NULL DEFAULT 0,
            cancel_asked boolean NOT NULL DEFAULT false,
            error_code text,
            error_detail text,
            asked_at timestamptz NOT NULL,
            started_at timestamptz,
            finished_at timestamptz
        )
        """
    )
    run("COMMENT ON COLUMN media.scans.whole IS 'Every file is read anew, also where nothing changed'")
    run("COMMENT ON COLUMN media.scans.found IS 'Sound files in the folders'")
    run("CREATE UNIQUE INDEX scans_open ON media.scans (library_id) WHERE finished_at IS NULL")
    run("CREATE INDEX scans_by_library ON media.scans (library_id, id DESC)")


def _files(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE TABLE media.library_folders (
            library_id uuid NOT NULL REFERENCES catalog.libraries (id) ON DELETE CASCADE,
            path text NOT NULL,
            print bytea NOT NULL,
            beside bytea NOT NULL,
            cover text,
            files int NOT NULL,
            PRIMARY KEY (library_id, path)
        )
        """
    )
    run("COMMENT ON COLUMN media.library_folders.print IS 'Of names, sizes, times and inodes: equal means unchanged'")
    run("COMMENT ON COLUMN media.library_folders.beside IS 'The same, of cue sheets and lyrics alone'")
    run("COMMENT ON COLUMN media.library_folders.cover IS 'Name of the picture that shows the folder'")
    run(
        """
        CREATE TABLE media.library_files (
            library_id uuid NOT NULL REFERENCES catalog.libraries (id) ON DELETE CASCADE,
            folder text NOT NULL,
            name text NOT NULL,
            part int NOT NULL DEFAULT 0,
            kind text NOT NULL DEFAULT 'sound' CHECK (kind IN ('sound', 'playlist')),
            size bigint NOT NULL,
            mtime_ns bigint NOT NULL,
            inode bigint NOT NULL,
            track_id uuid,
            pid uuid,
            start_ms int,
            end_ms int,
            has_picture boolean NOT NULL DEFAULT false,
            lyrics text,
            gone_since timestamptz,
            hidden boolean NOT NULL DEFAULT false,
            error_code text,
            error_detail text,
            PRIMARY KEY (library_id, folder, name, part)
        )
        """
    )
    run("COMMENT ON COLUMN media.library_files.part IS 'From 1 in the order of a cue sheet; 0 is the whole file'")
    run("COMMENT ON COLUMN media.library_files.pid IS 'What makes it the same track wherever it lies'")
    run("COMMENT ON COLUMN media.library_files.lyrics IS 'Name of the .lrc beside it'")
    run("COMMENT ON COLUMN media.library_files.hidden IS 'The catalogue was told that the file is gone'")
    run("CREATE UNIQUE INDEX library_files_by_track ON media.library_files (track_id) WHERE track_id IS NOT NULL")
    run("CREATE INDEX library_files_by_pid ON media.library_files (library_id, pid) WHERE pid IS NOT NULL")
    run("CREATE INDEX library_files_gone ON media.library_files (library_id, inode, size) WHERE gone_since IS NOT NULL")
    run(
        "CREATE INDEX library_files_unsettled ON media.library_files (library_id, track_id) "
        "WHERE hidden <> (gone_since IS NOT NULL) AND track_id IS NOT NULL"
    )
    run(
        "CREATE INDEX library_files_unreadable ON media.library_files (library_id, folder, name) "
        "WHERE error_code IS NOT NULL"
    )
