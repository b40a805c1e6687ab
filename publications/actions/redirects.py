"""Keeping old addresses alive."""

from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from publications.models import Redirect


@transaction.atomic
def lead(old: str, new: str) -> None:
    """Send readers of the path `old` to `new`, whatever led to or from either before.

    Chains collapse into one hop, and a path that answers again leads nowhere
    else: no loop can arise. Paths are kept readable, not percent-encoded.
    """
    old, new = unquote(old), unquote(new)
    if old == new:
        return
    Redirect.objects.filter(old_path=new).delete()
    Redirect.objects.filter(target=old).update(target=new)
    Redirect.objects.update_or_create(old_path=old, defaults={"target": new})


@transaction.atomic
def save_redirect(redirect: Redirect) -> Redirect:
    """Write a redirect that staff entered, straight to where its target leads."""
    ensure_no_loop(redirect)
    redirect.old_path = unquote(redirect.old_path)
    onward = Redirect.objects.filter(old_path=unquote(redirect.target)).exclude(pk=redirect.pk)
    if found := onward.first():
        redirect.target = found.target
    Redirect.objects.filter(target=redirect.old_path).exclude(pk=redirect.pk).update(
        target=redirect.target
    )
    redirect.save()
    return redirect


def ensure_no_loop(redirect: Redirect) -> None:
    """Refuse a redirect that leads back to where it starts."""
    start, target = unquote(redirect.old_path), unquote(redirect.target)
    onward = Redirect.objects.filter(old_path=target).exclude(pk=redirect.pk).first()
    if start in {target, onward.target if onward else ""}:
        raise ValidationError(_("This redirect would lead back to itself."), code="loop")
