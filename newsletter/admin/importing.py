"""Importing subscribers at the desk: upload, say which column is what, rehearse, import."""

from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kei_site.common.uploads import check_arrival
from newsletter.actions.importing import MAX_PROOF, Plan, Remark, Report, import_subscribers
from newsletter.admin import uploads
from newsletter.admin.pages import desk_page, ensure
from newsletter.importing import candidates, ensure_is_header, guess
from newsletter.models import MailingList, Subscriber
from newsletter.tables import Table, UnusableError, inspect, read

PREVIEWED = 10
REMARKS = 100
# What a person waits for; longer tables are for the command.
MOST_ROWS = 20_000


class UploadForm(forms.Form):
    """A file that can be read as a table."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV with the names of the columns in its first line. Encoding and separator are "
            "found out."
        ),
    )

    def clean_file(self) -> Any:
        """Look at every line before anything else happens."""
        file = self.cleaned_data["file"]
        check_arrival(file)
        try:
            _inspected(file.file)
        except UnusableError as error:
            raise ValidationError(str(error)) from error
        return file


class MappingForm(forms.Form):
    """Which column is what, where the people go, and where they agreed."""

    email = forms.ChoiceField(label=gettext_lazy("Column with the e-mail address"))
    language = forms.ChoiceField(
        label=gettext_lazy("Column with the language"),
        required=False,
        help_text=gettext_lazy("English where none is given or known."),
    )
    mailing_list = forms.ModelChoiceField(MailingList.objects.all(), label=gettext_lazy("List"))
    proof = forms.CharField(
        label=gettext_lazy("Where and when they agreed"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_PROOF,
        help_text=gettext_lazy("Kept with each person as the proof of consent."),
    )

    def __init__(self, data: Any, table: Table, guessed: dict[str, str]) -> None:
        super().__init__(data, initial=guessed)
        columns = [(each, each) for each in table.columns]
        self.fields["email"].choices = columns  # type: ignore[attr-defined]
        self.fields["language"].choices = [("", _("None")), *columns]  # type: ignore[attr-defined]

    @property
    def mapping(self) -> dict[str, str]:
        """The chosen columns."""
        chosen = {name: self.cleaned_data[name] for name in ("email", "language")}
        return {name: column for name, column in chosen.items() if column}


@dataclass(slots=True)
class Outcome:
    """What the page says after a run."""

    is_rehearsal: bool
    report: Report = field(default_factory=Report)
    remarks: list[Remark] = field(default_factory=list)
    unsaid: int = 0

    def remark(self, remark: Remark) -> None:
        """Keep the first hundred and count the others."""
        if len(self.remarks) < REMARKS:
            self.remarks.append(remark)
        else:
            self.unsaid += 1


def upload(request: HttpRequest) -> HttpResponse:
    """Take a file, unless it cannot be read as a table."""
    ensure(request, "add_subscriber")
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        token = uploads.keep(form.cleaned_data["file"], _user_id(request))
        return redirect("admin:newsletter_subscriber_import_table", token)
    return desk_page(
        request,
        "subscriber/upload.html",
        title=_("Import subscribers"),
        model=Subscriber,
        form=form,
    )


def take_in(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is in the file; rehearse or do its import when asked to."""
    ensure(request, "add_subscriber")
    path = uploads.find(token, _user_id(request))
    if path is None:
        return _gone(request)
    with path.open("rb") as file:
        table = inspect(file)
        sample = list(islice(read(file, table), PREVIEWED))
        form = MappingForm(request.POST or None, table, guess(table.columns, sample))
        outcome = _run(request, form, file, table) if form.is_valid() else None
    if outcome and not outcome.is_rehearsal:
        path.unlink(missing_ok=True)
    return desk_page(
        request,
        "subscriber/import.html",
        title=_("Import subscribers"),
        model=Subscriber,
        form=form,
        table=table,
        sample=sample,
        outcome=outcome,
    )


def _run(request: HttpRequest, form: MappingForm, file: BinaryIO, table: Table) -> Outcome:
    outcome = Outcome(is_rehearsal="import" not in request.POST)
    plan = Plan(
        mailing_list=form.cleaned_data["mailing_list"],
        proof=form.cleaned_data["proof"],
        form_address=request.path.rpartition("import/")[0] + "import/",
        is_rehearsal=outcome.is_rehearsal,
    )
    rows = candidates(read(file, table), table.columns, form.mapping)
    outcome.report = import_subscribers(rows, plan, remark=outcome.remark)
    return outcome


def _inspected(file: BinaryIO) -> Table:
    """Return what the file is, when it is fit for an import at the desk."""
    table = inspect(file)
    ensure_is_header(table.columns)
    if table.rows > MOST_ROWS:
        said = _(
            "The file has more than %(most)s rows. Split it, or use the command import_subscribers."
        )
        raise UnusableError(said % {"most": f"{MOST_ROWS:,}"})
    return table


def _gone(request: HttpRequest) -> HttpResponse:
    """Say that the file is not there: imported already, too old, or of somebody else."""
    page = desk_page(
        request,
        "subscriber/upload.html",
        title=_("Import subscribers"),
        model=Subscriber,
        form=UploadForm(),
        problem=_("This file is not kept any more: it was imported, or is a day old."),
    )
    page.status_code = 404
    return page


def _user_id(request: HttpRequest) -> int:
    return int(request.user.pk or 0)
