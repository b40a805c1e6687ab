"""The worklist of reviews: what somebody should look at again."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kei_site.common.capped import CappedPaginator
from publications.actions import caring
from publications.admin.base import ActionAdmin
from publications.admin.desk_pages import desk_page, in_words
from publications.forms.caring import ReviewForm, in_a_year
from publications.models import Publication, User

PER_PAGE = 25


class Reviews(ActionAdmin):
    """Publications with an owner and a day for review."""

    def get_urls(self) -> list[Any]:
        site = self.admin_site
        mine: list[Any] = [
            path("reviews/", site.admin_view(self.reviews_view), name="publications_reviews"),
            path(
                "reviews/<int:pk>/",
                site.admin_view(self.reviewed_view),
                name="publications_reviewed",
            ),
        ]
        return mine + super().get_urls()

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer staff alone as owners, by the names people know."""
        if db_field.name == "owner":
            kwargs["queryset"] = User.objects.filter(is_staff=True, is_active=True).order_by(
                "first_name", "last_name", "username"
            )
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "owner" and field is not None:
            field.label_from_instance = _named
        return field

    def reviews_view(self, request: HttpRequest) -> HttpResponse:
        """List what is to be reviewed, by me or by anybody; the most overdue first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        everybody = request.GET.get("whose") == "all"
        works = caring.works_to_review(owner=None if everybody else request.user)
        works = works.select_related("kind", "owner").defer("body")
        page = CappedPaginator(works, PER_PAGE).get_page(request.GET.get("page"))
        return desk_page(
            request,
            self,
            "caring/reviews.html",
            title=_("Works to review"),
            page=page,
            everybody=everybody,
            today=timezone.localdate(),
            usual=in_a_year(),
            may_change=self.has_change_permission(request),
        )

    def reviewed_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note that a work was reviewed, and when the next review is due."""
        work = get_object_or_404(Publication, pk=pk)
        if not self.has_change_permission(request, work):
            raise PermissionDenied
        back = reverse("admin:publications_reviews")
        if request.POST.get("whose") == "all":
            back += "?whose=all"
        if request.method == "POST":
            form = ReviewForm(request.POST)
            try:
                if not form.is_valid():
                    raise ValidationError([*form.errors.values()])
                caring.reviewed(work, by=request.user, next_on=form.cleaned_data["next_on"])
            except ValidationError as refusal:
                said = f"{work}: {in_words(refusal)}"
                self.message_user(request, said, messages.ERROR)
            else:
                said = _("“%(work)s” is reviewed.") % {"work": work}
                self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(back)


def _named(user: User) -> str:
    return user.get_full_name() or user.get_username()
