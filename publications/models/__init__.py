"""What the institute publishes, and who and what belongs to it."""

from publications.models.attachments import Attachment, AttachmentPage
from publications.models.images import Image
from publications.models.kinds import Kind
from publications.models.outlets import Outlet
from publications.models.pages import Menu, Page
from publications.models.people import Author, AuthorType, Contribution, Role
from publications.models.publication import Correction, Language, Publication, Rights
from publications.models.querysets import PublicationQuerySet
from publications.models.redirects import Redirect
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
from publications.models.series import Series
from publications.models.site_settings import SiteSettings, SocialLink
from publications.models.spotlight import Spotlight
from publications.models.tags import Tag, Tagging, TagGroup
from publications.models.users import User
from publications.states import Status

__all__ = [
    "Attachment",
    "AttachmentPage",
    "AttachmentText",
    "Author",
    "AuthorType",
    "BestBet",
    "Contribution",
    "Correction",
    "Image",
    "Kind",
    "Language",
    "Menu",
    "Outlet",
    "Page",
    "PageText",
    "Publication",
    "PublicationQuerySet",
    "Redirect",
    "Rights",
    "Role",
    "SearchChange",
    "SearchCount",
    "SearchDocument",
    "SearchLabel",
    "SearchSpelling",
    "SearchTally",
    "SearchWord",
    "Series",
    "SiteSettings",
    "SocialLink",
    "Spotlight",
    "Status",
    "SuggestionSource",
    "Synonym",
    "SynonymKey",
    "Tag",
    "TagGroup",
    "Tagging",
    "User",
]
