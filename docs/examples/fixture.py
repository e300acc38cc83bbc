#!/usr/bin/env python3
"""understudy in a test: started on a free port, asked, ended.  Needs the standard library only."""

import json
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path


class Understudy:
    def __init__(self, *options):
        self.folder = tempfile.TemporaryDirectory()
        ready = Path(self.folder.name) / "ready"
        self.process = subprocess.Popen(
            ["understudy", "serve", "--listen", "127.0.0.1:0", "--ready-file", ready, *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not ready.exists():  # it appears, whole, once requests are answered
            if self.process.poll() is not None:
                raise RuntimeError(f"understudy serve ended with {self.process.returncode}")
            time.sleep(0.005)
        self.url = ready.read_text().strip()

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()

    def control(self, path, **body):
        request = urllib.request.Request(f"{self.url}/_understudy/{path}", json.dumps(body).encode())
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def token(self, platform, **ask):
        return self.control("token", platform=platform, **ask)["token"]

    def assume(self, role, token):
        """None when it is allowed, else the reason."""
        form = {"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15", "RoleSessionName": "test",
                "RoleArn": f"arn:aws:iam::123456789012:role/{role}", "WebIdentityToken": token}
        try:
            urllib.request.urlopen(self.url, urllib.parse.urlencode(form).encode()).close()
            return None
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.headers["x-understudy-reason"].split(";")[0]


class TrustPolicy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = Understudy()  # "--config", "our.json"
        cls.addClassCleanup(cls.aws.close)

    def setUp(self):
        self.aws.control("reset")

    def test_lets_the_service_in(self):
        self.assertIsNone(self.aws.assume("Render-OIDC-Role", self.aws.token("render")))

    def test_keeps_another_service_out(self):
        token = self.aws.token("render", set={"service_id": "srv-other"})
        self.assertEqual(self.aws.assume("Render-OIDC-Role", token), "trust-denied")

    def test_keeps_an_old_token_out(self):
        token = self.aws.token("render", lifetime_s=900)
        self.aws.control("clock/advance", by="21m")  # and five minutes of tolerance are over
        self.assertEqual(self.aws.assume("Render-OIDC-Role", token), "token-expired")

    def test_keeps_a_forged_token_out(self):
        token = self.aws.token("render", flaw="bad-signature")
        self.assertEqual(self.aws.assume("Render-OIDC-Role", token), "signature-invalid")


if __name__ == "__main__":
    unittest.main()
