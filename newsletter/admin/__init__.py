"""The newsletter at the editorial desk: one module a noun."""

from newsletter.admin import consent, lists, subscribers, suppression

__all__ = ["consent", "lists", "subscribers", "suppression"]
