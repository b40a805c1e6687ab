"""The list that a new site starts with."""

from typing import Any

from django.db import migrations


def seed(apps: Any, _schema_editor: Any) -> None:
    """Add the default list where there is no list yet."""
    mailing_list = apps.get_model("newsletter", "MailingList")
    if not mailing_list.objects.exists():
        mailing_list.objects.create(
            name="New publications",
            slug="new-publications",
            description="What we have published, in one message.",
            is_default=True,
        )


class Migration(migrations.Migration):
    dependencies = [("newsletter", "0002_consent_is_append_only")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
