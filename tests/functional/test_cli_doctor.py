"""baitwatch doctor: what it says of a sound installation and of each ailment."""

import resource
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from click.testing import CliRunner
from real_servers import running_redis

from model.url import canonicalize_url
from service.cli import main
from service.clock import utc_now
from service.doctor import (
    CHECKS,
    Patient,
    check_broker,
    check_database,
    check_machine,
    check_redis,
    check_web,
)
from service.passwords import Passwords
from service.settings import Settings
from service.store.accounts import create_account
from service.store.audit import Actor
from service.store.database import Database
from service.store.keys import KEY_SCOPES, create_key
from service.store.scans import Wanted, submit_scans


@pytest.fixture
def data(tmp_path, empty_database):
    """A data folder as the first start leaves it."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    shutil.copy(empty_database, folder / "baitwatch.sqlite3")
    (folder / "baitwatch.sqlite3").chmod(0o600)
    actor = Actor("tests", utc_now())
    with closing(Database(folder / "baitwatch.sqlite3")) as db, db.write() as connection:
        create_account(connection, "admin", Passwords().hash("a long enough word"), "admin", actor)
        create_key(connection, "tests", KEY_SCOPES, actor)
    return folder


@pytest.fixture
def doctor(small_folder):
    def ask(folder):
        model = {"BAITWATCH_MODEL": str(small_folder)}
        return CliRunner().invoke(main, ["doctor", "--data", str(folder)], env=model)

    return ask


def said(check, **settings):
    return [complaint.says for complaint in check(Patient(Settings(**settings)))]


def test_a_sound_installation_has_no_complaints(doctor, data):
    answer = doctor(data)
    assert answer.output.splitlines() == [f"ok      {name}" for name in CHECKS]
    assert answer.exit_code == 0


def test_a_folder_that_is_not_there_is_named(doctor, tmp_path):
    answer = doctor(tmp_path / "nowhere")
    assert answer.exit_code == 1
    assert "There is no data folder" in answer.output
    assert "baitwatch serve" in answer.output
    assert not (tmp_path / "nowhere").exists()


def test_what_others_may_read_is_unwise_and_no_failure(doctor, data):
    data.chmod(0o755)
    (data / "secret_key").touch(0o644)
    answer = doctor(data)
    assert answer.exit_code == 0
    assert f"chmod 700 {data}" in answer.output
    assert f"chmod 600 {data / 'secret_key'}" in answer.output


def test_a_database_of_another_form_is_named(doctor, data):
    with closing(sqlite3.connect(data / "baitwatch.sqlite3")) as connection, connection:
        connection.execute("update alembic_version set version_num = '0001'")
    answer = doctor(data)
    assert answer.exit_code == 1
    assert "baitwatch db upgrade" in answer.output


def test_a_damaged_database_is_named(doctor, data):
    (data / "baitwatch.sqlite3").write_bytes(b"no database at all" * 100)
    answer = doctor(data)
    assert answer.exit_code == 1
    assert "is damaged" in answer.output


def test_a_database_that_nobody_answers_for_is_named_without_its_password(tmp_path):
    url = "postgresql://baitwatch:hunter2@127.0.0.1:1/baitwatch"
    (says,) = said(check_database, data=tmp_path, database_url=url)
    assert "does not answer" in says
    assert "hunter2" not in says


def test_scans_that_nobody_runs_are_named(data):
    long_ago = utc_now() - timedelta(minutes=6)
    wanted = [Wanted("a.example", canonicalize_url("https://a.example/"))]
    with closing(Database(data / "baitwatch.sqlite3")) as db:
        submit_scans(db, wanted, long_ago)
    (says,) = said(check_database, data=data)
    assert says.startswith("1 scans wait")


def test_a_desk_and_an_api_that_nobody_can_enter_are_named(data):
    with closing(Database(data / "baitwatch.sqlite3")) as db, db.write() as connection:
        connection.exec_driver_sql("update accounts set disabled_at = created_at")
        connection.exec_driver_sql("update api_keys set revoked_at = created_at")
    assert said(check_database, data=data) == [
        "Nobody can sign in at the desk.",
        "There is no valid API key.",
    ]


def test_a_model_that_is_refused_is_named(data, tmp_path):
    (tmp_path / "model").mkdir()
    (says,) = said(CHECKS["model"], data=data, model=tmp_path / "model")
    assert says.startswith("The model is refused")


@pytest.mark.parametrize(
    ("url", "hops", "complaints"),
    [
        (None, 0, 0),
        ("https://a.example", 1, 0),
        ("https://a.example", 0, 1),
        ("http://a.example", 0, 2),
    ],
)
def test_how_people_reach_the_service(tmp_path, url, hops, complaints):
    assert len(said(check_web, data=tmp_path, public_url=url, proxy_hops=hops)) == complaints


@pytest.mark.parametrize(("setting", "complaints"), [("0\n", 0), ("1\n", 1)])
def test_a_kernel_that_lets_every_address_be_bound_is_named(tmp_path, setting, complaints):
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= 1_024
    (tmp_path / "net/ipv4").mkdir(parents=True)
    (tmp_path / "net/ipv4/ip_nonlocal_bind").write_text(setting)
    patient = Patient(Settings(data=tmp_path), kernel=tmp_path)
    assert len(list(check_machine(patient))) == complaints


def test_a_redis_that_does_not_answer_is_named_without_its_password(tmp_path):
    (says,) = said(check_redis, data=tmp_path, redis_url="redis://:hunter2@127.0.0.1:1/0")
    assert "does not answer" in says
    assert "hunter2" not in says


def test_a_broker_that_does_not_answer_is_named_without_its_password(tmp_path):
    celery = {"engine": "celery", "broker_url": "redis://:hunter2@127.0.0.1:1/0"}
    (says,) = said(check_broker, data=tmp_path, **celery)
    assert says == "The broker of BAITWATCH_BROKER_URL does not answer."
    assert said(check_broker, data=tmp_path) == []


def test_a_broker_that_answers_is_no_complaint(tmp_path):
    with running_redis() as broker:
        celery = {"engine": "celery", "broker_url": broker.url}
        assert said(check_broker, data=tmp_path, **celery) == []
