#include "cli/serving.h"

#include <arpa/inet.h>
#include <netinet/in.h>

bool serving_is_loopback(const char *address)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, address, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET;
    return inet_pton(AF_INET6, address, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

struct str serving_url(struct arena *a, const char *address, unsigned port)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, address, &v4) == 1 && v4.s_addr == htonl(INADDR_ANY))
        address = "127.0.0.1";
    else if (inet_pton(AF_INET6, address, &v6) == 1 && IN6_IS_ADDR_UNSPECIFIED(&v6))
        address = "::1";
    if (strchr(address, ':'))
        return arena_printf(a, "http://[%s]:%u", address, port);
    return arena_printf(a, "http://%s:%u", address, port);
}

/* What a request that comes at once must find set. */
struct place {
    struct arena *arena;
    struct world *world;
    const char *address;
    struct str url;
};

static void bound(void *context, unsigned port)
{
    struct place *p = context;
    p->url = serving_url(p->arena, p->address, port);
    world_set_base_url(p->world, p->url);
    world_set_wide(p->world, !serving_is_loopback(p->address));
}

struct outcome serving_start(struct arena *a, struct why *why, struct world *world,
                             const char *address, unsigned port, struct serving *out)
{
    struct place place = { .arena = a, .world = world, .address = address };
    const struct http_server_options options = {
        .address = address,
        .port = port,
        .body_bytes_max = world_body_bytes_max,
        .handle = world_handle,
        .context = world,
        .bound = bound,
        .bound_context = &place,
    };
    struct serving s;

    TRY(http_server_start(why, &options, &s.server));
    s.url = place.url;
    *out = s;
    return OK;
}
