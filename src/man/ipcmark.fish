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

# Names of cases in the reports that are on the command line; fish hides what is after the cursor.
function __ipcmark_cases
    for word in (commandline -opc | string replace -r '^~/' $HOME/)
        if string match -q '*.json' -- $word; and test -r $word
            grep -o '"name": *"[^"]*/[^"]*"' $word | cut -d '"' -f 4
        end
    end
end

# Prints a kind, what stands before its value in the current word, the value, and lines
# "word:description".
function __ipcmark_place
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
    printf '%s\n' "$row[1]" "$joint" "$current" $row[2..]
end

# Fish completes files by itself: it knows quotes, "~" and variables.
function __ipcmark_is_file
    set -l place (__ipcmark_place)
    test "$place[1]" = file; or string match -q 'export *=*' -- "$place[1] $place[3]"
end

function __ipcmark
    set -l place (__ipcmark_place)
    set -l joint $place[2]
    set -l words (string match -v '' -- $place[4..] | string replace : \t)
    switch "$place[1]"
        case file
        case list
            printf '%s\n' "$joint"(string replace -r '[^,]*$' '' -- $place[3])$words
        case export
            string match -q '*=*' -- $place[3]
            or printf '%s\n' "$joint"(string replace -r '(\t|$)' '=$1' -- $words)
        case case
            printf '%s\n' "$joint"(__ipcmark_cases)
        case '*'
            printf '%s\n' "$joint"$words
    end
end

complete -c ipcmark -f -a '(__ipcmark)'
complete -c ipcmark -F -n __ipcmark_is_file
