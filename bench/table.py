"""How a measured figure is printed."""

from __future__ import annotations


def heading(title: str, *columns: str) -> None:
    """Starts a table; `columns` are what was varied."""
    print(f"\n{title:<34}" + "".join(f"{column:>12}" for column in columns) + "   promise")


def row(name: str, *values: str, promise: str, met: bool) -> None:
    """One figure, as measured, and whether it keeps its promise."""
    print(
        f"{name:<34}"
        + "".join(f"{value:>12}" for value in values)
        + f"   {'met   ' if met else 'MISSED'} {promise}"
    )
