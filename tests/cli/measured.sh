# measured.sh FACTOR COMMAND... - a prefix for `ipcmark ab`: what COMMAND measures is made as
# steady as no machine is, at FACTOR GB/s. All runs of a FACTOR are so alike that the first is
# given back for the others. For the cases.
kept=measured-$1.json
if [ ! -e "$kept" ]; then
    factor=$1
    shift
    "$@" >measured.json || exit
    "$PYTHON" -B "$(dirname "$0")/steady.py" measured.json "$kept" "$factor" || exit
fi
cat "$kept"
