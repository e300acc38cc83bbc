#include "fakests/policy/service.h"

#include "fakests/policy/compiled.h"
#include "fakests/policy/match.h"

#include "base/encode.h"

/* ---- patterns over patterns ---- */

static unsigned char byte_at(struct str s, size_t i)
{
    return (unsigned char)s.p[i];
}

/*
 * Where what a '?' stands for ends: one UTF-16 unit, of which a character of four bytes has two, or
 * the pattern's own '?'.  A '*' is no unit: its place is where it stands.
 */
static size_t after_unit(struct str s, size_t at)
{
    unsigned char c = byte_at(s, at);
    size_t n = c == MATCH_ANY ? 0 : c < 0x80 || c == MATCH_ONE ? 1 : c >= 0xE0 && c < 0xF0 ? 3 : 2;
    return n < s.n - at ? at + n : s.n;
}

/* As match_like, with the pattern's wildcards as two more letters, that only '*' and, of the one
 * for a unit, '?' stand for. */
bool service_covers(struct str cover, struct str pattern)
{
    const size_t none = (size_t)-1;
    size_t c = 0, p = 0, star = none, retry = 0;
    while (p < pattern.n) {
        bool more = c < cover.n;
        if (more && byte_at(cover, c) == MATCH_ANY) {
            star = ++c;
            retry = p;
        } else if (more && byte_at(cover, c) == MATCH_ONE && after_unit(pattern, p) > p) {
            p = after_unit(pattern, p);
            c++;
        } else if (more && byte_at(cover, c) != MATCH_ONE &&
                   byte_at(cover, c) == byte_at(pattern, p)) {
            p++;
            c++;
        } else if (star == none) {
            return false;
        } else {
            size_t next = after_unit(pattern, retry);
            retry = next > retry ? next : retry + 1;
            p = retry;
            c = star;
        }
    }
    while (c < cover.n && byte_at(cover, c) == MATCH_ANY)
        c++;
    return c == cover.n;
}

static bool any_covers(const struct str *covers, size_t n, struct str pattern)
{
    for (size_t i = 0; i < n; i++)
        if (service_covers(covers[i], pattern))
            return true;
    return false;
}

/* ---- a statement, as patterns ---- */

struct reach {
    struct str *actions, *resources; /* compiled; actions in lower case */
    size_t n_actions, n_resources;
};

/* The part of an action's pattern that lies in the service: all of it for "*"; false: none. */
static bool within(struct arena *a, struct str pattern, struct str service, struct str *out)
{
    struct str name = ascii_lower(a, pattern);
    struct str of = str_cut(&name, ':');
    if (!match_like(of, service))
        return false;
    static const char any = (char)MATCH_ANY;
    struct str rest = of.n == pattern.n ? str_n(&any, 1) : name;
    *out = arena_join(a, service, STR(":"), rest);
    return true;
}

/* What NotAction leaves of the service: all or, where it names any of it, nothing that is sure. */
static void actions_of(struct arena *a, const struct compiled_statement *s, struct str service,
                       struct reach *out)
{
    out->actions = arena_array(a, struct str, s->n_actions + 1);
    for (size_t i = 0; i < s->n_actions; i++)
        out->n_actions += within(a, s->actions[i].pattern, service, &out->actions[out->n_actions]);
    if (!s->not_action)
        return;
    struct str all = match_compile(a, arena_join(a, service, STR(":*")));
    bool left = s->allow ? !any_covers(out->actions, out->n_actions, all) : !out->n_actions;
    out->actions[0] = all;
    out->n_actions = left;
}

/* Variables are text here: they are the same in an Allow and in a Deny. */
static void resources_of(struct arena *a, const struct compiled_statement *s, struct reach *out)
{
    out->resources = arena_array(a, struct str, s->n_resources + 1);
    for (size_t i = 0; i < s->n_resources; i++)
        out->resources[i] = match_compile(a, s->resources[i].text);
    out->n_resources = s->n_resources;
    if (!s->not_resource)
        return;
    out->resources[0] = match_compile(a, STR("*"));
    out->n_resources = s->allow;
}

static struct reach reach_of(struct arena *a, const struct compiled_statement *s,
                             struct str service)
{
    struct reach reach = { .n_actions = 0 };
    actions_of(a, s, service, &reach);
    resources_of(a, s, &reach);
    return reach;
}

/* ---- the policy ---- */

struct denials {
    const struct reach *items;
    size_t n;
};

static bool taken_back(const struct denials *d, struct str action, struct str resource)
{
    for (size_t i = 0; i < d->n; i++)
        if (any_covers(d->items[i].actions, d->items[i].n_actions, action) &&
            any_covers(d->items[i].resources, d->items[i].n_resources, resource))
            return true;
    return false;
}

static bool grants(const struct reach *r, const struct denials *d)
{
    for (size_t i = 0; i < r->n_actions; i++)
        for (size_t j = 0; j < r->n_resources; j++)
            if (!taken_back(d, r->actions[i], r->resources[j]))
                return true;
    return false;
}

bool service_granted(struct arena *a, const struct policy *p, struct str service)
{
    struct reach *items = arena_array(a, struct reach, p->n_statements);
    struct denials denials = { items, 0 };
    struct str folded = ascii_lower(a, service);
    for (size_t i = 0; i < p->n_statements; i++)
        if (!p->statements[i].allow && !p->statements[i].conditions.n)
            items[denials.n++] = reach_of(a, &p->statements[i], folded);
    for (size_t i = 0; i < p->n_statements; i++) {
        if (!p->statements[i].allow)
            continue;
        struct reach reach = reach_of(a, &p->statements[i], folded);
        if (grants(&reach, &denials))
            return true;
    }
    return false;
}
