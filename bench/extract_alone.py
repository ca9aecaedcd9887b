"""`python -m bench.extract_alone FOLDER URLS`: trafilatura alone over stored pages.

In one process for each core, as whoever has many pages would run it. Prints one JSON
object: pages, and the CPU seconds of extraction, nothing else.
"""

from __future__ import annotations

import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import trafilatura

from bench.crawled import Crawled


def extract_all(folder: Path, urls: list[str]) -> tuple[int, float]:
    """Extract the HTML pages among these; return how many, and the CPU seconds."""
    pages = 0
    used = 0.0
    for page in Crawled(folder).pages(set(urls)):
        if page.body.startswith(b"%PDF"):
            continue
        started = time.process_time()
        trafilatura.extract(page.body)
        used += time.process_time() - started
        pages += 1
    return pages, used


def main() -> None:
    """Extract every HTML page of a workspace and tell what that cost."""
    folder, listed = map(Path, sys.argv[1:])
    urls = listed.read_text("utf-8").split()
    cores = len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(cores) as pool:
        parts = [urls[number::cores] for number in range(cores)]
        done = list(pool.map(extract_all, [folder] * cores, parts))
    pages = sum(count for count, _ in done)
    print(json.dumps({"pages": pages, "cpu_s": sum(used for _, used in done)}))


if __name__ == "__main__":
    main()
