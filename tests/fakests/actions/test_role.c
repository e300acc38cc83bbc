#include "tests/fakests/actions/sequence.h"

#include "base/encode.h"

/*
 * Roles over the IAM API: which members each reply has and in which order (observed), the limits,
 * and each error of the service model.
 */

#define ROLE(path_and_name) "arn:aws:iam::" IAM_FIXTURE_ACCOUNT ":role" path_and_name
#define EC2_TRUST                                                                  \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":" \
    "\"sts:AssumeRole\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"}}]}"
/* As it was submitted, blanks included. */
#define EC2_SUBMITTED                                                               \
    "{ \"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":" \
    "\"sts:AssumeRole\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"}}]}"
#define EC2_ECHOED                                                                              \
    "%7B%20%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%" \
    "22%2C%22Action%22%3A%22sts%3AAssumeRole%22%2C%22Principal%22%3A%7B%22Service%22%3A%22ec2." \
    "amazonaws.com%22%7D%7D%5D%7D"
#define EC2_SHOWN                                                                                \
    "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%"  \
    "2C%22Principal%22%3A%7B%22Service%22%3A%22ec2.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%" \
    "3AAssumeRole%22%7D%5D%7D"
#define TRUST_OF(principal)                                                            \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{" \
    "\"AWS\":" principal "},\"Action\":\"sts:AssumeRole\"}]}"

/* A role with everything, one of AWS's own, and callers who may do little. */
static const char config[] =
    "{\"roles\": ["
    "  {\"name\": \"full\", \"path\": \"/app/\", \"id\": \"AROAFULLFULLFULLFULL1\","
    "   \"description\": \"a role\", \"max_session_duration\": 7200,"
    "   \"created\": \"2024-05-01T00:00:00Z\", \"tags\": {\"b\": \"2\", \"a\": \"1\"},"
    "   \"trust_policy\": " EC2_TRUST ","
    "   \"policies\": {\"deploy\": {\"Version\": \"2012-10-17\", \"Statement\":"
    "     {\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}}},"
    "   \"permissions_boundary\": \"arn:aws:iam::123456789012:policy/limit\"},"
    "  {\"name\": \"attached\", \"trust_policy\": " EC2_TRUST ","
    "   \"attached_policies\": [\"arn:aws:iam::123456789012:policy/limit\"]},"
    "  {\"name\": \"linked\", \"path\": \"/aws-service-role/x.amazonaws.com/\","
    "   \"trust_policy\": " EC2_TRUST "}],"
    " \"managed_policies\": [{\"name\": \"limit\", \"policy\": {\"Version\": \"2012-10-17\","
    "   \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}}}],"
    " \"users\": [{\"name\": \"nobody\"}, {\"name\": \"maker\", \"policies\": {\"create\": "
    "   {\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Resource\": \"*\","
    "    \"Action\": \"iam:CreateRole\"}}}}],"
    " \"credentials\": [{\"access_key_id\": \"test\", \"secret_access_key\": \"test\"},"
    "   {\"access_key_id\": \"AKIANOBODY\", \"secret_access_key\": \"n\", \"user\": \"nobody\"},"
    "   {\"access_key_id\": \"AKIAMAKER\", \"secret_access_key\": \"m\", \"user\": \"maker\"}],"
    " \"accounts\": {\"210987654321\": {\"roles\": [{\"name\": \"theirs\","
    "   \"trust_policy\": " EC2_TRUST "}]}}}";

static const struct iam_fixture_key nobody = { STR_INIT("AKIANOBODY"), STR_INIT("n"), { NULL, 0 } };
static const struct iam_fixture_key maker = { STR_INIT("AKIAMAKER"), STR_INIT("m"), { NULL, 0 } };

/* ---- what each action answers, to the letter ---- */

#define BASICS(path, name, id, arn, created, document) \
    "      <Path>" path "</Path>\n"                    \
    "      <RoleName>" name "</RoleName>\n"            \
    "      <RoleId>" id "</RoleId>\n"                  \
    "      <Arn>" arn "</Arn>\n"                       \
    "      <CreateDate>" created "</CreateDate>\n"     \
    "      <AssumeRolePolicyDocument>" document "</AssumeRolePolicyDocument>\n"
#define PROBE(document)                                                                     \
    BASICS("/probe/", "probe", SEQUENCE_ID("AROA"), ROLE("/probe/probe"), IAM_FIXTURE_TIME, \
           document)
#define BOUNDARY(arn)                                                     \
    "      <PermissionsBoundary>\n"                                       \
    "        <PermissionsBoundaryType>Policy</PermissionsBoundaryType>\n" \
    "        <PermissionsBoundaryArn>" arn "</PermissionsBoundaryArn>\n"  \
    "      </PermissionsBoundary>\n"
#define TAG(indent, key, value)                                                  \
    indent "<member>\n" indent "  <Key>" key "</Key>\n" indent "  <Value>" value \
           "</Value>\n" indent "</member>\n"
#define READ_ONLY "arn:aws:iam::aws:policy/ReadOnlyAccess"

static const struct sequence_step life[] = {
    { "CreateRole's reply has no description, duration or last use, and the document as submitted",
      P("Action=CreateRole", "RoleName=probe", "Path=/probe/",
        "AssumeRolePolicyDocument=" EC2_SUBMITTED, "Tags.member.1.Key=team",
        "Tags.member.1.Value=probe", "Tags.member.2.Key=a", "Tags.member.2.Value=",
        "PermissionsBoundary=" READ_ONLY, "Description=created-description"),
      REPLY_RESULT("CreateRole",
                   "    <Role>\n" PROBE(EC2_ECHOED) BOUNDARY(READ_ONLY) "      <Tags>\n" TAG(
                       "        ", "team", "probe") "        <member>\n"
                                                    "          <Key>a</Key>\n"
                                                    "          <Value/>\n"
                                                    "        </member>\n"
                                                    "      </Tags>\n"
                                                    "    </Role>\n"),
      0, NULL, NULL },
    { "GetRole has all of them, the document's elements in IAM's order, tags by code point",
      P("Action=GetRole", "RoleName=probe"),
      REPLY_RESULT(
          "GetRole",
          "    <Role>\n" PROBE(
              EC2_SHOWN) "      <Description>created-description</Description>\n"
                         "      <MaxSessionDuration>3600</MaxSessionDuration>\n" BOUNDARY(
                             READ_ONLY) "      <Tags>\n"
                                        "        <member>\n"
                                        "          <Key>a</Key>\n"
                                        "          <Value/>\n"
                                        "        </member>\n" TAG("        ", "team",
                                                                  "probe") "      </Tags>\n"
                                                                           "      <RoleLastUsed/>\n"
                                                                           "    </Role>\n"),
      0, NULL, NULL },
    { "a list leaves out boundary, tags and last use", P("Action=ListRoles", "PathPrefix=/probe/"),
      REPLY_RESULT(
          "ListRoles",
          "    <Roles>\n"
          "      <member>\n"
          "        <Path>/probe/</Path>\n"
          "        <RoleName>probe</RoleName>\n"
          "        <RoleId>" SEQUENCE_ID(
              "AROA") "</RoleId>\n"
                      "        <Arn>" ROLE(
                          "/probe/probe") "</Arn>\n"
                                          "        <CreateDate>" IAM_FIXTURE_TIME "</CreateDate>\n"
                                          "        <AssumeRolePolicyDocument>" EC2_SHOWN
                                          "</AssumeRolePolicyDocument>\n"
                                          "        <Description>created-description</Description>\n"
                                          "        <MaxSessionDuration>3600</MaxSessionDuration>\n"
                                          "      </member>\n"
                                          "    </Roles>\n"
                                          "    <IsTruncated>false</IsTruncated>\n"),
      0, NULL, NULL },
    { "UpdateRoleDescription's reply has no duration, boundary or tags",
      P("Action=UpdateRoleDescription", "RoleName=probe", "Description=updated-description"),
      REPLY_RESULT(
          "UpdateRoleDescription",
          "    <Role>\n" PROBE(EC2_SHOWN) "      <Description>updated-description</Description>\n"
                                          "    </Role>\n"),
      0, NULL, NULL },
    { "UpdateRole answers with an empty result",
      P("Action=UpdateRole", "RoleName=probe", "MaxSessionDuration=7200"),
      "<UpdateRoleResponse xmlns=\"" IAM_XMLNS "\">\n"
      "  <UpdateRoleResult/>\n" REPLY_END("UpdateRole"),
      0, NULL, NULL },
    { "UpdateRole with nothing changes nothing", P("Action=UpdateRole", "RoleName=probe"), NULL, 0,
      NULL, NULL },
    { "the trust policy is replaced",
      P("Action=UpdateAssumeRolePolicy", "RoleName=probe",
        "PolicyDocument=" TRUST_OF("\"" ROLE("/app/full") "\"")),
      REPLY_EMPTY("UpdateAssumeRolePolicy"), 0, NULL, NULL },
    { "tags are put, keys that differ in case being one",
      P("Action=TagRole", "RoleName=probe", "Tags.member.1.Key=TEAM", "Tags.member.1.Value=new",
        "Tags.member.2.Key=c", "Tags.member.2.Value=3"),
      REPLY_EMPTY("TagRole"), 0, NULL, NULL },
    { "a key is taken away, however it is spelt; one that is not there is no fault",
      P("Action=UntagRole", "RoleName=probe", "TagKeys.member.1=A", "TagKeys.member.2=never"),
      REPLY_EMPTY("UntagRole"), 0, NULL, NULL },
    { "the tags that are left, the key as it was spelt last",
      P("Action=ListRoleTags", "RoleName=probe", "MaxItems=10"),
      REPLY_RESULT("ListRoleTags",
                   "    <Tags>\n" TAG("      ", "TEAM", "new")
                       TAG("      ", "c", "3") "    </Tags>\n"
                                               "    <IsTruncated>false</IsTruncated>\n"),
      0, NULL, NULL },
    { "there are no instance profiles", P("Action=ListInstanceProfilesForRole", "RoleName=probe"),
      REPLY_RESULT("ListInstanceProfilesForRole", "    <InstanceProfiles/>\n"
                                                  "    <IsTruncated>false</IsTruncated>\n"),
      0, NULL, NULL },
    { "a role without tags, description or boundary has no such elements",
      P("Action=CreateRole", "RoleName=bare", "AssumeRolePolicyDocument=" EC2_TRUST), NULL, 0, NULL,
      NULL },
    { "names are one whatever their case",
      P("Action=CreateRole", "RoleName=BARE", "AssumeRolePolicyDocument=" EC2_TRUST), NULL, 409,
      "EntityAlreadyExists", "Role with name BARE already exists." },
    { "DeleteRole tells nothing", P("Action=DeleteRole", "RoleName=bare"),
      REPLY_EMPTY("DeleteRole"), 0, NULL, NULL },
    { "and the role is gone", P("Action=GetRole", "RoleName=bare"), NULL, 404, "NoSuchEntity",
      "The role with name bare cannot be found." },
    { "what a config gives is shown in IAM's order as well", P("Action=GetRole", "RoleName=full"),
      REPLY_RESULT(
          "GetRole",
          "    <Role>\n" BASICS(
              "/app/", "full", "AROAFULLFULLFULLFULL1", ROLE("/app/full"), "2024-05-01T00:00:00Z",
              EC2_SHOWN) "      <Description>a role</Description>\n"
                         "      <MaxSessionDuration>7200</MaxSessionDuration>\n" BOUNDARY(
                             "arn:aws:iam::123456789012:policy/limit") "      <Tags>\n" TAG("      "
                                                                                            "  ",
                                                                                            "a",
                                                                                            "1")
                             TAG("        ", "b", "2") "      </Tags>\n"
                                                       "      <RoleLastUsed/>\n"
                                                       "    </Role>\n"),
      0, NULL, NULL },
};

START_TEST(roles_live_as_in_aws)
{
    struct iam_fixture *f = iam_fixture_new(config);
    sequence_run(f, life, sizeof life / sizeof life[0]);
    struct iam_fixture_reply r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root,
                                                  "Action=GetRole", "RoleName=probe", NULL);
    want_str("UpdateRole left the description alone",
             iam_fixture_text(&r, "GetRoleResult/Role/Description"), STR("updated-description"));
    want_str("and changed the duration",
             iam_fixture_text(&r, "GetRoleResult/Role/MaxSessionDuration"), STR("7200"));
    iam_fixture_free(f);
}
END_TEST

START_TEST(a_role_without_tags_has_no_such_element)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root,
                                                  "Action=GetRole", "RoleName=attached", NULL);
    iam_fixture_want(&r, "GetRole", 200, "", NULL);
    ck_assert_msg(!str_contains(r.body, STR("Tags")), "%.*s", STR_ARG(r.body));
    ck_assert_msg(!str_contains(r.body, STR("Description")), "%.*s", STR_ARG(r.body));
    ck_assert_msg(!str_contains(r.body, STR("PermissionsBoundary")), "%.*s", STR_ARG(r.body));
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

#define DENIED(action, resource)                                                            \
    "User: arn:aws:iam::123456789012:user/nobody is not authorized to perform: iam:" action \
    " on resource: " resource " because no identity-based policy allows the iam:" action " action"
#define NO_ROLE "The role with name none cannot be found."
#define PROTECTED                                                                      \
    "Cannot perform the operation on the protected role 'linked' - this role is only " \
    "modifiable by AWS"
#define NULL_NAME                                                                            \
    "1 validation error detected: Value at 'roleName' failed to satisfy constraint: Member " \
    "must not be null"

static const struct refusal refusals[] = {
    { "GetRole of an unknown role", P("Action=GetRole", "RoleName=none"), NULL, 404, "NoSuchEntity",
      NO_ROLE },
    { "another account's role is unknown", P("Action=GetRole", "RoleName=theirs"), NULL, 404,
      "NoSuchEntity", "The role with name theirs cannot be found." },
    { "UpdateRole of an unknown role", P("Action=UpdateRole", "RoleName=none"), NULL, 404,
      "NoSuchEntity", NO_ROLE },
    { "UpdateRoleDescription of an unknown role",
      P("Action=UpdateRoleDescription", "RoleName=none", "Description=d"), NULL, 404,
      "NoSuchEntity", NO_ROLE },
    { "UpdateAssumeRolePolicy of an unknown role",
      P("Action=UpdateAssumeRolePolicy", "RoleName=none", "PolicyDocument=" EC2_TRUST), NULL, 404,
      "NoSuchEntity", NO_ROLE },
    { "DeleteRole of an unknown role", P("Action=DeleteRole", "RoleName=none"), NULL, 404,
      "NoSuchEntity", NO_ROLE },
    { "TagRole of an unknown role",
      P("Action=TagRole", "RoleName=none", "Tags.member.1.Key=k", "Tags.member.1.Value=v"), NULL,
      404, "NoSuchEntity", NO_ROLE },
    { "UntagRole of an unknown role", P("Action=UntagRole", "RoleName=none", "TagKeys.member.1=k"),
      NULL, 404, "NoSuchEntity", NO_ROLE },
    { "ListRoleTags of an unknown role", P("Action=ListRoleTags", "RoleName=none"), NULL, 404,
      "NoSuchEntity", NO_ROLE },
    { "ListInstanceProfilesForRole of an unknown role",
      P("Action=ListInstanceProfilesForRole", "RoleName=none"), NULL, 404, "NoSuchEntity",
      NO_ROLE },
    { "a missing name is told without its value", P("Action=GetRole"), NULL, 400, "ValidationError",
      NULL_NAME },
    { "a duration below an hour",
      P("Action=CreateRole", "RoleName=r", "AssumeRolePolicyDocument=" EC2_TRUST,
        "MaxSessionDuration=3599"),
      NULL, 400, "ValidationError", NULL },
    { "a duration over twelve hours",
      P("Action=UpdateRole", "RoleName=full", "MaxSessionDuration=43201"), NULL, 400,
      "ValidationError", NULL },
    { "a document that is no JSON",
      P("Action=CreateRole", "RoleName=r", "AssumeRolePolicyDocument={"), NULL, 400,
      "MalformedPolicyDocument", "This policy contains invalid Json" },
    { "a document with an action of another service",
      P("Action=UpdateAssumeRolePolicy", "RoleName=full",
        "PolicyDocument={\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
        "\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"s3:GetObject\"}}"),
      NULL, 400, "MalformedPolicyDocument",
      "AssumeRole policy may only specify STS AssumeRole actions." },
    { "a document with a resource",
      P("Action=UpdateAssumeRolePolicy", "RoleName=full",
        "PolicyDocument={\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
        "\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\","
        "\"Resource\":\"*\"}}"),
      NULL, 400, "MalformedPolicyDocument", "Has prohibited field Resource" },
    { "a shared provider without its condition, at the time of the call",
      P("Action=UpdateAssumeRolePolicy", "RoleName=full",
        "PolicyDocument={\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
        "\"Principal\":{\"Federated\":\"arn:aws:iam::123456789012:oidc-provider/gitlab.com\"},"
        "\"Action\":\"sts:AssumeRoleWithWebIdentity\"}}"),
      NULL, 400, "MalformedPolicyDocument",
      "Trust policy with trusted principal gitlab.com must evaluate, using StringEquals, "
      "StringLike or StringEqualsIgnoreCase, gitlab.com:sub which is not scoped to all." },
    { "a boundary that is no policy",
      P("Action=CreateRole", "RoleName=r", "AssumeRolePolicyDocument=" EC2_TRUST,
        "PermissionsBoundary=arn:aws:iam::123456789012:not_a_policy/invalid"),
      NULL, 400, "InvalidInput",
      "ARN arn:aws:iam::123456789012:not_a_policy/invalid is not valid." },
    { "a boundary that does not exist",
      P("Action=CreateRole", "RoleName=r", "AssumeRolePolicyDocument=" EC2_TRUST,
        "PermissionsBoundary=arn:aws:iam::123456789012:policy/none"),
      NULL, 404, "NoSuchEntity",
      "Scope ARN: arn:aws:iam::123456789012:policy/none does not exist or is not attachable." },
    { "the same tag key twice, its case apart",
      P("Action=CreateRole", "RoleName=r", "AssumeRolePolicyDocument=" EC2_TRUST,
        "Tags.member.1.Key=k", "Tags.member.1.Value=1", "Tags.member.2.Key=K",
        "Tags.member.2.Value=2"),
      NULL, 400, "InvalidInput",
      "Duplicate tag keys found. Please note that Tag keys are case insensitive." },
    { "a path of AWS's own",
      P("Action=CreateRole", "RoleName=r", "Path=/aws-service-role/x.amazonaws.com/",
        "AssumeRolePolicyDocument=" EC2_TRUST),
      NULL, 400, "InvalidInput", NULL },
    { "a role with attached policies is not deleted", P("Action=DeleteRole", "RoleName=attached"),
      NULL, 409, "DeleteConflict", "Cannot delete entity, must detach all policies first." },
    { "a role with inline policies is not deleted", P("Action=DeleteRole", "RoleName=full"), NULL,
      409, "DeleteConflict", "Cannot delete entity, must delete policies first." },
    { "AWS's own role is not deleted", P("Action=DeleteRole", "RoleName=linked"), NULL, 400,
      "UnmodifiableEntity", PROTECTED },
    { "AWS's own role is not updated", P("Action=UpdateRole", "RoleName=linked"), NULL, 400,
      "UnmodifiableEntity", PROTECTED },
    { "AWS's own role is not described anew",
      P("Action=UpdateRoleDescription", "RoleName=linked", "Description=d"), NULL, 400,
      "UnmodifiableEntity", PROTECTED },
    { "AWS's own role trusts whom AWS says",
      P("Action=UpdateAssumeRolePolicy", "RoleName=linked", "PolicyDocument=" EC2_TRUST), NULL, 400,
      "UnmodifiableEntity", PROTECTED },
    { "a marker from nowhere", P("Action=ListRoles", "Marker=abc"), NULL, 400, "ValidationError",
      NULL },
    { "who may not is told before the entity is", P("Action=GetRole", "RoleName=none"), &nobody,
      403, "AccessDenied", DENIED("GetRole", "role none") },
    { "a role to be made is named by its ARN",
      P("Action=CreateRole", "RoleName=r", "Path=/p/", "AssumeRolePolicyDocument={"), &nobody, 403,
      "AccessDenied", DENIED("CreateRole", ROLE("/p/r")) },
    { "tags at creation need TagRole",
      P("Action=CreateRole", "RoleName=r", "AssumeRolePolicyDocument=" EC2_TRUST,
        "Tags.member.1.Key=k", "Tags.member.1.Value=1"),
      &maker, 403, "AccessDenied",
      "User: arn:aws:iam::123456789012:user/maker is not authorized to perform: iam:TagRole on "
      "resource: " ROLE("/r") " because no identity-based policy allows the iam:TagRole action" },
    { "a list is of a path", P("Action=ListRoles", "PathPrefix=/team/"), &nobody, 403,
      "AccessDenied", DENIED("ListRoles", ROLE("/team/")) },
    { "and without one of all", P("Action=ListRoles"), &nobody, 403, "AccessDenied",
      DENIED("ListRoles", ROLE("/")) },
    { "UpdateRole needs permission", P("Action=UpdateRole", "RoleName=full"), &nobody, 403,
      "AccessDenied", DENIED("UpdateRole", "role full") },
    { "UpdateRoleDescription needs permission",
      P("Action=UpdateRoleDescription", "RoleName=full", "Description=d"), &nobody, 403,
      "AccessDenied", DENIED("UpdateRoleDescription", "role full") },
    { "UpdateAssumeRolePolicy needs permission",
      P("Action=UpdateAssumeRolePolicy", "RoleName=full", "PolicyDocument={"), &nobody, 403,
      "AccessDenied", DENIED("UpdateAssumeRolePolicy", "role full") },
    { "DeleteRole needs permission", P("Action=DeleteRole", "RoleName=full"), &nobody, 403,
      "AccessDenied", DENIED("DeleteRole", "role full") },
    { "TagRole needs permission",
      P("Action=TagRole", "RoleName=full", "Tags.member.1.Key=k", "Tags.member.1.Value=v",
        "Tags.member.2.Key=k", "Tags.member.2.Value=v"),
      &nobody, 403, "AccessDenied", DENIED("TagRole", "role full") },
    { "UntagRole needs permission", P("Action=UntagRole", "RoleName=full", "TagKeys.member.1=k"),
      &nobody, 403, "AccessDenied", DENIED("UntagRole", "role full") },
    { "ListRoleTags needs permission", P("Action=ListRoleTags", "RoleName=full"), &nobody, 403,
      "AccessDenied", DENIED("ListRoleTags", "role full") },
    { "ListInstanceProfilesForRole needs permission",
      P("Action=ListInstanceProfilesForRole", "RoleName=full"), &nobody, 403, "AccessDenied",
      DENIED("ListInstanceProfilesForRole", "role full") },
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

/* ---- limits, in characters ---- */

struct length {
    const char *what;
    const char *unit;
    size_t count;
    int status;
    const char *code;
};

/* The text is told back by GetRole: an empty one, too, stands there (observed). */
static const struct length descriptions[] = {
    { "a description of 1,000 letters is taken", "d", 1000, 200, "" },
    { "1,001 letters are too many", "d", 1001, 400, "ValidationError" },
    { "characters count, not bytes: 1,000 of two bytes each", "\xC3\xA9", 1000, 200, "" },
    { "1,001 of two bytes each are too many", "\xC3\xA9", 1001, 400, "ValidationError" },
    { "none at all is taken", "", 0, 200, "" },
};

static const char *repeated(struct arena *a, const char *prefix, const char *unit, size_t n)
{
    struct text t = text_new(a, 1024 * 1024);
    text_put(&t, str_of(prefix));
    for (size_t i = 0; i < n; i++)
        text_put(&t, str_of(unit));
    return arena_cstr(a, text_str(&t));
}

START_TEST(descriptions_have_their_length)
{
    const struct length *c = &descriptions[_i];
    struct iam_fixture *f = iam_fixture_new(config);
    const char *description = repeated(f->arena, "Description=", c->unit, c->count);
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=CreateRole", "RoleName=long",
                         "AssumeRolePolicyDocument=" EC2_TRUST, description, NULL);
    iam_fixture_want(&r, c->what, c->status, c->code, NULL);
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=GetRole", "RoleName=long",
                         NULL);
    if (c->status == 200)
        want_str(c->what, iam_fixture_text(&r, "GetRoleResult/Role/Description"),
                 str_of(description + strlen("Description=")));
    ck_assert_msg((c->status == 200) == (xml_find(r.xml, "GetRoleResult/Role/Description") != NULL),
                  "%s: %.*s", c->what, STR_ARG(r.body));
    iam_fixture_free(f);
}
END_TEST

/* A trust policy of exactly so many characters without blanks: the principal's list is padded by a
 * Sid. */
static const struct length documents[] = {
    { "a trust policy of 2,048 characters is taken", "s", 2048, 200, "" },
    { "one more is over the quota", "s", 2049, 409, "LimitExceeded" },
};

START_TEST(trust_policies_have_their_quota)
{
#define HEAD "AssumeRolePolicyDocument={\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\""
#define TAIL                                                                                \
    "\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":" \
    "\"sts:AssumeRole\"}]}"
    const struct length *c = &documents[_i];
    struct iam_fixture *f = iam_fixture_new(config);
    size_t fixed = strlen(HEAD) - strlen("AssumeRolePolicyDocument=") + strlen(TAIL);
    struct str head = str_of(repeated(f->arena, HEAD, c->unit, c->count - fixed));
    const char *document = arena_cstr(f->arena, arena_join(f->arena, head, STR(TAIL)));
    struct iam_fixture_reply r = iam_fixture_call(
        f, SERVICE_IAM, &iam_fixture_root, "Action=CreateRole", "RoleName=r", document, NULL);
    iam_fixture_want(&r, c->what, c->status, c->code,
                     c->status == 200 ? NULL : "Cannot exceed quota for ACLSizePerRole: 2048");
    iam_fixture_free(f);
}
END_TEST

/* ---- pages ---- */

START_TEST(lists_come_in_pages)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=ListRoles", "MaxItems=2", NULL);
    want_str("names come in order", iam_fixture_text(&r, "ListRolesResult/Roles/member/RoleName"),
             STR("attached"));
    want_str("there is more", iam_fixture_text(&r, "ListRolesResult/IsTruncated"), STR("true"));
    struct str marker =
        arena_join(f->arena, STR("Marker="), iam_fixture_text(&r, "ListRolesResult/Marker"));
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=ListRoles", "MaxItems=2",
                         arena_cstr(f->arena, marker), NULL);
    want_str("the second page begins behind the first",
             iam_fixture_text(&r, "ListRolesResult/Roles/member/RoleName"), STR("linked"));
    want_str("and is the last", iam_fixture_text(&r, "ListRolesResult/IsTruncated"), STR("false"));
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=ListRoles", "PathPrefix=/a",
                         NULL);
    want_str("a prefix may end within a path's name",
             iam_fixture_text(&r, "ListRolesResult/Roles/member/RoleName"), STR("full"));
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=ListRoles", "PathPrefix=/none/",
                         NULL);
    iam_fixture_want_body(&r, "none",
                          REPLY_RESULT("ListRoles", "    <Roles/>\n"
                                                    "    <IsTruncated>false</IsTruncated>\n"));
    iam_fixture_free(f);
}
END_TEST

/* ---- together or not at all ---- */

START_TEST(a_refused_change_changes_nothing)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=UpdateAssumeRolePolicy",
                         "RoleName=full", "PolicyDocument={\"Version\":\"2012-10-17\"}", NULL);
    iam_fixture_want(&r, "a bad document", 400, "MalformedPolicyDocument", NULL);
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=GetRole", "RoleName=full",
                         NULL);
    ck_assert_msg(str_contains(r.body, STR(EC2_SHOWN)), "%.*s", STR_ARG(r.body));
    iam_fixture_free(f);
}
END_TEST

#define LOOP(tcase, test, table) \
    tcase_add_loop_test(tcase, test, 0, sizeof(table) / sizeof(table)[0])

Suite *role_suite(void);

Suite *role_suite(void)
{
    Suite *s = suite_create("actions/role");
    TCase *t = tcase_create("role");
    tcase_add_test(t, roles_live_as_in_aws);
    tcase_add_test(t, a_role_without_tags_has_no_such_element);
    LOOP(t, refusals_are_awss, refusals);
    LOOP(t, descriptions_have_their_length, descriptions);
    LOOP(t, trust_policies_have_their_quota, documents);
    tcase_add_test(t, lists_come_in_pages);
    tcase_add_test(t, a_refused_change_changes_nothing);
    suite_add_tcase(s, t);
    return s;
}
