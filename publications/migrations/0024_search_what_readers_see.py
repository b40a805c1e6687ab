"""Of a work that readers see the opening of, only the opening is searched.

Documents written before hold all of the text: the first pages that are asked for write them anew.
"""

from django.db import migrations, models

WRITE_ANEW = """
UPDATE publications_searchdocument SET whole_from = '2000-01-01 00:00Z'
FROM publications_publication AS work WHERE work.id = publication_id AND work.rights <> 'full'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("publications", "0023_rights_of_groups"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="dueproblem",
            name="due_act_known",
        ),
        migrations.AddField(
            model_name="searchdocument",
            name="whole_from",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="dueproblem",
            name="act",
            field=models.CharField(
                choices=[
                    ("withdraw", "Withdrawal"),
                    ("release", "Publishing of changes"),
                    ("disclose", "Searching the whole text"),
                ],
                max_length=8,
                verbose_name="what came due",
            ),
        ),
        migrations.AddIndex(
            model_name="searchdocument",
            index=models.Index(
                condition=models.Q(("whole_from__isnull", False)),
                fields=["whole_from"],
                name="search_document_whole_from",
            ),
        ),
        migrations.AddConstraint(
            model_name="dueproblem",
            constraint=models.CheckConstraint(
                condition=models.Q(("act__in", ["withdraw", "release", "disclose"])),
                name="due_act_known",
            ),
        ),
        migrations.RunSQL(WRITE_ANEW, migrations.RunSQL.noop),
    ]
