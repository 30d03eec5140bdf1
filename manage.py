#!/usr/bin/env python3
"""Django's command line for this project."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command named on the command line.

    A refused configuration ends with its sentence alone: the traceback would hide it.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sopregistry.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as refusal:
        sys.exit(f"Ditolak: {refusal}")


if __name__ == "__main__":
    main()
