"""What is wrong with an issue before it is sent, in plain words."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from kei_site.common.html import to_text
from newsletter.mail.links import unsubscribe_link
from newsletter.mail.rendering import TOKEN, Rendered, facts_of, render
from newsletter.models import Issue, SubscriptionStatus
from newsletter.models.issues import STARTED
from newsletter.own_pages import missing
from publications.hyperlinks import is_ours, is_whole, read_markup

# Gmail cuts a longer message off, with the link to unsubscribe.
CLIPPED_AT = 102_400
LONG_SUBJECT = 70


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; an error is to be mended before the issue is sent."""

    level: Literal["error", "warning"]
    text: str


def lint(issue: Issue) -> list[Finding]:
    """Return what is wrong with the issue as it would be sent now; errors first."""
    facts = facts_of(issue)
    rendered = render(facts)
    findings = [
        *_about_subject(issue),
        *_about_lists(issue, facts),
        *_about_items(issue, facts),
        *_about_text(facts),
        *_about_message(facts, rendered),
    ]
    return sorted(findings, key=lambda each: each.level)


def _error(text: str) -> Finding:
    return Finding("error", text)


def _warning(text: str) -> Finding:
    return Finding("warning", text)


def _about_subject(issue: Issue) -> Iterator[Finding]:
    subject = issue.subject.strip()
    if not subject:
        yield _error(_("There is no subject."))
        return
    if len(subject) > LONG_SUBJECT:
        yield _warning(
            _("The subject has %(length)d characters; many programs show only %(most)d.")
            % {"length": len(subject), "most": LONG_SUBJECT}
        )
    letters = [each for each in subject if each.isalpha()]
    if letters and all(each.isupper() for each in letters):
        yield _warning(_("The subject is all in capitals, which looks like spam."))
    earlier = Issue.objects.filter(subject__iexact=subject, status__in=STARTED)
    if earlier.exclude(pk=issue.pk).exists():
        yield _warning(_("An earlier issue had the same subject."))


def _about_lists(issue: Issue, facts: Mapping[str, Any]) -> Iterator[Finding]:
    if not facts["lists"]:
        yield _error(_("No list is chosen, so that nobody would get the issue."))
    for empty in issue.lists.exclude(subscriptions__status=SubscriptionStatus.ACTIVE):
        yield _warning(_("Nobody is subscribed to “%(list)s”.") % {"list": empty.name})


def _about_items(issue: Issue, facts: Mapping[str, Any]) -> Iterator[Finding]:
    shown = [item["publication"] for item in facts["items"]]
    for item in issue.items.exclude(publication__in=shown).select_related("publication"):
        work = item.publication
        if work.is_scheduled:
            moment = date_format(localtime(work.published_at), "DATETIME_FORMAT")
            yield _warning(
                _("“%(work)s” is left out unless the issue is sent after %(moment)s.")
                % {"work": work.title, "moment": moment}
            )
        else:
            yield _error(
                _("“%(work)s” is not public, so that readers could not open it.")
                % {"work": work.title}
            )


def _about_text(facts: Mapping[str, Any]) -> Iterator[Finding]:
    markup = f"{facts['intro']}{facts['closing']}"
    if not markup and not facts["items"]:
        yield _error(_("There is nothing in the issue: no publication and no text."))
    found = read_markup(markup)
    for picture in found.pictures:
        if not picture.alt.strip():
            yield _warning(
                _("A picture has no alternative text: %(address)s") % {"address": picture.src}
            )
    yield from _about_links(set(found.links))
    yield from _about_own_pages([*found.links, *(each.src for each in found.pictures)])


def _about_links(addresses: Collection[str]) -> Iterator[Finding]:
    if "" in addresses:
        yield _error(_("A link has no address that works, such as https://www.example.org/."))
    for address in sorted(addresses):
        if address and not is_whole(address):
            yield _error(_("This is not a whole address: %(address)s") % {"address": address})


def _about_own_pages(addresses: Iterable[str]) -> Iterator[Finding]:
    ours = [urlsplit(each) for each in dict.fromkeys(addresses) if is_ours(each)]
    for path in missing(each._replace(scheme="", netloc="", fragment="").geturl() for each in ours):
        yield _error(
            _("Readers find nothing at %(address)s") % {"address": f"{settings.SITE_URL}{path}"}
        )


def _about_message(facts: Mapping[str, Any], rendered: Rendered) -> Iterator[Finding]:
    size = len(rendered.html.encode())
    if size >= CLIPPED_AT:
        yield _error(
            _("The message has %(size)d KB; Gmail cuts it off at %(most)d KB. Take something out.")
            % {"size": size // 1024, "most": CLIPPED_AT // 1024}
        )
    if not rendered.text.strip():
        yield _error(_("The plain-text part is empty."))
    leave = unsubscribe_link(TOKEN)
    if leave not in rendered.html or leave not in rendered.text:
        yield _error(_("The link to unsubscribe is missing from the message."))
    site = facts["site"]
    if not site["address"].strip():
        yield _error(
            _("The site settings have no postal address, which the law asks of every newsletter.")
        )
    disclosure = _on_one_line(site["disclosure"])
    if disclosure not in to_text(rendered.html) or disclosure not in _on_one_line(rendered.text):
        yield _error(_("The disclosure of the site settings is missing from the message."))


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
