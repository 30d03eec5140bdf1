"""Secrets that a demo makes for itself, so that it starts without any configuration."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def read_or_create(path: Path, make: Callable[[], str]) -> str:
    """Return the secret kept in `path`; the first caller creates it with `make()`.

    The file is readable by its owner only (0600). Safe when several processes start
    together: the file appears complete or not at all, and all of them read the same one.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # mkstemp creates the file with mode 0600.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(make())
        try:
            # Unlike a rename, a link never replaces what another process wrote first.
            os.link(name, path)
        except FileExistsError:
            pass
        finally:
            Path(name).unlink()
    return path.read_text(encoding="utf-8").strip()
