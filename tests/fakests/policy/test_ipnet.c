#include "fakests/policy/ipnet.h"

#include "base/arena.h"
#include "tests/support/guard.h"
#include "tests/support/runner.h"

#include <arpa/inet.h>

Suite *ipnet_suite(void);

enum answer { IN, OUT, BAD_NETWORK, BAD_ADDRESS };

static const struct {
    const char *name, *network, *address;
    enum answer answer;
} rows[] = {
    { "the first address", "192.0.2.0/24", "192.0.2.0", IN },
    { "the last address", "192.0.2.0/24", "192.0.2.255", IN },
    { "the next network", "192.0.2.0/24", "192.0.3.0", OUT },
    { "host bits of IPv4 are ignored", "192.0.2.5/24", "192.0.2.1", IN },
    { "a prefix within a byte", "192.0.2.0/31", "192.0.2.1", IN },
    { "and beyond it", "192.0.2.0/31", "192.0.2.2", OUT },
    { "no length is one address", "192.0.2.1", "192.0.2.1", IN },
    { "and not its neighbour", "192.0.2.1", "192.0.2.2", OUT },
    { "length 0 is all of IPv4", "192.0.2.0/0", "203.0.113.1", IN },
    { "but nothing of IPv6", "192.0.2.0/0", "2001:db8::1", OUT },
    { "all of IPv6 holds no IPv4", "::/0", "192.0.2.1", OUT },
    { "leading zeros are decimal", "192.000.002.0/24", "192.0.2.010", IN },
    { "in the length as well", "192.0.2.0/024", "192.0.2.1", IN },
    { "a plus before the length", "192.0.2.0/+24", "192.0.2.1", IN },
    { "33 bits are too many", "192.0.2.0/33", "192.0.2.1", BAD_NETWORK },
    { "a negative length", "192.0.2.0/-1", "192.0.2.1", BAD_NETWORK },
    { "no length behind the slash", "192.0.2.0/", "192.0.2.1", BAD_NETWORK },
    { "two slashes", "192.0.2.0/24/24", "192.0.2.1", BAD_NETWORK },
    { "three parts", "192.0.2/24", "192.0.2.1", BAD_NETWORK },
    { "256", "192.0.2.256", "192.0.2.1", BAD_NETWORK },
    { "a sign in a part", "192.0.+2.1", "192.0.2.1", BAD_NETWORK },
    { "a word", "not-an-ip", "192.0.2.1", BAD_NETWORK },
    { "nothing", "", "192.0.2.1", BAD_NETWORK },
    { "a request's word", "192.0.2.0/24", "not-an-ip", BAD_ADDRESS },
    { "a request's nothing", "192.0.2.0/24", "", BAD_ADDRESS },
    { "a request has no length", "192.0.2.0/24", "192.0.2.1/32", BAD_ADDRESS },
    { "a request in one number", "192.0.2.0/24", "3221225985", BAD_ADDRESS },
    { "a request in three parts", "192.0.2.0/24", "192.0.513", BAD_ADDRESS },
    { "a mapped request is IPv4", "192.0.2.0/24", "::ffff:192.0.2.1", IN },
    { "in hexadecimal too", "192.0.2.0/24", "::FFFF:c000:201", IN },
    { "in full too", "192.0.2.0/24", "0:0:0:0:0:ffff:c000:0201", IN },
    { "and so it is in no IPv6 network", "::/0", "::ffff:192.0.2.1", OUT },
    { "a mapped network holds nobody", "::ffff:c000:200/120", "::ffff:c000:201", OUT },
    { "a mapped network in dots is none", "::ffff:192.0.2.0/120", "192.0.2.1", BAD_NETWORK },
    { "a mapped address in dots is none", "::ffff:192.0.2.1", "::ffff:192.0.2.1", BAD_NETWORK },
    { "dots behind other groups are no network", "2001:db8::192.0.2.0/120", "2001:db8::c000:201",
      BAD_NETWORK },
    { "nor an address", "2001:db8::/64", "2001:db8::192.0.2.1", BAD_ADDRESS },
    { "dots behind :: neither", "::/0", "::192.0.2.1", BAD_ADDRESS },
    { "all of IPv6", "::/0", "2001:db8::1", IN },
    { "no length is one address of IPv6", "2001:db8::1", "2001:db8::1", IN },
    { "and not its neighbour", "2001:db8::1", "2001:db8::2", OUT },
    { "the last of a /64", "2001:db8::/64", "2001:db8:0:0:ffff:ffff:ffff:ffff", IN },
    { "the next /64", "2001:db8::/64", "2001:db8:0:1::", OUT },
    { "a /127", "2001:db8::4/127", "2001:db8::5", IN },
    { "beyond a /127", "2001:db8::4/127", "2001:db8::6", OUT },
    { "capitals and zeros", "2001:DB8::/064", "2001:0db8:0000:0000:0000:0000:0000:0001", IN },
    { "host bits of IPv6 spoil the network", "2001:db8::5/64", "2001:db8::5", BAD_NETWORK },
    { "even before length 0", "2001:db8::1/0", "2001:db8::1", BAD_NETWORK },
    { "even one", "2001:db8::5/127", "2001:db8::5", BAD_NETWORK },
    { "129 bits are too many", "2001:db8::/129", "2001:db8::1", BAD_NETWORK },
    { "a third colon is not seen", "2001:db8:::1/128", "2001:db8::1", IN },
    { "in a request neither", "2001:db8::1/128", "2001:db8:::1", IN },
    { "nor one at the end", "2001:db8::1/128", "2001:db8::1:", IN },
    { "nor behind all eight groups", "2001:db8::1/128", "2001:db8:0:0:0:0:0:1:", IN },
    { "three colons alone are ::", "::/0", ":::", IN },
    { "one in front is a group of zero", "0:2001:db8::1/128", ":2001:db8::1", IN },
    { "and so another address", "2001:db8::1/128", ":2001:db8::1", OUT },
    { "four colons", "::/0", "2001:db8::::1", BAD_ADDRESS },
    { "two gaps", "::/0", "2001::db8::1", BAD_ADDRESS },
    { "two gaps, one wider", "::/0", "2001::db8:::1", BAD_ADDRESS },
    { "a gap before dots", "::/0", "::ffff:::192.0.2.1", BAD_ADDRESS },
    { "a zone", "::/0", "fe80::1%1", BAD_ADDRESS },
    { "brackets", "::/0", "[2001:db8::1]", BAD_ADDRESS },
    { "five digits in a group", "::/0", "2001:0db80::1", BAD_ADDRESS },
    { "seven groups", "::/0", "1:2:3:4:5:6:7", BAD_ADDRESS },
    { "nine groups", "::/0", "1:2:3:4:5:6:7:8:9", BAD_ADDRESS },
    { "eight groups and a gap", "::/0", "1:2:3:4::5:6:7:8", BAD_ADDRESS },
    { "seven groups and a gap", "::/0", "1:2:3:4:5:6:7::", IN },
    { "a colon", "::/0", ":", BAD_ADDRESS },
    { "no hexadecimal", "::/0", "2001:db8::g", BAD_ADDRESS },
};

START_TEST(answers)
{
    struct ipnet network, address;
    enum answer got = !ipnet_read_network(guarded(str_of(rows[_i].network)), &network) ? BAD_NETWORK
                      : !ipnet_read_address(guarded(str_of(rows[_i].address)), &address)
                          ? BAD_ADDRESS
                      : ipnet_holds(&network, &address) ? IN
                                                        : OUT;
    ck_assert_msg(got == rows[_i].answer, "%s: %d", rows[_i].name, got);
}
END_TEST

/* What inet_pton takes, it takes alike (dotted tails aside, which are tested above). */
START_TEST(agrees_with_inet_pton)
{
    static const char letters[] = "1f::";
    char text[16];
    unsigned char slow[16];
    for (size_t k = 0; k < 4 * 4 * 4 * 4 * 4 * 4 * 4; k++) {
        size_t n = 0, rest = k;
        for (; n < 7; n++, rest /= 4)
            text[n] = letters[rest % 4];
        text[n] = '\0';
        struct ipnet got;
        if (inet_pton(AF_INET6, text, slow) != 1)
            continue;
        if (!ipnet_read_network(str_of(text), &got) || memcmp(got.bytes, slow, 16) != 0)
            ck_abort_msg("%s", text);
    }
}
END_TEST

/* Every length against a bit-by-bit comparison. */
START_TEST(prefixes_agree_with_the_oracle)
{
    struct arena *a = arena_new();
    struct ipnet network, address;
    for (unsigned x = 0; x < 256; x += 5)
        for (unsigned y = 0; y < 256; y += 3)
            for (int length = 8; length <= 32; length++) {
                bool same = true;
                unsigned p = 10u << 24 | x << 16 | x, q = 10u << 24 | x << 16 | y;
                for (int bit = 0; bit < length; bit++)
                    same = same && (p >> (31 - bit) & 1) == (q >> (31 - bit) & 1);
                if (!ipnet_read_network(arena_printf(a, "10.%u.0.%u/%d", x, x, length), &network) ||
                    !ipnet_read_address(arena_printf(a, "10.%u.0.%u", x, y), &address) ||
                    ipnet_holds(&network, &address) != same)
                    ck_abort_msg("10.%u.0.%u/%d and .%u", x, x, length, y);
                arena_reset(a);
            }
    arena_free(a);
}
END_TEST

Suite *ipnet_suite(void)
{
    Suite *s = suite_create("ipnet");
    TCase *t = tcase_create("ipnet");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, answers, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(t, agrees_with_inet_pton);
    tcase_add_test(t, prefixes_agree_with_the_oracle);
    suite_add_tcase(s, t);
    return s;
}
