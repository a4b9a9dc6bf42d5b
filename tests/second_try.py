"""Tests that drive browsers and processes may lose a race on a machine that does much else: they get a second try."""

from __future__ import annotations

import pytest
from _pytest.runner import runtestprotocol

FRAGILE = ("browser", "slow")


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    if not (
        "tests/live/" in item.nodeid or any(item.get_closest_marker(name) for name in FRAGILE)
    ) or not isinstance(item, pytest.Function):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for report in _reports(item, nextitem):
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def _reports(item: pytest.Function, nextitem: pytest.Item | None) -> list[pytest.TestReport]:
    """Those of the first try if it passed, else those of the second, on fixtures of its own."""
    reports = runtestprotocol(item, log=False, nextitem=item.parent)  # type: ignore[arg-type] - what others share stays
    if not any(report.failed for report in reports):
        farewell = _part_with_what_is_shared(item, nextitem)
        return [*reports, farewell] if farewell.failed else reports
    item.warn(pytest.PytestWarning(f"Tried twice, for the first time failed:\n{_reasons(reports)}"))
    _forget_failed_fixtures(item)
    return runtestprotocol(item, log=False, nextitem=nextitem)


def _part_with_what_is_shared(item: pytest.Function, nextitem: pytest.Item | None) -> pytest.TestReport:
    """Ends the fixtures of modules and folders that the next test does not need."""
    call = pytest.CallInfo.from_call(
        lambda: item.session._setupstate.teardown_exact(nextitem), when="teardown"
    )
    return pytest.TestReport.from_item_and_call(item, call)


def _reasons(reports: list[pytest.TestReport]) -> str:
    return "\n".join(report.longreprtext for report in reports if report.failed)


def _forget_failed_fixtures(item: pytest.Function) -> None:
    """A shared fixture that failed would fail again with the same error."""
    for known in item._fixtureinfo.name2fixturedefs.values():
        for fixture in known:
            if fixture.cached_result and fixture.cached_result[2]:
                fixture.cached_result = None
