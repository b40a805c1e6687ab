"""Logs: written by themselves, read by those who may, changed by nobody."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from publications.actions.security import note
from publications.models import Incident, SecurityEvent, User
from tests.factories import a_user

pytestmark = pytest.mark.django_db
LOGS = [(LogEntry, "admin_logentry"), (SecurityEvent, "publications_securityevent")]


@pytest.fixture
def lines(kim: User, admin_user: User) -> None:
    LogEntry.objects.create(user=admin_user, object_id="1", object_repr="A work", action_flag=2)
    note(Incident.SIGNED_IN, user=kim, by=kim)


@pytest.mark.parametrize(("model", "name"), LOGS)
def test_nobody_changes_a_log_by_any_address(
    staff: Any, lines: None, model: Any, name: str
) -> None:
    line = model.objects.order_by("pk").first()
    before = list(model.objects.filter(pk=line.pk).values())
    at = [line.pk]
    assert staff.get(reverse(f"admin:{name}_changelist")).status_code == 200
    assert staff.get(reverse(f"admin:{name}_change", args=at)).status_code == 200
    assert staff.post(reverse(f"admin:{name}_change", args=at), {"detail": "x"}).status_code == 403
    assert staff.post(reverse(f"admin:{name}_add"), {}).status_code == 403
    assert staff.post(reverse(f"admin:{name}_delete", args=at), {"post": "yes"}).status_code == 403
    staff.post(
        reverse(f"admin:{name}_changelist"),
        {"action": "delete_selected", "_selected_action": at, "post": "yes"},
    )
    assert list(model.objects.filter(pk=line.pk).values()) == before


@pytest.mark.parametrize(("model", "_name"), LOGS)
def test_the_database_refuses_to_change_a_log(lines: None, model: Any, _name: str) -> None:
    table = model._meta.db_table
    for statement in (f"UPDATE {table} SET id = id + 1000", f"DELETE FROM {table}"):
        with (
            pytest.raises(IntegrityError, match="never changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_an_account_that_the_log_names_is_made_inactive_and_not_deleted(
    staff: Any, lines: None, kim: User
) -> None:
    LogEntry.objects.create(user=kim, object_id="1", object_repr="A work", action_flag=2)
    address = reverse("admin:publications_user_delete", args=[kim.pk])
    assert "Make it inactive instead" in staff.get(address).content.decode()
    assert staff.post(address, {"post": "yes"}).status_code == 200
    assert User.objects.filter(pk=kim.pk).exists()


def test_an_account_without_actions_is_deleted_and_its_events_stay(
    staff: Any, lines: None, kim: User
) -> None:
    address = reverse("admin:publications_user_delete", args=[kim.pk])
    assert staff.post(address, {"post": "yes"}).status_code == 302
    event = SecurityEvent.objects.get(kind="signed_in", user_name__contains=kim.username)
    assert event.user is None


def test_changed_rights_are_kept_with_who_changed_them(
    staff: Any, kim: User, admin_user: User
) -> None:
    group = Group.objects.get(name="Editor")
    fields = {
        "username": kim.username, "is_active": "on", "is_staff": "on", "is_superuser": "on",
        "groups": [group.pk], "date_joined_0": "2026-01-01", "date_joined_1": "10:00:00",
        "email": kim.email,
    }  # fmt: skip
    address = reverse("admin:publications_user_change", args=[kim.pk])
    assert staff.post(address, fields).status_code == 302
    event = SecurityEvent.objects.get(kind="rights_changed")
    assert (event.user, event.by) == (kim, admin_user)
    assert "superuser: yes" in event.detail
    assert "groups: Editor" in event.detail
    staff.post(address, fields)
    assert SecurityEvent.objects.filter(kind="rights_changed").count() == 1


def test_a_password_set_by_somebody_else_is_kept_and_ends_the_sessions(
    staff: Any, kim: User, here: Any
) -> None:
    here.sign_in(kim.username)
    address = reverse("admin:auth_user_password_change", args=[kim.pk])
    new = "yet another long passphrase"
    fields = {"password1": new, "password2": new, "usable_password": "true"}
    assert staff.post(address, fields).status_code == 302
    assert not here.is_in
    event = SecurityEvent.objects.get(kind="password_changed")
    assert event.user == kim
    assert event.by != kim
    assert new not in str(SecurityEvent.objects.values())


@pytest.mark.parametrize(("model", "name"), LOGS)
def test_a_log_is_searched_by_person_and_costs_the_same_when_it_is_long(
    staff: Any, lines: None, kim: User, admin_user: User, django_assert_max_num_queries: Any,
    model: Any, name: str,
) -> None:  # fmt: skip
    address = reverse(f"admin:{name}_changelist")
    staff.get(address)

    def queries() -> int:
        with django_assert_max_num_queries(25) as asked:
            assert staff.get(address).status_code == 200
        return len(asked)

    few = queries()
    for number in range(30):
        person = a_user()
        LogEntry.objects.create(
            user=person, object_id=str(number), object_repr=f"Work {number}", action_flag=1
        )
        note(Incident.SIGNED_IN, user=person, by=person)
    assert queries() == few
    found = staff.get(address, {"q": "Kim"}).context["cl"].result_list
    assert len(found) == (1 if model is SecurityEvent else 0)
    assert staff.get(address, {"q": "%\x00_'"}).status_code == 200
