#include "tests/support/runner.h"

#include "fakests/audit.h"
#include "fakests/fakests.h"
#include "tests/support/lab.h"

/* The hook for injected faults: what it is asked, and what becomes of the call. */

static struct lab lab;

/* Hits every call, and remembers what it was asked. */
static struct asked {
    struct fault_hit hit;
    bool hits;
    size_t n;
    struct str action;
} asked;

static bool next(void *context, struct arena *a, struct str action, struct fault_hit *out)
{
    struct asked *q = context;
    q->n++;
    q->action = arena_str(a, action);
    if (q->hits)
        *out = q->hit;
    return q->hits;
}

static void set_up(void)
{
    lab_init(&lab);
    lab_world(&lab, STR("{}"));
    asked = (struct asked){ .hits = true };
    lab.service.faults = (struct fault_source){ next, &asked };
}

static void tear_down(void)
{
    lab_free(&lab);
}

static struct lab_reply call(const char *action, const char *key_id)
{
    struct lab_field fields[] = { { "Action", str_of(action) }, { "AccessKeyId", str_of(key_id) } };
    struct lab_reply r;
    lab_call(&lab, fields, *action ? 2 : 0, &r);
    return r;
}

/* Needs a signature, which there is none of. */
#define SIGNED_ACTION "GetCallerIdentity"

static struct str reason_of(const struct lab_reply *r)
{
    for (size_t i = 0; i < r->http.n_headers; i++)
        if (str_eq(r->http.headers[i].name, STR("x-understudy-reason")))
            return r->http.headers[i].value;
    return STR("");
}

static const struct error_row {
    const char *name;
    struct fault_hit hit;
    const char *type;
} error_rows[] = {
    { "an error of the sender",
      { .id = 7, .code = STR_INIT("Throttling"), .message = STR_INIT("Slow"), .status = 400 },
      "Sender" },
    { "an error of the service",
      { .id = 7, .code = STR_INIT("ServiceUnavailable"), .message = STR_INIT("x"), .status = 503 },
      "Receiver" },
    { "an error without a message, of a code nobody knows",
      { .id = 7, .code = STR_INIT("My.Own"), .status = 499 },
      "Sender" },
};

START_TEST(an_injected_error_is_answered_in_place_of_the_action)
{
    const struct error_row *row = &error_rows[_i];
    asked.hit = row->hit;
    struct lab_reply r = call(SIGNED_ACTION, "");
    ck_assert_msg(r.http.status == row->hit.status, "%s: %d", row->name, r.http.status);
    want_str(row->name, r.code, row->hit.code);
    want_str(row->name, r.message, row->hit.message);
    want_str(row->name, xml_text(r.xml, "Error/Type"), str_of(row->type));
    ck_assert(!row->hit.message.n == !xml_find(r.xml, "Error/Message"));
    want_str(row->name, reason_of(&r),
             arena_printf(lab.arena, "injected; fault 7 answers with %d %.*s", row->hit.status,
                          STR_ARG(row->hit.code)));
    ck_assert_int_eq(r.exchange.why.fault, FAULT_INJECTED);
    ck_assert_int_eq(r.exchange.aws.status, row->hit.status);
    ck_assert_msg(asked.n == 1, "%s: asked %zu times", row->name, asked.n);
    want_str(row->name, asked.action, STR(SIGNED_ACTION));
}
END_TEST

static const struct other_row {
    const char *name, *action, *code;
    size_t n_asked;
} other_rows[] = {
    { "no Action", "", "MissingAction", 0 },
    { "no known Action", "GetSomething", "InvalidAction", 0 },
    { "an Action that needs a signature", SIGNED_ACTION, "MissingAuthenticationToken", 1 },
};

START_TEST(only_a_known_action_is_asked_about)
{
    const struct other_row *row = &other_rows[_i];
    asked.hits = false;
    struct lab_reply r = call(row->action, "");
    want_str(row->name, r.code, str_of(row->code));
    ck_assert_msg(asked.n == row->n_asked, "%s: asked %zu times", row->name, asked.n);
    ck_assert(!r.http.delay_ms && !r.http.drop && !r.http.truncate_to);
}
END_TEST

START_TEST(without_a_source_nothing_is_injected)
{
    lab.service.faults = (struct fault_source){ NULL, NULL };
    want_str("code", call(SIGNED_ACTION, "").code, STR("MissingAuthenticationToken"));
}
END_TEST

static const struct {
    const char *name;
    struct fault_hit hit;
    const char *code;
} reply_rows[] = {
    { "a slow reply is that of the action", { .delay_ms = 5 }, "MissingAuthenticationToken" },
    { "a lost reply too", { .drop = true }, "MissingAuthenticationToken" },
    { "a cut one too", { .truncate_to = 3 }, "MissingAuthenticationToken" },
    { "an error may be slow, cut and lost itself",
      { .code = STR_INIT("Throttling"),
        .status = 400,
        .delay_ms = 5,
        .drop = true,
        .truncate_to = 3 },
      "Throttling" },
};

START_TEST(the_reply_may_be_late_cut_or_lost)
{
    asked.hit = reply_rows[_i].hit;
    struct lab_reply r = call(SIGNED_ACTION, "");
    want_str(reply_rows[_i].name, r.code, str_of(reply_rows[_i].code));
    ck_assert_int_eq(r.http.delay_ms, reply_rows[_i].hit.delay_ms);
    ck_assert(r.http.drop == reply_rows[_i].hit.drop);
    ck_assert_uint_eq(r.http.truncate_to, reply_rows[_i].hit.truncate_to);
}
END_TEST

/* ---- the record ---- */

static void *hold(void *world)
{
    return world;
}

static void drop(void *world)
{
    (void)world;
}

static const struct fakests_world *sts(void *world)
{
    return world;
}

static const void *bulk(void *world)
{
    return world;
}

/* The code is text of the request: the record has to keep it. */
START_TEST(an_injected_error_is_remembered_when_its_request_is_gone)
{
    static const struct audit_world worlds = { hold, drop, sts, bulk };
    struct audit *audit = audit_new(&lab.service, &worlds);
    struct arena *request = arena_new();
    struct fakests_exchange x = { .request_id = STR("id"), .why = why_new(request) };
    (void)why_set(&x.why, FAULT_INJECTED, "fault 1 answers");
    x.aws = (struct aws_error){ .status = 499,
                                .code = arena_cstr(request, STR("My.Own")),
                                .message = arena_str(request, STR("Because")) };
    audit_add(audit, &x, &lab.world);
    arena_free(request);

    json_t *shown = json_keep(lab.arena, audit_find(audit, lab.arena, STR("id")));
    json_t *aws = json_object_get(shown, "aws");
    want_str("reason", json_str(json_object_get(shown, "reason")), STR("injected"));
    want_str("code", json_str(json_object_get(aws, "code")), STR("My.Own"));
    want_str("message", json_str(json_object_get(aws, "message")), STR("Because"));
    ck_assert_int_eq(json_integer_value(json_object_get(aws, "status")), 499);
    audit_free(audit);
}
END_TEST

Suite *fakests_suite(void);
Suite *fakests_suite(void)
{
    Suite *s = suite_create("fakests/fakests");
    TCase *t = tcase_create("injected faults");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, an_injected_error_is_answered_in_place_of_the_action, 0,
                        sizeof error_rows / sizeof error_rows[0]);
    tcase_add_loop_test(t, only_a_known_action_is_asked_about, 0,
                        sizeof other_rows / sizeof other_rows[0]);
    tcase_add_test(t, without_a_source_nothing_is_injected);
    tcase_add_loop_test(t, the_reply_may_be_late_cut_or_lost, 0,
                        sizeof reply_rows / sizeof reply_rows[0]);
    tcase_add_test(t, an_injected_error_is_remembered_when_its_request_is_gone);
    suite_add_tcase(s, t);
    return s;
}
