#!/usr/bin/env python3
"""Runs transcripts without building first, as `Tests/run commands` does after it: `run.py [--record] [NAME…]`."""

import os
import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parents[1]
os.environ.setdefault("KUBECTL_VAULT_INJECT", str(TESTS.parent / ".build/debug/kubectl-vault-inject"))
names = [word for word in sys.argv[1:] if word != "--record"] or ["commands"]
os.execv(sys.executable, [sys.executable, str(TESTS / "run"), *({"--record"} & set(sys.argv)), *names])
