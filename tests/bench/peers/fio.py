"""fio.py - fio's engine for sockets, as it is and with MSG_WAITALL.

Its own figures are not to be trusted where a receive is short: a reader's bytes leave out the
first part of a message that came in two (its throughput is too low, over TCP at 1 MiB by
twelve times), and with --pingpong a part of a message counts as the whole and is answered, so
that the two ends get out of step and both stream. So what is read here is how many messages
came whole, and a round trip is one only when none was short at either end."""

import errno
import json
import os
import signal
import subprocess
import tempfile
import time

from common import (DURATION_S, ENDS, Failed, Peer, Unequal, await_listener, await_path,
                    background, free_port, output, pinned)

READER_S = DURATION_S + 2
WHOLE_LEAST = 16384  # from here on a message may come in parts
PIPELINE_MOST = 64 * 2**20  # what the kernel may hold of a stream when its reader ends


class Fio(Peer):
    """Two processes, the reader listens. With --size above that of a message it sends with
    MSG_MORE, which others do not. Its reader of UDP does not end."""

    program = "fio"
    tells_mean = True
    preloaded = None

    def runs(self, measure, transport, size, pin):
        return transport in ("tcp", "unix")

    def environment(self):
        return {**os.environ, "LD_PRELOAD": self.preloaded} if self.preloaded else None

    def words(self, measure, transport, size):
        """Of both. The reader may take longer: one that ends first breaks the writer's pipe."""
        total = size if measure == "throughput" else "1t"
        return ["fio", "--ioengine=net", f"--protocol={transport}", f"--bs={size}",
                "--time_based", f"--size={total}", "--output-format=json", "--thread",
                *(["--pingpong=1"] if measure == "round trip" else [])]

    def run(self, measure, transport, size, pin):
        with tempfile.TemporaryDirectory(prefix="ipcmark-peers-") as folder:
            texts = self.run_in(folder, measure, transport, size, pin)
        writer, reader = (fio_job(text) for text in texts)
        if not writer or not reader and self.must_tell(measure, size):
            check_short(writer)
            raise Failed("fio: killed before it told its counts")
        check_error(writer, transport)
        return (trip_figure if measure == "round trip" else rate_figure)(writer, reader, size)

    def must_tell(self, measure, size):
        """Whether the reader's counts are needed: not where no message can come in parts."""
        return measure == "throughput" or size >= WHOLE_LEAST and not self.preloaded

    def run_in(self, folder, measure, transport, size, pin):
        """What the writer and the reader print. Over a Unix socket the writer connects twice,
        which fails the second time: status 1."""
        (sender, receiver), port = ENDS[pin], free_port()
        common = self.words(measure, transport, size)
        near, far = ([f"--filename={folder}/s"],) * 2 if transport == "unix" else (
            ["--listen", f"--port={port}"], ["--hostname=127.0.0.1", f"--port={port}"])
        more = {"env": self.environment()}
        with background(pinned(receiver, *common, f"--runtime={READER_S}", "--name=r",
                               "--rw=read", *near),
                        stdout=subprocess.PIPE, text=True, **more) as server:
            if transport == "unix":
                await_path(f"{folder}/s", server)
            else:
                await_listener("tcp", port, server)
            time.sleep(0.1)  # it is bound, and listens soon
            written = output(pinned(sender, *common, f"--runtime={DURATION_S}", "--name=w",
                                    "--rw=write", *far),
                             statuses=(0, 1), **more)
            return written, self.end(server)

    def end(self, server):
        """What the reader prints; one that does not see the end does so when interrupted."""
        for patience_s in (0.5, 5):
            try:
                return server.communicate(timeout=patience_s)[0]
            except subprocess.TimeoutExpired:
                server.send_signal(signal.SIGINT)
        raise Failed("fio: the reader does not end")


class FioWhole(Fio):
    """The same with a library that has every receive wait for the whole message. Smaller ones
    come whole anyway."""

    name = "fio, whole"

    def installed(self):
        return super().installed() and os.path.exists(self.preloaded or "")

    def runs(self, measure, transport, size, pin):
        return (measure == "round trip" and size >= WHOLE_LEAST and
                super().runs(measure, transport, size, pin))


def fio_job(text):
    """None of one that an answer killed which nobody was there to take: it prints nothing."""
    return json.loads(text[text.index("{"):])["jobs"][0] if "{" in text else None


def check_error(writer, transport):
    allowed = (0, errno.EISCONN) if transport == "unix" else (0,)
    if writer["error"] not in allowed:
        raise Failed(f"fio: {os.strerror(writer['error'])}")


def rate_figure(writer, reader, size):
    """Bytes of the messages that came whole, which must be all that were written but for what
    was under way at the end."""
    read, wrote = reader["read"], writer["write"]["io_bytes"]
    came = (read["total_ios"] - read["short_ios"]) * size
    if not came:
        raise Failed("fio: nothing came")
    if not -size <= wrote - came <= PIPELINE_MOST:  # the end may count for a message
        raise Unequal(f"fio wrote {wrote} bytes and read {came}")
    return min(came, wrote) * 1e3 / writer["write"]["runtime"]


def check_short(writer, reader=None):
    short = writer["write"]["short_ios"] if writer else 0
    short += reader["read"]["short_ios"] if reader else 0
    if short:
        raise Unequal(f"fio took a part of a message for the whole {short} times in "
                      f"{writer['write']['total_ios']}: both ends stream, out of step")


def trip_figure(writer, reader, size):
    asked = writer["write"]
    if not asked["total_ios"]:
        raise Failed(f"fio: error {writer['error']}")
    check_short(writer, reader)
    if asked["io_bytes"] != asked["total_ios"] * size:
        raise Unequal(f"fio moved {asked['io_bytes']} bytes in {asked['total_ios']} trips")
    return asked["runtime"] * 1e6 / asked["total_ios"]
