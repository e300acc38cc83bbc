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

static struct outcome read_iam(struct arena *a, struct why *why, struct str text, struct iam **out)
{
    const struct iam_options options = { .account = STR("123456789012") };
    const struct json_part whole = json_part_whole(a, STR("fuzz"), text);
    struct json_parts members;
    TRY(json_part_members(a, why, &whole, &members));
    return iam_read(a, why, &members, &options, out);
}

static void want_policies_again(struct arena *a, const json_t *config)
{
    struct why why = why_new(a);
    struct iam *iam;
    want(!failed(read_iam(a, &why, json_text(a, config), &iam)));
    iam_drop(iam);
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
    struct fakests_world world = { .region = STR("us-east-1") };
    struct iam *iam;
    if (failed(read_iam(a, &why, config->doc->text, &iam)))
        return;
    world.iam = iam;
    struct iam_list roles = iam_list(iam, a, IAM_ROLE, STR(""));
    for (size_t i = 0; i < roles.n && i < 8; i++)
        explain(a, &world, iam_object_role(roles.items[i]), config->value, claims);
    iam_drop(iam);
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
