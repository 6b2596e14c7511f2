#!/usr/bin/env python3
"""Runs a command and compares its exit status: status.py STATUS COMMAND..."""
import subprocess
import sys

got = subprocess.run(sys.argv[2:], check=False).returncode
if got != int(sys.argv[1]):
    sys.exit(f"expected status {sys.argv[1]}, got {got}: {' '.join(sys.argv[2:])}")
