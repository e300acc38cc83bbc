#include "fakests/iam/arn.h"
#include "fakests/iam/read_value.h"

enum { SERVICE_CREDENTIALS_MAX = 100 };

/* ---- users ---- */

static const char *const service_credential_members[] = {
    "id", "service_name", "user_name", "password", "status", "created", "expires", NULL
};

static struct outcome service_credential_read(struct iam_reader *r, const struct json_at *at,
                                              struct service_credential *c)
{
    struct json_at member;
    TRY(json_want_members(at, r->why, service_credential_members));
    TRY(read_required(r, at, "id", &member));
    TRY(read_text(r, &member, &c->id));
    TRY(read_required(r, at, "service_name", &member));
    TRY(read_text(r, &member, &c->service_name));
    TRY(read_optional(r, at, "user_name", &c->user_name));
    TRY(read_optional(r, at, "password", &c->password));
    TRY(read_status(r, at, &c->active));
    TRY(read_time_s(r, at, "created", &c->created_s));
    return read_time_s(r, at, "expires", &c->expires_s);
}

static struct outcome service_credentials(struct iam_reader *r, const struct json_at *at,
                                          struct user *u)
{
    struct json_at list;
    if (!json_at_member(at, "service_credentials", &list))
        return OK;
    TRY(json_want_array(&list, r->why));
    size_t n = json_array_size(list.value);
    if (n > SERVICE_CREDENTIALS_MAX)
        return json_fail(&list, r->why, FAULT_CONFIG_INVALID, "at most %d",
                         SERVICE_CREDENTIALS_MAX);
    u->service_credentials = arena_array(r->a, struct service_credential, n);
    u->n_service_credentials = n;
    for (size_t i = 0; i < n; i++) {
        struct json_at item = json_at_item(&list, i);
        TRY(service_credential_read(r, &item, &u->service_credentials[i]));
    }
    return OK;
}

static const char *const user_members[] = { "name",
                                            "path",
                                            "id",
                                            "created",
                                            "tags",
                                            "policies",
                                            "attached_policies",
                                            "permissions_boundary",
                                            "service_credentials",
                                            NULL };

struct outcome iam_read_user(struct iam_reader *r, const struct json_at *at, struct user *u)
{
    *u = (struct user){ .account = r->account };
    TRY(read_members(r, at, user_members));
    TRY(read_name(r, at, 64, &u->name));
    TRY(read_path(r, at, &u->path));
    u->arn = arn_of_user(r->a, u->account, u->path, u->name);
    TRY(read_id(r, at, "AIDA", u->arn, &u->id));
    TRY(read_time_s(r, at, "created", &u->created_s));
    TRY(read_tags(r, at, &u->tags, &u->n_tags));
    TRY(read_grants(r, at, &u->grants));
    return service_credentials(r, at, u);
}

/* ---- access keys ---- */

static const char *const credential_members[] = { "access_key_id", "secret_access_key", "user",
                                                  "status",        "created",           NULL };

struct outcome iam_read_credential(struct iam_reader *r, const struct json_at *at,
                                   struct credential *c)
{
    struct json_at id, secret;
    bool active;
    *c = (struct credential){ .account = r->account };
    TRY(read_members(r, at, credential_members));
    TRY(read_required(r, at, "access_key_id", &id));
    TRY(read_text(r, &id, &c->access_key_id));
    TRY(read_required(r, at, "secret_access_key", &secret));
    TRY(read_text(r, &secret, &c->secret_access_key));
    if (!c->access_key_id.n || !c->secret_access_key.n)
        return json_fail(at, r->why, FAULT_CONFIG_INVALID, "neither may be empty");
    if (c->access_key_id.n > 128)
        return json_fail(&id, r->why, FAULT_CONFIG_INVALID, "at most 128 characters");
    TRY(read_optional(r, at, "user", &c->user));
    TRY(read_status(r, at, &active));
    c->inactive = !active;
    return read_time_s(r, at, "created", &c->created_s);
}
