#include "tests/observed/wire.h"

/* trust_write.json: trust policies put to UpdateAssumeRolePolicy, and to CreateRole as well. */

#define SERVICE_TRUST                                                                      \
    "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Principal\": " \
    "{\"Service\": \"ec2.amazonaws.com\"}, \"Action\": \"sts:AssumeRole\"}}"

static struct iam_fixture_reply put(struct wire *w, const char *action, const char *role,
                                    const char *parameter, struct str document)
{
    struct wire_form form = wire_form(w, action);
    wire_put(&form, STR("RoleName"), str_of(role));
    wire_put(&form, str_of(parameter), document);
    return wire_send(w, SERVICE_IAM, &iam_fixture_root, &form);
}

/* Success is told as {"ok": true}. */
static enum rows_verdict judge_reply(struct arena *a, const char *action,
                                     const struct iam_fixture_reply *r, json_t *expect,
                                     struct str *reason)
{
    bool ok = json_is_true(json_object_get(expect, "ok"));
    if (!ok)
        return wire_judge_error(a, r, expect, reason);
    return r->status == 200 ? AGREES
                            : rows_differ(a, reason, "%s: AWS takes it, here %.*s: %.*s", action,
                                          STR_ARG(r->code), STR_ARG(r->message));
}

static enum rows_verdict judge_document(struct arena *a, struct wire *w, struct str document,
                                        json_t *expect, struct str *reason)
{
    struct iam_fixture_reply r =
        put(w, "UpdateAssumeRolePolicy", "updated", "PolicyDocument", document);
    enum rows_verdict v = judge_reply(a, "UpdateAssumeRolePolicy", &r, expect, reason);
    if (v != AGREES)
        return v;
    r = put(w, "CreateRole", "created", "AssumeRolePolicyDocument", document);
    if (r.status == 200)
        wire_set_up(w, "DeleteRole", "{\"RoleName\": \"created\"}");
    return judge_reply(a, "CreateRole", &r, expect, reason);
}

/* A fact told in prose: the issuer's statement is refused without that key, and taken with it. */
static enum rows_verdict judge_required_key(struct arena *a, struct wire *w, json_t *row,
                                            struct str *reason)
{
    struct str issuer = rows_text(row, "issuer"), key = rows_text(row, "required_condition_key");
    struct str head = arena_printf(
        a,
        "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Principal\": "
        "{\"Federated\": \"arn:aws:iam::" ROWS_ACCOUNT ":oidc-provider/%.*s\"}, \"Action\": "
        "\"sts:AssumeRoleWithWebIdentity\"",
        STR_ARG(issuer));
    struct iam_fixture_reply without = put(w, "UpdateAssumeRolePolicy", "updated", "PolicyDocument",
                                           arena_join(a, head, STR("}}")));
    struct iam_fixture_reply with =
        put(w, "UpdateAssumeRolePolicy", "updated", "PolicyDocument",
            arena_printf(a, "%.*s, \"Condition\": {\"StringEquals\": {\"%.*s\": \"owned\"}}}}",
                         STR_ARG(head), STR_ARG(key)));
    if (without.status != 400 || !str_eq(without.code, STR("MalformedPolicyDocument")) ||
        !str_contains(without.message, key))
        return rows_differ(a, reason, "without it: %d %.*s", without.status,
                           STR_ARG(without.message));
    return with.status == 200
               ? AGREES
               : rows_differ(a, reason, "with it: %d %.*s", with.status, STR_ARG(with.message));
}

static enum rows_verdict judge(struct arena *a, void *context, json_t *row, struct str *reason)
{
    struct wire *w = context;
    json_t *document = json_object_get(row, "document");
    if (document)
        return judge_document(a, w, wire_document(a, document), json_object_get(row, "expect"),
                              reason);
    if (json_object_get(row, "required_condition_key"))
        return judge_required_key(a, w, row, reason);
    *reason = STR("no document");
    return SKIPPED;
}

void wire_trust(const char *folder, struct rows_tally *tally)
{
    struct wire w;
    wire_init(&w);
    wire_set_up(&w, "CreateRole",
                "{\"RoleName\": \"updated\", \"AssumeRolePolicyDocument\": " SERVICE_TRUST "}");
    rows_judge_file(folder, "trust_write.json", &(struct rows_judge){ judge, &w }, tally);
    wire_free(&w);
}
