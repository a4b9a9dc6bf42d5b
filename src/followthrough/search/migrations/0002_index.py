"""The database's own full-text index over search_passage; on SQLite triggers keep it in step with that table."""

from django.db import migrations

PLACE = "(({0}.moment << 31) | {0}.id)"
SQLITE = (
    """CREATE VIRTUAL TABLE search_index USING fts5(
        words, content='', tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* Co'", prefix='1 2 3')""",
    f"""CREATE TRIGGER search_index_added AFTER INSERT ON search_passage BEGIN
        INSERT INTO search_index(rowid, words) VALUES ({PLACE.format("new")}, new.words);
    END""",
    f"""CREATE TRIGGER search_index_removed AFTER DELETE ON search_passage BEGIN
        INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', {PLACE.format("old")}, old.words);
    END""",
    f"""CREATE TRIGGER search_index_changed AFTER UPDATE OF words, moment ON search_passage
        WHEN old.words <> new.words OR old.moment <> new.moment BEGIN
        INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', {PLACE.format("old")}, old.words);
        INSERT INTO search_index(rowid, words) VALUES ({PLACE.format("new")}, new.words);
    END""",
)
POSTGRESQL = (
    """ALTER TABLE search_passage ADD COLUMN vector tsvector GENERATED ALWAYS AS
        (array_to_tsvector(string_to_array(words, ' '))) STORED""",
    "CREATE INDEX search_passage_vector ON search_passage USING gin (vector)",
    "CREATE UNIQUE INDEX search_passage_place ON search_passage (((moment << 31) | id))",
)


def make_index(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX search_passage_place")
        schema_editor.execute("ALTER TABLE search_passage DROP COLUMN vector")
        return
    for name in ("added", "removed", "changed"):
        schema_editor.execute(f"DROP TRIGGER search_index_{name}")
    schema_editor.execute("DROP TABLE search_index")


class Migration(migrations.Migration):
    in_new_databases = True

    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make_index, drop_index)]
