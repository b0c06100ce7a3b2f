"""`python -m lessonkit` is the command `tinygrad-edu`, where that is not on the PATH."""

import sys

from lessonkit.cli import main

if __name__ == "__main__":
    sys.exit(main())
