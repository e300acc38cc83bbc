#include "tests/fakests/actions/sequence.h"

/*
 * Inline policies, attached policies and permissions boundaries, of roles and of users: every case
 * is told for both, for one code answers both.
 */

#define POLICY(name) "arn:aws:iam::" IAM_FIXTURE_ACCOUNT ":policy" name
#define TRUST                                                                         \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{" \
    "\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}}"
#define ALLOW(action)                                                                      \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"" action \
    "\",\"Resource\":\"*\"}}"
#define ALLOW_ENCODED(action)                                                                \
    "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%" \
    "2C%22Action%22%3A%22" action "%22%2C%22Resource%22%3A%22%2A%22%7D%7D"
#define MANAGED(name) "{\"name\": \"" name "\", \"policy\": " ALLOW("s3:*") "}"

static const char
    config[] =
        "{\"roles\": [{\"name\": \"app\", \"trust_policy\": " TRUST "},"
        "  {\"name\": \"bound\", \"trust_policy\": " TRUST ","
        "   \"permissions_boundary\": \"" POLICY(
            "/p1") "\"},"
                   "  {\"name\": \"linked\", \"path\": \"/aws-service-role/x.amazonaws.com/\","
                   "   \"trust_policy\": " TRUST "}],"
                   " \"managed_policies\": [" MANAGED(
                       "p1") ", {\"name\": \"deep\", \"path\": \"/team/ci/\","
                             "   \"policy\": " ALLOW("s3:*") "}, " MANAGED("p2") ", " MANAGED("p3") ", " MANAGED("p4") ", " MANAGED("p5") ", " MANAGED("p6") ", " MANAGED("p7") ", " MANAGED("p8") ", " MANAGED(
                                 "p9") ", " MANAGED("p10") "],"
                                                           " \"users\": [{\"name\": \"app\"}, "
                                                           "{\"name\": \"bound\","
                                                           "   \"permissions_boundary\": \"" POLICY(
                                                               "/p1") "\"}, {\"name\": \"nobody\"},"
                                                                      "  {\"name\": \"only\", "
                                                                      "\"policies\": {\"p\": "
                                                                      "{\"Version\": "
                                                                      "\"2012-10-17\", "
                                                                      "\"Statement\": ["
                                                                      "    {\"Effect\": \"Allow\", "
                                                                      "\"Action\": "
                                                                      "[\"iam:Attach*\", "
                                                                      "\"iam:Detach*\"],"
                                                                      "     \"Resource\": \"*\", "
                                                                      "\"Condition\": "
                                                                      "{\"ArnEquals\":"
                                                                      "       {\"iam:PolicyARN\": "
                                                                      "\"" POLICY(
                                                                          "/p1") "\"}}},"
                                                                                 "    {\"Effect\": "
                                                                                 "\"Allow\", "
                                                                                 "\"Action\": "
                                                                                 "[\"iam:Put*"
                                                                                 "PermissionsBounda"
                                                                                 "ry\","
                                                                                 "      "
                                                                                 "\"iam:Put*"
                                                                                 "Policy\"], "
                                                                                 "\"Resource\": "
                                                                                 "\"*\", "
                                                                                 "\"Condition\": "
                                                                                 "{\"StringEquals\""
                                                                                 ":"
                                                                                 "       "
                                                                                 "{\"iam:"
                                                                                 "PermissionsBounda"
                                                                                 "ry\": \"" POLICY(
                                                                                     "/p1") "\"}}}]"
                                                                                            "}}}],"
                                                                                            " \"cre"
                                                                                            "dentia"
                                                                                            "ls\": "
                                                                                            "[{"
                                                                                            "\"acce"
                                                                                            "ss_"
                                                                                            "key_"
                                                                                            "id\": "
                                                                                            "\"test"
                                                                                            "\", "
                                                                                            "\"secr"
                                                                                            "et_"
                                                                                            "access"
                                                                                            "_key\""
                                                                                            ": "
                                                                                            "\"test"
                                                                                            "\"},"
                                                                                            "   "
                                                                                            "{\"acc"
                                                                                            "ess_"
                                                                                            "key_"
                                                                                            "id\": "
                                                                                            "\"AKIA"
                                                                                            "NOBODY"
                                                                                            "\", "
                                                                                            "\"secr"
                                                                                            "et_"
                                                                                            "access"
                                                                                            "_key\""
                                                                                            ": "
                                                                                            "\"n\","
                                                                                            " \"use"
                                                                                            "r\": "
                                                                                            "\"nobo"
                                                                                            "dy\"},"
                                                                                            "   "
                                                                                            "{\"acc"
                                                                                            "ess_"
                                                                                            "key_"
                                                                                            "id\": "
                                                                                            "\"AKIA"
                                                                                            "ONLY\""
                                                                                            ", "
                                                                                            "\"secr"
                                                                                            "et_"
                                                                                            "access"
                                                                                            "_key\""
                                                                                            ": "
                                                                                            "\"o\","
                                                                                            " \"use"
                                                                                            "r\": "
                                                                                            "\"only"
                                                                                            "\"}],"
                                                                                            " \"acc"
                                                                                            "ounts"
                                                                                            "\": "
                                                                                            "{\"210"
                                                                                            "987654"
                                                                                            "321\":"
                                                                                            " {"
                                                                                            "\"mana"
                                                                                            "ged_"
                                                                                            "polici"
                                                                                            "es\": "
                                                                                            "[" MANAGED(
                                                                                                "th"
                                                                                                "ei"
                                                                                                "r"
                                                                                                "s") "]}}}";

static const struct iam_fixture_key nobody = { STR_INIT("AKIANOBODY"), STR_INIT("n"), { NULL, 0 } };
static const struct iam_fixture_key only = { STR_INIT("AKIAONLY"), STR_INIT("o"), { NULL, 0 } };

/* ---- life, to the letter, for a role and for a user ---- */

#define DONE(action) REPLY_EMPTY(action), 0, NULL, NULL
#define LIFE(Word, word)                                                                           \
    { "a " word "'s inline policy is put",                                                         \
      P("Action=Put" Word "Policy", Word "Name=app", "PolicyName=zeta",                            \
        "PolicyDocument= " ALLOW("s3:GetObject")),                                                 \
      DONE("Put" Word "Policy") },                                                                 \
        { "another",                                                                               \
          P("Action=Put" Word "Policy", Word "Name=app", "PolicyName=alpha",                       \
            "PolicyDocument=" ALLOW("s3:PutObject")),                                              \
          DONE("Put" Word "Policy") },                                                             \
        { "and one that differs in case",                                                          \
          P("Action=Put" Word "Policy", Word "Name=app", "PolicyName=Alpha",                       \
            "PolicyDocument=" ALLOW("s3:*")),                                                      \
          DONE("Put" Word "Policy") },                                                             \
        { "it is shown as compact JSON, percent-encoded",                                          \
          P("Action=Get" Word "Policy", Word "Name=APP", "PolicyName=zeta"),                       \
          REPLY_RESULT("Get" Word "Policy", "    <" Word "Name>app</" Word "Name>\n"               \
                                            "    <PolicyName>zeta</PolicyName>\n"                  \
                                            "    <PolicyDocument>" ALLOW_ENCODED(                  \
                                                "s3%3AGetObject") "</PolicyDocument>\n"),          \
          0,                                                                                       \
          NULL,                                                                                    \
          NULL },                                                                                  \
        { "a put in its place replaces it",                                                        \
          P("Action=Put" Word "Policy", Word "Name=app", "PolicyName=zeta",                        \
            "PolicyDocument=" ALLOW("ec2:*")),                                                     \
          DONE("Put" Word "Policy") },                                                             \
        { "names are listed in order",                                                             \
          P("Action=List" Word "Policies", Word "Name=app"),                                       \
          REPLY_RESULT("List" Word "Policies", "    <PolicyNames>\n"                               \
                                               "      <member>Alpha</member>\n"                    \
                                               "      <member>alpha</member>\n"                    \
                                               "      <member>zeta</member>\n"                     \
                                               "    </PolicyNames>\n"                              \
                                               "    <IsTruncated>false</IsTruncated>\n"),          \
          0,                                                                                       \
          NULL,                                                                                    \
          NULL },                                                                                  \
        { "one is taken away",                                                                     \
          P("Action=Delete" Word "Policy", Word "Name=app", "PolicyName=alpha"),                   \
          DONE("Delete" Word "Policy") },                                                          \
        { "and is gone",  P("Action=Get" Word "Policy", Word "Name=app", "PolicyName=alpha"),      \
          NULL,           404,                                                                     \
          "NoSuchEntity", "The " word " policy with name alpha cannot be found." },                \
        { "a managed policy is attached",                                                          \
          P("Action=Attach" Word "Policy", Word "Name=app", "PolicyArn=" POLICY("/team/ci/deep")), \
          DONE("Attach" Word "Policy") },                                                          \
        { "one of AWS's whose document is not here, too",                                          \
          P("Action=Attach" Word "Policy", Word "Name=app",                                        \
            "PolicyArn=arn:aws:iam::aws:policy/service-role/AWSLambdaRole"),                       \
          DONE("Attach" Word "Policy") },                                                          \
        { "attaching it again is no fault",                                                        \
          P("Action=Attach" Word "Policy", Word "Name=app", "PolicyArn=" POLICY("/team/ci/deep")), \
          DONE("Attach" Word "Policy") },                                                          \
        { "attached policies are listed once each",                                                \
          P("Action=ListAttached" Word "Policies", Word "Name=app"),                               \
          REPLY_RESULT("ListAttached" Word "Policies",                                             \
                       "    <AttachedPolicies>\n"                                                  \
                       "      <member>\n"                                                          \
                       "        <PolicyName>deep</PolicyName>\n"                                   \
                       "        <PolicyArn>" POLICY(                                               \
                           "/team/ci/deep") "</PolicyArn>\n"                                       \
                                            "      </member>\n"                                    \
                                            "      <member>\n"                                     \
                                            "        <PolicyName>AWSLambdaRole</PolicyName>\n"     \
                                            "        "                                             \
                                            "<PolicyArn>arn:aws:iam::aws:policy/service-role/"     \
                                            "AWSLambdaRole</PolicyArn>\n"                          \
                                            "      </member>\n"                                    \
                                            "    </AttachedPolicies>\n"                            \
                                            "    <IsTruncated>false</IsTruncated>\n"),             \
          0,                                                                                       \
          NULL,                                                                                    \
          NULL },                                                                                  \
        { "those of a path",                                                                       \
          P("Action=ListAttached" Word "Policies", Word "Name=app", "PathPrefix=/nowhere/"),       \
          REPLY_RESULT("ListAttached" Word "Policies", "    <AttachedPolicies/>\n"                 \
                                                       "    <IsTruncated>false</IsTruncated>\n"),  \
          0,                                                                                       \
          NULL,                                                                                    \
          NULL },                                                                                  \
        { "a policy is detached",                                                                  \
          P("Action=Detach" Word "Policy", Word "Name=app", "PolicyArn=" POLICY("/team/ci/deep")), \
          DONE("Detach" Word "Policy") },                                                          \
        { "and not twice",                                                                         \
          P("Action=Detach" Word "Policy", Word "Name=app", "PolicyArn=" POLICY("/team/ci/deep")), \
          NULL,                                                                                    \
          404,                                                                                     \
          "NoSuchEntity",                                                                          \
          "Policy " POLICY("/team/ci/deep") " was not found." },                                   \
        { "a boundary is set",                                                                     \
          P("Action=Put" Word "PermissionsBoundary", Word "Name=app",                              \
            "PermissionsBoundary=" POLICY("/p1")),                                                 \
          DONE("Put" Word "PermissionsBoundary") },                                                \
        { "and taken away", P("Action=Delete" Word "PermissionsBoundary", Word "Name=app"),        \
          DONE("Delete" Word "PermissionsBoundary") },                                             \
    {                                                                                              \
        "which is no fault when there is none",                                                    \
            P("Action=Delete" Word "PermissionsBoundary", Word "Name=app"),                        \
            DONE("Delete" Word "PermissionsBoundary")                                              \
    }

static const struct sequence_step role_life[] = { LIFE("Role", "role") };
static const struct sequence_step user_life[] = { LIFE("User", "user") };

START_TEST(policies_live_as_in_aws)
{
    struct iam_fixture *f = iam_fixture_new(config);
    sequence_run(f, role_life, sizeof role_life / sizeof role_life[0]);
    sequence_run(f, user_life, sizeof user_life / sizeof user_life[0]);
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

#define NO_ENTITY(word) "The " word " with name none cannot be found."
#define PROTECTED                                                                      \
    "Cannot perform the operation on the protected role 'linked' - this role is only " \
    "modifiable by AWS"
#define DENIED(user, action, resource)                                                        \
    "User: arn:aws:iam::123456789012:user/" user " is not authorized to perform: iam:" action \
    " on resource: " resource " because no identity-based policy allows the iam:" action " action"
#define UNKNOWN(Word, word)                                                                        \
    { "Put" Word "Policy of nobody",                                                               \
      P("Action=Put" Word "Policy", Word "Name=none", "PolicyName=p", "PolicyDocument={"),         \
      NULL,                                                                                        \
      404,                                                                                         \
      "NoSuchEntity",                                                                              \
      NO_ENTITY(word) },                                                                           \
        { "Get" Word "Policy of nobody",                                                           \
          P("Action=Get" Word "Policy", Word "Name=none", "PolicyName=p"),                         \
          NULL,                                                                                    \
          404,                                                                                     \
          "NoSuchEntity",                                                                          \
          NO_ENTITY(word) },                                                                       \
        { "List" Word "Policies of nobody",                                                        \
          P("Action=List" Word "Policies", Word "Name=none"),                                      \
          NULL,                                                                                    \
          404,                                                                                     \
          "NoSuchEntity",                                                                          \
          NO_ENTITY(word) },                                                                       \
        { "Delete" Word "Policy of nobody",                                                        \
          P("Action=Delete" Word "Policy", Word "Name=none", "PolicyName=p"),                      \
          NULL,                                                                                    \
          404,                                                                                     \
          "NoSuchEntity",                                                                          \
          NO_ENTITY(word) },                                                                       \
        { "Attach" Word "Policy of nobody",                                                        \
          P("Action=Attach" Word "Policy", Word "Name=none", "PolicyArn=" POLICY("/p1")),          \
          NULL,                                                                                    \
          404,                                                                                     \
          "NoSuchEntity",                                                                          \
          NO_ENTITY(word) },                                                                       \
        { "Detach" Word "Policy of nobody",                                                        \
          P("Action=Detach" Word "Policy", Word "Name=none", "PolicyArn=" POLICY("/p1")),          \
          NULL,                                                                                    \
          404,                                                                                     \
          "NoSuchEntity",                                                                          \
          NO_ENTITY(word) },                                                                       \
        { "ListAttached" Word "Policies of nobody",                                                \
          P("Action=ListAttached" Word "Policies", Word "Name=none"),                              \
          NULL,                                                                                    \
          404,                                                                                     \
          "NoSuchEntity",                                                                          \
          NO_ENTITY(word) },                                                                       \
        { "Put" Word "PermissionsBoundary of nobody",                                              \
          P("Action=Put" Word "PermissionsBoundary", Word "Name=none",                             \
            "PermissionsBoundary=" POLICY("/p1")),                                                 \
          NULL,                                                                                    \
          404,                                                                                     \
          "NoSuchEntity",                                                                          \
          NO_ENTITY(word) },                                                                       \
        { "Delete" Word "PermissionsBoundary of nobody",                                           \
          P("Action=Delete" Word "PermissionsBoundary", Word "Name=none"),                         \
          NULL,                                                                                    \
          404,                                                                                     \
          "NoSuchEntity",                                                                          \
          NO_ENTITY(word) },                                                                       \
        { "Delete" Word "Policy of a policy that is not there",                                    \
          P("Action=Delete" Word "Policy", Word "Name=app", "PolicyName=none"),                    \
          NULL,                                                                                    \
          404,                                                                                     \
          "NoSuchEntity",                                                                          \
          "The " word " policy with name none cannot be found." },                                 \
        { "Put" Word "Policy of no JSON",                                                          \
          P("Action=Put" Word "Policy", Word "Name=app", "PolicyName=p", "PolicyDocument={"),      \
          NULL,                                                                                    \
          400,                                                                                     \
          "MalformedPolicyDocument",                                                               \
          "Syntax errors in policy." },                                                            \
        { "what is no ARN is not attached to a " word,                                             \
          P("Action=Attach" Word "Policy", Word "Name=app", "PolicyArn=longpolicynamebutnoarn"),   \
          NULL,                                                                                    \
          400,                                                                                     \
          "ValidationError",                                                                       \
          "ARN longpolicynamebutnoarn is not valid." },                                            \
        { "another partition's is not attached to a " word,                                        \
          P("Action=Attach" Word "Policy", Word "Name=app",                                        \
            "PolicyArn=arn:aws-cn:iam::aws:policy/AmazonS3FullAccess"),                            \
          NULL,                                                                                    \
          400,                                                                                     \
          "ValidationError",                                                                       \
          "Invalid ARN partition" },                                                               \
        { "what does not exist is not attached to a " word,                                        \
          P("Action=Attach" Word "Policy", Word "Name=app", "PolicyArn=" POLICY("/none")),         \
          NULL,                                                                                    \
          404,                                                                                     \
          "NoSuchEntity",                                                                          \
          "Policy " POLICY("/none") " does not exist or is not attachable." },                     \
        { "a policy under another path is another, for a " word,                                   \
          P("Action=Attach" Word "Policy", Word "Name=app", "PolicyArn=" POLICY("/deep")),         \
          NULL,                                                                                    \
          404,                                                                                     \
          "NoSuchEntity",                                                                          \
          "Policy " POLICY("/deep") " does not exist or is not attachable." },                     \
        { "another account's policy is not attached to a " word,                                   \
          P("Action=Attach" Word "Policy", Word "Name=app",                                        \
            "PolicyArn=arn:aws:iam::210987654321:policy/theirs"),                                  \
          NULL,                                                                                    \
          404,                                                                                     \
          "NoSuchEntity",                                                                          \
          "Policy arn:aws:iam::210987654321:policy/theirs does not exist or is not attachable." }, \
        { "a name that AWS could not give is not attached to a " word,                             \
          P("Action=Attach" Word "Policy", Word "Name=app",                                        \
            "PolicyArn=arn:aws:iam::aws:policy/not a name"),                                       \
          NULL,                                                                                    \
          404,                                                                                     \
          "NoSuchEntity",                                                                          \
          "Policy arn:aws:iam::aws:policy/not a name does not exist or is not attachable." },      \
        { "a policy of service-linked roles is not attached to a " word,                           \
          P("Action=Attach" Word "Policy", Word "Name=app",                                        \
            "PolicyArn=arn:aws:iam::aws:policy/aws-service-role/AutoScalingServiceRolePolicy"),    \
          NULL,                                                                                    \
          400,                                                                                     \
          "PolicyNotAttachable",                                                                   \
          "Cannot attach a Service Role Policy to a Customer Role." },                             \
        { "what is not attached is not detached from a " word,                                     \
          P("Action=Detach" Word "Policy", Word "Name=app",                                        \
            "PolicyArn=arn:aws:iam::aws:policy/Nonexistent"),                                      \
          NULL,                                                                                    \
          404,                                                                                     \
          "NoSuchEntity",                                                                          \
          "Policy arn:aws:iam::aws:policy/Nonexistent was not found." },                           \
        { "an ARN of something else is no boundary of a " word,                                    \
          P("Action=Put" Word "PermissionsBoundary", Word "Name=app",                              \
            "PermissionsBoundary=arn:aws:iam::123456789012:not_a_policy/invalid"),                 \
          NULL,                                                                                    \
          400,                                                                                     \
          "InvalidInput",                                                                          \
          "ARN arn:aws:iam::123456789012:not_a_policy/invalid is not valid." },                    \
        { "a boundary of a " word " that does not exist",                                          \
          P("Action=Put" Word "PermissionsBoundary", Word "Name=app",                              \
            "PermissionsBoundary=" POLICY("/none")),                                               \
          NULL,                                                                                    \
          404,                                                                                     \
          "NoSuchEntity",                                                                          \
          "Scope ARN: " POLICY("/none") " does not exist or is not attachable." },                 \
        { "a policy of service-linked roles is no boundary of a " word,                            \
          P("Action=Put" Word "PermissionsBoundary", Word "Name=app",                              \
            "PermissionsBoundary="                                                                 \
            "arn:aws:iam::aws:policy/aws-service-role/AutoScalingServiceRolePolicy"),              \
          NULL,                                                                                    \
          400,                                                                                     \
          "PolicyNotAttachable",                                                                   \
          NULL },                                                                                  \
        { "a marker from nowhere, of a " word,                                                     \
          P("Action=List" Word "Policies", Word "Name=app", "Marker=x"),                           \
          NULL,                                                                                    \
          400,                                                                                     \
          "ValidationError",                                                                       \
          NULL },                                                                                  \
        { "who may not is told before the document is judged, of a " word,                         \
          P("Action=Put" Word "Policy", Word "Name=app", "PolicyName=p", "PolicyDocument={"),      \
          &nobody,                                                                                 \
          403,                                                                                     \
          "AccessDenied",                                                                          \
          DENIED("nobody", "Put" Word "Policy", word " app") },                                    \
        { "who may not list a " word "'s policies",                                                \
          P("Action=ListAttached" Word "Policies", Word "Name=none"),                              \
          &nobody,                                                                                 \
          403,                                                                                     \
          "AccessDenied",                                                                          \
          DENIED("nobody", "ListAttached" Word "Policies", word " none") },                        \
        { "a condition on iam:PolicyARN keeps others off a " word,                                 \
          P("Action=Attach" Word "Policy", Word "Name=app", "PolicyArn=" POLICY("/p2")),           \
          &only,                                                                                   \
          403,                                                                                     \
          "AccessDenied",                                                                          \
          DENIED("only", "Attach" Word "Policy", word " app") },                                   \
        { "and lets its own onto a " word,                                                         \
          P("Action=Attach" Word "Policy", Word "Name=app", "PolicyArn=" POLICY("/p1")),           \
          &only,                                                                                   \
          200,                                                                                     \
          "",                                                                                      \
          NULL },                                                                                  \
        { "a condition on iam:PermissionsBoundary lets that boundary be set on a " word,           \
          P("Action=Put" Word "PermissionsBoundary", Word "Name=app",                              \
            "PermissionsBoundary=" POLICY("/p1")),                                                 \
          &only,                                                                                   \
          200,                                                                                     \
          "",                                                                                      \
          NULL },                                                                                  \
        { "and no other on a " word,                                                               \
          P("Action=Put" Word "PermissionsBoundary", Word "Name=app",                              \
            "PermissionsBoundary=" POLICY("/p2")),                                                 \
          &only,                                                                                   \
          403,                                                                                     \
          "AccessDenied",                                                                          \
          NULL },                                                                                  \
        { "nor policies put into a " word " without it",                                           \
          P("Action=Put" Word "Policy", Word "Name=app", "PolicyName=p",                           \
            "PolicyDocument=" ALLOW("*")),                                                         \
          &only,                                                                                   \
          403,                                                                                     \
          "AccessDenied",                                                                          \
          NULL },                                                                                  \
    {                                                                                              \
        "but into a " word " that has it",                                                         \
            P("Action=Put" Word "Policy", Word "Name=bound", "PolicyName=p",                       \
              "PolicyDocument=" ALLOW("*")),                                                       \
            &only, 200, "", NULL                                                                   \
    }
#define LINKED(action, ...)                                                                       \
    {                                                                                             \
        action " leaves AWS's own roles alone",                                                   \
            P("Action=" action, "RoleName=linked", __VA_ARGS__), NULL, 400, "UnmodifiableEntity", \
            PROTECTED                                                                             \
    }

static const struct refusal refusals[] = {
    UNKNOWN("Role", "role"),
    UNKNOWN("User", "user"),
    LINKED("PutRolePolicy", "PolicyName=p", "PolicyDocument=" ALLOW("*")),
    LINKED("DeleteRolePolicy", "PolicyName=p"),
    LINKED("AttachRolePolicy", "PolicyArn=" POLICY("/p1")),
    LINKED("DetachRolePolicy", "PolicyArn=" POLICY("/p1")),
    LINKED("PutRolePermissionsBoundary", "PermissionsBoundary=" POLICY("/p1")),
    LINKED("DeleteRolePermissionsBoundary", "Unknown=ignored"),
    { "a name of 129 characters is no policy's",
      P("Action=GetRolePolicy", "RoleName=app",
        "PolicyName="
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
      NULL, 400, "ValidationError",
      "1 validation error detected: Value at 'policyName' failed to satisfy constraint: Member "
      "must "
      "have length less than or equal to 128" },
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

/* ---- quotas ---- */

static const struct {
    const char *attach, *name, *quota;
} sides[] = {
    { "Action=AttachRolePolicy", "RoleName=app", "Cannot exceed quota for PoliciesPerRole: 10" },
    { "Action=AttachUserPolicy", "UserName=app", "Cannot exceed quota for PoliciesPerUser: 10" },
};

START_TEST(ten_policies_are_attached_and_no_eleventh)
{
    struct iam_fixture *f = iam_fixture_new(config);
    for (int i = 1; i <= 10; i++) {
        const char *arn =
            arena_cstr(f->arena, arena_printf(f->arena, "PolicyArn=" POLICY("/p%d"), i));
        struct iam_fixture_reply r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root,
                                                      sides[_i].attach, sides[_i].name, arn, NULL);
        iam_fixture_want(&r, arn, 200, "", NULL);
    }
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, sides[_i].attach, sides[_i].name,
                         "PolicyArn=" POLICY("/team/ci/deep"), NULL);
    iam_fixture_want(&r, "an eleventh", 409, "LimitExceeded", sides[_i].quota);
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, sides[_i].attach, sides[_i].name,
                         "PolicyArn=" POLICY("/p10"), NULL);
    iam_fixture_want(&r, "the tenth again", 200, "", NULL);
    iam_fixture_free(f);
}
END_TEST

/* All inline policies together, without blanks. */
static const struct {
    const char *what, *put, *name;
    size_t first, second; /* characters of two policies */
    int status;
    const char *message;
} sizes[] = {
    { "a role's inline policies have 10,240 characters together", "Action=PutRolePolicy",
      "RoleName=app", 5000, 5240, 200, NULL },
    { "and not one more", "Action=PutRolePolicy", "RoleName=app", 5000, 5241, 409,
      "Maximum policy size of 10240 bytes exceeded for role app" },
    { "a user's have 2,048", "Action=PutUserPolicy", "UserName=app", 1000, 1048, 200, NULL },
    { "and not one more", "Action=PutUserPolicy", "UserName=app", 1000, 1049, 409,
      "Maximum policy size of 2048 bytes exceeded for user app" },
};

/* A policy of n characters, with as many blanks on top that do not count. */
static const char *sized(struct arena *a, size_t n)
{
    static const char head[] = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"";
    static const char tail[] = "\",\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}";
    struct text t = text_new(a, 1024 * 1024);
    text_put(&t, STR("PolicyDocument="));
    for (size_t i = 0; i < n; i++)
        text_putc(&t, ' ');
    text_put(&t, str_of(head));
    for (size_t i = strlen(head) + strlen(tail); i < n; i++)
        text_putc(&t, 's');
    text_put(&t, str_of(tail));
    return arena_cstr(a, text_str(&t));
}

START_TEST(inline_policies_share_a_quota)
{
    struct iam_fixture *f = iam_fixture_new(config);
    const char *one = sized(f->arena, sizes[_i].first), *two = sized(f->arena, sizes[_i].second);
    struct iam_fixture_reply r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, sizes[_i].put,
                                                  sizes[_i].name, "PolicyName=one", one, NULL);
    iam_fixture_want(&r, "the first", 200, "", NULL);
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, sizes[_i].put, sizes[_i].name,
                         "PolicyName=two", two, NULL);
    iam_fixture_want(&r, sizes[_i].what, sizes[_i].status,
                     sizes[_i].status == 200 ? "" : "LimitExceeded", sizes[_i].message);
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, sizes[_i].put, sizes[_i].name,
                         "PolicyName=one", one, NULL);
    iam_fixture_want(&r, "put again, it does not count twice", 200, "", NULL);
    iam_fixture_free(f);
}
END_TEST

START_TEST(names_come_in_pages)
{
    struct iam_fixture *f = iam_fixture_new(config);
    static const char *const names[] = { "PolicyName=b", "PolicyName=a", "PolicyName=c" };
    for (size_t i = 0; i < 3; i++)
        iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=PutRolePolicy", "RoleName=app",
                         names[i], "PolicyDocument=" ALLOW("*"), NULL);
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=ListRolePolicies",
                         "RoleName=app", "MaxItems=2", NULL);
    want_str("the first page", iam_fixture_text(&r, "ListRolePoliciesResult/IsTruncated"),
             STR("true"));
    struct str marker =
        arena_join(f->arena, STR("Marker="), iam_fixture_text(&r, "ListRolePoliciesResult/Marker"));
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=ListRolePolicies",
                         "RoleName=app", arena_cstr(f->arena, marker), NULL);
    want_str("the last", iam_fixture_text(&r, "ListRolePoliciesResult/PolicyNames/member"),
             STR("c"));
    iam_fixture_free(f);
}
END_TEST

#define LOOP(tcase, test, table) \
    tcase_add_loop_test(tcase, test, 0, sizeof(table) / sizeof(table)[0])

Suite *grants_suite(void);

Suite *grants_suite(void)
{
    Suite *s = suite_create("actions/grants");
    TCase *t = tcase_create("grants");
    tcase_add_test(t, policies_live_as_in_aws);
    LOOP(t, refusals_are_awss, refusals);
    LOOP(t, ten_policies_are_attached_and_no_eleventh, sides);
    LOOP(t, inline_policies_share_a_quota, sizes);
    tcase_add_test(t, names_come_in_pages);
    suite_add_tcase(s, t);
    return s;
}
