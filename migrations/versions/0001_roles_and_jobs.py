"""The role of the running program, and the job queue in a schema of its own.

The owner migrates; ``yichuang_app``, which web and worker use, gets its rights table by table in
the migrations that make the tables. Nothing is granted by default.
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA_FILE = Path(__file__).with_name("0001_procrastinate.sql")

CREATE_ROLE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'yichuang_app') THEN
        CREATE ROLE yichuang_app NOLOGIN;
        GRANT yichuang_app TO CURRENT_USER;
    END IF;
END
$$
"""

GRANTS = """
GRANT USAGE ON SCHEMA public TO yichuang_app;
GRANT SELECT ON alembic_version TO yichuang_app;
GRANT USAGE ON SCHEMA procrastinate TO yichuang_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA procrastinate TO yichuang_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA procrastinate TO yichuang_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA procrastinate TO yichuang_app;
"""


def upgrade() -> None:
    run(CREATE_ROLE)
    run("CREATE SCHEMA procrastinate")
    run("SET LOCAL search_path TO procrastinate")
    run(SCHEMA_FILE.read_text(encoding="utf-8"))
    run('SET LOCAL search_path TO "$user", public')
    run(GRANTS)


def downgrade() -> None:
    run("DROP SCHEMA procrastinate CASCADE")
    run("REVOKE ALL ON alembic_version FROM yichuang_app")
    run("REVOKE ALL ON SCHEMA public FROM yichuang_app")


def run(script: str) -> None:
    """Send a script as it is: no placeholders, and more than one statement in it."""
    connection = op.get_bind().connection.driver_connection
    if connection is None:
        raise RuntimeError("migrations run on a live connection, not as a script")
    connection.execute(script)
