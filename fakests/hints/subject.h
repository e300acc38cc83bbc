#ifndef FAKESTS_HINTS_SUBJECT_H
#define FAKESTS_HINTS_SUBJECT_H

#include "base/arena.h"

/* What the platforms put into sub (issuers are given without https://). */

bool subject_is_circleci(struct str issuer);
bool subject_is_github(struct str issuer);
bool subject_is_pulumi(struct str issuer);

/*
 * A pattern for StringLike that admits this job whenever it runs again, and no other: what changes
 * from run to run (who started it, what the deployment does) is a '*'.  The subject itself where
 * nothing does.
 */
struct str subject_pattern(struct arena *a, struct str issuer, struct str subject);

/* "every repository on GitHub": who gets in where nothing looks at sub. */
const char *subject_everyone(struct str issuer);

/* The V1 part of a CircleCI V2 subject; the whole of any other. */
struct str subject_circleci_v1(struct str subject);
/* "repo:owner@1/name@2:..." → "repo:owner/name:..."; false when the subject is none of these. */
bool subject_github_classic(struct arena *a, struct str subject, struct str *out);

#endif
