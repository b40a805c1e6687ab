"""The whole data model, and the PostgreSQL extensions it stands on."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import taggit.managers
from django.contrib.postgres.operations import (
    BtreeGistExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Author",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[("person", "Person"), ("organization", "Organization")],
                        default="person",
                        max_length=12,
                        verbose_name="type",
                    ),
                ),
                (
                    "display_name",
                    models.CharField(
                        help_text="As it stands in a byline.",
                        max_length=200,
                        verbose_name="display name",
                    ),
                ),
                (
                    "given_name",
                    models.CharField(blank=True, max_length=100, verbose_name="given name"),
                ),
                (
                    "family_name",
                    models.CharField(blank=True, max_length=100, verbose_name="family name"),
                ),
                (
                    "native_name",
                    models.CharField(
                        blank=True,
                        help_text="Such as 홍길동.",
                        max_length=100,
                        verbose_name="name in native script",
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, max_length=200, unique=True, verbose_name="address"
                    ),
                ),
                (
                    "affiliation",
                    models.CharField(blank=True, max_length=200, verbose_name="affiliation"),
                ),
                (
                    "position",
                    models.CharField(
                        blank=True,
                        help_text="Such as Senior Fellow.",
                        max_length=200,
                        verbose_name="position",
                    ),
                ),
                ("biography", models.TextField(blank=True, verbose_name="biography")),
                (
                    "orcid",
                    models.CharField(
                        blank=True,
                        help_text="Sixteen digits: 0000-0002-1825-0097.",
                        max_length=19,
                        verbose_name="ORCID",
                    ),
                ),
                (
                    "sort_name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Upper(
                            models.Case(
                                models.When(
                                    models.Q(
                                        models.Q(("family_name", ""), _negated=True),
                                        models.Q(("given_name", ""), _negated=True),
                                    ),
                                    then=django.db.models.functions.text.Concat(
                                        models.F("family_name"),
                                        models.Value(", "),
                                        models.F("given_name"),
                                    ),
                                ),
                                models.When(
                                    models.Q(("family_name", ""), _negated=True),
                                    then=models.F("family_name"),
                                ),
                                default=models.F("display_name"),
                            )
                        ),
                        output_field=models.CharField(max_length=202),
                    ),
                ),
            ],
            options={
                "verbose_name": "author",
                "verbose_name_plural": "authors",
                "ordering": ["sort_name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=500, verbose_name="headline")),
                (
                    "standfirst",
                    models.TextField(
                        blank=True,
                        help_text="One or two sentences under the headline.",
                        verbose_name="standfirst",
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, max_length=200, unique=True, verbose_name="address"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("en", "English"),
                            ("ko", "Korean"),
                            ("es", "Spanish"),
                            ("fr", "French"),
                            ("de", "German"),
                            ("ja", "Japanese"),
                            ("zh", "Chinese"),
                            ("ru", "Russian"),
                        ],
                        default="en",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("body", models.TextField(blank=True, verbose_name="text")),
                (
                    "report_number",
                    models.CharField(
                        blank=True,
                        help_text="Printed on the cover, if any.",
                        max_length=60,
                        verbose_name="report number",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("approved", "Approved"),
                            ("published", "Published"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="A moment in the future makes a schedule: readers see the work from then on.",
                        null=True,
                        verbose_name="publication date",
                    ),
                ),
                (
                    "withdrawal_note",
                    models.TextField(
                        blank=True,
                        help_text="Readers of the old address see it.",
                        verbose_name="note on withdrawal",
                    ),
                ),
                (
                    "outlet_url",
                    models.URLField(
                        blank=True, max_length=1000, verbose_name="address at the outlet"
                    ),
                ),
                (
                    "outlet_date",
                    models.DateField(blank=True, null=True, verbose_name="date at the outlet"),
                ),
                (
                    "rights",
                    models.CharField(
                        choices=[
                            ("full", "Full text here"),
                            ("excerpt", "Excerpt with a link to the outlet"),
                            ("full_from", "Excerpt until a date, then full text"),
                        ],
                        default="full",
                        max_length=9,
                        verbose_name="rights",
                    ),
                ),
                (
                    "full_text_from",
                    models.DateField(blank=True, null=True, verbose_name="full text from"),
                ),
                (
                    "series_number",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="number in the series"
                    ),
                ),
                ("source", models.CharField(blank=True, editable=False, max_length=60)),
                ("external_id", models.CharField(blank=True, editable=False, max_length=300)),
                ("content_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last changed")),
            ],
            options={
                "verbose_name": "publication",
                "verbose_name_plural": "publications",
                "ordering": ["-published_at", "-pk"],
                "permissions": [("publish_publication", "Can publish, schedule and withdraw")],
            },
        ),
        migrations.CreateModel(
            name="Contribution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("author", "Author"),
                            ("editor", "Editor"),
                            ("translator", "Translator"),
                            ("host", "Host"),
                            ("guest", "Guest"),
                        ],
                        default="author",
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                (
                    "affiliation",
                    models.CharField(
                        blank=True,
                        help_text="When it differs from the author’s page.",
                        max_length=200,
                        verbose_name="affiliation then",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contributions",
                        to="publications.author",
                        verbose_name="author",
                    ),
                ),
            ],
            options={
                "verbose_name": "contribution",
                "verbose_name_plural": "byline",
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Image",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file",
                    models.ImageField(
                        height_field="height",
                        upload_to="images/%Y/%m",
                        verbose_name="file",
                        width_field="width",
                    ),
                ),
                (
                    "width",
                    models.PositiveIntegerField(editable=False, verbose_name="width in pixels"),
                ),
                (
                    "height",
                    models.PositiveIntegerField(editable=False, verbose_name="height in pixels"),
                ),
                (
                    "alt",
                    models.CharField(
                        help_text="What the picture shows, for readers who cannot see it.",
                        max_length=300,
                        verbose_name="alternative text",
                    ),
                ),
                (
                    "credit",
                    models.CharField(
                        help_text="Photographer, agency or licence.",
                        max_length=200,
                        verbose_name="credit",
                    ),
                ),
                ("caption", models.CharField(blank=True, max_length=500, verbose_name="caption")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="added")),
            ],
            options={
                "verbose_name": "image",
                "verbose_name_plural": "images",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("alt__regex", "\\S")), name="image_alt_required"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("credit__regex", "\\S")), name="image_credit_required"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="author",
            name="portrait",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="publications.image",
                verbose_name="portrait",
            ),
        ),
        migrations.CreateModel(
            name="Kind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="One of them, such as Op-Ed.", max_length=60, verbose_name="name"
                    ),
                ),
                (
                    "plural",
                    models.CharField(
                        help_text="Several, such as Op-Eds.", max_length=60, verbose_name="plural"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="Its list is at /<address>/.",
                        max_length=60,
                        unique=True,
                        verbose_name="address",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "show_prefix",
                    models.BooleanField(
                        default=False,
                        help_text="Put the kind before the headline, as in “[Op-Ed] Rethink trade”.",
                        verbose_name="show as prefix",
                    ),
                ),
                (
                    "for_scholars",
                    models.BooleanField(
                        default=False,
                        help_text="Reports and papers; Scholar does not want opinion or news.",
                        verbose_name="offer to Google Scholar",
                    ),
                ),
                (
                    "schema_org",
                    models.CharField(
                        help_text="Such as OpinionNewsArticle or Report.",
                        max_length=60,
                        verbose_name="schema.org type",
                    ),
                ),
                (
                    "csl",
                    models.CharField(
                        help_text="Such as article-newspaper or report.",
                        max_length=60,
                        verbose_name="CSL type",
                    ),
                ),
                (
                    "dublin_core",
                    models.CharField(
                        help_text="DC.type as Zotero reads it, such as newspaperArticle or report.",
                        max_length=60,
                        verbose_name="Dublin Core type",
                    ),
                ),
            ],
            options={
                "verbose_name": "kind",
                "verbose_name_plural": "kinds",
                "ordering": ["position", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="kind_name_unique",
                        violation_error_message="There is a kind of this name already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Outlet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, max_length=200, unique=True, verbose_name="address"
                    ),
                ),
                (
                    "home_page",
                    models.URLField(blank=True, max_length=500, verbose_name="home page"),
                ),
                ("description", models.TextField(blank=True, verbose_name="description")),
            ],
            options={
                "verbose_name": "outlet",
                "verbose_name_plural": "outlets",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="outlet_name_unique",
                        violation_error_message="There is an outlet of this name already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "\\S")), name="outlet_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("home_page", ""),
                            ("home_page__regex", "^https?://\\S+$"),
                            _connector="OR",
                        ),
                        name="outlet_home_page_is_web",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, max_length=100, unique=True, verbose_name="address"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("en", "English"),
                            ("ko", "Korean"),
                            ("es", "Spanish"),
                            ("fr", "French"),
                            ("de", "German"),
                            ("ja", "Japanese"),
                            ("zh", "Chinese"),
                            ("ru", "Russian"),
                        ],
                        default="en",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("body", models.TextField(blank=True, verbose_name="text")),
                (
                    "menu",
                    models.CharField(
                        choices=[("header", "Header"), ("footer", "Footer"), ("none", "Nowhere")],
                        default="footer",
                        max_length=6,
                        verbose_name="linked from",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("is_public", models.BooleanField(default=True, verbose_name="public")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last changed")),
            ],
            options={
                "verbose_name": "page",
                "verbose_name_plural": "pages",
                "ordering": ["position", "title"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("title__regex", "\\S")), name="page_has_a_title"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "publication",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_document",
                        serialize=False,
                        to="publications.publication",
                    ),
                ),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.AddField(
            model_name="publication",
            name="authors",
            field=models.ManyToManyField(
                related_name="publications",
                through="publications.Contribution",
                to="publications.author",
                verbose_name="authors",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="kind",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="publications",
                to="publications.kind",
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="lead_image",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="publications.image",
                verbose_name="lead image",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="outlet",
            field=models.ForeignKey(
                blank=True,
                help_text="Where the work was first published.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="publications",
                to="publications.outlet",
                verbose_name="outlet",
            ),
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "date",
                    models.DateField(default=django.utils.timezone.localdate, verbose_name="date"),
                ),
                (
                    "note",
                    models.TextField(
                        help_text="What was wrong and what is right now, in a sentence or two.",
                        verbose_name="note",
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="publications.publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "ordering": ["-date", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="contribution",
            name="publication",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="contributions",
                to="publications.publication",
            ),
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        help_text="Empty for “Download”.",
                        max_length=200,
                        verbose_name="title",
                    ),
                ),
                ("file", models.FileField(upload_to="attachments/%Y/%m", verbose_name="file")),
                (
                    "size",
                    models.PositiveBigIntegerField(
                        default=0, editable=False, verbose_name="size in bytes"
                    ),
                ),
                (
                    "page_count",
                    models.PositiveIntegerField(editable=False, null=True, verbose_name="pages"),
                ),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="publications.publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Redirect",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "old_path",
                    models.CharField(
                        help_text="Starts with a slash.",
                        max_length=1000,
                        unique=True,
                        verbose_name="old path",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        help_text="A path of this site, or an https:// address.",
                        max_length=1000,
                        verbose_name="goes to",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
            ],
            options={
                "verbose_name": "redirect",
                "verbose_name_plural": "redirects",
                "ordering": ["old_path"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("old_path__startswith", "/")),
                        name="redirect_from_a_path",
                        violation_error_message="The old path starts with a slash.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("target__regex", "^(?:/(?![/\\\\])|https?://)")),
                        name="redirect_to_a_path_or_web_address",
                        violation_error_message="Give a path such as /about/ or an https:// address.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("old_path", models.F("target")), _negated=True),
                        name="redirect_goes_elsewhere",
                        violation_error_message="The redirect leads to itself.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, max_length=200, unique=True, verbose_name="address"
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="description")),
            ],
            options={
                "verbose_name": "series",
                "verbose_name_plural": "series",
                "ordering": ["title"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("title"),
                        name="series_title_unique",
                        violation_error_message="There is a series of this title already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title__regex", "\\S")), name="series_has_a_title"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="publication",
            name="series",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="publications",
                to="publications.series",
                verbose_name="series",
            ),
        ),
        migrations.CreateModel(
            name="SiteSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        default="Policy Institute", max_length=200, verbose_name="name"
                    ),
                ),
                (
                    "native_name",
                    models.CharField(
                        blank=True,
                        help_text="Such as 한라정책연구원.",
                        max_length=200,
                        verbose_name="name in another script",
                    ),
                ),
                (
                    "tagline",
                    models.CharField(
                        blank=True,
                        help_text="A few words under the name.",
                        max_length=200,
                        verbose_name="tagline",
                    ),
                ),
                (
                    "description",
                    models.TextField(
                        blank=True,
                        help_text="One or two sentences for search engines.",
                        verbose_name="description",
                    ),
                ),
                ("logo", models.ImageField(blank=True, upload_to="site", verbose_name="logo")),
                (
                    "brand_color",
                    models.CharField(
                        default="#14386b",
                        help_text="Such as #14386b.",
                        max_length=7,
                        verbose_name="main color",
                    ),
                ),
                (
                    "accent_color",
                    models.CharField(default="#a3262a", max_length=7, verbose_name="accent color"),
                ),
                ("address", models.TextField(blank=True, verbose_name="postal address")),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="contact e-mail"),
                ),
                (
                    "disclosure",
                    models.TextField(
                        blank=True,
                        help_text="Stands at the foot of every page and e-mail.",
                        verbose_name="disclosure",
                    ),
                ),
            ],
            options={
                "verbose_name": "site settings",
                "verbose_name_plural": "site settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="site_settings_are_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "\\S")), name="site_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("brand_color__regex", "^#[0-9a-fA-F]{6}$"),
                            ("accent_color__regex", "^#[0-9a-fA-F]{6}$"),
                        ),
                        name="site_colors_are_hex",
                        violation_error_message="A color is # and six hexadecimal digits.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SocialLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(max_length=60, verbose_name="label")),
                ("url", models.URLField(max_length=500, verbose_name="address")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="social_links",
                        to="publications.sitesettings",
                    ),
                ),
            ],
            options={
                "verbose_name": "social link",
                "verbose_name_plural": "social links",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Spotlight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "headline",
                    models.CharField(
                        blank=True,
                        help_text="Empty for the work’s own.",
                        max_length=300,
                        verbose_name="own headline",
                    ),
                ),
                (
                    "blurb",
                    models.TextField(
                        blank=True,
                        help_text="Empty for the work’s standfirst.",
                        verbose_name="own blurb",
                    ),
                ),
                (
                    "starts_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="from"),
                ),
                (
                    "ends_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Empty: until the next one is set.",
                        null=True,
                        verbose_name="until",
                    ),
                ),
                (
                    "image",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty for the work’s lead image.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="publications.image",
                        verbose_name="own image",
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spotlights",
                        to="publications.publication",
                        verbose_name="publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "Spotlight",
                "verbose_name_plural": "Spotlights",
                "ordering": ["-starts_at"],
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, max_length=100, unique=True, verbose_name="slug"
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("topic", "Topic"),
                            ("region", "Region"),
                            ("person", "Person"),
                            ("program", "Program"),
                        ],
                        default="topic",
                        max_length=8,
                        verbose_name="group",
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="description")),
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="tag_name_unique",
                        violation_error_message="There is a tag of this name already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "^[^,]*[^,\\s][^,]*$")),
                        name="tag_name_without_comma",
                        violation_error_message="A tag needs a name, and the name has no comma in it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tagging",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taggings",
                        to="publications.publication",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taggings",
                        to="publications.tag",
                        verbose_name="tag",
                    ),
                ),
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="publication",
            name="tags",
            field=taggit.managers.TaggableManager(
                blank=True,
                help_text="A comma-separated list of tags.",
                through="publications.Tagging",
                to="publications.Tag",
                verbose_name="tags",
            ),
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                (
                    "first_name",
                    models.CharField(blank=True, max_length=150, verbose_name="first name"),
                ),
                (
                    "last_name",
                    models.CharField(blank=True, max_length=150, verbose_name="last name"),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "staff account",
                "verbose_name_plural": "staff accounts",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("email", ""), _negated=True),
                        name="user_email_unique",
                        violation_error_message="Another account uses this e-mail address.",
                    )
                ],
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="AttachmentPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="page")),
                ("text", models.TextField(verbose_name="text")),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pages",
                        to="publications.attachment",
                    ),
                ),
            ],
            options={
                "verbose_name": "page",
                "verbose_name_plural": "pages",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("attachment", "number"), name="attachment_page_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="attachment_page_from_one"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="author",
            index=models.Index(fields=["sort_name", "id"], name="author_sort_name"),
        ),
        migrations.AddIndex(
            model_name="author",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("display_name"), name="gin_trgm_ops"
                ),
                name="author_name_trigrams",
            ),
        ),
        migrations.AddConstraint(
            model_name="author",
            constraint=models.CheckConstraint(
                condition=models.Q(("display_name__regex", "\\S")), name="author_has_a_display_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="author",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("orcid", ""),
                    ("orcid__regex", "^\\d{4}-\\d{4}-\\d{4}-\\d{3}[\\dX]$"),
                    _connector="OR",
                ),
                name="author_orcid_form",
                violation_error_message="An ORCID has sixteen digits in groups of four, such as 0000-0002-1825-0097.",
            ),
        ),
        migrations.AddIndex(
            model_name="searchdocument",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["vector"], name="search_document_vector"
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("note__regex", "\\S")), name="correction_has_a_note"
            ),
        ),
        migrations.AddConstraint(
            model_name="contribution",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("publication", "position"),
                name="contribution_position_unique",
                violation_error_message="Two names stand at the same place in the byline.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contribution",
            constraint=models.UniqueConstraint(
                fields=("publication", "author", "role"),
                name="contribution_author_once_per_role",
                violation_error_message="This author is in the byline already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contribution",
            constraint=models.CheckConstraint(
                condition=models.Q(("position__gte", 1)), name="contribution_position_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="sociallink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("url", ""), ("url__regex", "^https?://\\S+$"), _connector="OR"),
                    models.Q(("url", ""), _negated=True),
                ),
                name="social_link_is_web",
            ),
        ),
        migrations.AddConstraint(
            model_name="spotlight",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__isnull", True),
                    ("ends_at__gt", models.F("starts_at")),
                    _connector="OR",
                ),
                name="spotlight_ends_after_it_starts",
                violation_error_message="The Spotlight must end after it starts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="spotlight",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(
                            "starts_at",
                            "ends_at",
                            django.contrib.postgres.fields.ranges.RangeBoundary(),
                            function="TSTZRANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    )
                ],
                name="one_spotlight_at_a_time",
                violation_error_message="Another Spotlight is set for part of this time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="tagging",
            constraint=models.UniqueConstraint(
                fields=("tag", "content_object"),
                name="tagging_unique",
                violation_error_message="The publication carries this tag already.",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                condition=models.Q(("status", "published")),
                fields=["-published_at", "-id"],
                name="published_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                condition=models.Q(("status", "published")),
                fields=["kind", "-published_at", "-id"],
                name="published_by_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                condition=models.Q(("status", "published")),
                fields=["outlet", "-published_at", "-id"],
                name="published_by_outlet",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["-updated_at"], name="publication_last_changed"),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                condition=models.Q(("status", "published"), _negated=True),
                fields=["status", "-updated_at"],
                name="unpublished_last_changed",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(("title__regex", "\\S")),
                name="publication_has_a_title",
                violation_error_message="A publication needs a headline.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", ""), _negated=True),
                name="publication_has_an_address",
                violation_error_message="A publication needs an address.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "in_review", "approved", "published", "withdrawn"])
                ),
                name="publication_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    ("published_at__isnull", False),
                    _connector="OR",
                ),
                name="published_has_a_date",
                violation_error_message="A published work needs a publication date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outlet__isnull", False),
                    models.Q(("outlet_date__isnull", True), ("outlet_url", "")),
                    _connector="OR",
                ),
                name="outlet_facts_need_an_outlet",
                violation_error_message="Choose the outlet that the address and date belong to.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outlet_url", ""), ("outlet_url__regex", "^https?://\\S+$"), _connector="OR"
                ),
                name="outlet_url_is_a_web_address",
                violation_error_message="The address at the outlet starts with https://.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rights", "full"), models.Q(("outlet_url", ""), _negated=True), _connector="OR"
                ),
                name="excerpt_links_to_the_outlet",
                violation_error_message="An excerpt needs the address of the full text.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("full_text_from__isnull", False), ("rights", "full_from")),
                    models.Q(
                        models.Q(("rights", "full_from"), _negated=True),
                        ("full_text_from__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="full_text_date_when_excerpt_ends",
                violation_error_message="Give the date from which the full text may stand here, or choose another rights mode.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("series__isnull", False), ("series_number__isnull", True), _connector="OR"
                ),
                name="series_number_needs_a_series",
                violation_error_message="Choose the series that the number belongs to.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                fields=("series", "series_number"),
                name="series_number_unique",
                violation_error_message="Another work has this number in the series.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("source", "external_id"),
                name="publication_external_id_unique",
            ),
        ),
    ]
