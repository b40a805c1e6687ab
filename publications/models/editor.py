"""How the editor of rich text is set up: its tools, their words, and where they ask the server."""

from typing import Any

from django.conf import settings
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import ImportMap, Media

from publications.embeds import PROVIDERS

# Modules that others import by name.
SHARED = ("dialogs", "footnotes")
MODULES = ImportMap({f"writing/{name}": f"{settings.WRITING_TOOLS}/{name}.js" for name in SHARED})

WORDS = {
    "insert": _("Insert"),
    "cancel": _("Cancel"),
    "nothing": _("Nothing found."),
    "footnote": _("Insert a footnote"),
    "figure": _("Insert a picture"),
    "findPicture": _("Find a picture in the library"),
    "caption": _("Caption (empty: that of the library)"),
    "tableCaption": _("Table caption"),
    "pull": _("Pull quote"),
    "embed": _("Video, recording or chart from elsewhere"),
    "embedAddress": _("Address"),
    "embedTitle": _("What it is called"),
    "embedProviders": ", ".join(each.name for each in PROVIDERS),
    "link": _("Link"),
    "findWork": _("Find a publication of this site"),
    "address": _("Or an address"),
    "linkTitle": _("Title"),
    "words": _("{n} words"),
    "characters": _("{n} characters"),
    "minutes": _("{n} min to read"),
}
URLS = {
    "paste": reverse_lazy("admin:writing_paste"),
    "works": reverse_lazy("admin:writing_works"),
    "pictures": reverse_lazy("admin:writing_pictures"),
}

# Whatever the sanitizer keeps and the editor does not know dies at the first edit,
# so that the two lists go together.
EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Underline": True,
    "Strike": True,
    "Superscript": True,
    "Subscript": True,
    "Code": True,
    "CodeBlock": True,
    "Heading": {"levels": [2, 3, 4]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"protocols": ["http", "https", "mailto", "tel"], "enableTarget": False},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "Image": True,
    "Figure": True,
    "Caption": True,
    "History": True,
    # Writers want the browser's spelling marks.
    "NoSpellCheck": False,
    "Writing": {"words": WORDS, "urls": URLS},
    **dict.fromkeys(settings.WRITING_EXTENSIONS, True),
    "Menu": {
        "groups": [
            {"group": "blockType -lists", "type": "dropdown", "minItems": 2},
            {"group": "lists"},
            {"group": "nodes -blockType -lists"},
            {"group": "insert"},
            {"group": "marks"},
            {"group": "link"},
            {"group": "table"},
            {"group": "history"},
        ]
    },
}


class Editor(AdminProseEditorWidget):  # type: ignore[misc]  # the package has no types
    """The editor of the admin with our own tools."""

    @property
    def media(self) -> Any:
        return super().media + Media(importmap=MODULES)
