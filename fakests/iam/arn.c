#include "fakests/iam/arn.h"

enum { ACCOUNT_DIGITS = 12 };

bool arn_read(struct str text, struct arn *out)
{
    size_t colons = 0;
    for (size_t i = 0; i < text.n; i++)
        colons += text.p[i] == ':';
    if (colons < 5 || !str_eq(str_cut(&text, ':'), STR("arn")))
        return false;
    struct arn arn;
    arn.partition = str_cut(&text, ':');
    arn.service = str_cut(&text, ':');
    arn.region = str_cut(&text, ':');
    arn.account = str_cut(&text, ':');
    arn.resource = text; /* which may hold colons of its own */
    if (!arn.partition.n || !arn.service.n || !arn.resource.n)
        return false;
    *out = arn;
    return true;
}

bool arn_account_valid(struct str account)
{
    if (account.n != ACCOUNT_DIGITS)
        return false;
    for (size_t i = 0; i < account.n; i++)
        if (account.p[i] < '0' || account.p[i] > '9')
            return false;
    return true;
}

/* IAM paths and names consist of [!-~] (aws.md section 7, CreateRole). */
static bool printable(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '!' || s.p[i] > '~')
            return false;
    return true;
}

bool arn_is_role(struct str text, struct arn *out)
{
    struct arn arn;
    if (!arn_read(text, &arn) || !str_eq(arn.service, STR("iam")) || arn.region.n ||
        !arn_account_valid(arn.account) || !str_starts(arn.resource, STR("role/")) ||
        str_ends(arn.resource, STR("/")) || !printable(arn.resource))
        return false;
    *out = arn;
    return true;
}

/* Where the name begins: behind the last slash. */
static size_t name_at(struct str resource)
{
    size_t at = resource.n;
    while (at > 0 && resource.p[at - 1] != '/')
        at--;
    return at;
}

struct str arn_role_name(const struct arn *role)
{
    return str_sub(role->resource, name_at(role->resource), role->resource.n);
}

struct str arn_role_path(const struct arn *role)
{
    const size_t first_slash = sizeof "role" - 1;
    return str_sub(role->resource, first_slash, name_at(role->resource) - first_slash);
}

struct str arn_of_provider(struct arena *a, struct str account, struct str url)
{
    return arena_join(a, STR("arn:aws:iam::"), account, STR(":oidc-provider/"), url);
}

struct str arn_of_role(struct arena *a, struct str account, struct str path, struct str name)
{
    return arena_join(a, STR("arn:aws:iam::"), account, STR(":role"), path, name);
}

struct str arn_of_policy(struct arena *a, struct str account, struct str path, struct str name)
{
    return arena_join(a, STR("arn:aws:iam::"), account, STR(":policy"), path, name);
}

struct str arn_of_user(struct arena *a, struct str account, struct str path, struct str name)
{
    return arena_join(a, STR("arn:aws:iam::"), account, STR(":user"), path, name);
}

struct str arn_of_session(struct arena *a, struct str account, struct str role_name,
                          struct str session_name)
{
    return arena_join(a, STR("arn:aws:sts::"), account, STR(":assumed-role/"), role_name, STR("/"),
                      session_name);
}
