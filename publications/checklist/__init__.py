"""What is still to do about a work before readers see it."""

from publications.checklist.checks import CHECKS, Check
from publications.checklist.examining import Checklist, Finding, examine, look_at
from publications.checklist.facts import WorkFacts, facts_of

__all__ = ["CHECKS", "Check", "Checklist", "Finding", "WorkFacts", "examine", "facts_of", "look_at"]
