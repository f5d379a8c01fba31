"""includes.py [--cc COMPILER] ROOT - who may include and call what: the table of the
design, enforced. Prints one line a violation; exit status 1 when there is one.

    folder      may include                           never
    src/base    libc                                  anything above
    transports  src/base, its own headers             jansson, stdio, time, wait, fork, run,
                                                      model, reports
    src/model   src/base, transports/transport.h      any system call, clock, jansson
    src/run     base, model, transport.h              a transport's name, jansson, renderers
    reports     base, model, renderer.h; jansson      transport.h, run, clock; computing a
                only in the JSON files                statistic
    src/app     all headers above                     jansson

No tag is defined twice, and all headers compile together, as the sources of a folder do.
"""

import argparse
import collections
import fnmatch
import glob
import os
import re
import subprocess
import sys

# Headers of C that compute and move no bytes: what model/ is made of.
PURE = {"assert.h", "ctype.h", "errno.h", "float.h", "inttypes.h", "limits.h", "math.h",
        "stdarg.h", "stdbool.h", "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h",
        "strings.h", "sys/types.h"}
LIBRARIES = {"jansson.h", "xxhash.h", "liburing.h", "criterion/*"}

# ours: patterns of "..." includes that the folder may use. system: the only <...> ones, or
# None for all but `never`. calls: functions that must not be called there.
FOLDERS = {
    "src/base": {
        "ours": ["base/*"],
        "system": None,
        "never": LIBRARIES,
        "calls": [],
    },
    # Built apart, with what is installed.
    "transports/example": {
        "ours": ["ipcmark/*"],
        "system": None,
        "never": LIBRARIES,
        "calls": [],
    },
    "transports/plugins": {
        "ours": ["ipcmark/*", "folder.h", "library.h", "socket_pairs.h"],
        "system": None,
        "never": LIBRARIES,
        "calls": [],
    },
    "transports": {
        "ours": ["base/*", "transports/*"],
        "system": None,
        "never": LIBRARIES | {"stdio.h", "time.h", "sys/time.h", "sys/times.h",
                              "sys/resource.h", "sys/wait.h", "spawn.h", "sched.h",
                              "pthread.h", "signal.h"},
        "calls": ["v?printf", "v?fprintf", "puts", "perror", "wait", "waitpid", "signal",
                  "sigaction", "ipm_clock_\\w+", "ipm_usage_\\w+"],
    },
    "src/model": {
        "ours": ["base/*", "model/*", "transports/transport.h"],
        "system": PURE,
        "never": set(),
        "calls": ["v?printf", "v?fprintf", "puts", "f?putc", "fputs", "perror", "fopen",
                  "getenv", "setenv", "system", "exit", "rand", "random",
                  "ipm_clock_\\w+", "ipm_usage_\\w+", "ipm_outfile_\\w+"],
    },
    "src/run": {
        "ours": ["base/*", "model/*", "run/*", "transports/transport.h"],
        "system": None,
        "never": {"jansson.h", "criterion/*"},
        "calls": ["v?printf", "puts", "perror"],
    },
    "reports": {
        "ours": ["base/*", "model/*", "reports/*"],
        "system": None,
        "never": {"xxhash.h", "criterion/*", "time.h", "sys/time.h", "sys/wait.h",
                  "sys/resource.h", "sys/socket.h"},
        "calls": ["ipm_stats_\\w+", "ipm_clock_\\w+", "ipm_usage_\\w+", "sqrt"],
    },
    "src/app": {
        "ours": ["app/*", "base/*", "model/*", "run/*", "reports/*",
                 "transports/transport.h", "transports/table.h", "transports/plugin.h",
                 "ipm_commit.h"],
        "system": None,
        "never": {"criterion/*", "xxhash.h"},
        "calls": [],
    },
    # A program of its own, which runs while ipcmark is built.
    "src/man": {
        "ours": ["app/*", "base/*", "man/*", "model/plan/pin.h", "model/report/report.h",
                 "transports/transport.h"],
        "system": None,
        "never": LIBRARIES,
        "calls": [],
    },
}

# All files that may know jansson.
JSON_FILES = ["reports/json/*"]

# What only one place does. Elsewhere in src, transports and reports it is a violation.
ONLY_IN = {
    "v?fork|clone3?|posix_spawnp?|popen|system": ["src/run/process/spawn.c"],
    "clock_gettime|gettimeofday|time|times|clock|timespec_get": ["src/base/clock.c"],
    "getrusage|sched_setaffinity|sched_getaffinity": ["src/base/usage.c"],
}

# Not a header of ours, and yet included by name: the tables.
DEFS = "*.def"
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(["<])([^">]+)[">]', re.MULTILINE)
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
SKIPPED = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'',
                     re.DOTALL)


def matches(name, patterns):
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def blank(found):
    """What replaces a comment or a string: nothing but its line ends."""
    return re.sub(r"[^\n]", " ", found.group())


def without_comments(text):
    return SKIPPED.sub(lambda found: found.group() if found.group()[0] in "\"'"
                       else blank(found), text)


def code_only(text):
    return SKIPPED.sub(lambda found: found.group() if INCLUDE.match(found.group())
                       else blank(found), text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def sources(root):
    """Every C file below the folders of the table, as a path relative to the root."""
    for top in ("src", "transports", "reports"):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if name.endswith((".c", ".h", ".def")):
                    yield os.path.relpath(os.path.join(folder, name), root)


def folder_of(path):
    return next((folder for folder in FOLDERS if path.startswith(folder + "/")), None)


def check_include(path, rule, bracket, name):
    """Words on one include line, or None when it is fine."""
    if bracket == '"':
        return None if matches(name, rule["ours"]) else f'must not include "{name}"'
    if name == "jansson.h" and matches(path, JSON_FILES):
        return None
    if name == "jansson.h" or matches(name, rule["never"]):
        return f"must not include <{name}>"
    if rule["system"] is not None and name not in rule["system"]:
        return f"must not include <{name}>"
    return None


def check_includes(path, rule, text):
    for found in INCLUDE.finditer(without_comments(text)):
        words = check_include(path, rule, *found.groups())
        if words:
            yield line_of(text, found.start()), words


def check_order(path, text):
    """Own header first, then ours, then the system's."""
    found = [match for match in INCLUDE.finditer(without_comments(text))
             if not match.group(2).endswith(".def")]
    own = re.sub(r"^src/", "", path[:-2] + ".h")
    names = [match.group(2) for match in found]
    if path.endswith(".c") and own in names and names[0] != own:
        yield line_of(text, found[0].start()), f'"{own}" must come first'
    system = False
    for match in found:
        if match.group(1) == '"' and system:
            yield line_of(text, match.start()), f'"{match.group(2)}" after a system header'
        system = system or match.group(1) == "<"


def called(code, pattern):
    """Where a function is called: its name and a parenthesis, not a member of a struct."""
    return re.finditer(r"(?<![\w.])(?<!->)(?:" + pattern + r")\s*\(", code)


def check_calls(path, rule, code):
    for pattern in rule["calls"]:
        for found in called(code, pattern):
            yield line_of(code, found.start()), f"must not call {found.group()[:-1].strip()}"
    for pattern, places in ONLY_IN.items():
        if path not in places:
            for found in called(code, pattern):
                yield (line_of(code, found.start()),
                       f"only {', '.join(places)} may call {found.group()[:-1].strip()}")


def check_types(code):
    for found in re.finditer(r"\btypedef\s+(struct|union|enum)\b", code):
        yield line_of(code, found.start()), f"{found.group(1)} must not be typedef'd"


def transport_names(root):
    """The words by which users call transports, from the files that define them."""
    names = set()
    for path in sources(root):
        if path.startswith("transports/") and path.endswith(".c"):
            with open(os.path.join(root, path), encoding="utf-8") as file:
                names.update(re.findall(r'^\s*\.name = "([^"]+)"', file.read(), re.MULTILINE))
    return names


def check_names(path, text, names):
    if not path.startswith("src/run/"):
        return
    plain = without_comments(text)
    for found in STRING.finditer(plain):
        if found.group()[1:-1] in names:
            yield line_of(plain, found.start()), f"names the transport {found.group()}"


def check_guard(path, text):
    guard = "IPM_" + re.sub(r"\W", "_", re.sub(r"^src/", "", path)).upper()
    lines = [line for line in without_comments(text).splitlines() if line.strip()]
    if lines[:2] != [f"#ifndef {guard}", f"#define {guard}"] or lines[-1] != "#endif":
        yield 1, f"its include guard must be {guard}"


def check_file(root, path, names):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        text = file.read()
    rule = FOLDERS.get(folder_of(path))
    if rule is None:
        yield 1, "is in no folder of the table"
        return
    code = code_only(text)
    yield from check_includes(path, rule, text)
    yield from check_order(path, text)
    yield from check_calls(path, rule, code)
    yield from check_types(code)
    yield from check_names(path, text, names)
    if path.endswith(".h"):
        yield from check_guard(path, text)


def compile_headers(root, paths, compiler):
    """What the compiler says of a file that includes these headers, or None: it is fine."""
    names = [re.sub(r"^src/", "", path) for path in paths]
    done = subprocess.run(
        compiler.split() + ["-std=c17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror",
                            f"-I{root}", f"-I{os.path.join(root, 'src')}",
                            "-isystem", os.path.join(root, "tests/machines"), "-xc",
                            "-fsyntax-only", "-"],
        input="".join(f'#include "{name}"\n' for name in names)
        + "extern int ipm_not_empty;\n", capture_output=True, text=True, check=False)
    errors = [line for line in done.stderr.splitlines() if "error:" in line]
    return None if done.returncode == 0 else (errors or done.stderr.splitlines() or ["?"])[0]


# Their headers are found where ipcmark is installed.
INSTALLED = ("transports/example", "transports/plugins")


def check_alone(root, path, compiler):
    """A header compiles with nothing before it, and twice."""
    words = compile_headers(root, [path, path], compiler)
    if words:
        yield 1, f"does not compile alone: {words}"


def check_together(root, compiler):
    """Each pair of headers compiles in either order: all of them do, forwards and backwards."""
    headers = [path for path in sources(root)
               if path.endswith(".h") and folder_of(path) not in INSTALLED]
    for order in (headers, headers[::-1]):
        words = compile_headers(root, order, compiler)
        if words:
            yield "headers", 1, f"do not compile together: {words}"


# The first three have a definition or a library of their own; the last stands for plugins.c.
APART = ("version.c", "uring.c", "uring_*.c", "plugins_none.c", "main.c")


# Their tests are one program.
TESTS = ("tests/contract", "tests/torture", "tests/unit")


def check_folders(root, compiler):
    """The sources of a folder compile as one, which IPM_UNITY does: no two of their names are the
    same."""
    folders = collections.defaultdict(list)
    for folder in TESTS:
        folders[folder] = sorted(glob.glob(f"{folder}/*.c", root_dir=root))
    for path in sources(root):
        name = os.path.basename(path)
        if path.endswith(".c") and folder_of(path) not in INSTALLED and \
                not any(fnmatch.fnmatch(name, apart) for apart in APART):
            folders[os.path.dirname(path)].append(path)
    for folder, paths in sorted(folders.items()):
        words = compile_headers(root, paths, compiler)
        if words:
            yield folder, 1, f"does not compile as one file: {words}"


def tags(code):
    """(position, name) of each tag and each enumerator that the code defines."""
    for found in re.finditer(r"\b(?:struct|union|enum)\s+(\w+)\s*\{", code):
        yield found.start(), found.group(1)
    for body in re.finditer(r"\benum\b(?:\s+\w+)?\s*\{([^}]*)\}", code):
        for found in re.finditer(r"(?:^|,)\s*(\w+)", body.group(1)):
            yield body.start(1) + found.start(1), found.group(1)


def check_tags(root):
    """No struct, union, enum or enumerator is defined twice, in headers or in sources."""
    places = collections.defaultdict(list)
    for path in sources(root):
        with open(os.path.join(root, path), encoding="utf-8") as file:
            code = code_only(file.read())
        for position, name in tags(code):
            places[name].append((path, line_of(code, position)))
    for name, found in sorted(places.items()):
        for path, line in found[1:]:
            yield path, line, f"{name} is defined in {found[0][0]}, too"


def violations(root, compiler=None):
    """(path, line, words) of everything that breaks a rule below root."""
    names = transport_names(root)
    for path in sources(root):
        for line, words in check_file(root, path, names):
            yield path, line, words
        if compiler and path.endswith(".h") and folder_of(path) not in INSTALLED:
            for line, words in check_alone(root, path, compiler):
                yield path, line, words
    yield from check_tags(root)
    if compiler:
        yield from check_together(root, compiler)
        yield from check_folders(root, compiler)


def main():
    parser = argparse.ArgumentParser(description="the include check")
    parser.add_argument("--cc", default="cc")
    parser.add_argument("root")
    args = parser.parse_args()
    found = list(violations(args.root, args.cc))
    for path, line, words in found:
        print(f"{path}:{line}: {words}")
    checked = sum(1 for _ in sources(args.root))
    print(f"{checked} files, {len(found)} violations")
    return 1 if found or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
