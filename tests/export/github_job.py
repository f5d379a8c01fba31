"""github_job.py - runs a workflow of GitHub Actions: its shell lines in a sandbox, its actions
played by the few lines that matter here. For the tests beside it."""

import json
import os
import re
import shutil
import subprocess

import sandbox

SHELL = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail")

# What each action takes, by its action.yml or README.
INPUTS = {
    "actions/checkout": {"repository", "ref", "path", "token", "fetch-depth"},
    "actions/cache/restore": {"path", "key", "restore-keys", "fail-on-cache-miss"},
    "actions/cache/save": {"path", "key"},
    "actions/upload-artifact": {"name", "path", "if-no-files-found", "retention-days"},
    "actions/download-artifact": {"name", "path"},
    "actions/upload-pages-artifact": {"name", "path", "retention-days"},
    "actions/deploy-pages": {"token", "timeout"},
    "benchmark-action/github-action-benchmark": {
        "name", "tool", "output-file-path", "gh-pages-branch", "benchmark-data-dir-path",
        "github-token", "auto-push", "alert-threshold", "comment-on-alert", "fail-on-alert"},
}


class Broken(Exception):
    """An action would have failed, or found nothing."""


def git(*arguments, cwd):
    who = ("-c", "user.name=test", "-c", "user.email=test@localhost", "-c",
           "init.defaultBranch=main")
    subprocess.run(["git", *who, *arguments], cwd=cwd, check=True, timeout=60,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Workflow:
    """Runs one event after another; caches and the repository stay."""

    def __init__(self, document, box):
        self.document, self.box = document, box
        self.caches, self.count = {}, 0
        self.remote = box.path("remote.git")
        os.makedirs(self.remote)
        if shutil.which("git"):
            git("init", "-q", "--bare", cwd=self.remote)
            seed = box.path("seed")
            sandbox.write(f"{seed}/README", "a project\n")
            git("init", "-q", cwd=seed)
            git("add", ".", cwd=seed)
            git("commit", "-q", "-m", "first", cwd=seed)
            git("push", "-q", self.remote, "HEAD:refs/heads/main", cwd=seed)

    def history(self):
        """How many reports the newest cache holds."""
        return len(os.listdir(list(self.caches.values())[-1])) if self.caches else 0

    # --- one event ---------------------------------------------------------------------

    def event(self, name, env):
        """Runs the jobs of 'push' (to main) or 'pull_request'; {job: whether it passed}."""
        self.count += 1
        self.folder = self.box.path(f"github-{self.count}")
        self.artifacts, self.site, self.saved, self.said = {}, None, False, ""
        self.summary = sandbox.write(f"{self.folder}/summary.md", "")
        number = {"number": 7, "base": {"sha": "HEAD"}} if name == "pull_request" else {}
        self.known = {
            "github": {"event_name": name, "run_id": self.count, "run_attempt": 1,
                       "ref": "refs/heads/main" if name == "push" else "refs/pull/7/merge",
                       "repository": "me/project", "token": "secret",
                       "event": {"pull_request": number}},
            "secrets": {"GITHUB_TOKEN": "secret"}}
        done = {}
        for title, job in self.document["jobs"].items():
            if done.get(job.get("needs"), "needs" not in job) and self.value(
                    job.get("if", "true"), {}, self.folder):
                done[title] = self.job(title, job, env)
        return done

    def job(self, title, job, env):
        self.workspace = f"{self.folder}/{title}"
        sandbox.write(f"{self.workspace}/build/ipcmark", sandbox.IPCMARK, 0o755)
        # What a run before left, where nobody cleans.
        sandbox.write(f"{self.workspace}/history/0.json", "of a run that was broken off")
        sandbox.write(f"{self.workspace}/comment.md", "of another change: regressed")
        fine = True
        for step in job["steps"]:
            values = {**self.document.get("env", {}), **env}
            own = {key: self.filled(text, values) for key, text in step.get("env", {}).items()}
            asked = step.get("if", "success()")
            if not (fine or "always()" in asked):
                continue
            if self.value(asked, values, self.workspace):
                fine = self.step(step, {**values, **own}) and fine
        return fine

    def step(self, step, values):
        if "run" not in step:
            name = step["uses"].partition("@")[0]
            given = {key: self.filled(text, values) if isinstance(text, str) else text
                     for key, text in step.get("with", {}).items()}
            ACTIONS[name](self, given)
            return True
        real = ("git",) if os.path.isdir(f"{self.workspace}/.git") else ()
        status = self.box.run(SHELL, step["run"], self.workspace, {
            **values, "GITHUB_STEP_SUMMARY": self.summary,
            "GITHUB_REF": self.known["github"]["ref"]}, real)
        self.said += self.box.said
        return status == 0

    # --- expressions -------------------------------------------------------------------

    def value(self, text, env, folder):
        """The value of an expression of the few kinds that are in use."""
        def known(found):
            at = {**self.known, "env": env}
            for word in found[0].split("."):
                at = at.get(word, "") if isinstance(at, dict) else ""
            return repr(at)
        python = re.sub(r"\b(?:github|env|secrets)(?:\.\w+)+", known, text)
        python = python.replace("&&", " and ").replace("||", " or ")
        return eval(python, {"__builtins__": {}}, {  # pylint: disable=eval-used
            "always": lambda: True, "success": lambda: True, "true": True,
            "hashFiles": lambda name: "x" * os.path.exists(os.path.join(folder, name))})

    def filled(self, text, env):
        return re.sub(r"\$\{\{ (.*?) \}\}",
                      lambda found: str(self.value(found[1], env, self.workspace)), text)

    # --- actions -----------------------------------------------------------------------

    def at(self, name):
        return os.path.join(self.workspace, name)

    def need(self, name):
        if not os.path.exists(self.at(name)):
            raise Broken(f"there is no {name}")
        return self.at(name)

    def checkout(self, given):
        os.makedirs(self.at(given.get("path", ".")), exist_ok=True)
        if "path" not in given:
            shutil.rmtree(self.workspace)
            git("clone", "-q", "--branch", "main", self.remote, self.workspace, cwd=self.folder)

    def restore(self, given):
        for key in reversed(self.caches):
            if key.startswith(given["restore-keys"].strip()):
                shutil.copytree(self.caches[key], self.at(given["path"]), dirs_exist_ok=True)
                return

    def save(self, given):
        if given["key"] in self.caches:
            raise Broken("a cache is never written again")
        self.saved = True
        self.caches[given["key"]] = shutil.copytree(
            self.need(given["path"]), self.box.path(f"cache-{self.count}"))

    def upload(self, given):
        folder = f"{self.folder}/artifact-{given['name']}"
        for name in given["path"].split():
            copy = shutil.copytree if os.path.isdir(self.need(name)) else shutil.copy
            os.makedirs(folder, exist_ok=True)
            copy(self.at(name), os.path.join(folder, name))
        self.artifacts[given["name"]] = folder

    def download(self, given):
        shutil.copytree(self.artifacts[given["name"]], self.at(given["path"]))

    def charts(self, given):
        """As the action does: fetches the branch, commits to it, pushes it, goes back."""
        with open(self.need(given["output-file-path"]), encoding="utf-8") as file:
            if not all("value" in entry for entry in json.load(file)):
                raise Broken("no chart comes of this")
        branch = given["gh-pages-branch"]
        git("fetch", "-q", "origin", f"{branch}:{branch}", cwd=self.workspace)
        git("switch", "-q", branch, cwd=self.workspace)
        data = self.at(given["benchmark-data-dir-path"])
        for name in ("data.js", "index.html"):
            sandbox.write(f"{data}/{name}", f"{given['name']} {self.count}")
        git("add", data, cwd=self.workspace)
        git("commit", "-q", "-m", "add", cwd=self.workspace)
        git("push", "-q", "origin", f"{branch}:{branch}", cwd=self.workspace)
        git("checkout", "-q", "-", cwd=self.workspace)

    def pages(self, given):
        self.need(os.path.join(given["path"], "index.html"))
        self.site = self.at(given["path"])


ACTIONS = {
    "actions/checkout": Workflow.checkout,
    "actions/cache/restore": Workflow.restore,
    "actions/cache/save": Workflow.save,
    "actions/upload-artifact": Workflow.upload,
    "actions/download-artifact": Workflow.download,
    "actions/upload-pages-artifact": Workflow.pages,
    "actions/deploy-pages": lambda self, given: None,
    "benchmark-action/github-action-benchmark": Workflow.charts,
}
