"""The full-text index over incidents_searchtext; on SQLite triggers keep it in step with that table."""

from django.db import migrations

SQLITE = (
    """CREATE VIRTUAL TABLE incidents_search USING fts5(
        body, content='incidents_searchtext', content_rowid='position',
        tokenize='unicode61 remove_diacritics 2', prefix='2 3')""",
    """CREATE TRIGGER incidents_search_added AFTER INSERT ON incidents_searchtext BEGIN
        INSERT INTO incidents_search(rowid, body) VALUES (new.position, new.body);
    END""",
    """CREATE TRIGGER incidents_search_removed AFTER DELETE ON incidents_searchtext BEGIN
        INSERT INTO incidents_search(incidents_search, rowid, body) VALUES ('delete', old.position, old.body);
    END""",
    """CREATE TRIGGER incidents_search_changed AFTER UPDATE ON incidents_searchtext BEGIN
        INSERT INTO incidents_search(incidents_search, rowid, body) VALUES ('delete', old.position, old.body);
        INSERT INTO incidents_search(rowid, body) VALUES (new.position, new.body);
    END""",
)
POSTGRESQL = (
    """ALTER TABLE incidents_searchtext ADD COLUMN vector tsvector GENERATED ALWAYS AS
        (to_tsvector('simple', regexp_replace(body, '[^[:alnum:]]+', ' ', 'g'))) STORED""",
    "CREATE INDEX incidents_searchtext_vector ON incidents_searchtext USING gin (vector)",
)


def make_index(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE incidents_searchtext DROP COLUMN vector")
        return
    for name in ("added", "removed", "changed"):
        schema_editor.execute(f"DROP TRIGGER incidents_search_{name}")
    schema_editor.execute("DROP TABLE incidents_search")


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]
    operations = [migrations.RunPython(make_index, drop_index)]
