#compdef ipcmark
# zsh completion of ipcmark. src/man/completion.c writes the table.

# _ipcmark_table "COMMAND PLACE": sets kind and entries, or leaves them empty.
_ipcmark_table() {
    kind='' entries=''
    case $1 in
@table
    esac
}

# Names of cases in the reports that are on the command line.
_ipcmark_cases() {
    local word
    for word in $typed; do
        word=${(Q)word/#\~\//$HOME/}
        [[ $word == *.json && -r $word ]] || continue
        entries+=$'\n'$(grep -o '"name": *"[^"]*/[^"]*"' "$word" | cut -d '"' -f 4)
    done
}

_ipcmark() {
    local kind command='' place=$words[CURRENT-1]
    local -a typed=($words) lines
    local entries=''
    (( CURRENT > 2 )) && command=$typed[2]
    # after "--" stand the options of run
    [[ $command == (ab|count|gate) && ${typed[(i)--]} -lt CURRENT ]] && command=run
    if compset -P '--[a-z-]#='; then
        place=${IPREFIX%=}
    fi
    _ipcmark_table "$command $place"
    if [[ $place != -?* || -z $kind || $kind == flag ]]; then
        if [[ $PREFIX == -* ]]; then
            _ipcmark_table "$command options"
        else
            _ipcmark_table "$command operands"
        fi
    fi
    [[ $kind == case ]] && _ipcmark_cases
    lines=(${(f)entries})
    case $kind in
    file) _files ;;
    list) compset -P '*,'; _describe word lines -S '' ;;
    export) if compset -P '*='; then _files; else _describe format lines -S =; fi ;;
    case) compadd -a lines ;;
    *) _describe word lines ;;
    esac
}

_ipcmark "$@"
