"""No edit is lost: what forms know of other people, and what becomes of text that is not saved."""

from publications.admin.unsaved.posted import base_in
from publications.admin.unsaved.saving import NoLostEdits

__all__ = ["NoLostEdits", "base_in"]
