"""Pack the extension into a zip file that browsers and their stores take: extension/pack.py [OUT].

The same files give the same bytes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

HERE = Path(__file__).resolve().parent
_OURS = {".py", ".pyc"}
_FIRST_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file knows


def files() -> list[Path]:
    """List the extension's files, without this one."""
    return sorted(path for path in HERE.rglob("*") if path.is_file() and path.suffix not in _OURS)


def pack(out: Path) -> None:
    """Write the zip file."""
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for path in files():
            entry = ZipInfo(path.relative_to(HERE).as_posix(), _FIRST_TIME)
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())


def main() -> int:
    """Write where the command says, or beside the project's folder ``extension``."""
    version = json.loads((HERE / "manifest.json").read_text())["version"]
    standard = HERE.parent / f"baitwatch-extension-{version}.zip"
    pack(Path(sys.argv[1]) if len(sys.argv) > 1 else standard)
    return 0


if __name__ == "__main__":
    sys.exit(main())
