"""Publishers may do everything with the newsletter, until whoever keeps the accounts says no."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations


def seed(apps: Any, schema_editor: Any) -> None:
    """Give the group its rights to the newsletter, unless it has some already."""
    config = apps.get_app_config("newsletter")
    # In a migration an app has no module of models, and Django would pass it over.
    if not getattr(config, "models_module", None):
        config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    ours = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="newsletter")
    group = apps.get_model("auth", "Group").objects.filter(name="Publisher").first()
    if group and not group.permissions.filter(content_type__app_label="newsletter").exists():
        group.permissions.add(*ours)


class Migration(migrations.Migration):
    dependencies = [
        ("newsletter", "0006_sender_seen"),
        ("publications", "0011_groups"),
    ]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
