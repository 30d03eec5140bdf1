"""Becomes ``pdftotext`` under limits: standard input is a PDF, standard output its words.

Run by its path, with the limits as JSON for its argument; it imports nothing of the application.
What it draws on the pages is read, in the order in which it is drawn: no properties, no remarks.
"""

import json
import os
import resource
import sys


def main() -> None:
    """Bound this process, then hand it over."""
    limits = json.loads(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["bytes"], limits["bytes"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    program = limits["program"]
    os.execv(program, [program, "-raw", "-enc", "UTF-8", "-", "-"])  # noqa: S606  no shell wanted


if __name__ == "__main__":
    main()
