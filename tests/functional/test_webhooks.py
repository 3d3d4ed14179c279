"""Webhooks: told once of what happened, signed, again and again until they hear, then given up."""

import base64
import hashlib
import hmac
import json
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from model.url import canonicalize_url
from service.fetch import AddressPolicy, AddressRefusedError, ConnectError, FetchError
from service.parts import parts
from service.store.audit import Actor
from service.store.decisions import record_decision
from service.store.webhooks import create_webhook
from service.webhooks.post import post
from service.webhooks.postman import BACK_OFF, Postman

URL = "https://films.example/lighthouse"
TO = "https://hooks.example/in"


class Receiver:
    """Takes what is posted, and answers with a status or an error."""

    def __init__(self):
        self.answers = 200
        self.got = []

    def __call__(self, url, body, headers):
        self.got.append((url, body, dict(headers)))
        if isinstance(self.answers, Exception):
            raise self.answers
        return self.answers

    @property
    def types(self):
        return [json.loads(body)["type"] for _, body, _ in self.got]


@pytest.fixture
def receiver():
    return Receiver()


@pytest.fixture
def postman(app, receiver):
    with app.app_context():
        return Postman(parts().service, receiver)


@pytest.fixture
def hook(api):
    answer = api.post("/v1/webhooks", json={"url": TO})
    assert answer.status_code == 201
    return answer.get_json()


def decide(api, ruling="bait"):
    body = {"url": URL, "ruling": ruling, "scope": "page"}
    return api.post("/v1/decisions", json=body).get_json()


def tell_all(postman):
    told = 0
    while postman.tell_one():
        told += 1
    return told


def test_a_finished_scan_is_told_as_its_scan_is_shown(api, world, hook, postman, receiver):
    world.pages[URL] = "<p>Honest words.</p>"
    api.post("/v1/check", json={"url": URL})
    assert tell_all(postman) == 1
    ((to, body, _),) = receiver.got
    told = json.loads(body)
    assert to == TO
    assert told["type"] == "scan.done"
    assert told["data"] == api.get(f"/v1/scans/{told['data']['scan']}").get_json()
    assert told["data"]["verdict"]["verdict"] == "clean"


def test_rulings_are_told_when_made_and_when_taken_back(api, hook, postman, receiver):
    made = decide(api)
    api.delete(f"/v1/decisions/{made['id']}")
    assert tell_all(postman) == 2
    assert sorted(receiver.types) == ["decision.recorded", "decision.revoked"]
    assert all(json.loads(body)["data"] == made for _, body, _ in receiver.got)


def test_a_webhook_hears_only_of_what_it_asked_for(api, postman, receiver):
    api.post("/v1/webhooks", json={"url": TO, "events": ["decision.revoked"]})
    made = decide(api)
    assert tell_all(postman) == 0
    api.delete(f"/v1/decisions/{made['id']}")
    tell_all(postman)
    assert receiver.types == ["decision.revoked"]


def test_what_happened_before_a_webhook_was_made_is_not_told(api, postman):
    decide(api)
    api.post("/v1/webhooks", json={"url": TO})
    assert tell_all(postman) == 0


def test_the_signature_is_over_id_time_and_body(api, hook, postman, receiver, world):
    decide(api)
    tell_all(postman)
    ((_, body, headers),) = receiver.got
    assert headers["webhook-timestamp"] == str(int(world.now.timestamp()))
    key = base64.b64decode(hook["secret"].removeprefix("whsec_"))
    assert len(key) == 24
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"


@pytest.mark.parametrize("answer", [500, 302, 404, ConnectError("No.")])
def test_who_does_not_hear_is_told_again_later_under_the_same_id(
    api, hook, postman, receiver, world, answer
):
    receiver.answers = answer
    decide(api)
    assert postman.tell_one()
    assert not postman.tell_one()
    world.pass_time(seconds=BACK_OFF[0].total_seconds())
    receiver.answers = 204
    assert postman.tell_one()
    first, second = (headers for _, _, headers in receiver.got)
    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-signature"] != second["webhook-signature"]
    world.pass_time(days=3)
    assert not postman.tell_one()


def test_who_never_hears_is_given_up_and_can_be_tried_again(api, hook, postman, receiver, world):
    receiver.answers = 503
    made = decide(api)
    for pause in (*BACK_OFF, BACK_OFF[-1]):
        assert postman.tell_one()
        world.pass_time(seconds=pause.total_seconds())
    assert not postman.tell_one()
    dead = api.get(f"/v1/webhooks/{hook['id']}/dead").get_json()["dead"]
    assert [(d["event"], d["subject"], d["tries"]) for d in dead] == [
        ("decision.recorded", str(made["id"]), len(BACK_OFF) + 1)
    ]
    assert "503" in dead[0]["because"]
    assert api.post(f"/v1/webhooks/{hook['id']}/retry").get_json() == {"retried": 1}
    receiver.answers = 200
    assert postman.tell_one()
    assert api.get(f"/v1/webhooks/{hook['id']}/dead").get_json() == {"dead": []}


def test_a_try_that_died_with_its_process_is_made_again(api, hook, postman, receiver, world):
    receiver.answers = SystemError("the process ends here")
    decide(api)
    with pytest.raises(SystemError):
        postman.tell_one()
    receiver.answers = 200
    assert not postman.tell_one()
    world.pass_time(minutes=1)
    assert postman.tell_one()


def test_what_waits_is_counted_and_goes_with_its_webhook(api, hook, postman):
    decide(api)
    (listed,) = api.get("/v1/webhooks").get_json()["webhooks"]
    assert listed["waiting"] == 1
    assert "secret" not in listed
    assert api.delete(f"/v1/webhooks/{hook['id']}").status_code == 204
    assert api.get("/v1/webhooks").get_json() == {"webhooks": []}
    assert not postman.tell_one()


@pytest.mark.parametrize("name", ["9", "x", "-1", "٣", "1" * 30])
def test_a_webhook_that_is_not_there_is_404(api, name):
    assert api.delete(f"/v1/webhooks/{name}").status_code == 404
    assert api.get(f"/v1/webhooks/{name}/dead").status_code == 404
    assert api.post(f"/v1/webhooks/{name}/retry").status_code == 404


@pytest.mark.parametrize(
    "body", [{"url": "x"}, {"url": TO, "events": []}, {"url": TO, "events": ["scan.begun"]}]
)
def test_a_webhook_that_cannot_be_is_a_problem(api, body):
    assert api.post("/v1/webhooks", json=body).status_code == 400


@contextmanager
def listening(status):
    got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, self.headers["X-Mark"], body))
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, got
        server.shutdown()


@pytest.mark.parametrize("status", [200, 307, 500])
def test_a_post_arrives_whole_and_its_status_comes_back(status):
    body = b"x" * 300_000
    with listening(status) as (port, got):
        policy = AddressPolicy(allow=(("127.0.0.1", port),))
        to = f"http://127.0.0.1:{port}/in?a=b"
        assert post(to, body, {"X-Mark": "m"}, policy=policy, seconds=5) == status
    assert got == [("/in?a=b", "m", body)]


def test_a_webhook_into_this_machine_is_refused_unless_allowed():
    with listening(200) as (port, got):
        other = AddressPolicy(allow=(("127.0.0.2", port),))
        with pytest.raises(AddressRefusedError):
            post(f"http://127.0.0.1:{port}/", b"{}", {}, policy=other, seconds=5)
    assert got == []


def test_an_answer_that_is_no_http_is_an_error():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def answer():
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(b"SSH-2.0-x\r\n")

        threading.Thread(target=answer, daemon=True).start()
        policy = AddressPolicy(allow=(("127.0.0.1", port),))
        with pytest.raises(FetchError):
            post(f"http://127.0.0.1:{port}/", b"{}", {}, policy=policy, seconds=5)


def test_a_started_postman_delivers_by_itself(app, world, db, receiver):
    with app.app_context():
        service = parts().service
    create_webhook(db, TO, ["decision.recorded"], Actor("tests", world.now))
    heard = threading.Event()

    def hear(url, body, headers):
        heard.set()
        return 200

    postman = Postman(service, hear)
    postman.start()
    record_decision(db, canonicalize_url(URL), "bait", "page", None, Actor("m", world.now))
    assert heard.wait(10)
    postman.stop()
