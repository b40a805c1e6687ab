"""Who subscribed to what, what they agreed to, what was sent to them and what must not be."""

from newsletter.models.confirmations import Confirmation, Purpose
from newsletter.models.consent import ConsentEvent, ConsentKind
from newsletter.models.deliveries import Delivery, DeliveryStatus, Exclusion
from newsletter.models.issues import Issue, IssueItem, IssueStatus
from newsletter.models.lists import MailingList
from newsletter.models.subscribers import Subscriber, Subscription, SubscriptionStatus
from newsletter.models.suppression import Suppression, SuppressionReason
from newsletter.models.throttling import Counter

__all__ = [
    "Confirmation",
    "ConsentEvent",
    "ConsentKind",
    "Counter",
    "Delivery",
    "DeliveryStatus",
    "Exclusion",
    "Issue",
    "IssueItem",
    "IssueStatus",
    "MailingList",
    "Purpose",
    "Subscriber",
    "Subscription",
    "SubscriptionStatus",
    "Suppression",
    "SuppressionReason",
]
