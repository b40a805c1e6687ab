"""What holds for the project as a whole."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
SHOW = """
from kei_site import settings as s
print(s.SECRET_KEY, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, end=" ")
print(s.SECURE_HSTS_SECONDS > 0, s.DEBUG)
"""


def settings_under(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process whose environment is exactly this."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            SHOW,
        ],
        cwd=ROOT,
        env={"VAR_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_empty_environment_is_a_secure_site(tmp_path):
    key, *switches = settings_under(tmp_path).stdout.split()
    assert len(key) == 50
    assert switches == ["True", "True", "True", "False"]


def test_the_secret_key_is_made_once_and_for_this_account_only(tmp_path):
    first = settings_under(tmp_path).stdout
    assert settings_under(tmp_path).stdout == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_plain_http_is_for_the_loopback_address(tmp_path):
    allowed = settings_under(tmp_path, ALLOW_PLAIN_HTTP="1", SITE_URL="http://127.0.0.1:8000")
    assert allowed.stdout.split()[1:] == ["False", "False", "False", "False"]
    refused = settings_under(tmp_path, ALLOW_PLAIN_HTTP="1", SITE_URL="http://www.example.org")
    assert refused.returncode != 0
    assert "loopback" in refused.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("SITE_URL", "www.example.org"), ("SMTP_PORT", "many"), ("SMTP_SECURITY", "maybe")],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(tmp_path, name, value):
    refused = settings_under(tmp_path, **{name: value, "SMTP_HOST": "localhost"})
    assert refused.returncode != 0
    assert name in refused.stderr.splitlines()[-1]


def test_every_environment_variable_is_documented():
    code = "".join(
        (ROOT / name).read_text() for name in ("kei_site/settings.py", "kei_site/gunicorn.conf.py")
    )
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', code))
    table = (ROOT / "docs/operations.md").read_text()
    documented = set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE))
    assert read == documented


def test_lock_files_pin_with_hashes_and_name_no_index():
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text()
        assert "://" not in text
        assert "--hash=sha256:" in text
