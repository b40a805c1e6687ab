"""The newsletter at the editorial desk: one module a noun."""

from newsletter.admin import (
    consent,
    deliveries,
    digests,
    issues,
    lists,
    mail_events,
    settings,
    subscribers,
    suppression,
)

__all__ = [
    "consent",
    "deliveries",
    "digests",
    "issues",
    "lists",
    "mail_events",
    "settings",
    "subscribers",
    "suppression",
]
