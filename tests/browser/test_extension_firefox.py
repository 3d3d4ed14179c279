"""Firefox takes the same files: its linter has no error, and a real one installs and runs them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from zipfile import ZipFile

import pytest
from desk import in_ci
from extension_world import EXTENSION, MANIFEST
from marionette import FIREFOX, firefox

pytestmark = pytest.mark.browser

# Chromium's way to say what Firefox's `scripts` beside it says; Firefox ignores it, as it should.
EXPECTED_WARNINGS = {"BACKGROUND_SERVICE_WORKER_IGNORED"}


def pack(folder):
    packed = folder / "extension.zip"
    subprocess.run([sys.executable, EXTENSION / "pack.py", packed], check=True)
    return packed


def needed(tool, found):
    if not found and not in_ci():
        pytest.skip(f"there is no {tool} here")
    assert found, f"there is no {tool}, and in CI no test may be skipped"


def test_the_pack_holds_the_extensions_files_alone_and_is_always_the_same(tmp_path):
    first = pack(tmp_path).read_bytes()
    assert pack(tmp_path).read_bytes() == first
    names = set(ZipFile(tmp_path / "extension.zip").namelist())
    assert {"manifest.json", "background.js", "_locales/de/messages.json"} <= names
    assert {name for name in names if name.endswith((".py", ".pyc"))} == set()


def test_every_language_has_the_same_words():
    english, german = (
        json.loads((EXTENSION / "_locales" / code / "messages.json").read_text())
        for code in ("en", "de")
    )
    assert list(english) == list(german)
    assert all(
        ("$1" in english[name]["message"]) == ("$1" in german[name]["message"]) for name in english
    )


def test_the_linter_of_firefox_finds_nothing(tmp_path):
    web_ext = shutil.which("web-ext")
    needed("web-ext", web_ext)
    command = [web_ext, "lint", "--output", "json", "--source-dir", EXTENSION]
    command += ["--ignore-files", "pack.py", "--artifacts-dir", tmp_path]
    printed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = json.loads(printed)
    assert (found["errors"], found["notices"]) == ([], [])
    assert {warning["code"] for warning in found["warnings"]} <= EXPECTED_WARNINGS


def test_firefox_installs_it_and_runs_its_background_page(tmp_path):
    needed("Firefox", FIREFOX)
    profile = tmp_path / "profile"
    profile.mkdir()
    packed = pack(tmp_path)
    with firefox(profile) as browser:
        name = browser.ask("Addon:Install", {"path": str(packed), "temporary": True})
        assert name["value"] == MANIFEST["browser_specific_settings"]["gecko"]["id"]
        found = browser.in_browser(
            f"""
            const policy = WebExtensionPolicy.getByID({json.dumps(name["value"])});
            const wait = () => new Promise((go) => setTimeout(go, 200));
            // The page that welcomes is opened by the background page: then all of it was run.
            const welcome = policy.getURL("pages/welcome.html");
            const open = () => gBrowser.tabs.some(
                (tab) => tab.linkedBrowser.currentURI.spec === welcome);
            for (let tries = 0; tries < 300 && !open(); tries += 1) await wait();
            return [policy.active, policy.name, open(), policy.hasPermission("http://a.example/")];
            """
        )
    assert found == [True, MANIFEST["name"].replace("__MSG_name__", "baitwatch"), True, False]
