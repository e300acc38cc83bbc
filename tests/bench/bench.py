#!/usr/bin/python3
"""
How close understudy comes to what this machine's RSA and HTTP allow.

    tests/bench/bench.py [--program FILE] [--platform NAME] [--rounds N] [--seconds S] [--tokens N]
                         [--writes N] [--long]

Absolute numbers mean little on a shared host: what is printed are ratios, and what is compared is measured
in turn within each round.
    S, V   signatures and verifications per second of `openssl speed -multi 2 rsa2048`
    H      a bare libmicrohttpd server (h.c: epoll, 2 workers) answering a POST of the same size
Ceilings: of minting S, of an exchange with a new token 1/(1/V + 1/H), with a repeated token H.

With 10,000 roles (many.py): an exchange against one in a world of one role, a write against the same bytes
synced to disk by nothing but that.

Scenarios of one exchange: how long 1,000 take, and one beyond the signature of its token.

A spin probe before and after each round tells how much of the cores' time the host took away; rounds that
lost more than 6 % are left out of the medians as long as others remain.
    --long also looks at the resident memory over a million exchanges
"""

import argparse
import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import many

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NOISY_PERCENT = 6.0
CONNECTIONS = 32


def compile_c(name, *libraries):
    out = ROOT / "build/bench" / name
    out.parent.mkdir(parents=True, exist_ok=True)
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", *libraries], check=True, capture_output=True,
                           text=True).stdout.split() if libraries else []
    subprocess.run(["cc", "-O2", "-D_GNU_SOURCE", f"-I{ROOT}", "-o", out, HERE / f"{name}.c", *flags, "-lpthread"],
                   check=True)
    return out


def percent_lost(spin):
    probes = [subprocess.Popen(["taskset", "-c", str(cpu), spin, "300"], stdout=subprocess.PIPE, text=True)
              for cpu in sorted(os.sched_getaffinity(0))[:2]]
    return max(float(p.communicate()[0]) for p in probes)


def openssl_speed(seconds):
    out = subprocess.run(["openssl", "speed", "-multi", "2", "-seconds", str(seconds), "rsa2048"], check=True,
                         capture_output=True, text=True).stdout
    sign, verify = re.search(r"^rsa 2048 bits\s+\S+\s+\S+\s+([\d.]+)\s+([\d.]+)", out, re.M).groups()
    return float(sign), float(verify)


def wrk(url, script, seconds, *args, **env):
    """Requests, requests per second, and how many got another answer than 2xx."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", HERE / script, url, "--", *map(str, args)]
    out = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | env).stdout
    requests = int(re.search(r"(\d+) requests in ", out).group(1))
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    return requests, rate, int(bad.group(1)) if bad else 0


class Server:
    def __init__(self, args, ready):
        self.from_s = time.perf_counter()
        self.process = subprocess.Popen([str(a) for a in args], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        line = self.process.stdout.readline().decode()
        self.ready_ms = (time.perf_counter() - self.from_s) * 1000
        self.url = re.search(ready, line).group(0)

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=60)
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            sys.exit(f"{method} {path}: {answer.status} {text[:500]}")
        return json.loads(text) if text else None

    def cpu_s(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rss_mib(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def serve(options, *more):
    return Server([options.program, "serve", "--listen", "127.0.0.1:0", "--keys", options.keys, *more], r"http://\S+")


MINTER = """
import http.client, json, sys
connection = http.client.HTTPConnection(sys.argv[1])
for n in range(int(sys.argv[2]), int(sys.argv[3])):
    ask = {"platform": sys.argv[4], "claims": {"n": n}, "lifetime_s": 43200}
    connection.request("POST", "/_understudy/token", json.dumps(ask), {"Content-Type": "application/json"})
    print(json.loads(connection.getresponse().read())["token"])
"""


def mint_tokens(server, path, n):
    """n tokens told apart by a claim, one a line."""
    print(f"minting {n} tokens", file=sys.stderr)
    address = server.url.removeprefix("http://")
    parts = [subprocess.Popen([sys.executable, "-c", MINTER, address, str(n * i // 4), str(n * (i + 1) // 4),
                               os.environ["BENCH_PLATFORM"]],
                              stdout=subprocess.PIPE) for i in range(4)]
    with open(path, "wb") as out:
        for part in parts:
            out.write(part.communicate()[0])
    different = len(set(path.read_text().split()))
    if different != n:
        sys.exit(f"minted {different} different tokens, wanted {n}")


def one_round(options, tools, server, bare, tokens):
    """The rates of one round, measured one after the other."""
    rates = {"bad": 0}

    def load(name, url, script, seconds, *args):
        requests, rates[name], bad = wrk(url, script, seconds, *args)
        rates["bad"] += bad
        return requests

    lost = percent_lost(tools["spin"])
    rates["S"], rates["V"] = openssl_speed(options.seconds)
    load("H", bare.url, "tokens.lua", options.seconds, tokens, "again")
    load("mint", server.url, "mint.lua", options.seconds)
    server.ask("POST", "/_understudy/reset")  # a new snapshot of the world remembers no token
    sent = load("new", server.url, "tokens.lua", 1, tokens)
    if sent > options.tokens:
        sys.exit(f"{sent} requests in a second: --tokens {options.tokens} are too few for each to be new")
    load("again", server.url, "tokens.lua", options.seconds, tokens, "again")
    rates["lost"] = max(lost, percent_lost(tools["spin"]))
    return rates


RATIOS = [
    ("minting / S", 0.88, lambda r: r["mint"] / r["S"]),
    ("new token / (1/(1/V + 1/H))", 0.50, lambda r: r["new"] * (1 / r["V"] + 1 / r["H"])),
    ("repeated token / H", 0.40, lambda r: r["again"] / r["H"]),
]


def line(what, measured, target, form="{:.2f}", at_least=True):
    met = measured >= target if at_least else measured <= target
    wanted = (">= " if at_least else "<= ") + form.format(target)
    print(f"{what:<36} {form.format(measured):>9}   target {wanted:<9} {'met' if met else 'NOT MET'}")


def start_to_ready(options, times, *more, forget=None):
    ready = []
    for _ in range(times):
        if forget:
            shutil.rmtree(forget, ignore_errors=True)
        with serve(options, *more) as server:
            ready.append(server.ready_ms)
    return statistics.median(ready), max(ready)


def flat_memory(server, tokens):
    """Resident memory after 100,000 exchanges, with new tokens and repeated ones, and after a million more."""
    def load(n):
        while n > 0:
            n -= wrk(server.url, "tokens.lua", 5, tokens, "again")[0]
            n -= wrk(server.url, "tokens.lua", 5, tokens)[0]
        return server.rss_mib()
    return load(100_000), load(1_000_000)


def cpu_an_exchange(options, server, tokens):
    """Seconds of the server's own time, which what else the machine does moves least; and how many were refused."""
    before = server.cpu_s()
    requests, _, bad = wrk(server.url, "tokens.lua", options.seconds, tokens, "again", BENCH_ROLE="role-00000")
    return (server.cpu_s() - before) / requests, bad


def many_exchanges(options, scratch):
    """The cost of an exchange in a world of many roles to that in a world of one, the median of the rounds."""
    one = many.world(scratch / "one.json", 1, 1)
    ratios, refused = [], 0
    with serve(options, "--config", scratch / "many.json") as large, serve(options, "--config", one) as small:
        resident = large.rss_mib(), small.rss_mib()
        tokens = [many.token_file(server, scratch / name) for server, name in ((large, "large"), (small, "small"))]
        for _ in range(options.rounds):
            costs = [cpu_an_exchange(options, server, file) for server, file in zip((large, small), tokens)]
            ratios.append(costs[0][0] / costs[1][0])
            refused += costs[0][1] + costs[1][1]
    return statistics.median(ratios), refused, *resident


def many_roles(options, scratch):
    """What changes with the number of roles, and what a write costs that is on disk when it is answered."""
    config, state = many.world(scratch / "many.json", many.ROLES, many.PROVIDERS), scratch / "state.json"
    found = {"never seen": start_to_ready(options, 5, "--config", config, forget=options.keys / "judged"),
             "config": start_to_ready(options, 9, "--config", config)}
    with serve(options, "--config", config, "--state", state):
        pass
    found["state"] = start_to_ready(options, 9, "--state", state)
    found["exchange"], found["bad"], found["resident"], found["resident of one"] = many_exchanges(options, scratch)
    with serve(options, "--state", state) as server:
        found["resident of a state"] = server.rss_mib()
        found["durable"] = many.durable(server, state, options.writes)
    return found


SCENARIO = {
    "scenario": "one exchange",
    "steps": [
        {"mint": {"platform": "circleci"}, "save": "token"},
        {"call": {"Action": "AssumeRoleWithWebIdentity", "RoleSessionName": "bench", "WebIdentityToken": "{token}",
                  "RoleArn": "arn:aws:iam::123456789012:role/CircleCI-Project-Role"}},
    ],
}


def replays(options, scratch):
    """1,000 scenarios of one exchange: seconds with two jobs, and seconds of a core for each beyond its signature."""
    folder = scratch / "scenarios"
    folder.mkdir()
    for number in range(1000):
        (folder / f"{number:04}.json").write_text(json.dumps(SCENARIO))

    def seconds(jobs):
        begin = time.monotonic()
        done = subprocess.run([options.program, "replay", folder, "--jobs", str(jobs)], check=True, capture_output=True)
        took = time.monotonic() - begin
        assert done.stdout.endswith(b"1000 scenarios: 1000 passed, 0 failed\n"), done.stdout[-200:]
        return took

    signature = 1 / openssl_speed(options.seconds)[0] * 2  # the rate is that of two cores
    return statistics.median(seconds(2) for _ in range(5)), statistics.median(seconds(1) for _ in range(5)) / 1000 - signature


def print_replays(found):
    line("1,000 scenarios, seconds, two jobs", found[0], 3, at_least=False)
    line("a scenario beyond its signature, ms", found[1] * 1000, 1, at_least=False)


def print_many(found):
    for name in "config", "state":
        median, worst = found[name]
        line(f"10,000 roles ready from --{name}, ms", median, 150, "{:.1f}", False)
        print(f"{'  worst':<36} {worst:>9.1f}")
    print(f"{'  from --config, never seen before':<36} {found['never seen'][0]:>9.1f}")
    line("CPU of an exchange, 10,000 / 1 role", found["exchange"], 1.1, at_least=False)
    d = found["durable"]
    line("durable write / its bytes synced", d["write"] / d["alone"], 1.5, at_least=False)
    print(f"{'  / (bytes synced + a signed read)':<36} {d['write'] / (d['alone'] + d['read']):>9.2f}")
    microseconds = (f"{d[name] * 1e6:.0f}" for name in ("write", "alone", "read"))
    print(f"{'  microseconds: write, sync, read':<36} {', '.join(microseconds)}")
    print(f"{'  bytes appended a write':<36} {d['bytes']:>9}")
    print(f"{'resident, 10,000 roles, MiB':<36} {found['resident']:>9.1f}   one role {found['resident of one']:.1f}, "
          f"10,000 from --state {found['resident of a state']:.1f}")


# Render's token has the claims every token has, and as few bytes as any; CircleCI's
# has thirteen claims more, which have to be read.
ROLES = {"render": "Render-OIDC-Role", "circleci": "CircleCI-OIDC-Role"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=ROOT / "build/release/understudy", type=Path)
    parser.add_argument("--rounds", default=5, type=int)
    parser.add_argument("--seconds", default=2, type=int)
    parser.add_argument("--tokens", default=40_000, type=int)
    parser.add_argument("--writes", default=500, type=int)
    parser.add_argument("--platform", default="render", choices=sorted(ROLES))
    parser.add_argument("--long", action="store_true")
    options = parser.parse_args()
    os.environ.update(BENCH_PLATFORM=options.platform, BENCH_ROLE=ROLES[options.platform])
    subprocess.run([ROOT / "ci/setup", "bench"], check=True)
    tools = {"spin": compile_c("spin"), "h": compile_c("h", "libmicrohttpd")}

    with tempfile.TemporaryDirectory(prefix="understudy-bench.") as scratch:
        options.keys = Path(scratch) / "keys"
        tokens = Path(scratch) / "tokens"
        with serve(options) as server:  # makes the keys
            server.ask("POST", "/_understudy/token", '{"platform":"%s"}' % options.platform)
        median, worst = start_to_ready(options, 20)

        with serve(options) as server, Server([tools["h"]], r"http://\S+") as bare:
            idle = server.rss_mib()
            mint_tokens(server, tokens, options.tokens)
            rounds = []
            for i in range(options.rounds):
                r = one_round(options, tools, server, bare, tokens)
                rounds.append(r)
                print(f"round {i + 1}, per second: S {r['S']:.0f}, V {r['V']:.0f}, H {r['H']:.0f}, "
                      f"minted {r['mint']:.0f}, new {r['new']:.0f}, repeated {r['again']:.0f}; "
                      f"{r['lost']:.1f} % of the time lost, {r['bad']} refused", file=sys.stderr)
            loaded = server.rss_mib()
            memory = flat_memory(server, tokens) if options.long else None
        found = many_roles(options, Path(scratch))
        replayed = replays(options, Path(scratch))

    quiet = [r for r in rounds if r["lost"] <= NOISY_PERCENT]
    used = quiet or rounds
    for what, target, ratio in RATIOS:
        line(what, statistics.median(ratio(r) for r in used), target)
    line("start to ready, ms (median of 20)", median, 15, "{:.1f}", False)
    print(f"{'  worst':<36} {worst:>9.1f}")
    line("resident idle, MiB", idle, 16, "{:.1f}", False)
    print(f"{'  after the rounds':<36} {loaded:>9.1f}")
    if memory:
        line("resident after 1,100,000, MiB", memory[1], memory[0] + 1, "{:.1f}", False)
        print(f"{'  after 100,000':<36} {memory[0]:>9.1f}")
    print_many(found)
    print_replays(replayed)
    print(f"noise: {', '.join('%.1f' % r['lost'] for r in rounds)} % of the time lost a round; "
          + (f"{len(used)} of {len(rounds)} rounds used" if quiet else "every round was noisy: measure again"))
    bad = sum(r["bad"] for r in rounds) + found["bad"]
    if bad:
        print(f"{bad} requests were refused: the rates above are not those of exchanges")
    return 0


if __name__ == "__main__":
    sys.exit(main())
