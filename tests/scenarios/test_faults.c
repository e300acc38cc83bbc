#include "base/text.h"
#include "scenarios/faults.h"
#include "tests/support/runner.h"

#include <pthread.h>

/* Injected faults: how they are read, which calls they hit, and how they come and go. */

static struct arena *a;
static struct faults *faults;

static void set_up(void)
{
    a = arena_new();
    faults = faults_new();
}

static void tear_down(void)
{
    faults_free(faults);
    arena_free(a);
}

static struct json_at document(struct str text)
{
    struct why why = why_new(a);
    struct json_doc *doc;
    ck_assert_msg(!failed(json_load(a, &why, STR("body"), text, JSON_DUPLICATES_REFUSED, &doc)),
                  "%.*s", STR_ARG(text));
    return json_at_root(doc);
}

static struct faults_rule rule_of(const char *text)
{
    struct why why = why_new(a);
    struct faults_rule rule = { .status = 0 };
    const struct json_at at = document(str_of(text));
    ck_assert_msg(!failed(faults_read_rule(a, &why, &at, &rule)), "%s: %.*s", text,
                  STR_ARG(why_text(&why)));
    return rule;
}

static json_t *inject(const char *text)
{
    struct why why = why_new(a);
    const struct faults_rule rule = rule_of(text);
    json_t *shown = NULL;
    ck_assert_msg(!failed(faults_add(faults, &why, &rule, &shown)), "%s: %.*s", text,
                  STR_ARG(why_text(&why)));
    return json_keep(a, shown);
}

/* ---- reading ---- */

#define UNAVAILABLE "The request has failed due to a temporary failure of the server."

/* What a fault is once its defaults are filled in, as it is listed. */
static const struct read_row {
    const char *name, *text, *shown;
} read_rows[] = {
    { "an error has the status and the message that AWS gives it", "{\"error\":\"Throttling\"}",
      "{\"id\":1,\"action\":\"*\",\"error\":\"Throttling\",\"message\":\"Rate exceeded\","
      "\"status\":400,\"seen\":0,\"fired\":0}" },
    { "both may be others",
      "{\"action\":\"AssumeRoleWithWebIdentity\",\"error\":\"Throttling\",\"status\":429,"
      "\"message\":\"Slow\"}",
      "{\"id\":1,\"action\":\"AssumeRoleWithWebIdentity\",\"error\":\"Throttling\","
      "\"message\":\"Slow\",\"status\":429,\"seen\":0,\"fired\":0}" },
    { "an error nobody knows has 400 and no message", "{\"error\":\"My.Own1\"}",
      "{\"id\":1,\"action\":\"*\",\"error\":\"My.Own1\",\"status\":400,\"seen\":0,\"fired\":0}" },
    { "a message may be empty", "{\"error\":\"Throttling\",\"message\":\"\"}",
      "{\"id\":1,\"action\":\"*\",\"error\":\"Throttling\",\"status\":400,\"seen\":0,"
      "\"fired\":0}" },
    { "a status alone stands for an error", "{\"status\":503}",
      "{\"id\":1,\"action\":\"*\",\"error\":\"ServiceUnavailable\",\"message\":\"" UNAVAILABLE
      "\",\"status\":503,\"seen\":0,\"fired\":0}" },
    { "a status and a message too", "{\"status\":503,\"message\":\"Gone\"}",
      "{\"id\":1,\"action\":\"*\",\"error\":\"ServiceUnavailable\",\"message\":\"Gone\","
      "\"status\":503,\"seen\":0,\"fired\":0}" },
    { "an action of IAM", "{\"action\":\"GetRole\",\"delay_ms\":60000}",
      "{\"id\":1,\"action\":\"GetRole\",\"delay_ms\":60000,\"seen\":0,\"fired\":0}" },
    { "a document of issuers has a status and no error", "{\"action\":\"jwks\",\"status\":418}",
      "{\"id\":1,\"action\":\"jwks\",\"status\":418,\"seen\":0,\"fired\":0}" },
    { "a lost reply", "{\"drop\":true}",
      "{\"id\":1,\"action\":\"*\",\"drop\":true,\"seen\":0,\"fired\":0}" },
    { "a cut one", "{\"truncate\":1,\"times\":2,\"after\":3}",
      "{\"id\":1,\"action\":\"*\",\"truncate\":1,\"times\":2,\"after\":3,\"seen\":0,"
      "\"fired\":0}" },
    { "a probability comes with the seed", "{\"drop\":true,\"probability\":0.5,\"seed\":-9}",
      "{\"id\":1,\"action\":\"*\",\"drop\":true,\"probability\":0.5,\"seed\":-9,\"seen\":0,"
      "\"fired\":0}" },
    { "whose default is the id", "{\"drop\":true,\"probability\":0}",
      "{\"id\":1,\"action\":\"*\",\"drop\":true,\"probability\":0.0,\"seed\":1,\"seen\":0,"
      "\"fired\":0}" },
};

START_TEST(a_fault_is_listed_with_its_defaults_filled_in)
{
    json_t *shown = inject(read_rows[_i].text);
    want_str(read_rows[_i].name, json_text(a, shown), str_of(read_rows[_i].shown));
    json_t *list = json_keep(a, faults_json(faults));
    ck_assert(json_array_size(list) == 1 && json_equal(json_array_get(list, 0), shown));
}
END_TEST

static const struct refused_row {
    const char *name, *text, *place, *detail;
} refused_rows[] = {
    { "no object", "[]", "body:1:1: $", "expected an object" },
    { "an unknown member", "{\"eror\":\"Throttling\"}", "body:1:9: $.eror", "expected one of" },
    { "an action that is none", "{\"action\":\"AssumeRoleWithWebIdentiy\",\"drop\":true}",
      "body:1:11: $.action", "did you mean \"AssumeRoleWithWebIdentity\"?" },
    { "a document that is none", "{\"action\":\"jwk\",\"drop\":true}", "body:1:11: $.action",
      "did you mean \"jwks\"?" },
    { "an action near to nothing", "{\"action\":\"?\",\"drop\":true}", "body:1:11: $.action",
      "no action \"?\"; expected an Action" },
    { "an empty action", "{\"action\":\"\",\"drop\":true}", "body:1:11: $.action", "no action" },
    { "an action of the wrong type", "{\"action\":1}", "body:1:11: $.action", "a string" },
    { "an empty code", "{\"error\":\"\"}", "body:1:10: $.error", "a letter and then" },
    { "a code that begins with a digit", "{\"error\":\"1a\"}", "body:1:10: $.error", "a letter" },
    { "a code that begins with a dot", "{\"error\":\".a\"}", "body:1:10: $.error", "a letter" },
    { "a code with a blank", "{\"error\":\"a b\"}", "body:1:10: $.error", "a letter" },
    { "a code with a tag", "{\"error\":\"a<b\"}", "body:1:10: $.error", "a letter" },
    { "an error for a document", "{\"action\":\"jwks\",\"error\":\"Throttling\"}",
      "body:1:26: $.error", "give \"status\"" },
    { "a status that is no error", "{\"error\":\"Throttling\",\"status\":200}",
      "body:1:32: $.status", "from 400 to 599" },
    { "a status past the errors", "{\"status\":600}", "body:1:11: $.status", "from 400 to 599" },
    { "a status in quotes", "{\"status\":\"503\"}", "body:1:11: $.status", "an integer" },
    { "a status that stands for no error", "{\"status\":418}", "body:1:11: $.status",
      "give \"error\" too" },
    { "a message without an error", "{\"message\":\"x\",\"drop\":true}", "body:1:1: $",
      "is that of an error" },
    { "a delay beyond a minute", "{\"delay_ms\":60001}", "body:1:13: $.delay_ms", "to 60000" },
    { "a negative delay", "{\"delay_ms\":-1}", "body:1:13: $.delay_ms", "from 0" },
    { "a drop that is no boolean", "{\"drop\":1}", "body:1:9: $.drop", "true or false" },
    { "nothing of a reply", "{\"truncate\":0}", "body:1:13: $.truncate", "from 1" },
    { "no times", "{\"drop\":true,\"times\":0}", "body:1:22: $.times", "from 1" },
    { "times that are no integer", "{\"drop\":true,\"times\":1.5}", "body:1:22: $.times",
      "an integer" },
    { "a negative after", "{\"drop\":true,\"after\":-1}", "body:1:22: $.after", "from 0" },
    { "a probability beyond one", "{\"drop\":true,\"probability\":1.01}",
      "body:1:28: $.probability", "from 0 to 1" },
    { "a negative probability", "{\"drop\":true,\"probability\":-0.01}", "body:1:28: $.probability",
      "from 0 to 1" },
    { "a probability in quotes", "{\"drop\":true,\"probability\":\"1\"}",
      "body:1:28: $.probability", "from 0 to 1" },
    { "a seed that is no integer", "{\"drop\":true,\"seed\":0.5}", "body:1:21: $.seed",
      "an integer" },
    { "nothing at all", "{}", "body:1:1: $", "does nothing" },
    { "what does nothing", "{\"delay_ms\":0,\"drop\":false,\"times\":3}", "body:1:1: $",
      "does nothing" },
};

START_TEST(a_fault_that_is_none_is_refused_with_its_place)
{
    const struct refused_row *row = &refused_rows[_i];
    struct why why = why_new(a);
    struct faults_rule rule = { .status = 0 };
    const struct json_at at = document(str_of(row->text));
    ck_assert_msg(failed(faults_read_rule(a, &why, &at, &rule)), "%s", row->name);
    ck_assert_int_eq(why.fault, FAULT_CONFIG_INVALID);
    want_str(row->name, why.place, str_of(row->place));
    ck_assert_msg(str_contains(why.detail, str_of(row->detail)), "%s: %.*s", row->name,
                  STR_ARG(why.detail));
}
END_TEST

START_TEST(bounds_are_bounds)
{
    struct str name = arena_printf(a, "%0128d", 0);
    memset((char *)(uintptr_t)name.p, 'a', name.n);
    ck_assert_uint_eq(rule_of(arena_printf(a, "{\"error\":\"%.*s\"}", STR_ARG(name)).p).code.n,
                      128);
    struct why why = why_new(a);
    struct faults_rule rule;
    struct json_at at = document(arena_printf(a, "{\"error\":\"%.*sa\"}", STR_ARG(name)));
    ck_assert(failed(faults_read_rule(a, &why, &at, &rule)));
    why = why_new(a);
    at = document(arena_printf(a, "{\"status\":500,\"message\":\"%04097d\"}", 0));
    ck_assert(failed(faults_read_rule(a, &why, &at, &rule)));
    ck_assert(str_contains(why.detail, STR("at most 4096 bytes")));
    ck_assert_uint_eq(
        rule_of(arena_printf(a, "{\"status\":500,\"message\":\"%04096d\"}", 0).p).message.n, 4096);
}
END_TEST

/* ---- which calls ---- */

/* The ids that hit n calls of the action, '.' where none did. */
static struct str hits(const char *action, size_t n)
{
    struct text t = text_new(a, 100000);
    for (size_t i = 0; i < n; i++) {
        struct fault_hit hit;
        if (faults_next(faults, a, str_of(action), &hit))
            text_printf(&t, "%d", (int)hit.id);
        else
            text_putc(&t, '.');
    }
    return text_str(&t);
}

static const struct hit_row {
    const char *name, *faults[3], *action, *hits;
} hit_rows[] = {
    { "none: nothing is hit", { NULL }, "GetRole", "...." },
    { "without times, for ever", { "{\"drop\":true}" }, "GetRole", "1111" },
    { "times", { "{\"drop\":true,\"times\":2}" }, "GetRole", "11.." },
    { "after", { "{\"drop\":true,\"after\":2}" }, "GetRole", "..11" },
    { "after and times", { "{\"drop\":true,\"after\":1,\"times\":2}" }, "GetRole", ".11." },
    { "another action is not hit",
      { "{\"action\":\"GetRole\",\"drop\":true}" },
      "ListRoles",
      "...." },
    { "the action itself is", { "{\"action\":\"GetRole\",\"drop\":true}" }, "GetRole", "1111" },
    { "the first that fires wins",
      { "{\"drop\":true,\"times\":1}", "{\"drop\":true,\"times\":2}", "{\"drop\":true}" },
      "GetRole",
      "12233" },
    { "a call is counted by every fault it is for",
      { "{\"drop\":true,\"times\":2}", "{\"drop\":true,\"after\":3}" },
      "GetRole",
      "11.22" },
    { "and by no other",
      { "{\"action\":\"ListRoles\",\"drop\":true,\"after\":1}", "{\"drop\":true,\"times\":1}" },
      "GetRole",
      "2..." },
    { "every Action is no document", { "{\"drop\":true}" }, "discovery", "..." },
    { "discovery is no JWKS", { "{\"action\":\"discovery\",\"drop\":true}" }, "jwks", "..." },
    { "a JWKS", { "{\"action\":\"jwks\",\"status\":500,\"times\":1}" }, "jwks", "1.." },
    { "a probability of nothing", { "{\"drop\":true,\"probability\":0}" }, "GetRole", "...." },
    { "a probability of one", { "{\"drop\":true,\"probability\":1}" }, "GetRole", "1111" },
    { "a probability written 1.0", { "{\"drop\":true,\"probability\":1.0}" }, "GetRole", "1111" },
};

START_TEST(a_fault_hits_the_calls_it_says)
{
    const struct hit_row *row = &hit_rows[_i];
    for (size_t i = 0; i < 3 && row->faults[i]; i++)
        inject(row->faults[i]);
    want_str(row->name, hits(row->action, strlen(row->hits)), str_of(row->hits));
}
END_TEST

START_TEST(a_hit_says_all_that_happens)
{
    struct fault_hit hit;
    inject("{\"error\":\"Slow\",\"message\":\"m\",\"status\":599,\"delay_ms\":7,\"drop\":true,"
           "\"truncate\":9}");
    ck_assert(faults_next(faults, a, STR("GetRole"), &hit));
    want_str("code", hit.code, STR("Slow"));
    want_str("message", hit.message, STR("m"));
    ck_assert(hit.status == 599 && hit.delay_ms == 7 && hit.drop && hit.truncate_to == 9);
    ck_assert_int_eq(hit.id, 1);
}
END_TEST

/* ---- probability ---- */

/* The same numbers, written down as the algorithm's authors do. */
static uint64_t oracle_next(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

START_TEST(what_a_probability_hits_follows_from_the_seed)
{
    static const int64_t seeds[] = { 0, 1, 7, -1, INT64_MAX };
    uint64_t state = (uint64_t)seeds[_i];
    struct text wanted = text_new(a, 100000);
    for (size_t i = 0; i < 1000; i++)
        text_putc(&wanted, oracle_next(&state) < UINT64_MAX / 10 * 3 ? '1' : '.');
    inject(
        arena_printf(a, "{\"drop\":true,\"probability\":0.3,\"seed\":%lld}", (long long)seeds[_i])
            .p);
    want_str("hits", hits("GetRole", 1000), text_str(&wanted));
}
END_TEST

START_TEST(the_same_seed_hits_the_same_calls_again)
{
    static const char text[] = "{\"drop\":true,\"probability\":0.1,\"seed\":42}";
    json_t *first = inject(text);
    struct str before = hits("GetRole", 200);
    json_decref(faults_remove(faults, json_integer_value(json_object_get(first, "id"))));
    inject(text);
    struct str again = hits("GetRole", 200);
    ck_assert(before.n == again.n && str_contains(before, STR("1")));
    for (size_t i = 0; i < before.n; i++)
        ck_assert_msg((before.p[i] == '.') == (again.p[i] == '.'), "call %zu", i);
}
END_TEST

/* With one seed for all, the second would want only what the first takes. */
START_TEST(without_a_seed_faults_differ)
{
    inject("{\"drop\":true,\"probability\":0.2}");
    inject("{\"drop\":true,\"probability\":0.2}");
    struct str got = hits("GetRole", 1000);
    size_t n[2] = { 0, 0 };
    for (size_t i = 0; i < got.n; i++)
        if (got.p[i] != '.')
            n[got.p[i] - '1']++;
    ck_assert_msg(n[0] > 150 && n[0] < 250 && n[1] > 110 && n[1] < 210, "%zu and %zu", n[0], n[1]);
}
END_TEST

/* ---- the list ---- */

static json_int_t count_of(size_t index, const char *key)
{
    json_t *list = json_keep(a, faults_json(faults));
    return json_integer_value(json_object_get(json_array_get(list, index), key));
}

START_TEST(calls_and_hits_are_counted)
{
    inject("{\"action\":\"GetRole\",\"drop\":true,\"after\":1,\"times\":2}");
    hits("GetRole", 5);
    hits("ListRoles", 3);
    ck_assert_int_eq(count_of(0, "seen"), 5);
    ck_assert_int_eq(count_of(0, "fired"), 2);
}
END_TEST

START_TEST(one_can_be_taken_away)
{
    inject("{\"drop\":true,\"times\":1}");
    inject("{\"drop\":true,\"times\":1}");
    inject("{\"drop\":true,\"times\":9}");
    hits("GetRole", 1);
    ck_assert_ptr_null(faults_remove(faults, 4));
    ck_assert_ptr_null(faults_remove(faults, 0));
    json_t *gone = json_keep(a, faults_remove(faults, 2));
    ck_assert_int_eq(json_integer_value(json_object_get(gone, "id")), 2);
    ck_assert_ptr_null(faults_remove(faults, 2));
    want_str("hits", hits("GetRole", 2), STR("33"));
    ck_assert_int_eq(json_integer_value(json_object_get(inject("{\"drop\":true}"), "id")), 4);
}
END_TEST

START_TEST(all_can_be_taken_away)
{
    inject("{\"drop\":true}");
    inject("{\"drop\":true}");
    faults_clear(faults);
    ck_assert_uint_eq(json_array_size(json_keep(a, faults_json(faults))), 0);
    want_str("hits", hits("GetRole", 2), STR(".."));
}
END_TEST

START_TEST(there_is_a_most)
{
    struct why why = why_new(a);
    const struct faults_rule rule = rule_of("{\"drop\":true}");
    json_t *shown = NULL;
    for (size_t i = 0; i < FAULTS_MAX; i++)
        inject("{\"drop\":true,\"after\":1}");
    ck_assert(failed(faults_add(faults, &why, &rule, &shown)) && !shown);
    ck_assert(str_contains(why.detail, STR("100")));
    want_str("hits", hits("GetRole", 2), STR(".1"));
    json_decref(faults_remove(faults, 1));
    inject("{\"drop\":true}");
}
END_TEST

START_TEST(setting_them_begins_anew)
{
    struct why why = why_new(a);
    struct faults_rules rules;
    const struct json_at list = document(STR("[{\"drop\":true,\"times\":1},{\"status\":500}]"));
    ck_assert(!failed(faults_read(a, &why, &list, &rules)));
    inject("{\"drop\":true}");
    for (int round = 0; round < 2; round++) {
        faults_set(faults, &rules);
        want_str("hits", hits("GetRole", 3), STR("122"));
    }
    ck_assert_int_eq(count_of(0, "seen"), 3);
}
END_TEST

static void *ask_often(void *n_hits)
{
    struct arena *mine = arena_new();
    struct fault_hit hit;
    for (int i = 0; i < 5000; i++) {
        if (faults_next(faults, mine, STR("GetRole"), &hit)) {
            WANT(str_eq(hit.code, STR("Throttling")), "another code");
            ++*(size_t *)n_hits;
        }
        if (i % 100 == 0)
            arena_reset(mine);
    }
    arena_free(mine);
    return NULL;
}

static void *come_and_go(void *context)
{
    const struct faults_rule *rule = context;
    for (int i = 0; i < 500; i++) {
        struct arena *mine = arena_new();
        struct why why = why_new(mine);
        json_t *shown;
        WANT(!failed(faults_add(faults, &why, rule, &shown)), "not added");
        json_decref(faults_json(faults));
        json_decref(faults_remove(faults, json_integer_value(json_object_get(shown, "id"))));
        json_decref(shown);
        arena_free(mine);
    }
    return NULL;
}

START_TEST(many_threads_share_the_times)
{
    enum { N = 4 };
    pthread_t threads[N + 1];
    size_t n_hits[N] = { 0 }, sum = 0;
    struct faults_rule other = rule_of("{\"action\":\"ListRoles\",\"drop\":true}");
    inject("{\"error\":\"Throttling\",\"times\":7777}");
    for (size_t i = 0; i < N; i++)
        ck_assert(!pthread_create(&threads[i], NULL, ask_often, &n_hits[i]));
    ck_assert(!pthread_create(&threads[N], NULL, come_and_go, &other));
    for (size_t i = 0; i < N + 1; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < N; i++)
        sum += n_hits[i];
    ck_assert_uint_eq(sum, 7777);
    ck_assert_int_eq(count_of(0, "seen"), N * 5000);
}
END_TEST

Suite *faults_suite(void);
Suite *faults_suite(void)
{
    Suite *s = suite_create("scenarios/faults");
    TCase *t = tcase_create("faults");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, a_fault_is_listed_with_its_defaults_filled_in, 0,
                        sizeof read_rows / sizeof read_rows[0]);
    tcase_add_loop_test(t, a_fault_that_is_none_is_refused_with_its_place, 0,
                        sizeof refused_rows / sizeof refused_rows[0]);
    tcase_add_test(t, bounds_are_bounds);
    tcase_add_loop_test(t, a_fault_hits_the_calls_it_says, 0, sizeof hit_rows / sizeof hit_rows[0]);
    tcase_add_test(t, a_hit_says_all_that_happens);
    tcase_add_loop_test(t, what_a_probability_hits_follows_from_the_seed, 0, 5);
    tcase_add_test(t, the_same_seed_hits_the_same_calls_again);
    tcase_add_test(t, without_a_seed_faults_differ);
    tcase_add_test(t, calls_and_hits_are_counted);
    tcase_add_test(t, one_can_be_taken_away);
    tcase_add_test(t, all_can_be_taken_away);
    tcase_add_test(t, there_is_a_most);
    tcase_add_test(t, setting_them_begins_anew);
    tcase_add_test(t, many_threads_share_the_times);
    suite_add_tcase(s, t);
    return s;
}
