"""The README's tour prints what the README says it prints."""

import console
from cases import case


@case("the README's tour is true")
def _(t):
    console.check(t, "README.md")
