#include "fakests/actions/members.h"
#include "fakests/actions/simulate.h"
#include "fakests/policy/mentioned.h"

/* The condition keys that policies name, in the order in which they do (the AWS CLI's example has
 * aws:username of the Resource before aws:CurrentTime of the Condition). */

#define INTO struct simulate_params

static const struct param custom_rows[] = {
    IAM_DOCUMENTS("PolicyInputList", REQUIRED, INTO, policies),
    PARAM_END,
};

static const struct param principal_rows[] = {
    IAM_ARN("PolicySourceArn", REQUIRED, INTO, source),
    IAM_DOCUMENTS("PolicyInputList", OPTIONAL, INTO, policies),
    PARAM_END,
};

static struct outcome reply_keys(struct call *c, const char *action, const struct param_list *given,
                                 struct simulate_policies *all, struct str *document)
{
    struct mentioned keys = mentioned_new(c->arena);
    struct reply r;
    TRY(simulate_policies_given(c, "PolicyInputList", given, FAULT_INPUT_INVALID, all));
    for (size_t i = 0; i < all->n; i++)
        mentioned_add(&keys, all->items[i].policy);
    reply_open(&r, c, action, true);
    members_texts(&r.xml, "ContextKeyNames", keys.keys, keys.n);
    *document = reply_close(&r, true);
    return OK;
}

struct outcome simulate_keys_custom(struct call *c, struct str *document)
{
    struct authorize_ask ask = { .action = STR("iam:GetContextKeysForCustomPolicy"),
                                 .resource = STR("*") };
    struct simulate_params p = { .source = { NULL, 0 } };
    struct simulate_policies all = { .n = 0 };
    TRY(param_read(c, custom_rows, &p));
    TRY(authorize(c, &ask));
    return reply_keys(c, "GetContextKeysForCustomPolicy", &p.policies, &all, document);
}

struct outcome simulate_keys_principal(struct call *c, struct str *document)
{
    struct simulate_params p = { .source = { NULL, 0 } };
    struct simulate_source source;
    struct simulate_policies all = { .n = 0 };
    TRY(param_read(c, principal_rows, &p));
    TRY(simulate_source_open(c, p.source, &source));
    simulate_policies_of(c, &source, &p.exclusions, &all);
    return reply_keys(c, "GetContextKeysForPrincipalPolicy", &p.policies, &all, document);
}
