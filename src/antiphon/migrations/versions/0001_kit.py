"""The house: roles, facts and their deliveries, idempotency, jobs."""

from antiphon.migrations.support import begin, grant, script

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = begin()
    run(
        """
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'antiphon_app') THEN
                CREATE ROLE antiphon_app NOLOGIN NOSUPERUSER NOBYPASSRLS;
            END IF;
            -- An owner who may not grant it does not need it either: the application has a login of its own then.
            IF NOT pg_has_role(current_user, 'antiphon_app', 'SET') THEN
                EXECUTE format('GRANT antiphon_app TO %I', current_user);
            END IF;
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE NOTICE 'the owner cannot become antiphon_app';
        END $$
        """
    )
    run("CREATE SCHEMA kit")
    run(
        """
        CREATE TABLE kit.facts (
            id uuid NOT NULL,
            name text NOT NULL,
            version int NOT NULL,
            subject uuid NOT NULL,
            payload jsonb NOT NULL,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (id, recorded_at)
        ) PARTITION BY RANGE (recorded_at)
        """
    )
    run("CREATE INDEX facts_by_subject ON kit.facts (subject, recorded_at)")
    run(
        """
        CREATE TABLE kit.deliveries (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            fact_id uuid NOT NULL,
            recorded_at timestamptz NOT NULL,
            name text NOT NULL,
            subject uuid NOT NULL,
            handler text NOT NULL,
            attempts int NOT NULL DEFAULT 0,
            due_at timestamptz NOT NULL,
            parked_at timestamptz,
            error text
        )
        """
    )
    run("CREATE INDEX deliveries_in_order ON kit.deliveries (handler, subject, id)")
    run(
        "CREATE TABLE kit.handled (handler text, fact_id uuid, at timestamptz NOT NULL, PRIMARY KEY (handler, fact_id))"
    )
    run("CREATE INDEX handled_by_age ON kit.handled (at)")
    run(
        """
        CREATE TABLE kit.answers (
            actor uuid NOT NULL,
            key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
            request bytea NOT NULL,
            status int NOT NULL,
            body bytea NOT NULL,
            at timestamptz NOT NULL,
            PRIMARY KEY (actor, key)
        )
        """
    )
    run("COMMENT ON TABLE kit.answers IS 'What a POST with an Idempotency-Key answered'")
    run("CREATE INDEX answers_by_age ON kit.answers (at)")
    _partitions(run)
    grant("kit")
    run(script("procrastinate_3_10.sql"))
    grant("public")


def _partitions(run) -> None:  # type: ignore[no-untyped-def]
    run(
        """
        CREATE FUNCTION kit.make_partitions(parent regclass, from_month date, months int) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            month date; child text; parent_name text; parent_schema text;
        BEGIN
            SELECT c.relname, n.nspname INTO parent_name, parent_schema
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = parent AND c.relkind = 'p';
            IF parent_name IS NULL THEN RAISE EXCEPTION 'not a partitioned table: %', parent; END IF;
            FOR i IN 0 .. months - 1 LOOP
                month := date_trunc('month', from_month)::date + make_interval(months => i);
                child := format('%s_%s', parent_name, to_char(month, 'YYYY_MM'));
                IF to_regclass(format('%I.%I', parent_schema, child)) IS NULL THEN
                    EXECUTE format('CREATE TABLE %I.%I PARTITION OF %s FOR VALUES FROM (%L) TO (%L)',
                        parent_schema, child, parent,
                        month::timestamp AT TIME ZONE 'UTC',
                        (month + interval '1 month')::timestamp AT TIME ZONE 'UTC');
                    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I.%I TO antiphon_app',
                        parent_schema, child);
                END IF;
            END LOOP;
        END $$
        """
    )
    run("REVOKE ALL ON FUNCTION kit.make_partitions FROM PUBLIC")
    run("GRANT EXECUTE ON FUNCTION kit.make_partitions TO antiphon_app")
    run("CREATE TABLE kit.facts_otherwise PARTITION OF kit.facts DEFAULT")
    run("SELECT kit.make_partitions('kit.facts', current_date, 3)")
