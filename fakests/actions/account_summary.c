#include "fakests/action.h"
#include "fakests/authorize.h"
#include "fakests/iam_reply.h"

/*
 * GetAccountSummary: how many there are, and how many there may be (observed: these keys, and these
 * quotas of an account that never had one raised).
 */

/* What is counted; the rest is a fixed number. */
enum counted { FIXED, USERS, ROLES, POLICIES, POLICY_VERSIONS, PROVIDERS, ROOT_KEYS };
enum { COUNTED = ROOT_KEYS + 1 };

static const struct entry {
    const char *key;
    enum counted counted;
    int64_t number;
} entries[] = {
    { "AccessKeysPerUserQuota", FIXED, 2 },
    { "AccountAccessKeysPresent", ROOT_KEYS, 0 },
    { "AccountMFAEnabled", FIXED, 0 },
    { "AccountPasswordPresent", FIXED, 0 },
    { "AccountSigningCertificatesPresent", FIXED, 0 },
    { "AssumeRolePolicySizeQuota", FIXED, 2048 },
    { "AttachedPoliciesPerGroupQuota", FIXED, 10 },
    { "AttachedPoliciesPerRoleQuota", FIXED, 10 },
    { "AttachedPoliciesPerUserQuota", FIXED, 10 },
    { "GlobalEndpointTokenVersion", FIXED, 1 },
    { "GroupPolicySizeQuota", FIXED, 5120 },
    { "Groups", FIXED, 0 },
    { "GroupsPerUserQuota", FIXED, 10 },
    { "GroupsQuota", FIXED, 300 },
    { "InstanceProfiles", FIXED, 0 },
    { "InstanceProfilesQuota", FIXED, 1000 },
    { "MFADevices", FIXED, 0 },
    { "MFADevicesInUse", FIXED, 0 },
    { "Policies", POLICIES, 0 },
    { "PoliciesQuota", FIXED, 1500 },
    { "PolicySizeQuota", FIXED, 6144 },
    { "PolicyVersionsInUse", POLICY_VERSIONS, 0 },
    { "PolicyVersionsInUseQuota", FIXED, 10000 },
    { "Providers", PROVIDERS, 0 },
    { "RolePolicySizeQuota", FIXED, 10240 },
    { "Roles", ROLES, 0 },
    { "RolesQuota", FIXED, 1000 },
    { "ServerCertificates", FIXED, 0 },
    { "ServerCertificatesQuota", FIXED, 20 },
    { "SigningCertificatesPerUserQuota", FIXED, 2 },
    { "UserPolicySizeQuota", FIXED, 2048 },
    { "Users", USERS, 0 },
    { "UsersQuota", FIXED, 5000 },
    { "VersionsPerPolicyQuota", FIXED, 5 },
};

static int64_t count_of(struct call *c, enum iam_kind kind)
{
    return (int64_t)iam_list(c->world->iam, c->arena, kind, c->caller.account).n;
}

static int64_t versions(struct call *c)
{
    struct iam_list all = iam_list(c->world->iam, c->arena, IAM_POLICY, c->caller.account);
    int64_t n = 0;
    for (size_t i = 0; i < all.n; i++)
        n += (int64_t)iam_object_policy(all.items[i])->n_versions;
    return n;
}

/* 1 when the root has a key. */
static int64_t root_keys(struct call *c)
{
    struct iam_list all = iam_list(c->world->iam, c->arena, IAM_CREDENTIAL, c->caller.account);
    for (size_t i = 0; i < all.n; i++)
        if (!iam_object_credential(all.items[i])->user.n)
            return 1;
    return 0;
}

static void write_entry(struct xml *x, const char *key, int64_t value)
{
    xml_open(x, "entry", NULL);
    xml_leaf(x, "key", str_of(key));
    xml_leaf_i64(x, "value", value);
    xml_close(x, "entry");
}

static struct outcome summary(struct call *c, struct str *document)
{
    struct authorize_ask ask = { .action = STR("iam:GetAccountSummary"), .resource = STR("*") };
    struct reply r;
    TRY(authorize(c, &ask));
    const int64_t counts[COUNTED] = {
        [USERS] = count_of(c, IAM_USER),         [ROLES] = count_of(c, IAM_ROLE),
        [POLICIES] = count_of(c, IAM_POLICY),    [POLICY_VERSIONS] = versions(c),
        [PROVIDERS] = count_of(c, IAM_PROVIDER), [ROOT_KEYS] = root_keys(c)
    };
    reply_open(&r, c, "GetAccountSummary", true);
    xml_open(&r.xml, "SummaryMap", NULL);
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++)
        write_entry(&r.xml, entries[i].key, entries[i].number + counts[entries[i].counted]);
    xml_close(&r.xml, "SummaryMap");
    *document = reply_close(&r, true);
    return OK;
}

const struct action action_account_summary[] = {
    { "GetAccountSummary", SERVICE_IAM, true, false, summary },
    { .name = NULL },
};
