#!/bin/sh
# libraries.sh CC AR WORK - makes in WORK/root what ipcmark and its tests need of a machine for
# which no packages are installed, as static libraries and .pc files: jansson from its source in
# Debian, xxHash, which is all in its header, and the stand-in for Criterion.
set -eu
CC=$1 AR=$2 work=$3
here=$(cd "$(dirname "$0")" && pwd)
jansson=2.14
jansson_url=http://deb.debian.org/debian/pool/main/j/jansson/jansson_$jansson.orig.tar.gz
jansson_sha256=c739578bf6b764aa0752db9a2fdadcfe921c78f1228c7ec0bb47fa804c55d17b
root=$work/root
tarball=$work/../jansson.tar.gz
mkdir -p "$root/include" "$root/lib/pkgconfig" "$work/objects"

# What apt fetches, it fetches as it fetches packages: by the proxy and the mirror of the machine.
if ! echo "$jansson_sha256  $tarball" | sha256sum --check --status 2>/dev/null; then
    /usr/lib/apt/apt-helper download-file "$jansson_url" "$tarball" "SHA256:$jansson_sha256" \
        >"$work/download.log" 2>&1 || { tail -n 3 "$work/download.log" && exit 1; }
fi
tar -xzf "$tarball" -C "$work"
cp "$work/jansson-$jansson/src/jansson.h" /usr/include/xxhash.h "$root/include"
cp "$(find /usr/include -name jansson_config.h | head -n 1)" "$root/include"

# compile NAME SOURCE [FLAG...]
compile() {
    name=$1 source=$2
    shift 2
    # shellcheck disable=SC2086 # a list of words
    $CC -O1 -w -D_GNU_SOURCE -I"$root/include" "$@" -c "$source" -o "$work/objects/$name.o"
}

# library NAME PACKAGE VERSION [CFLAG]: of the objects that were made last.
library() {
    rm -f "$root/lib/lib$1.a"
    "$AR" rcs "$root/lib/lib$1.a" "$work/objects"/*.o
    rm "$work/objects"/*.o
    cat >"$root/lib/pkgconfig/$2.pc" <<PC
Name: $2
Description: $2
Version: $3
Cflags: -I$root/include ${4:-}
Libs: -L$root/lib -l$1
PC
}

: >"$work/jansson-$jansson/src/jansson_private_config.h"
for source in "$work/jansson-$jansson/src"/*.c; do
    compile "$(basename "$source" .c)" "$source" -DHAVE_STDINT_H -DHAVE_UNISTD_H \
        -DHAVE_SYS_TYPES_H -DHAVE_FCNTL_H -DHAVE_SYS_TIME_H -DHAVE_GETPID \
        -DHAVE_GETTIMEOFDAY -DHAVE_OPEN -DHAVE_READ -DHAVE_CLOSE -DHAVE_SCHED_YIELD \
        -DHAVE_ATOMIC_BUILTINS -DHAVE_LOCALECONV -DUSE_URANDOM
done
library jansson jansson "$jansson"

printf '#define XXH_STATIC_LINKING_ONLY\n#define XXH_IMPLEMENTATION\n#include <xxhash.h>\n' \
    >"$work/xxhash.c"
compile xxhash "$work/xxhash.c"
library xxhash libxxhash 0.8

compile standin "$here/criterion/standin.c"
library criterion criterion 2.4 "-I$here"

# Headers of the kernel, which a libc that is no part of the system's (musl) has not.
if ! echo '#include <linux/futex.h>' | $CC -E -x c - >/dev/null 2>&1; then
    ln -sfn /usr/include/linux /usr/include/asm-generic "$root/include"
    ln -sfn "/usr/include/$(uname -m)-linux-gnu/asm" "$root/include/asm"
fi
