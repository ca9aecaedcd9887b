"""`python -m bench.extract_alone FOLDER URLS`: trafilatura alone over stored pages.

Prints one JSON object: pages, and the CPU seconds of extraction, nothing else.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import trafilatura

from bench.crawled import Crawled


def main() -> None:
    """Extract every HTML page of a workspace and tell what that cost."""
    folder, urls = map(Path, sys.argv[1:])
    wanted = set(urls.read_text("utf-8").split())
    pages = 0
    used = 0.0
    for page in Crawled(folder).pages(wanted):
        if page.body.startswith(b"%PDF"):
            continue
        started = time.process_time()
        trafilatura.extract(page.body)
        used += time.process_time() - started
        pages += 1
    print(json.dumps({"pages": pages, "cpu_s": used}))


if __name__ == "__main__":
    main()
