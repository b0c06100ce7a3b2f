"""Lets the tests import the modules beside them, and golden's way of running programs."""

import sys
from pathlib import Path

for folder in ("parity", "golden"):
    sys.path.insert(0, str(Path(__file__).parent.parent / folder))
