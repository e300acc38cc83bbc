"""
An environment full of ways to other credentials, and a listener that records whoever takes one.
Each access key names the trap it comes from, so a hit says which one was not closed.
"""

import hashlib
import http.server
import json
import threading
from pathlib import Path

FUTURE = "2099-01-01T00:00:00Z"


class Listener:
    """Answers everything like a container's credential endpoint, and remembers who asked."""

    def __init__(self):
        hits = self.hits = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                hits.append(f"{self.command} {self.path} {self.headers.get('Authorization', '')}")
                body = json.dumps({"AccessKeyId": "ASIATRAPCONTAINER", "SecretAccessKey": "trap", "Token": "trap",
                                   "Expiration": FUTURE, "Code": "Success"}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_HEAD = do_CONNECT = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def rule_set(url):
    """An endpoint rule set as botocore's models have it, whose one rule is this URL."""
    def parameter(kind, built_in, **more):
        return {"builtIn": built_in, "documentation": "", "type": kind} | more

    flag = {"required": True, "default": False}
    return {
        "version": "1.0",
        "parameters": {
            "Region": parameter("String", "AWS::Region", required=False),
            "UseDualStack": parameter("Boolean", "AWS::UseDualStack", **flag),
            "UseFIPS": parameter("Boolean", "AWS::UseFIPS", **flag),
            "Endpoint": parameter("String", "SDK::Endpoint", required=False),
            "UseGlobalEndpoint": parameter("Boolean", "AWS::STS::UseGlobalEndpoint", **flag),
        },
        "rules": [{"conditions": [], "type": "endpoint", "endpoint": {"url": url, "properties": {}, "headers": {}}}],
    }


def cache_entry(folder, role_arn, session_name):
    """What the AWS CLI keeps of an exchange, under the name it looks for (botocore's cache key)."""
    key = json.dumps({"RoleArn": role_arn, "RoleSessionName": session_name}, sort_keys=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / (hashlib.sha1(key.encode()).hexdigest() + ".json")).write_text(json.dumps({
        "Credentials": {"AccessKeyId": "ASIATRAPCACHE", "SecretAccessKey": "trap", "SessionToken": "trap",
                        "Expiration": FUTURE},
        "AssumedRoleUser": {"AssumedRoleId": "AROATRAP:trap",
                            "Arn": "arn:aws:sts::666666666666:assumed-role/Trap/trap"},
        "ResponseMetadata": {}}))


def models(folder, url):
    target = folder / "sts/2011-06-15"
    target.mkdir(parents=True, exist_ok=True)
    (target / "endpoint-rule-set-1.json").write_text(json.dumps(rule_set(url)))
    return str(folder)


def lay(home, url, role_arn, session_name):
    """Lays the traps below this HOME, and returns those of the environment."""
    aws = Path(home) / ".aws"
    cache_entry(aws / "cli/cache", role_arn, session_name)
    cache_entry(aws / "boto/cache", role_arn, session_name)
    models(aws / "models", url)
    (aws / "credentials").write_text("".join(
        f"[{name}]\naws_access_key_id = AKIATRAPFILE\naws_secret_access_key = trap\n"
        for name in ("default", "trap")))
    process = '/bin/echo {"Version":1,"AccessKeyId":"AKIATRAPPROCESS","SecretAccessKey":"trap"}'
    (aws / "config").write_text("".join(
        f"[{name}]\nregion = eu-trap-1\nendpoint_url = {url}\ncredential_process = {process}\n"
        for name in ("default", "profile trap")))
    return {
        "HOME": str(home),
        "AWS_PROFILE": "trap", "AWS_DEFAULT_PROFILE": "trap",
        "AWS_CONFIG_FILE": str(aws / "config"), "AWS_SHARED_CREDENTIALS_FILE": str(aws / "credentials"),
        "AWS_ACCESS_KEY_ID": "AKIATRAPENV", "AWS_SECRET_ACCESS_KEY": "trap", "AWS_SESSION_TOKEN": "trap",
        "AWS_SECURITY_TOKEN": "trap", "AWS_CREDENTIAL_EXPIRATION": FUTURE,
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{url}/container",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/container", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "trap",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": url, "AWS_EC2_METADATA_DISABLED": "false",
        "AWS_REGION": "eu-trap-1", "AWS_DEFAULT_REGION": "eu-trap-2",
        "AWS_ENDPOINT_URL": url, "AWS_ENDPOINT_URL_STS": url, "AWS_ENDPOINT_URL_IAM": url,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_USE_DUALSTACK_ENDPOINT": "true", "AWS_STS_REGIONAL_ENDPOINTS": "regional",
        "AWS_ROLE_ARN": "arn:aws:iam::666666666666:role/Trap", "AWS_ROLE_SESSION_NAME": "trap",
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere/trap", "AWS_CA_BUNDLE": "/nowhere/trap",
        "AWS_DATA_PATH": models(Path(home) / "trap-models", url),
        "HTTP_PROXY": url, "HTTPS_PROXY": url, "ALL_PROXY": url,
        "http_proxy": url, "https_proxy": url, "all_proxy": url,
        "NO_PROXY": "", "no_proxy": "",
    }
