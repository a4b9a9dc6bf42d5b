"""Every test run has its own data folder and starts with no organisation but what it makes."""

from __future__ import annotations

import os
import tempfile

import django

os.environ["FOLLOWTHROUGH_DATA"] = tempfile.mkdtemp(prefix="followthrough-test-")
os.environ["FOLLOWTHROUGH_LOG_LEVEL"] = "WARNING"
os.environ["DJANGO_SETTINGS_MODULE"] = "followthrough.config.settings"
django.setup()

pytest_plugins = ["tests.clock"]
