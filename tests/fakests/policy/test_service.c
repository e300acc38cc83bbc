#include "fakests/policy/service.h"

#include "fakests/policy/match.h"
#include "tests/fakests/policy/fixture.h"

Suite *service_suite(void);

#define FAR "\xF0\x90\x90\x80" /* U+10400: two UTF-16 units */

static const struct {
    const char *cover, *pattern;
    bool covers;
} covers[] = {
    { "", "", true },
    { "a", "a", true },
    { "a", "b", false },
    { "*", "", true },
    { "*", "a?b*", true },
    { "a*", "a", true },
    { "a*", "ab*", true },
    { "a*", "*", false },
    { "?", "a", true },
    { "?", "?", true },
    { "?", "*", false },
    { "?", "", false },
    { "a", "?", false },
    { "?", FAR, false },
    { "?"
      "?",
      FAR, true },
    { "*?", FAR, true },
    { "?"
      "?"
      "?",
      FAR "?", true },
    { "*b*", "a?b", true },
    { "*b", "ab*", false },
    { "a*c", "ab?c", true },
    { "a*c", "a*b*c", true },
    { "a*c", "a*", false },
    { "*a*b", "a*ab", true },
    { "*", "*", true },
    { "**", "*", true },
    { "A", "a", false },
    { "k/${aws:username}", "k/${aws:username}", true },
};

START_TEST(patterns_cover_patterns)
{
    struct arena *a = arena_new();
    struct str cover = guarded(match_compile(a, str_of(covers[_i].cover)));
    struct str pattern = guarded(match_compile(a, str_of(covers[_i].pattern)));
    ck_assert_msg(service_covers(cover, pattern) == covers[_i].covers, "\"%s\" over \"%s\"",
                  covers[_i].cover, covers[_i].pattern);
    arena_free(a);
}
END_TEST

/* ---- the same by trying out ---- */

enum { LETTERS = 4, PATTERNS = 1 + 4 + 16 + 64, WORDS = PATTERNS + 256 };

static struct str word(struct arena *a, const char *const letters[LETTERS], size_t number)
{
    struct str s = STR("");
    for (; number; number = (number - 1) / LETTERS)
        s = arena_join(a, s, str_of(letters[(number - 1) % LETTERS]));
    return s;
}

static bool all_matched(struct str cover, struct str pattern, const struct str texts[WORDS])
{
    for (size_t i = 0; i < WORDS; i++)
        if (match_like(pattern, texts[i]) && !match_like(cover, texts[i]))
            return false;
    return true;
}

/* Every pattern of up to three parts over every other, and every text of up to four letters. */
START_TEST(what_is_covered_is_matched)
{
    static const char *const parts[LETTERS] = { "a", FAR, "?", "*" };
    static const char *const letters[LETTERS] = { "a", FAR, "b", "\xC3\xA9" };
    struct arena *a = arena_new();
    struct str patterns[PATTERNS], texts[WORDS];
    size_t n = 0;
    for (size_t i = 0; i < WORDS; i++)
        texts[i] = word(a, letters, i);
    for (size_t i = 0; i < PATTERNS; i++)
        patterns[i] = match_compile(a, word(a, parts, i));
    for (size_t i = 0; i < PATTERNS; i++)
        for (size_t j = 0; j < PATTERNS; j++) {
            bool found = service_covers(patterns[i], patterns[j]);
            n += found;
            if (found)
                ck_assert_msg(all_matched(patterns[i], patterns[j], texts), "%.*s over %.*s",
                              STR_ARG(match_show(a, patterns[i])),
                              STR_ARG(match_show(a, patterns[j])));
        }
    ck_assert_uint_gt(n, PATTERNS); /* each itself, and more */
    arena_free(a);
}
END_TEST

/* ---- policies ---- */

#define BUCKET          "arn:aws:s3:::bucket/"
#define ALLOW(act, res) "{'Effect': 'Allow', 'Action': " act ", 'Resource': " res "}"
#define DENY(act, res)  "{'Effect': 'Deny', 'Action': " act ", 'Resource': " res "}"

static const struct {
    const char *what, *statements;
    bool granted; /* of s3 */
} policies[] = {
    { "an action of the service grants", ALLOW("'s3:GetObject'", "'" BUCKET "*'"), true },
    { "whatever its case", ALLOW("'S3:getobject'", "'*'"), true },
    { "all actions grant", ALLOW("'*'", "'*'"), true },
    { "another service's does not", ALLOW("'iam:*'", "'*'"), false },
    { "nor one whose name begins so", ALLOW("'s3express:*'", "'*'"), false },
    { "one of several actions grants", ALLOW("['iam:*', 's3:ListBucket']", "'*'"), true },
    { "a Deny alone grants nothing", DENY("'iam:*'", "'*'"), false },
    { "a Deny of the same takes it back",
      ALLOW("'s3:GetObject'", "'*'") ", " DENY("'s3:GetObject'", "'*'"), false },
    { "wherever it stands", DENY("'s3:*'", "'*'") ", " ALLOW("'s3:GetObject'", "'*'"), false },
    { "a wider one too", ALLOW("'s3:Get*'", "'" BUCKET "a'") ", " DENY("'*'", "'" BUCKET "?'"),
      false },
    { "a Deny of less leaves some", ALLOW("'s3:*'", "'*'") ", " DENY("'s3:Get*'", "'*'"), true },
    { "a Deny of fewer resources leaves some",
      ALLOW("'s3:GetObject'", "'" BUCKET "*'") ", " DENY("'s3:GetObject'", "'" BUCKET "a'"), true },
    { "one of two resources is left",
      ALLOW("'s3:GetObject'", "['" BUCKET "a', '" BUCKET "b']") ", " DENY("'*'", "'" BUCKET "a'"),
      true },
    { "'?' is one UTF-16 unit, and a character beyond U+FFFF is two",
      ALLOW("'s3:GetObject'", "'" BUCKET FAR "'") ", " DENY("'s3:GetObject'", "'" BUCKET "?'"),
      true },
    { "as two of them know",
      ALLOW("'s3:GetObject'", "'" BUCKET FAR "'") ", " DENY("'s3:GetObject'", "'" BUCKET "?"
                                                                              "?'"),
      false },
    { "a Deny under a condition takes nothing back",
      ALLOW("'s3:*'", "'*'") ", {'Effect': 'Deny', 'Action': '*', 'Resource': '*', 'Condition': "
                             "{'Bool': {'aws:SecureTransport': 'false'}}}",
      true },
    { "an Allow under a condition grants",
      "{'Effect': 'Allow', 'Action': 's3:*', 'Resource': '*', 'Condition': {'Bool': "
      "{'aws:SecureTransport': 'true'}}}",
      true },
    { "NotAction of another service grants",
      "{'Effect': 'Allow', 'NotAction': 'iam:*', 'Resource': '*'}", true },
    { "NotAction of some actions leaves the others",
      "{'Effect': 'Allow', 'NotAction': 's3:Get*', 'Resource': '*'}", true },
    { "NotAction of the service does not grant it",
      "{'Effect': 'Allow', 'NotAction': ['s3:*', 'iam:*'], 'Resource': '*'}", false },
    { "a Deny of all but another service takes it back",
      ALLOW("'s3:*'", "'*'") ", {'Effect': 'Deny', 'NotAction': 'iam:*', 'Resource': '*'}", false },
    { "a Deny of all but some of its actions does not",
      ALLOW("'s3:*'", "'*'") ", {'Effect': 'Deny', 'NotAction': 's3:Get*', 'Resource': '*'}",
      true },
    { "NotResource grants the rest",
      "{'Effect': 'Allow', 'Action': 's3:*', 'NotResource': '" BUCKET "*'}", true },
    { "a Deny of the rest leaves what it names",
      ALLOW("'s3:*'", "'*'") ", {'Effect': 'Deny', 'Action': '*', 'NotResource': '" BUCKET "*'}",
      true },
};

START_TEST(policies_grant_services)
{
    struct arena *a = arena_new();
    const struct policy *p = fixture_policy(
        a, POLICY_IDENTITY,
        arena_printf(a, "{'Version': '2012-10-17', 'Statement': [%s]}", policies[_i].statements).p);
    ck_assert_msg(service_granted(a, p, STR("s3")) == policies[_i].granted, "%s",
                  policies[_i].what);
    ck_assert_msg(service_granted(a, p, STR("S3")) == policies[_i].granted, "%s",
                  policies[_i].what);
    arena_free(a);
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(t, test, 0, sizeof(table) / sizeof(table)[0])

Suite *service_suite(void)
{
    Suite *s = suite_create("policy/service");
    TCase *t = tcase_create("service");
    LOOP(patterns_cover_patterns, covers);
    tcase_add_test(t, what_is_covered_is_matched);
    LOOP(policies_grant_services, policies);
    suite_add_tcase(s, t);
    return s;
}
