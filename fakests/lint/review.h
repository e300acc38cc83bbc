#ifndef FAKESTS_LINT_REVIEW_H
#define FAKESTS_LINT_REVIEW_H

#include "base/json.h"
#include "fakests/iam/store.h"
#include "fakests/lint/rule.h"

/* An OIDC provider that a statement names as Federated principal. */
struct review_issuer {
    struct str principal; /* the ARN, or a built-in provider's name */
    struct str url;       /* without https:// */
    struct str account;   /* empty: built in */
};

struct review_statement {
    size_t index;
    const struct compiled_statement *s; /* NULL: it could not be read, and that was told */
    bool lets_in;                       /* an Allow of sts:AssumeRoleWithWebIdentity */
    bool uncontrolled; /* the shared-provider controls refuse it, and that was told */
    struct review_issuer *issuers;
    size_t n_issuers;
};

/*
 * What a check looks at; what it finds it says with review_say*.  Borrowed, all of it.
 */
struct review {
    struct findings *out;
    const struct lint_rule *rule;
    const struct iam *iam;         /* of `account` */
    const struct account *account; /* the role's; NULL: a policy is looked at by itself */

    const struct json_at *document; /* of the trust policy */
    struct review_statement *statements;
    size_t n_statements;
    const struct review_statement *now;

    const struct json_at *role; /* its object in the config, or NULL */

    const struct json_at *provider_at; /* a provider's object in the config */
    const struct provider *provider;
};

/* With `fix` empty the rule's own is told. */
void review_say(const struct review *r, const struct json_at *at, struct str fix,
                const char *format, ...) __attribute__((format(printf, 4, 5)));
/* At an element of the present statement, or at the statement when it has no such element. */
void review_say_element(const struct review *r, const char *element, struct str fix,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));
/* At a key of the present statement's Condition. */
void review_say_condition(const struct review *r, const struct condition *k, struct str fix,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));
/* At one of its wanted values. */
void review_say_value(const struct review *r, const struct condition *k, size_t index,
                      struct str fix, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The statements of a document, with their issuers; memory is r->out->arena's. */
void review_statement_init(struct review_statement *out, struct arena *a,
                           const struct compiled_statement *s, size_t index);

/* ---- what several checks ask ---- */

/* "ISSUER:name" → name, for one of the present statement's issuers; NULL: for none. */
const struct review_issuer *review_issuer_of(const struct review *r, const struct condition *k,
                                             struct str *name);
/* "aws:RequestTag/" and its like, whatever the case: what stands behind it. */
bool review_key_below(struct str key, struct str prefix, struct str *rest);
/* Whether the condition lets only some values in: neither negated nor content without any. */
bool review_restricts(const struct condition *k);
/* What the condition is where the key is absent. */
bool review_holds_absent(const struct condition *k);
/* "so the statement never matches", or "so the condition always holds". */
const char *review_effect_absent(const struct condition *k);
bool review_has_action(const struct compiled_statement *s, struct str action);

#endif
