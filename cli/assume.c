#include "cli/assume.h"

#include "base/file.h"
#include "http/client.h"

enum {
    FIELDS_MAX = 64, /* 10 policy ARNs are AWS's limit; what is over it may be asked too */
    POLICY_BYTES_MAX =
        1024 * 1024, /* far over AWS's 2,048 characters, so that its refusal can be seen */
    TIMEOUT_MS = 30 * 1000,
};

static void add(struct form *form, struct str name, struct str value)
{
    form->fields[form->n++] = (struct form_field){ name, value };
}

static struct outcome add_session(struct arena *a, struct why *why, const struct options *o,
                                  struct form *form)
{
    if (o->policy_arns.n > FIELDS_MAX - form->n - 2)
        FAIL(why, USAGE, "--policy-arn: given %zu times", o->policy_arns.n);
    if (o->duration_s.given)
        add(form, STR("DurationSeconds"), arena_printf(a, "%lld", (long long)o->duration_s.value));
    if (o->policy_file.p) {
        struct str policy;
        TRY(file_read(a, why, o->policy_file.p, POLICY_BYTES_MAX, &policy));
        add(form, STR("Policy"), policy);
    }
    for (size_t i = 0; i < o->policy_arns.n; i++)
        add(form, arena_printf(a, "PolicyArns.member.%zu.arn", i + 1), o->policy_arns.items[i]);
    return OK;
}

struct outcome assume_form(struct arena *a, struct why *why, const struct options *o,
                           const struct assume_ask *ask, struct form *out)
{
    struct form form = { arena_array(a, struct form_field, FIELDS_MAX), 0 };
    add(&form, STR("Action"), STR("AssumeRoleWithWebIdentity"));
    add(&form, STR("Version"), STR("2011-06-15"));
    add(&form, STR("RoleArn"), ask->role_arn);
    add(&form, STR("RoleSessionName"), ask->session_name);
    add(&form, STR("WebIdentityToken"), ask->token);
    TRY(add_session(a, why, o, &form));
    *out = form;
    return OK;
}

struct str assume_value(const struct assume_answer *answer, const char *path)
{
    return answer->result ? xml_text(answer->result, path) : (struct str){ 0 };
}

struct outcome assume_read(struct arena *a, struct why *why, int status, struct str reason,
                           struct str body, struct assume_answer *out)
{
    struct assume_answer answer = { .status = status, .reason = reason };
    struct why ignored = why_new(a);
    struct xml_node *root = NULL;

    if (failed(xml_read(a, &ignored, body, &root)))
        FAIL(why, PEER_UNINTELLIGIBLE,
             "expected STS's XML, found HTTP status %d and %zu bytes of something else", status,
             body.n);
    answer.result = xml_find(root, "AssumeRoleWithWebIdentityResult");
    answer.code = xml_text(root, "Error/Code");
    answer.message = xml_text(root, "Error/Message");
    answer.allowed = status == 200 && xml_find(root, "AssumeRoleWithWebIdentityResult/Credentials");
    if (!answer.allowed && !answer.code.n)
        FAIL(why, PEER_UNINTELLIGIBLE,
             "neither credentials nor an error of STS in the answer (HTTP status %d)", status);
    *out = answer;
    return OK;
}

static struct str find_reason(const struct http_header *headers, size_t n)
{
    return http_header_of(headers, n, "x-understudy-reason");
}

struct outcome assume_in_world(struct arena *a, struct why *why, struct world *world,
                               const struct form *form, struct assume_answer *out)
{
    struct http_response r = { 0 };
    world_call(world, a, form, &r);
    return assume_read(a, why, r.status, find_reason(r.headers, r.n_headers), r.body, out);
}

struct outcome assume_at_endpoint(struct arena *a, struct why *why, struct str url,
                                  const struct form *form, struct assume_answer *out)
{
    struct http_answer answer;
    const struct http_call call = {
        .method = STR("POST"),
        .url = url,
        .headers = { { STR("content-type"),
                       STR("application/x-www-form-urlencoded; charset=utf-8") } },
        .n_headers = 1,
        .body = form_write(a, form),
        .timeout_ms = TIMEOUT_MS,
    };
    TRY(http_client_call(a, why, &call, &answer));
    struct outcome o = assume_read(a, why, answer.status,
                                   find_reason(answer.headers, answer.n_headers), answer.body, out);
    if (failed(o))
        why->place = url;
    return o;
}

enum fault assume_fault(const struct assume_answer *answer)
{
    if (answer->allowed)
        return FAULT_NONE;
    return answer->status >= 500 ? FAULT_PEER_UNREACHABLE : FAULT_PEER_REFUSED;
}
