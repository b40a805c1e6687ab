"""Removing files: never one that is shown or that history can bring back."""

import os
import time
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from publications.actions import editing
from publications.models import Attachment, Image, PendingChange, SiteSettings
from publications.snapshots import take
from tests.factories import a_work
from tests.publications.desk import save
from tests.publications.uploads import a_picture

WORDS = {"alt": "A ship", "credit": "Staff"}


def stored(root: Any) -> set[str]:
    return {str(each.relative_to(root)) for each in Path(root).rglob("*") if each.is_file()}


def age(root: Any) -> None:
    before = time.time() - 3 * 24 * 3600
    for each in Path(root).rglob("*"):
        if each.is_file():
            os.utime(each, (before, before))


def test_only_what_nothing_leads_to_is_removed(
    staff: Client, admin_user: Any, settings: Any
) -> None:
    root = settings.MEDIA_ROOT
    save(staff, "image", file=SimpleUploadedFile("first.jpg", a_picture()), **WORDS)
    image = Image.objects.get()
    call_command("make_renditions", "--once", verbosity=0)
    save(staff, "image", image.pk, file=SimpleUploadedFile("second.jpg", a_picture()))
    old_renditions = {name for name in stored(root) if name.startswith("renditions/")}
    call_command("make_renditions", "--once", verbosity=0)
    site, _ = SiteSettings.objects.get_or_create(pk=1)
    save(staff, "sitesettings", site.pk, logo=SimpleUploadedFile("logo.png", a_picture("PNG")))
    work = a_work()
    file = Attachment(publication=work, file=ContentFile(b"words", "live.txt"))
    editing.save(work, by=admin_user, parts=[file])
    snapshot = take(work)
    snapshot["parts"]["attachments"][0]["file"] = default_storage.save(
        "attachments/waiting.txt", ContentFile(b"x")
    )
    PendingChange.objects.create(publication=work, snapshot=snapshot, base_revision=1)
    needed = stored(root) - old_renditions
    for name in ("images/2026/orphan.jpg", "attachments/orphan.pdf", "renditions/9999/a/480.webp"):
        default_storage.save(name, ContentFile(b"x"))
    call_command("remove_unused_files", verbosity=0)
    assert len(stored(root)) == len(needed | old_renditions) + 3, "what came today stays"
    age(root)
    call_command("remove_unused_files", verbosity=0)
    assert stored(root) == needed
    assert not old_renditions & stored(root)
    editing.restore(Image.objects.get(), 1, by=admin_user)
    assert Image.objects.get().file.storage.exists(Image.objects.get().file.name)
