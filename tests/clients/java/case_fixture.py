"""docs/fixtures/junit, compiled and run as its page says."""

from pathlib import Path

import fixtures
from cases import Skipped, case, want

# Debian: junit5.
JUNIT = Path("/usr/share/java/junit-platform-console-standalone.jar")
FIXTURE = Path(__file__).parent / "fixture"


def javac(t, *args):
    t.command("javac", "-Xlint:all,-classfile", "-Werror", "-d", "classes", *args, timeout=180).want(0)


def junit(t):
    if not JUNIT.exists():
        raise Skipped(f"there is no {JUNIT}")
    javac(t, "-cp", JUNIT, *fixtures.copied(t, "junit").glob("*.java"))
    return ["java", "-jar", JUNIT, "-cp", "classes", "--scan-classpath", "--disable-ansi-colors"]


@case("the example for JUnit passes, fails when it should, and leaves nothing behind")
def _(t):
    fixtures.check(t, junit(t), r"^\[ +5 tests successful ", "MethodSource [className = 'DeployTest', methodName = 'anotherProjectIsKeptOut'")


@case("the example for JUnit finds the program on the PATH")
def _(t):
    fixtures.on_the_path(t, junit(t))


def without_junit(t):
    javac(t, fixtures.copied(t, "junit") / "Understudy.java", FIXTURE / "WithoutJUnit.java")
    return ["java", "-cp", "classes", "WithoutJUnit"]


@case("the Java fixture needs nothing but the JDK")
def _(t):
    t.command(*without_junit(t), env=fixtures.program(t)).want(0, r"\A3 parts\ntrue\n\Z")
    fixtures.nothing_left(t)


@case("the Java fixture tells why a server did not start")
def _(t):
    done = t.command(*without_junit(t), "--config", "nowhere.json", env=fixtures.program(t))
    want(done.status != 0 and "understudy serve ended with 2: " in done.err and "nowhere.json" in done.err, str(done))
    fixtures.nothing_left(t)
