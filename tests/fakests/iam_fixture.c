#include "tests/fakests/iam_fixture.h"

#include "base/encode.h"
#include "base/text.h"
#include "fakests/sigv4.h"
#include "tests/support/runner.h"

#include <stdarg.h>

enum { PARAMETERS_MAX = 128, BODY_BYTES = 1024 * 1024 };
#define HOST "127.0.0.1:4580"

const struct iam_fixture_key iam_fixture_root = { STR_INIT("test"), STR_INIT("test"), { NULL, 0 } };

struct iam_fixture *iam_fixture_new(const char *config)
{
    struct arena *a = arena_new();
    struct iam_fixture *f = arena_make(a, struct iam_fixture);
    struct why why = why_new(a);
    f->arena = a;
    clock_init(&f->clock);
    clock_set(&f->clock, (int64_t)IAM_FIXTURE_NOW_S * 1000, true);
    entropy_init_seeded(&f->entropy, 1);
    struct world_options options = { .clock = &f->clock, .entropy = &f->entropy };
    ck_assert_msg(!failed(world_new(&why, &options, &f->world)), "%.*s", STR_ARG(why_text(&why)));
    ck_assert_msg(
        !failed(world_replace(f->world, &why, STR("config"), str_of(config ? config : "{}"))),
        "%.*s", STR_ARG(why_text(&why)));
    return f;
}

void iam_fixture_free(struct iam_fixture *f)
{
    struct world *world = f->world;
    arena_free(f->arena); /* which holds snapshots */
    world_free(world);
}

/* ---- a request ---- */

static struct str body_of(struct arena *a, enum service service, const char *const *parameters)
{
    struct text t = text_new(a, BODY_BYTES);
    text_put(&t, service == SERVICE_IAM ? STR("Version=2010-05-08") : STR("Version=2011-06-15"));
    for (size_t i = 0; parameters[i]; i++) {
        struct str value = str_of(parameters[i]);
        struct str name = str_cut(&value, '=');
        text_putc(&t, '&');
        text_put(&t, percent_write(a, name));
        text_putc(&t, '=');
        text_put(&t, percent_write(a, value));
    }
    return text_str(&t);
}

/* The server counts SigV4's 15 minutes in the machine's own time. */
static void sign(struct arena *a, enum service service, const struct iam_fixture_key *as,
                 struct http_request *request)
{
    struct sigv4_signing with = { .access_key_id = as->access_key_id,
                                  .secret_access_key = as->secret_access_key,
                                  .session_token = as->session_token,
                                  .region = STR("us-east-1"),
                                  .service = service == SERVICE_IAM ? STR("iam") : STR("sts"),
                                  .now_s = clock_machine_s() };
    sigv4_sign(a, &with, request);
}

/* ---- a reply ---- */

static struct str header_of(const struct http_response *response, const char *name)
{
    for (size_t i = 0; i < response->n_headers; i++)
        if (str_eq_nocase(response->headers[i].name, str_of(name)))
            return response->headers[i].value;
    return STR("");
}

static struct str masked(struct arena *a, struct str body, struct str id)
{
    for (size_t i = 0; id.n && i + id.n <= body.n; i++)
        if (str_eq(str_sub(body, i, id.n), id))
            return arena_join(a, str_sub(body, 0, i), STR(IAM_FIXTURE_REQUEST_ID),
                              str_sub(body, i + id.n, body.n));
    return body;
}

static struct iam_fixture_reply reply_of(struct iam_fixture *f,
                                         const struct http_response *response)
{
    struct why why = why_new(f->arena);
    struct iam_fixture_reply r = { .fixture = f, .status = response->status };
    r.body = masked(f->arena, response->body, header_of(response, "x-amzn-requestid"));
    r.reason = header_of(response, "x-understudy-reason");
    r.authorization_message = header_of(response, "x-understudy-authorization-message");
    ck_assert_msg(!failed(xml_read(f->arena, &why, response->body, &r.xml)), "%d %.*s", r.status,
                  STR_ARG(response->body));
    r.code = xml_text(r.xml, "Error/Code");
    r.message = xml_text(r.xml, "Error/Message");
    return r;
}

/* ---- calling ---- */

struct iam_fixture_reply iam_fixture_send(struct iam_fixture *f, enum service service,
                                          const struct iam_fixture_key *as,
                                          const char *const *parameters)
{
    struct arena *a = f->arena;
    struct http_header headers[] = {
        { STR("Host"), STR(HOST) },
        { STR("Content-Type"), STR("application/x-www-form-urlencoded; charset=utf-8") },
        { STR("User-Agent"), STR("fixture") },
    };
    struct http_request request = { .arena = a,
                                    .method = STR("POST"),
                                    .target = STR("/"),
                                    .path = STR("/"),
                                    .body = body_of(a, service, parameters),
                                    .headers = headers,
                                    .n_headers = sizeof headers / sizeof headers[0],
                                    .peer = STR("127.0.0.1") };
    struct http_response response = { .status = 0 };
    if (as)
        sign(a, service, as, &request);
    world_handle(f->world, &request, &response);
    return reply_of(f, &response);
}

struct iam_fixture_reply iam_fixture_call(struct iam_fixture *f, enum service service,
                                          const struct iam_fixture_key *as, ...)
{
    const char *parameters[PARAMETERS_MAX + 1];
    size_t n = 0;
    va_list list;
    va_start(list, as);
    while (n < PARAMETERS_MAX && (parameters[n] = va_arg(list, const char *)) != NULL)
        n++;
    va_end(list);
    parameters[n] = NULL;
    return iam_fixture_send(f, service, as, parameters);
}

/* ---- looking at replies ---- */

void iam_fixture_want(const struct iam_fixture_reply *r, const char *what, int status,
                      const char *code, const char *message)
{
    ck_assert_msg(r->status == status && str_eq(r->code, str_of(code)),
                  "%s: wanted %d %s, got %d %.*s: %.*s (%.*s)", what, status, code, r->status,
                  STR_ARG(r->code), STR_ARG(r->message), STR_ARG(r->reason));
    if (message)
        want_str(what, r->message, str_of(message));
}

void iam_fixture_want_body(const struct iam_fixture_reply *r, const char *what, const char *body)
{
    iam_fixture_want(r, what, 200, "", NULL);
    want_str(what, r->body, str_of(body));
}

struct str iam_fixture_text(const struct iam_fixture_reply *r, const char *path)
{
    return xml_text(r->xml, path);
}

static const struct xml_node *find(const struct xml_node *node, const char *name)
{
    const struct xml_node *found = NULL;
    if (str_eq(node->name, str_of(name)))
        return node;
    for (const struct xml_node *n = node->first_child; n && !found; n = n->next)
        found = find(n, name);
    return found;
}

static struct iam_fixture_key key_of(const struct iam_fixture_reply *r, const char *element)
{
    const struct xml_node *n = find(r->xml, element);
    ck_assert_msg(n != NULL, "no %s in %.*s", element, STR_ARG(r->body));
    return (struct iam_fixture_key){ xml_text(n, "AccessKeyId"), xml_text(n, "SecretAccessKey"),
                                     xml_text(n, "SessionToken") };
}

struct iam_fixture_key iam_fixture_credentials(const struct iam_fixture_reply *r)
{
    return key_of(r, "Credentials");
}

struct iam_fixture_key iam_fixture_access_key(const struct iam_fixture_reply *r)
{
    return key_of(r, "AccessKey");
}
