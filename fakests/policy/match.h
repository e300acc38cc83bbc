#ifndef FAKESTS_POLICY_MATCH_H
#define FAKESTS_POLICY_MATCH_H

#include "base/arena.h"

/*
 * Wildcards: '*' is any run of characters, of any kind and none included; '?' is one UTF-16 unit,
 * so that a character beyond U+FFFF takes two of them, or one and the edge of a '*' (aws.md
 * section 5.2, observed).  Brackets and backslashes mean themselves.
 *
 * A pattern is kept with its wildcards as two bytes that UTF-8 never uses, so that a '*' that came
 * out of a variable, or was written ${*}, is text beside them.  Patterns and texts should be UTF-8;
 * others are matched without harm.
 */
enum { MATCH_ANY = 0xFE, MATCH_ONE = 0xFF };

/* The pattern as the policy writes it, with '*' and '?' made into wildcards; in the arena. */
struct str match_compile(struct arena *a, struct str pattern);
/* Text in which no byte is a wildcard, to be joined to a pattern; the text itself where it can be.
 */
struct str match_literal(struct arena *a, struct str text);
/* A compiled pattern as a person reads it. */
struct str match_show(struct arena *a, struct str compiled);
bool match_has_wildcard(struct str compiled);

/* Whether the whole text matches; at most |compiled| * |text| steps, and no memory. */
bool match_like(struct str compiled, struct str text);
/* The same without regard to ASCII case: actions. */
bool match_like_nocase(struct str compiled, struct str text);

#endif
