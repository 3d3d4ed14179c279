"""Children: each job in a process of its own, which its limits end and which harms no other."""

import os
import resource
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from child_jobs import load_jobs, load_nothing

from service.judging.children import ChildDiedError, Children, LimitPassedError, NoChildError
from service.judging.limits import ChildLimits
from service.judging.nursery import CannotStart

MEMORY = 100 * 2**20
AMPLE = ChildLimits(wall=60.0, cpu=30, memory=MEMORY)


@pytest.fixture(scope="module")
def children():
    with closing(Children(load_jobs, AMPLE)) as children:
        yield children


@pytest.fixture(scope="module")
def hasty():
    with closing(Children(load_jobs, ChildLimits(wall=1.5, cpu=30, memory=MEMORY))) as children:
        yield children


def gone(pid):
    """Wait until a process runs no more."""
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("size", [0, 1, 5_000_000])
def test_an_answer_comes_back_whole(children, size):
    content = os.urandom(size)
    assert children.do(("echo", content)) == content


def test_every_job_has_a_process_of_its_own_that_ends_with_it(children):
    first, second = (children.do(("pid", None)) for _ in range(2))
    assert first != second
    assert gone(int(first))
    assert gone(int(second))


@pytest.mark.parametrize("job", [("sleep", 60), ("stick", None)])
def test_a_job_that_takes_too_long_is_ended_in_time(hasty, job):
    begun = time.monotonic()
    with pytest.raises(LimitPassedError) as caught:
        hasty.do(job)
    assert caught.value.limit == "time"
    assert time.monotonic() - begun < 2.5


def test_news_of_a_job_come_before_its_answer_and_in_order(children):
    heard = []
    assert children.do(("tell", ([b"a", b"", b"+="], "echo")), heard.append) == b"60"
    assert heard == [b"a", b"", b"+="]


def test_news_of_a_job_that_is_ended_were_heard(hasty):
    heard = []
    with pytest.raises(LimitPassedError):
        hasty.do(("tell", ([b"a", b"b"], "sleep")), heard.append)
    assert heard == [b"a", b"b"]


def test_a_job_that_tells_news_without_end_is_not_listened_to(children):
    heard = []
    with pytest.raises(ChildDiedError):
        children.do(("tell", ([b"a"] * 5_000, "echo")), heard.append)
    assert len(heard) <= 100


def test_a_job_that_computes_too_much_is_ended():
    limits = ChildLimits(wall=60.0, cpu=1, memory=MEMORY)
    with (
        closing(Children(load_jobs, limits)) as children,
        pytest.raises(LimitPassedError) as caught,
    ):
        children.do(("stick", None))
    assert caught.value.limit == "processor time"


def test_a_job_that_takes_too_much_memory_is_ended(children):
    assert children.do(("take", MEMORY // 4)) == b"\0"
    with pytest.raises(LimitPassedError) as caught:
        children.do(("take", MEMORY * 2))
    assert caught.value.limit == "memory"


@pytest.mark.parametrize(
    "job",
    [("die", signal.SIGSEGV), ("die", signal.SIGKILL), ("leave", 0), ("leave", 1), ("raise", None)],
)
def test_a_job_whose_process_dies_is_told_from_one_that_passed_a_limit(children, job):
    with pytest.raises(ChildDiedError):
        children.do(job)
    assert children.do(("echo", b"alive")) == b"alive"


def test_jobs_beside_one_that_dies_go_on(children):
    jobs = [("sleep", 0.5), ("die", signal.SIGKILL), ("echo", b"a"), ("sleep", 0.5)]

    def outcome(job):
        try:
            return children.do(job)
        except ChildDiedError:
            return "died"

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(outcome, jobs)) == [b"done", "died", b"a", b"done"]


def test_a_child_holds_no_socket_but_its_own(children):
    with ThreadPoolExecutor(1) as threads:
        beside = threads.submit(children.do, ("sleep", 1))
        time.sleep(0.3)
        assert children.do(("sockets", None)) == b"1"
        beside.result()


def test_a_child_gives_way_to_the_serving_process(children):
    assert int(children.do(("niceness", None))) > os.nice(0)


def test_a_nursery_that_died_is_replaced(children):
    nursery = int(children.do(("nursery", None)))
    os.kill(nursery, signal.SIGKILL)
    assert gone(nursery)
    assert children.do(("echo", b"again")) == b"again"
    assert int(children.do(("nursery", None))) != nursery


SHARED = """
import os, signal, sys
sys.path[:] = sys.argv[1:]
from child_jobs import load_jobs
from service.judging.children import Children
from service.judging.limits import ChildLimits
children = Children(load_jobs, ChildLimits(60.0, 30, 100 * 2**20))
os.kill(int(children.do(("nursery", None))), signal.SIGKILL)
for _ in range(3):
    if not os.fork():
        os.write(1, children.do(("nursery", None)) + b"\\n")
        os._exit(0)
for _ in range(3):
    os.wait()
children.close()
"""


def test_processes_that_share_a_nursery_share_the_one_that_follows_it():
    command = [sys.executable, "-c", SHARED, *sys.path]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=200)
    nurseries = ran.stdout.split()
    assert len(nurseries) == 3
    assert len(set(nurseries)) == 1


def test_a_job_that_no_child_took_up_in_time_is_not_blamed_for_it():
    limits = ChildLimits(wall=0.5, cpu=30, memory=MEMORY)
    with closing(Children(load_jobs, limits)) as children:
        nursery = int(children.do(("nursery", None)))
        os.kill(nursery, signal.SIGSTOP)
        with pytest.raises(NoChildError):
            children.do(("echo", b""))
        os.kill(nursery, signal.SIGCONT)


def test_the_nursery_gets_ready_before_every_job(children):
    before = int(children.ready())
    children.do(("echo", b""))
    assert int(children.ready()) == before + 2


def test_with_nothing_to_work_with_none_is_started():
    with pytest.raises(CannotStart, match="no model here"):
        Children(load_nothing, AMPLE)


def test_after_its_end_there_are_no_children():
    children = Children(load_jobs, AMPLE)
    nursery = int(children.do(("nursery", None)))
    children.close()
    assert gone(nursery)


OWNER = """
import sys, threading, time
sys.path[:] = sys.argv[1:]
from child_jobs import load_jobs
from service.judging.children import Children
from service.judging.limits import ChildLimits
if __name__ == "__main__":
    children = Children(load_jobs, ChildLimits(60.0, 30, 100 * 2**20))
    print(children.do(("nursery", None)).decode(), flush=True)
    threading.Thread(target=children.do, args=(("sleep", 60),)).start()
    time.sleep(0.5)
    print("ready", flush=True)
    time.sleep(60)
"""


def test_nursery_and_children_end_with_an_owner_that_is_killed():
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, *sys.path], stdout=subprocess.PIPE, text=True
    )
    with owner:
        nursery = int(owner.stdout.readline())
        owner.stdout.readline()
        child = int(Path(f"/proc/{nursery}/task/{nursery}/children").read_text())
        owner.kill()
    assert gone(nursery)
    assert gone(child)


def test_a_nursery_that_cannot_take_a_job_on_is_nobody_s_death(children):
    nursery = int(children.do(("nursery", None)))
    before = resource.prlimit(nursery, resource.RLIMIT_NOFILE)
    resource.prlimit(nursery, resource.RLIMIT_NOFILE, (0, before[1]))
    with pytest.raises(NoChildError):
        children.do(("echo", b""))
    resource.prlimit(nursery, resource.RLIMIT_NOFILE, before)
    assert children.do(("echo", b"again")) == b"again"
