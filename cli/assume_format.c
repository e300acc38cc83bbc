#include "cli/assume_format.h"

#include "base/json.h"

/* A part of the answer under a name of its own. */
struct part {
    const char *name, *path;
};

static const struct part credentials[] = {
    { "AccessKeyId", "Credentials/AccessKeyId" },
    { "SecretAccessKey", "Credentials/SecretAccessKey" },
    { "SessionToken", "Credentials/SessionToken" },
    { "Expiration", "Credentials/Expiration" },
    { 0 },
};

static void write_text(const struct assume_answer *answer, struct text *out)
{
    static const struct part user = { "AssumedRole", "AssumedRoleUser/Arn" };
    for (const struct part *p = credentials; p->name; p++)
        text_printf(out, "%-16s %.*s\n", p->name, STR_ARG(assume_value(answer, p->path)));
    text_printf(out, "%-16s %.*s\n", user.name, STR_ARG(assume_value(answer, user.path)));
}

static void put(json_t *object, const struct part *p, const struct assume_answer *answer)
{
    struct str value = assume_value(answer, p->path);
    if (value.n)
        json_object_set_new(object, p->name, json_of(value));
}

static json_t *object_of(const struct part *parts, const struct assume_answer *answer)
{
    json_t *object = json_object();
    for (const struct part *p = parts; p->name; p++)
        put(object, p, answer);
    return object;
}

static void put_packed_size(json_t *object, const struct assume_answer *answer)
{
    int64_t percent;
    if (str_to_i64(assume_value(answer, "PackedPolicySize"), &percent))
        json_object_set_new(object, "PackedPolicySize", json_integer(percent));
}

static void write_document(json_t *document, struct text *out)
{
    text_put(out, json_text_pretty(out->arena, document));
    text_putc(out, '\n');
    json_decref(document);
}

/* As `aws sts assume-role-with-web-identity` prints it: members in the order of its model. */
static void write_json(const struct assume_answer *answer, struct text *out)
{
    static const struct part user[] = {
        { "AssumedRoleId", "AssumedRoleUser/AssumedRoleId" },
        { "Arn", "AssumedRoleUser/Arn" },
        { 0 },
    };
    static const struct part subject = { "SubjectFromWebIdentityToken",
                                         "SubjectFromWebIdentityToken" };
    static const struct part rest[] = {
        { "Provider", "Provider" },
        { "Audience", "Audience" },
        { "SourceIdentity", "SourceIdentity" },
        { 0 },
    };
    json_t *document = json_object();
    json_object_set_new(document, "Credentials", object_of(credentials, answer));
    put(document, &subject, answer);
    json_object_set_new(document, "AssumedRoleUser", object_of(user, answer));
    put_packed_size(document, answer);
    for (const struct part *p = rest; p->name; p++)
        put(document, p, answer);
    write_document(document, out);
}

/* What a profile's credential_process has to print (SDK reference guide, "Process credential
 * provider"). */
static void write_process(const struct assume_answer *answer, struct text *out)
{
    json_t *document = json_object();
    json_object_set_new(document, "Version", json_integer(1));
    for (const struct part *p = credentials; p->name; p++)
        put(document, p, answer);
    write_document(document, out);
}

void assume_format_quote(struct str s, struct text *out)
{
    text_putc(out, '\'');
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\'')
            text_put(out, STR("'\\''"));
        else
            text_putc(out, s.p[i]);
    text_putc(out, '\'');
}

static void write_env(const struct assume_answer *answer, struct text *out)
{
    static const struct part variables[] = {
        { "AWS_ACCESS_KEY_ID", "Credentials/AccessKeyId" },
        { "AWS_SECRET_ACCESS_KEY", "Credentials/SecretAccessKey" },
        { "AWS_SESSION_TOKEN", "Credentials/SessionToken" },
        { 0 },
    };
    for (const struct part *p = variables; p->name; p++) {
        text_printf(out, "export %s=", p->name);
        assume_format_quote(assume_value(answer, p->path), out);
        text_putc(out, '\n');
    }
}

const struct assume_format assume_formats[] = {
    { "text", write_text },
    { "json", write_json },
    { "process", write_process },
    { "env", write_env },
    { 0 },
};
