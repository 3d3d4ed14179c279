"""Marks of processes: one each, and none for those that no longer run."""

import os
import subprocess
import sys
import time
from pathlib import Path

from service.process_mark import process_mark


def test_a_running_process_keeps_its_mark():
    mark = process_mark(os.getpid())
    assert mark == process_mark(os.getpid())
    assert mark.startswith(f"{os.getpid()}.")


def test_two_processes_have_two_marks():
    assert process_mark(os.getpid()) != process_mark(os.getppid())


def test_a_killed_process_that_nobody_collected_has_no_mark():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        assert process_mark(process.pid) is not None
        process.kill()
        end = time.monotonic() + 10
        while process_mark(process.pid) is not None and time.monotonic() < end:
            time.sleep(0.01)
        assert Path(f"/proc/{process.pid}").exists()
        assert process_mark(process.pid) is None


def test_a_number_that_no_process_has_gives_no_mark():
    assert process_mark(4_194_305) is None
