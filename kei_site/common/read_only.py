"""Lists of the desk that show what happened."""

from typing import Any

from django.http import HttpRequest


class ReadOnly:
    """Rows that staff look at and never touch, whatever rights they have."""

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Rows come from what people do elsewhere."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Rows say what happened."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Rows stay."""
        return False
