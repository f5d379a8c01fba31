# measured.sh FACTOR COMMAND... - a prefix for `ipcmark ab`: what COMMAND measures is made as
# steady as no machine is, at FACTOR GB/s. For the cases.
factor=$1
shift
work=$(mktemp -d) || exit 9
trap 'rm -r "$work"' EXIT
"$@" >"$work/run.json" || exit
"$PYTHON" -B "$(dirname "$0")/steady.py" "$work/run.json" "$work/steady.json" "$factor" &&
    cat "$work/steady.json"
