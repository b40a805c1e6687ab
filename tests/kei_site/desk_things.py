"""One of everything that the desk has pages about, and what the pages' addresses ask for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from newsletter.models import (
    ConsentEvent,
    Delivery,
    Digest,
    MailEvent,
    NewsletterSettings,
    Suppression,
)
from publications.actions import editing
from publications.actions.merging import merge
from publications.models import (
    Attachment,
    BestBet,
    ChecklistRule,
    DueProblem,
    Image,
    Kind,
    LinkCheck,
    Page,
    Publication,
    Redirect,
    SearchTally,
    SecurityEvent,
    SiteSettings,
    Spotlight,
    Synonym,
    Trash,
)
from publications.states import Status
from tests.factories import a_series, a_tag, a_user, a_work, an_author, an_outlet
from tests.newsletter.making import a_list, a_subscriber, an_issue
from tests.publications.test_extraction import a_picture, upload

MODELS = {
    label: [str(model._meta.model_name) for model in apps.get_app_config(label).get_models()]
    for label in ("publications", "newsletter")
}
HASH = "0" * 64


MERGERS = ("change_author", "delete_author", "change_publication", "publish_publication")


def thrown_away(thing: Any) -> Trash:
    """What is in the trash when a thing was deleted."""
    editing.delete(thing, by=a_user())
    return Trash.objects.get()


def a_draft() -> Publication:
    """A draft that somebody has changed, so that it has a history."""
    return a_work("Draft", status=Status.DRAFT, authors=[an_author()], tags=[a_tag()])


MAKERS: dict[str, Callable[[], Any]] = {
    "group": lambda: Group.objects.create(name="Interns"),
    "user": a_user,
    "publication": a_draft,
    "author": an_author,
    "outlet": an_outlet,
    "tag": a_tag,
    "series": a_series,
    "kind": lambda: Kind.objects.create(name="Map", plural="Maps", slug="maps"),
    "image": lambda: Image.objects.create(
        file=upload("a.png", a_picture("PNG")), alt="A", credit="B"
    ),
    "page": lambda: Page.objects.create(title="About", slug="about-us"),
    "redirect": lambda: Redirect.objects.create(old_path="/old/", target="/about/"),
    "spotlight": lambda: Spotlight.objects.create(
        publication=a_work(), starts_at=timezone.now() + timedelta(days=900)
    ),
    "synonym": lambda: Synonym.objects.create(terms="DPRK\nNorth Korea"),
    "bestbet": lambda: BestBet.objects.create(query="thaad", key="thaad", publication=a_work()),
    "searchtally": lambda: SearchTally.objects.create(day=timezone.localdate(), query="ship"),
    "securityevent": lambda: SecurityEvent.objects.create(kind="signed_in"),
    "logentry": lambda: LogEntry.objects.create(
        user=a_user(), object_id="1", object_repr="A work", action_flag=1
    ),
    "passkeys": lambda: Authenticator.objects.create(
        user=a_user(), type="webauthn", data={"name": "Key", "credential": {}}
    ),
    "attachment": lambda: Attachment.objects.create(
        publication=a_work(), file=upload("a.txt", b"Words"), size=5
    ),
    "dueproblem": lambda: DueProblem.objects.create(
        publication=a_work(), act="withdraw", due_at=timezone.now(), said="No"
    ),
    "linkcheck": lambda: LinkCheck.objects.create(url="https://a.example/", host="a.example"),
    "checklistrule": lambda: ChecklistRule.objects.order_by("pk")[0],
    "merge": lambda: merge(an_author(), [an_author()], by=a_user(*MERGERS))[0],
    "trash": lambda: thrown_away(a_tag()),
    "sitesettings": lambda: SiteSettings.objects.get_or_create(pk=1)[0],
    "mailinglist": a_list,
    "subscriber": a_subscriber,
    "issue": lambda: an_issue(lists=[a_list()]),
    "digest": lambda: Digest.objects.create(mailing_list=a_list(), frequency="weekly"),
    "newslettersettings": lambda: NewsletterSettings.objects.get_or_create(pk=1)[0],
    "suppression": lambda: Suppression.objects.create(address_hash=HASH, reason="staff"),
    "consentevent": lambda: ConsentEvent.objects.create(
        kind="requested", address_hash=HASH, mailing_list=a_list()
    ),
    "mailevent": lambda: MailEvent.objects.create(
        kind="hard", address_hash=HASH, fingerprint=HASH, source="test"
    ),
    "delivery": lambda: Delivery.objects.create(
        issue=an_issue(), subscriber=a_subscriber(), status="failed", answer="550"
    ),
}
# What stands in an address for the thing that it is about, beside `<model>_id`.
OF_THE_THING = {"object_id", "pk", "id", "of"}
# What else addresses ask for: the same everywhere, such as the number of a revision.
ARGUMENTS: dict[str, Any] = {
    **dict.fromkeys(("number", "left", "right", "older", "newer", "one", "other"), 1),
    **dict.fromkeys(("copy", "link"), 1),
    "token": "none",
    "name": "none.eml",
    "url": "nowhere",
    "page": "home",
    "sort": "publication",
    "app_label": "publications",
}
# What a page needs to be asked.
QUERIES = {
    "autocomplete": "?app_label=publications&model_name=contribution&field_name=author",
    "newsletter_issue_works": "?app_label=newsletter&model_name=issueitem&field_name=publication",
}


def arguments_of(names: list[str], model: str, thing: Any, page: str) -> dict[str, Any]:
    """Return what an address asks for; KeyError for what nobody has told."""
    if page == "view_on_site":
        work = ContentType.objects.get_for_model(Publication)
        return {"content_type_id": work.pk, "object_id": thing.pk}
    ours = OF_THE_THING | {f"{model}_id"}
    return {name: thing.pk if name in ours else ARGUMENTS[name] for name in names}
