#include "fakests/policy/ipnet.h"

enum { IPV4_BITS = 32, IPV6_BITS = 128, GROUPS = 8 };

/* Up to three decimal digits a part, leading zeros and all, exactly four parts. */
static bool read_ipv4(struct str s, struct ipnet *out)
{
    struct ipnet ip = { .bits = IPV4_BITS, .prefix = IPV4_BITS };
    size_t points = 0;
    for (size_t i = 0; i < s.n; i++)
        points += s.p[i] == '.';
    if (points != 3)
        return false;
    for (size_t i = 0; i < 4; i++) {
        int64_t value;
        struct str part = str_cut(&s, '.');
        if (part.n > 3 || !part.n || part.p[0] == '+' || part.p[0] == '-' ||
            !str_to_i64(part, &value) || value > 255)
            return false;
        ip.bytes[i] = (unsigned char)value;
    }
    *out = ip;
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
        return (c | 0x20) - 'a' + 10;
    return -1;
}

/* One to four hexadecimal digits. */
static bool read_group(struct str s, unsigned *out)
{
    unsigned value = 0;
    if (s.n > 4)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        int digit = hex_value(s.p[i]);
        if (digit < 0)
            return false;
        value = value * 16 + (unsigned)digit;
    }
    *out = value;
    return true;
}

/*
 * Groups between colons, as a splitter that drops what is empty at the end sees them: one colon too
 * many behind them is not seen, one before them makes a group of zero (observed: 2001:db8::1: is an
 * address, and so is :2001:db8::1, another one).
 */
static bool read_groups(struct str s, unsigned *groups, size_t *n)
{
    *n = 0;
    if (str_ends(s, STR(":")))
        s.n--;
    while (s.n) {
        bool more = str_find(s, ':') < s.n;
        struct str group = str_cut(&s, ':');
        if (*n == GROUPS || (!group.n && *n) || !read_group(group, &groups[*n]))
            return false;
        ++*n;
        if (more && !s.n)
            return false;
    }
    return true;
}

static size_t find_double_colon(struct str s)
{
    for (size_t i = 0; i + 1 < s.n; i++)
        if (s.p[i] == ':' && s.p[i + 1] == ':')
            return i;
    return s.n;
}

static bool read_ipv6(struct str s, struct ipnet *out)
{
    struct ipnet ip = { .bits = IPV6_BITS, .prefix = IPV6_BITS };
    unsigned groups[GROUPS] = { 0 }, tail[GROUPS] = { 0 };
    size_t n, n_tail = 0, gap = find_double_colon(s);
    struct str right = str_sub(s, gap + 2, s.n);

    if (!str_contains(s, STR(":")) || find_double_colon(right) < right.n)
        return false;
    if (!read_groups(str_n(s.p, gap), groups, &n) || !read_groups(right, tail, &n_tail))
        return false;
    if (gap == s.n ? n != GROUPS : n + n_tail >= GROUPS)
        return false;
    for (size_t i = 0; i < n_tail; i++)
        groups[GROUPS - n_tail + i] = tail[i];
    for (size_t i = 0; i < GROUPS; i++) {
        ip.bytes[2 * i] = (unsigned char)(groups[i] >> 8);
        ip.bytes[2 * i + 1] = (unsigned char)(groups[i] & 0xFF);
    }
    *out = ip;
    return true;
}

/* ::ffff:0:0/96 of RFC 4291 2.5.5.2. */
static void unmap(struct ipnet *ip)
{
    static const unsigned char mapped[12] = { [10] = 0xFF, [11] = 0xFF };
    if (ip->bits != IPV6_BITS || memcmp(ip->bytes, mapped, sizeof mapped) != 0)
        return;
    memmove(ip->bytes, ip->bytes + sizeof mapped, 4);
    ip->bits = ip->prefix = IPV4_BITS;
}

bool ipnet_read_address(struct str s, struct ipnet *out)
{
    struct str mapped = STR("::ffff:");
    if (read_ipv4(s, out))
        return true;
    if (str_eq_nocase(str_sub(s, 0, mapped.n), mapped) && read_ipv4(str_sub(s, mapped.n, s.n), out))
        return true;
    if (!read_ipv6(s, out))
        return false;
    unmap(out);
    return true;
}

/* Whether a bit is set behind the prefix. */
static bool has_host_bits(const struct ipnet *ip)
{
    for (int bit = ip->prefix; bit < ip->bits; bit++)
        if (ip->bytes[bit / 8] & (0x80 >> bit % 8))
            return true;
    return false;
}

bool ipnet_read_network(struct str s, struct ipnet *out)
{
    struct ipnet ip;
    bool has_length = str_find(s, '/') < s.n;
    int64_t length;
    struct str address = str_cut(&s, '/');

    if (!read_ipv4(address, &ip) && !read_ipv6(address, &ip))
        return false;
    if (has_length) {
        if (!str_to_i64(s, &length) || length < 0 || length > ip.bits)
            return false;
        ip.prefix = (int)length;
    }
    if (ip.bits == IPV6_BITS && has_host_bits(&ip))
        return false;
    *out = ip;
    return true;
}

bool ipnet_holds(const struct ipnet *network, const struct ipnet *address)
{
    int whole = network->prefix / 8, rest = network->prefix % 8;
    if (network->bits != address->bits ||
        memcmp(network->bytes, address->bytes, (size_t)whole) != 0)
        return false;
    if (!rest)
        return true;
    unsigned mask = (0xFF00u >> rest) & 0xFF;
    return ((network->bytes[whole] ^ address->bytes[whole]) & mask) == 0;
}
