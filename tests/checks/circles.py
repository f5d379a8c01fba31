"""circles.py ROOT OBJECT... - no two files, and no two folders, depend on each other in a circle.
Prints each circle with the symbols and includes that close it; exit status 1 when there is one.

Files: nm(1) tells which object defines and which wants a symbol (a function or a table). A set
of files that reach each other is a circle.

Folders: they depend on each other by the same symbols and by #include. A file that includes a
.def is a table: its pointers to its rows make no dependency of folders, for a table may stand
above the folders of its rows. Rows that call the file of their table are a circle of files.
"""

import os
import re
import subprocess
import sys

import includes

# The circles that are left: {(from, to): reason}, for files and for folders. An entry that is
# not needed is refused, so the list only shrinks.
KNOWN = {
    ("src/model/report", "src/model"): "a metric is made of a case, and a case has metrics",
}

DEFINED = "TDBRVWCGS"  # nm(1): capital letters are global
WANTED = "Uw"


def name_of(path):
    """The source of an object of CMake: .../ipm.dir/src/base/err.c.o is src/base/err.c."""
    return re.sub(r"\.o$", "", path.replace("\\", "/").split(".dir/")[-1])


def symbols(objects):
    """({symbol: file that defines it}, {file: symbols that it wants})."""
    done = subprocess.run(["nm", "-A", "-P", "-g", *objects], check=True,
                          capture_output=True, text=True)
    owners, wants = {}, {name_of(path): set() for path in objects}
    for line in done.stdout.splitlines():
        path, rest = line.split(": ", 1)
        symbol, kind = rest.split()[:2]
        if kind in DEFINED:
            owners[symbol] = name_of(path)
        elif kind in WANTED:
            wants[name_of(path)].add(symbol)
    return owners, wants


def file_graph(owners, wants):
    """{file: {file that it needs: {symbols}}}."""
    graph = {path: {} for path in wants}
    for path, names in wants.items():
        for name in names:
            if name in owners and owners[name] != path:
                graph[path].setdefault(owners[name], set()).add(name)
    return graph


def header_of(root, name):
    """Where a header that is included by that name lies, or None: it is generated."""
    for path in (name, os.path.join("src", name)):
        if os.path.exists(os.path.join(root, path)):
            return path
    return None


def included(root):
    """(file, header) of every #include of a header of ours, and the set of tables."""
    pairs, tables = [], set()
    for path in includes.sources(root):
        with open(os.path.join(root, path), encoding="utf-8") as file:
            text = includes.without_comments(file.read())
        for found in includes.INCLUDE.finditer(text):
            header = header_of(root, found.group(2))
            if found.group(2).endswith(".def"):
                tables.add(path)
            elif found.group(1) == '"' and header:
                pairs.append((path, header))
    return pairs, tables


def folder_graph(graph, pairs, tables):
    """{folder: {folder that it needs: {"file: symbol or header"}}}."""
    folders = {}

    def add(path, other, what):
        here, there = os.path.dirname(path), os.path.dirname(other)
        folders.setdefault(there, {})
        if here != there:
            folders.setdefault(here, {}).setdefault(there, set()).add(f"{path}: {what}")

    for path, needs in graph.items():
        for other, names in needs.items():
            if path not in tables:
                for name in names:
                    add(path, other, name)
    for path, header in pairs:
        add(path, header, f'"{header}"')
    return folders


def reachable(graph, start):
    seen, todo = set(), [start]
    while todo:
        for other in graph.get(todo.pop(), ()):
            if other not in seen:
                seen.add(other)
                todo.append(other)
    return seen


def circles(graph):
    """The sets of nodes that reach each other, sorted."""
    reach = {node: reachable(graph, node) for node in graph}
    found = {frozenset(other for other in reach[node] if node in reach[other])
             for node in graph if node in reach[node]}
    return sorted(sorted(circle) for circle in found)


def without(graph, known):
    return {node: {other: names for other, names in needs.items()
                   if (node, other) not in known} for node, needs in graph.items()}


def is_needed(graph, pair, known):
    """Whether a circle is left when only this entry of `known` is gone."""
    rest = without(graph, [other for other in known if other != pair])
    return any(set(pair) <= set(circle) for circle in circles(rest))


def few(names):
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return ", ".join(sorted(names)[:4]) + more


def violations(files, folders, known):
    """One string for each circle, and for each entry of `known` that breaks none."""
    for kind, graph in (("files", files), ("folders", folders)):
        left = without(graph, known)
        for circle in circles(left):
            lines = [f"  {node} needs {other} for {few(left[node][other])}"
                     for node in circle for other in sorted(left[node]) if other in circle]
            yield "\n".join([f"circle of {len(circle)} {kind}:", *lines])
    for pair in known:
        if not is_needed(files, pair, known) and not is_needed(folders, pair, known):
            yield f"{pair[0]} -> {pair[1]}: closes no circle any more: delete it from KNOWN"


def main():
    root, *objects = sys.argv[1:]
    files = file_graph(*symbols(objects))
    folders = folder_graph(files, *included(root))
    found = list(violations(files, folders, KNOWN))
    for words in found:
        print(words)
    print(f"{len(files)} files, {len(folders)} folders, {len(found)} circles, "
          f"{len(KNOWN)} known")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())
