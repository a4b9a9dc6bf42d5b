"""Every test has its own data folder and starts with no organisation but what it makes."""

from __future__ import annotations

import os
import tempfile

os.environ["FOLLOWTHROUGH_DATA"] = tempfile.mkdtemp(prefix="followthrough-test-")
os.environ["DJANGO_SETTINGS_MODULE"] = "followthrough.config.settings"
os.environ["FOLLOWTHROUGH_LOG_LEVEL"] = "WARNING"
