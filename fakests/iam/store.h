#ifndef FAKESTS_IAM_STORE_H
#define FAKESTS_IAM_STORE_H

#include "base/json.h"
#include "base/map.h"
#include "fakests/iam/ids.h"
#include "fakests/policy/policy.h"
#include "jose/jwk.h"

/*
 * What IAM knows: accounts with their OIDC providers, roles and long-term credentials.  Read from
 * the config, compiled, and from then on immutable: a request sees one store from beginning to end,
 * and a change makes a new one.  Lookups take constant time.
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
    struct jwks *jwks; /* of KEYS_JWKS */
};

struct named_policy {
    struct str name;
    struct policy *policy;
    json_t *document; /* borrowed from the store's document */
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
    json_t *trust_document;
    struct named_policy *policies; /* inline */
    size_t n_policies;
    struct str *attached_policies; /* ARNs */
    size_t n_attached;
    struct str permissions_boundary; /* ARN, or empty */
};

struct managed_policy {
    struct str name, path, arn, description;
    struct policy *policy;
    json_t *document;
};

struct user {
    struct str account, name, path, arn;
    struct str id; /* AIDA..., derived from the ARN unless the config gives one */
};

struct credential {
    struct str access_key_id, secret_access_key;
    struct str account;
    struct str user; /* user name; empty: the account's root */
};

struct account {
    struct str id;
    struct provider *providers; /* in config order */
    size_t n_providers;
    struct role *roles;
    size_t n_roles;
    struct managed_policy *managed;
    size_t n_managed;
    struct user *users;
    size_t n_users;
    struct map provider_by_url; /* → struct provider */
    struct map role_by_name; /* → struct role; by the name in lower case, as names are unique so */
};

struct iam {
    struct arena *arena;      /* borrowed */
    struct account *accounts; /* the default one first */
    size_t n_accounts;
    struct map account_by_id;     /* → struct account */
    struct map credential_by_key; /* access key id → struct credential */
    struct str *warnings; /* what AWS accepts and a person should know: a trusted provider nobody
                             registered, ... */
    size_t n_warnings;
};

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
 * too.
 */
OUTCOME iam_trust_read(struct arena *a, struct why *why, const struct json_at *at,
                       int64_t created_s, struct policy **out);

/*
 * Reads the account-shaped members of a config ("oidc_providers", "roles", "managed_policies",
 * "users", "credentials", and "accounts" with more of the same) at `config`, the first ones for the
 * account `account`.  A trust policy is taken or refused as CreateRole does (policy/save.h), with
 * AWS's message.  Fails with CONFIG_INVALID, POLICY_MALFORMED or POLICY_TOO_LARGE and the place.
 * Everything lives in the arena, with the document.
 */
struct iam_options {
    struct str account;
    bool files_allowed; /* {"$file": ...} and "jwks_file" */
    /* NULL: the first refusal ends the reading.  Else each is told and what it is about left out;
     *why is used again afterwards. */
    void (*refused)(void *context, const struct why *why);
    void *refused_context;
};
OUTCOME iam_read(struct arena *a, struct why *why, const struct json_at *config,
                 const struct iam_options *options, struct iam **out);

const struct account *iam_account(const struct iam *iam, struct str id);
/* By ARN, path included: a role of that name under another path is not it.  NULL: no such role. */
const struct role *iam_role(const struct iam *iam, struct str arn);
/* The provider of that issuer URL (with https://) in that account.  NULL: not registered. */
const struct provider *iam_provider(const struct iam *iam, struct str account, struct str issuer);
const struct credential *iam_credential(const struct iam *iam, struct str access_key_id);

#endif
