"""The whole data model of the newsletter."""

import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("publications", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Issue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("scheduled", "Scheduled"),
                            ("sending", "Sending"),
                            ("paused", "Paused"),
                            ("sent", "Sent"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("intro", models.TextField(blank=True, verbose_name="introduction")),
                (
                    "scheduled_for",
                    models.DateTimeField(blank=True, null=True, verbose_name="send from"),
                ),
                (
                    "started_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="sending began"
                    ),
                ),
                (
                    "finished_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="sending ended"
                    ),
                ),
                (
                    "candidates",
                    models.PositiveIntegerField(
                        blank=True, editable=False, null=True, verbose_name="audience"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last changed")),
            ],
            options={
                "verbose_name": "issue",
                "verbose_name_plural": "issues",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("key", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("hits", models.PositiveIntegerField()),
                ("ends_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "counter",
                "verbose_name_plural": "counters",
                "indexes": [models.Index(fields=["ends_at"], name="counter_end")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("hits__gte", 0)), name="counter_hits"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IssueItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
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
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="newsletter.issue",
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="publications.publication",
                        verbose_name="publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "item",
                "verbose_name_plural": "items",
                "ordering": ["position"],
            },
        ),
        migrations.AddField(
            model_name="issue",
            name="publications",
            field=models.ManyToManyField(
                related_name="+",
                through="newsletter.IssueItem",
                to="publications.publication",
                verbose_name="publications",
            ),
        ),
        migrations.CreateModel(
            name="MailingList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True, max_length=100, unique=True, verbose_name="address"
                    ),
                ),
                (
                    "description",
                    models.TextField(
                        blank=True,
                        help_text="What subscribers get and how often.",
                        verbose_name="description",
                    ),
                ),
                (
                    "is_default",
                    models.BooleanField(
                        default=False,
                        help_text="A sign-up without a choice is for this list.",
                        verbose_name="preselected",
                    ),
                ),
                (
                    "is_public",
                    models.BooleanField(
                        default=True,
                        help_text="Visitors may sign up for it.",
                        verbose_name="on offer",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
            ],
            options={
                "verbose_name": "mailing list",
                "verbose_name_plural": "mailing lists",
                "ordering": ["position", "name", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "\\S")), name="mailing_list_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_default", False), ("is_public", True), _connector="OR"
                        ),
                        name="mailing_list_default_is_on_offer",
                        violation_error_message="A preselected list must be on offer.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="issue",
            name="lists",
            field=models.ManyToManyField(
                related_name="issues", to="newsletter.mailinglist", verbose_name="lists"
            ),
        ),
        migrations.CreateModel(
            name="Subscriber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        help_text="As typed.", max_length=320, verbose_name="e-mail address"
                    ),
                ),
                (
                    "normalized",
                    models.CharField(
                        editable=False,
                        max_length=320,
                        unique=True,
                        verbose_name="normalized address",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("ko", "Korean")],
                        default="en",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
            ],
            options={
                "verbose_name": "subscriber",
                "verbose_name_plural": "subscribers",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("address__regex", "^[^\\s@[:cntrl:]]+@[^\\s@[:cntrl:]]+$")
                        ),
                        name="subscriber_address_is_plain",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("normalized__regex", "^[^\\s@[:cntrl:]]+@[^\\s@[:cntrl:]]+$"),
                            (
                                "normalized",
                                django.db.models.functions.text.Lower(models.F("normalized")),
                            ),
                        ),
                        name="subscriber_normalized_is_plain_and_lower",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("claimed", "Taken by a sender"),
                            ("sending", "Being handed over"),
                            ("sent", "Sent"),
                            ("deferred", "To be tried again"),
                            ("failed", "Refused"),
                            ("unknown", "Outcome unknown"),
                            ("excluded", "Not sent on purpose"),
                        ],
                        default="queued",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                (
                    "exclusion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unsubscribed", "Unsubscribed after the audience was counted"),
                            ("suppressed", "The address is suppressed"),
                            ("erased", "The person was erased"),
                            ("cancelled", "The issue was cancelled"),
                        ],
                        max_length=12,
                        verbose_name="reason for not sending",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="answer of the mail server")),
                (
                    "message_id",
                    models.CharField(blank=True, max_length=250, verbose_name="Message-ID"),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("claimed_by", models.BigIntegerField(editable=False, null=True)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="queued"),
                ),
                (
                    "claimed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="taken"),
                ),
                ("sent_at", models.DateTimeField(editable=False, null=True, verbose_name="sent")),
                (
                    "try_again_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="next attempt"),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="newsletter.issue",
                        verbose_name="issue",
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="deliveries",
                        to="newsletter.subscriber",
                        verbose_name="subscriber",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ConsentEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("confirmed", "Confirmed"),
                            ("changed", "Changed"),
                            ("unsubscribed", "Unsubscribed"),
                            ("imported", "Imported"),
                            ("erased", "Erased"),
                        ],
                        max_length=12,
                        verbose_name="event",
                    ),
                ),
                (
                    "happened_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="time"),
                ),
                (
                    "address_hash",
                    models.CharField(max_length=64, verbose_name="keyed hash of the address"),
                ),
                ("text", models.TextField(blank=True, verbose_name="text shown")),
                (
                    "text_version",
                    models.CharField(blank=True, max_length=20, verbose_name="version of the text"),
                ),
                (
                    "form_address",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="address of the form"
                    ),
                ),
                (
                    "network",
                    models.CharField(
                        blank=True,
                        help_text="The IP address, cut to /24 or /48.",
                        max_length=50,
                        verbose_name="network",
                    ),
                ),
                (
                    "mailing_list",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="newsletter.mailinglist",
                        verbose_name="list",
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="consent_events",
                        to="newsletter.subscriber",
                        verbose_name="subscriber",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent event",
                "verbose_name_plural": "consent events",
                "ordering": ["-happened_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("subscribe", "Subscribe")], default="subscribe", max_length=12
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("lists", models.ManyToManyField(related_name="+", to="newsletter.mailinglist")),
                (
                    "subscriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="confirmations",
                        to="newsletter.subscriber",
                    ),
                ),
            ],
            options={
                "verbose_name": "confirmation",
                "verbose_name_plural": "confirmations",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("active", "Active"),
                            ("unsubscribed", "Unsubscribed"),
                        ],
                        default="pending",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "requested_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="requested"
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="confirmed"),
                ),
                (
                    "unsubscribed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="unsubscribed"),
                ),
                (
                    "mailing_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="newsletter.mailinglist",
                        verbose_name="list",
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscriptions",
                        to="newsletter.subscriber",
                        verbose_name="subscriber",
                    ),
                ),
            ],
            options={
                "verbose_name": "subscription",
                "verbose_name_plural": "subscriptions",
                "ordering": ["mailing_list__position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "address_hash",
                    models.CharField(
                        max_length=64, unique=True, verbose_name="keyed hash of the address"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("bounce", "The address does not exist"),
                            ("complaint", "Reported as spam"),
                            ("request", "Asked not to be written to"),
                            ("staff", "Blocked by staff"),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="since"),
                ),
            ],
            options={
                "verbose_name": "suppression",
                "verbose_name_plural": "suppressions",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reason__in", ["bounce", "complaint", "request", "staff"])
                        ),
                        name="suppression_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("address_hash__regex", "^[0-9a-f]{64}$")),
                        name="suppression_address_is_hashed",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="issueitem",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("issue", "position"),
                name="issue_item_position_unique",
                violation_error_message="Two items stand at the same place.",
            ),
        ),
        migrations.AddConstraint(
            model_name="issueitem",
            constraint=models.UniqueConstraint(
                fields=("issue", "publication"),
                name="issue_item_publication_once",
                violation_error_message="This publication is in the issue already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="issueitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("position__gte", 1)), name="issue_item_position_from_one"
            ),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(
                condition=models.Q(("status", "scheduled")),
                fields=["scheduled_for"],
                name="issue_schedule",
            ),
        ),
        migrations.AddConstraint(
            model_name="issue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "scheduled", "sending", "paused", "sent", "cancelled"])
                ),
                name="issue_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="issue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("subject__regex", "\\S"),
                    models.Q(("subject__regex", "[[:cntrl:]]"), _negated=True),
                ),
                name="issue_subject_is_one_line",
                violation_error_message="The subject is one line of text.",
            ),
        ),
        migrations.AddConstraint(
            model_name="issue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "scheduled"), _negated=True),
                    ("scheduled_for__isnull", False),
                    _connector="OR",
                ),
                name="scheduled_issue_has_a_time",
                violation_error_message="A scheduled issue needs a time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="issue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("sending", "paused", "sent")), _negated=True),
                    models.Q(("candidates__isnull", False), ("started_at__isnull", False)),
                    _connector="OR",
                ),
                name="started_issue_has_an_audience",
            ),
        ),
        migrations.AddConstraint(
            model_name="issue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "sent"), _negated=True),
                    ("finished_at__isnull", False),
                    _connector="OR",
                ),
                name="sent_issue_has_an_end",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("status", "queued")),
                fields=["issue", "id"],
                name="delivery_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("status", "deferred")),
                fields=["try_again_at"],
                name="delivery_deferred",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("status__in", ["claimed", "sending"])),
                fields=["claimed_by"],
                name="delivery_claimed",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("issue", "subscriber"), name="delivery_once_per_subscriber"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "queued",
                            "claimed",
                            "sending",
                            "sent",
                            "deferred",
                            "failed",
                            "unknown",
                            "excluded",
                        ],
                    )
                ),
                name="delivery_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("exclusion__in", ["unsubscribed", "suppressed", "erased", "cancelled"]),
                        ("status", "excluded"),
                    ),
                    models.Q(models.Q(("status", "excluded"), _negated=True), ("exclusion", "")),
                    _connector="OR",
                ),
                name="delivery_exclusion_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("status", "sent")),
                    models.Q(
                        models.Q(("status", "sent"), _negated=True), ("sent_at__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="delivery_sent_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["claimed", "sending"]), _negated=True),
                    models.Q(("claimed_at__isnull", False), ("claimed_by__isnull", False)),
                    _connector="OR",
                ),
                name="delivery_claim_names_a_sender",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "deferred"), _negated=True),
                    ("try_again_at__isnull", False),
                    _connector="OR",
                ),
                name="deferred_delivery_has_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="consentevent",
            index=models.Index(fields=["address_hash", "happened_at"], name="consent_of_address"),
        ),
        migrations.AddConstraint(
            model_name="consentevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["requested", "confirmed", "changed", "unsubscribed", "imported", "erased"],
                    )
                ),
                name="consent_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("address_hash__regex", "^[0-9a-f]{64}$")),
                name="consent_address_is_hashed",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("network", ""), ("network__regex", "(?:\\.0/24|::/48)$"), _connector="OR"
                ),
                name="consent_network_is_cut",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "erased"), ("mailing_list__isnull", False), _connector="OR"
                ),
                name="consent_names_a_list",
            ),
        ),
        migrations.AddIndex(
            model_name="confirmation",
            index=models.Index(fields=["expires_at"], name="confirmation_expiry"),
        ),
        migrations.AddConstraint(
            model_name="confirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["subscribe"])),
                name="confirmation_purpose_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="confirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(("token_hash__regex", "^[0-9a-f]{64}$")),
                name="confirmation_token_is_hashed",
            ),
        ),
        migrations.AddConstraint(
            model_name="confirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("created_at"))),
                name="confirmation_expires_later",
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(fields=["mailing_list", "status"], name="subscription_list_status"),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                condition=models.Q(("status", "pending")),
                fields=["requested_at"],
                name="subscription_unconfirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                fields=("subscriber", "mailing_list"), name="subscription_once_per_list"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["pending", "active", "unsubscribed"])),
                name="subscription_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("confirmed_at__isnull", True),
                        ("status", "pending"),
                        ("unsubscribed_at__isnull", True),
                    ),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("status", "active"),
                        ("unsubscribed_at__isnull", True),
                    ),
                    models.Q(("status", "unsubscribed"), ("unsubscribed_at__isnull", False)),
                    _connector="OR",
                ),
                name="subscription_dates_match_status",
            ),
        ),
    ]
