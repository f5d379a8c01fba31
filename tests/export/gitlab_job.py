"""gitlab_job.py - runs a pipeline of GitLab CI: the lines of its scripts in a sandbox, rules,
artifacts and cache as far as they are in use. For the tests beside it."""

import os
import re
import shutil

import sandbox

SHELLS = (("sh", "-e"), ("bash", "-e", "-o", "pipefail"))
GLOBAL = ("stages", "variables", "workflow", "default")


class Broken(Exception):
    """What was to be kept is not there."""


def lines(script):
    """A script as the runner has it: all lines in one shell."""
    return "\n".join(script) + "\n"


def holds(rule, known):
    """Whether the 'if' of a rule does."""
    python = re.sub(r"\$(\w+)", lambda found: repr(known.get(found[1])), rule)
    return eval(python.replace("&&", " and "), {"__builtins__": {}})  # pylint: disable=eval-used


def chosen(rules, known):
    """The variables of the first rule that holds; None when none does."""
    return next((rule.get("variables", {}) for rule in rules if holds(rule["if"], known)), None)


def expand(text, known):
    return re.sub(r"\$(\w+)", lambda found: str(known.get(found[1], "")), text)


class Pipeline:
    """Runs one pipeline after another; caches stay."""

    def __init__(self, document, box):
        self.document, self.box = document, box
        self.caches, self.count = {}, 0

    def history(self):
        return sum(len(os.listdir(folder)) for folder in self.caches.values())

    def jobs(self):
        """(title, job) in the order of stages."""
        found = [pair for pair in self.document.items() if pair[0] not in GLOBAL]
        return sorted(found, key=lambda pair: self.document["stages"].index(pair[1]["stage"]))

    def event(self, name, env):
        """Runs what a 'push' to the default branch or a 'merge_request_event' starts."""
        self.count += 1
        self.folder = self.box.path(f"gitlab-{self.count}")
        self.kept, self.said, self.reports = f"{self.folder}/kept", "", set()
        os.makedirs(self.kept)
        known = {**self.document["variables"], "CI_PIPELINE_SOURCE": name, "CI_RUNNER_ID": "12",
                 "CI_DEFAULT_BRANCH": "main", "CI_API_V4_URL": "https://gitlab/api/v4",
                 "CI_PROJECT_ID": "3", "CI_MERGE_REQUEST_DIFF_BASE_SHA": "0" * 40}
        known.update({"CI_COMMIT_BRANCH": "main"} if name == "push" else
                     {"CI_MERGE_REQUEST_IID": "7"})
        known.update(env)
        known.update(chosen(self.document["workflow"]["rules"], known))
        done, failed = {}, None
        for title, job in self.jobs():
            wanted = chosen(job["rules"], known) if "rules" in job else {}
            if wanted is not None and failed in (None, job["stage"]):
                done[title] = self.job(title, job, {**known, **wanted})
                failed = failed if done[title] else job["stage"]
        return done

    def job(self, title, job, known):
        workspace = f"{self.folder}/{title}"
        shutil.copytree(self.kept, workspace)
        if title == "measure":
            sandbox.write(f"{workspace}/build/ipcmark", sandbox.IPCMARK, 0o755)
        cache = job.get("cache")
        key = cache and expand(cache["key"], known)
        policy = cache and expand(cache["policy"], known)
        if cache and policy.startswith("pull") and key in self.caches:
            shutil.copytree(self.caches[key], os.path.join(workspace, cache["paths"][0]))
        status = self.box.run(SHELLS[self.count % 2], lines(job["script"]), workspace, known)
        self.said += self.box.said
        self.keep(job.get("artifacts", {}), workspace, status == 0)
        if cache and policy.endswith("push") and status == 0:
            self.caches[key] = shutil.copytree(os.path.join(workspace, cache["paths"][0]),
                                               self.box.path(f"kept-{self.count}"))
        return status == 0

    def keep(self, artifacts, workspace, passed):
        if not passed and artifacts.get("when") != "always":
            return
        for name in [*artifacts.get("paths", []), *artifacts.get("reports", {}).values()]:
            source, target = os.path.join(workspace, name), os.path.join(self.kept, name)
            if not os.path.exists(source):
                raise Broken(f"there is no {name}")
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if os.path.isdir(source):
                shutil.copytree(source, target, dirs_exist_ok=True)
            else:
                shutil.copy(source, target)
