"""A person may have several versions of a thing that were refused; only the open form is one."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publications", "0008_revisions_are_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="workingcopy", name="working_copy_unique"),
        migrations.AddConstraint(
            model_name="workingcopy",
            constraint=models.UniqueConstraint(
                fields=["user", "model", "object_id"],
                condition=models.Q(("snapshot__isnull", True)),
                name="working_copy_unique",
            ),
        ),
    ]
