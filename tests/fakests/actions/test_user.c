#include "tests/fakests/actions/reply_text.h"
#include "tests/support/runner.h"

/* Users over the IAM API: made, shown, listed, tagged, deleted. */

#define USER_ARN(name) "arn:aws:iam::" IAM_FIXTURE_ACCOUNT ":user" name

/*
 * The root's key, a user who may do nothing, one who may tag with team=approved alone, one who may
 * create but not tag, and one with everything that keeps a user from being deleted.
 */
static const char config[] =
    "{\"managed_policies\": [{\"name\": \"limit\", \"policy\": {\"Version\": \"2012-10-17\","
    "   \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}}}],"
    " \"users\": ["
    "  {\"name\": \"nobody\", \"id\": \"AIDARZPUZDIKAAAAAAAAA\"},"
    "  {\"name\": \"ann\", \"path\": \"/staff/\", \"id\": \"AIDARZPUZDIKBBBBBBBBB\","
    "   \"created\": \"2026-01-02T03:04:05Z\", \"tags\": {\"team\": \"red\", \"Area\": \"1\"},"
    "   \"permissions_boundary\": \"arn:aws:iam::123456789012:policy/limit\"},"
    "  {\"name\": \"tagger\", \"policies\": {\"p\": {\"Version\": \"2012-10-17\","
    "   \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"iam:TagUser\", \"Resource\": \"*\","
    "   \"Condition\": {\"StringEquals\": {\"aws:RequestTag/team\": \"approved\"},"
    "   \"ForAllValues:StringEquals\": {\"aws:TagKeys\": \"team\"}}}}}},"
    "  {\"name\": \"maker\", \"policies\": {\"p\": {\"Version\": \"2012-10-17\","
    "   \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"iam:CreateUser\","
    "   \"Resource\": \"arn:aws:iam::123456789012:user/made/*\", \"Condition\": {\"StringEquals\":"
    "   {\"iam:PermissionsBoundary\": \"arn:aws:iam::123456789012:policy/limit\"}}}}}},"
    "  {\"name\": \"held\", \"attached_policies\": [\"arn:aws:iam::123456789012:policy/limit\"]},"
    "  {\"name\": \"inline\", \"policies\": {\"p\": {\"Version\": \"2012-10-17\","
    "   \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}}}},"
    "  {\"name\": \"gitter\", \"service_credentials\": [{\"id\": \"ACCARZPUZDIKAAAAAAAAA\","
    "   \"service_name\": \"codecommit.amazonaws.com\"}]}],"
    " \"credentials\": ["
    "  {\"access_key_id\": \"test\", \"secret_access_key\": \"test\"},"
    "  {\"access_key_id\": \"AKIANOBODY\", \"secret_access_key\": \"n\", \"user\": \"nobody\"},"
    "  {\"access_key_id\": \"AKIAANN\", \"secret_access_key\": \"a\", \"user\": \"ann\"},"
    "  {\"access_key_id\": \"AKIATAGGER\", \"secret_access_key\": \"t\", \"user\": \"tagger\"},"
    "  {\"access_key_id\": \"AKIAMAKER\", \"secret_access_key\": \"m\", \"user\": \"maker\"},"
    "  {\"access_key_id\": \"AKIAINLINE\", \"secret_access_key\": \"i\", \"user\": \"inline\"}]}";

static const struct iam_fixture_key nobody = { STR_INIT("AKIANOBODY"), STR_INIT("n"), { NULL, 0 } };
static const struct iam_fixture_key tagger = { STR_INIT("AKIATAGGER"), STR_INIT("t"), { NULL, 0 } };
static const struct iam_fixture_key maker = { STR_INIT("AKIAMAKER"), STR_INIT("m"), { NULL, 0 } };
static const struct iam_fixture_key self = { STR_INIT("AKIAINLINE"), STR_INIT("i"), { NULL, 0 } };

/* ---- what each action answers, to the letter ---- */

struct step {
    const char *what;
    const struct iam_fixture_key *as; /* NULL: the root */
    const char *const *parameters;
    const char *body; /* with "%s" where the new user's id stands */
};

#define BASICS(path, name, id, arn, created)                                                \
    "<Path>" path "</Path>\n" INDENT "<UserName>" name "</UserName>\n" INDENT "<UserId>" id \
    "</UserId>\n" INDENT "<Arn>" arn "</Arn>\n" INDENT "<CreateDate>" created "</CreateDate>\n"
#define TAG_IN(indent, key, value)                                               \
    indent "<member>\n" indent "  <Key>" key "</Key>\n" indent "  <Value>" value \
           "</Value>\n" indent "</member>\n"
#define INDENT "      "
#define BOUNDARY                                                                  \
    INDENT "<PermissionsBoundary>\n" INDENT                                       \
           "  <PermissionsBoundaryType>Policy</PermissionsBoundaryType>\n" INDENT \
           "  <PermissionsBoundaryArn>arn:aws:iam::123456789012:policy/limit"     \
           "</PermissionsBoundaryArn>\n" INDENT "</PermissionsBoundary>\n"

#define NONE(action, member) \
    REPLY_RESULT(action, "    <" member "/>\n    <IsTruncated>false</IsTruncated>\n")

static const struct step steps[] = {
    { "a user is made, tags echoed in the request's order", NULL,
      P("Action=CreateUser", "UserName=bob", "Path=/staff/it/",
        "PermissionsBoundary=arn:aws:iam::123456789012:policy/limit", "Tags.member.1.Key=b",
        "Tags.member.1.Value=2", "Tags.member.2.Key=a", "Tags.member.2.Value="),
      REPLY_RESULT("CreateUser", "    <User>\n" INDENT BASICS("/staff/it/", "bob", "%s",
                                                              USER_ARN("/staff/it/bob"),
                                                              IAM_FIXTURE_TIME) BOUNDARY INDENT
                   "<Tags>\n" TAG_IN("        ", "b", "2") "        <member>\n"
                                                           "          <Key>a</Key>\n"
                                                           "          <Value/>\n"
                                                           "        </member>\n" INDENT "</Tags>\n"
                                                           "    </User>\n") },
    { "it is shown with boundary and tags, by their keys", NULL,
      P("Action=GetUser", "UserName=bob"),
      REPLY_RESULT("GetUser", "    <User>\n" INDENT BASICS("/staff/it/", "bob", "%s",
                                                           USER_ARN("/staff/it/bob"),
                                                           IAM_FIXTURE_TIME) BOUNDARY INDENT
                   "<Tags>\n"
                   "        <member>\n"
                   "          <Key>a</Key>\n"
                   "          <Value/>\n"
                   "        </member>\n" TAG_IN("        ", "b", "2") INDENT "</Tags>\n"
                                                                             "    </User>\n") },
    { "names are one whatever their case", NULL, P("Action=GetUser", "UserName=ANN"),
      REPLY_RESULT("GetUser",
                   "    <User>\n" INDENT BASICS("/staff/", "ann", "AIDARZPUZDIKBBBBBBBBB",
                                                USER_ARN("/staff/ann"), "2026-01-02T03:04:05Z")
                       BOUNDARY INDENT "<Tags>\n" TAG_IN("        ", "Area", "1")
                           TAG_IN("        ", "team", "red") INDENT "</Tags>\n"
                                                                    "    </User>\n") },
    { "the root has neither path nor name", NULL, P("Action=GetUser"),
      REPLY_RESULT("GetUser", "    <User>\n"
                              "      <UserId>123456789012</UserId>\n"
                              "      <Arn>arn:aws:iam::123456789012:root</Arn>\n"
                              "      <CreateDate>" IAM_FIXTURE_TIME "</CreateDate>\n"
                              "    </User>\n") },
    { "the list has what is under the path, without boundary and tags", NULL,
      P("Action=ListUsers", "PathPrefix=/staff"),
      REPLY_RESULT(
          "ListUsers",
          "    <Users>\n"
          "      <member>\n"
          "        <Path>/staff/</Path>\n"
          "        <UserName>ann</UserName>\n"
          "        <UserId>AIDARZPUZDIKBBBBBBBBB</UserId>\n"
          "        <Arn>" USER_ARN(
              "/staff/ann") "</Arn>\n"
                            "        <CreateDate>2026-01-02T03:04:05Z</CreateDate>\n"
                            "      </member>\n"
                            "      <member>\n"
                            "        <Path>/staff/it/</Path>\n"
                            "        <UserName>bob</UserName>\n"
                            "        <UserId>%s</UserId>\n"
                            "        <Arn>" USER_ARN(
                                "/staff/it/bob") "</Arn>\n"
                                                 "        <CreateDate>" IAM_FIXTURE_TIME
                                                 "</CreateDate>\n"
                                                 "      </member>\n"
                                                 "    </Users>\n"
                                                 "    <IsTruncated>false</IsTruncated>\n") },
    { "nobody is under another path", NULL, P("Action=ListUsers", "PathPrefix=/none/"),
      REPLY_RESULT("ListUsers", "    <Users/>\n"
                                "    <IsTruncated>false</IsTruncated>\n") },
    { "a tag is replaced whatever the case of its key", NULL,
      P("Action=TagUser", "UserName=ann", "Tags.member.1.Key=TEAM", "Tags.member.1.Value=blue"),
      REPLY_EMPTY("TagUser") },
    { "and removed so", NULL, P("Action=UntagUser", "UserName=ann", "TagKeys.member.1=aREA"),
      REPLY_EMPTY("UntagUser") },
    { "a key that no tag has is no fault", NULL,
      P("Action=UntagUser", "UserName=ann", "TagKeys.member.1=other"), REPLY_EMPTY("UntagUser") },
    { "what came of it", NULL, P("Action=ListUserTags", "UserName=ann"),
      REPLY_RESULT("ListUserTags",
                   "    <Tags>\n" TAG_IN("      ", "TEAM",
                                         "blue") "    </Tags>\n"
                                                 "    <IsTruncated>false</IsTruncated>\n") },
    { "no tags are an empty element", NULL, P("Action=ListUserTags", "UserName=nobody"),
      REPLY_RESULT("ListUserTags", "    <Tags/>\n"
                                   "    <IsTruncated>false</IsTruncated>\n") },
    { "who may tag so does", &tagger,
      P("Action=TagUser", "UserName=nobody", "Tags.member.01.Key=team",
        "Tags.member.1.Value=approved", "Tags.member.1.Unknown=ignored"),
      REPLY_EMPTY("TagUser") },
    { "who may create with a boundary does", &maker,
      P("Action=CreateUser", "UserName=carl", "Path=/made/",
        "PermissionsBoundary=arn:aws:iam::123456789012:policy/limit"),
      NULL },
    { "a user is in no group", NULL, P("Action=ListGroupsForUser", "UserName=bob"),
      NONE("ListGroupsForUser", "Groups") },
    { "it has no MFA device", NULL, P("Action=ListMFADevices", "UserName=bob"),
      NONE("ListMFADevices", "MFADevices") },
    { "nor have those who sign", &self, P("Action=ListMFADevices"),
      NONE("ListMFADevices", "MFADevices") },
    { "no SSH key", NULL, P("Action=ListSSHPublicKeys", "UserName=bob"),
      NONE("ListSSHPublicKeys", "SSHPublicKeys") },
    { "no certificate", NULL, P("Action=ListSigningCertificates", "UserName=bob"),
      NONE("ListSigningCertificates", "Certificates") },
    { "the account has no virtual MFA device", NULL,
      P("Action=ListVirtualMFADevices", "AssignmentStatus=Assigned"),
      NONE("ListVirtualMFADevices", "VirtualMFADevices") },
    { "a user is deleted", NULL, P("Action=DeleteUser", "UserName=BOB"),
      REPLY_EMPTY("DeleteUser") },
};

/* The body with the id of the user just made where it says so. */
static const char *filled(struct iam_fixture *f, const char *body, struct str id)
{
    struct text t = text_new(f->arena, 64 * 1024);
    struct str rest = str_of(body);
    while (rest.n) {
        size_t at = 0;
        while (at < rest.n && !str_starts(str_sub(rest, at, rest.n), STR("%s")))
            at++;
        text_put(&t, str_sub(rest, 0, at));
        if (at < rest.n)
            text_put(&t, id);
        rest = str_sub(rest, at + 2, rest.n);
    }
    return text_str(&t).p;
}

START_TEST(answers_to_the_letter)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct str id = STR("");
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct iam_fixture_reply r = iam_fixture_send(
            f, SERVICE_IAM, steps[i].as ? steps[i].as : &iam_fixture_root, steps[i].parameters);
        if (!id.n)
            id = iam_fixture_text(&r, "CreateUserResult/User/UserId");
        if (steps[i].body)
            iam_fixture_want_body(&r, steps[i].what, filled(f, steps[i].body, id));
        else
            iam_fixture_want(&r, steps[i].what, 200, "", NULL);
    }
    ck_assert_msg(id.n == 21 && str_starts(id, STR("AIDARZPUZDIK")), "%.*s", STR_ARG(id));
    iam_fixture_free(f);
}
END_TEST

START_TEST(a_user_who_asks_for_itself)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = iam_fixture_call(f, SERVICE_IAM, &self, "Action=GetUser", NULL);
    want_str("its name", iam_fixture_text(&r, "GetUserResult/User/UserName"), STR("inline"));
    iam_fixture_free(f);
}
END_TEST

/* ---- refusals ---- */

struct refusal {
    const char *what;
    const struct iam_fixture_key *as;
    const char *const *parameters;
    int status;
    const char *code, *message;
};

#define DENIED(action, resource)                                                            \
    "User: " USER_ARN("/nobody") " is not authorized to perform: iam:" action               \
                                 " on resource: " resource                                  \
                                 " because no identity-based policy allows the iam:" action \
                                 " action"
#define NOT_FOUND "The user with name zed cannot be found."
#define FAILED    "failed to satisfy constraint: "
#define NULL_TAG(n)                                                                           \
    "Value at 'tags." n ".member.value' " FAILED "Member must not be null; Value at 'tags." n \
    ".member.key' " FAILED "Member must not be null"
#define TWICE "Duplicate tag keys found. Please note that Tag keys are case insensitive."

static const struct refusal refusals[] = {
    /* CreateUser */
    { "a name that is taken", NULL, P("Action=CreateUser", "UserName=ann"), 409,
      "EntityAlreadyExists", "User with name ann already exists." },
    { "a name that is taken in other letters", NULL, P("Action=CreateUser", "UserName=ANN"), 409,
      "EntityAlreadyExists", "User with name ANN already exists." },
    { "no name", NULL, P("Action=CreateUser"), 400, "ValidationError",
      "1 validation error detected: Value at 'userName' " FAILED "Member must not be null" },
    { "a name with a blank", NULL, P("Action=CreateUser", "UserName=a b"), 400, "ValidationError",
      "1 validation error detected: Value at 'userName' " FAILED
      "Member must satisfy regular expression pattern: [\\w+=,.@-]+" },
    { "a name of 65", NULL,
      P("Action=CreateUser",
        "UserName=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
      400, "ValidationError",
      "1 validation error detected: Value at 'userName' " FAILED
      "Member must have length less than or equal to 64" },
    { "a path without its slashes", NULL, P("Action=CreateUser", "UserName=zed", "Path=staff"), 400,
      "ValidationError", NULL },
    { "a boundary that is not there", NULL,
      P("Action=CreateUser", "UserName=zed",
        "PermissionsBoundary=arn:aws:iam::123456789012:policy/none"),
      404, "NoSuchEntity", NULL },
    { "keys that are one but for their case", NULL,
      P("Action=CreateUser", "UserName=zed", "Tags.member.1.Key=a", "Tags.member.1.Value=1",
        "Tags.member.2.Key=A", "Tags.member.2.Value=1"),
      400, "InvalidInput", TWICE },
    { "nobody may create, nor learns what is there", &nobody,
      P("Action=CreateUser", "UserName=ann", "Path=/x/"), 403, "AccessDenied",
      DENIED("CreateUser", USER_ARN("/x/ann")) },
    { "who may create with a boundary may not without", &maker,
      P("Action=CreateUser", "UserName=zed", "Path=/made/"), 403, "AccessDenied", NULL },
    { "who may create may not tag", &maker,
      P("Action=CreateUser", "UserName=zed", "Path=/made/",
        "PermissionsBoundary=arn:aws:iam::123456789012:policy/limit", "Tags.member.1.Key=a",
        "Tags.member.1.Value=1"),
      403, "AccessDenied",
      "User: " USER_ARN("/maker") " is not authorized to perform: iam:TagUser on "
                                  "resource: " USER_ARN(
                                      "/made/zed") " because no identity-based policy allows the "
                                                   "iam:TagUser action" },
    /* GetUser */
    { "one that is not there", NULL, P("Action=GetUser", "UserName=zed"), 404, "NoSuchEntity",
      NOT_FOUND },
    { "nobody may get", &nobody, P("Action=GetUser", "UserName=zed"), 403, "AccessDenied",
      DENIED("GetUser", "user zed") },
    { "nobody may get itself", &nobody, P("Action=GetUser"), 403, "AccessDenied",
      DENIED("GetUser", "user nobody") },
    /* ListUsers */
    { "a prefix without a slash", NULL, P("Action=ListUsers", "PathPrefix=staff"), 400,
      "ValidationError",
      "1 validation error detected: Value at 'pathPrefix' " FAILED
      "Member must satisfy regular expression pattern: \\u002F[\\u0021-\\u007F]*" },
    { "a number with blanks", NULL, P("Action=ListUsers", "MaxItems= 1 "), 400, "MalformedInput",
      NULL },
    { "a number with a point", NULL, P("Action=ListUsers", "MaxItems=1.0"), 400, "MalformedInput",
      NULL },
    { "a number with an exponent", NULL, P("Action=ListUsers", "MaxItems=1e0"), 400,
      "MalformedInput", NULL },
    { "a page of none", NULL, P("Action=ListUsers", "MaxItems=0"), 400, "ValidationError",
      "1 validation error detected: Value at 'maxItems' " FAILED
      "Member must have value greater than or equal to 1" },
    { "a page of 1001", NULL, P("Action=ListUsers", "MaxItems=1001"), 400, "ValidationError",
      "1 validation error detected: Value at 'maxItems' " FAILED
      "Member must have value less than or equal to 1000" },
    { "a marker from nowhere", NULL, P("Action=ListUsers", "Marker=abc"), 400, "ValidationError",
      NULL },
    { "nobody may list", &nobody, P("Action=ListUsers"), 403, "AccessDenied",
      DENIED("ListUsers", USER_ARN("/")) },
    { "nobody may list under a path", &nobody, P("Action=ListUsers", "PathPrefix=/staff/"), 403,
      "AccessDenied", DENIED("ListUsers", USER_ARN("/staff/")) },
    /* ListGroupsForUser */
    { "groups of one that is not there", NULL, P("Action=ListGroupsForUser", "UserName=zed"), 404,
      "NoSuchEntity", "The user with name zed cannot be found." },
    { "a marker from no list of groups", NULL,
      P("Action=ListGroupsForUser", "UserName=held", "Marker=abc"), 400, "ValidationError", NULL },
    { "nobody may list another's groups", &nobody, P("Action=ListGroupsForUser", "UserName=held"),
      403, "AccessDenied", DENIED("ListGroupsForUser", "user held") },
    /* what else there is none of */
    { "MFA devices of one that is not there", NULL, P("Action=ListMFADevices", "UserName=zed"), 404,
      "NoSuchEntity", NOT_FOUND },
    { "nobody may list MFA devices", &nobody, P("Action=ListMFADevices"), 403, "AccessDenied",
      DENIED("ListMFADevices", "user nobody") },
    { "SSH keys of one that is not there", NULL, P("Action=ListSSHPublicKeys", "UserName=zed"), 404,
      "NoSuchEntity", NOT_FOUND },
    { "SSH keys of a name of 65", NULL,
      P("Action=ListSSHPublicKeys",
        "UserName=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
      400, "ValidationError", NULL },
    { "certificates of one that is not there", NULL,
      P("Action=ListSigningCertificates", "UserName=zed"), 404, "NoSuchEntity", NOT_FOUND },
    { "virtual MFA devices of another status", NULL,
      P("Action=ListVirtualMFADevices", "AssignmentStatus=assigned"), 400, "ValidationError",
      "1 validation error detected: Value at 'assignmentStatus' " FAILED
      "Member must satisfy enum value set: [Assigned, Unassigned, Any]" },
    { "a marker from no list of devices", NULL, P("Action=ListVirtualMFADevices", "Marker=abc"),
      400, "ValidationError", NULL },
    { "nobody may list virtual MFA devices", &nobody, P("Action=ListVirtualMFADevices"), 403,
      "AccessDenied",
      DENIED("ListVirtualMFADevices", "arn:aws:iam::" IAM_FIXTURE_ACCOUNT ":mfa/") },
    { "a password that nobody has", NULL, P("Action=GetLoginProfile", "UserName=ann"), 404,
      "NoSuchEntity", "Login Profile for User ann cannot be found." },
    { "it is not deleted either", NULL, P("Action=DeleteLoginProfile", "UserName=ann"), 404,
      "NoSuchEntity", "Login Profile for User ann cannot be found." },
    { "a password of one that is not there", NULL, P("Action=DeleteLoginProfile", "UserName=zed"),
      404, "NoSuchEntity", NOT_FOUND },
    { "nobody may delete a password", &nobody, P("Action=DeleteLoginProfile", "UserName=ann"), 403,
      "AccessDenied", DENIED("DeleteLoginProfile", "user ann") },
    /* DeleteUser */
    { "one that is not there to delete", NULL, P("Action=DeleteUser", "UserName=zed"), 404,
      "NoSuchEntity", NOT_FOUND },
    { "a user with an attached policy", NULL, P("Action=DeleteUser", "UserName=held"), 409,
      "DeleteConflict", "Cannot delete entity, must detach all policies first." },
    { "a user with a policy of its own", NULL, P("Action=DeleteUser", "UserName=inline"), 409,
      "DeleteConflict", "Cannot delete entity, must delete policies first." },
    { "a user with an access key", NULL, P("Action=DeleteUser", "UserName=nobody"), 409,
      "DeleteConflict", "Cannot delete entity, must delete access keys first." },
    { "a user with a service-specific credential", NULL, P("Action=DeleteUser", "UserName=gitter"),
      409, "DeleteConflict", NULL },
    { "nobody may delete", &nobody, P("Action=DeleteUser", "UserName=held"), 403, "AccessDenied",
      DENIED("DeleteUser", "user held") },
    /* TagUser */
    { "the second tag alone", NULL,
      P("Action=TagUser", "UserName=ann", "Tags.member.2.Key=team", "Tags.member.2.Value=approved"),
      400, "ValidationError", "2 validation errors detected: " NULL_TAG("1") },
    { "an index that is a word", NULL,
      P("Action=TagUser", "UserName=ann", "Tags.member.one.Key=team",
        "Tags.member.one.Value=approved"),
      400, "ValidationError", "2 validation errors detected: " NULL_TAG("1") },
    { "a gap", &tagger,
      P("Action=TagUser", "UserName=ann", "Tags.member.1.Key=team", "Tags.member.1.Value=approved",
        "Tags.member.3.Key=other", "Tags.member.3.Value=approved"),
      400, "ValidationError", "2 validation errors detected: " NULL_TAG("2") },
    { "ten complaints are the most", NULL,
      P("Action=TagUser", "UserName=ann", "Tags.member.11.Key=team",
        "Tags.member.11.Value=approved"),
      400, "ValidationError",
      "10 validation errors detected: " NULL_TAG("1") "; " NULL_TAG("2") "; " NULL_TAG(
          "3") "; " NULL_TAG("4") "; " NULL_TAG("5") },
    { "a gap of more than ten", NULL,
      P("Action=TagUser", "UserName=ann", "Tags.member.49.Key=team",
        "Tags.member.49.Value=approved"),
      400, "MalformedInput", "Excessively sparse input would skip 48 list elements" },
    { "two indexes", NULL,
      P("Action=TagUser", "UserName=ann", "Tags.member.1.0.Key=team",
        "Tags.member.1.0.Value=approved"),
      400, "MalformedInput", "Two index elements may not occur back to back" },
    { "index 0", &tagger,
      P("Action=TagUser", "UserName=ann", "Tags.member.0.Key=team", "Tags.member.0.Value=approved"),
      400, "MalformedInput", "0 is not a valid index" },
    { "a value with a line end", NULL,
      P("Action=TagUser", "UserName=ann", "Tags.member.1.Key=team",
        "Tags.member.1.Value=bad\nvalue"),
      400, "ValidationError",
      "1 validation error detected: Value at 'tags.1.member.value' " FAILED
      "Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*" },
    { "an empty list", NULL, P("Action=TagUser", "UserName=ann", "Tags="), 400, "InvalidInput",
      "Error occurred while validating input. " },
    { "a key twice", NULL,
      P("Action=TagUser", "UserName=ann", "Tags.member.1.Key=team", "Tags.member.1.Value=approved",
        "Tags.member.2.Key=team", "Tags.member.2.Value=approved"),
      400, "InvalidInput", TWICE },
    { "a key twice, the last of which is allowed", &tagger,
      P("Action=TagUser", "UserName=ann", "Tags.member.1.Key=team", "Tags.member.1.Value=other",
        "Tags.member.2.Key=team", "Tags.member.2.Value=approved"),
      400, "InvalidInput", TWICE },
    { "a key twice, neither allowed: denied before that is seen", &tagger,
      P("Action=TagUser", "UserName=ann", "Tags.member.1.Key=team", "Tags.member.1.Value=other",
        "Tags.member.2.Key=team", "Tags.member.2.Value=other"),
      403, "AccessDenied", NULL },
    { "a key twice and one that is not allowed", &tagger,
      P("Action=TagUser", "UserName=ann", "Tags.member.1.Key=team", "Tags.member.1.Value=approved",
        "Tags.member.2.Key=team", "Tags.member.2.Value=approved", "Tags.member.3.Key=other",
        "Tags.member.3.Value=approved"),
      403, "AccessDenied", NULL },
    { "tags for one that is not there", NULL,
      P("Action=TagUser", "UserName=zed", "Tags.member.1.Key=a", "Tags.member.1.Value=b"), 404,
      "NoSuchEntity", NOT_FOUND },
    { "nobody may tag", &nobody,
      P("Action=TagUser", "UserName=zed", "Tags.member.1.Key=a", "Tags.member.1.Value=b"), 403,
      "AccessDenied", DENIED("TagUser", "user zed") },
    /* UntagUser */
    { "an empty list of keys", NULL, P("Action=UntagUser", "UserName=ann", "TagKeys="), 400,
      "InvalidInput", "Error occurred while validating input. " },
    { "keys of one that is not there", NULL,
      P("Action=UntagUser", "UserName=zed", "TagKeys.member.1=a"), 404, "NoSuchEntity", NOT_FOUND },
    { "nobody may untag", &nobody, P("Action=UntagUser", "UserName=ann", "TagKeys.member.1=team"),
      403, "AccessDenied", DENIED("UntagUser", "user ann") },
    /* ListUserTags */
    { "tags of one that is not there", NULL, P("Action=ListUserTags", "UserName=zed"), 404,
      "NoSuchEntity", NOT_FOUND },
    { "nobody may list tags", &nobody, P("Action=ListUserTags", "UserName=ann"), 403,
      "AccessDenied", DENIED("ListUserTags", "user ann") },
};

START_TEST(refuses)
{
    const struct refusal *row = &refusals[_i];
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply before, after;
    const char *const *look = P("Action=ListUserTags", "UserName=ann");
    const char *const *all = P("Action=ListUsers");
    before = iam_fixture_send(f, SERVICE_IAM, &iam_fixture_root, look);
    struct str users = iam_fixture_send(f, SERVICE_IAM, &iam_fixture_root, all).body;
    struct iam_fixture_reply r =
        iam_fixture_send(f, SERVICE_IAM, row->as ? row->as : &iam_fixture_root, row->parameters);
    iam_fixture_want(&r, row->what, row->status, row->code, row->message);
    after = iam_fixture_send(f, SERVICE_IAM, &iam_fixture_root, look);
    want_str("a refusal changes no tags", after.body, before.body);
    want_str("a refusal makes and removes nobody",
             iam_fixture_send(f, SERVICE_IAM, &iam_fixture_root, all).body, users);
    iam_fixture_free(f);
}
END_TEST

/* A role is no user, and cannot ask for itself. */
START_TEST(a_session_has_no_user)
{
    struct iam_fixture *f = iam_fixture_new(
        "{\"roles\": [{\"name\": \"admin\", \"trust_policy\": {\"Version\": \"2012-10-17\","
        " \"Statement\": {\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"123456789012\"},"
        " \"Action\": \"sts:AssumeRole\"}}, \"policies\": {\"all\": {\"Version\": \"2012-10-17\","
        " \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}}}}],"
        " \"users\": [{\"name\": \"ann\", \"policies\": {\"all\": {\"Version\": \"2012-10-17\","
        " \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}}}}],"
        " \"credentials\": [{\"access_key_id\": \"AKIAANN\", \"secret_access_key\": \"a\","
        "   \"user\": \"ann\"}]}");
    const struct iam_fixture_key ann = { STR("AKIAANN"), STR("a"), { NULL, 0 } };
    struct iam_fixture_reply r = iam_fixture_call(f, SERVICE_STS, &ann, "Action=AssumeRole",
                                                  "RoleArn=arn:aws:iam::123456789012:role/admin",
                                                  "RoleSessionName=session", NULL);
    struct iam_fixture_key session = iam_fixture_credentials(&r);
    r = iam_fixture_call(f, SERVICE_IAM, &session, "Action=GetUser", NULL);
    iam_fixture_want(&r, "no name", 400, "ValidationError",
                     "Must specify userName when calling with non-User credentials");
    r = iam_fixture_call(f, SERVICE_IAM, &session, "Action=GetUser", "UserName=ann", NULL);
    iam_fixture_want(&r, "a name", 200, "", NULL);
    iam_fixture_free(f);
}
END_TEST

/* ---- pages, and numbers of them ---- */

static struct iam_fixture *with_users(size_t n)
{
    struct arena *a = arena_new();
    struct text t = text_new(a, 1024 * 1024);
    text_put(&t, STR("{\"users\": ["));
    for (size_t i = 0; i < n; i++)
        text_printf(&t, "%s{\"name\": \"u%04zu\", \"path\": \"/p/\"}", i ? "," : "", i);
    text_put(&t, STR("]}"));
    struct iam_fixture *f = iam_fixture_new(text_str(&t).p);
    arena_free(a);
    return f;
}

static const char *marker_of(const struct iam_fixture_reply *r, const char *path)
{
    return arena_printf(r->fixture->arena, "Marker=%.*s", STR_ARG(iam_fixture_text(r, path))).p;
}

static struct str names(const struct iam_fixture_reply *r)
{
    struct text t = text_new(r->fixture->arena, 1024);
    const struct xml_node *users = xml_find(r->xml, "ListUsersResult/Users");
    for (const struct xml_node *u = users->first_child; u; u = u->next)
        text_printf(&t, "%.*s ", STR_ARG(xml_text(u, "UserName")));
    return text_str(&t);
}

START_TEST(users_come_in_pages)
{
    struct iam_fixture *f = with_users(3);
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=ListUsers", "PathPrefix=/p/",
                         "MaxItems=01", NULL);
    want_str("the first page", names(&r), STR("u0000 "));
    want_str("is not all", iam_fixture_text(&r, "ListUsersResult/IsTruncated"), STR("true"));
    const char *marker = marker_of(&r, "ListUsersResult/Marker");
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=ListUsers", "PathPrefix=/p/",
                         "MaxItems=1", marker, "Tags.member.1.Key=ignored", NULL);
    want_str("the second, whatever else is said", names(&r), STR("u0001 "));
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=ListUsers", "PathPrefix=/p/",
                         "MaxItems=2", marker, NULL);
    want_str("the rest", names(&r), STR("u0001 u0002 "));
    want_str("is all", iam_fixture_text(&r, "ListUsersResult/IsTruncated"), STR("false"));
    iam_fixture_free(f);
}
END_TEST

START_TEST(an_account_has_5000_users)
{
    struct iam_fixture *f = with_users(4999);
    struct iam_fixture_reply r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root,
                                                  "Action=CreateUser", "UserName=last", NULL);
    iam_fixture_want(&r, "the last", 200, "", NULL);
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=CreateUser", "UserName=more",
                         NULL);
    iam_fixture_want(&r, "one more", 409, "LimitExceeded",
                     "Cannot exceed quota for UsersPerAccount: 5000");
    iam_fixture_free(f);
}
END_TEST

START_TEST(tags_come_in_pages)
{
    struct iam_fixture *f = iam_fixture_new(
        "{\"users\": [{\"name\": \"ann\", \"tags\": {\"c\": \"3\", \"a\": \"1\", \"b\": \"2\"}}]}");
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=ListUserTags", "UserName=ann",
                         "MaxItems=1", NULL);
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=ListUserTags", "UserName=ann",
                         "MaxItems=+1", marker_of(&r, "ListUserTagsResult/Marker"), NULL);
    want_str("the second of three", iam_fixture_text(&r, "ListUserTagsResult/Tags/member/Key"),
             STR("b"));
    want_str("is not the last", iam_fixture_text(&r, "ListUserTagsResult/IsTruncated"),
             STR("true"));
    iam_fixture_free(f);
}
END_TEST

/* A user that was deleted and made again is another one, which the trust policy does not know. */
START_TEST(a_deleted_user_is_shown_as_its_id)
{
    struct iam_fixture *f = iam_fixture_new(
        "{\"users\": [{\"name\": \"ann\", \"id\": \"AIDARZPUZDIKBBBBBBBBB\"}],"
        " \"roles\": [{\"name\": \"r\", \"trust_policy\": {\"Version\": \"2012-10-17\","
        " \"Statement\": {\"Effect\": \"Allow\", \"Principal\": {\"AWS\":"
        " \"arn:aws:iam::123456789012:user/ann\"}, \"Action\": \"sts:AssumeRole\"}}}]}");
    struct iam_fixture_reply r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root,
                                                  "Action=DeleteUser", "UserName=ann", NULL);
    iam_fixture_want(&r, "deleted", 200, "", NULL);
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=CreateUser", "UserName=ann",
                         NULL);
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=GetRole", "RoleName=r", NULL);
    struct str document = iam_fixture_text(&r, "GetRoleResult/Role/AssumeRolePolicyDocument");
    ck_assert_msg(str_contains(document, STR("AIDARZPUZDIKBBBBBBBBB")), "%.*s", STR_ARG(document));
    iam_fixture_free(f);
}
END_TEST

Suite *user_suite(void);

Suite *user_suite(void)
{
    Suite *s = suite_create("user");
    TCase *t = tcase_create("user");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, answers_to_the_letter);
    tcase_add_test(t, a_user_who_asks_for_itself);
    tcase_add_loop_test(t, refuses, 0, sizeof refusals / sizeof refusals[0]);
    tcase_add_test(t, a_session_has_no_user);
    tcase_add_test(t, users_come_in_pages);
    tcase_add_test(t, an_account_has_5000_users);
    tcase_add_test(t, tags_come_in_pages);
    tcase_add_test(t, a_deleted_user_is_shown_as_its_id);
    suite_add_tcase(s, t);
    return s;
}
