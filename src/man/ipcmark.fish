# fish completion of ipcmark. src/man/completion.c writes the table.

# __ipcmark_table "COMMAND PLACE": prints the kind and lines "word:description", or nothing.
function __ipcmark_table
    set -l kind
    set -l words
    switch $argv[1]
@table
    end
    printf '%s\n' $kind $words
end

# Names of cases in the reports that are on the command line.
function __ipcmark_cases
    for word in $argv
        if string match -q '*.json' -- $word; and test -r $word
            grep -o '"name": *"[^"]*/[^"]*"' $word | cut -d '"' -f 4
        end
    end
end

function __ipcmark
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    set -l command
    set -l place $typed[-1]
    set -q typed[2]; and set command $typed[2]
    # after "--" stand the options of run
    string match -qr "^(ab|count|gate)\$" -- "$command"; and contains -- -- $typed; and set command run
    set -l joint (string match -r '^--[a-z-]+=' -- $current)
    if test -n "$joint"
        set place (string trim -r -c = -- $joint)
        set current (string replace -- $joint '' $current)
    end
    set -l row (__ipcmark_table "$command $place")
    if not string match -q -- '-?*' $place; or contains -- "$row[1]" '' flag
        set joint
        if string match -q -- '-*' $current
            set row (__ipcmark_table "$command options")
        else
            set row (__ipcmark_table "$command operands")
        end
    end
    set -l words (string match -v '' -- $row[2..] | string replace : \t)
    switch "$row[1]"
        case file
            __fish_complete_path $current
        case list
            printf '%s\n' "$joint"(string replace -r '[^,]*$' '' -- $current)$words
        case export
            set -l format (string match -r '^[a-z-]+=' -- $current)
            if test -n "$format"
                printf '%s\n' "$joint$format"(__fish_complete_path (string replace -- $format '' $current))
            else
                printf '%s\n' "$joint"(string replace -r '(\t|$)' '=$1' -- $words)
            end
        case case
            printf '%s\n' (__ipcmark_cases $typed)
        case '*'
            printf '%s\n' "$joint"$words
    end
end

complete -c ipcmark -f -a '(__ipcmark)'
