#include "tests/observed/wire.h"

/*
 * iam.json: calls in a sequence.  The recordings leave some of a sequence out; what those did that
 * a later one relies on is done here first.
 */
#define HOST          "stackd-oidc-e054b0b0d182.example.com"
#define UPPER         "STACKD-OIDC-E054B0B0D182.EXAMPLE.COM/MixedCase"
#define ARN(provider) "arn:aws:iam::" ROWS_ACCOUNT ":oidc-provider/" provider
#define TAGGED        "tagged.example.com"

static const struct {
    const char *before, *action, *input;
} set_ups[] = {
    { "federation/oidc#04", "AddClientIDToOpenIDConnectProvider",
      "{\"OpenIDConnectProviderArn\": \"" ARN(HOST "/path/") "\", \"ClientID\": \"a-client\"}" },
    { "federation/oidc#16", "CreateOpenIDConnectProvider",
      "{\"Url\": \"https://" UPPER "\", \"ThumbprintList\": "
      "[\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"]}" },
    { "federation/oidc#22", "DeleteOpenIDConnectProvider",
      "{\"OpenIDConnectProviderArn\": \"" ARN(UPPER) "\"}" },
    { "resource_inputs#oidc-tags-0", "CreateOpenIDConnectProvider",
      "{\"Url\": \"https://" TAGGED "\"}" },
};

static void set_up(struct wire *w, struct str id)
{
    for (size_t i = 0; i < sizeof set_ups / sizeof set_ups[0]; i++)
        if (str_starts(id, str_of(set_ups[i].before)))
            wire_set_up(w, set_ups[i].action, set_ups[i].input);
}

/* The tags that the provider has afterwards. */
static enum rows_verdict judge_tags(struct arena *a, struct wire *w, json_t *wanted,
                                    struct str *reason)
{
    struct iam_fixture_reply r = wire_set_up(w, "ListOpenIDConnectProviderTags",
                                             "{\"OpenIDConnectProviderArn\": \"" ARN(TAGGED) "\"}");
    const struct xml_node *tags = xml_find(r.xml, "ListOpenIDConnectProviderTagsResult/Tags");
    struct str difference = tags ? wire_difference(w, STR("stored"), wanted, tags) : STR("no Tags");
    return difference.n ? rows_differ(a, reason, "%.*s", STR_ARG(difference)) : AGREES;
}

static enum rows_verdict judge_success(struct arena *a, struct wire *w, const char *action,
                                       const struct iam_fixture_reply *r, json_t *output,
                                       struct str *reason)
{
    const struct xml_node *result = wire_result(w, r, action);
    if (r->status != 200)
        return rows_differ(a, reason, "AWS succeeds, here %.*s: %.*s", STR_ARG(r->code),
                           STR_ARG(r->message));
    if (!json_object_size(output))
        return result ? rows_differ(a, reason, "a result where AWS has none") : AGREES;
    if (!result)
        return rows_differ(a, reason, "no result");
    struct str difference = wire_difference(w, str_of(action), output, result);
    return difference.n ? rows_differ(a, reason, "%.*s", STR_ARG(difference)) : AGREES;
}

static enum rows_verdict judge(struct arena *a, void *context, json_t *row, struct str *reason)
{
    struct wire *w = context;
    json_t *input = json_object_get(row, "input"), *expect = json_object_get(row, "expect");
    json_t *stored = json_object_get(row, "stored_tags_after");
    const char *action = json_string_value(json_object_get(row, "api"));
    struct wire_form form = wire_form(w, action);
    enum rows_verdict v;

    set_up(w, rows_text(row, "id"));
    if (stored)
        wire_put(&form, STR("OpenIDConnectProviderArn"), STR(ARN(TAGGED)));
    wire_put_members(&form, input);
    struct iam_fixture_reply r = wire_send(w, SERVICE_IAM, &iam_fixture_root, &form);
    v = json_is_true(json_object_get(expect, "ok"))
            ? judge_success(a, w, action, &r, json_object_get(expect, "output"), reason)
            : wire_judge_error(a, &r, expect, reason);
    return v == AGREES && stored ? judge_tags(a, w, stored, reason) : v;
}

void wire_calls(const char *folder, struct rows_tally *tally)
{
    struct wire w;
    wire_init(&w);
    rows_judge_file(folder, "iam.json", &(struct rows_judge){ judge, &w }, tally);
    wire_free(&w);
}
