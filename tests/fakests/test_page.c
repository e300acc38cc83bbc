#include "tests/support/runner.h"

#include "base/text.h"
#include "fakests/page.h"

static struct arena *a;
static struct why why;
static struct fakests service;
static struct call c;

static void set_up(void)
{
    a = arena_new();
    why = why_new(a);
    memset(service.sealing.bytes, 7, sizeof service.sealing.bytes);
    c = (struct call){ .arena = a,
                       .why = &why,
                       .service = &service,
                       .action = STR("ListRoles"),
                       .caller = { .account = STR("123456789012") } };
}

static void tear_down(void)
{
    arena_free(a);
}

/* "key-000", "key-001", ...: n of them. */
static struct str *numbered(size_t n)
{
    struct str *keys = arena_array(a, struct str, n + 1);
    for (size_t i = 0; i < n; i++)
        keys[i] = arena_printf(a, "key-%03zu", i);
    return keys;
}

static struct page find(struct str marker, int64_t most, const struct str *keys, size_t n)
{
    struct page_ask ask = { .marker = marker, .max_items = { .present = most > 0, .value = most } };
    struct page page;
    ck_assert_msg(!failed(page_find(&c, &ask, keys, n, &page)), "%.*s", STR_ARG(why_text(&why)));
    return page;
}

static const struct str begin = { NULL, 0 };

/* ---- walking ---- */

START_TEST(pages_of_every_size_tell_every_item_once)
{
    enum { ITEMS = 12 };
    for (size_t n = 0; n <= ITEMS; n++)
        for (int64_t most = 1; most <= ITEMS + 1; most++) {
            struct str *keys = numbered(n), marker = begin;
            size_t told = 0;
            for (;;) {
                struct page page = find(marker, most, keys, n);
                WANT(page.first == told && page.end - page.first <= (size_t)most, "%zu", told);
                told = page.end;
                WANT((page.marker.n > 0) == (told < n), "%zu of %zu by %d", told, n, (int)most);
                if (!page.marker.n)
                    break;
                WANT(page.end - page.first == (size_t)most, "a short page before the last");
                marker = page.marker;
            }
            WANT(told == n, "%zu of %zu by %d", told, n, (int)most);
        }
}
END_TEST

START_TEST(a_page_has_a_hundred_items_unless_another_number_is_asked_for)
{
    struct str *keys = numbered(101);
    ck_assert_uint_eq(find(begin, 0, keys, 100).end, 100);
    ck_assert_uint_eq(find(begin, 0, keys, 100).marker.n, 0);
    struct page page = find(begin, 0, keys, 101);
    ck_assert_uint_eq(page.end, 100);
    ck_assert_uint_eq(find(page.marker, 0, keys, 101).first, 100);
    ck_assert_uint_eq(find(begin, 101, keys, 101).end, 101);
}
END_TEST

/* One letter is one item; the second page, of two items, is asked of another list than the first.
 */
static const struct {
    const char *name, *first, *second, *told;
} moving[] = {
    { "nothing moved", "abcdef", "abcdef", "cd" },
    { "the last one told is gone", "abcdef", "acdef", "cd" },
    { "all that were told are gone", "abcdef", "cdef", "cd" },
    { "one came before them", "bcdef", "abcdef", "de" },
    { "one came right behind them", "abdef", "abcdef", "cd" },
    { "the next one is gone", "abcdef", "abdef", "de" },
    { "everything behind them is gone", "abcdef", "ab", "" },
    { "everything is gone", "abcdef", "", "" },
    { "others came in their place", "bdf", "acegi", "eg" },
};

static struct str *letters(const char *text)
{
    struct str *keys = arena_array(a, struct str, strlen(text) + 1);
    for (size_t i = 0; text[i]; i++)
        keys[i] = str_n(text + i, 1);
    return keys;
}

START_TEST(items_that_come_and_go_neither_repeat_nor_hide_others)
{
    const char *second = moving[_i].second;
    struct page page = find(begin, 2, letters(moving[_i].first), strlen(moving[_i].first));
    page = find(page.marker, 2, letters(second), strlen(second));
    want_str(moving[_i].name, str_n(second + page.first, page.end - page.first),
             str_of(moving[_i].told));
}
END_TEST

/* ---- long keys ---- */

enum { MARKER_CHARACTERS = 320 }; /* markerType of the service model */

/* Of so many characters, all the same but for the last one. */
static struct str *alike(size_t n, size_t characters)
{
    struct str *keys = arena_array(a, struct str, n);
    for (size_t i = 0; i < n; i++) {
        char *key = arena_alloc(a, characters);
        memset(key, 'k', characters);
        key[characters - 1] = (char)('a' + i);
        keys[i] = str_n(key, characters);
    }
    return keys;
}

static const size_t lengths[] = { 1, 64, 128, 215, 216, 217, 218, 512, 700 };

START_TEST(markers_of_keys_of_any_length_keep_the_limit)
{
    struct str *keys = alike(9, lengths[_i]), marker = begin;
    for (size_t i = 0; i < 9; i++) {
        struct page page = find(marker, 1, keys, 9);
        ck_assert_uint_eq(page.first, i);
        ck_assert_uint_le(page.marker.n, MARKER_CHARACTERS);
        marker = page.marker;
    }
}
END_TEST

START_TEST(where_a_cut_key_is_gone_its_like_are_told_again)
{
    struct str *keys = alike(4, 700);
    struct page page = find(begin, 2, keys, 4);
    keys[1] = keys[2];
    keys[2] = keys[3];
    ck_assert_uint_eq(find(page.marker, 2, keys, 3).first, 0);
}
END_TEST

/* ---- markers from nowhere ---- */

static bool taken(struct str marker)
{
    struct str *keys = numbered(4);
    struct page_ask ask = { .marker = marker };
    struct page page = { .end = 99 };
    why = why_new(a);
    struct outcome o = page_find(&c, &ask, keys, 4, &page);
    if (!failed(o))
        return true;
    ck_assert_int_eq(o.fault, FAULT_VALUE_INVALID);
    want_str("message", why.arg[0], STR("Invalid Marker."));
    ck_assert_uint_eq(page.end, 99);
    return false;
}

START_TEST(a_marker_is_its_actions_its_accounts_and_its_servers)
{
    struct str marker = find(begin, 2, numbered(4), 4).marker;
    ck_assert(taken(marker));
    c.action = STR("ListUsers");
    ck_assert_msg(!taken(marker), "%s", "another action's");
    c.action = STR("ListRoles");
    c.caller.account = STR("210987654321");
    ck_assert_msg(!taken(marker), "%s", "another account's");
    c.caller.account = STR("123456789012");
    service.sealing.bytes[31] ^= 1;
    ck_assert_msg(!taken(marker), "%s", "another server's");
    service.sealing.bytes[31] ^= 1;
    ck_assert(taken(marker));
}
END_TEST

START_TEST(a_marker_nobody_gave_is_refused)
{
    struct str marker = find(begin, 2, numbered(4), 4).marker;
    for (size_t i = 0; i < marker.n; i++) {
        char *changed = arena_cstr(a, marker);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        ck_assert_msg(!taken(str_n(changed, marker.n)), "character %zu", i);
        ck_assert_msg(!taken(str_sub(marker, 0, i)), "cut to %zu", i);
    }
    ck_assert(!taken(arena_join(a, marker, STR("AAAA"))));
    ck_assert(!taken(STR("key-001")));
    ck_assert(!taken(STR("not base64url \xC3\xA9")));
}
END_TEST

/* ---- the reply ---- */

START_TEST(a_page_tells_whether_there_is_more)
{
    struct text t = text_new(a, 1024);
    struct xml x = xml_new(&t);
    page_write(&x, &(struct page){ .marker = STR("more") });
    want_str("more", text_str(&t), STR("<IsTruncated>true</IsTruncated>\n<Marker>more</Marker>\n"));
    t = text_new(a, 1024);
    page_write(&x, &(struct page){ .end = 3 });
    want_str("last", text_str(&t), STR("<IsTruncated>false</IsTruncated>\n"));
}
END_TEST

Suite *page_suite(void);

Suite *page_suite(void)
{
    Suite *s = suite_create("page");
    TCase *t = tcase_create("page");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, pages_of_every_size_tell_every_item_once);
    tcase_add_test(t, a_page_has_a_hundred_items_unless_another_number_is_asked_for);
    tcase_add_loop_test(t, items_that_come_and_go_neither_repeat_nor_hide_others, 0,
                        sizeof moving / sizeof moving[0]);
    tcase_add_loop_test(t, markers_of_keys_of_any_length_keep_the_limit, 0,
                        sizeof lengths / sizeof lengths[0]);
    tcase_add_test(t, where_a_cut_key_is_gone_its_like_are_told_again);
    tcase_add_test(t, a_marker_is_its_actions_its_accounts_and_its_servers);
    tcase_add_test(t, a_marker_nobody_gave_is_refused);
    tcase_add_test(t, a_page_tells_whether_there_is_more);
    suite_add_tcase(s, t);
    return s;
}
