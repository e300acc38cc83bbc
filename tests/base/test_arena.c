#include "tests/support/runner.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"

#include <signal.h>
#include <stdalign.h>
#include <stdlib.h>

Suite *arena_suite(void);

/* ---- arena ---- */

static bool zeroed(const unsigned char *p, size_t n)
{
    while (n)
        if (p[--n])
            return false;
    return true;
}

static size_t size_at(int round)
{
    static const size_t sizes[] = { 0, 1, 15, 16, 17, 100, 8191, 8192, 8193, 70000, 3 };
    return sizes[(size_t)round % (sizeof sizes / sizeof sizes[0])];
}

static void fill_with(struct arena *a, unsigned char *kept[], int rounds, int pass)
{
    for (int i = 0; i < rounds; i++) {
        kept[i] = arena_alloc(a, size_at(i));
        WANT((uintptr_t)kept[i] % alignof(max_align_t) == 0, "allocation %d is not aligned", i);
        WANT(zeroed(kept[i], size_at(i)), "allocation %d of pass %d is not zeroed", i, pass);
        memset(kept[i], i + 1, size_at(i));
    }
}

START_TEST(gives_zeroed_aligned_memory_of_its_own)
{
    enum { ROUNDS = 200 };
    unsigned char *kept[ROUNDS];
    struct arena *a = arena_new();
    for (int pass = 0; pass < 3; pass++) {
        fill_with(a, kept, ROUNDS, pass);
        for (int i = 0; i < ROUNDS; i++)
            for (size_t j = 0; j < size_at(i); j++)
                WANT(kept[i][j] == (unsigned char)(i + 1), "%d was overwritten", i);
        arena_reset(a); /* the next pass gets memory that was used */
    }
    arena_free(a);
}
END_TEST

START_TEST(counts_its_bytes_and_forgets_them_at_reset)
{
    struct arena *a = arena_new();
    size_t before = arena_bytes(a);
    arena_alloc(a, 3 * 1024 * 1024);
    ck_assert_uint_ge(arena_bytes(a), before + 3 * 1024 * 1024);
    arena_reset(a);
    ck_assert_uint_eq(arena_bytes(a), before);
    arena_free(a);
    arena_free(NULL);
}
END_TEST

static char order[8];
static size_t n_order;

static void note(void *letter)
{
    order[n_order++] = *(const char *)letter;
}

START_TEST(drops_the_newest_first_and_once)
{
    char letters[] = "abc";
    struct arena *a = arena_new();
    for (size_t i = 0; i < 3; i++)
        arena_defer(a, note, &letters[i]);
    arena_reset(a);
    want_str("order", str_n(order, n_order), STR("cba"));
    arena_reset(a);
    arena_free(a);
    want_str("only once", str_n(order, n_order), STR("cba"));
}
END_TEST

static struct arena *deferring;

static void defer_again(void *letter)
{
    arena_defer(deferring, note, letter);
}

START_TEST(a_drop_may_defer_again)
{
    char letter = 'x';
    deferring = arena_new();
    arena_defer(deferring, defer_again, &letter);
    arena_reset(deferring);
    want_str("ran", str_n(order, n_order), STR("x"));
    arena_free(deferring);
    want_str("once", str_n(order, n_order), STR("x"));
}
END_TEST

START_TEST(copies_text_with_a_nul_behind)
{
    struct arena *a = arena_new();
    struct str s = arena_str(a, STR("a\0b"));
    want_str("copy", s, STR("a\0b"));
    ck_assert_int_eq(s.p[s.n], '\0');
    ck_assert_str_eq(arena_cstr(a, str_n(NULL, 0)), "");
    want_str("printed", arena_printf(a, "%d-%s", 7, "x"), STR("7-x"));
    ck_assert_int_eq(arena_str(a, str_n(NULL, 0)).p[0], '\0');
    arena_free(a);
}
END_TEST

START_TEST(an_impossible_size_ends_the_process)
{
    struct arena *a = arena_new();
    if (_i == 0)
        arena_alloc(a, SIZE_MAX - 7);
    else
        arena_array_bytes(a, SIZE_MAX / 2, 3);
}
END_TEST

/* ---- text ---- */

START_TEST(text_grows_to_its_maximum_and_no_further)
{
    struct arena *a = arena_new();
    struct text t = text_new(a, 1000);
    for (int i = 0; i < 99; i++)
        text_put(&t, STR("0123456789"));
    text_printf(&t, "%s", "abcdefghij");
    ck_assert_uint_eq(text_str(&t).n, 1000);
    ck_assert(!t.full);
    ck_assert(str_ends(text_str(&t), STR("89abcdefghij")));
    text_putc(&t, 'x');
    ck_assert_msg(t.full && text_str(&t).n == 1000, "one over: %zu", t.n);
    text_put(&t, STR(""));
    text_printf(&t, "%s", "");
    ck_assert_uint_eq(text_str(&t).n, 1000);
    arena_free(a);
}
END_TEST

START_TEST(once_full_text_takes_nothing_more)
{
    struct arena *a = arena_new();
    struct text t = text_new(a, 5);
    text_put(&t, STR("abc"));
    text_printf(&t, "%s", "def");
    text_putc(&t, 'x');
    want_str("no hole is filled", text_str(&t), STR("abc"));
    ck_assert(t.full);
    arena_free(a);
}
END_TEST

START_TEST(text_ends_with_a_nul_at_every_length)
{
    struct arena *a = arena_new();
    struct text t = text_new(a, 4096);
    ck_assert_int_eq(text_str(&t).p[0], '\0');
    for (size_t n = 1; n < 2000; n++) {
        if (n % 2)
            text_putc(&t, 'x');
        else
            text_printf(&t, "%c", 'y');
        WANT(text_str(&t).n == n && text_str(&t).p[n] == '\0', "at length %zu", n);
    }
    arena_free(a);
}
END_TEST

/* ---- map against a list searched from end to end ---- */

struct pair {
    struct str key;
    void *value;
};

static void *list_get(const struct pair *list, size_t n, struct str key)
{
    while (n)
        if (str_eq(list[--n].key, key))
            return list[n].value;
    return NULL;
}

START_TEST(map_answers_as_a_list_would)
{
    enum { STEPS = 4000, KEYS = 700 };
    static char values[STEPS];
    static struct pair list[STEPS];
    struct arena *a = arena_new();
    struct map m = map_new(a);
    unsigned random = 1;
    size_t distinct = 0;

    ck_assert_ptr_null(map_get(&m, STR("k1")));
    for (size_t i = 0; i < STEPS; i++) {
        random = random * 1103515245u + 12345u;
        struct str key = arena_printf(a, "k%u", (random >> 8) % KEYS);
        distinct += list_get(list, i, key) == NULL;
        list[i] = (struct pair){ key, &values[i] };
        map_put(&m, key, &values[i]);
        key = arena_printf(a, "k%u", (random >> 16) % KEYS);
        WANT(map_get(&m, key) == list_get(list, i + 1, key), "%.*s", STR_ARG(key));
    }
    ck_assert_uint_eq(m.n, distinct);
    arena_free(a);
}
END_TEST

START_TEST(map_tells_keys_apart_that_are_nearly_the_same)
{
    struct arena *a = arena_new();
    struct map m = map_new(a);
    int one = 1, two = 2, three = 3;
    map_put(&m, STR(""), &one);
    map_put(&m, STR("a\0b"), &two);
    map_put(&m, STR("a\0c"), &three);
    ck_assert_ptr_eq(map_get(&m, str_n(NULL, 0)), &one);
    ck_assert_ptr_eq(map_get(&m, STR("a\0b")), &two);
    ck_assert_ptr_eq(map_get(&m, STR("a\0c")), &three);
    ck_assert_ptr_null(map_get(&m, STR("a")));
    arena_free(a);
}
END_TEST

Suite *arena_suite(void)
{
    Suite *s = suite_create("arena");
    TCase *t = tcase_create("arena");
    tcase_add_test(t, gives_zeroed_aligned_memory_of_its_own);
    tcase_add_test(t, counts_its_bytes_and_forgets_them_at_reset);
    tcase_add_test(t, drops_the_newest_first_and_once);
    tcase_add_test(t, a_drop_may_defer_again);
    tcase_add_test(t, copies_text_with_a_nul_behind);
    tcase_add_loop_test_raise_signal(t, an_impossible_size_ends_the_process, SIGABRT, 0, 2);
    tcase_add_test(t, text_grows_to_its_maximum_and_no_further);
    tcase_add_test(t, once_full_text_takes_nothing_more);
    tcase_add_test(t, text_ends_with_a_nul_at_every_length);
    tcase_add_test(t, map_answers_as_a_list_would);
    tcase_add_test(t, map_tells_keys_apart_that_are_nearly_the_same);
    suite_add_tcase(s, t);
    return s;
}
