#!/usr/bin/env python
import os
import sys

import django
from django.core.management import execute_from_command_line

from tokku import VERSION

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tokku.settings")
    if sys.argv[1:] == ["--version"]:
        print(f"tokku {VERSION} (Django {django.get_version()})")
    else:
        execute_from_command_line(sys.argv)
