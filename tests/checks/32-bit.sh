#!/bin/sh
# 32-bit.sh SOURCE GENERATED WORK - on a machine of 32 bits nothing overflows: every file compiles
# without a warning of conversions, and messages go through the rings, which compute sizes of
# memory.
cd "$1" && mkdir -p "$3" || exit 1
# The cross compiler, unlike gcc-multilib, lives beside those of other machines.
compiler=$(command -v i686-linux-gnu-gcc || echo "gcc -m32")
flags="-std=c17 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wconversion -Werror -I. -Isrc -I$2"
printf '#include <errno.h>\nint main(void) { return errno; }\n' >"$3/none.c"
if ! $compiler -static "$3/none.c" -o "$3/none" 2>/dev/null || ! "$3/none"; then
    echo "skipped: gcc makes no 32-bit program here: 'apt-get install gcc-i686-linux-gnu'"
    exit 77
fi
# shellcheck disable=SC2046,SC2086 # lists of words
for folder in $(find src transports reports -name '*.c' -printf '%h\n' | sort -u); do
    case $folder in */example | */plugins) continue ;; esac
    find "$folder" -maxdepth 1 -name '*.c' ! -name plugins_none.c -printf '#include "%p"\n' |
        $compiler $flags -DIPM_VERSION='""' -DIPM_BUILD_TYPE='""' -DIPM_SANITIZERS='""' \
            -fsyntax-only -xc - || exit 1
done
$compiler -static $flags -O1 tests/checks/32-bit.c transports/memory/shm*.c \
    transports/common/fd.c src/base/err.c src/base/facts.c src/base/utf8.c -o "$3/rings" &&
    "$3/rings"
