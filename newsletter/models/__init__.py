"""Who subscribed to what, what they agreed to, what was sent to them and what must not be."""

from newsletter.models.confirmations import Confirmation, Purpose
from newsletter.models.consent import ConsentEvent, ConsentKind
from newsletter.models.deliveries import Delivery, DeliveryStatus, Exclusion
from newsletter.models.digests import Digest, DigestSkip, Weekday
from newsletter.models.issues import Issue, IssueContent, IssueItem, IssueLink, IssueStatus
from newsletter.models.lists import MailingList
from newsletter.models.mail_events import MailEvent, MailEventKind
from newsletter.models.preferences import NewsletterSettings
from newsletter.models.subscribers import (
    Frequency,
    Subscriber,
    Subscription,
    SubscriptionStatus,
)
from newsletter.models.suppression import Suppression, SuppressionReason
from newsletter.models.throttling import Counter

__all__ = [
    "Confirmation",
    "ConsentEvent",
    "ConsentKind",
    "Counter",
    "Delivery",
    "DeliveryStatus",
    "Digest",
    "DigestSkip",
    "Exclusion",
    "Frequency",
    "Issue",
    "IssueContent",
    "IssueItem",
    "IssueLink",
    "IssueStatus",
    "MailEvent",
    "MailEventKind",
    "MailingList",
    "NewsletterSettings",
    "Purpose",
    "Subscriber",
    "Subscription",
    "SubscriptionStatus",
    "Suppression",
    "SuppressionReason",
    "Weekday",
]
