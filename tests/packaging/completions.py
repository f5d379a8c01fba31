"""completions.py SHELL SCRIPT REPORT.json - types command lines into an interactive shell that has
the script SCRIPT, with tabs, and compares what the shell made of them. In the place of ipcmark there
is a function that prints its arguments. Prints one line a violation; exit status 1 when there is
one, 77 and the reason where the shell is missing."""

import os
import pty
import re
import select
import shutil
import signal
import sys
import tempfile
import time

PATIENCE_S = 60
LEFT = "\x02"

# What is typed, and the arguments that ipcmark gets. A tab is followed by a space where one
# shell writes it and another does not.
CASES = [
    ("ru\t", "run"),
    ("--vers\t", "--version"),
    ("run --patt\tping\t", "run --pattern ping-pong"),
    ("run -p dup\t", "run -p duplex"),
    ("run -p stream,ping\t", "run -p stream,ping-pong"),
    ("run --pattern=dup\t", "run --pattern=duplex"),
    ("run --io=sync,uri\t", "run --io=sync,uring"),
    ("run pipe-p\t sysv\t", "run pipe-pair sysv-mq"),
    ("run --spi\tsysv\t", "run --spin sysv-mq"),
    ("run --pin spl\t", "run --pin split"),
    ("run --color alw\t", "run --color always"),
    ("run -e juni\tx", "run -e junit=x"),
    ("run -e junit=bas\t", "run -e junit=base.json"),
    ("run --json bas\t", "run --json base.json"),
    ("report -f mark\tbas\t", "report -f markdown base.json"),
    ("report base.json --explain stream/pipe/4096/pin=s\t",
     "report base.json --explain stream/pipe/4096/pin=same"),
    ("compare --met\tloss\t bas\t", "compare --metric loss base.json"),
    ("help comp\t", "help compare"),
    ("list patt\t", "list patterns"),
    ("ab --b x -- --patt\tconn\t", "ab --b x -- --pattern connect"),
    ("gate --binary-base x -- --patt\tconn\t", "gate --binary-base x -- --pattern connect"),
    ("run --siz\t64", "run --size 64"),
    ("run --wait block,hyb\t", "run --wait block,hybrid"),
    ("run --rate 1k,swe\t", "run --rate 1k,sweep"),
    ("run --arr\tpoi\t", "run --arrivals poisson"),
    ("run --targ\tp50\t1ms", "run --target p50=1ms"),
    ("run --lab\tcom\tabc", "run --label commit=abc"),
    ("run --recv-s\tmes\t", "run --recv-size message"),
    ("run --count\tcyc\t", "run --counters cycles"),
    ("gate --budg\t2m", "gate --budget 2m"),
    ("gate --status bis\t", "gate --status bisect"),
    ("gate --fail-\tund\t", "gate --fail-on undecided"),
    ("gate -m cpus\t", "gate -m cpus-busy"),
    ("cou\t", "count"),
    ("count --kernel-\tbas\t", "count --kernel-b base.json"),
    ("count --append-b x -- --patt\tconn\t", "count --append-b x -- --pattern connect"),
    ("choose --needs reli\t", "choose --needs reliable"),
    ("report --me\t--by hos\t", "report --merge --by hostname"),
    ("run --wait hybrid:20us,po\t", "run --wait hybrid:20us,poll"),
    ("run --pin=0:1,spl\t", "run --pin=0:1,split"),
    ("run --json=bas\t", "run --json=base.json"),
    ("run --export=junit=bas\t", "run --export=junit=base.json"),
    ("run --plugin=bas\t tcp6", "run --plugin=base.json tcp6"),
    ("compare my\\ rep\t", "compare my report.json"),
    ("compare 'my rep\t", "compare my report.json"),
    ("compare ~/bas\t", "compare {folder}/base.json"),
    ("compare $HOME/bas\t", "compare {folder}/base.json"),
    ("gate --baseline-dir=hist\tx", "gate --baseline-dir=history/x"),
    ("report my\\ report.json --explain stream/pipe/4096/pin=s\t",
     "report my report.json --explain stream/pipe/4096/pin=same"),
    ("report ~/base.json --explain=stream/pipe/4096/pin=s\t",
     "report {folder}/base.json --explain=stream/pipe/4096/pin=same"),
    ("report --explain stream/pipe/4096/pin=s base.json" + 10 * LEFT + "\t",
     "report --explain stream/pipe/4096/pin=same base.json"),
]

# Begins a shell that prints "ready" and each line of arguments between marks.
BEGIN = {
    "bash": ("bash --norc --noprofile -i",
             "PS1=; PS2=; bind 'set enable-bracketed-paste off'; . {script}\n"
             "ipcmark() {{ printf '<''<%s>>\\n' \"$*\"; }}\n"),
    "zsh": ("zsh -f -i",
            "PS1=; PS2=; unsetopt zle_bracketed_paste 2>/dev/null; fpath=({folder} $fpath); "
            "autoload -Uz compinit; compinit -D -u\n"
            "ipcmark() {{ printf '<''<%s>>\\n' \"$*\" }}\n"),
    "fish": ("fish --no-config -i",
             "function fish_prompt; end; source {script}\n"
             "function ipcmark; printf '<''<%s>>\\n' \"$argv\"; end\n"),
}


class Shell:
    def __init__(self, name, script, folder):
        command, begin = BEGIN[name]
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            env = {"PATH": os.environ["PATH"], "HOME": folder, "TERM": "dumb",
                   "LC_ALL": "C.UTF-8"}
            os.execvpe(command.split()[0], command.split(), env)
        self.text = ""
        self.write(begin.format(script=script, folder=folder))
        self.ask("ready", 1)

    def write(self, text):
        os.write(self.terminal, text.encode())

    def ask(self, line, count=1):
        """Types "ipcmark " and the line; returns the arguments that ipcmark got."""
        seen = len(re.findall("<<.*?>>", self.text))
        self.write(f"ipcmark {line}\n")
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if select.select([self.terminal], [], [], 0.2)[0]:
                try:
                    self.text += os.read(self.terminal, 65536).decode(errors="replace")
                except OSError:
                    break
            found = re.findall("<<(.*?)>>", self.text)
            if len(found) >= seen + count:
                return " ".join(found[-1].split())
        raise SystemExit(f"no answer to {line!r}; the terminal shows:\n{self.text[-2000:]}")

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)


def main():
    name, script, report = sys.argv[1:]
    if shutil.which(name) is None:
        print(f"skipped: {name}: not installed")
        return 77
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for copy in ("base.json", "my report.json"):
            shutil.copy(report, os.path.join(folder, copy))
        os.mkdir(os.path.join(folder, "history"))
        shutil.copy(script, os.path.join(folder, "_ipcmark"))
        shell = Shell(name, script, folder)
        for typed, wanted in CASES:
            if name == "fish" and LEFT in typed: # it tells nothing of what is after the cursor
                continue
            got = shell.ask(typed)
            wanted = wanted.format(folder=folder)
            if got != wanted:
                print(f"{name}: {typed!r} became {got!r}, wanted {wanted!r}")
                bad += 1
        shell.close()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
