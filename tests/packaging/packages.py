"""packages.py ROOT - makes the tarball of the commit of the sources, builds and packages it twice,
in two folders that do not know each other and one of which is inside another repository, and
compares: the packages must be the same to the byte, name the commit, please lintian, and hold
what is needed. Prints one line a violation; exit status 1 when there is one, 77 and the reason
where a tool is missing."""

import filecmp
import glob
import os
import shutil
import subprocess
import sys
import tempfile

TOOLS = ("git", "dpkg-deb", "dpkg-shlibdeps", "rpmbuild", "lintian", "scdoc")
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
    """Unpacks, builds and packages; git is a program that fails. Returns the build folder."""
    os.makedirs(f"{folder}/bin")
    with open(f"{folder}/bin/git", "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\nexit 1\n")
    os.chmod(f"{folder}/bin/git", 0o755)
    os.umask(umask)
    run("tar", "xf", tarball, "--strip-components=1", f"--one-top-level={folder}/tree")
    env = {"PATH": f"{folder}/bin:{os.environ['PATH']}"}
    run("cmake", "-S", f"{folder}/tree", "-B", f"{folder}/build", "-DIPM_TESTS=OFF", **env)
    run("cmake", "--build", f"{folder}/build", "-j", str(os.cpu_count()), **env)
    os.umask(0o022) # cpack gives it to the parts of a .deb
    run("cpack", folder=f"{folder}/build", **env)
    return f"{folder}/build"


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


def main():
    root = sys.argv[1]
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing or not os.path.exists(f"{root}/.git"):
        print(f"skipped: {' and '.join(missing) or '.git'}: not there")
        return 77
    git = ("git", "-c", "safe.directory=*", "-C", root)
    commit = run(*git, "rev-parse", "HEAD")[:12]
    with tempfile.TemporaryDirectory() as folder:
        tarball = f"{folder}/ipcmark.tar.gz"
        run(*git, "archive", "--prefix=ipcmark/", f"--output={tarball}", "HEAD")
        run("git", "init", "-q", f"{folder}/repository")
        one = build(tarball, f"{folder}/one", 0o022)
        other = build(tarball, f"{folder}/repository/other", 0o077)
        bad = [*check_same(one, other), *check_contents(one), *check_lintian(one)]
        version = run(f"{one}/ipcmark", "--version")
        if f"({commit})" not in version:
            bad.append(f"the tarball of {commit} says: {version}")
    for line in bad:
        print(line)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
