"""Who may do what at the desk, written down: the table that the groups and every page must match.

A page that follows the convention needs no entry here: `app_model_page` asks for the right to
view the model when it is opened and to change it when something is sent, and Django's own pages
for the rights that they have always asked for. Whatever else is decided in `DECIDED`.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from tests.kei_site.desk_things import MODELS

VIEW, ADD, CHANGE, DELETE = "view", "add", "change", "delete"
ALL = frozenset({VIEW, ADD, CHANGE, DELETE})
WRITE = frozenset({VIEW, ADD, CHANGE})
ROWS = ("contribution", "tagging", "attachment")

WRITER: dict[str, AbstractSet[str]] = {
    **dict.fromkeys(("publication", "author", "outlet", "tag", "image"), WRITE),
    **dict.fromkeys(ROWS, ALL),
    **dict.fromkeys(
        (
            "kind", "series", "page", "redirect", "spotlight", "correction", "bestbet", "synonym",
            "searchtally", "sitesettings", "sociallink",
        ),
        frozenset({VIEW}),
    ),
}  # fmt: skip
EDITOR = WRITER | {
    "publication": WRITE | {"approve"},
    **dict.fromkeys(("series", "page"), WRITE),
    **dict.fromkeys(("redirect", "spotlight", "correction", "bestbet", "synonym"), ALL),
    "linkcheck": {VIEW, CHANGE},
    **dict.fromkeys(("merge", "trash"), frozenset({VIEW})),
}
PUBLISHER = EDITOR | {
    "publication": ALL | {"approve", "publish"},
    **dict.fromkeys(
        ("author", "outlet", "tag", "image", "series", "page", "kind", "sociallink"), ALL
    ),
    **dict.fromkeys(("sitesettings", "checklistrule"), frozenset({VIEW, CHANGE})),
    **dict.fromkeys(("trash", "dueproblem"), frozenset({VIEW, DELETE})),
    **dict.fromkeys(MODELS["newsletter"], ALL),
}
GROUPS = {"Writer": WRITER, "Editor": EDITOR, "Publisher": PUBLISHER}
ROLES: dict[str, dict[str, AbstractSet[str]]] = {"anonymous": {}, "without rights": {}, **GROUPS}
SUPERUSER = "superuser"

# What nobody may do with a thing, whatever their rights are: it comes and goes by itself.
NEVER: dict[str, AbstractSet[str]] = {
    **dict.fromkeys(
        (
            "searchtally", "subscriber", "consentevent", "delivery", "mailevent", "logentry",
            "securityevent", "merge",
        ),
        frozenset({ADD, CHANGE, DELETE}),
    ),
    **dict.fromkeys(("sitesettings", "newslettersettings"), frozenset({ADD, DELETE})),
    "suppression": {CHANGE},
    "attachment": {ADD, CHANGE},
    **dict.fromkeys(("dueproblem", "trash"), frozenset({ADD, CHANGE})),
    **dict.fromkeys(("linkcheck", "checklistrule"), frozenset({ADD, DELETE})),
}  # fmt: skip

STAFF, ANYBODY, SUPERUSERS, NOBODY = "whoever is staff", "anybody", "superusers", "nobody"


@dataclass(frozen=True, slots=True)
class Need:
    """What a page asks for: `model.right`, several of which one is enough, or a sort of people."""

    get: str | tuple[str, ...]
    post: str | tuple[str, ...]
    # What those get who may, when they open it, and those who may not.
    answer: str = "answered"
    refusal: str = "refused"


def both(right: str, **facts: str) -> Need:
    """A page that asks for the same whether it is opened or something is sent."""
    return Need(right, right, **facts)


# By the name of the address, or its pattern where it has none.
DECIDED: dict[str, Need] = {
    "index": both(STAFF),
    "login": both(ANYBODY),
    "logout": both(ANYBODY),
    "password_change": both(STAFF),
    "password_change_done": both(STAFF),
    "jsi18n": both(STAFF),
    # Of one's own account. Whoever is not at the second step is led back to the first.
    **dict.fromkeys(("account_login", "account_logout"), both(ANYBODY)),
    **dict.fromkeys(
        (
            "account", "mfa_authenticate", "mfa_login_webauthn", "mfa_index",
            "account_end_sessions", "account_reauthenticate",
            "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_activate_totp",
            "mfa_list_webauthn", "mfa_add_webauthn", "mfa_generate_recovery_codes",
            "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes",
        ),
        both(STAFF),
    ),
    # Nobody in the test has one.
    **dict.fromkeys(
        ("mfa_deactivate_totp", "mfa_download_recovery_codes"),
        both(STAFF, answer="missing"),
    ),
    "view_on_site": both(STAFF),
    "as_of": both("publication.view"),
    "calendar": both("publication.view"),
    # What is not out yet is moved by whoever may change it.
    "calendar_move": both("publication.change"),
    "writing_paste": both(STAFF),
    **dict.fromkeys(("writing_works", "writing_pictures"), both("publication.change")),
    # Leads to the one page of all rules, which asks.
    "publications_checklistrule_change": both(STAFF),
    "publications_reviews": both("publication.view"),
    "publications_reviewed": both("publication.change"),
    "publications_merge_undo": both("author.delete"),
    "publications_merge_history": both("merge.view"),
    "publications_trash_history": both("trash.view"),
    "publications_trash_restore": both("trash.view"),
    **dict.fromkeys(
        ("publications_dueproblem_changelist", "publications_dueproblem_history"),
        both("publication.view"),
    ),
    "publications_dueproblem_change": Need("publication.view", NOBODY),
    "publications_author_add_named": both("author.add"),
    # Files are changed in the form of their work.
    **dict.fromkeys(
        (f"publications_attachment_{page}" for page in ("change", "history", "delete")),
        both(NOBODY),
    ),
    "publications_linkcheck_csv": both("linkcheck.view"),
    # Answers for the one field that the test asks for. Nothing can be sent to either of these.
    "autocomplete": Need("author.view", STAFF),
    "newsletter_issue_works": Need("issue.change", STAFF),
    "app_list": both("publication.view", refusal="missing"),
    "auth_user_password_change": both("user.change"),
    "(?P<url>.*)$": both(STAFF, answer="missing"),
    # On the machine itself alone, which a test is not; nothing can be sent there.
    **dict.fromkeys(
        ("mailbox", "message", "message_html"),
        Need(SUPERUSERS, ANYBODY, answer="missing", refusal="missing"),
    ),
    "publications_searchtally_csv": both("searchtally.view"),
    "newsletter_statistics": both("issue.view"),
    "newsletter_issue_statistics": both("issue.view"),
    "newsletter_subscriber_import": both("subscriber.add"),
    "newsletter_subscriber_import_table": both("subscriber.add", answer="missing"),
    "newsletter_subscriber_export": both("subscriber.view"),
    "newsletter_subscriber_why": both("subscriber.view"),
    "newsletter_subscriber_person_export": both("subscriber.view"),
    "newsletter_subscriber_erase": both("subscriber.delete"),
    **{
        f"newsletter_issue_{step}": both("issue.change")
        for step in (
            "approve", "send", "schedule", "unschedule", "pause", "resume", "cancel",
            "resend-failed", "resend-unknown", "resend-excluded",
        )
    },
}  # fmt: skip


# Pages about what nobody in the test has: a text of one’s own, changes that wait, a shared link.
OF_NOTHING = {
    "autosave", "conflict", "unsaved", "pending_publish", "pending_discard", "preview_pending",
    "revoke",
}  # fmt: skip


def need_of(model: str, page: str) -> Need:
    """What a page of a model asks for by convention."""
    look = (f"{model}.view", f"{model}.change")
    match page:
        case "changelist" | "history":
            return Need(look, look)
        case "add" | "delete":
            return both(f"{model}.{page}")
        case "conflict" | "unsaved" | "autosave" | "restore":
            return both(f"{model}.change")
        case "merge":
            return both(f"{model}.delete")
        case "compare":
            return both(f"{model}.view")
        case "change":
            return Need(look, f"{model}.change")
    return Need(f"{model}.view", f"{model}.change")


def may(role: str, wanted: str | tuple[str, ...], *, page: str = "") -> bool:
    """Say by the tables whether somebody in a role gets what a page asks for."""
    if isinstance(wanted, tuple):
        return any(may(role, each, page=page) for each in wanted)
    if wanted in {ANYBODY, STAFF, SUPERUSERS, NOBODY}:
        return {
            NOBODY: False,
            ANYBODY: True,
            STAFF: role != "anonymous",
            SUPERUSERS: role == SUPERUSER,
        }[wanted]
    model, _, right = wanted.partition(".")
    # Django's own pages know what nobody may do; ours ask for the right alone.
    if page in {"add", "change", "delete"} and right in NEVER.get(model, ()):
        return False
    return role == SUPERUSER or right in ROLES[role].get(model, ())
