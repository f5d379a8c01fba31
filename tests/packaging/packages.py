"""packages.py ROOT [BUILD] - makes the tarball of the commit of the sources, builds and packages it
inside another repository, and compares the packages with those of BUILD, a Release of the same
commit, or of a second build of the tarball where there is none: they must be the same to the byte,
name the commit, please lintian and rpmlint, and hold what is needed. Prints one line a violation;
exit status 1 when there is one, 77 and the reason where a tool is missing."""

import filecmp
import glob
import os
import shutil
import subprocess
import sys
import tempfile

TOOLS = ("git", "dpkg-deb", "dpkg-shlibdeps", "rpmbuild", "lintian", "rpmlint", "scdoc")
CONTENTS = {
    "ipcmark_*.deb": (
        "usr/bin/ipcmark", "usr/share/man/man1/ipcmark-run.1.gz",
        "usr/share/man/man1/ipcmark-gate.1.gz", "usr/share/man/man1/ipcmark-count.1.gz",
        "usr/share/man/man7/ipcmark-transport.7.gz",
        "usr/share/fish/vendor_completions.d/ipcmark.fish", "usr/share/doc/ipcmark/copyright",
        "usr/share/doc/ipcmark/changelog.gz", "usr/share/zsh/vendor-completions/_ipcmark",
        "usr/share/bash-completion/completions/ipcmark"),
    "ipcmark-dev_*.deb": (
        "usr/include/ipcmark/transport.h", "usr/share/pkgconfig/ipcmark.pc",
        "usr/share/ipcmark/example/example.c", "usr/share/man/man3/ipcmark-plugin.3.gz"),
}


def run(*command, folder=None, **env):
    """Standard output; ends the test when the command fails."""
    done = subprocess.run(command, cwd=folder, env={**os.environ, **env}, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=900,
                          check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: status {done.returncode}\n{done.stdout}")
    return done.stdout


def build(tarball, folder, umask):
    """Unpacks, builds and packages; git is a program that fails. Returns where the packages are."""
    os.makedirs(f"{folder}/bin")
    with open(f"{folder}/bin/git", "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\nexit 1\n")
    os.chmod(f"{folder}/bin/git", 0o755)
    os.umask(umask)
    run("tar", "xf", tarball, "--strip-components=1", f"--one-top-level={folder}/tree")
    env = {"PATH": f"{folder}/bin:{os.environ['PATH']}"}
    run("cmake", "-S", f"{folder}/tree", "-B", f"{folder}/build", "-DIPM_TESTS=OFF", **env)
    run("cmake", "--build", f"{folder}/build", **env)
    os.umask(0o022) # cpack gives it to the parts of a .deb
    return package(f"{folder}/build", folder, **env)


def package(build_folder, folder, **env):
    """Returns where its packages are."""
    packages = os.path.join(folder, "packages")
    run("cpack", "--config", f"{os.path.abspath(build_folder)}/CPackConfig.cmake", "-B", packages,
        folder=build_folder, **env)
    return packages


def is_of(build_folder, commit, changes):
    """Whether it is a build of the commit, without changes of the tree."""
    program = f"{build_folder}/ipcmark"
    return not changes and os.path.exists(program) and f"({commit})" in run(program, "--version")


def check_same(one, other):
    names = [os.path.basename(path) for kind in ("deb", "rpm")
             for path in glob.glob(f"{one}/*.{kind}")]
    if len(names) != 4:
        yield f"packages: {names}"
    _, different, missing = filecmp.cmpfiles(one, other, names, shallow=False)
    for name in different + missing:
        yield f"{name}: another build of the same sources differs"


def check_contents(build_folder):
    for pattern, paths in CONTENTS.items():
        for package in glob.glob(f"{build_folder}/{pattern}"):
            held = run("dpkg-deb", "--contents", package).split()
            for path in paths:
                if f"./{path}" not in held:
                    yield f"{os.path.basename(package)} lacks {path}"


def check_lintian(build_folder):
    done = subprocess.run(["lintian", "--allow-root", *glob.glob(f"{build_folder}/*.deb")],
                          capture_output=True, text=True, timeout=300, check=False)
    yield from (done.stdout + done.stderr).splitlines()


def check_rpmlint(build_folder):
    """rpmlint.toml tells what is meant so. Its last line counts."""
    config = os.path.join(os.path.dirname(os.path.abspath(__file__)), "rpmlint.toml")
    done = subprocess.run(["rpmlint", "-c", config, *glob.glob(f"{build_folder}/*.rpm")],
                          capture_output=True, text=True, timeout=300, check=False)
    found = [line for line in done.stdout.splitlines() if " W: " in line or " E: " in line]
    if " 2 packages " not in done.stdout:
        found.append(f"rpmlint: {done.stdout}{done.stderr}")
    yield from found


def check_tools(build_folder):
    """cpack without its tools says what to install."""
    for kind, tool, name in (("DEB", "dpkg-shlibdeps", "dpkg-dev"), ("RPM", "rpmbuild", "rpm")):
        done = subprocess.run(
            [shutil.which("cpack"), "-G", kind, "-D", "CMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF"],
            cwd=build_folder, env={"PATH": build_folder}, capture_output=True, text=True,
            timeout=300, check=False)
        if f"no {tool}: apt-get install {name}\n" not in done.stderr or done.returncode == 0:
            yield f"cpack without {tool}: status {done.returncode}: {done.stderr}"


def main():
    root, *given = sys.argv[1:]
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing or not os.path.exists(f"{root}/.git"):
        print(f"skipped: {' and '.join(missing) or '.git'}: not there")
        return 77
    git = ("git", "-c", "safe.directory=*", "-C", root)
    commit = run(*git, "rev-parse", "HEAD")[:12]
    changes = run(*git, "status", "--porcelain", "--untracked-files=no")
    with tempfile.TemporaryDirectory() as folder:
        tarball = f"{folder}/ipcmark.tar.gz"
        run(*git, "archive", "--prefix=ipcmark/", f"--output={tarball}", "HEAD")
        run("git", "init", "-q", f"{folder}/repository")
        one = build(tarball, f"{folder}/repository/one", 0o077)
        if given and is_of(given[0], commit, changes):
            other = package(given[0], f"{folder}/other")
        else:
            other = build(tarball, f"{folder}/other", 0o022)
        bad = [*check_same(one, other), *check_contents(one), *check_lintian(one),
               *check_rpmlint(one), *check_tools(f"{folder}/repository/one/build")]
        version = run(f"{folder}/repository/one/build/ipcmark", "--version")
        if f"({commit})" not in version:
            bad.append(f"the tarball of {commit} says: {version}")
    for line in bad:
        print(line)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
