"""The settings as mypy's Django plugin loads them: it has no environment to offer."""

import os
from pathlib import Path

os.environ["SOPREGISTRY_MODE"] = "test"
# The settings make their directories and keys: these belong to mypy's cache, not to var/.
os.environ["DATA_DIR"] = str(Path(__file__).resolve().parent.parent / ".mypy_cache" / "settings")

from sopregistry.settings import *  # noqa: F403  the environment comes first
