#include "fakests/policy/arnlike.h"

#include "fakests/policy/match.h"

static bool split(struct str s, struct arnlike *out)
{
    struct arnlike arn;
    for (size_t i = 0; i + 1 < ARNLIKE_PARTS; i++) {
        if (str_find(s, ':') == s.n)
            return false;
        arn.part[i] = str_cut(&s, ':');
    }
    arn.part[ARNLIKE_PARTS - 1] = s;
    *out = arn;
    return true;
}

bool arnlike_read(struct str s, struct arnlike *out)
{
    return str_starts(s, STR("arn:")) && split(s, out);
}

bool arnlike_read_pattern(struct str compiled, struct arnlike *out)
{
    struct arnlike arn;
    if (!split(compiled, &arn) || !match_like(arn.part[0], STR("arn")))
        return false;
    *out = arn;
    return true;
}

bool arnlike_matches(const struct arnlike *pattern, const struct arnlike *arn)
{
    for (size_t i = 0; i < ARNLIKE_PARTS; i++)
        if (!match_like(pattern->part[i], arn->part[i]))
            return false;
    return true;
}
