"""Jira, Cloud and Data Center: issues of projects."""
