"""The kinds that a policy institute starts with, and their names elsewhere."""

from typing import Any

from django.db import migrations

COLUMNS = (
    "name",
    "plural",
    "slug",
    "show_prefix",
    "for_scholars",
    "schema_org",
    "csl",
    "dublin_core",
)
KINDS = [
    ("Op-Ed", "Op-Eds", "op-eds", True, False,
     "OpinionNewsArticle", "article-newspaper", "newspaperArticle"),
    ("Commentary", "Commentary", "commentary", False, False,
     "Article", "post-weblog", "blogPost"),
    ("Report", "Reports", "reports", False, True,
     "Report", "report", "report"),
    ("Academic Paper", "Academic Papers", "academic-papers", False, True,
     "ScholarlyArticle", "report", "report"),
    ("Policy Brief", "Policy Briefs", "policy-briefs", False, True,
     "Report", "report", "report"),
    ("Blog Post", "Blog Posts", "blog", False, False,
     "BlogPosting", "post-weblog", "blogPost"),
    ("Testimony", "Testimony", "testimony", True, False,
     "Article", "hearing", "hearing"),
    ("Interview", "Interviews", "interviews", True, False,
     "Article", "interview", "interview"),
    ("Podcast", "Podcasts", "podcasts", True, False,
     "PodcastEpisode", "broadcast", "podcast"),
    ("Video", "Videos", "videos", True, False,
     "VideoObject", "motion_picture", "videoRecording"),
    ("Event", "Events", "events", True, False,
     "Event", "event", "presentation"),
    ("Press Release", "Press Releases", "press-releases", True, False,
     "NewsArticle", "post", "blogPost"),
]  # fmt: skip


def seed(apps: Any, schema_editor: Any) -> None:
    """Add the kinds that are not there yet; staff's own rows stay as they are."""
    kind = apps.get_model("publications", "Kind")
    for position, row in enumerate(KINDS, start=1):
        values = dict(zip(COLUMNS, row, strict=True))
        kind.objects.get_or_create(
            slug=values.pop("slug"), defaults=values | {"position": position}
        )


class Migration(migrations.Migration):
    dependencies = [("publications", "0002_text_search_configuration")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
