"""Draw the picture of the night of trouble: ``python -m tests.job.night_picture``.

Lives through the night, writes its report, and has the system's Chromium draw the
first screen into ``docs/img/night-of-trouble.png``.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from subak.api import report
from tests.job.night import bad_night

PICTURE = Path(__file__).parents[2] / "docs" / "img" / "night-of-trouble.png"


def draw(target: Path, chromium: str, size: tuple[int, int] = (1280, 900)) -> None:
    """Live through the night and draw what a reader sees first."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "morning-paper"
        workspace.mkdir()
        asyncio.run(bad_night(workspace))
        page = report(workspace).resolve().as_uri()
        width, height = size
        subprocess.run(
            [
                *(chromium, "--headless", "--no-sandbox", "--hide-scrollbars"),
                *(f"--window-size={width},{height}", f"--screenshot={target}", page),
            ],
            check=True,
            capture_output=True,
        )


def main() -> int:
    """Draw it, where there is a Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.stderr.write("no chromium on this machine\n")
        return 1
    draw(PICTURE, chromium)
    return 0


if __name__ == "__main__":
    sys.exit(main())
