"""slurm.py IPCMARK - reports/ci/slurm.sh on a real slurmctld and five slurmd of one machine: an
array job measures on each of them, and the merge of the reports names the odd one. Skipped
where there is no Slurm. Prints "N passed, N failed" last.
"""

import ctypes
import getpass
import json
import os
import socket
import subprocess
import sys
import tempfile
import time

import documents
from scrape import free_port, server, wait_for

sys.path.append(os.path.join(documents.ROOT, "tests", "cli"))
import steady  # noqa: E402  pylint: disable=wrong-import-position

PR_SET_CHILD_SUBREAPER = 36
JOB = os.path.join(documents.ROOT, "reports", "ci", "slurm.sh")
NODES, ODD = 5, "n4"
SLURM = ("slurmctld", "slurmd", "sbatch", "squeue", "sinfo")

# One machine that pretends to be several; nothing authenticates, as all of it is on loopback.
CONF = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
AuthType=auth/none
CredType=cred/none
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/linear
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
PartitionName=p Nodes=ALL Default=YES MaxTime=5 State=UP
"""


def run(programs, environment, folder, name, *words):
    return subprocess.run([programs[name], *words], cwd=folder, env=environment, check=True,
                          stdout=subprocess.PIPE, timeout=60, text=True).stdout


def submit(programs, environment, folder):
    """Runs the array job, and waits for its end."""
    def idle():
        words = subprocess.run([programs["sinfo"], "-h", "-t", "idle", "-o", "%D"],
                               env=environment, check=False, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, timeout=20, text=True).stdout
        return words.strip() == str(NODES)
    if not wait_for(idle):
        return "the nodes are not up"
    run(programs, environment, folder, "sbatch", f"--array=1-{NODES}",
        JOB, "-s", "64", "-r", "2", "-d", "1ms", "-w", "0",
        "--pin", "none", "pipe", "null")
    done = wait_for(lambda: run(programs, environment, folder, "squeue", "-h") == "")
    return None if done else "the job does not end"


def check_reports(program, folder):
    """The figures are made steady, and those of one node slow; the merge names it."""
    reports, seen = os.path.join(folder, "reports"), set()
    for name in os.listdir(reports):
        if name.endswith(".json"):
            with open(os.path.join(reports, name), encoding="utf-8") as file:
                report = json.load(file)
            node = report["run"]["labels"]["node"]
            seen.add(node)
            steady.steady(report, 0.5 if node == ODD else 1, 0)
            with open(os.path.join(reports, name), "w", encoding="utf-8") as file:
                json.dump(report, file)
    if seen != {f"n{number}" for number in range(1, NODES + 1)}:
        yield f"reports of {sorted(seen)}"
        return
    done = subprocess.run([program, "report", "--merge", "--by", "node", "-f", "json", reports],
                          check=False, stdout=subprocess.PIPE, timeout=60)
    merge = json.loads(done.stdout)
    odd = [group["name"] for group in merge["groups"] if group["odd_results"] == 2]
    if done.returncode != 0 or odd != [ODD]:
        yield f"the odd one is {odd}: {done.stdout[:2000]}"


def reap():
    """Ends what slurmd left behind, whose parent is this one now."""
    for _ in range(400):
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.05)
        except ChildProcessError:
            return


def check_slurm(program, programs):
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory(prefix="slurm-") as folder:
        ports = [free_port() for _ in range(NODES + 1)]
        os.makedirs(os.path.join(folder, "reports"))
        os.makedirs(os.path.join(folder, "state"))
        host = socket.gethostname()
        conf = os.path.join(folder, "slurm.conf")
        with open(conf, "w", encoding="utf-8") as file:
            file.write(CONF.format(host=host, port=ports[0], user=getpass.getuser(),
                                   folder=folder))
            for number in range(1, NODES + 1):
                file.write(f"NodeName=n{number} NodeHostname={host} NodeAddr=127.0.0.1 "
                           f"Port={ports[number]} CPUs=1\n")
        environment = {**os.environ, "SLURM_CONF": conf, "IPCMARK": program}
        os.environ["SLURM_CONF"] = conf  # of the servers
        nodes = [server(folder, programs["slurmd"], "-D", "-N", f"n{number}")
                 for number in range(1, NODES + 1)]
        with server(folder, programs["slurmctld"], "-D", "-c"), nodes[0], nodes[1], \
                nodes[2], nodes[3], nodes[4]:
            fault = submit(programs, environment, folder)
        reap()
        bad = [fault] if fault else [*check_reports(program, folder)]
        if bad:
            with open(os.path.join(folder, "log"), encoding="utf-8", errors="replace") as log:
                print(log.read()[-3000:])
        return bad


def main():
    programs = dict(zip(SLURM, documents.need(*SLURM)))
    bad = check_slurm(os.path.abspath(sys.argv[1]), programs)
    return documents.conclude(1 - bool(bad), bad)


if __name__ == "__main__":
    sys.exit(main())
