"""A worker over the fake network and model of ``serving_process``, run as a process by the tests.

Usage: scanning_process.py DATA [PORT]; it is watched on the port. Settings come from BAITWATCH_*
variables.
"""

import sys

from serving_process import fake_steps

from service.cli_worker import run_worker
from service.logs import configure_logs
from service.serve import open_database
from service.settings import Settings
from service.watch import Watch

if __name__ == "__main__":
    configure_logs()
    settings = Settings(data=sys.argv[1])
    watch = Watch("127.0.0.1", int(sys.argv[2])) if sys.argv[2:] else None
    sys.exit(run_worker(settings, fake_steps(settings), open_database(settings), watch))
