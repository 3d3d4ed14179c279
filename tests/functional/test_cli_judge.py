from __future__ import annotations

import gzip
import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import fake_judges
import pytest
from click.testing import CliRunner

from service.cli_judge import make_judge_command

NOON = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


def lines(*records):
    return "".join(f"{json.dumps(record)}\n" for record in records).encode()


def run(*arguments, load=fake_judges.load_judge, stdin=b"", env=None):
    command = make_judge_command(lambda path: load, lambda: NOON)
    arguments = [str(argument) for argument in arguments]
    return CliRunner().invoke(command, arguments, input=stdin, env=env)


def answers(outcome):
    return [json.loads(line) for line in outcome.stdout.splitlines()]


def ids(outcome):
    return [answer["id"] for answer in answers(outcome)]


def test_every_kind_of_saved_page_is_answered_in_the_order_given(tmp_path):
    (tmp_path / "a.html").write_bytes(b"<p>a")
    (tmp_path / "b.HTM").write_bytes(b"<p>b")
    (tmp_path / "c.txt").write_bytes(b"c")
    (tmp_path / "d.jsonl").write_bytes(lines({"id": "d1", "text": "d"}, {"id": "d2", "html": "d"}))
    (tmp_path / "e.jsonl.gz").write_bytes(gzip.compress(lines({"id": "e1", "text": "e"})))
    paths = [tmp_path / name for name in ("e.jsonl.gz", "c.txt", "d.jsonl", "a.html", "b.HTM")]
    outcome = run("--json", *paths, "-", stdin=lines({"id": "f", "text": "f"}))
    assert ids(outcome) == ["e1", str(paths[1]), "d1", "d2", str(paths[3]), str(paths[4]), "f"]
    assert (outcome.exit_code, outcome.stderr) == (0, "")


def test_a_line_of_json_is_the_verdict_object_with_its_id():
    outcome = run("--json", "-", stdin=lines({"id": "a", "url": "HTTP://A.example", "text": "Hä?"}))
    assert answers(outcome) == [
        {
            "id": "a",
            "url": "HTTP://A.example",
            "canonical_url": "http://a.example/",
            "final_url": "HTTP://A.example",
            "verdict": "bait",
            "score": 0.75,
            "lure": None,
            "reasons": [],
            "evidence": [{"kind": "text", "quote": "Hä?", "href": None, "start": 0, "end": 3}],
            "without_evidence": None,
            "unknown_because": None,
            "redirects": [],
            "model": {"version": "fake", "digest": "0123456789ab"},
            "checked_at": "2026-01-02T12:00:00.000Z",
            "expires_at": None,
            "source": "caller",
            "decision": None,
        }
    ]


def test_answers_keep_the_order_of_the_input_however_long_each_takes():
    records = [{"id": str(n), "text": "slow" if n % 5 == 0 else "quick"} for n in range(20)]
    assert ids(run("--json", "--jobs", 3, "-", stdin=lines(*records))) == [r["id"] for r in records]


def test_a_line_without_an_id_is_named_by_its_file_and_line(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines({"text": "a"}) + b"\n  \r\n" + lines({"text": "b"}))
    assert ids(run("--json", path)) == [f"{path}:1", f"{path}:4"]


def test_what_cannot_be_read_is_named_and_the_rest_is_answered(tmp_path):
    whole = gzip.compress(lines(*({"id": f"z{n}", "text": os.urandom(20).hex()} for n in range(9))))
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(whole[: len(whole) // 2])
    not_gz = tmp_path / "not.jsonl.gz"
    not_gz.write_bytes(lines({"id": "n", "text": "n"}))
    folder = tmp_path / "folder.html"
    folder.mkdir()
    missing, other = tmp_path / "missing.html", tmp_path / "other.pdf"
    stdin = lines({"id": "a", "text": "a"}) + b"{{\n" + lines({"id": "b"}, {"id": "c", "text": "c"})
    paths = [missing, cut, not_gz, folder, other]
    outcome = run("--json", *paths, "-", stdin=stdin)
    assert outcome.exit_code == 1
    assert [name for name in ids(outcome) if not name.startswith("z")] == ["a", "c"]
    named = outcome.stderr.splitlines()
    assert [name.split(": ")[1] for name in named] == [*map(str, paths), "-:2", "-:3"]
    reasons = ["No such file", "ended before", "Not a gzip", "Is a directory", "only .html"]
    reasons += ["broken JSON", "exactly one of html"]
    assert all(because in text for text, because in zip(named, reasons, strict=True))


def test_a_page_that_kills_its_process_costs_only_itself():
    texts = ["a", "kill", "b", "slow", "kill", *"cdefghij"]
    records = [{"id": str(number), "text": text} for number, text in enumerate(texts)]
    outcome = run("--json", "--jobs", 2, "-", stdin=lines(*records))
    assert ids(outcome) == [record["id"] for record in records]
    codes = [(answer["unknown_because"] or {}).get("code") for answer in answers(outcome)]
    assert codes == ["crashed" if text == "kill" else None for text in texts]
    assert (outcome.exit_code, outcome.stderr) == (0, "")


@pytest.mark.parametrize(
    ("text", "variable", "most", "ran_out"),
    [
        ("stick", "BAITWATCH_SCAN_DEADLINE", "3", "time"),
        ("stick", "BAITWATCH_SCAN_CPU", "1", "processor time"),
        ("hoard", "BAITWATCH_SCAN_MEMORY", str(64 * 2**20), "memory"),
    ],
)
def test_a_page_that_passes_a_limit_is_unknown_and_costs_only_itself(text, variable, most, ran_out):
    records = [{"id": str(number), "text": t} for number, t in enumerate(["a", text, "b"])]
    outcome = run("--json", "--jobs", 2, "-", stdin=lines(*records), env={variable: most})
    before, stopped, after = answers(outcome)
    assert (before["verdict"], after["verdict"], stopped["verdict"]) == ("bait", "bait", "unknown")
    assert stopped["id"] == "1"
    assert stopped["model"] == {"version": "fake", "digest": "0123456789ab"}
    assert stopped["unknown_because"]["code"] == "too_complex"
    assert f"ran out of {ran_out}." in stopped["unknown_because"]["text"]
    assert (outcome.exit_code, outcome.stderr) == (0, "")


def test_a_page_whose_judging_fails_costs_only_itself():
    records = [{"id": "a", "text": "raise"}, {"id": "b", "text": "b"}]
    outcome = run("--json", "-", stdin=lines(*records))
    assert (ids(outcome), outcome.exit_code) == (["b"], 1)
    assert "-:1: judging it failed (LookupError: [2Jlost)" in outcome.stderr
    assert "\x1b" not in outcome.stderr


def test_unknown_is_an_answer():
    outcome = run("--json", "-", stdin=lines({"id": "a", "text": " "}))
    assert (answers(outcome)[0]["verdict"], outcome.exit_code) == ("unknown", 0)


def test_no_input_at_all_needs_no_answer():
    outcome = run("--json", "-")
    assert (outcome.stdout, outcome.stderr, outcome.exit_code) == ("", "", 0)


def test_without_json_a_person_reads_a_report_that_commands_no_terminal():
    text = "\x1b]0;owned\x07 [bold]win[/bold] \u202eevil :smile:"
    outcome = run("-", stdin=lines({"id": "a\x1b[1m", "url": "https://a.example/", "text": text}))
    assert outcome.stdout.splitlines() == [
        "a[1m  bait  0.750",
        "  https://a.example/",
        "  text: “]0;owned [bold]win[/bold] evil :smile:”",
        "",
    ]
    assert outcome.exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--json"], "Missing argument"),
        (["--jobs", "0", "-"], "Invalid value for '--jobs'"),
        (["--model", "/nowhere/at/all", "-"], "does not exist"),
        (["--frob", "-"], "No such option"),
    ],
)
def test_wrong_usage_exits_with_2(arguments, message):
    outcome = run(*arguments)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert message in outcome.stderr


def test_a_model_that_is_refused_is_said_once_and_nothing_is_answered():
    records = [{"id": str(number), "text": "a"} for number in range(9)]
    outcome = run("--json", "-", stdin=lines(*records), load=fake_judges.load_nothing)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert outcome.stderr.count("the artefact was made by another version") == 1


def test_the_model_is_loaded_once_for_all_processes(tmp_path):
    records = [{"id": str(number), "text": "a"} for number in range(40)]
    load = fake_judges.CountedLoad(tmp_path)
    assert run("--json", "--jobs", 2, "-", stdin=lines(*records), load=load).exit_code == 0
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_without_an_artefact_is_refused(tmp_path):
    arguments = ["--model", str(tmp_path), "-"]
    stdin = lines({"id": "a", "text": "a"})
    outcome = CliRunner().invoke(make_judge_command(), arguments, input=stdin)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "No model to judge with: " in outcome.stderr


def in_a_process(**streams):
    program = (
        "import fake_judges\n"
        "from service.cli_judge import make_judge_command\n"
        "make_judge_command(lambda path: fake_judges.load_judge)(['--json', '-'])"
    )
    folder = str(Path(__file__).parent)
    return subprocess.Popen(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": folder}, **streams
    )


def test_progress_is_shown_where_a_person_looks_on_and_the_answers_go_elsewhere():
    ours, theirs = pty.openpty()
    with in_a_process(stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=theirs) as process:
        answered, _ = process.communicate(lines({"id": "a", "text": "slow"}))
    os.close(theirs)
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        assert b"pages" in terminal.read(65_536)
    assert json.loads(answered)["id"] == "a"
    assert process.returncode == 0


def test_a_reader_that_has_seen_enough_ends_it_quietly():
    pipe = subprocess.PIPE
    with in_a_process(stdin=pipe, stdout=pipe, stderr=pipe) as process:
        for number in range(3):
            process.stdin.write(lines({"id": str(number), "text": "a"}))
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == "0"
        process.stdout.close()
        process.stdin.write(lines({"id": "more", "text": "a"}))
        process.stdin.close()
        process.wait()
        assert process.stderr.read() == b""
    assert process.returncode == 1
