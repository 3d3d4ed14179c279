"""baitwatch serve, check, keys, users and db, on the command line."""

import json
import socket
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from model.document import parse_document
from model.judge import Judged
from model.page import Page
from model.verdict import ModelId, Verdict
from service.cli import main
from service.cli_check import make_check_command
from service.clock import utc_now
from service.fetch.errors import FetchTimeoutError
from service.memory import Memory
from service.passwords import Passwords
from service.serve import ADMIN, first_start, open_database
from service.settings import Settings
from service.steps import steps_here
from service.store.accounts import account_by_name
from service.store.keys import KEY_SCOPES


@pytest.fixture
def run(tmp_path):
    def invoke(*arguments):
        return CliRunner().invoke(main, [*arguments, "--data", str(tmp_path)])

    return invoke


@pytest.fixture
def db(tmp_path):
    database = open_database(Settings(data=tmp_path))
    yield database
    database.close()


def test_a_key_is_made_shown_once_listed_and_revoked(run, db):
    key = run("keys", "create", "a bot", "--scope", "check", "--scope", "lookup").output.strip()
    assert Memory(db).key(key).scopes == {"check", "lookup"}
    listed = run("keys", "list").output
    assert "a bot" in listed
    assert "check lookup" in listed
    assert key not in listed
    assert run("keys", "revoke", key[:15]).exit_code == 0
    assert Memory(db).key(key) is None
    assert "revoked" in run("keys", "list").output
    again = run("keys", "revoke", key[:15])
    assert again.exit_code == 1
    assert "no valid key" in again.output


def test_an_account_is_made_given_a_new_password_and_shut(run, db):
    passwords = Passwords()
    first = run("users", "create", "ada", "--role", "moderator").output.strip()
    assert passwords.match(first, account_by_name(db, "ada").password_hash)
    second = run("users", "password", "ada").output.strip()
    account = account_by_name(db, "ada")
    assert passwords.match(second, account.password_hash)
    assert not passwords.match(first, account.password_hash)
    assert account.session_epoch == 1
    assert run("users", "disable", "ada").exit_code == 0
    assert account_by_name(db, "ada").disabled_at is not None
    assert "shut" in run("users", "list").output


def test_what_cannot_be_done_says_why(run):
    assert run("users", "create", "ada").exit_code == 0
    taken = run("users", "create", "ada")
    assert taken.exit_code == 1
    assert "choose another name" in taken.output
    assert run("users", "password", "bob").exit_code == 1
    assert run("users", "create", "").exit_code == 2
    assert run("users", "create", "a\x1b[31m").exit_code == 2
    assert run("keys", "create", "x").exit_code == 2
    assert run("keys", "create", "x", "--scope", "all").exit_code == 2


def test_every_act_is_in_the_audit(run, tmp_path):
    run("users", "create", "ada")
    run("users", "disable", "ada")
    with closing(sqlite3.connect(tmp_path / "baitwatch.sqlite3")) as connection:
        rows = connection.execute("select action, subject from audit order by id").fetchall()
    assert rows == [("create_account", "ada (moderator)"), ("disable_account", "ada")]


def test_db_upgrade_makes_the_database(run, tmp_path):
    answer = run("db", "upgrade")
    assert answer.exit_code == 0
    assert (tmp_path / "baitwatch.sqlite3").exists()
    assert "up to date" in answer.output


def test_the_first_start_makes_an_account_and_a_key_and_the_second_nothing(db):
    made = first_start(db)
    assert Memory(db).key(made.key).scopes == set(KEY_SCOPES)
    assert Passwords().match(made.password, account_by_name(db, ADMIN).password_hash)
    assert first_start(db) is None


def test_a_port_in_use_is_said_and_exits_2(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = run("serve", "--port", str(taken.getsockname()[1]))
    assert answer.exit_code == 2
    assert "--port" in answer.output


@pytest.mark.parametrize("arguments", [["serve", "--port", "0"], ["serve", "--port", "65536"]])
def test_a_port_that_is_none_is_wrong_usage(run, arguments):
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize("command", [["db", "upgrade"], ["keys", "list"]])
def test_a_data_folder_that_cannot_be_written_is_said_and_exits_2(tmp_path, command):
    (tmp_path / "file").touch()
    folder = str(tmp_path / "file" / "data")
    answer = CliRunner().invoke(main, [*command, "--data", folder])
    assert answer.exit_code == 2
    assert "cannot be written" in answer.output
    assert "Traceback" not in answer.output


def test_a_setting_that_cannot_be_read_is_named(tmp_path):
    runner = CliRunner(env={"BAITWATCH_THREADS": "many"})
    answer = runner.invoke(main, ["db", "upgrade", "--data", str(tmp_path)])
    assert answer.exit_code == 2
    assert "BAITWATCH_THREADS" in answer.output


def fake_steps(settings):
    def fetch(url):
        if "slow" in url:
            raise FetchTimeoutError("The page did not arrive within 15 seconds.")
        return Page.from_html("<p>Honest words.</p>", url)

    model = ModelId("test-1", "0123456789ab")

    def judge(page):
        return Judged(Verdict("clean", 0.0625, model), parse_document(page))

    return steps_here(fetch, judge, lambda: model, settings.verdict_life, utc_now)


@pytest.fixture
def check():
    command = make_check_command(fake_steps)
    return lambda *arguments: CliRunner().invoke(command, arguments)


def test_check_prints_a_verdict_object_a_line_in_order(check):
    answer = check("--json", "https://slow.example/", "https://a.example/")
    assert answer.exit_code == 0
    slow, clean = map(json.loads, answer.stdout.splitlines())
    assert (slow["verdict"], slow["unknown_because"]["code"]) == ("unknown", "timeout")
    assert (clean["url"], clean["verdict"], clean["source"]) == (
        "https://a.example/",
        "clean",
        "scan",
    )


def test_check_names_a_bad_address_and_answers_the_others(check):
    answer = check("--json", "nonsense\x1b[2J", "https://a.example/")
    assert answer.exit_code == 1
    assert "nonsense" in answer.stderr
    assert "\x1b" not in answer.stderr
    assert json.loads(answer.stdout)["verdict"] == "clean"


def test_check_without_json_is_for_people(check):
    answer = check("https://a.example/")
    assert answer.exit_code == 0
    assert "clean" in answer.stdout


def test_check_without_an_address_is_wrong_usage(check):
    assert check().exit_code == 2
