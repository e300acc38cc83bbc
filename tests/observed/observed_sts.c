/*
 * AssumeRoleWithWebIdentity as real AWS answered it: observed_sts FOLDER reads FOLDER/sts.json,
 * asks this program the same questions, and prints where the answers differ.
 */
#include "base/encode.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/x509.h"
#include "fakests/iam/ids.h"
#include "tests/support/lab.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define ACCOUNT  "123456789012"
#define ISSUER   "https://issuer.example.com/observed"
#define PROVIDER "arn:aws:iam::" ACCOUNT ":oidc-provider/issuer.example.com/observed"
#define ROLE     "observed-role"
#define ROLE_ARN "arn:aws:iam::" ACCOUNT ":role/" ROLE

struct run {
    struct lab lab;
    struct arena *a;
    const char *id;
    int rows, mismatches;
    bool bad; /* the present row */
};

/* ---- placeholders ---- */

static struct str replaced(struct arena *a, struct str s, struct str what, struct str by)
{
    struct text t = text_new(a, 1024 * 1024);
    for (size_t i = 0; i < s.n;) {
        if (str_starts(str_sub(s, i, s.n), what)) {
            text_put(&t, by);
            i += what.n;
        } else {
            text_putc(&t, s.p[i++]);
        }
    }
    return text_str(&t);
}

static struct pkey_numbers numbers(struct run *r, const char *alg)
{
    return pkey_numbers(r->a, lab_key(&r->lab, str_of(alg))->key);
}

static struct str url64(struct run *r, struct str bytes)
{
    return base64url_write(r->a, bytes);
}

static struct str text_value(struct run *r, struct str s)
{
    static const char damaged[] = "$RSA_N with its last 4 base64url characters replaced by AAAA";
    struct str n = url64(r, numbers(r, "RS256").n);
    if (str_eq(s, str_of(damaged)))
        return arena_printf(r->a, "%.*sAAAA", (int)(n.n - 4), n.p);
    if (str_starts(s, STR("$CERT")))
        return base64_write(
            r->a, x509_self_signed(r->a, lab_key(&r->lab, STR("RS256"))->key, STR("observed")));
    const struct {
        const char *name;
        struct str value;
    } all[] = {
        { "$ISSUER", STR(ISSUER) },
        { "$PROVIDER_ARN", STR(PROVIDER) },
        { "$ROLE_ARN", STR(ROLE_ARN) },
        { "$ROLE_NAME", STR(ROLE) },
        { "$ROLE_ID", iam_id_of_arn(r->a, "AROA", STR(ACCOUNT), STR(ROLE_ARN)) },
        { "$ACCOUNT", STR(ACCOUNT) },
        { "$RSA_N", n },
        { "$EC256_X", url64(r, numbers(r, "ES256").x) },
        { "$EC256_Y", url64(r, numbers(r, "ES256").y) },
        { "$NOW_MINUS_10", arena_printf(r->a, "%d", LAB_NOW_S - 10) },
        { "$NOW_PLUS_900", arena_printf(r->a, "%d", LAB_NOW_S + 900) },
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        s = replaced(r->a, s, str_of(all[i].name), all[i].value);
    return s;
}

/* "now-12" → seconds; false for other texts. */
static bool now_offset(struct str s, int64_t *out)
{
    int64_t offset = 0;
    if (!str_starts(s, STR("now")) || (s.n > 3 && !str_to_i64(str_sub(s, 3, s.n), &offset)))
        return false;
    *out = LAB_NOW_S + offset;
    return true;
}

static json_t *value(struct run *r, json_t *v);

static json_t *special(struct run *r, json_t *o)
{
    json_t *v;
    int64_t at = 0;
    if ((v = json_object_get(o, "$string"))) {
        (void)now_offset(json_str(v), &at);
        return json_of(arena_printf(r->a, "%" PRId64, at));
    }
    if ((v = json_object_get(o, "$fraction"))) {
        struct str s = json_str(v);
        return json_real(LAB_NOW_S + strtod(arena_cstr(r->a, str_sub(s, 3, s.n)), NULL));
    }
    if ((v = json_object_get(o, "$upper"))) {
        struct str s = text_value(r, json_str(v));
        char *p = arena_cstr(r->a, s);
        for (size_t i = 0; i < s.n; i++)
            p[i] = (char)(p[i] >= 'a' && p[i] <= 'z' ? p[i] - 32 : p[i]);
        return json_of(str_n(p, s.n));
    }
    if ((v = json_object_get(o, "$repeat")) && json_is_string(v)) {
        struct text t = text_new(r->a, 1024 * 1024);
        for (json_int_t i = 0; i < json_integer_value(json_object_get(o, "count")); i++)
            text_put(&t, json_str(v));
        return json_of(text_str(&t));
    }
    return NULL;
}

/* Copies of a JWK whose kid holds {i}. */
static void repeat_keys(struct run *r, json_t *o, json_t *into)
{
    json_int_t from = json_integer_value(json_object_get(o, "i_from"));
    json_int_t to = json_integer_value(json_object_get(o, "i_to"));
    for (json_int_t i = from; i <= to; i++) {
        json_t *key = value(r, json_object_get(o, "key"));
        struct str kid = replaced(r->a, json_str(json_object_get(key, "kid")), STR("{i}"),
                                  arena_printf(r->a, "%lld", (long long)i));
        json_object_set_new(key, "kid", json_of(kid));
        json_array_append_new(into, key);
    }
}

static json_t *list_value(struct run *r, json_t *v)
{
    json_t *list = json_array(), *item;
    size_t i;
    json_array_foreach(v, i, item)
    {
        if (json_is_object(item) && json_object_get(item, "key") &&
            json_object_get(item, "$repeat"))
            repeat_keys(r, item, list);
        else
            json_array_append_new(list, value(r, item));
    }
    return list;
}

static json_t *object_value(struct run *r, json_t *v)
{
    json_t *o = special(r, v), *member;
    const char *key;
    if (o)
        return o;
    o = json_object();
    json_object_foreach(v, key, member)
    {
        json_object_set_new(o, arena_cstr(r->a, text_value(r, str_of(key))), value(r, member));
    }
    return o;
}

static json_t *value(struct run *r, json_t *v)
{
    int64_t at;
    if (json_is_string(v))
        return now_offset(json_str(v), &at) ? json_integer(at)
                                            : json_of(text_value(r, json_str(v)));
    if (json_is_array(v))
        return list_value(r, v);
    if (json_is_object(v))
        return object_value(r, v);
    return json_incref(v);
}

/* ---- the world of a row ---- */

static json_t *default_trust(void)
{
    return json_pack("{s:s, s:[{s:s, s:{s:s}, s:[s,s,s]}]}", "Version", "2012-10-17", "Statement",
                     "Effect", "Allow", "Principal", "Federated", PROVIDER, "Action",
                     "sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity");
}

static void build_world(struct run *r, json_t *row)
{
    json_t *role = json_object_get(row, "role"), *provider = json_object_get(row, "provider");
    json_t *trust = json_object_get(role, "trust_policy"), *jwks = json_object_get(row, "jwks");
    json_t *config = json_object(), *one = json_object(), *own = json_object();

    json_object_set_new(one, "url", value(r, json_object_get(provider, "url")));
    json_object_set_new(one, "client_ids", value(r, json_object_get(provider, "client_ids")));
    json_object_set_new(one, "keys",
                        json_pack("{s:o}", "jwks",
                                  json_is_object(jwks) ? value(r, jwks)
                                                       : json_loads(lab_jwks(&r->lab).p, 0, NULL)));
    json_object_del(json_object_get(json_object_get(one, "keys"), "jwks"), "total_rsa");
    json_object_del(json_object_get(json_object_get(one, "keys"), "jwks"), "total_ec");
    json_object_set_new(own, "name", json_string(ROLE));
    json_object_set_new(own, "trust_policy",
                        json_is_object(trust) ? value(r, trust) : default_trust());
    json_object_set(own, "max_session_duration", json_object_get(role, "max_session_duration"));
    json_object_set_new(config, "oidc_providers", json_pack("[o]", one));
    json_object_set_new(config, "roles", json_pack("[o]", own));
    lab_world(&r->lab, json_text(r->a, json_keep(r->a, config)));
}

static struct str token_of(struct run *r, json_t *row)
{
    json_t *header = json_keep(r->a, value(r, json_object_get(row, "header")));
    json_t *claims = json_keep(r->a, value(r, json_object_get(row, "claims")));
    json_t *raw = json_object_get(row, "raw_payload");
    struct str payload = raw ? text_value(r, json_str(raw)) : json_text(r->a, claims);
    struct str alg = json_str(json_object_get(header, "alg"));
    return lab_sign(&r->lab, json_text(r->a, header), payload,
                    lab_key(&r->lab, alg) ? alg : STR("RS256"));
}

/* ---- comparing ---- */

static void differ(struct run *r, const char *what, struct str got, struct str wanted)
{
    printf("%s: %s: got \"%.*s\", AWS \"%.*s\"\n", r->id, what, STR_ARG(got), STR_ARG(wanted));
    r->bad = true;
}

static void same(struct run *r, const char *what, struct str got, struct str wanted)
{
    if (!str_eq(got, wanted))
        differ(r, what, got, wanted);
}

static struct str message_wanted(struct run *r, json_t *expect, json_t *row)
{
    json_t *template = json_object_get(expect, "message_template");
    json_t *claims = json_keep(r->a, value(r, json_object_get(row, "claims")));
    if (!json_is_string(template))
        return text_value(r, json_str(json_object_get(expect, "message")));
    const struct {
        const char *name;
        int64_t v;
    } all[] = { { "{now-300}", LAB_NOW_S - 300 },
                { "{now+300}", LAB_NOW_S + 300 },
                { "{exp}", json_integer_value(json_object_get(claims, "exp")) },
                { "{iat}", json_integer_value(json_object_get(claims, "iat")) },
                { "{nbf}", json_integer_value(json_object_get(claims, "nbf")) } };
    struct str s = json_str(template);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        s = replaced(r->a, s, str_of(all[i].name), arena_printf(r->a, "%" PRId64, all[i].v));
    return s;
}

static void compare_refusal(struct run *r, const struct lab_reply *got, json_t *row)
{
    json_t *expect = json_object_get(row, "expect");
    same(r, "code", got->code, json_str(json_object_get(expect, "code")));
    same(r, "message", got->message, message_wanted(r, expect, row));
}

static void compare_success(struct run *r, const struct lab_reply *got, json_t *expect)
{
    static const char *const texts[][2] = {
        { "Audience", "Audience" },
        { "Provider", "Provider" },
        { "SubjectFromWebIdentityToken", "SubjectFromWebIdentityToken" },
        { "SourceIdentity", "SourceIdentity" },
        { "AssumedRoleUser.Arn", "AssumedRoleUser/Arn" },
        { "AssumedRoleId", "AssumedRoleUser/AssumedRoleId" },
    };
    const struct xml_node *result = xml_find(got->xml, "AssumeRoleWithWebIdentityResult");
    int64_t expires_ms = 0, packed = 0;

    if (!result) {
        differ(r, "answer", got->code, STR("success"));
        differ(r, "why", got->exchange.why.detail, STR(""));
        return;
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        same(r, texts[i][0], xml_text(result, texts[i][1]),
             text_value(r, json_str(json_object_get(expect, texts[i][0]))));
    if (!str_starts(xml_text(result, "Credentials/AccessKeyId"), STR("ASIA")))
        differ(r, "AccessKeyId", xml_text(result, "Credentials/AccessKeyId"), STR("ASIA..."));
    (void)time_read(xml_text(result, "Credentials/Expiration"), &expires_ms);
    if (expires_ms / 1000 - LAB_NOW_S != json_integer_value(json_object_get(expect, "duration_s")))
        differ(r, "duration", xml_text(result, "Credentials/Expiration"), STR("another"));
    (void)str_to_i64(xml_text(result, "PackedPolicySize"), &packed);
    if (json_is_integer(json_object_get(expect, "PackedPolicySize")) &&
        packed != json_integer_value(json_object_get(expect, "PackedPolicySize")))
        differ(r, "PackedPolicySize", xml_text(result, "PackedPolicySize"),
               json_text(r->a, json_object_get(expect, "PackedPolicySize")));
}

static void ask(struct run *r, json_t *row, struct lab_reply *got)
{
    struct lab_field fields[8] = { { "Action", STR("AssumeRoleWithWebIdentity") },
                                   { "RoleArn", STR(ROLE_ARN) },
                                   { "WebIdentityToken", token_of(r, row) } };
    size_t n = 3;
    const char *name;
    json_t *v;
    json_object_foreach(json_object_get(row, "request"), name, v)
    {
        fields[n++] = (struct lab_field){ name, json_is_string(v) ? text_value(r, json_str(v))
                                                                  : json_text(r->a, v) };
    }
    lab_call(&r->lab, fields, n, got);
}

static void run_row(struct run *r, json_t *row)
{
    struct lab_reply got;
    json_t *expect = json_object_get(row, "expect");

    r->id = json_string_value(json_object_get(row, "id"));
    r->bad = false;
    lab_init(&r->lab);
    r->a = r->lab.arena;
    build_world(r, row);
    ask(r, row, &got);
    if (json_is_true(json_object_get(expect, "ok")))
        compare_success(r, &got, expect);
    else
        compare_refusal(r, &got, row);
    r->rows++;
    r->mismatches += r->bad;
    lab_free(&r->lab);
}

/* sts.json of the folder named on the command line, or of $OBSERVED_DIR/aws-observed. */
static bool find_rows(int argc, char **argv, char *path, size_t path_bytes)
{
    const char *above = getenv("OBSERVED_DIR");
    if (argc == 2)
        snprintf(path, path_bytes, "%s/sts.json", argv[1]);
    else if (argc == 1 && above)
        snprintf(path, path_bytes, "%s/aws-observed/sts.json", above);
    else
        fprintf(stderr, "usage: observed_sts FOLDER\n");
    return argc == 2 || (argc == 1 && above);
}

int main(int argc, char **argv)
{
    struct run r = { .rows = 0 };
    size_t i;
    json_t *row, *rows;
    char path[4096];

    if (!find_rows(argc, argv, path, sizeof path))
        return 2;
    rows = json_load_file(path, 0, NULL);
    if (!rows) {
        fprintf(stderr, "observed_sts: cannot read %s\n", path);
        return 2;
    }
    json_array_foreach(rows, i, row) run_row(&r, row);
    json_decref(rows);
    printf("%d passed, %d failed\n", r.rows - r.mismatches, r.mismatches);
    return r.rows > 0 && r.mismatches == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
