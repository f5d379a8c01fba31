# shellcheck shell=sh
# packages.sh - which Debian packages ipcmark needs, and how they come onto a machine.
# Sourced by src/setup, tests/run and .ci/run. Knows nothing of builds.

# shellcheck disable=SC2034 # used by those who source this
IPM_BUILD_PACKAGES="gcc libc6-dev make cmake pkg-config libjansson-dev libxxhash-dev liburing-dev scdoc"
# shellcheck disable=SC2034
IPM_TEST_PACKAGES="libcriterion-dev python3 python3-jsonschema python3-scipy python3-yaml jq strace valgrind"

# Prints those of PACKAGE... that are not installed.
ipm_packages_missing() {
    for package; do
        # shellcheck disable=SC2016 # the variable is dpkg-query's, not the shell's
        status=$(dpkg-query -W -f '${db:Status-Status} ' "$package" 2>/dev/null) || status=
        case " $status" in
        *" installed "*) ;;
        *) printf '%s ' "$package" ;;
        esac
    done
}

# ipm_logged COMMAND...: runs it with its output in the file IPM_LOG, where that is set, and
# shows the last lines when it fails.
ipm_logged() {
    if [ -z "${IPM_LOG:-}" ]; then
        "$@"
        return
    fi
    ipm_status=0
    "$@" >>"$IPM_LOG" 2>&1 || ipm_status=$?
    if [ "$ipm_status" -ne 0 ]; then
        tail -n 30 "$IPM_LOG" >&2
        echo "ipcmark: failed: $*; the whole log is $IPM_LOG" >&2
    fi
    return "$ipm_status"
}

# ipm_packages_need PACKAGE...: installs what is missing of them, or names it and exits 1.
ipm_packages_need() {
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        echo "ipcmark: this system has no apt-get: install what Debian calls $*" >&2
        echo "hint: then build as README.md shows under 'Set-up'" >&2
        exit 1
    fi
    missing=$(ipm_packages_missing "$@")
    missing=${missing% }
    [ -n "$missing" ] || return 0
    sudo=
    if [ "$(id -u)" -ne 0 ]; then
        sudo=sudo
        if ! command -v sudo >/dev/null; then
            echo "ipcmark: neither root nor sudo: cannot install $missing" >&2
            echo "hint: as root: apt-get install $missing" >&2
            exit 1
        fi
    fi
    echo "installing with apt-get: $missing"
    # An update that fails (no network) is no reason to stop: the lists may be there.
    ipm_logged $sudo apt-get -q update </dev/null || true
    # shellcheck disable=SC2086 # a list of words
    ipm_logged $sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 \
        install -y --no-install-recommends $missing </dev/null
}
