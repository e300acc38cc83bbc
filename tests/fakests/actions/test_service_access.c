#include "tests/fakests/actions/reply_text.h"
#include "tests/support/runner.h"

/* ListPoliciesGrantingServiceAccess. */

#define ALLOW(action)                                                                       \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"" action \
    "\",\"Resource\":\"*\"}]}"
#define TRUST                                                                                  \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":" \
    "\"123456789012\"},\"Action\":\"sts:AssumeRole\"}]}"
#define READ "arn:aws:iam::123456789012:policy/ci/read"

#define PUSH   ALLOW("s3:PutObject")
#define KEYS   ALLOW("kms:*")
#define READER ALLOW("s3:Get*")
#define HOME   ALLOW("S3:*")

/* One has a boundary that allows S3, which grants nothing. */
static const char config[] =
    "{\"roles\": [{\"name\": \"deploy\", \"path\": \"/ci/\", \"trust_policy\": " TRUST ","
    "   \"policies\": {\"push\": " PUSH ", \"keys\": " KEYS "},"
    "   \"attached_policies\": [\"" READ "\", \"arn:aws:iam::aws:policy/NobodyHasThisOne\"]}],"
    " \"managed_policies\": [{\"name\": \"read\", \"path\": \"/ci/\", \"policy\": " READER "}],"
    " \"users\": [{\"name\": \"ann\", \"policies\": {\"home\": " HOME "}},"
    "             {\"name\": \"bounded\", \"permissions_boundary\": \"" READ "\"},"
    "             {\"name\": \"nobody\"}],"
    " \"credentials\": [{\"access_key_id\": \"test\", \"secret_access_key\": \"test\"},"
    "  {\"access_key_id\": \"AKIANOBODY\", \"secret_access_key\": \"n\", \"user\": \"nobody\"}]}";

static const struct iam_fixture_key nobody = { STR_INIT("AKIANOBODY"), STR_INIT("n"), { NULL, 0 } };

#define ACTION "ListPoliciesGrantingServiceAccess"
#define ROLE   "arn:aws:iam::123456789012:role/ci/deploy"
#define USER   "arn:aws:iam::123456789012:user/"
#define GRANTING(members)                                                \
    REPLY_RESULT(ACTION, "    <PoliciesGrantingServiceAccess>\n" members \
                         "    </PoliciesGrantingServiceAccess>\n"        \
                         "    <IsTruncated>false</IsTruncated>\n")
#define SERVICE(name, policies) \
    "      <member>\n"          \
    "        <ServiceNamespace>" name "</ServiceNamespace>\n" policies "      </member>\n"
#define POLICIES(members) "        <Policies>\n" members "        </Policies>\n"
#define NONE              "        <Policies/>\n"
#define MANAGED(name, arn)                            \
    "          <member>\n"                            \
    "            <PolicyName>" name "</PolicyName>\n" \
    "            <PolicyType>MANAGED</PolicyType>\n"  \
    "            <PolicyArn>" arn "</PolicyArn>\n"    \
    "          </member>\n"
#define INLINE(name, type, entity)                      \
    "          <member>\n"                              \
    "            <PolicyName>" name "</PolicyName>\n"   \
    "            <PolicyType>INLINE</PolicyType>\n"     \
    "            <EntityType>" type "</EntityType>\n"   \
    "            <EntityName>" entity "</EntityName>\n" \
    "          </member>\n"

static const struct {
    const char *what, *arn;
    const char *const *services;
    const char *body;
} bodies[] = {
    { "a role's managed and inline policies, for each service in the order asked for", ROLE,
      P("ServiceNamespaces.member.1=s3", "ServiceNamespaces.member.2=iam",
        "ServiceNamespaces.member.3=kms"),
      GRANTING(SERVICE("s3", POLICIES(MANAGED("read", READ) INLINE("push", "ROLE", "deploy")))
                   SERVICE("iam", NONE)
                       SERVICE("kms", POLICIES(INLINE("keys", "ROLE", "deploy")))) },
    { "a user's", USER "ann", P("ServiceNamespaces.member.1=s3"),
      GRANTING(SERVICE("s3", POLICIES(INLINE("home", "USER", "ann")))) },
    { "a boundary is none", USER "bounded", P("ServiceNamespaces.member.1=s3"),
      GRANTING(SERVICE("s3", NONE)) },
};

START_TEST(policies_are_listed)
{
    struct iam_fixture *f = iam_fixture_new(config);
    const char *parameters[8] = { "Action=" ACTION,
                                  arena_printf(f->arena, "Arn=%s", bodies[_i].arn).p };
    for (size_t i = 0; bodies[_i].services[i]; i++)
        parameters[i + 2] = bodies[_i].services[i];
    struct iam_fixture_reply r = iam_fixture_send(f, SERVICE_IAM, &iam_fixture_root, parameters);
    iam_fixture_want_body(&r, bodies[_i].what, bodies[_i].body);
    iam_fixture_free(f);
}
END_TEST

#define S3        "ServiceNamespaces.member.1=s3"
#define AT(place) "1 validation error detected: Value at '" place "' failed to satisfy constraint: "

static const struct {
    const char *what;
    const char *const *parameters;
    const struct iam_fixture_key *as;
    int status;
    const char *code, *message;
} refusals[] = {
    { "a role that is not there",
      P("Action=" ACTION, "Arn=arn:aws:iam::123456789012:role/none", S3), &iam_fixture_root, 404,
      "NoSuchEntity", "The role with name none cannot be found." },
    { "an ARN of nobody", P("Action=" ACTION, "Arn=arn:aws:s3:::bucket-of-somebody", S3),
      &iam_fixture_root, 400, "InvalidInput", NULL },
    { "no services", P("Action=" ACTION, "Arn=" ROLE), &iam_fixture_root, 400, "ValidationError",
      AT("serviceNamespaces") "Member must not be null" },
    { "an empty list of them", P("Action=" ACTION, "Arn=" ROLE, "ServiceNamespaces="),
      &iam_fixture_root, 400, "ValidationError",
      AT("serviceNamespaces") "Member must have length greater than or equal to 1" },
    { "a name that is none", P("Action=" ACTION, "Arn=" ROLE, "ServiceNamespaces.member.1=s3:*"),
      &iam_fixture_root, 400, "ValidationError",
      AT("serviceNamespaces") "Member must satisfy constraint: [Member must have length less than "
                              "or equal to 64, Member must have length greater than or equal to 1, "
                              "Member must satisfy regular expression pattern: [\\w-]*]" },
    { "a marker that nobody gave", P("Action=" ACTION, "Arn=" ROLE, S3, "Marker=x"),
      &iam_fixture_root, 400, "ValidationError", NULL },
    { "one who may not", P("Action=" ACTION, "Arn=" USER "ann", S3), &nobody, 403, "AccessDenied",
      "User: " USER "nobody is not authorized to perform: iam:" ACTION " on resource: " USER
      "ann because no identity-based policy allows the iam:" ACTION " action" },
};

START_TEST(refusals_are_awss)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r =
        iam_fixture_send(f, SERVICE_IAM, refusals[_i].as, refusals[_i].parameters);
    iam_fixture_want(&r, refusals[_i].what, refusals[_i].status, refusals[_i].code,
                     refusals[_i].message);
    iam_fixture_free(f);
}
END_TEST

Suite *service_access_suite(void);

Suite *service_access_suite(void)
{
    Suite *s = suite_create("actions/service_access");
    TCase *t = tcase_create("service_access");
    tcase_add_loop_test(t, policies_are_listed, 0, sizeof bodies / sizeof bodies[0]);
    tcase_add_loop_test(t, refusals_are_awss, 0, sizeof refusals / sizeof refusals[0]);
    suite_add_tcase(s, t);
    return s;
}
