#include "fakests/policy/keys.h"
#include "tests/support/runner.h"

Suite *keys_suite(void);

START_TEST(names_are_found_in_any_case)
{
    struct arena *a = arena_new();
    struct keys k = keys_new(a);
    keys_put(&k, STR("oidc.circleci.com/org/X:aud"), STR("one"));
    const struct keys_entry *e = keys_find(&k, STR("OIDC.circleci.com/ORG/x:AUD"));
    ck_assert_ptr_nonnull(e);
    want_str("the value", e->values[0], STR("one"));
    ck_assert_ptr_null(keys_find(&k, STR("oidc.circleci.com/org/X:sub")));
    ck_assert_ptr_null(keys_find(&k, STR("oidc.circleci.com/org/X:au")));
    arena_free(a);
}
END_TEST

START_TEST(the_last_put_counts)
{
    struct arena *a = arena_new();
    struct keys k = keys_new(a);
    struct str list[] = { STR("a"), STR("b"), STR("c") };
    keys_put(&k, STR("k:x"), STR("one"));
    keys_put_list(&k, STR("K:X"), list, 3);
    ck_assert_uint_eq(k.n, 1);
    ck_assert(keys_find(&k, STR("k:x"))->is_list);
    keys_put(&k, STR("k:x"), STR("two"));
    ck_assert(!keys_find(&k, STR("k:x"))->is_list);
    ck_assert_uint_eq(keys_find(&k, STR("k:x"))->n_values, 1);
    arena_free(a);
}
END_TEST

START_TEST(a_list_of_one_or_none_is_a_list)
{
    struct arena *a = arena_new();
    struct keys k = keys_new(a);
    keys_put_list(&k, STR("none:x"), NULL, 0);
    keys_add(&k, STR("one:x"), STR("v"));
    ck_assert(keys_find(&k, STR("none:x"))->is_list);
    ck_assert_uint_eq(keys_find(&k, STR("none:x"))->n_values, 0);
    ck_assert(keys_find(&k, STR("one:x"))->is_list);
    ck_assert_uint_eq(keys_find(&k, STR("one:x"))->n_values, 1);
    arena_free(a);
}
END_TEST

/* Whatever a list began with, every value that was added is there, in order. */
START_TEST(lists_grow_from_any_size)
{
    struct arena *a = arena_new();
    struct str first[9];
    for (size_t start = 0; start < 9; start++) {
        struct keys k = keys_new(a);
        for (size_t i = 0; i < start; i++)
            first[i] = arena_printf(a, "%zu", i);
        keys_put_list(&k, STR("k:x"), first, start);
        for (size_t i = start; i < 40; i++)
            keys_add(&k, STR("K:x"), arena_printf(a, "%zu", i));
        const struct keys_entry *e = keys_find(&k, STR("k:x"));
        ck_assert_uint_eq(e->n_values, 40);
        for (size_t i = 0; i < 40; i++)
            want_str("a value", e->values[i], arena_printf(a, "%zu", i));
    }
    arena_free(a);
}
END_TEST

START_TEST(many_keys_are_all_found)
{
    struct arena *a = arena_new();
    struct keys k = keys_new(a);
    for (size_t i = 0; i < 500; i++)
        keys_put(&k, arena_printf(a, "aws:RequestTag/%zu", i), arena_printf(a, "%zu", i));
    for (size_t i = 0; i < 500; i++)
        want_str("its value", keys_find(&k, arena_printf(a, "AWS:requesttag/%zu", i))->values[0],
                 arena_printf(a, "%zu", i));
    arena_free(a);
}
END_TEST

Suite *keys_suite(void)
{
    Suite *s = suite_create("keys");
    TCase *t = tcase_create("keys");
    tcase_add_test(t, names_are_found_in_any_case);
    tcase_add_test(t, the_last_put_counts);
    tcase_add_test(t, a_list_of_one_or_none_is_a_list);
    tcase_add_test(t, lists_grow_from_any_size);
    tcase_add_test(t, many_keys_are_all_found);
    suite_add_tcase(s, t);
    return s;
}
