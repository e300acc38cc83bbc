#include "tests/observed/wire_query.h"

#include <inttypes.h>

/* ---- service-specific credentials ---- */

#define CREDENTIAL "CreateServiceSpecificCredentialResult/ServiceSpecificCredential/"

static enum rows_verdict judge_age(struct wire_asked *ask, const struct iam_fixture_reply *r)
{
    json_t *wanted = json_object_get(ask->expect, "expiration_seconds");
    int64_t expires_ms = 0;
    (void)time_read(iam_fixture_text(r, CREDENTIAL "ExpirationDate"), &expires_ms);
    int64_t lasts_s = expires_ms / 1000 - IAM_FIXTURE_NOW_S;
    if (json_is_integer(wanted) && lasts_s != json_integer_value(wanted))
        return rows_differ(ask->a, ask->reason, "AWS lets it last %.*s s, here %" PRId64,
                           STR_ARG(json_text(ask->a, wanted)), lasts_s);
    return AGREES;
}

static enum rows_verdict new_credential_as(struct wire_asked *ask, const struct iam_fixture_key *as)
{
    wire_put(&ask->form, STR("UserName"), STR("probe"));
    wire_put(&ask->form, STR("ServiceName"), STR("bedrock.amazonaws.com"));
    struct iam_fixture_reply r = wire_query_send(ask, SERVICE_IAM, as);
    enum rows_verdict v = wire_query_judge(ask, &r);
    if (r.status != 200)
        return v;
    struct str id = iam_fixture_text(&r, CREDENTIAL "ServiceSpecificCredentialId");
    wire_set_up(&ask->q->wire, "DeleteServiceSpecificCredential",
                arena_printf(ask->a,
                             "{\"UserName\": \"probe\", \"ServiceSpecificCredentialId\": "
                             "\"%.*s\"}",
                             STR_ARG(id))
                    .p);
    return v == AGREES ? judge_age(ask, &r) : v;
}

enum rows_verdict wire_query_users_credential(struct wire_asked *ask)
{
    return new_credential_as(ask, &iam_fixture_root);
}

enum rows_verdict wire_query_users_credential_aged(struct wire_asked *ask)
{
    return new_credential_as(ask, &ask->q->aged);
}

enum rows_verdict wire_query_users_limited(struct wire_asked *ask)
{
    wire_put(&ask->form, STR("UserName"), STR("limited"));
    struct iam_fixture_reply r = wire_query_send(ask, SERVICE_IAM, &ask->q->limited);
    return wire_query_judge(ask, &r);
}

/* ---- pages ---- */

static size_t n_members(const struct xml_node *list)
{
    size_t n = 0;
    for (const struct xml_node *m = list ? list->first_child : NULL; m; m = m->next)
        n++;
    return n;
}

static bool holds(const struct xml_node *list, const char *name, struct str value)
{
    for (const struct xml_node *m = list ? list->first_child : NULL; m; m = m->next)
        if (str_eq(xml_text(m, name), value))
            return true;
    return false;
}

static enum rows_verdict judge_page(struct wire_asked *ask, const char *result, const char *list,
                                    const char *key, struct str first)
{
    struct iam_fixture_reply r = wire_query_send(ask, SERVICE_IAM, &iam_fixture_root);
    const struct xml_node *page = xml_find(r.xml, result);
    const struct xml_node *items = page ? xml_find(page, list) : NULL;
    json_t *overlaps = json_object_get(ask->expect, "overlaps_first_page");
    enum rows_verdict v = wire_query_judge(ask, &r);
    if (v != AGREES || r.status != 200)
        return v;
    struct str wanted = json_text(ask->a, json_object_get(ask->expect, "count"));
    v = wire_query_same(ask, "count", wanted, arena_printf(ask->a, "%zu", n_members(items)));
    if (v == AGREES)
        v = wire_query_same(ask, "IsTruncated",
                            json_text(ask->a, json_object_get(ask->expect, "is_truncated")),
                            page ? xml_text(page, "IsTruncated") : STR(""));
    if (v == AGREES && overlaps && json_is_true(overlaps) != holds(items, key, first))
        return rows_differ(ask->a, ask->reason, "overlaps the first page");
    return v;
}

enum rows_verdict wire_query_users_list(struct wire_asked *ask)
{
    return judge_page(ask, "ListUsersResult", "Users", "UserName", ask->q->first_user);
}

enum rows_verdict wire_query_users_tags(struct wire_asked *ask)
{
    return judge_page(ask, "ListUserTagsResult", "Tags", "Key", ask->q->first_tag);
}

enum rows_verdict wire_query_users_credentials(struct wire_asked *ask)
{
    return judge_page(ask, "ListServiceSpecificCredentialsResult", "ServiceSpecificCredentials",
                      "ServiceSpecificCredentialId", STR(""));
}
