"""docs/fixtures: the jobs of CI systems, whose scripts are run here one after the other, and the containers."""

import http.client
import http.server
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
from pathlib import Path

import fixtures
from cases import CIRCLECI_ORG, PROJECT_ROLE, ROOT, Skipped, case, equal, holds, table, want

try:
    import yaml
except ImportError:
    yaml = None

COMPOSE = fixtures.FOLDER / "docker/compose.yaml"
DOCKERFILE = fixtures.FOLDER / "docker/Dockerfile"


def document(text):
    if not yaml:
        raise Skipped("there is no python3-yaml")
    return yaml.safe_load(text)


# ---- what a runner has ----

def stub(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/bash -e\n{text}\n")
    path.chmod(0o755)


def checkout(t, folder):
    """What a job takes for a checkout of understudy: building it finds it built."""
    for script in ("setup", "build"):
        want(os.access(ROOT / "ci" / script, os.X_OK), f"there is no ci/{script}")
        stub(folder / "ci" / script, "")
    stub(folder / "ci/setup", '[[ $* == build ]]')
    stub(folder / "ci/build", f"cd \"$(dirname \"$0\")/..\"; mkdir build; ln -s '{Path(t.program).parent}' build/release")


def repository(t, name):
    """The job's own repository: the example's policy, and tests that want a server."""
    shutil.copytree(fixtures.FOLDER / name / "iam", t.dir / "iam")
    stub(t.dir / "tests/run", 'curl -fsS --noproxy "*" "$AWS_ENDPOINT_URL_STS/_understudy/health" >tested')
    stub(t.dir / "bin/sudo", 'exec "$@"')
    t.env["PATH"] = f"{t.dir}/bin:{t.env['PATH']}"


class Broken(Exception):
    """The step that failed."""


def run(t, name, script, shell, env):
    done = t.command(*shell, "-c", script, env=env)
    if done.status:
        raise Broken(f"{name}: {done}")


# ---- GitHub Actions ----

GITHUB_STEPS = [
    "Build understudy", "The trust policy lets the main branch in, and no pull request",
    "The trust policy lets this very job in", "Start understudy", "Tests", "Stop understudy"]


def github_job():
    return document((fixtures.FOLDER / "github-actions/understudy.yml").read_text())["jobs"]["understudy"]


class Tokens(http.server.BaseHTTPRequestHandler):
    """Where a job asks for its token."""

    def do_GET(self):
        good = self.headers["Authorization"] == "bearer asked" and self.path == "/?job=1&audience=sts.amazonaws.com"
        self.send_response(200 if good else 403)
        self.end_headers()
        self.wfile.write(json.dumps({"count": 1, "value": self.server.token}).encode())

    def log_message(self, *_):
        pass


def github(t, steps, branch="main"):
    with http.server.HTTPServer(("127.0.0.1", 0), Tokens) as tokens:
        tokens.token = t.token("github", "--set", f"branch={branch}", "--keys", t.dir / "real")
        threading.Thread(target=tokens.serve_forever, daemon=True).start()
        try:
            github_steps(t, steps, {"ACTIONS_ID_TOKEN_REQUEST_TOKEN": "asked",
                                    "ACTIONS_ID_TOKEN_REQUEST_URL": f"http://127.0.0.1:{tokens.server_port}/?job=1"})
        finally:
            tokens.shutdown()


def github_steps(t, steps, env):
    """The scripts of a job, as the runner runs them: what a step leaves in two files is there for the next."""
    checkout(t, t.dir / "understudy")
    stub(t.dir / "bin/jq", """sed -n 's/.*"value": "\\([^"]*\\)".*/\\1/p'""")
    env = github_job()["env"] | env | {
        "GITHUB_REPOSITORY": "octo-org/octo-repo", "RUNNER_TEMP": str(t.tmp), "NO_PROXY": "127.0.0.1"}
    path = t.file("github-path", "")
    variables = t.file("github-env", "")
    for step in steps:
        found = ":".join([*reversed(path.read_text().split()), t.env["PATH"]])
        left = dict(line.split("=", 1) for line in variables.read_text().splitlines())
        run(t, step["name"], step["run"], ["bash", "-e"],
            env | left | {"PATH": found, "GITHUB_PATH": str(path), "GITHUB_ENV": str(variables)})


@case("the scripts of the example for GitHub Actions run")
def _(t):
    repository(t, "github-actions")
    steps = [s for s in github_job()["steps"] if "run" in s]
    equal("steps", [s["name"] for s in steps], GITHUB_STEPS)
    github(t, steps)
    holds("tested", (t.dir / "tested").read_text(), '"status": "ok"')


def policy_refused(t, name, play, old, new):
    """A policy that is not as the job says ends it, at that step."""
    repository(t, name)
    policy = t.dir / "iam/trust.json"
    text = policy.read_text()
    want(old in text, f"no {old} in the example's policy")
    policy.write_text(text.replace(old, new))
    try:
        play(t)
    except Broken as e:
        return want(str(e).startswith("The trust policy "), str(e))
    want(False, "nothing failed")


def github_policy(t, n=2, **more):
    github(t, [s for s in github_job()["steps"] if s.get("name") in GITHUB_STEPS[:n]], **more)


@case("the job for GitHub Actions ends when its own token is not let in")
def _(t):
    repository(t, "github-actions")
    try:
        github_policy(t, 3, branch="other")
    except Broken as e:
        return want(str(e).startswith(GITHUB_STEPS[2]) and "trust-denied" in str(e), str(e))
    want(False, "nothing failed")


table([
    ("the job for GitHub Actions ends when the policy lets nobody in", ":ref:refs/heads/main", ":ref:refs/heads/other"),
    ("the job for GitHub Actions ends when the policy lets pull requests in", ":ref:refs/heads/main", ":pull_request"),
    ("the job for GitHub Actions ends when the policy is none", '"Version"', '"Verison"'),
], lambda t, old, new: policy_refused(t, "github-actions", github_policy, old, new))


@case("the example for GitHub Actions is a workflow")
def _(t):
    workflow = document((fixtures.FOLDER / "github-actions/understudy.yml").read_text())
    equal("members", {str(k) for k in workflow}, {"name", "True", "permissions", "jobs"})  # YAML 1.1 reads on as true
    for job in workflow["jobs"].values():
        want("runs-on" in job, str(job))
        for step in job["steps"]:
            want(("uses" in step) != ("run" in step), str(step))
            want(set(step) <= {"name", "uses", "with", "run", "if", "env"}, str(step))
            want("run" not in step or "${{" not in step["run"], f"an expression in a script: {step}")
            want("uses" not in step or re.search(r"@v\d+$", step["uses"]), str(step))


# ---- CircleCI ----

def circleci_config(t):
    """The config, with a port and a file of this case's own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    text = (fixtures.FOLDER / "circleci/config.yml").read_text()
    return document(text.replace("127.0.0.1:4580", f"127.0.0.1:{port}").replace("/tmp/", f"{t.tmp}/"))


def circleci(t, until=None):
    """The scripts of a job, as the runner runs them: those in the background end with the job."""
    checkout(t, t.dir / "origin")
    git = ["git", "-C", t.dir / "origin", "-c", "user.name=u", "-c", "user.email=u@example.com"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "."]):
        t.command(*git, *words).want(0)
    job = circleci_config(t)["jobs"]["understudy"]
    shell = ["bash", "-eo", "pipefail"]
    env = job["environment"] | {
        "BASH_ENV": str(t.file("bash-env", "")), "UNDERSTUDY_REPOSITORY": f"file://{t.dir}/origin",
        "CIRCLE_ORGANIZATION_ID": CIRCLECI_ORG, "CIRCLE_OIDC_TOKEN": t.token("circleci", "--keys", t.dir / "real")}
    running = []
    try:
        for step in (s["run"] for s in job["steps"] if "run" in s):
            if step.get("background"):
                running.append(subprocess.Popen([*shell, "-c", step["command"]], env=t.env | env, cwd=t.dir,
                                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                                start_new_session=True))
            else:
                run(t, step["name"], step["command"], shell, env)
            if step["name"] == until:
                break
    finally:
        for process in running:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


CIRCLECI_POLICY = "The trust policy lets this job in, and no other project's"


@case("the scripts of the example for CircleCI run")
def _(t):
    repository(t, "circleci")
    circleci(t)
    holds("tested", (t.dir / "tested").read_text(), '"status": "ok"')


table([
    ("the job for CircleCI ends when the policy lets it not in", "project/dabad1c2", "project/00000000"),
    ("the job for CircleCI ends when the policy lets other projects in",
     "project/dabad1c2-62eb-48a6-87ab-fc6ae6589281/user/*", "*"),
    ("the job for CircleCI ends when the policy is none", '"Version"', '"Verison"'),
], lambda t, old, new: policy_refused(t, "circleci", lambda t: circleci(t, CIRCLECI_POLICY), old, new))


@case("the example for CircleCI is a config")
def _(t):
    config = circleci_config(t)
    equal("version", config["version"], 2.1)
    equal("members", set(config), {"version", "jobs", "workflows"})
    equal("jobs", [j for w in config["workflows"].values() for j in w["jobs"]], list(config["jobs"]))
    for job in config["jobs"].values():
        want(job["docker"][0]["image"], str(job))
        for step in job["steps"]:
            want(step == "checkout" or set(step["run"]) <= {"name", "command", "background"}, str(step))


# ---- containers ----

def over(port, method, path, body=None):
    """As another container asks: by the name of the service."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, {"Host": f"understudy:{port}"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def instructions(text):
    return [line.split(None, 1) for line in re.sub(r"\\\n", " ", text).splitlines() if line and line[0] not in "# "]


@case("the compose file is one: it builds what there is, and its tests wait until understudy is healthy")
def _(t):
    services = document(COMPOSE.read_text())["services"]
    build = services["understudy"]["build"]
    context = re.fullmatch(r"\$\{UNDERSTUDY_SOURCE:-(.*)\}", build["context"]).group(1)
    equal("context", (COMPOSE.parent / context).resolve(), ROOT)
    equal("dockerfile", ROOT / build["dockerfile"], DOCKERFILE)
    equal("depends_on", services["tests"]["depends_on"], {"understudy": {"condition": "service_healthy"}})
    equal("endpoint", services["tests"]["environment"]["AWS_ENDPOINT_URL_STS"], "http://understudy:4580")


@case("docker-compose takes the compose file")
def _(t):
    for compose in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(compose[0]) and t.command(*compose, "version").status == 0:
            return t.command(*compose, "-f", COMPOSE, "config", "-q").want(0)
    raise Skipped("there is no docker compose")


@case("what the container runs is healthy, and answers to its service's name")
def _(t):
    said = [line for line in instructions(DOCKERFILE.read_text()) if line[0] in ("ENTRYPOINT", "CMD")]
    equal("ENTRYPOINT", said[0][1], '["understudy"]')
    serve = document(said[1][1])
    equal("CMD", serve, ["serve", "--listen", "0.0.0.0:4580"])
    check = document(COMPOSE.read_text())["services"]["understudy"]["healthcheck"]["test"]
    with t.serve("--listen", "0.0.0.0:0") as server:
        holds("stderr", server.err(), "warning: 0.0.0.0 is not a loopback address")
        equal("healthcheck", check[0], "CMD")
        t.command(*[word.replace("4580", str(server.port)) for word in check[1:]], env={"NO_PROXY": "*"}).want(0, '"ok"')
        equal("GET health", over(server.port, "GET", "/_understudy/health")[0], 200)
        token = server.post("/_understudy/token", {"platform": "circleci"}).json()["token"]
        status, body = over(server.port, "GET", "/?Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=me"
                            f"&RoleArn=arn:aws:iam::123456789012:role/{PROJECT_ROLE}&WebIdentityToken={token}")
        equal("AssumeRoleWithWebIdentity", status, 200)


@case("what the Dockerfile copies and runs is there")
def _(t):
    said = instructions(DOCKERFILE.read_text())
    runs = " && ".join(words for name, words in said if name == "RUN")
    holds("RUN", runs, "ci/build && cmake --install build/release --prefix /opt/understudy")
    equal("COPY", [words for name, words in said if name == "COPY"], [". .", "--from=build /opt/understudy /usr/local"])
    equal("WORKDIR", [words for name, words in said if name == "WORKDIR"], ["/src"])


def package(t, path):
    """Debian's that has the file, which may be listed where /lib was before it became /usr/lib."""
    done = t.command("sh", "-c", f"dpkg-query -S {path} || dpkg-query -S {os.path.realpath(path)} || dpkg-query -S /usr{path}")
    return done.want(0).out.split(":")[0]


@case("the Dockerfile installs the libraries that the program needs, and no other")
def _(t):
    if not Path("/etc/debian_version").exists() or "bookworm" not in Path("/etc/os-release").read_text():
        raise Skipped("this is not the Debian of the Dockerfile")
    names = re.findall(r"\(NEEDED\).*\[(.*)\]", t.command("readelf", "-dW", t.program).want(0).out)
    found = dict(re.findall(r"(\S+) => (\S+)", t.command("ldd", t.program).want(0).out))
    paths = [found[n] for n in names if not re.match(r"lib(a|ub)san\.|ld-linux", n)]
    paths.append(re.search(r"libcurl\.so\.4 .*=> (\S+)", t.command("/sbin/ldconfig", "-p").want(0).out).group(1))
    needed = {package(t, p) for p in paths} - {"libc6"}
    installed = re.search(r"--no-install-recommends(.*?)&&", DOCKERFILE.read_text().replace("\\\n", " "), re.S).group(1)
    equal("installed", set(installed.split()), needed | {"curl"})
