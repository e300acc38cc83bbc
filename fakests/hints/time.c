#include "fakests/hints/families.h"

#include "base/clock.h"

/* Times: what is wrong here stands in no document. */

enum { TOLERANCE_S = 300 }; /* aws.md section 3 */

static bool claim(const struct hint_case *c, const char *name, int64_t *out)
{
    const json_t *v = json_object_get(c->who->claims, name);
    if (json_is_integer(v)) {
        *out = json_integer_value(v);
        return true;
    }
    return str_to_i64(json_str(v), out);
}

/* "1 h 2 min 5 s", what is none left out. */
static struct str span(struct arena *a, int64_t s)
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = { { 3600, "h" }, { 60, "min" }, { 1, "s" } };
    struct str text = STR("");
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        int64_t n = s / units[i].seconds;
        s %= units[i].seconds;
        if (n || (units[i].seconds == 1 && !text.n))
            text = arena_printf(a, "%.*s%s%lld %s", STR_ARG(text), text.n ? " " : "", (long long)n,
                                units[i].name);
    }
    return text;
}

/* Far enough from the ends for differences not to overflow. */
static bool is_ordinary(int64_t s)
{
    return s > TIME_MIN_S && s < TIME_MAX_S;
}

bool time_expired(const struct hint_case *c, struct hint *out)
{
    int64_t exp_s, iat_s, now_s = c->ask->now_s;
    char exp[TIME_TEXT_BYTES], now[TIME_TEXT_BYTES];
    if (c->fault != FAULT_TOKEN_EXPIRED || !claim(c, "exp", &exp_s) || !is_ordinary(exp_s))
        return false;
    struct str lifetime = STR("");
    if (claim(c, "iat", &iat_s) && is_ordinary(iat_s) && iat_s < exp_s)
        lifetime =
            arena_printf(c->arena, " (it lived %.*s)", STR_ARG(span(c->arena, exp_s - iat_s)));
    out->text = arena_printf(
        c->arena,
        "the token%.*s expired at %s, %.*s before this request at %s, and AWS tolerates %d s: have "
        "the platform make a new one, or set this clock right",
        STR_ARG(lifetime), time_write(exp_s, exp), STR_ARG(span(c->arena, now_s - exp_s)),
        time_write(now_s, now), TOLERANCE_S);
    return true;
}

bool time_skew(const struct hint_case *c, struct hint *out)
{
    bool issued = c->fault == FAULT_TOKEN_FROM_FUTURE;
    const char *name = issued ? "iat" : "nbf";
    int64_t at_s, now_s = c->ask->now_s;
    char at[TIME_TEXT_BYTES], now[TIME_TEXT_BYTES];
    if ((!issued && c->fault != FAULT_TOKEN_NOT_YET_VALID) || !claim(c, name, &at_s) ||
        !is_ordinary(at_s))
        return false;
    out->text = arena_printf(
        c->arena,
        "the token's %s is %s, %.*s after this request at %s, and AWS tolerates %d s: one of the "
        "two clocks, the issuer's or this one, is wrong",
        name, time_write(at_s, at), STR_ARG(span(c->arena, at_s - now_s)), time_write(now_s, now),
        TOLERANCE_S);
    return true;
}
