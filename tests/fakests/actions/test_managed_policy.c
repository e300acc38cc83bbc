#include "tests/fakests/actions/sequence.h"

/*
 * Managed policies over the IAM API: members of replies (observed), versions, who uses them, AWS's
 * own, the limits, and each error of the service model.
 */

#define POLICY(name) "arn:aws:iam::" IAM_FIXTURE_ACCOUNT ":policy" name
#define AWS(name)    "arn:aws:iam::aws:policy/" name
#define TRUST                                                                         \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{" \
    "\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}}"
#define ALLOW(action)                                                                      \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"" action \
    "\",\"Resource\":\"*\"}}"
#define ALLOW_ENCODED(action)                                                                \
    "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%" \
    "2C%22Action%22%3A%22" action "%22%2C%22Resource%22%3A%22%2A%22%7D%7D"

static const char config[] =
    "{\"managed_policies\": ["
    "   {\"name\": \"used\", \"path\": \"/team/\", \"id\": \"ANPAUSEDUSEDUSEDUSED1\","
    "    \"description\": \"for all\", \"created\": \"2025-01-02T03:04:05Z\","
    "    \"tags\": {\"b\": \"2\", \"a\": \"1\"}, \"policy\": " ALLOW(
        "s3:*") "},"
                "   {\"name\": \"free\", \"policy\": " ALLOW(
                    "s3:*") "}],"
                            " \"roles\": [{\"name\": \"app\", \"path\": \"/ci/\", \"id\": "
                            "\"AROAAPPAPPAPPAPPAPPA1\","
                            "    \"trust_policy\": " TRUST ", \"attached_policies\": [\"" POLICY(
                                "/team/used") "\","
                                              "      \"" AWS("ReadOnlyAccess") "\", \"" AWS(
                                                  "PowerUserAccess") "\"]},"
                                                                     "   {\"name\": \"bound\", "
                                                                     "\"id\": "
                                                                     "\"AROABOUNDBOUNDBOUNDB1\", "
                                                                     "\"trust_policy\": " TRUST ","
                                                                     "    "
                                                                     "\"permissions_boundary\": "
                                                                     "\"" POLICY(
                                                                         "/team/used") "\"}],"
                                                                                       " \"users\":"
                                                                                       " [{"
                                                                                       "\"name\": "
                                                                                       "\"ann\", "
                                                                                       "\"id\": "
                                                                                       "\"AIDAANNAN"
                                                                                       "NANNANNANNA"
                                                                                       "1\","
                                                                                       "    "
                                                                                       "\"attached_"
                                                                                       "policies\":"
                                                                                       " ["
                                                                                       "\"" POLICY(
                                                                                           "/team/"
                                                                                           "used") "\"]}, {\"name\": \"nobody\"},"
                                                                                                   "   {\"name\": \"maker\", \"policies\": {\"p\": {\"Version\": \"2012-10-17\","
                                                                                                   "     \"Statement\": {\"Effect\": \"Allow\", \"Resource\": \"*\","
                                                                                                   "       \"Action\": [\"iam:CreatePolicy\"]}}}}],"
                                                                                                   " \"credentials\": [{\"access_key_id\": \"test\", \"secret_access_key\": \"test\"},"
                                                                                                   "   {\"access_key_id\": \"AKIANOBODY\", \"secret_access_key\": \"n\", \"user\": \"nobody\"},"
                                                                                                   "   {\"access_key_id\": \"AKIAMAKER\", \"secret_access_key\": \"m\", \"user\": \"maker\"}],"
                                                                                                   " \"accounts\": {\"210987654321\": {"
                                                                                                   "   \"managed_policies\": [{\"name\": \"theirs\", \"policy\": " ALLOW(
                                                                                                       "s3:*") "}],"
                                                                                                               "   \"roles\": [{\"name\": \"app\", \"trust_policy\": " TRUST
                                                                                                               ","
                                                                                                               "     \"attached_policies\": [\"" AWS(
                                                                                                                   "PowerUserAccess") "\"]}]}}}";

static const struct iam_fixture_key nobody = { STR_INIT("AKIANOBODY"), STR_INIT("n"), { NULL, 0 } };
static const struct iam_fixture_key maker = { STR_INIT("AKIAMAKER"), STR_INIT("m"), { NULL, 0 } };

/* ---- life, to the letter ---- */

#define BASICS(i, name, id, arn, path, version, attached, boundary)                         \
    i "<PolicyName>" name "</PolicyName>\n" i "<PolicyId>" id "</PolicyId>\n" i "<Arn>" arn \
      "</Arn>\n" i "<Path>" path "</Path>\n" i "<DefaultVersionId>" version                 \
      "</DefaultVersionId>\n" i "<AttachmentCount>" attached "</AttachmentCount>\n" i       \
      "<PermissionsBoundaryUsageCount>" boundary "</PermissionsBoundaryUsageCount>\n" i     \
      "<IsAttachable>true</IsAttachable>\n"
#define DATES(i, created, updated) \
    i "<CreateDate>" created "</CreateDate>\n" i "<UpdateDate>" updated "</UpdateDate>\n"
#define TAG(i, key, value) \
    i "<member>\n" i "  <Key>" key "</Key>\n" i "  <Value>" value "</Value>\n" i "</member>\n"
#define NOW IAM_FIXTURE_TIME
#define MADE(version) \
    BASICS("      ", "made", SEQUENCE_ID("ANPA"), POLICY("/ci/made"), "/ci/", version, "0", "0")
#define VERSION(i, number, is_default)                                        \
    i "<VersionId>" number "</VersionId>\n" i "<IsDefaultVersion>" is_default \
      "</IsDefaultVersion>\n" i "<CreateDate>" NOW "</CreateDate>\n"
#define LISTED(number, is_default) \
    "      <member>\n" VERSION("        ", number, is_default) "      </member>\n"
#define ON_MADE(action) "Action=" action, "PolicyArn=" POLICY("/ci/made")

#define USED                                                                                 \
    "    <Policy>\n" BASICS("      ", "used", "ANPAUSEDUSEDUSEDUSED1", POLICY("/team/used"), \
                            "/team/", "v1", "2",                                             \
                            "1") "      <Description>for all</Description>\n"                \
                                 "      <CreateDate>2025-01-02T03:04:05Z</CreateDate>\n"     \
                                 "      <UpdateDate>2025-01-02T03:04:05Z</UpdateDate>\n"     \
                                 "      <Tags>\n" TAG("        ", "a", "1")                  \
                                     TAG("        ", "b", "2") "      </Tags>\n"             \
                                                               "    </Policy>\n"

static const struct sequence_step life[] = {
    { "CreatePolicy's reply has no description, and tags in the request's order",
      P("Action=CreatePolicy", "PolicyName=made", "Path=/ci/", "Description=mine",
        "PolicyDocument= " ALLOW("s3:GetObject"), "Tags.member.1.Key=a", "Tags.member.1.Value=1",
        "Tags.member.2.Key=A", "Tags.member.2.Value=2"),
      REPLY_RESULT("CreatePolicy",
                   "    <Policy>\n" MADE("v1") DATES("      ", NOW, NOW) "      <Tags>\n" TAG(
                       "        ", "a", "1") TAG("        ", "A", "2") "      </Tags>\n"
                                                                       "    </Policy>\n"),
      0, NULL, NULL },
    { "GetPolicy has it, and tags by code point, those that differ in case apart",
      P(ON_MADE("GetPolicy")),
      REPLY_RESULT("GetPolicy",
                   "    <Policy>\n" MADE("v1") "      <Description>mine</Description>\n" DATES(
                       "      ", NOW, NOW) "      <Tags>\n" TAG("        ", "A", "2")
                       TAG("        ", "a", "1") "      </Tags>\n"
                                                 "    </Policy>\n"),
      0, NULL, NULL },
    { "a version is made, and is not the default one",
      P(ON_MADE("CreatePolicyVersion"), "PolicyDocument=" ALLOW("s3:PutObject")),
      REPLY_RESULT("CreatePolicyVersion", "    <PolicyVersion>\n" VERSION(
                                              "      ", "v2", "false") "    </PolicyVersion>\n"),
      0, NULL, NULL },
    { "another is, as it asks to be",
      P(ON_MADE("CreatePolicyVersion"), "PolicyDocument=" ALLOW("ec2:*"), "SetAsDefault=true"),
      REPLY_RESULT("CreatePolicyVersion", "    <PolicyVersion>\n" VERSION(
                                              "      ", "v3", "true") "    </PolicyVersion>\n"),
      0, NULL, NULL },
    { "a version is shown with its document, percent-encoded",
      P(ON_MADE("GetPolicyVersion"), "VersionId=v1"),
      REPLY_RESULT("GetPolicyVersion",
                   "    <PolicyVersion>\n"
                   "      <Document>" ALLOW_ENCODED("s3%3AGetObject") "</Document>\n" VERSION(
                       "      ", "v1", "false") "    </PolicyVersion>\n"),
      0, NULL, NULL },
    { "versions are listed without documents, the newest first", P(ON_MADE("ListPolicyVersions")),
      REPLY_RESULT("ListPolicyVersions",
                   "    <Versions>\n" LISTED("v3", "true") LISTED("v2", "false")
                       LISTED("v1", "false") "    </Versions>\n"
                                             "    <IsTruncated>false</IsTruncated>\n"),
      0, NULL, NULL },
    { "the default one is not deleted", P(ON_MADE("DeletePolicyVersion"), "VersionId=v3"), NULL,
      409, "DeleteConflict", "Cannot delete the default version of a policy." },
    { "a policy with several versions is not deleted", P(ON_MADE("DeletePolicy")), NULL, 409,
      "DeleteConflict",
      "This policy has more than one version. Before you delete a policy, you must delete the "
      "policy's versions. The default version is deleted with the policy." },
    { "an older one becomes the default", P(ON_MADE("SetDefaultPolicyVersion"), "VersionId=v1"),
      REPLY_EMPTY("SetDefaultPolicyVersion"), 0, NULL, NULL },
    { "a version is deleted", P(ON_MADE("DeletePolicyVersion"), "VersionId=v3"),
      REPLY_EMPTY("DeletePolicyVersion"), 0, NULL, NULL },
    { "and its number is not used again",
      P(ON_MADE("CreatePolicyVersion"), "PolicyDocument=" ALLOW("ec2:*")),
      REPLY_RESULT("CreatePolicyVersion", "    <PolicyVersion>\n" VERSION(
                                              "      ", "v4", "false") "    </PolicyVersion>\n"),
      0, NULL, NULL },
    { "a tag is put", P(ON_MADE("TagPolicy"), "Tags.member.1.Key=a", "Tags.member.1.Value=new"),
      REPLY_EMPTY("TagPolicy"), 0, NULL, NULL },
    { "the one that differs in case stays", P(ON_MADE("ListPolicyTags")),
      REPLY_RESULT("ListPolicyTags", "    <Tags>\n" TAG("      ", "A", "2")
                                         TAG("      ", "a", "new") "    </Tags>\n"
                                                                   "    <IsTruncated>false"
                                                                   "</IsTruncated>\n"),
      0, NULL, NULL },
    { "a tag is taken away, and no other", P(ON_MADE("UntagPolicy"), "TagKeys.member.1=A"),
      REPLY_EMPTY("UntagPolicy"), 0, NULL, NULL },
    { "names are one whatever their case",
      P("Action=CreatePolicy", "PolicyName=MADE", "PolicyDocument=" ALLOW("s3:*")), NULL, 409,
      "EntityAlreadyExists",
      "A policy called MADE already exists. Duplicate names are not allowed." },
    { "a policy without tags has none in CreatePolicy's reply",
      P("Action=CreatePolicy", "PolicyName=bare", "PolicyDocument=" ALLOW("s3:*")),
      REPLY_RESULT("CreatePolicy", "    <Policy>\n" BASICS("      ", "bare", SEQUENCE_ID("ANPA"),
                                                           POLICY("/bare"), "/", "v1", "0", "0")
                                       DATES("      ", NOW, NOW) "    "
                                                                 "</Policy>\n"),
      0, NULL, NULL },
    { "and an empty list in GetPolicy's", P("Action=GetPolicy", "PolicyArn=" POLICY("/bare")),
      REPLY_RESULT("GetPolicy", "    <Policy>\n" BASICS("      ", "bare", SEQUENCE_ID("ANPA"),
                                                        POLICY("/bare"), "/", "v1", "0", "0")
                                    DATES("      ", NOW, NOW) "      "
                                                              "<Tags/"
                                                              ">\n"
                                                              "    "
                                                              "</Policy>\n"),
      0, NULL, NULL },
    { "a policy is deleted", P("Action=DeletePolicy", "PolicyArn=" POLICY("/bare")),
      REPLY_EMPTY("DeletePolicy"), 0, NULL, NULL },
    { "and is gone", P("Action=GetPolicy", "PolicyArn=" POLICY("/bare")), NULL, 404, "NoSuchEntity",
      "Policy " POLICY("/bare") " was not found." },
    { "attachments and boundaries are counted apart",
      P("Action=GetPolicy", "PolicyArn=" POLICY("/team/used")), REPLY_RESULT("GetPolicy", USED), 0,
      NULL, NULL },
    { "what is attached is not deleted",
      P("Action=DeletePolicy", "PolicyArn=" POLICY("/team/used")), NULL, 409, "DeleteConflict",
      "Cannot delete a policy attached to entities." },
    { "who uses a policy is told",
      P("Action=ListEntitiesForPolicy", "PolicyArn=" POLICY("/team/used")),
      REPLY_RESULT("ListEntitiesForPolicy", "    <PolicyGroups/>\n"
                                            "    <PolicyUsers>\n"
                                            "      <member>\n"
                                            "        <UserName>ann</UserName>\n"
                                            "        <UserId>AIDAANNANNANNANNANNA1</UserId>\n"
                                            "      </member>\n"
                                            "    </PolicyUsers>\n"
                                            "    <PolicyRoles>\n"
                                            "      <member>\n"
                                            "        <RoleName>app</RoleName>\n"
                                            "        <RoleId>AROAAPPAPPAPPAPPAPPA1</RoleId>\n"
                                            "      </member>\n"
                                            "      <member>\n"
                                            "        <RoleName>bound</RoleName>\n"
                                            "        <RoleId>AROABOUNDBOUNDBOUNDB1</RoleId>\n"
                                            "      </member>\n"
                                            "    </PolicyRoles>\n"
                                            "    <IsTruncated>false</IsTruncated>\n"),
      0, NULL, NULL },
    { "AWS's own counts this account's attachments alone",
      P("Action=GetPolicy", "PolicyArn=" AWS("PowerUserAccess")),
      REPLY_RESULT(
          "GetPolicy",
          "    <Policy>\n" BASICS(
              "      ", "PowerUserAccess",
              "ANPAJYRXTHIB4FOVS3ZXS", AWS("PowerUserAccess"), "/", "v12", "1",
              "0") "      <Description>Provides full access to AWS services and resources, but "
                   "does "
                   "not allow management of Users and groups.</Description>\n" DATES(
                       "      ", "2015-02-06T18:39:47Z", "2026-02-12T17:59:14Z") "      <Tags/>\n"
                                                                                 "    </Policy>\n"),
      0, NULL, NULL },
    { "its document is there",
      P("Action=GetPolicyVersion", "PolicyArn=" AWS("AdministratorAccess"), "VersionId=v1"),
      REPLY_RESULT("GetPolicyVersion",
                   "    <PolicyVersion>\n"
                   "      <Document>%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B"
                   "%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%"
                   "2A%22%7D%5D%7D</Document>\n"
                   "      <VersionId>v1</VersionId>\n"
                   "      <IsDefaultVersion>true</IsDefaultVersion>\n"
                   "      <CreateDate>2015-02-06T18:39:46Z</CreateDate>\n"
                   "    </PolicyVersion>\n"),
      0, NULL, NULL },
    { "entities are told of one whose document is not",
      P("Action=ListEntitiesForPolicy", "PolicyArn=" AWS("ReadOnlyAccess"), "EntityFilter=Role"),
      REPLY_RESULT("ListEntitiesForPolicy", "    <PolicyGroups/>\n"
                                            "    <PolicyUsers/>\n"
                                            "    <PolicyRoles>\n"
                                            "      <member>\n"
                                            "        <RoleName>app</RoleName>\n"
                                            "        <RoleId>AROAAPPAPPAPPAPPAPPA1</RoleId>\n"
                                            "      </member>\n"
                                            "    </PolicyRoles>\n"
                                            "    <IsTruncated>false</IsTruncated>\n"),
      0, NULL, NULL },
};

START_TEST(policies_live_as_in_aws)
{
    struct iam_fixture *f = iam_fixture_new(config);
    sequence_run(f, life, sizeof life / sizeof life[0]);
    iam_fixture_free(f);
}
END_TEST

/* ---- lists ---- */

struct filter {
    const char *what;
    const char *const *parameters;
    const char *wanted, *unwanted; /* texts of the reply; NULL: any */
};

#define ENTITIES    "Action=ListEntitiesForPolicy", "PolicyArn=" POLICY("/team/used")
#define NAMED(name) "<PolicyName>" name "</PolicyName>"

static const struct filter filters[] = {
    { "all policies are AWS's too", P("Action=ListPolicies"), NAMED("AdministratorAccess"), NULL },
    { "and the account's", P("Action=ListPolicies"), NAMED("used"), "theirs" },
    { "Scope All is the same", P("Action=ListPolicies", "Scope=All"), NAMED("used"), NULL },
    { "Scope Local has none of AWS's", P("Action=ListPolicies", "Scope=Local"), NAMED("free"),
      "AdministratorAccess" },
    { "Scope AWS has none of the account's", P("Action=ListPolicies", "Scope=AWS"),
      NAMED("IAMReadOnlyAccess"), NAMED("free") },
    { "descriptions and tags are not listed", P("Action=ListPolicies"), NULL, "Description" },
    { "nor tags", P("Action=ListPolicies"), NULL, "Tags" },
    { "only attached ones", P("Action=ListPolicies", "OnlyAttached=true"), NAMED("PowerUserAccess"),
      NAMED("free") },
    { "OnlyAttached=false is all", P("Action=ListPolicies", "OnlyAttached=false"), NAMED("free"),
      NULL },
    { "of a path", P("Action=ListPolicies", "PathPrefix=/team/"), NAMED("used"), NAMED("free") },
    { "boundaries", P("Action=ListPolicies", "PolicyUsageFilter=PermissionsBoundary"),
      NAMED("used"), NAMED("PowerUserAccess") },
    { "permissions policies, used or not",
      P("Action=ListPolicies", "PolicyUsageFilter=PermissionsPolicy"), NAMED("free"), NULL },
    { "permissions policies in use",
      P("Action=ListPolicies", "PolicyUsageFilter=PermissionsPolicy", "OnlyAttached=true"),
      NAMED("PowerUserAccess"), NAMED("free") },
    { "entities: users alone", P(ENTITIES, "EntityFilter=User"), "ann", "RoleName" },
    { "entities: roles alone", P(ENTITIES, "EntityFilter=Role"), "bound", "UserName" },
    { "entities: there are no groups", P(ENTITIES, "EntityFilter=Group"), "<PolicyGroups/>",
      "UserName" },
    { "entities: policies are none", P(ENTITIES, "EntityFilter=LocalManagedPolicy"),
      "<PolicyRoles/>", "UserName" },
    { "entities: AWS's policies are none", P(ENTITIES, "EntityFilter=AWSManagedPolicy"),
      "<PolicyRoles/>", "UserName" },
    { "entities of a path", P(ENTITIES, "PathPrefix=/ci/"), "app", "bound" },
    { "entities that are bounded", P(ENTITIES, "PolicyUsageFilter=PermissionsBoundary"), "bound",
      "ann" },
    { "entities that are permitted", P(ENTITIES, "PolicyUsageFilter=PermissionsPolicy"), "app",
      "bound" },
};

START_TEST(lists_are_filtered)
{
    const struct filter *c = &filters[_i];
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = iam_fixture_send(f, SERVICE_IAM, &iam_fixture_root, c->parameters);
    iam_fixture_want(&r, c->what, 200, "", NULL);
    if (c->wanted)
        ck_assert_msg(str_contains(r.body, str_of(c->wanted)), "%s: %.*s", c->what,
                      STR_ARG(r.body));
    if (c->unwanted)
        ck_assert_msg(!str_contains(r.body, str_of(c->unwanted)), "%s: %.*s", c->what,
                      STR_ARG(r.body));
    iam_fixture_free(f);
}
END_TEST

/* Page after page of one: every item comes once. */
static const struct {
    const char *what, *action, *arn, *result;
    size_t items;
} pages[] = {
    { "policies", "Action=ListPolicies", "Scope=All", "ListPoliciesResult", 11 },
    { "versions", "Action=ListPolicyVersions", "PolicyArn=" POLICY("/free"),
      "ListPolicyVersionsResult", 2 },
    { "entities", "Action=ListEntitiesForPolicy", "PolicyArn=" POLICY("/team/used"),
      "ListEntitiesForPolicyResult", 3 },
    { "tags", "Action=ListPolicyTags", "PolicyArn=" POLICY("/team/used"), "ListPolicyTagsResult",
      2 },
};

static struct str at(struct iam_fixture *f, const struct iam_fixture_reply *r, const char *result,
                     const char *element)
{
    return iam_fixture_text(r,
                            arena_cstr(f->arena, arena_printf(f->arena, "%s/%s", result, element)));
}

START_TEST(lists_come_in_pages)
{
    struct iam_fixture *f = iam_fixture_new(config);
    const char *marker = NULL;
    size_t n = 0;
    iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=CreatePolicyVersion",
                     "PolicyArn=" POLICY("/free"), "PolicyDocument=" ALLOW("*"), NULL);
    for (bool more = true; more && n < 100; n++) {
        struct iam_fixture_reply r =
            iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, pages[_i].action, pages[_i].arn,
                             "MaxItems=1", marker, NULL);
        iam_fixture_want(&r, pages[_i].what, 200, "", NULL);
        more = str_eq(at(f, &r, pages[_i].result, "IsTruncated"), STR("true"));
        marker = arena_cstr(
            f->arena, arena_join(f->arena, STR("Marker="), at(f, &r, pages[_i].result, "Marker")));
    }
    ck_assert_msg(n == pages[_i].items, "%s: %zu pages", pages[_i].what, n);
    iam_fixture_free(f);
}
END_TEST

/* ---- what is refused ---- */

struct refusal {
    const char *what;
    const char *const *parameters;
    const struct iam_fixture_key *as; /* NULL: root */
    int status;
    const char *code, *message;
};

#define NONE           "PolicyArn=" POLICY("/none")
#define FREE           "PolicyArn=" POLICY("/free")
#define NOT_FOUND      "Policy " POLICY("/none") " was not found."
#define NOT_EXISTING   "Policy " POLICY("/none") " does not exist or is not attachable."
#define NO_VERSION(of) "Policy " POLICY(of) " version v9 does not exist or is not attachable."
#define NOT_OWN        "Policy is outside your own account."
#define DENIED(action, resource)                                                            \
    "User: arn:aws:iam::123456789012:user/nobody is not authorized to perform: iam:" action \
    " on resource: " resource " because no identity-based policy allows the iam:" action " action"
#define OTHERS(action, ...)                                                                       \
    {                                                                                             \
        action " of AWS's own policy",                                                            \
            P("Action=" action, "PolicyArn=" AWS("AdministratorAccess"), __VA_ARGS__), NULL, 403, \
            "AccessDenied", NOT_OWN                                                               \
    }
#define NOBODY(action, ...)                                                               \
    {                                                                                     \
        action " needs permission", P("Action=" action, FREE, __VA_ARGS__), &nobody, 403, \
            "AccessDenied", DENIED(action, "policy " POLICY("/free"))                     \
    }

static const struct refusal refusals[] = {
    { "GetPolicy", P("Action=GetPolicy", NONE), NULL, 404, "NoSuchEntity", NOT_FOUND },
    { "GetPolicy by another path", P("Action=GetPolicy", "PolicyArn=" POLICY("/used")), NULL, 404,
      "NoSuchEntity", "Policy " POLICY("/used") " was not found." },
    { "GetPolicy of AWS's that is not here",
      P("Action=GetPolicy", "PolicyArn=" AWS("NoSuchPolicy")), NULL, 404, "NoSuchEntity",
      "Policy " AWS("NoSuchPolicy") " was not found." },
    { "TagPolicy", P("Action=TagPolicy", NONE, "Tags.member.1.Key=k", "Tags.member.1.Value=v"),
      NULL, 404, "NoSuchEntity", NOT_FOUND },
    { "UntagPolicy", P("Action=UntagPolicy", NONE, "TagKeys.member.1=k"), NULL, 404, "NoSuchEntity",
      NOT_FOUND },
    { "ListPolicyTags", P("Action=ListPolicyTags", NONE), NULL, 404, "NoSuchEntity", NOT_FOUND },
    { "DeletePolicy", P("Action=DeletePolicy", NONE), NULL, 404, "NoSuchEntity", NOT_EXISTING },
    { "CreatePolicyVersion", P("Action=CreatePolicyVersion", NONE, "PolicyDocument={"), NULL, 404,
      "NoSuchEntity", NOT_EXISTING },
    { "ListPolicyVersions", P("Action=ListPolicyVersions", NONE), NULL, 404, "NoSuchEntity",
      NOT_EXISTING },
    { "ListEntitiesForPolicy", P("Action=ListEntitiesForPolicy", NONE), NULL, 404, "NoSuchEntity",
      NOT_EXISTING },
    { "GetPolicyVersion of no policy", P("Action=GetPolicyVersion", NONE, "VersionId=v9"), NULL,
      404, "NoSuchEntity", NO_VERSION("/none") },
    { "GetPolicyVersion of no version", P("Action=GetPolicyVersion", FREE, "VersionId=v9"), NULL,
      404, "NoSuchEntity", NO_VERSION("/free") },
    { "DeletePolicyVersion of no version", P("Action=DeletePolicyVersion", FREE, "VersionId=v9"),
      NULL, 404, "NoSuchEntity", NO_VERSION("/free") },
    { "SetDefaultPolicyVersion of no policy",
      P("Action=SetDefaultPolicyVersion", NONE, "VersionId=v9"), NULL, 404, "NoSuchEntity",
      NO_VERSION("/none") },
    { "SetDefaultPolicyVersion of no version",
      P("Action=SetDefaultPolicyVersion", FREE, "VersionId=v9"), NULL, 404, "NoSuchEntity",
      NO_VERSION("/free") },
    { "a version's id has a form", P("Action=GetPolicyVersion", FREE, "VersionId=1"), NULL, 400,
      "ValidationError",
      "1 validation error detected: Value at 'versionId' failed to satisfy constraint: Member must "
      "satisfy regular expression pattern: v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?" },
    { "an id with a suffix is nobody's", P("Action=GetPolicyVersion", FREE, "VersionId=v1.x"), NULL,
      404, "NoSuchEntity", NULL },
    { "what is no ARN", P("Action=GetPolicy", "PolicyArn=longpolicynamebutnoarn"), NULL, 400,
      "ValidationError", "ARN longpolicynamebutnoarn is not valid." },
    { "the ARN of a role", P("Action=DeletePolicy", "PolicyArn=arn:aws:iam::123456789012:role/app"),
      NULL, 400, "InvalidInput", "ARN arn:aws:iam::123456789012:role/app is not valid." },
    { "a document that is no JSON", P("Action=CreatePolicy", "PolicyName=p", "PolicyDocument={"),
      NULL, 400, "MalformedPolicyDocument", "Syntax errors in policy." },
    { "a document without a version",
      P("Action=CreatePolicy", "PolicyName=p",
        "PolicyDocument={\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}"
        "}"),
      NULL, 400, "MalformedPolicyDocument",
      "Policy document must be version 2012-10-17 or greater." },
    { "a version's document is judged too",
      P("Action=CreatePolicyVersion", FREE,
        "PolicyDocument={\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":"
        "\"*\"}}"),
      NULL, 400, "MalformedPolicyDocument", "Policy statement must contain resources." },
    { "the same tag key twice",
      P("Action=CreatePolicy", "PolicyName=p", "PolicyDocument=" ALLOW("*"), "Tags.member.1.Key=k",
        "Tags.member.1.Value=1", "Tags.member.2.Key=k", "Tags.member.2.Value=2"),
      NULL, 400, "InvalidInput", "Duplicate tag keys found." },
    { "another account's policy is not shown",
      P("Action=GetPolicy", "PolicyArn=arn:aws:iam::210987654321:policy/theirs"), NULL, 403,
      "AccessDenied", NULL },
    { "nor changed", P("Action=DeletePolicy", "PolicyArn=arn:aws:iam::210987654321:policy/theirs"),
      NULL, 403, "AccessDenied", NULL },
    { "a scope that is none", P("Action=ListPolicies", "Scope=Mine"), NULL, 400, "ValidationError",
      NULL },
    { "a boolean in capitals", P("Action=ListPolicies", "OnlyAttached=True"), NULL, 400,
      "MalformedInput", NULL },
    { "a marker from nowhere", P("Action=ListPolicies", "Marker=x"), NULL, 400, "ValidationError",
      NULL },
    OTHERS("DeletePolicy", "Unknown=x"),
    OTHERS("CreatePolicyVersion", "PolicyDocument=" ALLOW("*")),
    OTHERS("DeletePolicyVersion", "VersionId=v1"),
    OTHERS("SetDefaultPolicyVersion", "VersionId=v1"),
    OTHERS("TagPolicy", "Tags.member.1.Key=k", "Tags.member.1.Value=v"),
    OTHERS("UntagPolicy", "TagKeys.member.1=k"),
    NOBODY("GetPolicy", "Unknown=x"),
    NOBODY("DeletePolicy", "Unknown=x"),
    NOBODY("CreatePolicyVersion", "PolicyDocument={"),
    NOBODY("ListPolicyVersions", "Unknown=x"),
    NOBODY("ListEntitiesForPolicy", "Unknown=x"),
    NOBODY("TagPolicy", "Tags.member.1.Key=k", "Tags.member.1.Value=v"),
    NOBODY("UntagPolicy", "TagKeys.member.1=k"),
    NOBODY("ListPolicyTags", "Unknown=x"),
    { "GetPolicyVersion needs permission", P("Action=GetPolicyVersion", FREE, "VersionId=v1"),
      &nobody, 403, "AccessDenied",
      DENIED("GetPolicyVersion", "policy " POLICY("/free") " version v1") },
    { "DeletePolicyVersion needs permission", P("Action=DeletePolicyVersion", FREE, "VersionId=v9"),
      &nobody, 403, "AccessDenied", NULL },
    { "SetDefaultPolicyVersion needs permission",
      P("Action=SetDefaultPolicyVersion", FREE, "VersionId=v9"), &nobody, 403, "AccessDenied",
      NULL },
    { "CreatePolicy needs permission", P("Action=CreatePolicy", "PolicyName=p", "PolicyDocument={"),
      &nobody, 403, "AccessDenied", DENIED("CreatePolicy", "policy p") },
    { "and with tags TagPolicy",
      P("Action=CreatePolicy", "PolicyName=p", "PolicyDocument=" ALLOW("*"), "Tags.member.1.Key=k",
        "Tags.member.1.Value=1"),
      &maker, 403, "AccessDenied",
      "User: arn:aws:iam::123456789012:user/maker is not authorized to perform: iam:TagPolicy on "
      "resource: policy p because no identity-based policy allows the iam:TagPolicy action" },
    { "ListPolicies needs permission", P("Action=ListPolicies"), &nobody, 403, "AccessDenied",
      DENIED("ListPolicies", "policy path /") },
};

START_TEST(refusals_are_awss)
{
    const struct refusal *c = &refusals[_i];
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r =
        iam_fixture_send(f, SERVICE_IAM, c->as ? c->as : &iam_fixture_root, c->parameters);
    iam_fixture_want(&r, c->what, c->status, c->code, c->message);
    iam_fixture_free(f);
}
END_TEST

/* ---- limits ---- */

static const struct {
    const char *what, *unit;
    size_t characters;
    int status;
} sizes[] = {
    { "6,144 characters are taken", "s", 6144, 200 },
    { "one more is over the quota", "s", 6145, 409 },
};

START_TEST(documents_have_their_quota)
{
    static const char head[] = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"";
    static const char tail[] = "\",\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}";
    struct iam_fixture *f = iam_fixture_new(config);
    struct text t = text_new(f->arena, 1024 * 1024);
    text_put(&t, STR("PolicyDocument=\n\n"));
    text_put(&t, str_of(head));
    for (size_t i = strlen(head) + strlen(tail); i < sizes[_i].characters; i++)
        text_put(&t, str_of(sizes[_i].unit));
    text_put(&t, str_of(tail));
    const char *document = arena_cstr(f->arena, text_str(&t));
    struct iam_fixture_reply r = iam_fixture_call(
        f, SERVICE_IAM, &iam_fixture_root, "Action=CreatePolicy", "PolicyName=p", document, NULL);
    iam_fixture_want(&r, sizes[_i].what, sizes[_i].status,
                     sizes[_i].status == 200 ? "" : "LimitExceeded",
                     sizes[_i].status == 200 ? NULL : "Cannot exceed quota for PolicySize: 6144");
    iam_fixture_free(f);
}
END_TEST

START_TEST(a_policy_has_five_versions)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r;
    for (int i = 2; i <= 6; i++)
        r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=CreatePolicyVersion", FREE,
                             "PolicyDocument=" ALLOW("*"), NULL);
    iam_fixture_want(&r, "a sixth", 409, "LimitExceeded",
                     "A managed policy can have up to 5 versions. Before you create a new version, "
                     "you must delete an existing version.");
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=DeletePolicyVersion", FREE,
                         "VersionId=v2", NULL);
    iam_fixture_want(&r, "one goes", 200, "", NULL);
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=CreatePolicyVersion", FREE,
                         "PolicyDocument=" ALLOW("*"), NULL);
    want_str("the next is the sixth",
             iam_fixture_text(&r, "CreatePolicyVersionResult/PolicyVersion/VersionId"), STR("v6"));
    iam_fixture_free(f);
}
END_TEST

/* As of roles, of which it was observed. */
START_TEST(an_empty_description_is_shown)
{
    struct iam_fixture *f = iam_fixture_new(config);
    iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=CreatePolicy", "PolicyName=p",
                     "Description=", "PolicyDocument=" ALLOW("*"), NULL);
    struct iam_fixture_reply r = iam_fixture_call(
        f, SERVICE_IAM, &iam_fixture_root, "Action=GetPolicy", "PolicyArn=" POLICY("/p"), NULL);
    ck_assert_msg(str_contains(r.body, STR("<Description/>")), "%.*s", STR_ARG(r.body));
    iam_fixture_free(f);
}
END_TEST

/* ---- what a policy does ---- */

START_TEST(the_default_version_is_in_force)
{
    static const struct iam_fixture_key key = { STR_INIT("AKIANOBODY"),
                                                STR_INIT("n"),
                                                { NULL, 0 } };
    struct iam_fixture *f = iam_fixture_new(config);
    iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=AttachUserPolicy",
                     "UserName=nobody", FREE, NULL);
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_IAM, &key, "Action=GetRole", "RoleName=app", NULL);
    iam_fixture_want(&r, "v1 allows s3 alone", 403, "AccessDenied", NULL);
    iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=CreatePolicyVersion", FREE,
                     "PolicyDocument=" ALLOW("iam:*"), "SetAsDefault=true", NULL);
    r = iam_fixture_call(f, SERVICE_IAM, &key, "Action=GetRole", "RoleName=app", NULL);
    iam_fixture_want(&r, "v2 allows IAM", 200, "", NULL);
    iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=SetDefaultPolicyVersion", FREE,
                     "VersionId=v1", NULL);
    r = iam_fixture_call(f, SERVICE_IAM, &key, "Action=GetRole", "RoleName=app", NULL);
    iam_fixture_want(&r, "v1 again", 403, "AccessDenied", NULL);
    iam_fixture_free(f);
}
END_TEST

#define LOOP(tcase, test, table) \
    tcase_add_loop_test(tcase, test, 0, sizeof(table) / sizeof(table)[0])

Suite *managed_policy_suite(void);

Suite *managed_policy_suite(void)
{
    Suite *s = suite_create("actions/managed_policy");
    TCase *t = tcase_create("managed_policy");
    tcase_add_test(t, policies_live_as_in_aws);
    LOOP(t, lists_are_filtered, filters);
    LOOP(t, lists_come_in_pages, pages);
    LOOP(t, refusals_are_awss, refusals);
    LOOP(t, documents_have_their_quota, sizes);
    tcase_add_test(t, a_policy_has_five_versions);
    tcase_add_test(t, an_empty_description_is_shown);
    tcase_add_test(t, the_default_version_is_in_force);
    suite_add_tcase(s, t);
    return s;
}
