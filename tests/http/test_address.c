#include "http/address.h"
#include "tests/support/guard.h"
#include "tests/support/runner.h"

static const struct {
    const char *name;
    struct str text;
    const char *address; /* NULL: refused */
    unsigned port;
} cases[] = {
    { "an IPv4 address and a port", STR_INIT("127.0.0.1:4580"), "127.0.0.1", 4580 },
    { "port 0 means any", STR_INIT("127.0.0.1:0"), "127.0.0.1", 0 },
    { "the highest port", STR_INIT("0.0.0.0:65535"), "0.0.0.0", 65535 },
    { "an IPv6 address in brackets", STR_INIT("[::1]:0"), "::1", 0 },
    { "no host means 127.0.0.1", STR_INIT(":4580"), "127.0.0.1", 4580 },
    { "localhost means 127.0.0.1", STR_INIT("localhost:4580"), "127.0.0.1", 4580 },
    { "localhost in any case", STR_INIT("LocalHost:1"), "127.0.0.1", 1 },
    { "a port alone is refused", STR_INIT("4580"), NULL, 0 },
    { "nothing is refused", STR_INIT(""), NULL, 0 },
    { "a colon alone is refused", STR_INIT(":"), NULL, 0 },
    { "no port is refused", STR_INIT("127.0.0.1:"), NULL, 0 },
    { "a port too high is refused", STR_INIT("127.0.0.1:65536"), NULL, 0 },
    { "a port of many digits is refused", STR_INIT("127.0.0.1:4294967296"), NULL, 0 },
    { "a signed port is refused", STR_INIT("127.0.0.1:+80"), NULL, 0 },
    { "a negative port is refused", STR_INIT("127.0.0.1:-1"), NULL, 0 },
    { "a port with a space is refused", STR_INIT("127.0.0.1: 80"), NULL, 0 },
    { "a named port is refused", STR_INIT("127.0.0.1:http"), NULL, 0 },
    { "other names are refused", STR_INIT("example.com:80"), NULL, 0 },
    { "a short IPv4 address is refused", STR_INIT("127.1:80"), NULL, 0 },
    { "an IPv6 address without brackets is refused", STR_INIT("::1:80"), NULL, 0 },
    { "an IPv4 address in brackets is refused", STR_INIT("[127.0.0.1]:80"), NULL, 0 },
    { "an open bracket is refused", STR_INIT("[::1:80"), NULL, 0 },
    { "empty brackets are refused", STR_INIT("[]:80"), NULL, 0 },
    { "one bracket is refused", STR_INIT("[:80"), NULL, 0 },
    { "a URL is refused", STR_INIT("http://127.0.0.1:80"), NULL, 0 },
    { "a NUL is refused", STR_INIT("127.0.0.1\0x:80"), NULL, 0 },
};

START_TEST(reads_as_documented)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    const char *address = "untouched";
    unsigned port = 77;
    const struct outcome o = http_address_read(a, &why, guarded(cases[_i].text), &address, &port);
    if (cases[_i].address) {
        ck_assert_msg(!failed(o), "%.*s", STR_ARG(why.detail));
        ck_assert_str_eq(address, cases[_i].address);
        ck_assert_uint_eq(port, cases[_i].port);
    } else {
        ck_assert_int_eq(o.fault, FAULT_ADDRESS_INVALID);
        ck_assert_str_eq(address, "untouched");
        ck_assert_uint_eq(port, 77);
        ck_assert(str_find(cases[_i].text, '\0') < cases[_i].text.n ||
                  str_contains(why.detail, cases[_i].text));
    }
    arena_free(a);
}
END_TEST

Suite *address_suite(void);
Suite *address_suite(void)
{
    Suite *s = suite_create("address");
    TCase *c = tcase_create("address");
    tcase_add_loop_test(c, reads_as_documented, 0, (int)(sizeof cases / sizeof cases[0]));
    suite_add_tcase(s, c);
    return s;
}
