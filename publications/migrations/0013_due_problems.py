import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publications", "0012_preview_links")]

    operations = [
        migrations.CreateModel(
            name="DueProblem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[("withdraw", "Withdrawal"), ("release", "Publishing of changes")],
                        max_length=8,
                        verbose_name="what came due",
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("said", models.TextField(verbose_name="what was wrong")),
                ("is_done", models.BooleanField(default=False, verbose_name="done all the same")),
                (
                    "noticed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="noticed"),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="due_problems",
                        to="publications.publication",
                        verbose_name="publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "problem with a schedule",
                "verbose_name_plural": "problems with schedules",
                "ordering": ["-noticed_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("publication", "act", "due_at"), name="due_problem_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("act__in", ["withdraw", "release"])),
                        name="due_act_known",
                    ),
                ],
            },
        ),
    ]
