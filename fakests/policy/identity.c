#include "fakests/policy/identity.h"

#include "base/map.h"
#include "fakests/policy/condition.h"
#include "fakests/policy/element.h"
#include "fakests/policy/resource.h"

#define OF(table) (sizeof(table) / sizeof(table)[0])

struct checking {
    struct arena *arena;
    struct why *why; /* of the check that runs */
    const struct json_at *root;
    enum identity_kind kind;
    struct policy *policy; /* once it is compiled */
};

/* Runs it for each statement. */
static struct outcome
each(struct checking *c, struct outcome (*run)(struct checking *c, const struct json_at *statement))
{
    struct json_at list;
    if (!json_at_member(c->root, "Statement", &list))
        return OK;
    if (!json_is_array(list.value))
        return run(c, &list);
    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct json_at item = json_at_item(&list, i);
        TRY(run(c, &item));
    }
    return OK;
}

/* ---- "Syntax errors in policy." ---- */

static struct outcome is_string(struct checking *c, const struct json_at *at, const char *key)
{
    struct json_at member;
    struct str text;
    return json_at_member(at, key, &member) ? json_want_str(&member, c->why, &text) : OK;
}

static struct outcome is_strings(struct checking *c, const struct json_at *at, const char *key)
{
    struct json_at member;
    struct element_list list;
    if (!json_at_member(at, key, &member))
        return OK;
    return element_strings(c->arena, c->why, &member, ELEMENT_STRINGS, &list);
}

static struct outcome not_both(struct checking *c, const struct json_at *at, const char *plain,
                               const char *negated)
{
    struct json_at one, other;
    if (json_at_member(at, plain, &one) && json_at_member(at, negated, &other))
        return json_fail(&other, c->why, FAULT_POLICY_MALFORMED,
                         "a statement has %s or %s, not both", plain, negated);
    return OK;
}

static struct outcome effect_is(struct checking *c, const struct json_at *at,
                                bool (*equal)(struct str, struct str))
{
    struct json_at member;
    struct str effect;
    if (!json_at_member(at, "Effect", &member))
        return json_fail(at, c->why, FAULT_POLICY_MALFORMED, "the statement has no Effect");
    TRY(json_want_str(&member, c->why, &effect));
    if (equal(effect, STR("Allow")) || equal(effect, STR("Deny")))
        return OK;
    return json_fail(&member, c->why, FAULT_POLICY_MALFORMED,
                     "Effect is to be \"Allow\" or \"Deny\", in that spelling");
}

static struct outcome condition_is(struct checking *c, const struct json_at *at,
                                   bool strict_literals)
{
    struct json_at member;
    struct condition_list list;
    struct condition_rules rules = { .variables = true, .strict_literals = strict_literals };
    if (!json_at_member(at, "Condition", &member))
        return OK;
    return condition_read(c->arena, c->why, &member, rules, &list);
}

static const struct str statement_elements[] = {
    STR_INIT("Sid"),          STR_INIT("Effect"),      STR_INIT("Principal"),
    STR_INIT("NotPrincipal"), STR_INIT("Action"),      STR_INIT("NotAction"),
    STR_INIT("Resource"),     STR_INIT("NotResource"), STR_INIT("Condition"),
};

static struct outcome statement_syntax(struct checking *c, const struct json_at *at)
{
    static const char *const lists[] = { "Action", "NotAction", "Resource", "NotResource" };
    TRY(element_want_members(at, c->why, "a statement", statement_elements,
                             OF(statement_elements)));
    TRY(is_string(c, at, "Sid"));
    TRY(effect_is(c, at, str_eq_nocase));
    for (size_t i = 0; i < OF(lists); i++)
        TRY(is_strings(c, at, lists[i]));
    TRY(not_both(c, at, "Action", "NotAction"));
    TRY(not_both(c, at, "Resource", "NotResource"));
    return condition_is(c, at, false);
}

static const struct str document_elements[] = {
    STR_INIT("Version"),
    STR_INIT("Id"),
    STR_INIT("Statement"),
};

static bool version_is(const struct json_at *at, struct str wanted)
{
    struct json_at member;
    return json_at_member(at, "Version", &member) && str_eq(json_str(member.value), wanted);
}

static struct outcome syntax(struct checking *c)
{
    struct json_at member;
    TRY(element_want_members(c->root, c->why, "a policy", document_elements,
                             OF(document_elements)));
    TRY(is_string(c, c->root, "Id"));
    if (json_at_member(c->root, "Version", &member) && !version_is(c->root, STR("2012-10-17")) &&
        !version_is(c->root, STR("2008-10-17")))
        return json_fail(&member, c->why, FAULT_POLICY_MALFORMED,
                         "Version is to be \"2012-10-17\": it is the policy language's, not the "
                         "policy's");
    if (!json_at_member(c->root, "Statement", &member) ||
        (json_is_array(member.value) && !json_array_size(member.value)))
        return json_fail(c->root, c->why, FAULT_POLICY_MALFORMED, "the policy has no statement");
    return each(c, statement_syntax);
}

/* ---- the version ---- */

static struct outcome version(struct checking *c)
{
    if (c->kind == IDENTITY_INLINE || version_is(c->root, STR("2012-10-17")))
        return OK;
    return json_fail(c->root, c->why, FAULT_POLICY_MALFORMED,
                     "a managed policy is to say \"Version\": \"2012-10-17\"");
}

/* ---- resources ---- */

/* The statement's resources, or those it excepts; none when it has neither. */
static struct outcome resources_of(struct checking *c, const struct json_at *at,
                                   struct json_at *member, struct element_list *list)
{
    *list = (struct element_list){ 0 };
    if (!json_at_member(at, "Resource", member) && !json_at_member(at, "NotResource", member))
        return OK;
    return element_strings(c->arena, c->why, member, ELEMENT_STRINGS, list);
}

static struct outcome resource_format(struct checking *c, const struct json_at *at)
{
    struct json_at member;
    struct element_list list;
    TRY(resources_of(c, at, &member, &list));
    for (size_t i = 0; i < list.n; i++) {
        struct json_at item = json_is_array(member.value) ? json_at_item(&member, i) : member;
        struct str aws = resource_fault(c->arena, list.texts[i]);
        if (aws.n)
            return element_refuse(&item, c->why, aws, "\"%.*s\" is no resource's ARN",
                                  STR_ARG(str_sub(list.texts[i], 0, 200)));
    }
    return OK;
}

static struct outcome resource_formats(struct checking *c)
{
    return each(c, resource_format);
}

/* ---- "The policy failed legacy parsing" ---- */

/* A spelling of Effect, or a literal, that no evaluation could read. */
static struct outcome statement_legacy(struct checking *c, const struct json_at *at)
{
    TRY(effect_is(c, at, str_eq));
    return condition_is(c, at, true);
}

static struct outcome resource_legacy(struct checking *c, const struct json_at *at)
{
    struct json_at member;
    struct element_list list;
    TRY(resources_of(c, at, &member, &list));
    for (size_t i = 0; i < list.n; i++)
        if (!resource_fault(c->arena, list.texts[i]).n && !resource_parses(list.texts[i]))
            return json_fail(&member, c->why, FAULT_POLICY_MALFORMED,
                             "\"%.*s\" is to have six parts between colons",
                             STR_ARG(str_sub(list.texts[i], 0, 200)));
    return OK;
}

static struct outcome legacy(struct checking *c)
{
    TRY(each(c, statement_legacy));
    return each(c, resource_legacy);
}

/* ---- statement ids ---- */

static struct outcome sids(struct checking *c)
{
    struct json_at list;
    struct map seen = map_new(c->arena);
    if (!json_at_member(c->root, "Statement", &list) || !json_is_array(list.value))
        return OK;
    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct json_at item = json_at_item(&list, i), sid;
        if (!json_at_member(&item, "Sid", &sid) || !json_str(sid.value).n)
            continue;
        if (map_get(&seen, json_str(sid.value)))
            return json_fail(&sid, c->why, FAULT_POLICY_MALFORMED,
                             "another statement has this Sid already");
        map_put(&seen, json_str(sid.value), sid.value);
    }
    return OK;
}

/* ---- what a statement has to have ---- */

static bool has_some(const struct json_at *at, const char *key)
{
    struct json_at member;
    return json_at_member(at, key, &member) &&
           !(json_is_array(member.value) && !json_array_size(member.value));
}

static struct outcome has_actions(struct checking *c, const struct json_at *at)
{
    if (has_some(at, "Action") || has_some(at, "NotAction"))
        return OK;
    return json_fail(at, c->why, FAULT_POLICY_MALFORMED, "the statement names no action");
}

static struct outcome actions_exist(struct checking *c)
{
    return each(c, has_actions);
}

static struct outcome has_resources(struct checking *c, const struct json_at *at)
{
    if (has_some(at, "Resource") || has_some(at, "NotResource"))
        return OK;
    return json_fail(at, c->why, FAULT_POLICY_MALFORMED, "the statement names no resource");
}

static struct outcome resources_exist(struct checking *c)
{
    return each(c, has_resources);
}

static struct outcome has_no_principal(struct checking *c, const struct json_at *at)
{
    struct json_at member;
    if (!json_at_member(at, "Principal", &member) && !json_at_member(at, "NotPrincipal", &member))
        return OK;
    return json_fail(&member, c->why, FAULT_POLICY_MALFORMED,
                     "an identity policy names nobody: it is about whom it is attached to");
}

static struct outcome no_principals(struct checking *c)
{
    return each(c, has_no_principal);
}

/* What is left, the actions' services among it, and the compiled policy. */
static struct outcome compile(struct checking *c)
{
    return policy_read(c->arena, c->why, c->root, POLICY_IDENTITY, &c->policy);
}

/*
 * In IAM's order, as far as it was observed with documents that break two rules at once; where the
 * principal and the resources' formats stand is inferred.
 */
static const struct {
    struct outcome (*run)(struct checking *c);
    const char *aws; /* NULL: as the check has it */
} checks[] = {
    { syntax, "Syntax errors in policy." },
    { version, "Policy document must be version 2012-10-17 or greater." },
    { no_principals, "Policy document should not specify a principal." },
    { legacy, "The policy failed legacy parsing" },
    { sids, "Statement IDs (SID) in a single policy must be unique." },
    { actions_exist, "Policy statement must contain actions." },
    { resources_exist, "Policy statement must contain resources." },
    { resource_formats, NULL },
    { compile, NULL },
};

/* The refusal as a policy's, in AWS's words. */
static struct outcome refuse(struct why *why, const struct why *seen, const char *aws)
{
    if (why->fault == FAULT_NONE) {
        *why = *seen;
        why->fault = FAULT_POLICY_MALFORMED;
        if (aws)
            why->arg[0] = str_of(aws);
    }
    return (struct outcome){ FAULT_POLICY_MALFORMED };
}

struct outcome identity_read(struct arena *a, struct why *why, struct str name, struct str document,
                             enum identity_kind kind, struct policy **out, struct str *text)
{
    struct json_doc *doc;
    struct why seen = why_new(a);
    if (failed(json_load(a, &seen, name, document, JSON_DUPLICATES_REFUSED, &doc)))
        return refuse(why, &seen, checks[0].aws);
    struct json_at root = json_at_root(doc);
    struct checking c = { .arena = a, .why = &seen, .root = &root, .kind = kind };
    for (size_t i = 0; i < OF(checks); i++)
        if (failed(checks[i].run(&c)))
            return refuse(why, &seen, checks[i].aws);
    *out = c.policy;
    *text = json_text(a, root.value);
    return OK;
}
