"""What a sender has noted outlives it: with the database's memory gone, one message is unknown."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from newsletter.actions import sending
from newsletter.sending import notebook, overseer
from newsletter.sending.notebook import Notebook
from newsletter.sending.queue import Done, Outcome, Queue
from tests.newsletter.making import an_issue
from tests.newsletter.senders import and_close, send, statuses

NOW = timezone.now()


def a_note(pk: int, status: str = "sent", **more) -> Done:
    return Done(pk, f"<{pk}@example.org>", Outcome(status, **more), 7)


def a_notebook(*notes: Done) -> Notebook:
    kept = Notebook()
    kept.begin(7, 1, NOW)
    for each in notes:
        kept.note(each)
    return kept


def die_after(issue, done: int, *, writes: bool = True) -> None:
    """Be a sender that takes five, sends some, begins one more, and dies with the database."""

    def live() -> None:
        connection.ensure_connection()
        queue, kept, now = Queue(connection.connection), Notebook(), timezone.now()
        if writes:
            kept.begin(queue.number, issue.pk, now)
        items = queue.claim(issue.pk, 5, now)
        for item in items[: done + 1]:
            begun = Done(item.id, f"<{item.id}@example.org>", Outcome("unknown"), queue.number)
            kept.note(begun)
            if item is not items[done]:
                kept.note(Done(item.id, begun.message_id, Outcome("sent", "250 ok"), queue.number))
        # A crash of the database empties this table, and no mark has reached the disk.
        connection.cursor().execute("TRUNCATE newsletter_sender_seen")

    with ThreadPoolExecutor(1) as thread:
        thread.submit(and_close, live).result()
    while not overseer.bury_the_dead():
        pass


def test_of_a_dead_sender_and_a_crashed_database_one_message_is_unknown(mailbox, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    die_after(issue, done=2)
    assert statuses(issue) == {"sent": 2, "unknown": 1, "queued": 7}
    assert set(issue.deliveries.filter(status="sent").values_list("answer", flat=True)) == {
        "250 ok"
    }
    send(mailbox)
    assert len(mailbox.messages) == 7
    assert statuses(issue) == {"sent": 9, "unknown": 1}
    assert not list(notebook.path_of(1).parent.iterdir())


def test_without_a_notebook_all_that_was_taken_is_unknown(mailbox, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    die_after(issue, done=2, writes=False)
    assert statuses(issue) == {"unknown": 5, "queued": 5}


def test_a_notebook_is_not_believed_once_the_machine_was_started_anew(
    mailbox, readers, monkeypatch
):
    issue = sending.start(an_issue(lists=[readers]).pk)
    boots = iter(["before", "after"])
    monkeypatch.setattr(notebook, "boot_id", lambda: next(boots))
    die_after(issue, done=2)
    assert statuses(issue) == {"unknown": 5, "queued": 5}


def test_what_is_noted_last_is_read():
    waits = a_note(2, "deferred", answer="451 später 나중", wait=timedelta(minutes=5))
    a_notebook(a_note(1, "unknown"), a_note(1), waits, a_note(3, "unknown"))
    page = notebook.read(7)
    assert page
    assert page.claimed_at == NOW
    assert page.notes == {1: a_note(1), 2: waits, 3: a_note(3, "unknown")}


def test_a_line_that_was_being_written_counts_for_nothing():
    a_notebook(a_note(1))
    path = notebook.path_of(7)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        page = notebook.read(7)
        assert page is None or page.notes == {}
    path.write_bytes(whole)
    assert notebook.read(7)


@pytest.mark.parametrize(
    "written",
    [b"", b"\n", b"{}\n", b"[1]\n", b"[1, 2]\nnull\n", b"\xff\xfe\n", b'["a", "b", "c"]\n'],
)
def test_anything_else_is_not_believed(written):
    path = notebook.path_of(7)
    path.parent.mkdir(parents=True)
    path.write_bytes(written)
    assert notebook.read(7) is None


def test_a_batch_that_is_done_leaves_no_file():
    kept = a_notebook(a_note(1))
    kept.close()
    kept.close()
    assert notebook.read(7) is None
    assert kept.page is None


def test_where_no_file_can_be_written_a_sender_goes_without(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "file"
    settings.VAR_DIR.write_text("not a folder")
    kept = a_notebook(a_note(1))
    assert kept.page
    assert kept.page.notes == {1: a_note(1)}
    kept.close()


def test_a_page_that_cannot_be_written_to_the_end_is_torn_out():
    kept = a_notebook(a_note(1))
    os.close(kept._file)
    kept._file = os.open(notebook.path_of(7), os.O_RDONLY)
    kept.note(a_note(2))
    assert notebook.read(7) is None
    assert kept.page
    assert kept.page.notes.keys() == {1, 2}
