#include "http/route.h"
#include "tests/support/guard.h"
#include "tests/support/runner.h"

static char *ran_row;
static struct route_match ran;

static void handle(const char *row, const struct route_match *match)
{
    ran_row = (char *)(uintptr_t)row;
    ran = *match;
}

#define ROW(name)                                                                     \
    static void name(void *context, const struct http_request *request,               \
                     const struct route_match *match, struct http_response *response) \
    {                                                                                 \
        ck_assert_ptr_eq(context, &ran);                                              \
        (void)request;                                                                \
        response->status = 200;                                                       \
        handle(#name, match);                                                         \
    }
ROW(root)
ROW(list)
ROW(one)
ROW(make)
ROW(part)
ROW(rest)
ROW(first_of_two)
ROW(second_of_two)
ROW(many)
ROW(head)

static const struct route routes[] = {
    { "GET", "/", root },
    { "GET", "/things", list },
    { "POST", "/things", make },
    { "GET", "/things/{}", one },
    { "GET", "/things/{}/parts/{}", part },
    { "GET", "/rest/{**}", rest },
    { "GET", "/both/{}", first_of_two },
    { "GET", "/both/{**}", second_of_two },
    { "GET", "/{}/{}/many/{**}", many },
    { "HEAD", "/head", head },
    { "GET", "/head", root },
    { NULL, NULL, NULL },
};

static const struct {
    const char *name, *method, *path;
    enum route_result result;
    const char *row;
    const char *captures[ROUTE_CAPTURES_MAX];
} cases[] = {
    { "the root is its own path", "GET", "/", ROUTE_HANDLED, "root", { 0 } },
    { "a path without holes matches itself", "GET", "/things", ROUTE_HANDLED, "list", { 0 } },
    { "a final slash makes another path", "GET", "/things/", ROUTE_NO_PATH, NULL, { 0 } },
    { "a longer segment is another path", "GET", "/thingsx", ROUTE_NO_PATH, NULL, { 0 } },
    { "a shorter segment is another path", "GET", "/thing", ROUTE_NO_PATH, NULL, { 0 } },
    { "case counts", "GET", "/Things", ROUTE_NO_PATH, NULL, { 0 } },
    { "the method picks the row", "POST", "/things", ROUTE_HANDLED, "make", { 0 } },
    { "a method no row has is told from a path no row has",
      "PUT",
      "/things",
      ROUTE_NO_METHOD,
      NULL,
      { 0 } },
    { "methods are upper case", "get", "/things", ROUTE_NO_METHOD, NULL, { 0 } },
    { "HEAD is answered as GET", "HEAD", "/things", ROUTE_HANDLED, "list", { 0 } },
    { "a HEAD row of its own comes first", "HEAD", "/head", ROUTE_HANDLED, "head", { 0 } },
    { "GET passes a HEAD row by", "GET", "/head", ROUTE_HANDLED, "root", { 0 } },
    { "POST is not answered as GET", "POST", "/things/7", ROUTE_NO_METHOD, NULL, { 0 } },
    { "{} takes a segment", "GET", "/things/7", ROUTE_HANDLED, "one", { "7" } },
    { "{} leaves percent signs alone", "GET", "/things/a%2Fb", ROUTE_HANDLED, "one", { "a%2Fb" } },
    { "{} takes no empty segment", "GET", "/things//parts/x", ROUTE_NO_PATH, NULL, { 0 } },
    { "{} takes one segment only", "GET", "/things/7/8", ROUTE_NO_PATH, NULL, { 0 } },
    { "captures come in order", "GET", "/things/7/parts/8", ROUTE_HANDLED, "part", { "7", "8" } },
    { "{**} takes the rest, slashes included",
      "GET",
      "/rest/a/b//c/",
      ROUTE_HANDLED,
      "rest",
      { "a/b//c/" } },
    { "{**} takes an empty rest", "GET", "/rest/", ROUTE_HANDLED, "rest", { "" } },
    { "{**} needs the slash before it", "GET", "/rest", ROUTE_NO_PATH, NULL, { 0 } },
    { "the first row that fits wins", "GET", "/both/x", ROUTE_HANDLED, "first_of_two", { "x" } },
    { "a later row takes what the first does not fit",
      "GET",
      "/both/x/y",
      ROUTE_HANDLED,
      "second_of_two",
      { "x/y" } },
    { "both kinds of holes go together",
      "GET",
      "/a/b/many/c/d",
      ROUTE_HANDLED,
      "many",
      { "a", "b", "c/d" } },
    { "an empty path is no path", "GET", "", ROUTE_NO_PATH, NULL, { 0 } },
    { "a path begins with a slash", "GET", "things", ROUTE_NO_PATH, NULL, { 0 } },
    { "* is no path", "OPTIONS", "*", ROUTE_NO_PATH, NULL, { 0 } },
    { "a doubled slash is another path", "GET", "//things", ROUTE_NO_PATH, NULL, { 0 } },
};

START_TEST(matches_as_documented)
{
    struct arena *arena = arena_new();
    const struct http_request request = { .arena = arena,
                                          .method = guarded(str_of(cases[_i].method)),
                                          .path = guarded(str_of(cases[_i].path)) };
    struct http_response response = { 0 };
    ran_row = NULL;
    ran = (struct route_match){ .n = 0 };
    ck_assert_int_eq(route_run(routes, &ran, &request, &response), cases[_i].result);
    ck_assert_int_eq(response.status, cases[_i].result == ROUTE_HANDLED ? 200 : 0);
    ck_assert_uint_eq(response.n_headers, cases[_i].result == ROUTE_NO_METHOD); /* Allow */
    arena_free(arena);
    if (!cases[_i].row) {
        ck_assert_ptr_null(ran_row);
        return;
    }
    ck_assert_str_eq(ran_row, cases[_i].row);
    for (size_t i = 0; i < ROUTE_CAPTURES_MAX && cases[_i].captures[i]; i++) {
        ck_assert_uint_gt(ran.n, i);
        want_str(cases[_i].name, ran.captures[i], str_of(cases[_i].captures[i]));
    }
    ck_assert(ran.n == ROUTE_CAPTURES_MAX || !cases[_i].captures[ran.n]);
}
END_TEST

START_TEST(headers_are_found_in_any_case)
{
    struct http_header headers[] = {
        { STR("Content-Type"), STR("text/plain") },
        { STR("x-a"), STR("1") },
        { STR("X-A"), STR("2") },
        { STR("x-empty"), STR("") },
    };
    const struct http_request r = { .headers = headers, .n_headers = 4 };
    want_str("the first of two", http_header(&r, "X-a"), STR("1"));
    want_str("another case", http_header(&r, "content-type"), STR("text/plain"));
    ck_assert_ptr_nonnull(http_header(&r, "X-Empty").p);
    ck_assert_ptr_null(http_header(&r, "Content").p);
    ck_assert_ptr_null(http_header(&r, "Content-Types").p);
}
END_TEST

START_TEST(response_headers_are_kept_in_order)
{
    struct http_response r = { 0 };
    http_response_header(&r, STR("a"), STR("1"));
    http_response_header(&r, STR("a"), STR("2"));
    ck_assert_uint_eq(r.n_headers, 2);
    want_str("first", r.headers[0].value, STR("1"));
    want_str("second", r.headers[1].value, STR("2"));
}
END_TEST

Suite *route_suite(void);
Suite *route_suite(void)
{
    Suite *s = suite_create("route");
    TCase *c = tcase_create("route");
    tcase_add_loop_test(c, matches_as_documented, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(c, headers_are_found_in_any_case);
    tcase_add_test(c, response_headers_are_kept_in_order);
    suite_add_tcase(s, c);
    return s;
}
