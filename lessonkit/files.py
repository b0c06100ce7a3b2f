"""Writing a file so that it is never half there."""

import os
from contextlib import suppress
from pathlib import Path


def write_whole(target: Path, content: bytes) -> None:
    """Write a whole file or none.

    Raises:
        OSError: it cannot be written; what was there before is still there.
    """
    part = target.with_name(f"{target.name}.{os.getpid()}.part")  # two kernels may write at once
    try:
        part.write_bytes(content)
        os.replace(part, target)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise
