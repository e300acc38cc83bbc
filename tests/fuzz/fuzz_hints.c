#include "tests/fuzz/fuzz.h"

#include "fakests/explain.h"
#include "fakests/plain.h"
#include "tests/support/edits.h"

#include <stdlib.h>

/*
 * {"config": ..., "claims": ...}: whatever the policy and the claims, each role's explanation is
 * made, told in every form, and holds no edit that does not fit its document, or that IAM's grammar
 * would refuse.
 */

enum { NOW_S = 1789123721 };

static const struct fakests service; /* without keys: signatures are not checked */

static void want(bool condition)
{
    if (!condition)
        abort();
}

static void want_policies_again(struct arena *a, const json_t *config)
{
    struct why why = why_new(a);
    struct json_doc *doc;
    struct iam *iam;
    struct iam_options options = { .account = STR("123456789012") };
    want(!failed(json_load(a, &why, STR("edited"), json_text(a, config), JSON_LAST_WINS, &doc)));
    struct json_at root = json_at_root(doc);
    want(!failed(iam_read(a, &why, &root, &options, &iam)));
}

static void check_hint(struct arena *a, const json_t *config, const json_t *hint)
{
    const json_t *edit = json_object_get(hint, "edit");
    json_t *edited = json_keep(a, json_deep_copy(config));
    json_t *request = json_keep(a, json_pack("{s:s, s:i}", "RoleArn", "", "DurationSeconds", 0));
    want(json_str(json_object_get(hint, "text")).n > 0);
    if (json_is_null(edit))
        return;
    want(edits_apply(edited, request, edit));
    if (str_eq(json_str(json_object_get(edit, "target")), STR("trust-policy")))
        want_policies_again(a, edited);
}

/* A line feed is the only control character of a page. */
static void check_page(struct arena *a, struct str page)
{
    while (page.n) {
        struct str line = str_cut(&page, '\n');
        struct text plain = text_new(a, 2 * line.n + 1);
        plain_put(&plain, line);
        want(str_eq(text_str(&plain), line));
    }
}

static void explain(struct arena *a, const struct fakests_world *world, const struct role *role,
                    const json_t *config, const struct json_doc *claims)
{
    struct explain_ask ask = { .role_arn = role->arn,
                               .session_name = STR("session"),
                               .claims = claims,
                               .signature = EXPLAIN_CHECK_IF_HELD,
                               .now_s = NOW_S };
    struct explanation *e = explain_web_identity(a, &service, world, &ask);
    json_t *hints = json_object_get(json_keep(a, explain_json(a, e)), "hints");
    for (size_t i = 0; i < json_array_size(hints); i++)
        check_hint(a, config, json_array_get(hints, i));
    check_page(a, explain_page(a, e, false));
    check_page(a, explain_lines(a, e));
}

static void explain_all(struct arena *a, const struct json_at *config, struct json_doc *claims)
{
    struct why why = why_new(a);
    struct iam_options options = { .account = STR("123456789012") };
    struct fakests_world world = { .region = STR("us-east-1") };
    struct iam *iam;
    if (failed(iam_read(a, &why, config, &options, &iam)))
        return;
    world.iam = iam;
    for (size_t i = 0; i < iam->n_accounts; i++)
        for (size_t j = 0; j < iam->accounts[i].n_roles && j < 4; j++)
            explain(a, &world, &iam->accounts[i].roles[j], config->value, claims);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct str text = str_n((const char *)bytes, n);
    struct json_doc *doc, claims;
    struct json_at config;
    if (!failed(json_load(a, &why, STR("fuzz"), text, JSON_LAST_WINS, &doc))) {
        struct json_at root = json_at_root(doc);
        claims = *doc;
        claims.root = json_object_get(doc->root, "claims");
        if (claims.root && json_at_member(&root, "config", &config))
            explain_all(a, &config, &claims);
    }
    arena_free(a);
    return 0;
}
