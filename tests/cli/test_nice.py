"""`[machine] nice`: how far a run stands back for others."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import os
from subak.cli.conduct import be_nice
before = os.getpriority(os.PRIO_PROCESS, 0)
be_nice(0)
unasked = os.getpriority(os.PRIO_PROCESS, 0)
be_nice(19)
be_nice(5)
print(before == unasked, os.getpriority(os.PRIO_PROCESS, 0))
"""


def test_process_stands_back_and_never_comes_forward() -> None:
    """0 changes nothing; one that stands at 19 stays there when 5 is asked for."""
    words = [sys.executable, "-c", CODE]
    told = subprocess.run(words, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["True", "19"]
