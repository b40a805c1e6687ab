"""The embedded PostgreSQL: real servers in directories of their own."""

import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dj_database_url
import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from kei_site.embedded import logs, sockets, supervisor
from kei_site.embedded.base import DatabaseWrapper
from kei_site.embedded.binaries import find_bin_dir
from kei_site.embedded.errors import ServerError
from kei_site.embedded.supervisor import Server
from kei_site.management.commands import postgres

ROOT = Path(__file__).resolve().parents[2]
START = """
import pathlib, sys
from kei_site.embedded.supervisor import Server
server = Server(pathlib.Path(sys.argv[1]))
print(server.ensure_running(), server.find().pid, flush=True)
"""
pytestmark = pytest.mark.long
is_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can start it for another account")

type Build = Callable[[Path], Server]


@pytest.fixture(autouse=True)
def short_dir(monkeypatch, tmp_path) -> Iterator[Path]:
    """Keep the short links of the tests to themselves."""
    with tempfile.TemporaryDirectory(dir="/tmp") as directory:
        monkeypatch.setattr(tempfile, "tempdir", directory)
        monkeypatch.setenv("TMPDIR", directory)
        yield Path(directory)


def kill(server: Server) -> None:
    for pid in processes_in(server.data_dir):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    until(lambda: not processes_in(server.data_dir))


def destroy(server: Server) -> None:
    kill(server)
    for leftover in server.data_dir.parent.glob(f"{server.data_dir.name}*"):
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[Path]:
    """A data directory to copy: making one costs more than anything else here."""
    server = Server(tmp_path_factory.mktemp("cluster") / "postgres")
    server.ensure_running()
    server.stop()
    yield server.data_dir
    destroy(server)


@pytest.fixture
def build(cluster) -> Iterator[Build]:
    """Put a copy of the data directory at a path of one's choice."""
    servers = []

    def build_at(path: Path) -> Server:
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", cluster, path], check=True)
        servers.append(Server(path))
        return servers[-1]

    yield build_at
    for server in servers:
        destroy(server)


@pytest.fixture(scope="module")
def shared(cluster) -> Iterator[Server]:
    server = Server(cluster.with_name("shared"))
    subprocess.run(["cp", "-a", cluster, server.data_dir], check=True)
    yield server
    destroy(server)


@pytest.fixture
def server(shared) -> Iterator[Server]:
    """A stopped server, for tests that leave its files alone."""
    yield shared
    shared.stop()
    kill(shared)
    (shared.data_dir / "postmaster.pid").unlink(missing_ok=True)


@pytest.fixture
def fresh(build, tmp_path) -> Server:
    """A stopped server of one's own."""
    return build(tmp_path / "postgres")


@pytest.fixture(scope="module")
def running(cluster) -> Iterator[Server]:
    """A running server, for tests that leave it so."""
    server = Server(cluster.with_name("running"))
    subprocess.run(["cp", "-a", cluster, server.data_dir], check=True)
    server.ensure_running()
    yield server
    destroy(server)


@pytest.fixture
def empty(tmp_path) -> Iterator[Server]:
    """A server that was never started, at a path with everything that makes trouble."""
    server = Server(tmp_path / ("한국 연구소 " * 6) / "postgres")
    yield server
    destroy(server)


def connect(server: Server, **options) -> psycopg.Connection:
    return psycopg.connect(
        host=server.host, user="postgres", dbname="postgres", autocommit=True, **options
    )


def ask(server: Server, question: str) -> object:
    with connect(server) as connection:
        return connection.execute(question).fetchone()[0]


def pid_of(server: Server) -> int:
    postmaster = server.find()
    assert postmaster is not None
    return postmaster.pid


def until(question: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def run_python(code: str, *arguments: object, **options) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        **options,
    )


def processes_in(directory: Path) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").samefile(directory):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


# --- Starting ----------------------------------------------------------------
def test_the_first_start_makes_a_database_that_knows_korean_and_is_private(empty):
    assert empty.ensure_running() is True

    assert ask(empty, "SHOW server_encoding") == "UTF8"
    assert ask(empty, "SELECT datctype FROM pg_database LIMIT 1") == "C.UTF-8"
    assert ask(empty, "SELECT '가' ~ '\\w' AND lower('É') = 'é'") is True
    assert ask(empty, "SHOW listen_addresses") == ""
    assert ask(empty, "SHOW fsync") == "on"
    assert empty.data_dir.stat().st_mode & 0o777 == 0o700
    assert (empty.data_dir / sockets.SOCKET_NAME).stat().st_mode & 0o777 == 0o700
    assert logs.log_path(empty.data_dir).stat().st_mode & 0o777 == 0o600
    assert not [path.name for path in empty.data_dir.parent.iterdir() if ".new-" in path.name]


def test_a_second_start_uses_the_running_server(server):
    assert server.ensure_running() is True
    pid = pid_of(server)

    assert server.ensure_running() is False
    assert Server(server.data_dir).ensure_running() is False
    assert pid_of(server) == pid


def test_of_starters_at_the_same_time_one_starts_and_all_get_the_server(empty):
    starters = [run_python(START, empty.data_dir) for _ in range(4)]

    answers = [starter.communicate(timeout=60)[0].split() for starter in starters]

    assert sorted(started for started, _ in answers) == ["False", "False", "False", "True"]
    assert {int(pid) for _, pid in answers} == {pid_of(empty)}


def test_leftovers_of_a_killed_first_start_are_cleared_away(empty):
    leftover = empty.data_dir.parent / f"{empty.data_dir.name}.new-killed"
    leftover.mkdir(parents=True)
    (leftover / "PG_VERSION").touch()

    assert empty.ensure_running() is True
    assert not leftover.exists()


def test_the_server_survives_the_end_and_the_ctrl_c_of_its_starter(server):
    starter = run_python(
        START + "sys.stdin.read()", server.data_dir, stdin=subprocess.PIPE, process_group=0
    )
    assert starter.stdout.readline().split()[0] == "True"

    os.killpg(starter.pid, signal.SIGINT)
    starter.communicate()

    assert ask(server, "SELECT 1") == 1


def test_the_server_gets_no_secret_from_the_environment(server, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "do-not-tell")
    server.ensure_running()

    assert b"do-not-tell" not in Path(f"/proc/{pid_of(server)}/environ").read_bytes()


def test_a_failed_start_quotes_the_log(fresh):
    with (fresh.data_dir / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = on\n")

    with pytest.raises(ServerError, match=r"did not start(?s:.)*no_such_setting"):
        fresh.ensure_running()


def test_a_big_log_is_put_aside(fresh, monkeypatch):
    monkeypatch.setattr(logs, "MAX_BYTES", 10)
    log = logs.log_path(fresh.data_dir)
    log.write_text("something of last year\n")

    fresh.ensure_running()

    assert log.with_name(f"{log.name}.1").read_text() == "something of last year\n"
    assert "ready to accept connections" in log.read_text()


# --- After an accident -------------------------------------------------------
def test_after_kill_9_of_the_server_it_starts_again_with_its_data(server):
    server.ensure_running()
    first = pid_of(server)
    with connect(server) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")

    os.kill(first, signal.SIGKILL)
    until(lambda: server.find() is None)

    assert server.ensure_running() is True
    assert pid_of(server) != first
    assert ask(server, "SELECT answer FROM kept") == 42


def test_after_kill_9_of_everything_it_starts_again(server):
    server.ensure_running()
    for pid in processes_in(server.data_dir):
        os.kill(pid, signal.SIGKILL)
    until(lambda: server.find() is None)

    assert server.ensure_running() is True
    assert ask(server, "SELECT 1") == 1


def test_no_server_starts_while_one_of_the_former_still_works_on_the_data(server):
    server.ensure_running()
    with connect(server) as connection:
        backend = connection.info.backend_pid
        # Computing, it does not notice that its postmaster is gone.
        work = threading.Thread(target=_compute_until_killed, args=[connection])
        work.start()
        with connect(server) as other:
            activity = "SELECT state FROM pg_stat_activity WHERE pid = %s"
            until(lambda: other.execute(activity, [backend]).fetchone() == ("active",))
        os.kill(pid_of(server), signal.SIGKILL)
        until(lambda: server.find() is None)

        starter = run_python(START, server.data_dir)
        log = logs.log_path(server.data_dir)
        log_size = log.stat().st_size
        with pytest.raises(subprocess.TimeoutExpired):
            starter.wait(timeout=1)
        assert log.stat().st_size == log_size
        os.kill(backend, signal.SIGKILL)
        work.join()

    assert starter.communicate(timeout=30)[0].split()[0] == "True"


def _compute_until_killed(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT count(*) FROM generate_series(1, 10000000000)")


@pytest.mark.parametrize("where", ["elsewhere", "in the data directory"])
def test_a_process_number_that_was_reused_is_not_taken_for_the_server(server, where):
    owner = server.data_dir.stat().st_uid
    directory = "/" if where == "elsewhere" else server.data_dir
    stranger = subprocess.Popen(["sleep", "60"], cwd=directory, user=owner)
    claim_to_be_the_server(stranger.pid, server)
    (server.data_dir / f"{sockets.SOCKET_NAME}.lock").write_text(f"{stranger.pid}\n")

    assert server.find() is None
    assert server.ensure_running() is True
    assert pid_of(server) != stranger.pid
    stranger.kill()
    stranger.wait()


def claim_to_be_the_server(pid: int, server: Server) -> None:
    (server.data_dir / "postmaster.pid").write_text(
        f"{pid}\n{server.data_dir}\n1\n5432\n.\n\n1 1\nready\n"
    )


def test_the_server_of_a_copy_is_not_taken_for_the_server(build, server, tmp_path):
    copy = build(tmp_path / "copy")
    server.ensure_running()
    shutil.copy(server.data_dir / "postmaster.pid", copy.data_dir)

    assert copy.find() is None
    assert copy.ensure_running() is True
    assert pid_of(copy) != pid_of(server)


def test_a_zombie_is_not_taken_for_the_server(server, tmp_path):
    program = tmp_path / "programs" / "postgres"
    program.parent.mkdir()
    shutil.copy("/bin/sleep", program)
    process = subprocess.Popen([program, "60"], cwd=server.data_dir)
    claim_to_be_the_server(process.pid, server)
    until(server.find)

    process.kill()
    until(lambda: " Z " in Path(f"/proc/{process.pid}/stat").read_text())

    assert server.find() is None
    assert server.ensure_running() is True
    process.wait()


def test_a_pid_file_that_makes_no_sense_is_no_server(tmp_path):
    for text in ("", "\n", "postgres\n", "999999999999\n"):
        (tmp_path / "postmaster.pid").write_text(text)
        assert Server(tmp_path).find() is None


# --- Paths -------------------------------------------------------------------
@pytest.mark.parametrize(
    "name",
    ["a path with spaces", "한국 연구소", 'commas, quotes\' and "all" $HOME', "long" * 50],
    ids=["spaces", "Korean", "punctuation", "long"],
)
def test_any_path_will_do(build, tmp_path, name):
    server = build(tmp_path / name / "postgres")

    assert server.ensure_running() is True
    assert ask(server, "SELECT 1") == 1
    assert len(os.fsencode(f"{server.host}/{sockets.SOCKET_NAME}")) <= 107


def test_a_symbolic_link_and_its_target_are_one_server(running, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(running.data_dir)

    assert Server(link).ensure_running() is False


def test_the_link_for_a_long_path_is_in_a_directory_of_mine(short_dir, tmp_path):
    directory = sockets.socket_dir(tmp_path / ("long" * 50)).parent

    assert directory.parent == short_dir
    assert directory.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("trap", ["open to all", "a link", "somebody else's"])
def test_a_directory_for_links_that_others_may_change_is_refused(short_dir, tmp_path, trap):
    directory = short_dir / f"kei-postgres-{os.geteuid()}"
    if trap == "a link":
        directory.symlink_to(tmp_path)
    else:
        directory.mkdir(mode=0o700)
    if trap == "open to all":
        directory.chmod(0o777)
    if trap == "somebody else's":
        if os.geteuid() != 0:
            pytest.skip("only root can give a directory away")
        os.chown(directory, 65534, 65534)

    with pytest.raises(ServerError, match="belongs to you"):
        sockets.socket_dir(tmp_path / ("long" * 50))


# --- Stopping ----------------------------------------------------------------
def test_stop_ends_open_transactions_and_leaves_nothing(server):
    server.ensure_running()
    connection = connect(server)
    connection.execute("BEGIN")

    assert server.stop() is True
    connection.close()
    assert server.find() is None
    assert processes_in(server.data_dir) == []
    assert server.stop() is False


def test_stopping_what_never_ran_makes_nothing(empty):
    assert empty.stop() is False
    assert not empty.data_dir.parent.exists()


def test_a_stop_that_takes_too_long_is_reported(server, monkeypatch):
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.2)
    server.ensure_running()
    pid = pid_of(server)
    os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(ServerError, match="has not stopped"):
            server.stop()
    finally:
        os.kill(pid, signal.SIGCONT)
    until(lambda: server.find() is None)


def test_a_start_during_the_stop_waits_and_starts_again(server):
    server.ensure_running()
    pid = pid_of(server)
    with connect(server):
        os.kill(pid, signal.SIGTERM)  # the slow way: waits for the connection above
        until(lambda: server.find().is_stopping)
        starter = threading.Thread(target=server.ensure_running)
        starter.start()
    starter.join(timeout=30)

    assert pid_of(server) != pid


# --- What it refuses ---------------------------------------------------------
@pytest.fixture
def of_version_17(tmp_path) -> Server:
    """What is left of a data directory when only its version matters."""
    server = Server(tmp_path / "postgres")
    server.data_dir.mkdir()
    (server.data_dir / "PG_VERSION").write_text("17\n")
    if os.geteuid() == 0:
        shutil.chown(server.data_dir, "nobody")
    return server


def test_a_database_of_another_major_version_is_refused_and_left_alone(of_version_17):
    with pytest.raises(ImproperlyConfigured, match=r"made by PostgreSQL 17.*POSTGRES_BIN_DIR"):
        of_version_17.ensure_running()
    assert [path.name for path in of_version_17.data_dir.iterdir()] == ["PG_VERSION"]


def test_a_directory_with_something_else_in_it_is_refused_and_left_alone(empty):
    empty.data_dir.mkdir(parents=True)
    (empty.data_dir / "thesis.txt").write_text("precious")
    if os.geteuid() == 0:
        shutil.chown(empty.data_dir, "nobody")

    with pytest.raises(ImproperlyConfigured, match="neither empty nor"):
        empty.ensure_running()
    assert (empty.data_dir / "thesis.txt").read_text() == "precious"


def test_without_programs_it_says_what_to_do(empty, tmp_path):
    with pytest.raises(ImproperlyConfigured, match=r"embedded.*POSTGRES_BIN_DIR.*DATABASE_URL"):
        Server(empty.data_dir, bin_dir=tmp_path).ensure_running()


def test_programs_that_are_too_old_are_refused(empty):
    # Not below tmp_path: the account that runs the server need not get there.
    with tempfile.TemporaryDirectory(dir="/tmp") as directory:
        Path(directory).chmod(0o755)
        for name in ("postgres", "initdb"):
            program = Path(directory, name)
            program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.9'\n")
            program.chmod(0o755)

        with pytest.raises(ImproperlyConfigured, match="has PostgreSQL 15, but at least 16"):
            Server(empty.data_dir, bin_dir=Path(directory)).ensure_running()


# --- Started by root ---------------------------------------------------------
@is_root
@pytest.mark.parametrize("mode", [0o700, 0o755], ids=["closed", "open"])
def test_below_a_closed_directory_one_capability_replaces_root(build, mode):
    with tempfile.TemporaryDirectory(dir="/tmp") as directory:
        parent = Path(directory)
        parent.chmod(mode)
        server = build(parent / "postgres")
        server.ensure_running()
        status = Path(f"/proc/{pid_of(server)}/status").read_text()
        mode_afterwards = parent.stat().st_mode & 0o777
        destroy(server)

    uid = int(status.partition("Uid:")[2].split()[0])
    capabilities = int(status.partition("CapEff:")[2].split()[0], 16)
    dac_override, dac_read_search = 1 << 1, 1 << 2
    assert uid != 0
    # The checkout, and with it the programs, may lie below a closed directory too.
    programs_are_closed = any(
        not each.stat().st_mode & 0o001 for each in find_bin_dir(None).parents
    )
    closed = mode == 0o700 or programs_are_closed
    assert capabilities in ({dac_override, dac_read_search} if closed else {0})
    assert mode_afterwards == mode


@is_root
def test_the_owner_of_the_data_directory_runs_it_and_no_other_account_gets_in(build):
    with tempfile.TemporaryDirectory(dir="/tmp") as directory:
        Path(directory).chmod(0o755)
        server = build(Path(directory) / "postgres")
        subprocess.run(["chown", "-R", "daemon", server.data_dir], check=True)
        server.ensure_running()
        owner = Path(f"/proc/{pid_of(server)}").stat().st_uid
        path = f"{server.host}/{sockets.SOCKET_NAME}"
        knock = f"import socket; socket.socket(socket.AF_UNIX).connect({path!r})"
        stranger = subprocess.run(
            ["setpriv", "--reuid=nobody", "--clear-groups", "/usr/bin/python3", "-c", knock],
            capture_output=True,
            text=True,
            check=False,
        )
        destroy(server)

    assert owner == pwd.getpwnam("daemon").pw_uid
    assert "PermissionError" in stranger.stderr


@is_root
def test_data_that_belongs_to_root_is_refused_with_the_command_to_change_it(fresh):
    subprocess.run(["chown", "-R", "root", fresh.data_dir], check=True)

    with pytest.raises(ImproperlyConfigured, match="chown -R") as refusal:
        fresh.ensure_running()

    advice = str(refusal.value).partition("server: ")[2]
    subprocess.run(advice, shell=True, check=True)
    assert fresh.ensure_running() is True


@is_root
def test_where_the_working_directory_may_not_be_read_the_command_line_tells(running):
    """In a container root lacks the capability for the former."""
    look = "import os, pathlib, sys; os.readlink(f'/proc/{sys.argv[2]}/cwd')"
    limited = ["setpriv", "--bounding-set=-sys_ptrace", sys.executable, "-c"]
    refused = subprocess.run(
        [*limited, look, "-", str(pid_of(running))], capture_output=True, text=True, check=False
    )
    answer = subprocess.run(
        [*limited, START, running.data_dir], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "PermissionError" in refused.stderr
    assert answer.stdout.split() == ["False", str(pid_of(running))]


# --- Django's engine ---------------------------------------------------------
def engine_on(server: Server, **options) -> DatabaseWrapper:
    settings = {"ENGINE": "kei_site.embedded", "NAME": "kei", "DATA_DIR": server.data_dir}
    return ConnectionHandler({"default": settings | options})["default"]


@pytest.fixture
def engine(django_db_blocker) -> Iterator[Callable[..., DatabaseWrapper]]:
    """Make Django connections to a server."""
    connections = []

    def connection_to(server: Server, **options) -> DatabaseWrapper:
        connections.append(engine_on(server, **options))
        return connections[-1]

    with django_db_blocker.unblock():
        yield connection_to
        for connection in connections:
            connection.close()


def rows(connection: DatabaseWrapper, question: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


def test_the_first_connection_brings_server_database_and_role(fresh, engine):
    found = rows(
        engine(fresh),
        "SELECT current_database(), rolname, rolsuper FROM pg_roles WHERE rolname = current_user",
    )

    assert found == [("kei", "site", False)]


def test_first_connections_at_the_same_time_make_one_database(fresh, engine):
    def first_query() -> None:
        connection = engine_on(fresh)
        answers.append(rows(connection, "SELECT current_database()"))
        connection.close()

    answers: list[object] = []
    threads = [threading.Thread(target=first_query) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [[("kei",)]] * 4


def test_the_site_may_install_its_extensions(running, engine):
    connection = engine(running)
    for name in ("pg_trgm", "unaccent", "btree_gist"):
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE EXTENSION {name}")

    assert rows(connection, "SELECT cardinality(show_trgm('한국')) > 0") == [(True,)]


def test_a_request_after_kill_9_of_the_server_finds_it_started_again(server, engine):
    connection = engine(server, CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
    rows(connection, "SELECT 1")
    os.kill(pid_of(server), signal.SIGKILL)
    until(lambda: not processes_in(server.data_dir))

    connection.close_if_unusable_or_obsolete()  # what Django does between requests

    assert rows(connection, "SELECT 1") == [(1,)]


def test_a_server_that_cannot_start_is_a_database_error_to_django(fresh, engine):
    (fresh.data_dir / "postgresql.conf").write_text("no_such_setting = on\n")

    with pytest.raises(OperationalError, match="did not start"):
        rows(engine(fresh), "SELECT 1")


def test_an_error_of_the_connection_itself_is_passed_on(running, engine):
    connection = engine(running, OPTIONS={"options": "-c no_such_setting=1"})

    with pytest.raises(OperationalError, match="no_such_setting"):
        rows(connection, "SELECT 1")


def test_test_databases_can_be_made_and_dropped(running, engine):
    with engine(running)._nodb_cursor() as cursor:
        cursor.execute("CREATE DATABASE test_kei")
        cursor.execute("DROP DATABASE test_kei")
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == ("postgres",)


def test_data_dir_is_required(django_db_blocker):
    connection = ConnectionHandler({"default": {"ENGINE": "kei_site.embedded", "NAME": "kei"}})

    with django_db_blocker.unblock(), pytest.raises(ImproperlyConfigured, match="DATA_DIR"):
        connection["default"].ensure_connection()


# --- Commands ----------------------------------------------------------------
@pytest.fixture
def command(monkeypatch, capsys, django_db_blocker) -> Iterator[Callable[..., str]]:
    """Run `manage.py postgres` on a server and return what it prints."""

    def run(server: Server, action: str, **options) -> str:
        monkeypatch.setattr(postgres, "connections", {"default": engine_on(server, **options)})
        try:
            call_command("postgres", action)
        except SystemExit as end:
            return f"{capsys.readouterr().out}exit code {end.code}"
        return capsys.readouterr().out

    with django_db_blocker.unblock():
        yield run


def test_the_command_starts_shows_and_stops_the_server(server, command):
    assert re.fullmatch(r"PostgreSQL does not run.*\nexit code 3", command(server, "status"))
    assert command(server, "start") == "PostgreSQL is started.\n"
    assert command(server, "start") == "PostgreSQL runs already.\n"
    assert f"PostgreSQL is ready (process {pid_of(server)})" in command(server, "status")
    assert command(server, "stop") == "PostgreSQL is stopped.\n"
    assert command(server, "stop") == "PostgreSQL does not run.\n"


@pytest.mark.parametrize("name", ["short", "한국, 연구소" * 8], ids=["short", "long"])
def test_the_url_is_good_for_psycopg_and_as_database_url(build, tmp_path, command, name):
    server = build(tmp_path / name / "postgres")

    url = command(server, "url").strip()

    with psycopg.connect(url) as connection:
        assert connection.info.dbname == "kei"
    settings = dj_database_url.parse(url)
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert settings["OPTIONS"]["host"] == server.host


def test_a_failure_is_one_plain_message(of_version_17, command):
    with pytest.raises(CommandError, match="was made by PostgreSQL 17"):
        command(of_version_17, "start")


def test_with_a_database_server_of_ones_own_the_command_says_so(empty, command):
    with pytest.raises(CommandError, match="DATABASE_URL"):
        command(empty, "stop", ENGINE="django.db.backends.postgresql")


def test_dbshell_brings_the_server_up(server, engine, capfd):
    engine(server).client.runshell(["-Atc", "SELECT current_user, current_database()"])

    assert capfd.readouterr() == ("site|kei\n", "")
