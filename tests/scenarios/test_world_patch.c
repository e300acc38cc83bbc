#include "scenarios/world_patch.h"
#include "tests/support/runner.h"

/* A config changed by a patch of its own shape. */

static struct arena *a;

static void set_up(void)
{
    a = arena_new();
}

static void tear_down(void)
{
    arena_free(a);
}

#define ROLES(one) "{\"roles\":[" one ",{\"name\":\"b\",\"trust_policy\":{\"x\":1}}]}"
#define A          "{\"name\":\"a\",\"trust_policy\":{\"x\":1,\"y\":2},\"tags\":{\"k\":\"v\"}}"

static const struct {
    const char *name, *world, *patch, *wanted;
} rows[] = {
    { "nothing changes nothing", "{\"a\":{\"b\":1}}", "{}", "{\"a\":{\"b\":1}}" },
    { "a member is replaced", "{\"region\":\"a\",\"x\":1}", "{\"region\":\"b\"}",
      "{\"region\":\"b\",\"x\":1}" },
    { "or added", "{\"x\":1}", "{\"source_ip\":\"1.2.3.4\"}",
      "{\"x\":1,\"source_ip\":\"1.2.3.4\"}" },
    { "null removes it", "{\"region\":\"a\",\"x\":1}", "{\"region\":null,\"gone\":null}",
      "{\"x\":1}" },
    { "an item belongs to that of its name", ROLES(A),
      "{\"roles\":[{\"name\":\"a\",\"max_session_duration\":7200}]}",
      ROLES("{\"name\":\"a\",\"trust_policy\":{\"x\":1,\"y\":2},\"tags\":{\"k\":\"v\"},"
            "\"max_session_duration\":7200}") },
    { "a document is replaced whole", ROLES(A),
      "{\"roles\":[{\"name\":\"a\",\"trust_policy\":{\"z\":3}}]}",
      ROLES("{\"name\":\"a\",\"trust_policy\":{\"z\":3},\"tags\":{\"k\":\"v\"}}") },
    { "tags are merged", ROLES(A), "{\"roles\":[{\"name\":\"a\",\"tags\":{\"l\":\"w\"}}]}",
      ROLES("{\"name\":\"a\",\"trust_policy\":{\"x\":1,\"y\":2},\"tags\":{\"k\":\"v\",\"l\":\"w\"}"
            "}") },
    { "and taken away one by one", ROLES(A), "{\"roles\":[{\"name\":\"a\",\"tags\":{\"k\":null}}]}",
      ROLES("{\"name\":\"a\",\"trust_policy\":{\"x\":1,\"y\":2},\"tags\":{}}") },
    { "a member of an item is removed", ROLES(A), "{\"roles\":[{\"name\":\"a\",\"tags\":null}]}",
      ROLES("{\"name\":\"a\",\"trust_policy\":{\"x\":1,\"y\":2}}") },
    { "an item of another name is added", "{\"users\":[{\"name\":\"u\"}]}",
      "{\"users\":[{\"name\":\"U\"}]}", "{\"users\":[{\"name\":\"u\"},{\"name\":\"U\"}]}" },
    { "a list that is not there begins", "{}", "{\"roles\":[{\"name\":\"a\"}]}",
      "{\"roles\":[{\"name\":\"a\"}]}" },
    { "an item is taken out", ROLES(A), "{\"roles\":[{\"name\":\"a\",\"$remove\":true}]}",
      "{\"roles\":[{\"name\":\"b\",\"trust_policy\":{\"x\":1}}]}" },
    { "one that is not there is told by who reads it", "{\"roles\":[]}",
      "{\"roles\":[{\"name\":\"a\",\"$remove\":true}]}",
      "{\"roles\":[{\"name\":\"a\",\"$remove\":true}]}" },
    { "taken out and put in is a new one", "{\"roles\":[" A "]}",
      "{\"roles\":[{\"name\":\"a\",\"$remove\":true},{\"name\":\"a\"}]}",
      "{\"roles\":[{\"name\":\"a\"}]}" },
    { "providers by their url",
      "{\"oidc_providers\":[{\"url\":\"https://i\",\"client_ids\":[\"a\"]}]}",
      "{\"oidc_providers\":[{\"url\":\"https://i\",\"client_ids\":[\"b\"]}]}",
      "{\"oidc_providers\":[{\"url\":\"https://i\",\"client_ids\":[\"b\"]}]}" },
    { "issuers too", "{\"issuers\":[{\"url\":\"https://i\",\"x\":1}]}",
      "{\"issuers\":[{\"url\":\"https://i\",\"y\":2}]}",
      "{\"issuers\":[{\"url\":\"https://i\",\"x\":1,\"y\":2}]}" },
    { "managed policies by name",
      "{\"managed_policies\":[{\"name\":\"m\",\"document\":{\"x\":1}}]}",
      "{\"managed_policies\":[{\"name\":\"m\",\"document\":{}}]}",
      "{\"managed_policies\":[{\"name\":\"m\",\"document\":{}}]}" },
    { "credentials by their id", "{\"credentials\":[{\"access_key_id\":\"k\",\"x\":1}]}",
      "{\"credentials\":[{\"access_key_id\":\"k\",\"x\":null}]}",
      "{\"credentials\":[{\"access_key_id\":\"k\"}]}" },
    { "an item without a name is added", "{\"roles\":[{\"x\":1}]}", "{\"roles\":[{\"x\":2},7]}",
      "{\"roles\":[{\"x\":1},{\"x\":2},7]}" },
    { "lists without names are replaced", "{\"faults\":[1,2],\"platforms\":[\"a\"]}",
      "{\"faults\":[3]}", "{\"faults\":[3],\"platforms\":[\"a\"]}" },
    { "policies of a role by their names",
      "{\"roles\":[{\"name\":\"a\",\"policies\":{\"p\":{\"x\":1,\"y\":1},\"q\":{}}}]}",
      "{\"roles\":[{\"name\":\"a\",\"policies\":{\"p\":{\"z\":1}}}]}",
      "{\"roles\":[{\"name\":\"a\",\"policies\":{\"p\":{\"z\":1},\"q\":{}}}]}" },
    { "an account is merged, and what is in it",
      "{\"accounts\":{\"1\":{\"roles\":[{\"name\":\"a\",\"x\":1}],\"users\":[]},\"2\":{}}}",
      "{\"accounts\":{\"1\":{\"roles\":[{\"name\":\"a\",\"y\":2}]},\"3\":{}}}",
      "{\"accounts\":{\"1\":{\"roles\":[{\"name\":\"a\",\"x\":1,\"y\":2}],\"users\":[]},\"2\":{},"
      "\"3\":{}}}" },
    { "an account is taken away", "{\"accounts\":{\"1\":{},\"2\":{}}}",
      "{\"accounts\":{\"1\":null}}", "{\"accounts\":{\"2\":{}}}" },
    { "another type replaces", "{\"roles\":{\"x\":1},\"tags\":[]}",
      "{\"roles\":[{\"name\":\"a\"}],\"tags\":{\"k\":\"v\"}}",
      "{\"roles\":[{\"name\":\"a\"}],\"tags\":{\"k\":\"v\"}}" },
    { "and is for the reader to refuse", "{\"roles\":[{\"name\":\"a\"}]}", "{\"roles\":7}",
      "{\"roles\":7}" },
};

START_TEST(a_patch_changes_what_it_names)
{
    json_t *world = json_keep(a, json_loads(rows[_i].world, 0, NULL));
    json_t *patch = json_keep(a, json_loads(rows[_i].patch, 0, NULL));
    ck_assert_msg(world && patch, "%s", rows[_i].name);
    const json_t *result = world_patch(a, world, patch);
    want_str(rows[_i].name, json_text(a, result), str_of(rows[_i].wanted));
    want_str("the world itself", json_text(a, world), str_of(rows[_i].world));
    want_str("the patch itself", json_text(a, patch), str_of(rows[_i].patch));
}
END_TEST

Suite *world_patch_suite(void);

Suite *world_patch_suite(void)
{
    Suite *s = suite_create("scenarios/world_patch");
    TCase *t = tcase_create("world_patch");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, a_patch_changes_what_it_names, 0, sizeof rows / sizeof rows[0]);
    suite_add_tcase(s, t);
    return s;
}
