"""Conditions that several constraints share."""

from django.db.models import Q


def not_blank(field: str) -> Q:
    """Match rows in which `field` holds more than white space."""
    return Q(**{f"{field}__regex": r"\S"})


def empty_or_web_address(field: str) -> Q:
    """Match rows in which `field` is empty or starts with http:// or https://."""
    return Q(**{field: ""}) | Q(**{f"{field}__regex": r"^https?://\S+$"})
