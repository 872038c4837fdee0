"""The long runs of the importer: broken files, generated tables, orders and kills, many more than the build takes.

    python -m benchmarks.long_imports [--broken 10000] [--tables 5000] [--orders 1000] [--kills 50]

Each is a test of the suite with its number raised; the build keeps a bounded one. Runs one after the other on the
database of DATABASE_URL (SQLite without one), prints how many of each ran and how long they took; exits 1 if any failed.
"""

import argparse
import os
import subprocess
import sys
import time

RUNS = {
    "broken": ("CXREVIEW_BROKEN_FILES", 10_000, ["tests/importing/test_broken_files.py"]),
    "tables": ("CXREVIEW_FIDELITY_TABLES", 5_000, ["tests/files/test_fidelity.py"]),
    "orders": ("CXREVIEW_IMPORT_ROUNDS", 1_000, ["tests/importing/test_order.py", "tests/importing/test_cases.py"]),
    "kills": ("CXREVIEW_IMPORT_KILLS", 50, ["tests/importing/test_kills.py"]),
}


def run(name: str, count: int) -> bool:
    variable, _default, files = RUNS[name]
    began = time.perf_counter()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", *files]
    ended = subprocess.run(command, env={**os.environ, variable: str(count)}, check=False)
    word = "held" if ended.returncode == 0 else "FAILED"
    print(f"{name}: {count:,} {word} in {time.perf_counter() - began:,.0f} s ({', '.join(files)})", flush=True)
    return ended.returncode == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, (_variable, default, _files) in RUNS.items():
        parser.add_argument(f"--{name}", type=int, default=default, help=f"default {default}, 0 for none")
    counts = vars(parser.parse_args())
    held = [run(name, count) for name, count in counts.items() if count]
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
