import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

# Terms and facets are read for every match: they stay in the row, uncompressed. The vector is
# read only to verify phrases: it leaves the row.
STORAGE = """
ALTER TABLE publications_searchdocument
    ALTER COLUMN facets SET STORAGE PLAIN,
    ALTER COLUMN terms SET STORAGE PLAIN,
    ALTER COLUMN vector SET STORAGE EXTERNAL;
ALTER TABLE publications_pagetext ALTER COLUMN vector SET STORAGE EXTERNAL;
ALTER TABLE publications_attachmenttext
    ALTER COLUMN terms SET STORAGE EXTERNAL, ALTER COLUMN vector SET STORAGE EXTERNAL;
ALTER TABLE publications_searchcount SET (fillfactor = 70);
DROP TEXT SEARCH CONFIGURATION IF EXISTS publications;
CREATE AGGREGATE tsvector_agg (tsvector) (SFUNC = tsvector_concat, STYPE = tsvector);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("publications", "0003_seed_kinds"),
    ]

    operations = [
        # Rebuilt from the publications: `manage.py search_index` after the migration.
        migrations.DeleteModel("SearchDocument"),
        migrations.CreateModel(
            name="AttachmentText",
            fields=[
                (
                    "attachment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="publications.attachment",
                    ),
                ),
                ("length", models.PositiveIntegerField()),
                (
                    "terms",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField()),
                ),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.CreateModel(
            name="PageText",
            fields=[
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="publications.attachmentpage",
                    ),
                ),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.CreateModel(
            name="SearchChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("publication_id", models.BigIntegerField(db_index=True)),
                ("added", django.contrib.postgres.fields.ArrayField(base_field=models.TextField())),
                (
                    "removed",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField()),
                ),
                ("length", models.BigIntegerField()),
                ("words", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="SearchCount",
            fields=[
                (
                    "lexeme",
                    models.CharField(
                        db_collation="C", max_length=255, primary_key=True, serialize=False
                    ),
                ),
                ("documents", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "word",
                    models.CharField(
                        db_collation="C", max_length=100, primary_key=True, serialize=False
                    ),
                ),
                ("lexeme", models.CharField(db_collation="C", max_length=255)),
            ],
        ),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "publication",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_document",
                        serialize=False,
                        to="publications.publication",
                    ),
                ),
                ("public_from", models.DateTimeField(null=True)),
                ("title_key", models.BigIntegerField()),
                ("day", models.IntegerField()),
                ("length", models.PositiveIntegerField()),
                ("facets", models.BinaryField()),
                (
                    "terms",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField()),
                ),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["vector"], name="search_document_vector"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchLabel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("title", "Publications"),
                            ("author", "People"),
                            ("tag", "Topics"),
                            ("outlet", "Outlets"),
                            ("series", "Series"),
                            ("kind", "Kinds"),
                        ],
                        max_length=6,
                    ),
                ),
                ("word", models.CharField(db_collation="C", max_length=100)),
                ("weight", models.BigIntegerField()),
                ("object_id", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["source", "word", "-weight", "object_id"],
                        name="search_label_by_word",
                    ),
                    models.Index(fields=["source", "object_id"], name="search_label_by_object"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchSpelling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(db_collation="C", max_length=300)),
                ("word", models.CharField(db_collation="C", max_length=100)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key", "word"), name="search_spelling_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("query", models.CharField(max_length=200, verbose_name="search")),
                ("searches", models.PositiveIntegerField(default=0, verbose_name="searches")),
                ("empty", models.PositiveIntegerField(default=0, verbose_name="found nothing")),
                ("opened", models.PositiveIntegerField(default=0, verbose_name="opened a result")),
            ],
            options={
                "verbose_name": "searches of a day",
                "verbose_name_plural": "what readers search",
                "ordering": ["-day", "-searches"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("day"),
                        django.db.models.functions.text.Lower("query"),
                        name="search_tally_unique",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Synonym",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "terms",
                    models.TextField(
                        help_text="One a line, such as DPRK, North Korea and 북한: each finds all of them.",
                        verbose_name="words and names",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
            ],
            options={
                "verbose_name": "synonym",
                "verbose_name_plural": "synonyms",
                "ordering": ["terms"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("terms__regex", "\\S")), name="synonym_has_terms"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BestBet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "query",
                    models.CharField(
                        help_text="What a reader types, such as thaad.",
                        max_length=200,
                        verbose_name="search",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        db_collation="C", db_index=True, editable=False, max_length=300
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="best_bets",
                        to="publications.publication",
                        verbose_name="publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "best bet",
                "verbose_name_plural": "best bets",
                "ordering": ["query", "position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("query__regex", "\\S")), name="best_bet_has_a_query"
                    ),
                    models.UniqueConstraint(
                        fields=("key", "publication"),
                        name="best_bet_once",
                        violation_error_message="This search shows this publication already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SynonymKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(db_collation="C", max_length=300)),
                ("first", models.CharField(db_collation="C", db_index=True, max_length=255)),
                (
                    "synonym",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="keys",
                        to="publications.synonym",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("synonym", "key"), name="synonym_key_unique")
                ],
            },
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
    ]
