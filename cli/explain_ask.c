#include "cli/explain_ask.h"

#include "base/file.h"
#include "cli/command.h"
#include "cli/explain_config.h"
#include "cli/token_source.h"
#include "fakests/policy/save.h"

enum { POLICY_BYTES_MAX = 1024 * 1024, AUDIENCES_MAX = 100 };

/* --- the world to look at it in --- */

/* IAM may hold a policy that it would not save again. */
static void note_controls(struct arena *a, const struct policy *policy, const struct json_at *at)
{
    struct why why = why_new(a);
    if (failed(policy_save_controls(a, &why, policy, at)))
        command_note("note: %.*s: today IAM would not save this: %.*s", STR_ARG(why.place),
                     STR_ARG(why.arg[0]));
}

/* Compiled only to have its mistakes placed in its own file. */
static struct outcome read_trust_policy(struct arena *a, struct why *why, struct str path,
                                        json_t **out)
{
    struct str text;
    struct json_doc *doc;
    struct policy *policy;

    if (!path.p)
        return OK;
    TRY(file_read(a, why, path.p, POLICY_BYTES_MAX, &text));
    TRY(json_load(a, why, path, text, JSON_DUPLICATES_REFUSED, &doc));
    const struct json_at root = json_at_root(doc);
    TRY(iam_trust_read(a, why, &root, IAM_CONTROLS_S - 1, &policy));
    note_controls(a, policy, &root);
    *out = doc->root;
    return OK;
}

/* What AWS compares with the client ids: azp where there is one, else aud. */
static size_t audiences(const json_t *claims, struct str *out)
{
    const json_t *v = json_object_get(claims, "azp");
    size_t n = 0;
    if (!v)
        v = json_object_get(claims, "aud");
    if (json_is_string(v))
        out[n++] = json_str(v);
    for (size_t i = 0; i < json_array_size(v) && n < AUDIENCES_MAX; i++)
        if (json_is_string(json_array_get(v, i)))
            out[n++] = json_str(json_array_get(v, i));
    return n;
}

/* The config's world with what the command line tells of role and provider put in. */
static struct outcome change_world(struct arena *a, struct why *why, const struct options *o,
                                   const struct token_source *source, struct world *world)
{
    struct str seen[AUDIENCES_MAX];
    struct snapshot *now = world_now(world);
    struct explain_config_ask ask = {
        .role_arn = config_role_arn(a, now->iam, o->role),
        .issuer = source->issuer,
        .client_ids = o->provider_client_ids.items,
        .n_client_ids = o->provider_client_ids.n,
        .token_audiences = seen,
        .n_token_audiences = source->claims ? audiences(source->claims->root, seen) : 0,
    };
    bool guessed = false;
    struct str name = arena_str(a, now->config->name), text = { 0 };
    struct outcome outcome = read_trust_policy(a, why, o->trust_policy_file, &ask.trust_policy);
    if (!failed(outcome))
        text =
            json_text(a, json_keep(a, explain_config(a, config_document(a, now->config, now->iam),
                                                     now->config->account, &ask, &guessed)));
    snapshot_drop(now);
    TRY(outcome);
    if (guessed)
        command_note(
            "note: taking the provider of %.*s for registered with the token's own audience "
            "(--provider-client-id says otherwise)",
            STR_ARG(source->issuer));
    return world_replace(world, why, name, text);
}

/* --- the question --- */

/* AWS takes a time that is written as a text too. */
static bool time_of(const json_t *v, int64_t *out)
{
    if (json_is_integer(v)) {
        *out = json_integer_value(v);
        return true;
    }
    return str_to_i64(json_str(v), out);
}

static int64_t moment(const struct options *o, const struct token_source *source)
{
    struct clock machine;
    int64_t iat;
    clock_init(&machine);
    if (o->at_ms.given)
        return o->at_ms.value / 1000;
    if (source->claims && time_of(json_object_get(source->claims->root, "iat"), &iat))
        return iat;
    return clock_now_s(&machine);
}

static struct outcome make_ask(struct arena *a, struct why *why, const struct options *o,
                               const struct token_source *source, struct world *world,
                               struct explain_ask *out)
{
    struct snapshot *now = world_now(world);
    struct str arn = config_role_arn(a, now->iam, o->role);
    struct str source_ip = arena_str(a, now->config->source_ip);
    snapshot_drop(now);
    struct explain_ask ask = {
        .role_arn = arn.n ? arn : o->role,
        .session_name = o->session_name.p ? o->session_name : source->session_name,
        .policy_arns = o->policy_arns.items,
        .n_policy_arns = o->policy_arns.n,
        .has_duration = o->duration_s.given,
        .duration_s = o->duration_s.value,
        .token = source->text,
        .claims = source->text.p ? NULL : source->claims,
        .signature = EXPLAIN_CHECK_IF_HELD,
        .now_s = moment(o, source),
        .source_ip = source_ip,
    };
    if (o->policy_file.p)
        TRY(file_read(a, why, o->policy_file.p, POLICY_BYTES_MAX, &ask.policy));
    *out = ask;
    return OK;
}

struct outcome explain_ask_take(struct arena *a, struct why *why, const struct options *o,
                                struct world *world, struct explain_ask *out)
{
    struct token_source source;
    TRY(token_source_take(a, why, world, o, &source));
    if (o->trust_policy_file.p || o->provider_client_ids.n)
        TRY(change_world(a, why, o, &source, world));
    return make_ask(a, why, o, &source, world, out);
}
