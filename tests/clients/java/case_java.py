"""Assume.java, compiled by ci/clients."""

from cases import ROOT, case, holds

JAVA = ["java", "-cp", str(ROOT / "build/clients/java"), "Assume"]


@case("Java assumes a role with nothing but its JDK")
def _(t):
    done = t.run("exec", "--platform", "circleci", "--", *JAVA).want(0, r"\A200\nno reason\n<AssumeRoleWithWebIdentityResponse")
    holds("stdout", done.out, "assumed-role/CircleCI-OIDC-Role/circleci-test-oidc-auth")


@case("Java is refused another project's token, with the reason")
def _(t):
    done = t.run("exec", "--platform", "circleci", "--role", "CircleCI-Project-Role",
                 "--set", "project_id=11111111-2222-4333-8444-555555555555", "--", *JAVA)
    done.want(0, r"\A403\ntrust-denied; ")
    holds("stdout", done.out, "<Code>AccessDenied</Code>", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
