"""The one command that starts everything, as a newcomer runs it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

PATIENCE = 90  # seconds; the first start makes a database


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_site(var: Path, port: int) -> Iterator[str]:
    """Run the site as `make run` does, and press Ctrl-C at the end."""
    log = var / "serve.log"
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(var),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOW_PLAIN_HTTP": "1",
    }
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port), "--sample", "30"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        until_it_answers(process, port, log)
        yield log.read_text()
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(PATIENCE) == 0, log.read_text()
        assert "Stopped." in log.read_text()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)


def read(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as answer:
        assert answer.status == 200
        return answer.read().decode()


def test_a_port_that_is_taken_is_refused_before_anything_starts():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} cannot be used"):
            call_command("serve", port=port)


@pytest.mark.long
def test_one_command_starts_a_site_with_content_and_ctrl_c_stops_all_of_it(tmp_path):
    port = free_port()
    with running_site(tmp_path, port) as said:
        assert f"http://127.0.0.1:{port}/" in said
        assert re.search(r"with the password \S{12,}", said)
        total = re.search(r"Total index:\s*(\d+)", read(port, "/"))
    assert total
    assert int(total[1]) > 20
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()

    with running_site(tmp_path, port) as said:
        # The password is said once, and the library is not loaded twice.
        assert "password" not in said
        assert f"Total index: {total[1]}" in " ".join(read(port, "/").split())
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()
