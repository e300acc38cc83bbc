#include "fakests/actions/simulate.h"

#include "fakests/iam/arn.h"
#include "fakests/policy/match.h"

/*
 * Policies that a simulation of a role or user leaves out: "Syntactically invalid identifiers, such
 * as malformed ARNs or wildcards in disallowed positions, cause the request to fail with an
 * InvalidInput error.  Syntactically valid identifiers that don't match any attached policy are
 * ignored" (API reference, PolicyExclusionList).
 */

#define TYPES  "inline, aws-managed, user-managed, permission-boundary, scp, rcp"
#define OWNERS "user, group, role"

static const struct param inline_rows[] = {
    IAM_NAME("PolicyName", 128, REQUIRED, struct simulate_exclusion, name),
    IAM_ENUM("AttachmentType", OWNERS, REQUIRED, struct simulate_exclusion, owner_type),
    IAM_TEXT("AttachmentName", 1, 128, NULL, REQUIRED, struct simulate_exclusion, owner),
    PARAM_END,
};

const struct param simulate_exclude_rows[] = {
    IAM_ENUM("PolicyType", TYPES, OPTIONAL, struct simulate_exclusion, type),
    IAM_ARN("PolicyArn", OPTIONAL, struct simulate_exclusion, arn),
    { .name = "InlinePolicyIdentifier", .type = PARAM_STRUCT, .members = inline_rows },
    PARAM_END,
};

static const struct simulate_exclusion *items(const struct param_structs *list)
{
    return list->items;
}

/* ---- judging ---- */

/* "at most one * [...], and any number of ?". */
static bool wildcards_fit(struct str s)
{
    size_t first = str_find(s, '*');
    return first == s.n || str_find(str_sub(s, first + 1, s.n), '*') == s.n - first - 1;
}

static bool has_wildcard(struct str s)
{
    return str_find(s, '*') < s.n || str_find(s, '?') < s.n;
}

/* arn:aws:iam::123456789012:policy/path/Name, wildcards behind "policy/" alone. */
static bool arn_fits(struct str text)
{
    struct arn arn;
    if (!arn_read(text, &arn) || !str_eq(arn.service, STR("iam")) || arn.region.n ||
        has_wildcard(arn.partition))
        return false;
    if (!arn_account_valid(arn.account) && !str_eq(arn.account, STR("aws")))
        return false;
    struct str name = arn.resource;
    return str_eq(str_cut(&name, '/'), STR("policy")) && name.n && wildcards_fit(name);
}

static struct outcome judge(struct call *c, const struct simulate_exclusion *e)
{
    int n = (e->type.p != NULL) + (e->arn.p != NULL) + (e->name.p != NULL);
    if (n != 1)
        return simulate_refuse(c, "A policy identifier must specify exactly one of PolicyType, "
                                  "PolicyArn, or InlinePolicyIdentifier.");
    if (e->arn.p && !arn_fits(e->arn))
        return simulate_refuse(c, "Invalid policy ARN in the policy exclusion list: %.*s",
                               STR_ARG(e->arn));
    if (e->name.p && !wildcards_fit(e->owner))
        return simulate_refuse(c, "Invalid attachment name in the policy exclusion list: %.*s",
                               STR_ARG(e->owner));
    return OK;
}

struct outcome simulate_exclude_judge(struct call *c, const struct param_structs *exclusions)
{
    for (size_t i = 0; i < exclusions->n; i++)
        TRY(judge(c, &items(exclusions)[i]));
    return OK;
}

/* ---- matching ---- */

static bool is_type(const struct param_structs *exclusions, struct str type)
{
    for (size_t i = 0; i < exclusions->n; i++)
        if (str_eq(items(exclusions)[i].type, type))
            return true;
    return false;
}

static bool matches(struct call *c, struct str pattern, struct str text)
{
    return match_like(match_compile(c->arena, pattern), text);
}

bool simulate_exclude_inline(struct call *c, const struct param_structs *exclusions,
                             const struct simulate_source *source, struct str name)
{
    if (is_type(exclusions, STR("inline")))
        return true;
    for (size_t i = 0; i < exclusions->n; i++) {
        const struct simulate_exclusion *e = &items(exclusions)[i];
        if (e->name.p && str_eq(e->name, name) && str_eq(e->owner_type, str_of(source->word)) &&
            matches(c, e->owner, source->name))
            return true;
    }
    return false;
}

bool simulate_exclude_attached(struct call *c, const struct param_structs *exclusions,
                               struct str arn)
{
    bool aws = str_starts(arn, STR("arn:aws:iam::aws:"));
    if (is_type(exclusions, aws ? STR("aws-managed") : STR("user-managed")))
        return true;
    for (size_t i = 0; i < exclusions->n; i++) {
        const struct simulate_exclusion *e = &items(exclusions)[i];
        if (e->arn.p && matches(c, e->arn, arn))
            return true;
    }
    return false;
}

bool simulate_exclude_boundary(const struct param_structs *exclusions)
{
    return is_type(exclusions, STR("permission-boundary"));
}
