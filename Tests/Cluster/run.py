"""Runs the tests of this folder with the runner of the end-to-end suite."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "EndToEnd"))
import suite  # noqa: E402

sys.exit(suite.main(sys.argv[1:], HERE))
