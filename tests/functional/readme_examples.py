"""The README's examples, run for real. As a program it writes their output into the README.

An example is a fenced `sh` block that is followed, words between them allowed, by a fenced
`text` or `json` block with its output.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from model.page import Page
from service.answers import Answer, answer_object
from service.serve import real_steps
from service.settings import Settings
from service.steps import judge_sent

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
EXAMPLE = re.compile(
    r"```sh\n(?P<command>(?:(?!```).)*?)\n```\n"
    r"(?P<between>(?:(?!```).)*?)"
    r"```(?P<form>text|json)\n(?P<shown>.*?)\n```",
    re.DOTALL,
)


def output_of(command: str) -> str:
    """Run an example's command, or answer its request as the service does."""
    words = shlex.split(command.replace("\\\n", " "))
    if words[0] == "curl":
        return json.dumps(answer_to(json.loads(words[words.index("-d") + 1])), indent=4)
    tool = Path(sysconfig.get_path("scripts"), Path(words[0]).name)
    ran = subprocess.run([tool, *words[1:]], cwd=ROOT, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def answer_to(body: dict[str, str]) -> dict[str, Any]:
    """Judge what a request to /v1/judge sends."""
    finding, _ = judge_sent(real_steps(Settings()), Page.from_text(body["text"]))
    return answer_object(Answer(None, finding, "caller"))


def rewrite(readme: str) -> str:
    """Put today's output below every example."""

    def example(found: re.Match[str]) -> str:
        kept = found[0][: found.start("shown") - found.start()]
        return f"{kept}{output_of(found['command'])}\n```"

    return EXAMPLE.sub(example, readme)


if __name__ == "__main__":
    README.write_text(rewrite(README.read_text(encoding="utf-8")), encoding="utf-8")
