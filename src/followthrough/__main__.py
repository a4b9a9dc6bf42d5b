"""`python -m followthrough` is the followthrough command."""

from followthrough.cli.main import run

run()
