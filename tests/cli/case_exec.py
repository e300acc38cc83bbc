"""understudy exec: what the command gets, and what it must not get."""

import json
import signal
from pathlib import Path

from cases import OIDC_ROLE, OTHERS, PROJECT_ROLE, case, decode, equal, holds, matches, role_arn, table, want

EXEC = ["exec", "--platform", "circleci", "--"]


def environment(t, *args, env=None):
    """What a command run by exec has in its environment, and its standard error."""
    done = t.run("exec", *args, "--", "/usr/bin/env", "-0", env=env).want(0, "AWS_ROLE_ARN=")
    return dict(pair.split("=", 1) for pair in done.out.split("\0") if pair), done.err


def ends(t, command, status):
    t.run(*EXEC, *command).want(status)


table([
    ("a command's status passes through", ["sh", "-c", "exit 7"], 7),
    ("a command ended by a signal is 128 + n", ["sh", "-c", "kill -TERM $$"], 143),
    ("a command killed is 137", ["sh", "-c", "kill -KILL $$"], 137),
    ("a command that is not there is 127", ["no-such-command-anywhere"], 127),
    ("a command that is a folder is 126", ["/"], 126),
], ends)


@case("a command that may not be executed is 126")
def _(t):
    plain = t.file("plain", "echo never")
    plain.chmod(0o644)
    t.run(*EXEC, plain).want(126)


@case("exec's own failure is 125")
def _(t):
    with t.dir.joinpath("blocked").open("w"):
        pass
    t.run("exec", "--platform", "circleci", "--keys", "blocked/keys", "--", "true").want(125)


@case("no role that trusts the issuer, and none named, is status 2")
def _(t):
    nobody = ["--platform", "generic", "--set", "issuer=https://nobody.example.com"]
    t.run("exec", *nobody, "--", "true").want(2, r"\A\Z")


@case("stdout is the command's alone, and its stdin is exec's")
def _(t):
    done = t.run(*EXEC, "cat", stdin="through and through\n").want(0)
    equal("stdout", done.out, "through and through\n")


@case("the command gets what AWS SDKs read")
def _(t):
    env, _ = environment(t, "--platform", "circleci")
    equal("AWS_ROLE_ARN", env["AWS_ROLE_ARN"], role_arn(OIDC_ROLE))
    equal("AWS_ROLE_SESSION_NAME", env["AWS_ROLE_SESSION_NAME"], "circleci-test-oidc-auth")
    matches("AWS_ENDPOINT_URL_STS", env["AWS_ENDPOINT_URL_STS"], r"\Ahttp://127\.0\.0\.1:\d+")
    matches("AWS_ENDPOINT_URL_IAM", env["AWS_ENDPOINT_URL_IAM"], r"\Ahttp://127\.0\.0\.1:\d+")
    equal("regions", env["AWS_REGION"], env["AWS_DEFAULT_REGION"])
    equal("AWS_EC2_METADATA_DISABLED", env["AWS_EC2_METADATA_DISABLED"], "true")
    for name in ("NO_PROXY", "no_proxy"):
        want("127.0.0.1" in env.get(name, "").split(","), f"{name}: {env.get(name)}")


@case("--session-name is the session's name")
def _(t):
    env, _ = environment(t, "--platform", "circleci", "--session-name", "mine")
    equal("AWS_ROLE_SESSION_NAME", env["AWS_ROLE_SESSION_NAME"], "mine")


@case("the role that was chosen is named on stderr")
def _(t):
    _, err = environment(t, "--platform", "circleci")
    holds("stderr", err, OIDC_ROLE)


@case("ENV0_AWS_ROLE_ARN chooses env0's role")
def _(t):
    arn = role_arn("Env0-Project-Role")
    env, _ = environment(t, "--platform", "env0", env={"ENV0_AWS_ROLE_ARN": arn})
    equal("AWS_ROLE_ARN", env["AWS_ROLE_ARN"], arn)


def delivers(t, platform, variables):
    env, _ = environment(t, "--platform", platform)
    for name, prefix in variables.items():
        want(name in env, f"no {name} among {sorted(env)}")
        matches(name, env[name], prefix)


TOKEN = r"\A[\w-]+\.[\w-]+\.[\w-]+\Z"
table([
    ("a CircleCI job gets both its tokens", "circleci",
     {"CIRCLE_OIDC_TOKEN": TOKEN, "CIRCLE_OIDC_TOKEN_V2": TOKEN}),
    ("an env0 job gets its token", "env0", {"ENV0_OIDC_TOKEN": TOKEN}),
    ("a Pulumi deployment gets its token and credentials", "pulumi",
     {"PULUMI_OIDC_TOKEN": TOKEN, "AWS_ACCESS_KEY_ID": r"\AASIA[A-Z2-7]{16}\Z",
      "AWS_SECRET_ACCESS_KEY": r"\A\S{40}\Z", "AWS_SESSION_TOKEN": r"\A\S{100,}\Z"}),
    ("a Render service gets a token file", "render", {"AWS_WEB_IDENTITY_TOKEN_FILE": r"\A/"}),
], delivers)


@case("CircleCI's V1 and V2 tokens are V1 and V2")
def _(t):
    env, _ = environment(t, "--platform", "circleci")
    subs = [decode(env[n])[1]["sub"] for n in ("CIRCLE_OIDC_TOKEN", "CIRCLE_OIDC_TOKEN_V2")]
    equal("vcs-ref in sub", ["/vcs-ref/" in s for s in subs], [False, True])


@case("the token file is 0600 in a 0700 folder, holds one token, and is gone afterwards")
def _(t):
    script = 'f=$AWS_WEB_IDENTITY_TOKEN_FILE; stat -c "%a %n" "$f" "$(dirname "$f")"; wc -l <"$f"; cat "$f"'
    lines = t.run(*EXEC, "sh", "-c", script).want(0).out.splitlines()
    (mode, path), (dir_mode, folder) = lines[0].split(" ", 1), lines[1].split(" ", 1)
    equal("modes", [mode, dir_mode], ["600", "700"])
    equal("newlines in the token file", lines[2].strip(), "0")
    decode(lines[3])
    want(not Path(path).exists() and not Path(folder).exists(), f"{folder} is still there")
    equal("left in the temporary folder", list(t.tmp.iterdir()), [])


@case("the private folder is gone though the command was killed by a forwarded signal")
def _(t):
    process = t.start(*EXEC, "sh", "-c", "echo started; exec sleep 60")
    equal("stdout", process.stdout.readline(), "started\n")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    equal("status", process.returncode, 143)
    equal("left in the temporary folder", list(t.tmp.iterdir()), [])


def forwarded(t, number):
    script = f"trap 'echo caught; exit 9' {number.name[3:]}; echo started; while :; do sleep 0.05; done"
    process = t.start(*EXEC, "sh", "-c", script)
    equal("stdout", process.stdout.readline(), "started\n")
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    equal(f"status and stdout ({err})", [process.returncode, out], [9, "caught\n"])


table([(f"{n.name} is forwarded to the command", n)
       for n in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1)], forwarded)


TRAPS = {
    "AWS_ACCESS_KEY_ID": "AKIATRAP", "AWS_SECRET_ACCESS_KEY": "trap", "AWS_SESSION_TOKEN": "trap",
    "AWS_SECURITY_TOKEN": "trap", "AWS_PROFILE": "trap", "AWS_DEFAULT_PROFILE": "trap",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/trap",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/trap", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "trap",
    "AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_CA_BUNDLE": "/nowhere/trap",
}


@case("no other AWS credential, profile or container variable is left")
def _(t):
    env, _ = environment(t, "--platform", "circleci", env=TRAPS)
    left = {n: v for n, v in env.items() if n in TRAPS and v == TRAPS[n]}
    equal("left", left, {})


@case("configuration and credentials files are empty and private")
def _(t):
    (t.home / ".aws").mkdir()
    (t.home / ".aws/credentials").write_text("[default]\naws_access_key_id = AKIATRAP\n")
    script = 'for f in "$AWS_CONFIG_FILE" "$AWS_SHARED_CREDENTIALS_FILE"; do test -f "$f" && wc -c <"$f"; done'
    equal("sizes", t.run(*EXEC, "sh", "-c", script).want(0).out.split(), ["0", "0"])


@case("HOME is a private one with the real one's entries, but for .aws")
def _(t):
    (t.home / ".aws").mkdir()
    (t.home / ".aws/config").write_text("[default]\n")
    (t.home / ".netrc").write_text("mine\n")
    (t.home / "project").mkdir()
    script = ('cat "$HOME/.netrc"; test -d "$HOME/project" && echo project; '
              'test -e "$HOME/.aws/config" || echo none; echo "$HOME"')
    lines = t.run(*EXEC, "sh", "-c", script).want(0).out.splitlines()
    equal("entries", lines[:3], ["mine", "project", "none"])
    want(lines[3] != str(t.home), "HOME is the real one")
    want((t.home / ".aws/config").exists() and (t.home / "project").exists(), "the real HOME lost an entry")


@case("the endpoint rule set stands below AWS_DATA_PATH")
def _(t):
    env, _ = environment(t, "--platform", "circleci")
    script = 'cat "$AWS_DATA_PATH/sts/2011-06-15/endpoint-rule-set-1.json"; echo; echo "$AWS_ENDPOINT_URL_STS"'
    rules, url = t.run(*EXEC, "sh", "-c", script).want(0).out.strip().rsplit("\n", 1)
    holds("rules", json.dumps(json.loads(rules)), url.removesuffix("/sts"))


@case("other variables pass through")
def _(t):
    env, _ = environment(t, "--platform", "circleci", env={"MINE": "yes", "NO_PROXY": "example.com"})
    equal("MINE", env["MINE"], "yes")
    holds("NO_PROXY", env["NO_PROXY"], "example.com", "127.0.0.1")


@case("--rotate writes a new token in place of the old one")
def _(t):
    script = ('f=$AWS_WEB_IDENTITY_TOKEN_FILE; a=$(cat "$f"); for i in $(seq 100); do b=$(cat "$f"); '
              'if [ "$a" != "$b" ]; then echo "$b"; exit; fi; sleep 0.1; done; exit 1')
    done = t.run("exec", "--platform", "render", "--rotate", "1s", "--", "sh", "-c", script).want(0)
    decode(done.out)


ASK = """
import os, sys, urllib.error, urllib.parse, urllib.request
form = {"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15", "RoleArn": sys.argv[1],
        "RoleSessionName": "me", "WebIdentityToken": open(os.environ["AWS_WEB_IDENTITY_TOKEN_FILE"]).read()}
try:
    body = urllib.parse.urlencode(form).encode()
    print(urllib.request.urlopen(os.environ["AWS_ENDPOINT_URL_STS"], body).status)
except urllib.error.HTTPError as e:
    print(e.code)
"""


@case("each exchange is one line on stderr: allowed, or denied with the reason")
def _(t):
    ask = ["exec", "--platform", "circleci", *OTHERS, "--", "/usr/bin/python3", "-c", ASK]
    good = t.run(*ask, role_arn(OIDC_ROLE)).want(0, r"\A200\n\Z")
    lines = [line for line in good.err.splitlines() if "allowed" in line]
    want(len(lines) == 1 and OIDC_ROLE in lines[0], good.err)
    bad = t.run(*ask, role_arn(PROJECT_ROLE)).want(0, r"\A403\n\Z")
    lines = [line for line in bad.err.splitlines() if "denied" in line]
    want(len(lines) == 1 and "trust-denied" in lines[0], bad.err)
