"""All of a thing as one plain value that JSON can hold, and what differs between two of them."""

from publications.snapshots.shapes import Snapshot, is_revisable, model_named, name_of
from publications.snapshots.taking import take, take_many

__all__ = ["Snapshot", "is_revisable", "model_named", "name_of", "take", "take_many"]
