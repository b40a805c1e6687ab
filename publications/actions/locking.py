"""Reading a row for writing it."""

from django.db.models import Model


def lock[T: Model](thing: T) -> T:
    """Return the row as it is now, held until the transaction ends."""
    return type(thing)._default_manager.select_for_update().get(pk=thing.pk)  # noqa: SLF001
