#include "http/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

enum { PORT_DIGITS_MAX = 5, PORT_MAX = 65535, TEXT_SHOWN_MAX = 80 };

static bool read_port(struct str s, unsigned *out)
{
    unsigned value = 0;
    if (s.n == 0 || s.n > PORT_DIGITS_MAX)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        value = value * 10 + (unsigned)(s.p[i] - '0');
    }
    if (value > PORT_MAX)
        return false;
    *out = value;
    return true;
}

static bool numeric(struct arena *a, int family, struct str host, const char **out)
{
    struct in6_addr ignored; /* the larger of the two */
    const char *text = arena_cstr(a, host);
    if (str_find(host, '\0') < host.n || inet_pton(family, text, &ignored) != 1)
        return false;
    *out = text;
    return true;
}

static bool read_host(struct arena *a, struct str host, const char **out)
{
    if (host.n == 0 || str_eq_nocase(host, STR("localhost"))) {
        *out = "127.0.0.1";
        return true;
    }
    if (str_starts(host, STR("[")) && str_ends(host, STR("]")))
        return numeric(a, AF_INET6, str_sub(host, 1, host.n - 2), out);
    return numeric(a, AF_INET, host, out);
}

struct outcome http_address_read(struct arena *a, struct why *why, struct str text,
                                 const char **address, unsigned *port)
{
    const char *host;
    unsigned number;
    size_t colon = text.n;
    while (colon > 0 && text.p[colon - 1] != ':')
        colon--;
    if (colon == 0 || !read_port(str_sub(text, colon, text.n), &number) ||
        !read_host(a, str_n(text.p, colon - 1), &host))
        FAIL(why, ADDRESS_INVALID,
             "\"%.*s\" is not ADDR:PORT: expected 127.0.0.1:4580, [::1]:4580, localhost:4580 or "
             ":4580",
             STR_ARG(str_sub(text, 0, TEXT_SHOWN_MAX)));
    *address = host;
    *port = number;
    return OK;
}
