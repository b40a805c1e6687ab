"""Steps of works are kept, and cannot be altered; who may approve; two people for each work."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

CREATE = """
CREATE FUNCTION publications_workflow_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Deleting an account cuts the link to it and may do nothing else; the name stays.
    IF TG_OP = 'UPDATE' AND NEW.by_id IS NULL
        AND to_jsonb(NEW) - 'by_id' = to_jsonb(OLD) - 'by_id'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Steps of publications are never changed or deleted.'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER workflow_event_is_append_only BEFORE UPDATE OR DELETE ON publications_workflowevent
    FOR EACH ROW EXECUTE FUNCTION publications_workflow_event_is_append_only();
"""
DROP = """
DROP TRIGGER workflow_event_is_append_only ON publications_workflowevent;
DROP FUNCTION publications_workflow_event_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("publications", "0009_every_refused_save_is_kept"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="publication",
            options={
                "ordering": ["-published_at", "-pk"],
                "permissions": [
                    ("approve_publication", "Can approve and send back"),
                    ("publish_publication", "Can publish, schedule and withdraw"),
                ],
                "verbose_name": "publication",
                "verbose_name_plural": "publications",
            },
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="two_person_rule",
            field=models.BooleanField(
                default=False,
                help_text="Whoever changed a work since it was last approved cannot approve it.",
                verbose_name="two people for each work",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="wants_review_mail",
            field=models.BooleanField(
                default=True,
                help_text="When a work waits for this person, or one of theirs takes a step.",
                verbose_name="mail about reviews",
            ),
        ),
        migrations.CreateModel(
            name="WorkflowEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("move", models.CharField(max_length=20, verbose_name="step")),
                (
                    "before",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("approved", "Approved"),
                            ("published", "Published"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                        verbose_name="from",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("approved", "Approved"),
                            ("published", "Published"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                        verbose_name="to",
                    ),
                ),
                ("by_name", models.CharField(blank=True, max_length=310, verbose_name="by")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="time"),
                ),
                ("comment", models.CharField(blank=True, max_length=500, verbose_name="comment")),
                ("revision", models.PositiveIntegerField(verbose_name="revision")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="workflow_events",
                        to="publications.publication",
                        verbose_name="publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a publication",
                "verbose_name_plural": "steps of publications",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["publication", "-id"], name="workflow_events_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "after__in",
                                ["draft", "in_review", "approved", "published", "withdrawn"],
                            ),
                            (
                                "before__in",
                                ["draft", "in_review", "approved", "published", "withdrawn"],
                            ),
                        ),
                        name="workflow_event_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("move", ""), _negated=True),
                        name="workflow_event_has_a_name",
                    ),
                ],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
