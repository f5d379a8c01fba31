"""jobs.py IPCMARK - the jobs of reports/ci and the lines of reports/README.md: their shape, and what
they do when they run several times in a row: the history grows, a change that is slower fails,
the page is published. Verdicts are on stored reports, so that no machine is too slow or too
noisy for this. Prints "N passed, N failed" last."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import yaml

import documents
import github_job
import gitlab_job
import sandbox

README = os.path.join(documents.ROOT, "reports", "README.md")
CHANGES = {"github": "pull_request", "gitlab": "merge_request_event"}


class Checks:
    """Counts what holds, and keeps the words on what does not."""

    def __init__(self):
        self.passed, self.bad = 0, []

    def expect(self, fine, words):
        self.passed += bool(fine)
        self.bad += [] if fine else [words]


def chapter():
    with open(README, encoding="utf-8") as file:
        return re.search(r"^## In CI\n((?:.*\n)*?)## ", file.read(), re.MULTILINE)[1]


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def is_page(path):
    return os.path.exists(path) and text_of(path).lower().startswith("<!doctype html>")


# --- shape -------------------------------------------------------------------------------

def step_shape(checks, step):
    name = step.get("name") or step.get("uses")
    checks.expect(("run" in step) != ("uses" in step), f"{name}: run and uses, or neither")
    checks.expect(set(step) <= {"name", "id", "if", "env", "run", "uses", "with"},
                  f"{name}: keys {sorted(step)}")
    if "uses" in step:
        action, _, version = step["uses"].partition("@")
        checks.expect(re.fullmatch(r"v\d+", version), f"{name}: no version")
        checks.expect(set(step.get("with", {})) <= github_job.INPUTS.get(action, set()),
                      f"{name}: inputs {sorted(step.get('with', {}))}")


def github_shape(checks, workflow):
    # YAML 1.1 takes 'on' for a boolean; GitHub does not.
    checks.expect(workflow[True] == {"push": {"branches": ["main"]}, "pull_request": None},
                  "another event")
    checks.expect(workflow["permissions"] == {"contents": "read"}, "more than read by default")
    measure, publish = workflow["jobs"]["measure"], workflow["jobs"]["publish"]
    checks.expect(measure["permissions"] == {"contents": "read", "pull-requests": "write"},
                  "a pull request may do more than comment")
    checks.expect(publish["permissions"] == {"contents": "write", "pages": "write",
                                             "id-token": "write"}, "publish: permissions")
    checks.expect(publish["environment"]["name"] == "github-pages", "publish: environment")
    uses = {step.get("uses", "").partition("@")[0]: step.get("with")
            for step in measure["steps"] + publish["steps"]}
    for key in ("path", "key"):
        checks.expect(uses["actions/cache/restore"][key] == uses["actions/cache/save"][key],
                      f"{key} of the cache differs")
    for step in measure["steps"] + publish["steps"]:
        step_shape(checks, step)


def gitlab_shape(checks, pipeline):
    jobs = {title: job for title, job in pipeline.items() if title not in gitlab_job.GLOBAL}
    checks.expect({"measure", "gate", "pages"} <= set(jobs), f"jobs {sorted(jobs)}")
    for title, job in jobs.items():
        checks.expect(job["stage"] in pipeline["stages"], f"{title}: stage")
        checks.expect(all(isinstance(line, str) for line in job["script"]), f"{title}: script")
        checks.expect(set(job) <= {"stage", "rules", "cache", "script", "artifacts"},
                      f"{title}: keys {sorted(job)}")
        checks.expect(set(job["artifacts"]) <= {"when", "expire_in", "paths", "reports"},
                      f"{title}: artifacts")
    checks.expect(jobs["gate"]["cache"]["unprotect"] is True, "gate: no history in a change")


def check_lint(checks, github, gitlab, snippets):
    """What shellcheck says of the lines, each in the shell that it is for."""
    if shutil.which("shellcheck") is None:
        print("skipped: there is no shellcheck here")
        return
    steps = [step for job in github["jobs"].values() for step in job["steps"] if "run" in step]
    scripts = [("bash", step["name"], step["run"]) for step in steps]
    scripts += [("sh", title, gitlab_job.lines(job["script"])) for title, job in gitlab.items()
                if title not in gitlab_job.GLOBAL]
    scripts += [("sh", "snippet", snippet) for snippet in snippets]
    for shell, name, script in scripts:
        done = subprocess.run(["shellcheck", "-s", shell, "-S", "style", "-"], timeout=60,
                              input=script.encode(), stdout=subprocess.PIPE)
        checks.expect(done.returncode == 0, f"{name}: {done.stdout.decode()}")


# --- what both do ------------------------------------------------------------------------

def run_story(checks, title, system, box, after):
    """What happens to a project, one event after another: whether all its jobs pass, and how
    many reports the history holds then."""
    change = CHANGES[title]
    alike, slow = box.side("a", 1), box.side("b", 2)
    number = iter(range(1000))

    def stored(factor=1.0):
        return {"STORED": box.stored(next(number), factor)}
    story = (
        ("first", "push", stored(), True, 1),
        ("second", "push", stored(), True, 2),
        ("a change that is none", change, stored(), True, 2),
        ("a change that is slower", change, stored(2), False, 2),
        ("no comment is taken", change, {**stored(), "REFUSE": "^(gh|curl) "}, True, 2),
        ("slower on main", "push", stored(2), False, 2),
        ("third", "push", stored(), True, 3),
        ("side by side, none", change,
         {**stored(), "BEFORE": alike, "AFTER": f"env A=1 {alike}"}, True, 3),
        ("side by side, slower", change, {**stored(), "BEFORE": alike, "AFTER": slow}, False, 3),
    )
    for name, event, env, passes, kept in story:
        box.called()
        done = system.event(event, {**env, "COMMENT_TOKEN": "t"})
        where = f"{title}, {name}"
        checks.expect(all(done.values()) == passes, f"{where}: {done}\n{system.said[-3000:]}")
        checks.expect(system.history() == kept, f"{where}: history {system.history()}")
        after(checks, where, system, event == change, passes)


def check_comment(checks, where, text, junit, passes):
    """What a gate leaves, whether it let pass or not."""
    checks.expect(("regressed" in text) == (not passes),
                  f"{where}: the comment is {text[:500]!r}")
    checks.expect(ElementTree.parse(junit).getroot().tag == "testsuites", f"{where}: {junit}")


def check_pruned(checks, title, system, box):
    """A long history keeps the last of it."""
    if not system.caches:
        checks.expect(False, f"{title}: nothing was ever kept")
        return
    folder = list(system.caches.values())[-1]
    for number in range(100, 140):
        shutil.copy(box.stored(number), folder)
    done = system.event("push", {"STORED": box.stored(999)})
    names = os.listdir(list(system.caches.values())[-1])
    checks.expect(all(done.values()) and len(names) == 30 and any(
        name.startswith("20260101T1639") for name in names), f"{title}: kept {sorted(names)}")


# --- GitHub ------------------------------------------------------------------------------

def github_after(checks, where, system, change, passes):
    work = f"{system.folder}/measure"
    comment = text_of(f"{work}/comment.md")
    check_comment(checks, where, comment, f"{work}/comparison.xml", passes)
    summary = text_of(system.summary)
    checks.expect("| case |" in summary and comment.split("\n")[0] in summary,
                  f"{where}: the summary is {summary[:500]!r}")
    called = system.box.called()
    saves = any("--save" in line for line in called)
    checks.expect(saves != change, f"{where}: saves: {saves}")
    checks.expect(system.saved == (not change and passes), f"{where}: cache: {system.saved}")
    calls = [line for line in called if line.startswith("gh ")]
    wanted = ["gh pr comment 7 --edit-last --body-file comment.md"] if change else []
    if "taken" in where:
        wanted.append("gh pr comment 7 --body-file comment.md")
        checks.expect("::notice::" in system.said, f"{where}: nothing is said of it")
    checks.expect(calls == wanted, f"{where}: {calls}")
    checks.expect((system.site is not None) == (not change and passes),
                  f"{where}: published {system.site}")
    checks.expect(is_page(f"{work}/public/ab.html") == ("side by side" in where),
                  f"{where}: pages {os.listdir(f'{work}/public')}")
    if system.site:
        checks.expect(is_page(f"{system.site}/comparison.html"), f"{where}: no comparison")
        checks.expect(is_page(f"{system.site}/history.html"), f"{where}: no history")
        page = text_of(f"{system.site}/index.html")
        data = text_of(f"{system.site}/charts/data.js")
        checks.expect("<svg" in page, f"{where}: no page")
        checks.expect(data == f"IPC cost {system.count}", f"{where}: charts {data}")


# --- GitLab ------------------------------------------------------------------------------

def gitlab_after(checks, where, system, change, passes):
    side = os.path.exists(f"{system.folder}/side-by-side")
    comment = text_of(f"{system.folder}/gate/comment.md")
    text = text_of(f"{system.folder}/side-by-side/ab.md") if side else comment
    check_comment(checks, where, text, f"{system.folder}/gate/comparison.xml", passes)
    checks.expect(side == ("side by side" in where), f"{where}: the wrong gate")
    calls = [line for line in system.box.called() if line.startswith("curl ")]
    checks.expect(len(calls) == change, f"{where}: {calls}")
    checks.expect(all(line.endswith("body@comment.md https://gitlab/api/v4/projects/3/"
                                    "merge_requests/7/notes") for line in calls),
                  f"{where}: {calls}")
    for name in ("index", "comparison", "history"):
        published = is_page(f"{system.folder}/pages/public/{name}.html")
        checks.expect(published == (not change and passes), f"{where}: {name}.html")


# --- anywhere else -----------------------------------------------------------------------

def check_snippet(checks, snippet, box):
    """The lines for any other system, three times in one folder."""
    folder = box.path("elsewhere")
    os.makedirs(folder)
    for number, factor, wanted, kept in ((0, 1, 0, 1), (1, 1, 0, 2), (2, 2, 1, 2)):
        status = box.run(("sh", "-e"), snippet, folder, {"STORED": box.stored(number, factor)})
        checks.expect(status == wanted, f"snippet: status {status}\n{box.said}")
        checks.expect(len(os.listdir(f"{folder}/history")) == kept, "snippet: history")
    checks.expect("regressed" in text_of(f"{folder}/comment.md"), "snippet: comment")


def job(name):
    return yaml.safe_load(text_of(os.path.join(documents.ROOT, "reports", "ci", name)))


def main():
    documents.need("bash", "git")
    checks = Checks()
    github, gitlab = job("github-actions.yml"), job("gitlab-ci.yml")
    snippet, = (block for block in blocks(chapter(), "sh") if "ipcmark compare" in block)
    github_shape(checks, github)
    gitlab_shape(checks, gitlab)
    check_lint(checks, github, gitlab, [snippet])
    with tempfile.TemporaryDirectory(prefix="jobs-") as folder:
        box = sandbox.Sandbox(folder, os.path.abspath(sys.argv[1]))
        try:
            for title, system, after in (
                    ("github", github_job.Workflow(github, box), github_after),
                    ("gitlab", gitlab_job.Pipeline(gitlab, box), gitlab_after)):
                run_story(checks, title, system, box, after)
                check_pruned(checks, title, system, box)
            check_snippet(checks, snippet, box)
        except (github_job.Broken, gitlab_job.Broken, OSError) as error:
            checks.expect(False, str(error))
    return documents.conclude(checks.passed, checks.bad)


if __name__ == "__main__":
    sys.exit(main())
