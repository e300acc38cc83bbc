#include "scenarios/play_state.h"

#include "base/clock.h"
#include "fakests/action.h"
#include "fakests/sigv4.h"
#include "http/form.h"
#include "scenarios/answer.h"

#include <stdlib.h>

/* The steps that ask: a call of the Query protocol, a document of an issuer. */

/* ---- parameters ---- */

struct fields {
    struct playing *p;
    struct form form;
    size_t capacity;
};

static struct outcome add(struct fields *f, struct str name, struct str value)
{
    if (f->form.n == f->capacity) {
        size_t capacity = f->capacity ? f->capacity * 2 : 16;
        struct form_field *more = arena_array(f->p->arena, struct form_field, capacity);
        if (f->form.n)
            memcpy(more, f->form.fields, f->form.n * sizeof *more);
        f->form.fields = more;
        f->capacity = capacity;
    }
    f->form.fields[f->form.n++] = (struct form_field){ name, value };
    return OK;
}

static struct outcome add_value(struct fields *f, struct str name, const json_t *value);

/* An item of a list: a value, or a structure with members. */
static struct outcome add_item(struct fields *f, struct str name, json_t *item)
{
    const char *key;
    json_t *value;
    if (!json_is_object(item))
        return add_value(f, name, item);
    json_object_foreach(item, key, value)
        TRY(add_value(f, arena_printf(f->p->arena, "%.*s.%s", STR_ARG(name), key), value));
    return OK;
}

static struct outcome add_value(struct fields *f, struct str name, const json_t *value)
{
    struct arena *a = f->p->arena;
    struct str text = json_text(a, value); /* a document, a number, true or false */
    if (json_is_string(value))
        TRY(play_resolve(f->p, json_str(value), &text));
    if (!json_is_array(value))
        return add(f, name, text);
    for (size_t i = 0; i < json_array_size(value); i++)
        TRY(add_item(f, arena_printf(a, "%.*s.member.%zu", STR_ARG(name), i + 1),
                     json_array_get(value, i)));
    return OK;
}

static enum service service_of(struct str version, struct str action)
{
    static const struct str iam = STR_INIT("2010-05-08");
    if (version.p)
        return str_eq(version, iam) ? SERVICE_IAM : SERVICE_STS;
    return !action_find(SERVICE_STS, action) && action_find(SERVICE_IAM, action) ? SERVICE_IAM
                                                                                 : SERVICE_STS;
}

static struct outcome make_form(struct playing *p, const struct step *s, struct form *out,
                                enum service *service)
{
    struct fields f = { .p = p };
    struct str action = STR(""), version = { 0 };
    const char *key;
    json_t *value;
    json_object_foreach(s->value, key, value) TRY(add_value(&f, str_of(key), value));
    (void)form_find(&f.form, STR("Action"), &action);
    (void)form_find(&f.form, STR("Version"), &version);
    *service = service_of(version, action);
    if (!version.p)
        TRY(add(&f, STR("Version"),
                *service == SERVICE_IAM ? STR("2010-05-08") : STR("2011-06-15")));
    *out = f.form;
    return OK;
}

/* ---- signing ---- */

static struct str environment(const char *name)
{
    const char *value = getenv(name);
    return str_of(value ? value : "");
}

static struct str first_text(const json_t *v, const char *const *paths)
{
    for (; *paths; paths++) {
        struct str text = answer_text(v, str_of(*paths));
        if (text.p)
            return text;
    }
    return STR("");
}

/* Of a reply that gave credentials, or of an object that says them. */
static void credentials_of(const json_t *v, struct sigv4_signing *out)
{
    static const char *const id[] = { "access_key_id", "Credentials.AccessKeyId",
                                      "AccessKey.AccessKeyId", NULL };
    static const char *const secret[] = { "secret_access_key", "Credentials.SecretAccessKey",
                                          "AccessKey.SecretAccessKey", NULL };
    static const char *const token[] = { "session_token", "Credentials.SessionToken", NULL };
    out->access_key_id = first_text(v, id);
    out->secret_access_key = first_text(v, secret);
    out->session_token = first_text(v, token);
}

static struct outcome find_credentials(struct playing *p, const json_t *as,
                                       struct sigv4_signing *out)
{
    const json_t *saved =
        json_is_string(as) ? json_object_get(p->saved, json_string_value(as)) : as;
    if (str_eq(json_str(as), STR(STAGE_ENVIRONMENT))) {
        out->access_key_id = environment("AWS_ACCESS_KEY_ID");
        out->secret_access_key = environment("AWS_SECRET_ACCESS_KEY");
        out->session_token = environment("AWS_SESSION_TOKEN");
    } else if (str_eq(json_str(as), STR("test"))) {
        out->access_key_id = out->secret_access_key = STR("test");
    } else if (saved) {
        credentials_of(saved, out);
    }
    if (!out->access_key_id.n)
        FAIL(p->why, CONFIG_INVALID, "%s holds no credentials", json_text(p->arena, as).p);
    return OK;
}

/* AWS's STS is signed for with the region that its host names; the rest is of us-east-1. */
static struct str region_of(const struct stage *stage, enum service service)
{
    struct str rest = stage->host, sts = str_cut(&rest, '.'), region = str_cut(&rest, '.');
    bool regional = service == SERVICE_STS && !stage->controlled && str_eq(sts, STR("sts")) &&
                    str_starts(rest, STR("amazonaws.com"));
    return regional ? region : STR("us-east-1");
}

static struct outcome sign(struct playing *p, const struct step *s, enum service service,
                           struct http_request *request)
{
    struct sigv4_signing with = {
        .region = region_of(p->stage, service),
        .service = service == SERVICE_IAM ? STR("iam") : STR("sts"),
        .now_s = p->stage->clock_signs ? p->now_ms / 1000 : clock_machine_s(),
    };
    if (!s->as)
        return OK;
    TRY(find_credentials(p, s->as, &with));
    sigv4_sign(p->arena, &with, request);
    return OK;
}

/* ---- the call ---- */

static struct outcome send_call(struct playing *p, const struct step *s, struct stage_answer *out)
{
    struct http_header *headers = arena_array(p->arena, struct http_header, 2);
    struct form form;
    enum service service;
    TRY(make_form(p, s, &form, &service));
    bool iam = service == SERVICE_IAM;
    headers[0] = (struct http_header){ STR("host"), iam ? p->stage->iam_host : p->stage->host };
    headers[1] = (struct http_header){ STR("content-type"),
                                       STR("application/x-www-form-urlencoded; charset=utf-8") };
    struct http_request request = { .arena = p->arena,
                                    .method = STR("POST"),
                                    .target = STR("/"),
                                    .path = STR("/"),
                                    .body = form_write(p->arena, &form),
                                    .headers = headers,
                                    .n_headers = 2 };
    TRY(sign(p, s, service, &request));
    const struct stage_request asked = { .method = request.method,
                                         .path = request.path,
                                         .iam = iam,
                                         .body = request.body,
                                         .headers = request.headers,
                                         .n_headers = request.n_headers };
    return p->stage->send(p->stage->context, p->arena, p->why, &asked, out);
}

static struct str in_words(struct playing *p, const struct expect_answer *got,
                           const struct stage_answer *answer)
{
    if (got->lost)
        return STR("no whole answer");
    if (!got->code.n)
        return arena_printf(p->arena, "%d, allowed", got->status);
    return arena_printf(p->arena, "%d %.*s%s%.*s%s%.*s%s", got->status, STR_ARG(got->code),
                        got->message.n ? ": " : "", STR_ARG(got->message),
                        answer->reason.n ? " (" : "", STR_ARG(answer->reason),
                        answer->reason.n ? ")" : "");
}

static void find_explanation(struct playing *p, const struct stage_answer *answer)
{
    struct why ignored = why_new(p->arena), *why = p->why;
    json_t *found = NULL;
    if (!p->stage->controlled || !answer->request_id.n)
        return;
    p->why = &ignored;
    const char *path =
        arena_printf(p->arena, "/_understudy/exchanges/%.*s", STR_ARG(answer->request_id)).p;
    if (!failed(play_control(p, "GET", path, NULL, &found)))
        p->explanation = found;
    p->why = why;
}

static struct outcome read_answer(struct playing *p, const struct stage_answer *answer,
                                  struct expect_answer *out)
{
    struct answer reply;
    out->lost = answer->lost;
    out->status = answer->status;
    if (answer->lost)
        return OK;
    TRY(answer_read(p->arena, p->why, answer->status, answer->body, &reply));
    out->code = reply.code;
    out->message = reply.message;
    out->result = reply.result;
    return OK;
}

static void compare(struct playing *p, const struct step *s, const struct stage_answer *answer,
                    struct expect_answer *got)
{
    if (expect_wants_because(&s->expect) && !got->lost) {
        find_explanation(p, answer);
        p->unchecked = p->explanation == NULL;
    }
    got->explanation = p->explanation;
    expect_compare(p->arena, &s->expect, got, &p->mismatches);
    p->answered = in_words(p, got, answer);
    if (!p->mismatches.n)
        return;
    if (!p->explanation && !got->lost)
        find_explanation(p, answer);
    got->explanation = p->explanation;
    p->right = expect_of(p->arena, got);
}

struct outcome step_play_call(struct playing *p, const struct step *s)
{
    struct stage_answer answer = { .status = 0 };
    struct expect_answer got = { .status = 0 };
    TRY(send_call(p, s, &answer));
    TRY(read_answer(p, &answer, &got));
    compare(p, s, &answer, &got);
    play_save(p, s, (json_t *)(uintptr_t)got.result);
    return OK;
}

/* ---- documents ---- */

struct outcome step_play_get(struct playing *p, const struct step *s)
{
    const struct stage_request request = { .method = STR("GET"), .path = json_str(s->value) };
    struct stage_answer answer = { .status = 0 };
    struct why no_json = why_new(p->arena);
    struct json_doc *doc;
    if (!p->stage->controlled)
        return play_nobody(p, request.method, request.path);
    TRY(p->stage->send(p->stage->context, p->arena, p->why, &request, &answer));
    struct expect_answer got = { .lost = answer.lost, .status = answer.status };
    if (!answer.lost &&
        !failed(json_load(p->arena, &no_json, STR("answer"), answer.body, JSON_LAST_WINS, &doc)))
        got.result = doc->root;
    expect_compare(p->arena, &s->expect, &got, &p->mismatches);
    p->answered = got.lost ? STR("no whole answer") : arena_printf(p->arena, "%d", got.status);
    if (p->mismatches.n)
        p->right = expect_of(p->arena, &got);
    play_save(p, s, (json_t *)(uintptr_t)got.result);
    return OK;
}
