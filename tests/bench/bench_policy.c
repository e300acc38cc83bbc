/*
 * What a decision costs, in RSA-2048 verifications of the same run: a trust policy of 2,048
 * characters of which only the last statement matches, without a trace and with one.  The sides
 * take turns, so that the machine's moods are shared.  Prints ratios; exits 1 when one is over its
 * bound.
 */
#include "base/json.h"
#include "base/text.h"
#include "crypto/pkey.h"
#include "fakests/policy/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 40, VERIFICATIONS = 50, DECISIONS = 500, CHARACTERS = 2048 };

/* Bounds, as parts of one verification. */
static const double bound_plain = 0.25, bound_traced = 1.2;

#define ISSUER   "oidc.circleci.com/org/00f45056-5918-4171-9222-b538c76ed3f8"
#define PROVIDER "arn:aws:iam::123456789012:oidc-provider/" ISSUER

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct str statement(struct arena *a, const char *project, int padding)
{
    return arena_printf(
        a,
        "{\"Sid\":\"s%0*d\",\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"" PROVIDER
        "\"},\"Action\":[\"sts:AssumeRoleWithWebIdentity\",\"sts:TagSession\"],\"Condition\":{"
        "\"StringEquals\":{\"" ISSUER ":aud\":\"00f45056-5918-4171-9222-b538c76ed3f8\"},"
        "\"StringLike\":{\"" ISSUER ":sub\":\"org/*/project/%s*/user/*\"}}}",
        padding, 0, project);
}

/* Statements until the quota is full; the last is filled up to the character. */
static struct policy *full_policy(struct arena *a)
{
    struct why why = why_new(a);
    struct json_doc *doc;
    struct policy *p;
    struct text t = text_new(a, CHARACTERS);
    size_t each = statement(a, "0000-other-", 1).n + 1, end = 2;
    text_put(&t, STR("{\"Version\":\"2012-10-17\",\"Statement\":["));
    for (int i = 1; t.n + 2 * each + end < CHARACTERS; i++)
        text_printf(&t, "%.*s,", STR_ARG(statement(a, "0000-other-", i)));
    size_t last = statement(a, "dabad1c2", 1).n;
    text_put(&t, statement(a, "dabad1c2", (int)(CHARACTERS - end - t.n - last + 1)));
    text_put(&t, STR("]}"));
    if (failed(json_load(a, &why, STR("policy"), text_str(&t), JSON_DUPLICATES_REFUSED, &doc)))
        abort();
    struct json_at root = json_at_root(doc);
    if (failed(policy_read(a, &why, &root, POLICY_TRUST, &p)) || policy_size(p) != CHARACTERS)
        abort();
    printf("a trust policy of %zu characters and %zu statements\n", policy_size(p),
           policy_n_statements(p));
    return p;
}

/* As many keys as an exchange fills. */
static struct keys context(struct arena *a)
{
    struct keys k = keys_new(a);
    for (int i = 0; i < 20; i++)
        keys_put(&k, arena_printf(a, "aws:RequestTag/number-%d", i), STR("value"));
    keys_put(&k, STR(ISSUER ":aud"), STR("00f45056-5918-4171-9222-b538c76ed3f8"));
    keys_put(&k, STR(ISSUER ":sub"),
             STR("org/00f45056-5918-4171-9222-b538c76ed3f8/project/"
                 "dabad1c2-62eb-48a6-87ab-fc6ae6589281/user/5d6f3c8e-0000-4000-8000-000000000000"));
    return k;
}

static double decide(const struct policy *p, struct policy_ask *ask, struct arena *scratch,
                     bool traced)
{
    struct policy_trace trace;
    double from = now_s();
    ask->arena = scratch;
    for (int i = 0; i < DECISIONS; i++) {
        if (policy_eval(p, ask, traced ? &trace : NULL) != POLICY_ALLOW)
            abort();
        if (traced)
            arena_reset(scratch);
    }
    return (now_s() - from) / DECISIONS;
}

static double verify(const struct pkey *key, struct str bytes, struct str signature)
{
    double from = now_s();
    for (int i = 0; i < VERIFICATIONS; i++)
        if (!pkey_verify(key, PKEY_SHA256, bytes, signature))
            abort();
    return (now_s() - from) / VERIFICATIONS;
}

int main(void)
{
    static const struct policy_principal who[] = { { STR_INIT("Federated"), STR_INIT(PROVIDER) } };
    struct arena *a = arena_new(), *scratch = arena_new();
    struct policy *p = full_policy(a);
    struct keys keys = context(a);
    struct policy_ask ask = { a, who, 1, STR("sts:AssumeRoleWithWebIdentity"), STR(""), &keys };
    struct pkey *key = pkey_generate(PKEY_RSA);
    struct str token = statement(a, "a token of six hundred bytes", 100);
    struct str signature = pkey_sign(a, key, PKEY_SHA256, token);
    double verified = 0, plain = 0, traced = 0;

    for (int i = 0; i < ROUNDS; i++) {
        verified += verify(key, token, signature) / ROUNDS;
        plain += decide(p, &ask, scratch, false) / ROUNDS;
        traced += decide(p, &ask, scratch, true) / ROUNDS;
    }
    printf("RSA-2048 verification   %7.2f us\n", verified * 1e6);
    printf("decision                %7.2f us   %.3f of a verification (bound %.2f)\n", plain * 1e6,
           plain / verified, bound_plain);
    printf("decision with its trace %7.2f us   %.3f of a verification (bound %.2f)\n", traced * 1e6,
           traced / verified, bound_traced);
    pkey_drop(key);
    arena_free(scratch);
    arena_free(a);
    return plain / verified <= bound_plain && traced / verified <= bound_traced ? EXIT_SUCCESS
                                                                                : EXIT_FAILURE;
}
