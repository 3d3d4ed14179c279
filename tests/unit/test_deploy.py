"""The files of ``deploy/``: they can be read, and name only settings and commands that exist."""

import re
from pathlib import Path

import pytest
import yaml

from service.cli import main
from service.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
FILES = sorted(path for path in DEPLOY.iterdir() if path.is_file())
# Said to the proxy alone: the name that it answers to.
OF_THE_PROXY = {"BAITWATCH_SITE"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_variable_is_a_setting(path):
    named = set(re.findall(r"BAITWATCH_[A-Z_]+", path.read_text())) - OF_THE_PROXY
    settings = {f"BAITWATCH_{name.upper()}" for name in Settings.model_fields}
    assert named <= settings


def containers():
    """Yield every container that runs the project, as (name, command, settings)."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    for name, service in compose["services"].items():
        if service["image"] == "baitwatch":
            yield name, service["command"], set(service["environment"])
    documents = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text()))
    common = {name for d in documents if d["kind"] == "ConfigMap" for name in d["data"]}
    for document in documents:
        if document["kind"] == "Deployment":
            (container,) = document["spec"]["template"]["spec"]["containers"]
            own = {variable["name"] for variable in container["env"]}
            yield document["metadata"]["name"], container["args"], common | own


EVERY = list(containers())


def test_there_are_web_processes_and_workers_in_both():
    assert [command[0] for _, command, _ in EVERY] == ["serve", "worker"] * 2


@pytest.mark.parametrize(("name", "command", "settings"), EVERY, ids=[name for name, *_ in EVERY])
def test_every_process_runs_a_command_that_exists_on_what_all_share(name, command, settings):
    found = main.get_command(None, command[0])
    options = {option for parameter in found.params for option in parameter.opts}
    assert {word for word in command if word.startswith("--")} <= options
    assert {
        "BAITWATCH_DATABASE_URL",
        "BAITWATCH_BROKER_URL",
        "BAITWATCH_REDIS_URL",
        "BAITWATCH_ENGINE",
        "BAITWATCH_PROXY_HOPS",
    } <= settings
