"""The three groups that a desk starts with; whoever keeps the accounts may change them."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

ALL = ("view", "add", "change", "delete")
# The rows inside the form of a work go with the right to write works.
WRITER = {
    **dict.fromkeys(
        (
            "kind", "series", "page", "redirect", "spotlight", "correction", "bestbet", "synonym",
            "searchtally", "sitesettings", "sociallink",
        ),
        ("view",),
    ),
    **dict.fromkeys(("publication", "author", "outlet", "tag", "image"), ("view", "add", "change")),
    **dict.fromkeys(("contribution", "tagging", "attachment"), ALL),
}  # fmt: skip
EDITOR = {
    **WRITER,
    "publication": ("view", "add", "change", "approve"),
    **dict.fromkeys(("series", "page"), ("view", "add", "change")),
    **dict.fromkeys(("redirect", "spotlight", "correction", "bestbet", "synonym"), ALL),
}
PUBLISHER = {
    **EDITOR,
    **dict.fromkeys(
        ("author", "outlet", "tag", "image", "series", "page", "kind", "sociallink"), ALL
    ),
    "publication": (*ALL, "approve", "publish"),
    "sitesettings": ("view", "change"),
}
GROUPS = {"Writer": WRITER, "Editor": EDITOR, "Publisher": PUBLISHER}


def seed(apps: Any, schema_editor: Any) -> None:
    """Add the groups that are not there yet; a group that is there stays as it is."""
    make_permissions(apps, "publications")
    groups, permissions = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, rights in GROUPS.items():
        group, created = groups.objects.get_or_create(name=name)
        if created:
            codenames = [f"{act}_{model}" for model, acts in rights.items() for act in acts]
            group.permissions.set(
                permissions.objects.filter(
                    content_type__app_label="publications", codename__in=codenames
                )
            )


def make_permissions(apps: Any, label: str) -> None:
    """Make the permissions that Django itself makes only after the last migration."""
    config = apps.get_app_config(label)
    # In a migration an app has no module of models, and Django would pass it over.
    if not getattr(config, "models_module", None):
        config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [
        ("publications", "0010_review"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
