#ifndef FAKESTS_IAM_STORE_H
#define FAKESTS_IAM_STORE_H

#include "base/json_parts.h"
#include "fakests/iam/ids.h"
#include "fakests/policy/policy.h"
#include "jose/jwk.h"

/*
 * What IAM knows: accounts with their OIDC providers, roles, managed policies, users and access
 * keys.
 *
 * One `struct iam` never changes: a request sees one from beginning to end, and a change
 * (iam/change.h) makes another that shares everything but what changed.  It is counted.  Lookups
 * take the same few steps for ten roles and for ten thousand.
 *
 * Every object is kept as its text, a piece of the config (docs/config.md), and is read - policies
 * compiled, keys parsed - at the latest when somebody asks for it; what came from a config was read
 * once before, so that nothing invalid is ever in force.  What the lookups return belongs to the
 * iam, and is valid as long as that is held.
 */

struct tag {
    struct str key, value;
};

enum key_origin {
    KEYS_LOCAL, /* this process's issuer of that URL signs */
    KEYS_JWKS,  /* the config holds the key set */
};

struct provider {
    struct str account;
    struct str url; /* without https://, as registered: case and final slash count */
    struct str arn;
    struct str *client_ids;
    size_t n_client_ids;
    struct str *thumbprints;
    size_t n_thumbprints;
    struct tag *tags;
    size_t n_tags;
    enum key_origin origin;
    struct jwks *jwks;    /* of KEYS_JWKS */
    struct str jwks_text; /* the same as JSON */
    int64_t created_ms;   /* since the epoch; 0: the config does not say */
};

struct named_policy {
    struct str name;
    struct policy *policy;
    struct str text; /* compact JSON, members in their order */
};

/* What an identity may do: of roles and users. */
struct grants {
    struct named_policy *policies; /* inline */
    size_t n_policies;
    struct str *attached; /* ARNs of managed policies */
    size_t n_attached;
    struct str boundary; /* ARN, or empty */
};

struct role {
    struct str account, name, path, arn;
    struct str id; /* AROA..., derived from the ARN unless the config gives one */
    struct str description;
    int64_t max_session_duration_s;
    int64_t created_s; /* seconds since the epoch; 0: the config does not say */
    struct tag *tags;
    size_t n_tags;
    struct policy *trust;
    struct str trust_text; /* compact JSON */
    struct grants grants;
};

enum { POLICY_VERSIONS_MAX = 5 };
struct policy_version {
    unsigned number; /* 3 is "v3" */
    struct policy *policy;
    struct str text; /* compact JSON */
    int64_t created_s;
};

struct managed_policy {
    struct str account; /* "aws" for AWS's own */
    struct str name, path, arn, description;
    struct str id; /* ANPA... */
    int64_t created_s, updated_s;
    struct tag *tags;
    size_t n_tags;
    struct policy_version *versions; /* oldest first */
    size_t n_versions;
    unsigned default_version, last_version; /* numbers; a number is never used again */
};

struct service_credential {
    struct str id; /* ACCA... */
    struct str service_name, user_name, password;
    bool active;
    int64_t created_s, expires_s; /* 0: never */
};

struct user {
    struct str account, name, path, arn;
    struct str id; /* AIDA..., derived from the ARN unless the config gives one */
    int64_t created_s;
    struct tag *tags;
    size_t n_tags;
    struct grants grants;
    struct service_credential *service_credentials;
    size_t n_service_credentials;
};

struct credential {
    struct str access_key_id, secret_access_key;
    struct str account;
    struct str user; /* user name; empty: the account's root */
    bool inactive;
    int64_t created_s;
};

struct account {
    struct str id;
    struct str alias;           /* or empty */
    struct str outbound_issuer; /* https://UUID.tokens.sts.global.api.aws once it was enabled */
    bool outbound_enabled;
};

enum iam_kind {
    IAM_PROVIDER,
    IAM_ROLE,
    IAM_POLICY,
    IAM_USER,
    IAM_CREDENTIAL,
    IAM_ACCOUNT,
};
enum { IAM_KINDS = 6 };

struct iam;
struct iam_object;

struct iam *iam_hold(const struct iam *iam);
/* NULL is fine. */
void iam_drop(struct iam *iam);

/* The account that a role's name, `test`/`test` and the config's top belong to. */
struct str iam_default_account(const struct iam *iam);
/* NULL: neither the config nor a change has said anything about that account. */
const struct account *iam_account(const struct iam *iam, struct str id);

/* By ARN, path included: a role of that name under another path is not it.  NULL: no such role. */
const struct role *iam_role(const struct iam *iam, struct str arn);
/* Names are unique whatever their case. */
const struct role *iam_role_named(const struct iam *iam, struct str account, struct str name);
/* The provider of that issuer URL (with https://) in that account.  NULL: not registered. */
const struct provider *iam_provider(const struct iam *iam, struct str account, struct str issuer);
const struct provider *iam_provider_of_arn(const struct iam *iam, struct str arn);
/*
 * A managed policy by ARN, path included; of arn:aws:iam::aws:policy/... those few whose documents
 * we have (iam/managed/).
 */
const struct managed_policy *iam_policy(const struct iam *iam, struct str arn);
const struct managed_policy *iam_policy_named(const struct iam *iam, struct str account,
                                              struct str name);
/* The document in force; never NULL. */
const struct policy_version *iam_policy_default(const struct managed_policy *policy);
const struct user *iam_user_named(const struct iam *iam, struct str account, struct str name);
const struct user *iam_user(const struct iam *iam, struct str arn);
const struct credential *iam_credential(const struct iam *iam, struct str access_key_id);

/* ---- walking over many ---- */

/* All of a kind in an account, or with an empty account in all; in the order they were made. */
struct iam_list {
    const struct iam_object **items;
    size_t n;
};
struct iam_list iam_list(const struct iam *iam, struct arena *a, enum iam_kind kind,
                         struct str account);
size_t iam_count(const struct iam *iam, enum iam_kind kind);
struct str iam_object_account(const struct iam_object *o);
/* A name as it is spelled; of a provider its URL without https://, of a credential its id. */
struct str iam_object_name(const struct iam_object *o);
/* What it stands for; the kind must be right. */
const struct role *iam_object_role(const struct iam_object *o);
const struct provider *iam_object_provider(const struct iam_object *o);
const struct managed_policy *iam_object_policy(const struct iam_object *o);
const struct user *iam_object_user(const struct iam_object *o);
const struct credential *iam_object_credential(const struct iam_object *o);

/*
 * AWS announced the identity-provider controls for shared OIDC providers in June 2025 (aws.md
 * section 5.4); the day is not established, so the month's first stands for it.
 */
#define IAM_CONTROLS_S INT64_C(1748736000) /* 2025-06-01T00:00:00Z */

/*
 * Whether a role made at that time keeps a trust policy that breaks the controls: they are not
 * retroactive.  Such a role is warned of.  0, a time nobody gave, is now.
 */
bool iam_role_predates_controls(int64_t created_s);

/*
 * A trust policy as CreateRole takes it at that time; one that a config gives too is read so.
 * Fails with POLICY_MALFORMED or POLICY_TOO_LARGE: why->arg[0] is AWS's message, why->detail has it
 * too.  Whether the principals exist is not looked at.
 */
OUTCOME iam_trust_read(struct arena *a, struct why *why, const struct json_at *at,
                       int64_t created_s, struct policy **out);

/* ---- reading a config ---- */

struct iam_options {
    struct str account; /* the default one */
    bool files_allowed; /* {"$file": ...} and "jwks_file" */
    bool judged;        /* the text is what we wrote ourselves: it is read when somebody asks */
    /* NULL: the first refusal ends the reading.  Else each is told and what it is about left out;
     *why is used again afterwards. */
    void (*refused)(void *context, const struct why *why);
    void *refused_context;
};

/*
 * Reads the account-shaped members among a config's members ("oidc_providers", "roles",
 * "managed_policies", "users", "credentials", "account_alias", "outbound_federation", and
 * "accounts" with more of the same), the first ones for the default account; members of other names
 * are passed over.  A trust policy is taken or refused as CreateRole does (policy/save.h), with
 * AWS's message.  Fails with CONFIG_INVALID, POLICY_MALFORMED or POLICY_TOO_LARGE and the place.
 * Nothing of the text is kept: what counts is copied.
 */
OUTCOME iam_read(struct arena *a, struct why *why, const struct json_parts *config,
                 const struct iam_options *options, struct iam **out);

/* What AWS accepts and a person should know: a trusted provider nobody registered, ...; in the
 * arena.  Reads every role. */
struct str *iam_warnings(const struct iam *iam, struct arena *a, size_t *n);

/*
 * Puts the account-shaped members into the config `into`, as iam_read reads them, files put in in
 * place of their names.
 */
void iam_write(const struct iam *iam, json_t *into);

#endif
