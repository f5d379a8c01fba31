# keep.sh FILE... - puts documents aside, for run.py to validate when the case is over: it has
# the schema loaded, and a validator of its own would cost each case 0.3 s.
for file; do
    cp "$file" "$(mktemp "$DOCUMENTS/${file##*/}.XXXXXX")" || exit 1
done
