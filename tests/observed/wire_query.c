#include "tests/observed/wire_query.h"

/*
 * query.json: what the Query protocol takes for an integer, a boolean, a list index, a page.  A row
 * tells the parameters it is about; the others that its action asks for are put beside them.
 */
#define PATH "/observed/"

/* ---- the world ---- */

static const struct {
    const char *action, *input;
} set_ups[] = {
    { "CreateUser", "{\"UserName\": \"probe\"}" },
    { "CreateUser", "{\"UserName\": \"a\", \"Path\": \"" PATH "\"}" },
    { "CreateUser", "{\"UserName\": \"b\", \"Path\": \"" PATH "\"}" },
    { "CreateUser", "{\"UserName\": \"c\", \"Path\": \"" PATH "\"}" },
    { "TagUser", "{\"UserName\": \"a\", \"Tags\": [{\"Key\": \"x\", \"Value\": \"1\"}, "
                 "{\"Key\": \"y\", \"Value\": \"2\"}, {\"Key\": \"z\", \"Value\": \"3\"}]}" },
    { "CreateServiceSpecificCredential",
      "{\"UserName\": \"a\", \"ServiceName\": \"bedrock.amazonaws.com\"}" },
    { "CreateServiceSpecificCredential",
      "{\"UserName\": \"a\", \"ServiceName\": \"bedrock.amazonaws.com\"}" },
    { "CreateRole",
      "{\"RoleName\": \"updated\", \"Description\": \"before\", \"MaxSessionDuration\": 7200, "
      "\"AssumeRolePolicyDocument\": {\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": "
      "\"Allow\", \"Principal\": {\"AWS\": \"" ROWS_ACCOUNT "\"}, \"Action\": "
      "\"sts:AssumeRole\"}}}" },
};

static void first_pages(struct wire_query *q)
{
    struct iam_fixture_reply r =
        wire_set_up(&q->wire, "ListUsers", "{\"PathPrefix\": \"" PATH "\", \"MaxItems\": 1}");
    q->users_marker = iam_fixture_text(&r, "ListUsersResult/Marker");
    q->first_user = iam_fixture_text(&r, "ListUsersResult/Users/member/UserName");
    r = wire_set_up(&q->wire, "ListUserTags", "{\"UserName\": \"a\", \"MaxItems\": 1}");
    q->tags_marker = iam_fixture_text(&r, "ListUserTagsResult/Marker");
    q->first_tag = iam_fixture_text(&r, "ListUserTagsResult/Tags/member/Key");
}

static void query_init(struct wire_query *q)
{
    wire_init(&q->wire);
    for (size_t i = 0; i < sizeof set_ups / sizeof set_ups[0]; i++)
        wire_set_up(&q->wire, set_ups[i].action, set_ups[i].input);
    q->limited =
        wire_user(&q->wire, "limited",
                  "{\"Effect\": \"Allow\", \"Action\": \"iam:ListServiceSpecificCredentials\", "
                  "\"Resource\": \"arn:aws:iam::" ROWS_ACCOUNT ":user/limited\"}");
    q->aged =
        wire_user(&q->wire, "aged",
                  "{\"Effect\": \"Allow\", \"Action\": [\"iam:CreateServiceSpecificCredential\", "
                  "\"iam:DeleteServiceSpecificCredential\"], \"Resource\": \"*\", \"Condition\": "
                  "{\"StringEquals\": {\"iam:ServiceSpecificCredentialAgeDays\": \"1\"}}}");
    q->tagger =
        wire_user(&q->wire, "tagger",
                  "{\"Effect\": \"Allow\", \"Action\": \"iam:TagUser\", \"Resource\": \"*\", "
                  "\"Condition\": {\"StringEquals\": {\"aws:RequestTag/team\": \"approved\"}, "
                  "\"ForAllValues:StringEquals\": {\"aws:TagKeys\": \"team\"}}}");
    first_pages(q);
}

/* ---- rows ---- */

struct iam_fixture_reply wire_query_send(struct wire_asked *ask, enum service service,
                                         const struct iam_fixture_key *as)
{
    return wire_send(&ask->q->wire, service, as, &ask->form);
}

enum rows_verdict wire_query_same(struct wire_asked *ask, const char *what, struct str wanted,
                                  struct str got)
{
    return str_eq(wanted, got) ? AGREES
                               : rows_differ(ask->a, ask->reason, "%s: AWS \"%.*s\", here \"%.*s\"",
                                             what, STR_ARG(wanted), STR_ARG(got));
}

enum rows_verdict wire_query_judge(struct wire_asked *ask, const struct iam_fixture_reply *r)
{
    return wire_judge_error(ask->a, r, ask->expect, ask->reason);
}

static enum rows_verdict session_token(struct wire_asked *ask)
{
    struct iam_fixture_reply r = wire_query_send(ask, SERVICE_STS, &iam_fixture_root);
    return wire_query_judge(ask, &r);
}

/* ---- roles ---- */

static enum rows_verdict judge_state(struct wire_asked *ask, const char *name)
{
    struct wire *w = &ask->q->wire;
    json_t *state = json_object_get(ask->expect, "state_after");
    struct str input = arena_printf(ask->a, "{\"RoleName\": \"%s\"}", name);
    if (!state)
        return AGREES;
    struct iam_fixture_reply r = wire_set_up(w, "GetRole", input.p);
    enum rows_verdict v =
        wire_query_same(ask, "Description", wire_text(w, json_object_get(state, "Description")),
                        iam_fixture_text(&r, "GetRoleResult/Role/Description"));
    if (v == AGREES && !xml_find(r.xml, "GetRoleResult/Role/Description"))
        v = rows_differ(ask->a, ask->reason, "no Description");
    return v == AGREES
               ? wire_query_same(ask, "MaxSessionDuration",
                                 json_text(ask->a, json_object_get(state, "MaxSessionDuration")),
                                 iam_fixture_text(&r, "GetRoleResult/Role/MaxSessionDuration"))
               : v;
}

static enum rows_verdict new_role(struct wire_asked *ask)
{
    wire_put(&ask->form, STR("RoleName"), STR("created"));
    wire_put(&ask->form, STR("AssumeRolePolicyDocument"),
             STR("{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", "
                 "\"Principal\": {\"Service\": \"ec2.amazonaws.com\"}, \"Action\": "
                 "\"sts:AssumeRole\"}}"));
    struct iam_fixture_reply r = wire_query_send(ask, SERVICE_IAM, &iam_fixture_root);
    enum rows_verdict v = wire_query_judge(ask, &r);
    if (r.status != 200)
        return v;
    v = v == AGREES ? judge_state(ask, "created") : v;
    wire_set_up(&ask->q->wire, "DeleteRole", "{\"RoleName\": \"created\"}");
    return v;
}

/* What the calls did that were left out: told by the state after the next one. */
static const struct {
    const char *before, *input;
} role_before[] = {
    { "iam/resource_inputs#update-description-1", "\"MaxSessionDuration\": 43200" },
    { "iam/resource_inputs#update-duration-0", "\"Description\": \"\"" },
};

static enum rows_verdict updated_role(struct wire_asked *ask)
{
    for (size_t i = 0; i < sizeof role_before / sizeof role_before[0]; i++)
        if (str_eq(rows_text(ask->row, "id"), str_of(role_before[i].before)))
            wire_set_up(
                &ask->q->wire, "UpdateRole",
                arena_printf(ask->a, "{\"RoleName\": \"updated\", %s}", role_before[i].input).p);
    wire_put(&ask->form, STR("RoleName"), STR("updated"));
    struct iam_fixture_reply r = wire_query_send(ask, SERVICE_IAM, &iam_fixture_root);
    enum rows_verdict v = wire_query_judge(ask, &r);
    return v == AGREES ? judge_state(ask, "updated") : v;
}

/* ---- tags ---- */

static enum rows_verdict tagged_user(struct wire_asked *ask)
{
    bool as_root = str_eq(rows_text(ask->row, "actor"), STR("full permissions"));
    wire_put(&ask->form, STR("UserName"), STR("probe"));
    struct iam_fixture_reply r =
        wire_query_send(ask, SERVICE_IAM, as_root ? &iam_fixture_root : &ask->q->tagger);
    if (r.status == 200)
        wire_set_up(&ask->q->wire, "UntagUser",
                    "{\"UserName\": \"probe\", \"TagKeys\": [\"team\"]}");
    return wire_query_judge(ask, &r);
}

/* ---- context keys ---- */

static enum rows_verdict context_keys(struct wire_asked *ask)
{
    struct wire *w = &ask->q->wire;
    struct iam_fixture_reply r = wire_query_send(ask, SERVICE_IAM, &iam_fixture_root);
    json_t *wanted = json_object_get(ask->expect, "context_keys");
    enum rows_verdict v = wire_query_judge(ask, &r);
    if (v != AGREES || r.status != 200)
        return v;
    const struct xml_node *names =
        xml_find(r.xml, "GetContextKeysForCustomPolicyResult/ContextKeyNames");
    struct str difference =
        names ? wire_difference(w, STR("ContextKeyNames"), wanted, names) : STR("no list");
    return difference.n ? rows_differ(ask->a, ask->reason, "%.*s", STR_ARG(difference)) : AGREES;
}

/* ---- facts told in prose ---- */

struct told {
    const char *action, *parameters[4];
    const char *code, *words; /* of the refusal; words in its message */
    enum service service;
};

static const struct told integers[] = {
    { "GetSessionToken", { "DurationSeconds", "0000900" }, "", "", SERVICE_STS },
    { "GetSessionToken", { "DurationSeconds", "+00900" }, "", "", SERVICE_STS },
    { "GetSessionToken", { "DurationSeconds", "-0900" }, "ValidationError", "'-900'", SERVICE_STS },
    { "ListUsers", { "MaxItems", "-01" }, "ValidationError", "greater than", SERVICE_IAM },
    { NULL, { NULL }, NULL, NULL, SERVICE_IAM },
};

static const struct told indexes[] = {
    { "TagUser",
      { "Tags.member.11.Key", "k", "Tags.member.11.Value", "v" },
      "ValidationError",
      "10 validation errors",
      SERVICE_IAM },
    { "TagUser",
      { "Tags.member.12.Key", "k", "Tags.member.12.Value", "v" },
      "MalformedInput",
      "would skip 11 list elements",
      SERVICE_IAM },
    { "UntagUser",
      { "TagKeys.member.11", "k", "TagKeys.member.21", "l" },
      "ValidationError",
      "",
      SERVICE_IAM },
    { "UntagUser",
      { "TagKeys.member.11", "k", "TagKeys.member.22", "l" },
      "MalformedInput",
      "would skip 11 list elements",
      SERVICE_IAM },
    { NULL, { NULL }, NULL, NULL, SERVICE_IAM },
};

static enum rows_verdict judge_told(struct wire_asked *ask, const struct told *told)
{
    struct wire_form form = wire_form(&ask->q->wire, told->action);
    for (size_t i = 0; i < 4 && told->parameters[i]; i += 2)
        wire_put(&form, str_of(told->parameters[i]), str_of(told->parameters[i + 1]));
    wire_put(&form, STR("UserName"), STR("probe"));
    struct iam_fixture_reply r = wire_send(&ask->q->wire, told->service, &iam_fixture_root, &form);
    if (!str_eq(r.code, str_of(told->code)) || !str_contains(r.message, str_of(told->words)))
        return rows_differ(ask->a, ask->reason, "%s %s: %.*s %.*s", told->action,
                           told->parameters[1], STR_ARG(r.code), STR_ARG(r.message));
    return AGREES;
}

static enum rows_verdict prose(struct wire_asked *ask)
{
    bool of_indexes = str_starts(rows_text(ask->row, "fact"), STR("list index"));
    enum rows_verdict v = AGREES;
    for (const struct told *t = of_indexes ? indexes : integers; t->action && v == AGREES; t++)
        v = judge_told(ask, t);
    return v;
}

/* ---- the file ---- */

static const struct {
    const char *api, *action;
    enum rows_verdict (*judge)(struct wire_asked *ask);
} apis[] = {
    { "STS GetSessionToken", "GetSessionToken", session_token },
    { "IAM CreateServiceSpecificCredential under policy", "CreateServiceSpecificCredential",
      wire_query_users_credential_aged },
    { "IAM CreateServiceSpecificCredential", "CreateServiceSpecificCredential",
      wire_query_users_credential },
    { "IAM ListServiceSpecificCredentials (caller", "ListServiceSpecificCredentials",
      wire_query_users_limited },
    { "IAM ListServiceSpecificCredentials", "ListServiceSpecificCredentials",
      wire_query_users_credentials },
    { "IAM GetContextKeysForCustomPolicy", "GetContextKeysForCustomPolicy", context_keys },
    { "IAM CreateRole", "CreateRole", new_role },
    { "IAM UpdateRoleDescription", "UpdateRoleDescription", updated_role },
    { "IAM UpdateRole", "UpdateRole", updated_role },
    { "IAM TagUser", "TagUser", tagged_user },
    { "IAM ListUsers", "ListUsers", wire_query_users_list },
    { "IAM ListUserTags", "ListUserTags", wire_query_users_tags },
    { "", "", prose }, /* no API at all */
};

static void put_params(struct wire_asked *ask)
{
    const struct {
        struct str name, value;
    } all[] = { { STR("$PATH"), STR(PATH) },
                { STR("$USER"), STR("a") },
                { STR("$MARKER(users_first)"), ask->q->users_marker },
                { STR("$MARKER(tags_first)"), ask->q->tags_marker } };
    const char *name;
    json_t *value;
    wire_put_members(&ask->form, json_object_get(ask->row, "input"));
    json_object_foreach(json_object_get(ask->row, "params"), name, value)
    {
        struct str text = json_str(value);
        for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
            text = rows_replaced(ask->a, text, all[i].name, all[i].value);
        wire_put(&ask->form, str_of(name), text);
    }
}

static enum rows_verdict judge(struct arena *a, void *context, json_t *row, struct str *reason)
{
    struct wire_query *q = context;
    size_t i = 0;
    while (!str_starts(rows_text(row, "api"), str_of(apis[i].api)))
        i++;
    struct wire_asked ask = { .q = q,
                              .a = a,
                              .form = wire_form(&q->wire, apis[i].action),
                              .row = row,
                              .expect = json_object_get(row, "expect"),
                              .reason = reason };
    if (apis[i].judge == prose && !json_object_get(row, "fact"))
        return rows_differ(a, reason, "no judge for this API");
    put_params(&ask);
    return apis[i].judge(&ask);
}

void wire_query(const char *folder, struct rows_tally *tally)
{
    struct wire_query q = { .users_marker = { NULL, 0 } };
    query_init(&q);
    rows_judge_file(folder, "query.json", &(struct rows_judge){ judge, &q }, tally);
    wire_free(&q.wire);
}
