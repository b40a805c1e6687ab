"""How a library divides into works that are out and works that are not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shares:
    """How many works of a library are not public, and how many were written by hand."""

    written: int
    scheduled: int
    drafts: int
    in_review: int
    approved: int
    public: int

    @classmethod
    def of(cls, count: int, pieces: int) -> "Shares":
        """Divide a library; a desk holds only so many drafts, however long the shelf."""
        written = min(count, pieces)
        scheduled = min(count // 50, 24)
        drafts, in_review, approved = (
            min(count // 40, 60),
            min(count // 90, 30),
            min(count // 150, 12),
        )
        public = count - written - scheduled - drafts - in_review - approved
        return cls(written, scheduled, drafts, in_review, approved, public)
