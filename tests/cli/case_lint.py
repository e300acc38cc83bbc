"""understudy lint."""

import json

from cases import CIRCLECI_ISSUER, CIRCLECI_ORG, ROOT, case, equal, holds, table, want

PROVIDER = CIRCLECI_ISSUER.removeprefix("https://")
DEMO = ROOT / "scenarios/worlds/demo.json"


def policy(condition, url=PROVIDER):
    return {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{url}"},
        "Action": "sts:AssumeRoleWithWebIdentity", "Condition": condition}]}


GOOD = policy({"StringEquals": {f"{PROVIDER}:aud": CIRCLECI_ORG},
               "StringLike": {f"{PROVIDER}:sub": f"org/{CIRCLECI_ORG}/project/1a/user/*"}})
LOOSE = policy({"StringEquals": {f"{PROVIDER}:aud": CIRCLECI_ORG}})
REFUSED = policy({}, "gitlab.com")


def ends(t, documents, status, err):
    names = []
    for number, document in enumerate(documents):
        names.append(f"{number}.json")
        t.file(names[-1], document)
    t.run("lint", *names).want(status, None, err)


table([
    ("a good policy ends with 0", [GOOD], 0, r"no findings in 1 file\n"),
    ("a loose policy ends with 0: IAM takes it", [LOOSE], 0, r"1 warning in 1 file\n"),
    ("a policy that IAM refuses ends with 1", [REFUSED], 1, r"1 error in 1 file\n"),
    ("one bad file among good ones ends with 1", [GOOD, REFUSED, LOOSE], 1, r"1 error, 1 warning in 3 files\n"),
    ("what is no JSON ends with 1, as a finding", ["{"], 1, r"1 error in 1 file\n"),
    ("a good scenario ends with 0", [{"scenario": "x", "steps": [{"advance": "61m"}]}], 0, r"no findings in 1 file\n"),
    ("a scenario with a step that is none ends with 1", [{"scenario": "x", "steps": [{"advanse": "61m"}]}], 1,
     r"1 error in 1 file\n"),
], ends)


def bad(t, args, err):
    t.file("good.json", GOOD)
    t.run("lint", *args).want(2, r"\A\Z", err)


table([
    ("lint without a file is bad usage", [], "FILE"),
    ("an unknown format is bad usage, and named", ["good.json", "--format", "xml"], "xml"),
    ("a file that is not there ends with 2, and is named", ["nowhere.json"], r"nowhere\.json"),
    ("a folder ends with 2", ["."], "directory"),
], bad)


@case("a file that cannot be read does not hide what others hold")
def _(t):
    t.file("refused.json", REFUSED)
    t.run("lint", "nowhere.json", "refused.json").want(2, "save-shared-provider", r"nowhere\.json")


@case("standard input is a file")
def _(t):
    t.run("lint", "-", stdin=json.dumps(REFUSED)).want(1, r"\A-:1:\d+: error save-shared-provider: ")


@case("findings are told with file, line, column, severity, rule, path and fix")
def _(t):
    t.file("trust.json", json.dumps(LOOSE, indent=1))
    t.run("lint", "trust.json").want(0, (
        r"\Atrust\.json:10:17: warning trust-no-subject: .*\n"
        r"    at \$\.Statement\[0\]\.Condition\n"
        rf'    fix: add "{PROVIDER}:sub": "org/{CIRCLECI_ORG}/project/PROJECT_ID/user/\*" under "StringLike"\n\Z'))


@case("what a file quotes neither breaks a line nor steers the terminal")
def _(t):
    t.file("trust.json", policy({"StringEquals": {f"{PROVIDER}:sub": "me", f"{PROVIDER}:x\x1b[31m\ny": "1"}}))
    done = t.run("lint", "trust.json").want(0)
    want("\x1b" not in done.out and done.out.count("\n") == 3, repr(done.out))


@case("--format json is an object of findings and their number")
def _(t):
    t.file("loose.json", LOOSE)
    t.file("refused.json", REFUSED)
    out = json.loads(t.run("lint", "loose.json", "refused.json", "--format", "json").want(1).out)
    equal("summary", out["summary"], {"files": 2, "errors": 1, "warnings": 1, "notes": 0, "left_out": False})
    equal("rules", [f["rule"] for f in out["findings"]], ["trust-no-subject", "save-shared-provider"])
    for finding in out["findings"]:
        equal("members", sorted(finding), ["column", "file", "fix", "line", "message", "path", "reference", "rule",
                                           "severity", "why"])


@case("--format json of nothing found is still the object")
def _(t):
    t.file("good.json", GOOD)
    out = json.loads(t.run("lint", "good.json", "--format", "json").want(0).out)
    equal("findings", out["findings"], [])


# ---- SARIF 2.1.0, sections 3.13 to 3.34, and what code scanning asks for besides ----

def text(o):
    want(isinstance(o, dict) and isinstance(o["text"], str) and o["text"], f"no message: {o!r}")


def check_rule(rule):
    want(set(rule) <= {"id", "shortDescription", "fullDescription", "help", "defaultConfiguration",
                       "properties"}, rule)
    want(rule["id"] == rule["id"].lower() and " " not in rule["id"], rule["id"])
    for name in ("shortDescription", "fullDescription", "help"):
        text(rule[name])
    want(rule["defaultConfiguration"]["level"] in ("error", "warning", "note"), rule)


def check_location(location):
    physical = location["physicalLocation"]
    artifact, region = physical["artifactLocation"], physical["region"]
    if artifact.get("uriBaseId") is None:
        want(artifact["uri"].startswith("file:///"), artifact)
    else:
        want(artifact["uriBaseId"] == "%SRCROOT%" and ":" not in artifact["uri"] and artifact["uri"][0] != "/",
             artifact)
    want(isinstance(region["startLine"], int) and region["startLine"] >= 1, region)
    want(isinstance(region["startColumn"], int) and region["startColumn"] >= 1, region)
    want(location["logicalLocations"][0]["fullyQualifiedName"].startswith("$"), location)


def check_result(result, rules):
    equal("rule", rules[result["ruleIndex"]]["id"], result["ruleId"])
    want(result["level"] in ("error", "warning", "note"), result)
    text(result["message"])
    equal("locations", len(result["locations"]), 1)
    check_location(result["locations"][0])


def check_sarif(log):
    equal("members", sorted(log), ["$schema", "runs", "version"])
    equal("version", log["version"], "2.1.0")
    want(log["$schema"].endswith("sarif-2.1.0.json"), log["$schema"])
    equal("runs", len(log["runs"]), 1)
    run = log["runs"][0]
    equal("members of a run", sorted(run), ["columnKind", "results", "tool"])
    want(run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints"), run["columnKind"])
    driver = run["tool"]["driver"]
    want(driver["name"] == "understudy" and driver["semanticVersion"].count(".") == 2, driver["name"])
    rules = driver["rules"]
    for rule in rules:
        check_rule(rule)
    equal("rule ids", len({r["id"] for r in rules}), len(rules))
    for result in run["results"]:
        check_result(result, rules)
    return run["results"]


@case("--format sarif is SARIF 2.1.0 as code scanning takes it")
def _(t):
    t.file("loose.json", LOOSE)
    t.file("refused.json", REFUSED)
    done = t.run("lint", "loose.json", "refused.json", str(DEMO), "--format", "sarif").want(1)
    results = check_sarif(json.loads(done.out))
    equal("rules", [r["ruleId"] for r in results],
          ["trust-no-subject", "save-shared-provider", "trust-no-subject", "env0-no-organization", "audience-like",
           "audience-like"])
    equal("levels", [r["level"] for r in results], ["warning", "error", "warning", "warning", "note", "note"])


@case("--format sarif of nothing found has an empty list of results")
def _(t):
    t.file("good.json", GOOD)
    equal("results", check_sarif(json.loads(t.run("lint", "good.json", "--format", "sarif").want(0).out)), [])


def located(t, argument, uri):
    path = argument.format(dir=t.dir)
    if path != "-":
        (t.dir / path).parent.mkdir(exist_ok=True)
        t.file(path, LOOSE)
    done = t.run("lint", path, "--format", "sarif", stdin=json.dumps(LOOSE)).want(0)
    results = check_sarif(json.loads(done.out))
    equal("uri", results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], uri)


table([
    ("SARIF names a file as seen from the working folder", "iam/trust.json", "iam/trust.json"),
    ("SARIF drops ./", "./trust.json", "trust.json"),
    ("SARIF makes an absolute path below the working folder relative", "{dir}/iam/trust.json", "iam/trust.json"),
    ("SARIF percent-encodes what a URI cannot hold", "iam/a b#ü.json", "iam/a%20b%23%C3%BC.json"),
    ("SARIF names standard input", "-", "stdin"),
], located)


@case("a config's policies are held against its providers")
def _(t):
    t.file("trust.json", GOOD)
    t.file("understudy.json", {"oidc_providers": [{"url": CIRCLECI_ISSUER, "client_ids": ["other"]}],
                               "roles": [{"name": "r", "trust_policy": {"$file": "trust.json"}}]})
    holds("stdout", t.run("lint", "understudy.json").want(0).out, "audience-unregistered", "trust.json:1:",
          "$.Statement[0].Condition.StringEquals")


@case("what serve refuses lint tells with the same words")
def _(t):
    t.file("world.json", {"roles": [{"name": "r", "trust_policy": REFUSED}]})
    refused = t.run("serve", "--config", "world.json", "--listen", "127.0.0.1:0").want(2).err
    said = refused.split('"')[1]
    want(said.startswith("Trust policy with trusted principal gitlab.com must evaluate"), refused)
    holds("stdout", t.run("lint", "world.json").want(1).out, said, refused.split(": ")[1])
