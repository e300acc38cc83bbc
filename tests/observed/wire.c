#include "tests/observed/wire.h"

#include "base/encode.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

enum { TEXT_BYTES_MAX = 1024 * 1024, CLOCK_MS = 250 };

void wire_init(struct wire *w)
{
    *w = (struct wire){ .fixture = iam_fixture_new(NULL) };
    w->arena = w->fixture->arena;
    clock_set(&w->fixture->clock, (int64_t)IAM_FIXTURE_NOW_S * 1000 + CLOCK_MS, true);
}

void wire_free(struct wire *w)
{
    iam_fixture_free(w->fixture);
}

/* ---- asking ---- */

struct wire_form wire_form(struct wire *w, const char *action)
{
    struct wire_form form = { .wire = w };
    wire_put(&form, STR("Action"), str_of(action));
    return form;
}

void wire_put(struct wire_form *form, struct str name, struct str value)
{
    struct str field = arena_join(form->wire->arena, name, STR("="), value);
    if (form->n == WIRE_FIELDS_MAX) {
        fprintf(stderr, "a row has more than %d parameters\n", WIRE_FIELDS_MAX);
        exit(2);
    }
    form->fields[form->n++] = arena_cstr(form->wire->arena, field);
}

struct str wire_text(struct wire *w, json_t *value)
{
    struct text t = text_new(w->arena, TEXT_BYTES_MAX);
    json_int_t n = json_integer_value(json_object_get(value, "count"));
    if (!json_is_object(value))
        return json_is_string(value) ? json_str(value) : json_text(w->arena, value);
    for (json_int_t i = 0; i < n; i++)
        text_put(&t, rows_text(value, "$repeat"));
    return text_str(&t);
}

/* Policies have characters up to U+00FF only. */
struct str wire_document(struct arena *a, json_t *value)
{
    char *text = json_dumps(value, JSON_ENSURE_ASCII | JSON_COMPACT | JSON_ENCODE_ANY);
    struct str kept = arena_str(a, str_of(text));
    free(text);
    return kept;
}

static void put_list(struct wire_form *form, struct str name, json_t *value)
{
    json_t *item;
    size_t i;
    if (!json_array_size(value))
        wire_put(form, name, STR(""));
    json_array_foreach(value, i, item)
    {
        wire_put_json(
            form, arena_printf(form->wire->arena, "%.*s.member.%zu", STR_ARG(name), i + 1), item);
    }
}

static void put_object(struct wire_form *form, struct str name, json_t *value)
{
    json_t *member;
    const char *key;
    if (json_object_get(value, "$repeat")) {
        wire_put(form, name, wire_text(form->wire, value));
        return;
    }
    if (json_object_get(value, "Statement")) {
        wire_put(form, name, wire_document(form->wire->arena, value));
        return;
    }
    json_object_foreach(value, key, member)
    {
        wire_put_json(form, arena_join(form->wire->arena, name, STR("."), str_of(key)), member);
    }
}

void wire_put_json(struct wire_form *form, struct str name, json_t *value)
{
    if (json_is_array(value))
        put_list(form, name, value);
    else if (json_is_object(value))
        put_object(form, name, value);
    else if (json_is_string(value))
        wire_put(form, name, json_str(value));
    else if (!json_is_null(value))
        wire_put(form, name, json_text(form->wire->arena, value));
}

void wire_put_members(struct wire_form *form, json_t *object)
{
    json_t *member;
    const char *key;
    json_object_foreach(object, key, member)
    {
        wire_put_json(form, str_of(key), member);
    }
}

struct iam_fixture_reply wire_send(struct wire *w, enum service service,
                                   const struct iam_fixture_key *as, const struct wire_form *form)
{
    return iam_fixture_send(w->fixture, service, as, form->fields);
}

struct iam_fixture_reply wire_call(struct wire *w, const char *action, const char *input)
{
    struct wire_form form = wire_form(w, action);
    wire_put_members(&form, rows_document(w->arena, str_of(input))->root);
    return wire_send(w, SERVICE_IAM, &iam_fixture_root, &form);
}

struct iam_fixture_reply wire_set_up(struct wire *w, const char *action, const char *input)
{
    struct iam_fixture_reply r = wire_call(w, action, input);
    if (r.status != 200) {
        fprintf(stderr, "%s %s: %.*s %.*s\n", action, input, STR_ARG(r.code), STR_ARG(r.message));
        exit(2);
    }
    return r;
}

struct iam_fixture_key wire_user(struct wire *w, const char *name, const char *statements)
{
    struct str user = arena_printf(w->arena, "{\"UserName\": \"%s\"}", name);
    struct str policy =
        arena_printf(w->arena,
                     "{\"UserName\": \"%s\", \"PolicyName\": \"observed\", \"PolicyDocument\": "
                     "{\"Version\": \"2012-10-17\", \"Statement\": %s}}",
                     name, statements);
    wire_set_up(w, "CreateUser", user.p);
    wire_set_up(w, "PutUserPolicy", policy.p);
    struct iam_fixture_reply r = wire_set_up(w, "CreateAccessKey", user.p);
    return iam_fixture_access_key(&r);
}

/* ---- comparing ---- */

const struct xml_node *wire_result(struct wire *w, const struct iam_fixture_reply *r,
                                   const char *action)
{
    return xml_find(r->xml, arena_cstr(w->arena, arena_printf(w->arena, "%sResult", action)));
}

static struct str differs(struct wire *w, struct str place, struct str wanted, struct str got)
{
    return arena_printf(w->arena, "%.*s: AWS \"%.*s\", here \"%.*s\"", STR_ARG(place),
                        STR_ARG(wanted), STR_ARG(got));
}

/* "2026-09-11T12:00:00.250Z" of providers, "2026-09-11T12:00:00Z" of all else. */
static bool is_time(struct str place, struct str text)
{
    bool ms = str_contains(place, STR("OpenIDConnectProvider"));
    return str_eq(text, ms ? STR("2026-09-11T12:00:00.250Z") : STR(IAM_FIXTURE_TIME));
}

static bool is_role_id(struct wire *w, struct str text)
{
    if (!w->role_id.n)
        w->role_id = text;
    return text.n == 21 && str_starts(text, STR("AROA")) && str_eq(text, w->role_id);
}

static struct str text_difference(struct wire *w, struct str place, struct str wanted,
                                  struct str got)
{
    bool same = str_eq(wanted, STR("$CREATE_DATE")) ? is_time(place, got)
                : str_eq(wanted, STR("$ROLE_ID"))   ? is_role_id(w, got)
                                                    : str_eq(wanted, got);
    return same ? STR("") : differs(w, place, wanted, got);
}

/* Both without the spaces that mean nothing. */
static struct str document_difference(struct wire *w, struct str place, json_t *wanted,
                                      struct str got)
{
    struct str text = STR("");
    if (!percent_read(w->arena, got, false, &text) || str_contains(got, STR("+")))
        return differs(w, place, STR("percent-encoded"), got);
    struct str shown = json_text(w->arena, rows_document(w->arena, text)->root);
    return text_difference(w, place, json_text(w->arena, wanted), shown);
}

static struct str list_difference(struct wire *w, struct str place, json_t *wanted,
                                  const struct xml_node *got)
{
    const struct xml_node *member = got->first_child;
    for (size_t i = 0; i < json_array_size(wanted); i++, member = member->next) {
        struct str at = arena_printf(w->arena, "%.*s[%zu]", STR_ARG(place), i);
        if (!member)
            return differs(w, at, json_text(w->arena, json_array_get(wanted, i)), STR(""));
        if (!str_eq(member->name, STR("member")))
            return differs(w, at, STR("member"), member->name);
        struct str difference = wire_difference(w, at, json_array_get(wanted, i), member);
        if (difference.n)
            return difference;
    }
    return member ? differs(w, place, STR("no more"), member->name) : STR("");
}

static struct str object_difference(struct wire *w, struct str place, json_t *wanted,
                                    const struct xml_node *got)
{
    const char *key;
    json_t *value;
    for (const struct xml_node *n = got->first_child; n; n = n->next)
        if (!json_object_get(wanted, arena_cstr(w->arena, n->name)) &&
            !str_eq(n->name, STR("IsTruncated")))
            return differs(w, place, STR("nothing of that name"), n->name);
    json_object_foreach(wanted, key, value)
    {
        struct str at = arena_join(w->arena, place, STR("."), str_of(key));
        const struct xml_node *n = xml_find(got, key);
        struct str difference = n ? wire_difference(w, at, value, n)
                                  : differs(w, at, json_text(w->arena, value), STR("(absent)"));
        if (difference.n)
            return difference;
    }
    return STR("");
}

struct str wire_difference(struct wire *w, struct str place, json_t *wanted,
                           const struct xml_node *got)
{
    if (json_is_array(wanted))
        return list_difference(w, place, wanted, got);
    if (json_object_get(wanted, "Statement"))
        return document_difference(w, place, wanted, got->text);
    if (json_is_object(wanted))
        return object_difference(w, place, wanted, got);
    return text_difference(w, place,
                           json_is_string(wanted) ? json_str(wanted) : json_text(w->arena, wanted),
                           got->text);
}

/* Where the recording does not tell the status, the service models do. */
static int status_of(json_t *expect)
{
    static const struct {
        const char *code;
        int status;
    } codes[] = {
        { "NoSuchEntity", 404 }, { "EntityAlreadyExists", 409 }, { "LimitExceeded", 409 },
        { "AccessDenied", 403 }, { "DeleteConflict", 409 },      { "Success", 200 },
    };
    json_t *told = json_object_get(expect, "http");
    if (json_is_integer(told))
        return (int)json_integer_value(told);
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (str_eq(rows_text(expect, "code"), str_of(codes[i].code)))
            return codes[i].status;
    return 400;
}

enum rows_verdict wire_judge_error(struct arena *a, const struct iam_fixture_reply *r,
                                   json_t *expect, struct str *reason)
{
    struct str code = rows_text(expect, "code"), message = rows_text(expect, "message");
    struct str got = r->code.n ? r->code : STR("Success");
    /* What the AWS CLI refused itself, before the service could. */
    if (str_eq(code, STR("ParamValidation")))
        code = STR("ValidationError");
    if (!str_eq(code, got) || status_of(expect) != r->status)
        return rows_differ(a, reason, "AWS %.*s (%d), here %d %.*s: %.*s (%.*s)", STR_ARG(code),
                           status_of(expect), r->status, STR_ARG(got), STR_ARG(r->message),
                           STR_ARG(r->reason));
    if (message.n && !str_eq(message, r->message))
        return rows_differ(a, reason, "AWS \"%.*s\", here \"%.*s\"", STR_ARG(message),
                           STR_ARG(r->message));
    return AGREES;
}
