"""The settings of a real site, its static files in a folder of the test's."""

import os
from pathlib import Path

from tokku.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["STATIC_ROOT"])
