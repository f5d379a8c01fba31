#!/bin/sh
# run.sh BUILD SECONDS [TARGET...] - fuzzes each target (all without names) for so many seconds, two
# at a time: BUILD was made with -DIPM_FUZZ=ON. What is found stays in BUILD/found; put it into
# corpus/TARGET with the fix.
set -eu
cd "$(dirname "$0")"
build=$(cd "../../$1" 2>/dev/null || cd "$1" && pwd)
seconds=$2
shift 2
if [ $# -eq 0 ]; then
    for source in fuzz_*.c; do
        source=${source#fuzz_}
        set -- "$@" "${source%.c}"
    done
fi
mkdir -p "$build/found"
/usr/bin/python3 -B seeds.py "$build/new/report"
status=0
printf '%s\n' "$@" | xargs -P 2 -I {} sh -c '
    mkdir -p "$1/new/{}"
    "$1/tests/fuzz_{}" -max_total_time="$2" -timeout=20 -rss_limit_mb=2048 -max_len=16384 \
        -print_final_stats=1 -artifact_prefix="$1/found/{}-" "$1/new/{}" "corpus/{}" \
        >"$1/found/{}.log" 2>&1 ||
        { echo "fuzz target {} failed:"; tail -n 40 "$1/found/{}.log"; exit 1; }
    echo "{}: $(grep -E "number_of_executed_units" "$1/found/{}.log")"
' sh "$build" "$seconds" || status=1
exit "$status"
