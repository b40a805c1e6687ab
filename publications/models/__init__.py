"""What the institute publishes, and who and what belongs to it."""

from publications.models.attachments import Attachment, AttachmentPage
from publications.models.checklist_rules import CheckLevel, ChecklistRule
from publications.models.images import Image, ImageUse, Rendering
from publications.models.kinds import Kind
from publications.models.link_checks import LinkCheck, LinkPlace, LinkReason, LinkStatus, LinkUse
from publications.models.merging import Merge, MergeableModel, MergedRow
from publications.models.outlets import Outlet
from publications.models.pages import Menu, Page
from publications.models.people import Author, AuthorType, Contribution, Role
from publications.models.previews import PreviewLink, PreviewOpening
from publications.models.problems import DueAct, DueProblem
from publications.models.publication import Correction, Language, Publication, Rights
from publications.models.querysets import PublicationQuerySet
from publications.models.redirects import Redirect
from publications.models.revisions import (
    Act,
    PendingChange,
    RevisableModel,
    Revision,
    WorkingCopy,
)
from publications.models.search import (
    AttachmentText,
    BestBet,
    PageText,
    SearchChange,
    SearchCount,
    SearchDocument,
    SearchLabel,
    SearchSpelling,
    SearchTally,
    SearchWord,
    SuggestionSource,
    Synonym,
    SynonymKey,
)
from publications.models.security_events import Incident, SecurityEvent
from publications.models.series import Series
from publications.models.showing import on_a_public_page
from publications.models.site_settings import SiteSettings, SocialLink
from publications.models.spotlight import Spotlight
from publications.models.staff_sessions import StaffSession
from publications.models.tags import Tag, Tagging, TagGroup
from publications.models.trash import Trash, TrashedModel
from publications.models.users import User
from publications.models.workflow_events import WorkflowEvent
from publications.states import Status

__all__ = [
    "Act",
    "Attachment",
    "AttachmentPage",
    "AttachmentText",
    "Author",
    "AuthorType",
    "BestBet",
    "CheckLevel",
    "ChecklistRule",
    "Contribution",
    "Correction",
    "DueAct",
    "DueProblem",
    "Image",
    "ImageUse",
    "Incident",
    "Kind",
    "Language",
    "LinkCheck",
    "LinkPlace",
    "LinkReason",
    "LinkStatus",
    "LinkUse",
    "Menu",
    "Merge",
    "MergeableModel",
    "MergedRow",
    "Outlet",
    "Page",
    "PageText",
    "PendingChange",
    "PreviewLink",
    "PreviewOpening",
    "Publication",
    "PublicationQuerySet",
    "Redirect",
    "Rendering",
    "RevisableModel",
    "Revision",
    "Rights",
    "Role",
    "SearchChange",
    "SearchCount",
    "SearchDocument",
    "SearchLabel",
    "SearchSpelling",
    "SearchTally",
    "SearchWord",
    "SecurityEvent",
    "Series",
    "SiteSettings",
    "SocialLink",
    "Spotlight",
    "StaffSession",
    "Status",
    "SuggestionSource",
    "Synonym",
    "SynonymKey",
    "Tag",
    "TagGroup",
    "Tagging",
    "Trash",
    "TrashedModel",
    "User",
    "WorkflowEvent",
    "WorkingCopy",
    "on_a_public_page",
]
