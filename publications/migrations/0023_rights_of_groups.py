"""The three groups may look after what came later: links, merges, the trash, the checklist."""

from importlib import import_module
from typing import Any

from django.db import migrations

EDITOR = ("view_linkcheck", "change_linkcheck", "view_merge", "view_trash")
PUBLISHER = (
    *EDITOR, "delete_trash", "view_checklistrule", "change_checklistrule", "view_dueproblem",
    "delete_dueproblem",
)  # fmt: skip
GROUPS = {"Editor": EDITOR, "Publisher": PUBLISHER}


def seed(apps: Any, schema_editor: Any) -> None:
    """Add these rights to groups that still have their first names."""
    import_module("publications.migrations.0011_groups").make_permissions(apps, "publications")
    groups, permissions = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        for group in groups.objects.filter(name=name):
            group.permissions.add(
                *permissions.objects.filter(
                    content_type__app_label="publications", codename__in=codenames
                )
            )


class Migration(migrations.Migration):
    dependencies = [("publications", "0022_accounts_are_watched")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
