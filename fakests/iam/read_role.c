#include "fakests/iam/arn.h"
#include "fakests/iam/read_value.h"
#include "fakests/policy/save.h"

enum {
    SESSION_S_MIN = 3600,
    SESSION_S_MAX = 43200,
};

/* ---- trust policies ---- */

bool iam_role_predates_controls(int64_t created_s)
{
    return created_s != 0 && created_s < IAM_CONTROLS_S;
}

static struct outcome trust_check(struct arena *a, struct why *why, const struct json_at *at,
                                  int64_t created_s, struct policy **out)
{
    TRY(policy_read(a, why, at, POLICY_TRUST, out));
    TRY(policy_save_rules(a, why, *out, at));
    if (!iam_role_predates_controls(created_s))
        TRY(policy_save_controls(a, why, *out, at));
    return policy_save_quota(a, why, *out, at);
}

/* What CreateRole says to such a policy, and then what a person can do about it. */
static struct outcome trust_refuse(struct why *why, const struct why *cause)
{
    if (why->fault == FAULT_NONE) {
        /* the reason outlives a config that is given up */
        why->place = arena_str(why->arena, cause->place);
        why->arg[0] = arena_str(why->arena, cause->arg[0]);
    }
    return why_set(why, cause->fault, "IAM refuses this trust policy: \"%.*s\" (%.*s)",
                   STR_ARG(cause->arg[0]), STR_ARG(cause->detail));
}

struct outcome iam_trust_read(struct arena *a, struct why *why, const struct json_at *at,
                              int64_t created_s, struct policy **out)
{
    struct why cause = why_new(a);
    struct policy *policy;
    if (failed(trust_check(a, &cause, at, created_s, &policy)))
        return trust_refuse(why, &cause);
    *out = policy;
    return OK;
}

static struct outcome role_trust(struct iam_reader *r, const struct json_at *at, struct role *role)
{
    struct json_at trust, root;
    TRY(read_required(r, at, "trust_policy", &trust));
    TRY(read_document(r, &trust, &root, &role->trust_text));
    if (r->judged)
        return policy_read(r->a, r->why, &root, POLICY_TRUST, &role->trust);
    return iam_trust_read(r->a, r->why, &root, role->created_s, &role->trust);
}

/* ---- roles ---- */

static struct outcome role_duration(struct iam_reader *r, const struct json_at *at,
                                    struct role *role)
{
    struct json_at duration;
    role->max_session_duration_s = SESSION_S_MIN;
    if (!json_at_member(at, "max_session_duration", &duration))
        return OK;
    TRY(json_want_i64(&duration, r->why, &role->max_session_duration_s));
    if (role->max_session_duration_s < SESSION_S_MIN ||
        role->max_session_duration_s > SESSION_S_MAX)
        return json_fail(&duration, r->why, FAULT_CONFIG_INVALID, "expected %d to %d seconds",
                         SESSION_S_MIN, SESSION_S_MAX);
    return OK;
}

static const char *const role_members[] = {
    "name", "path",     "description",       "max_session_duration", "tags",         "created",
    "id",   "policies", "attached_policies", "permissions_boundary", "trust_policy", NULL,
};

struct outcome iam_read_role(struct iam_reader *r, const struct json_at *at, struct role *role)
{
    *role = (struct role){ .account = r->account };
    TRY(read_members(r, at, role_members));
    TRY(read_name(r, at, 64, &role->name));
    TRY(read_path(r, at, &role->path));
    role->arn = arn_of_role(r->a, role->account, role->path, role->name);
    TRY(read_id(r, at, "AROA", role->arn, &role->id));
    TRY(read_optional(r, at, "description", &role->description));
    TRY(role_duration(r, at, role));
    TRY(read_time_s(r, at, "created", &role->created_s));
    TRY(read_tags(r, at, &role->tags, &role->n_tags));
    TRY(role_trust(r, at, role));
    return read_grants(r, at, &role->grants);
}
