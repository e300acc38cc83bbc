#include "fakests/policy/resource.h"

#include "base/text.h"

#define OF(table) (sizeof(table) / sizeof(table)[0])

/* An ARN's fields; the last one has all the colons that are left.  Returns how many there are. */
static size_t fields(struct str s, struct str *out, size_t max)
{
    size_t n = 0;
    bool more = true;
    while (more && n < max) {
        more = n + 1 < max && str_find(s, ':') < s.n;
        out[n++] = more ? str_cut(&s, ':') : s;
    }
    return n;
}

static bool partition_known(struct str partition)
{
    static const struct str known[] = {
        STR_INIT("*"),          STR_INIT("aws"),       STR_INIT("aws-cn"),
        STR_INIT("aws-us-gov"), STR_INIT("aws-iso"),   STR_INIT("aws-iso-b"),
        STR_INIT("aws-iso-e"),  STR_INIT("aws-iso-f"), STR_INIT("aws-eusc"),
    };
    for (size_t i = 0; i < OF(known); i++)
        if (str_eq(partition, known[i]))
            return true;
    return false;
}

/* The message shows the ARN that IAM made of the text: missing fields are "*". */
static struct str bad_partition(struct arena *a, const struct str *field, size_t n)
{
    struct text arn = text_new(a, 4096);
    for (size_t i = 1; i < 6; i++) {
        text_putc(&arn, ':');
        text_put(&arn, i < n ? field[i] : STR("*"));
    }
    return arena_printf(a, "Partition \"%.*s\" is not valid for resource \"arn%.*s\".",
                        STR_ARG(field[1]), STR_ARG(text_str(&arn)));
}

static const struct str iam_paths[] = {
    STR_INIT("user/"),
    STR_INIT("federated-user/"),
    STR_INIT("role/"),
    STR_INIT("group/"),
    STR_INIT("instance-profile/"),
    STR_INIT("mfa/"),
    STR_INIT("server-certificate/"),
    STR_INIT("policy/"),
    STR_INIT("sms-mfa/"),
    STR_INIT("saml-provider/"),
    STR_INIT("oidc-provider/"),
    STR_INIT("report/"),
    STR_INIT("access-report/"),
};

static bool iam_path_known(struct str path)
{
    for (size_t i = 0; i < OF(iam_paths); i++)
        if (str_starts(path, iam_paths[i]))
            return true;
    return str_eq(path, STR("*")) || str_eq(path, STR("root"));
}

static struct str bad_iam_path(struct arena *a)
{
    struct text t = text_new(a, 512);
    text_put(&t, STR("IAM resource path must either be \"*\", root, or start with "));
    for (size_t i = 0; i < OF(iam_paths); i++)
        text_printf(&t, "%s%.*s", i ? ", " : "", STR_ARG(iam_paths[i]));
    text_putc(&t, '.');
    return text_str(&t);
}

struct str resource_fault(struct arena *a, struct str resource)
{
    struct str f[6] = { { 0 } }, shown = str_sub(resource, 0, 1024);
    size_t n = fields(resource, f, 6);
    if (str_eq(resource, STR("*")))
        return STR("");
    if (n == 1)
        return arena_printf(a, "Resource %.*s must be in ARN format or \"*\".", STR_ARG(shown));
    if (!partition_known(f[1]))
        return bad_partition(a, f, n);
    if (n == 2)
        return STR("Resource vendor must be fully qualified and cannot contain regexes.");
    if (str_eq(f[2], STR("s3")) && f[3].n && !str_starts(f[5], STR("accesspoint/")))
        return arena_printf(a, "Resource %.*s can not contain region information.", STR_ARG(shown));
    if (!str_eq(f[2], STR("iam")))
        return STR("");
    if (f[3].n)
        return arena_printf(a, "IAM resource %.*s cannot contain region information.",
                            STR_ARG(shown));
    return iam_path_known(f[5]) ? STR("") : bad_iam_path(a);
}

bool resource_parses(struct str resource)
{
    struct str f[6] = { { 0 } };
    size_t n = fields(resource, f, 6);
    return str_eq(resource, STR("*")) || (f[2].n && (n == 6 || !str_contains(resource, STR("::"))));
}
