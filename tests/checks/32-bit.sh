#!/bin/sh
# 32-bit.sh SOURCE GENERATED WORK - on a machine of 32 bits nothing overflows: every file compiles
# without a warning of conversions, and messages go through the rings, which compute sizes of
# memory.
cd "$1" && mkdir -p "$3" || exit 1
flags="-m32 -std=c17 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wconversion -Werror -I. -Isrc -I$2"
echo 'int main(void) { return 0; }' >"$3/none.c"
if ! gcc -m32 "$3/none.c" -o "$3/none" 2>/dev/null || ! "$3/none"; then
    echo "skipped: gcc makes no 32-bit program here: 'apt-get install gcc-multilib'"
    exit 77
fi
# shellcheck disable=SC2046,SC2086 # lists of words
gcc $flags -DIPM_VERSION='""' -DIPM_BUILD_TYPE='""' -DIPM_SANITIZERS='""' -fsyntax-only \
    $(find src transports reports -name '*.c' ! -path '*/example/*') &&
    gcc $flags -O1 tests/checks/32-bit.c transports/memory/shm*.c \
        transports/common/fd.c src/base/err.c src/base/facts.c src/base/utf8.c -o "$3/rings" &&
    "$3/rings"
