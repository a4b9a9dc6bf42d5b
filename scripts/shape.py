"""The shape of the package: rooms and their share of lines, names, lengths of functions, import circles.

    python scripts/shape.py

Needs nothing but Python: it reads the sources and imports none of them.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "followthrough"
NAME = "followthrough"
PROMISED = frozenset(
    [
        "admin",
        "api",
        "apps",
        "commands",
        "drawing",
        "forms",
        "middleware",
        "migrations",
        "models",
        "operations",
        "panels",
        "passages",
        "phrasing",
        "queries",
        "reactions",
        "tasks",
        "templates",
        "templatetags",
        "urls",
        "views",
    ]
)
"""What a file or folder of this name holds is the same in every room."""
DATABASE = ("django.db", "models", "queries", "operations")
REQUESTS = ("django.http", "django.shortcuts", "django.views", "django.template")
"""A noun of pure reasoning imports none of these: the first by the end of a module's name, within the package."""


def sources() -> list[Path]:
    """All modules but migrations, which Django writes."""
    return sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)


def lines_of(path: Path) -> int:
    return len(path.read_text().splitlines())


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def is_promised(path: Path) -> bool:
    """Whether the file or a folder that it lies in, below its room, bears a promised name."""
    below = path.relative_to(PACKAGE).with_suffix("").parts[1:]
    return below == ("__init__",) or any(part in PROMISED for part in below)


def module_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> Iterator[tuple[ast.stmt, str, str]]:
    """(statement, module, name) of everything that it imports: at the top, within functions, and for types only."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node, node.module, alias.name) for alias in node.names)


def impurities_of(path: Path) -> list[str]:
    """What keeps a module from being pure reasoning: it imports rows, reads, writes or requests."""
    found = set()
    for _, module, name in imports_of(path):
        whole = f"{module}.{name}" if name else module
        parts = whole.split(".")
        inside = parts[0] == NAME and set(parts[2:4]) & set(DATABASE[1:])
        if inside or whole.startswith((DATABASE[0], *REQUESTS)):
            found.add(module)
    return sorted(found)


def departures() -> dict[str, str]:
    """{file, or folder with its /: reason} of docs/architecture.md, for what is neither a promised name nor pure."""
    table = (ROOT / "docs" / "architecture.md").read_text().partition("## Files that are neither")[2]
    rows = re.findall(r"^\| (`.+`) \| (.+) \|$", table, re.MULTILINE)
    return {place: reason for places, reason in rows for place in re.findall(r"`([^`]+)`", places)}


def departure_of(file: str, named: Iterable[str]) -> str:
    """The entry that names the file or a folder that it lies in, or ""."""
    return next(
        (place for place in named if file == place or (place.endswith("/") and file.startswith(place))), ""
    )


def astray() -> dict[str, list[str]]:
    """{file: what it imports} of all files that bear no promised name and do not reason purely."""
    rooms = (path for path in sources() if path.parent != PACKAGE and not is_promised(path))
    return {str(path.relative_to(PACKAGE)): found for path in rooms if (found := impurities_of(path))}


def graph() -> dict[str, set[str]]:
    """{module: the modules of the package that it imports}"""
    known = {module_of(path) for path in sources()}
    edges: dict[str, set[str]] = defaultdict(set)
    for path in sources():
        own = module_of(path)
        for _, module, name in imports_of(path):
            found = next((one for one in (f"{module}.{name}", module) if one in known), None)
            if found and found != own:
                edges[own].add(found)
    return edges


def circles() -> list[list[str]]:
    """Modules that import each other, over whatever way, by Tarjan's strongly connected components."""
    edges = graph()
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        order[module] = low[module] = len(order)
        stack.append(module)
        for other in sorted(edges.get(module, ())):
            if other not in order:
                visit(other)
            if other in stack:
                low[module] = min(low[module], low[other])
        if low[module] == order[module]:
            place = stack.index(module)
            if len(stack) - place > 1:
                found.append(sorted(stack[place:]))
            del stack[place:]

    for module in sorted(edges):
        if module not in order:
            visit(module)
    return found


def function_lines() -> list[tuple[int, str]]:
    """(lines, where) of every function, decorators and docstring included, the longest first."""
    found = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                place = f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name}"
                found.append(((node.end_lineno or node.lineno) - node.lineno + 1, place))
    return sorted(found, reverse=True)


def shares() -> list[tuple[str, int, float]]:
    """(room, lines, percent of the product), the largest first."""
    counts: Counter[str] = Counter()
    for path in sources():
        counts[room_of(path)] += lines_of(path)
    whole = counts.total()
    return [(room, lines, 100 * lines / whole) for room, lines in counts.most_common() if room != "__init__"]


def main() -> None:
    print("room                lines  share")
    for room, lines, percent in shares():
        print(f"{room:<18}{lines:>7}{percent:>6.1f}%")
    paths = sources()
    whole, outside = sum(map(lines_of, paths)), sum(lines_of(path) for path in paths if not is_promised(path))
    print(f"\nlines: {whole}, outside promised names: {outside} ({100 * outside / whole:.0f}%)")
    stray, named = astray(), departures()
    without = [file for file in stray if not departure_of(file, named)]
    print(
        f"files neither promised nor pure: {len(stray)}, without a reason in docs/architecture.md: {len(without)}"
    )
    lengths = function_lines()
    spread = [lines for lines, _ in lengths]
    print(
        f"functions: {len(spread)}, median {median(spread):.0f}, p90 {quantiles(spread, n=10)[-1]:.0f} lines"
    )
    print(f"longest function: {lengths[0][0]} lines, {lengths[0][1]}")
    widest = max(
        (len(line), f"{path.relative_to(PACKAGE)}:{number}")
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
    )
    print(f"longest line: {widest[0]} characters, {widest[1]}")
    found = circles()
    print(f"import circles: {len(found)}")
    for circle in found:
        print("  " + " ".join(module.removeprefix(f"{NAME}.") for module in circle))


if __name__ == "__main__":
    main()
