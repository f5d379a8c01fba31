# Writes CHANGELOG.md as a changelog of Debian, deb-changelog(5). The variables: maintainer, and
# time, the seconds since 1970 of each version.
function put(text, mark,    count, words, i, line) {
    count = split(text, words, " ")
    line = mark
    for (i = 1; i <= count; i++) {
        if (i > 1 && length(line " " words[i]) > 78) {
            print line
            line = "   "
        }
        line = line " " words[i]
    }
    if (count > 0)
        print line
}

function finish() {
    put(item, "  *")
    item = ""
}

function close_version(    command, date) {
    finish()
    if (version == "")
        return
    command = "LC_ALL=C date -u -R -d @" time
    command | getline date
    close(command)
    print "\n -- " maintainer "  " date "\n"
}

/^## / {
    close_version()
    version = $2
    print "ipcmark (" version ") unstable; urgency=medium\n"
    next
}
/^- / {
    finish()
    item = substr($0, 3)
    next
}
/^  / { item = item " " $0 }
END { close_version() }
