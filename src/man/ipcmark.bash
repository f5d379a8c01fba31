# bash completion of ipcmark. src/man/completion.c writes the table.

# _ipcmark_table "COMMAND PLACE": sets kind and entries, or leaves them empty.
_ipcmark_table() {
    kind='' entries=''
    case $1 in
@table
    esac
}

# Completes the word in cur by the lines "word:description" in entries, between $1 and $2. In the
# way of readline, which separates words at "=" and ":", too, what stands before the last one is
# left out.
_ipcmark_words() {
    local line
    while IFS= read -r line; do
        line=${line%%:*}
        [[ $line && $line == "$cur"* ]] || continue
        line=$before$1$line$2
        COMPREPLY+=("${line#"${typed[-1]%"$last"}"}")
    done <<<"$entries"
}

# Readline completes files by itself: it knows quotes, "~" and variables.
_ipcmark_files() {
    compopt -o default 2>/dev/null
}

# Names of cases in the reports that are on the command line, also after the cursor.
_ipcmark_cases() {
    local word
    for word in "${COMP_WORDS[@]}"; do
        word=${word//[\\\"\']/} word=${word/#\~\//$HOME/}
        [[ $word == *.json && -r $word ]] || continue
        entries+=$'\n'$(grep -o '"name": *"[^"]*/[^"]*"' "$word" | cut -d '"' -f 4)
    done
}

# Sets typed to the words up to the cursor, of which readline makes several where there is a "="
# or ":", and last to what it takes for the last one.
_ipcmark_split() {
    local rest=${COMP_LINE:0:COMP_POINT}
    typed=('')
    for last in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
        [[ $rest == [[:space:]]* ]] && typed+=('')
        rest=${rest#"${rest%%[![:space:]]*}"} last=${last:0:${#rest}}
        typed[-1]+=$last rest=${rest#"$last"}
    done
    typed[-1]=${typed[-1]#[\"\']} last=${last#[\"\']}
    [[ $last == *[!=:]* ]] || last=''
}

_ipcmark() {
    local -a typed
    local cur place command='' kind entries before head last
    _ipcmark_split
    cur=${typed[-1]} place=${typed[-2]}
    ((${#typed[@]} > 2)) && command=${typed[1]}
    # after "--" stand the options of run
    [[ $command == @(ab|count|gate) && " ${typed[*]:2:${#typed[@]}-3} " == *' -- '* ]] && command=run
    [[ $cur == --*=* ]] && place=${cur%%=*} cur=${cur#*=}
    before=${typed[-1]%"$cur"}
    COMPREPLY=()
    _ipcmark_table "$command $place"
    if [[ $place != -?* || -z $kind || $kind == flag ]]; then
        [[ $cur == -* ]] && place=options || place=operands
        _ipcmark_table "$command $place"
    fi
    case $kind in
    file) _ipcmark_files ;;
    list)
        head=${cur%"${cur##*,}"} cur=${cur##*,}
        compopt -o nospace 2>/dev/null
        _ipcmark_words "$head"
        ;;
    export)
        if [[ $cur == *=* ]]; then
            _ipcmark_files
        else
            compopt -o nospace 2>/dev/null
            _ipcmark_words '' '='
        fi
        ;;
    case)
        _ipcmark_cases
        _ipcmark_words
        ;;
    *) _ipcmark_words ;;
    esac
}

complete -F _ipcmark ipcmark
