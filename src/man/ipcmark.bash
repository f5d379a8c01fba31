# bash completion of ipcmark. src/man/completion.c writes the table.

# _ipcmark_table "COMMAND PLACE": sets kind and entries, or leaves them empty.
_ipcmark_table() {
    kind='' entries=''
    case $1 in
@table
    esac
}

# Completes the word in cur by the lines "word:description" in entries, between $1 and $2.
_ipcmark_words() {
    local line
    while IFS= read -r line; do
        line=${line%%:*}
        [[ $line && $line == "$cur"* ]] && COMPREPLY+=("$1$line$2")
    done <<<"$entries"
}

_ipcmark_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
}

# Names of cases in the reports that are on the command line.
_ipcmark_cases() {
    local word
    for word in "${typed[@]}"; do
        [[ $word == *.json && -r $word ]] || continue
        entries+=$'\n'$(grep -o '"name": *"[^"]*/[^"]*"' "$word" | cut -d '"' -f 4)
    done
}

_ipcmark() {
    local -a typed
    local cur place command='' kind entries head=''
    read -ra typed <<<"${COMP_LINE:0:COMP_POINT}" # "=" separates no words here
    [[ ${COMP_LINE:0:COMP_POINT} == *[[:space:]] ]] && typed+=('')
    cur=${typed[-1]} place=${typed[-2]}
    ((${#typed[@]} > 2)) && command=${typed[1]}
    # after "--" stand the options of run
    [[ $command == @(ab|count|gate) && " ${typed[*]:2:${#typed[@]}-3} " == *' -- '* ]] && command=run
    [[ $cur == --*=* ]] && place=${cur%%=*} cur=${cur#*=}
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
        compopt -o nospace 2>/dev/null
        if [[ $cur == *=* ]]; then
            cur=${cur#*=}
            _ipcmark_files
        else
            _ipcmark_words '' '='
        fi
        ;;
    case)
        _ipcmark_cases
        head=${cur%"${cur##*[=:]}"} # readline separates words there
        _ipcmark_words ''
        COMPREPLY=("${COMPREPLY[@]#"$head"}")
        ;;
    *) _ipcmark_words '' ;;
    esac
}

complete -F _ipcmark ipcmark
