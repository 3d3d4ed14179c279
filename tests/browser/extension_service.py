"""The real service, run as a process for the extension's tests: only the test's own site is let in.

Usage: extension_service.py DATA PORT SITE_PORT ORIGIN. Prints an API key.
"""

import sys
from pathlib import Path

from service.serve import first_start, open_database, real_steps, serve
from service.settings import Settings

if __name__ == "__main__":
    data, port, site_port, origin = sys.argv[1:]
    settings = Settings(data=Path(data), extension_origins=(origin,), site_pause=0)
    made = first_start(open_database(settings))

    def greet() -> None:
        sys.stdout.write(f"{made.key if made else ''}\n")
        sys.stdout.flush()

    steps = real_steps(settings, allow=(("127.0.0.1", int(site_port)),))
    serve(settings, steps, "127.0.0.1", int(port), greet)
