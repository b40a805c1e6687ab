"""What happens around every request."""

from publications.middleware.due import due_changes
from publications.middleware.redirecting import redirects

__all__ = ["due_changes", "redirects"]
