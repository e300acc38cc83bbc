#include "tests/scenarios/replay_fixture.h"

#include <stdio.h>
#include <sys/stat.h>

/* GOLDEN=write: what was answered, in place of what was expected. */

#define HEAD "{\n  \"scenario\":   \"t\",\n  \"steps\": [\n"
#define TAIL "\n  ]\n}\n"
#define ASK  "\"call\": { \"Action\": \"GetCallerIdentity\" }"
#define MINE "\"call\": { \"Action\": \"GetCallerIdentity\" }, \"as\": \"test\""
#define WHOLE                                                                            \
    "{\"status\":403,\"error\":\"MissingAuthenticationToken\",\"message\":\"Request is " \
    "missing Authentication Token\",\"because\":{\"reason\":\"authentication-missing\"}}"
#define DOCUMENT "/issuers/oidc.render.com/tea-csps46i3esus73eojjp0/.well-known/"

/* Steps before and after; after NULL: nothing is written. */
static const struct {
    const char *name, *before, *after;
    bool passes; /* afterwards */
} rows[] = {
    { "a status is put right where it stands",
      "    { " ASK ",\n      \"expect\": { \"status\" :  400, \"error\": "
      "\"MissingAuthenticationToken\" } }",
      "    { " ASK ",\n      \"expect\": { \"status\" :  403, \"error\": "
      "\"MissingAuthenticationToken\" } }",
      true },
    { "so are an error and a reason",
      "    { " ASK ", \"expect\": { \"error\": \"X\", \"because\": { \"reason\": \"x\" } } }",
      "    { " ASK ", \"expect\": { \"error\": \"MissingAuthenticationToken\", \"because\": { "
      "\"reason\": \"authentication-missing\" } } }",
      true },
    { "a step that expected nothing gets an expectation", "    { " ASK " }",
      "    { \"expect\": " WHOLE ", " ASK " }", true },
    { "an expectation without the member that differs is written anew",
      "    { " ASK ", \"expect\": {   } }", "    { " ASK ", \"expect\": " WHOLE " }", true },
    { "what was refused and is allowed now is written anew",
      "    { " MINE ", \"expect\": { \"status\": 403, \"error\": \"AccessDenied\", \"message\": "
      "\"m\" } }",
      "    { " MINE ", \"expect\": {\"status\":200} }", true },
    { "and what was allowed and is refused now",
      "    { " ASK ", \"expect\": { \"status\": 200, \"result\": { \"Arn\": \"x\" } } }",
      "    { " ASK ", \"expect\": " WHOLE " }", true },
    { "a part of a result",
      "    { " MINE ", \"expect\": { \"result\": { \"Arn\": \"x\", \"Account\": { \"like\": "
      "\"9*\" } } } }",
      "    { " MINE ", \"expect\": { \"result\": { \"Arn\": "
      "\"arn:aws:iam::123456789012:root\", \"Account\": \"123456789012\" } } }",
      true },
    { "each step by itself, the first and the last",
      "    { " ASK ", \"expect\": { \"status\": 400 } },\n    { \"advance\": 1 },\n"
      "    { " MINE " },\n    { " ASK " }",
      "    { " ASK ", \"expect\": { \"status\": 403 } },\n    { \"advance\": 1 },\n"
      "    { " MINE " },\n    { \"expect\": " WHOLE ", " ASK " }",
      true },
    { "a document's status",
      "    { \"get\": \"/nowhere\", \"expect\": { \"status\": 200 } },\n    { \"get\": "
      "\"/nowhere\" }",
      "    { \"get\": \"/nowhere\", \"expect\": { \"status\": 404 } },\n    { \"expect\": "
      "{\"status\":404}, \"get\": \"/nowhere\" }",
      true },
    { "a part of a document, under a name with a dot",
      "    { \"get\": \"" DOCUMENT "openid-configuration\", \"expect\": { \"result\": { "
      "\"subject_types_supported\": [ \"x\" ], \"a.b\": null } } }",
      "    { \"get\": \"" DOCUMENT "openid-configuration\", \"expect\": { \"result\": { "
      "\"subject_types_supported\": [ \"public\" ], \"a.b\": null } } }",
      true },
    { "an answer that came and was to be lost", "    { " ASK ", \"expect\": { \"lost\": true } }",
      "    { " ASK ", \"expect\": " WHOLE " }", true },
    { "an answer that was lost",
      "    { \"fault\": { \"drop\": true, \"times\": 1 } }, { " MINE " }",
      "    { \"fault\": { \"drop\": true, \"times\": 1 } }, { \"expect\": {\"lost\":true}, " MINE
      " }",
      true },
    { "what no value says stays red",
      "    { " ASK ", \"expect\": { \"status\": 403, \"because\": { \"hint\": \"x\" } } }", NULL,
      false },
    { "an element that is not there stays red",
      "    { " MINE ", \"expect\": { \"result\": { \"Gone\": \"x\" } } }", NULL, false },
    { "a step that cannot be played stays red", "    { \"world\": { \"roles\": 7 } }", NULL,
      false },
    { "what passes is not touched", "    { " MINE ", \"expect\": {} }", NULL, true },
};

static struct str whole(const char *steps)
{
    return arena_printf(a, "%s%s%s", HEAD, steps, TAIL);
}

static const struct replay_options golden = { .n_jobs = 1, .write_expected = true };

START_TEST(the_answer_is_written_where_the_expectation_stood)
{
    const char *after = rows[_i].after ? rows[_i].after : rows[_i].before;
    struct stat was, is;
    put_file("t.json", whole(rows[_i].before));
    ck_assert(chmod("t.json", 0640) == 0 && stat("t.json", &was) == 0);
    struct replay r = replayed("t.json", &golden);
    want_str(rows[_i].name, read_back("t.json"), whole(after));
    ck_assert_msg((r.n == 1 && r.entries[0].n_written > 0) == (rows[_i].after != NULL), "%s: %zu",
                  rows[_i].name, r.entries[0].n_written);
    ck_assert(stat("t.json", &is) == 0 && (is.st_mode & 0777) == 0640);
    ck_assert_msg(rows[_i].after || was.st_ino == is.st_ino, "%s: written", rows[_i].name);
    ck_assert_msg(replayed("t.json", NULL).n_passed == rows[_i].passes, "%s", rows[_i].name);
}
END_TEST

START_TEST(without_it_nothing_is_written)
{
    put_file("t.json", STR(FAILS("t")));
    ck_assert_uint_eq(replayed("t.json", NULL).n_failed, 1);
    want_str("file", read_back("t.json"), STR(FAILS("t")));
}
END_TEST

START_TEST(a_record_stays_as_it_is)
{
    put_file("t.jsonl", STR(FAILS("t") "\n"));
    ck_assert_uint_eq(replayed("t.jsonl", &golden).n_failed, 1);
    want_str("file", read_back("t.jsonl"), STR(FAILS("t") "\n"));
}
END_TEST

/* The longest name there is leaves no room for that of the file beside it, to any user. */
START_TEST(a_file_that_cannot_be_written_is_told)
{
    char name[256];
    memset(name, 'x', sizeof name);
    memcpy(name + 250, ".json", 6);
    FILE *f = fopen(name, "w");
    ck_assert(f && fputs(FAILS("t"), f) >= 0 && fclose(f) == 0);
    struct replay r = replayed(name, &golden);
    ck_assert_uint_eq(r.n_bad, 1);
    ck_assert_int_eq(r.entries[0].why.fault, FAULT_FILE_UNWRITABLE);
    want_str("file", read_back(name), STR(FAILS("t")));
}
END_TEST

Suite *golden_suite(void);

Suite *golden_suite(void)
{
    Suite *s = suite_create("scenarios/golden");
    TCase *t = tcase_create("golden");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, the_answer_is_written_where_the_expectation_stood, 0,
                        sizeof rows / sizeof rows[0]);
    tcase_add_test(t, without_it_nothing_is_written);
    tcase_add_test(t, a_record_stays_as_it_is);
    tcase_add_test(t, a_file_that_cannot_be_written_is_told);
    suite_add_tcase(s, t);
    return s;
}
