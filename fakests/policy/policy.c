#include "fakests/policy/compiled.h"

#include "base/encode.h"
#include "base/json_write.h"
#include "base/map.h"
#include "fakests/policy/element.h"
#include "fakests/policy/match.h"

#include <ctype.h>

/* How the kinds differ. */
struct grammar {
    bool who, what; /* statements have Principal; Resource */
    bool strict;    /* literals that no operator can read are refused */
    bool simulated;
};

static const struct grammar grammars[] = {
    [POLICY_TRUST] = { .who = true, .strict = true },
    [POLICY_IDENTITY] = { .what = true, .strict = true },
    [POLICY_SESSION] = { .what = true },
    [POLICY_SIMULATED] = { .what = true, .simulated = true },
    [POLICY_SIMULATED_RESOURCE] = { .who = true, .what = true, .simulated = true },
};

/* What every step of reading needs. */
struct reading {
    struct arena *arena;
    struct why *why;
    const struct grammar *grammar;
    struct condition_rules rules;
    struct map sids; /* of the statements so far */
};

/* ---- elements of a statement ---- */

static struct outcome read_sid(struct reading *r, const struct json_at *at,
                               struct compiled_statement *s)
{
    struct str sid = json_str(at->value);
    if (!json_is_string(at->value))
        return element_refuse(at, r->why, STR(ELEMENT_SYNTAX), "Sid is to be a string, not %s",
                              json_type_name(at->value));
    for (size_t i = 0; i < sid.n; i++)
        if (!isalnum((unsigned char)sid.p[i]) || !isascii(sid.p[i]))
            return element_refuse(at, r->why,
                                  STR("Statement IDs (SID) must be alpha-numeric. Check that your "
                                      "input satisfies the regular expression [0-9A-Za-z]*"),
                                  "a Sid is made of ASCII letters and digits only");
    s->sid = arena_str(r->arena, sid);
    if (sid.n && map_get(&r->sids, s->sid))
        return element_refuse(at, r->why, STR("The Statement Ids in the policy are not unique"),
                              "another statement has the Sid \"%.*s\" already",
                              STR_ARG(str_sub(sid, 0, 100)));
    map_put(&r->sids, s->sid, s);
    return OK;
}

static struct outcome read_effect(struct reading *r, const struct json_at *at,
                                  struct compiled_statement *s)
{
    struct str effect = json_str(at->value);
    s->allow = str_eq(effect, STR("Allow"));
    if (s->allow || str_eq(effect, STR("Deny")))
        return OK;
    if (!json_is_string(at->value))
        return element_refuse(at, r->why, STR(ELEMENT_SYNTAX),
                              "Effect is to be \"Allow\" or \"Deny\", not %s",
                              json_type_name(at->value));
    return element_refuse(at, r->why, STR(ELEMENT_SYNTAX),
                          "Effect is to be \"Allow\" or \"Deny\", in that spelling, not \"%.*s\"",
                          STR_ARG(str_sub(effect, 0, 80)));
}

static bool vendor_char(char c)
{
    return isascii(c) && (isalnum((unsigned char)c) || c == '-' || c == '.');
}

/*
 * "service:Action", with wildcards behind the colon, or "*".  What a trust policy may name is a
 * matter of saving it: another action is never asked for.
 */
static struct outcome check_action(struct reading *r, const struct json_at *at, struct str action)
{
    struct str name = action, vendor = str_cut(&name, ':'), quoted = str_sub(action, 0, 200);
    if (str_eq(action, STR("*")))
        return OK;
    if (vendor.n == action.n)
        return element_refuse(
            at, r->why,
            STR("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, "
                "ec2, etc."),
            "\"%.*s\" is to be \"*\" or to name its service, as in "
            "\"sts:AssumeRoleWithWebIdentity\"",
            STR_ARG(quoted));
    if (str_find(name, ':') < name.n)
        return element_refuse(at, r->why, STR("Actions/Condition can contain only one colon."),
                              "\"%.*s\" has more than one colon", STR_ARG(quoted));
    for (size_t i = 0; i < vendor.n; i++)
        if (!vendor_char(vendor.p[i]) && !str_eq(vendor, STR("*")))
            return element_refuse(
                at, r->why,
                arena_printf(r->arena, "Vendor %.*s is not valid", STR_ARG(str_sub(vendor, 0, 80))),
                "\"%.*s\" names no service", STR_ARG(quoted));
    return OK;
}

static struct outcome read_actions(struct reading *r, const struct json_at *at,
                                   struct compiled_statement *s)
{
    struct element_list list;
    TRY(element_strings(r->arena, r->why, at, ELEMENT_STRINGS, &list));
    if (!list.n)
        return element_refuse(
            at, r->why,
            arena_printf(r->arena, "Missing required field %s cannot be empty!", at->key),
            "an empty list names no action");
    s->actions = arena_array(r->arena, struct compiled_action, list.n);
    s->n_actions = list.n;
    for (size_t i = 0; i < list.n; i++) {
        struct json_at item = json_is_array(at->value) ? json_at_item(at, i) : *at;
        if (r->grammar->what)
            TRY(check_action(r, &item, list.texts[i]));
        s->actions[i].text = list.texts[i];
        s->actions[i].pattern = match_compile(r->arena, list.texts[i]);
    }
    return OK;
}

static struct outcome read_resources(struct reading *r, const struct json_at *at,
                                     struct compiled_statement *s)
{
    unsigned rules = VARIABLE_WILDCARDS | (r->rules.variables ? VARIABLE_SUBSTITUTE : 0);
    struct element_list list;
    TRY(element_strings(r->arena, r->why, at, ELEMENT_STRINGS, &list));
    if (!list.n)
        return element_refuse(at, r->why, STR("Policy statement must contain resources."),
                              "an empty list names no resource");
    s->resources = arena_array(r->arena, struct compiled_resource, list.n);
    s->n_resources = list.n;
    for (size_t i = 0; i < list.n; i++) {
        struct json_at item = json_is_array(at->value) ? json_at_item(at, i) : *at;
        struct str text = list.texts[i];
        if (!str_eq(text, STR("*")) && !str_starts(text, STR("arn:")))
            return element_refuse(
                &item, r->why,
                arena_printf(r->arena, "Resource %.*s must be in ARN format or \"*\".",
                             STR_ARG(str_sub(text, 0, 200))),
                "\"%.*s\" is neither an ARN nor \"*\"", STR_ARG(str_sub(text, 0, 200)));
        s->resources[i].text = text;
        s->resources[i].pattern = variable_read(r->arena, text, rules);
    }
    return OK;
}

/* Of an element and its negation exactly one is to be there. */
static struct outcome either(struct reading *r, const struct json_at *at, const char *plain,
                             const char *negated, struct str aws_missing, struct json_at *out,
                             bool *is_negated)
{
    struct json_at other;
    bool has = json_at_member(at, plain, out);
    *is_negated = json_at_member(at, negated, &other);
    if (has && *is_negated)
        return element_refuse(&other, r->why, STR(ELEMENT_SYNTAX),
                              "a statement has %s or %s, not both", plain, negated);
    if (!has && !*is_negated)
        return element_refuse(at, r->why, aws_missing, "the statement has no %s", plain);
    if (*is_negated)
        *out = other;
    return OK;
}

static struct outcome refuse_element(struct reading *r, const struct json_at *at, const char *key,
                                     struct str aws, const char *detail)
{
    struct json_at member;
    if (!json_at_member(at, key, &member))
        return OK;
    return element_refuse(&member, r->why, aws, "%s", detail);
}

/* ---- statements ---- */

static struct outcome refuse_what(struct reading *r, const struct json_at *at)
{
    static const char detail[] = "a trust policy has no Resource: it is the role's own";
    TRY(refuse_element(r, at, "Resource", STR("Has prohibited field Resource"), detail));
    return refuse_element(r, at, "NotResource",
                          STR("AssumeRole policy must not contain resources."), detail);
}

static struct outcome read_who(struct reading *r, const struct json_at *at,
                               struct compiled_statement *s)
{
    struct json_at who;
    bool negated;

    TRY(either(r, at, "Principal", "NotPrincipal", STR("Missing required field Principal"), &who,
               &negated));
    TRY(principal_read(r->arena, r->why, &who, &s->principals));
    s->principals.negated = negated;
    return OK;
}

static struct outcome refuse_who(struct reading *r, const struct json_at *at)
{
    static const char detail[] = "only a trust policy says who: this one belongs to its role";
    TRY(refuse_element(r, at, "Principal", STR("Has prohibited field Principal"), detail));
    return refuse_element(r, at, "NotPrincipal", STR("Has prohibited field NotPrincipal"), detail);
}

static struct outcome read_what(struct reading *r, const struct json_at *at,
                                struct compiled_statement *s)
{
    struct json_at resource;

    TRY(either(r, at, "Resource", "NotResource", STR("Policy statement must contain resources."),
               &resource, &s->not_resource));
    return read_resources(r, &resource, s);
}

static const struct str statement_elements[] = {
    STR_INIT("Sid"),          STR_INIT("Effect"),      STR_INIT("Principal"),
    STR_INIT("NotPrincipal"), STR_INIT("Action"),      STR_INIT("NotAction"),
    STR_INIT("Resource"),     STR_INIT("NotResource"), STR_INIT("Condition"),
};

static struct outcome read_statement(struct reading *r, const struct json_at *at,
                                     struct compiled_statement *s)
{
    struct json_at member;
    const struct grammar *g = r->grammar;

    TRY(element_want_members(at, r->why, "a statement", statement_elements,
                             sizeof statement_elements / sizeof statement_elements[0]));
    if (json_at_member(at, "Sid", &member))
        TRY(read_sid(r, &member, s));
    if (!json_at_member(at, "Effect", &member))
        return element_refuse(at, r->why, STR("Missing required field Effect"),
                              "the statement has no Effect");
    TRY(read_effect(r, &member, s));
    if (!g->what)
        TRY(refuse_what(r, at));
    if (g->who)
        TRY(read_who(r, at, s));
    TRY(either(r, at, "Action", "NotAction",
               g->what ? STR("Policy statement must contain actions.")
                       : STR("Missing required field Action"),
               &member, &s->not_action));
    TRY(read_actions(r, &member, s));
    if (!g->who)
        TRY(refuse_who(r, at));
    if (g->what)
        TRY(read_what(r, at, s));
    s->has_condition = json_at_member(at, "Condition", &member);
    if (!s->has_condition)
        return OK;
    return condition_read(r->arena, r->why, &member, r->rules, &s->conditions);
}

static struct outcome read_statements(struct reading *r, const struct json_at *at, struct policy *p)
{
    bool many = json_is_array(at->value);
    p->n_statements = many ? json_array_size(at->value) : 1;
    if (!p->n_statements)
        return element_refuse(at, r->why, STR("Could not parse the policy: Statement is empty!"),
                              "the policy has no statement");
    p->statements = arena_array(r->arena, struct compiled_statement, p->n_statements);
    for (size_t i = 0; i < p->n_statements; i++) {
        struct json_at item = many ? json_at_item(at, i) : *at;
        TRY(read_statement(r, &item, &p->statements[i]));
    }
    return OK;
}

/* ---- the document ---- */

/* aws.md section 5.1: 2008-10-17 when absent; variables came with 2012-10-17. */
static struct outcome read_version(struct reading *r, const struct json_at *at)
{
    struct json_at member;
    if (!json_at_member(at, "Version", &member))
        return OK;
    struct str version = json_str(member.value);
    r->rules.variables = str_eq(version, STR("2012-10-17"));
    if (r->rules.variables || str_eq(version, STR("2008-10-17")))
        return OK;
    return element_refuse(&member, r->why, STR("The policy must contain a valid version string"),
                          "Version is to be \"2012-10-17\" (or \"2008-10-17\"): it is the policy "
                          "language's, not the policy's");
}

static const struct str document_elements[] = {
    STR_INIT("Version"),
    STR_INIT("Id"),
    STR_INIT("Statement"),
};

static struct outcome read_document(struct reading *r, const struct json_at *at, struct policy *p)
{
    struct json_at member;
    TRY(element_want_members(at, r->why, "a policy", document_elements,
                             sizeof document_elements / sizeof document_elements[0]));
    TRY(read_version(r, at));
    if (json_at_member(at, "Id", &member) && !json_is_string(member.value))
        return element_refuse(&member, r->why, STR(ELEMENT_SYNTAX), "Id is to be a string, not %s",
                              json_type_name(member.value));
    if (!json_at_member(at, "Statement", &member))
        return element_refuse(at, r->why, STR("Could not parse the policy: Statement is empty!"),
                              "the policy has no Statement");
    return read_statements(r, &member, p);
}

struct outcome policy_read(struct arena *a, struct why *why, const struct json_at *at,
                           enum policy_kind kind, struct policy **out)
{
    struct policy *p = arena_make(a, struct policy);
    const struct grammar *g = &grammars[kind];
    struct reading r = { .arena = a, .why = why, .grammar = g, .sids = map_new(a) };

    r.rules.strict_literals = g->strict;
    r.rules.simulated = g->simulated;
    p->who = g->who;
    p->what = g->what;
    TRY(read_document(&r, at, p));
    p->size = json_write_length(at->value);
    *out = p;
    return OK;
}

/* ---- looking at it ---- */

size_t policy_n_statements(const struct policy *p)
{
    return p->n_statements;
}

size_t policy_size(const struct policy *p)
{
    return p->size;
}

void policy_each_federated(const struct policy *p,
                           void (*see)(void *context, size_t statement, struct str principal),
                           void *context)
{
    for (size_t i = 0; i < p->n_statements; i++) {
        const struct principal_set *set = &p->statements[i].principals;
        for (size_t j = 0; j < set->n; j++)
            if (str_eq(set->entries[j].type, STR("Federated")))
                see(context, i, set->entries[j].value);
    }
}
