#include "tests/fakests/actions/reply_text.h"
#include "tests/support/runner.h"

/* The policy simulator over the IAM API. */

#define TRUST                                                                                 \
    "\"trust_policy\": {\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\"," \
    " \"Principal\": {\"AWS\": \"arn:aws:iam::123456789012:root\"},"                          \
    " \"Action\": \"sts:AssumeRole\"}]}"
#define DOCUMENT(statements) "{\"Version\":\"2012-10-17\",\"Statement\":[" statements "]}"
#define STATEMENT(effect, action, resource) \
    "{\"Effect\":\"" effect "\",\"Action\":\"" action "\",\"Resource\":\"" resource "\"}"
#define ALLOW(action, resource) DOCUMENT(STATEMENT("Allow", action, resource))
#define DENY(action, resource)  DOCUMENT(STATEMENT("Deny", action, resource))
#define GRANT(principal, action, resource)                               \
    DOCUMENT("{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" principal \
             "\"},\"Action\":\"" action "\",\"Resource\":\"" resource "\"}")

static const char config[] =
    "{\"roles\": ["
    "  {\"name\": \"deploy\", \"path\": \"/ci/\", " TRUST ", \"policies\": {\"push\": " ALLOW(
        "s3:PutObject",
        "arn:aws:s3:::b/${aws:PrincipalTag/team}/*") "},"
                                                     "   \"attached_policies\": "
                                                     "[\"arn:aws:iam::123456789012:policy/read\","
                                                     "                           "
                                                     "\"arn:aws:iam::aws:policy/"
                                                     "NobodyHasThisOne\"]},"
                                                     "  {\"name\": \"limited\", " TRUST
                                                     ", \"policies\": {\"all\": " ALLOW(
                                                         "*",
                                                         "*") "},"
                                                              "   \"permissions_boundary\": "
                                                              "\"arn:aws:iam::123456789012:policy/"
                                                              "read\"},"
                                                              "  {\"name\": \"bare\", " TRUST "}],"
                                                              " \"managed_policies\": [{\"name\": "
                                                              "\"read\", \"policy\": " ALLOW(
                                                                  "s3:Get*",
                                                                  "*") "}],"
                                                                       " \"users\": [{\"name\": "
                                                                       "\"mateo\", \"policies\": "
                                                                       "{\"Home\": " ALLOW(
                                                                           "s3:*", "arn:aws:s3:::"
                                                                                   "home/"
                                                                                   "${aws:username}"
                                                                                   "/*") "}}, "
                                                                                         "{\"name\""
                                                                                         ": "
                                                                                         "\"nobody"
                                                                                         "\"}],"
                                                                                         " \"creden"
                                                                                         "tials\": "
                                                                                         "[{"
                                                                                         "\"access_"
                                                                                         "key_id\":"
                                                                                         " \"test\""
                                                                                         ", "
                                                                                         "\"secret_"
                                                                                         "access_"
                                                                                         "key\": "
                                                                                         "\"test\"}"
                                                                                         ","
                                                                                         "  "
                                                                                         "{\"access"
                                                                                         "_key_"
                                                                                         "id\": "
                                                                                         "\"AKIANOB"
                                                                                         "ODY\", "
                                                                                         "\"secret_"
                                                                                         "access_"
                                                                                         "key\": "
                                                                                         "\"n\", "
                                                                                         "\"user\":"
                                                                                         " \"nobody"
                                                                                         "\"}]}";

static const struct iam_fixture_key nobody = { STR_INIT("AKIANOBODY"), STR_INIT("n"), { NULL, 0 } };

#define ROLE(name)  "PolicySourceArn=arn:aws:iam::123456789012:role/" name
#define USER(name)  "PolicySourceArn=arn:aws:iam::123456789012:user/" name
#define POLICY      "PolicyInputList.member.1="
#define BOUNDARY    "PermissionsBoundaryPolicyInputList.member.1="
#define ACTION      "ActionNames.member.1="
#define RESOURCE    "ResourceArns.member.1="
#define CUSTOM(...) P("Action=SimulateCustomPolicy", __VA_ARGS__)
#define MATEO       "arn:aws:iam::123456789012:user/mateo"
#define ENTRY(n, name, type, value)                         \
    "ContextEntries.member." n ".ContextKeyName=" name,     \
        "ContextEntries.member." n ".ContextKeyType=" type, \
        "ContextEntries.member." n ".ContextKeyValues.member.1=" value

static struct iam_fixture_reply send(struct iam_fixture *f, const char *const *parameters)
{
    return iam_fixture_send(f, SERVICE_IAM, &iam_fixture_root, parameters);
}

/* ---- to the letter ---- */

#define POSITION(name, column, line)                   \
    name ">\n"                                         \
         "              <Column>" column "</Column>\n" \
         "              <Line>" line "</Line>\n"       \
         "            </" name ">\n"

/* "Same-Account Simulation" of the API reference, its names changed. */
static const char named_body[] = REPLY_RESULT(
    "SimulatePrincipalPolicy",
    "    <IsTruncated>false</IsTruncated>\n"
    "    <EvaluationResults>\n"
    "      <member>\n"
    "        <EvalDecisionDetails/>\n"
    "        <PermissionsBoundaryDecisionDetail>\n"
    "          <AllowedByPermissionsBoundary>true</AllowedByPermissionsBoundary>\n"
    "        </PermissionsBoundaryDecisionDetail>\n"
    "        <MatchedStatements>\n"
    "          <member>\n"
    "            <SourcePolicyId>role_limited_all</SourcePolicyId>\n"
    "            <" POSITION(
        "EndPosition", "84",
        "1") "            <SourcePolicyType>IAM Policy</SourcePolicyType>\n"
             "            <" POSITION(
                 "StartPosition", "38",
                 "1") "          </member>\n"
                      "        </MatchedStatements>\n"
                      "        <MissingContextValues/>\n"
                      "        "
                      "<EvalResourceName>arn:aws:iam::123456789012:role/x</EvalResourceName>\n"
                      "        <EvalDecision>allowed</EvalDecision>\n"
                      "        <EvalActionName>iam:GetRole</EvalActionName>\n"
                      "        <ResourceSpecificResults>\n"
                      "          <member>\n"
                      "            <PermissionsBoundaryDecisionDetail>\n"
                      "              "
                      "<AllowedByPermissionsBoundary>true</AllowedByPermissionsBoundary>\n"
                      "            </PermissionsBoundaryDecisionDetail>\n"
                      "            <MatchedStatements>\n"
                      "              <member>\n"
                      "                <SourcePolicyId>role_limited_all</SourcePolicyId>\n"
                      "                <EndPosition>\n"
                      "                  <Column>84</Column>\n"
                      "                  <Line>1</Line>\n"
                      "                </EndPosition>\n"
                      "                <SourcePolicyType>IAM Policy</SourcePolicyType>\n"
                      "                <StartPosition>\n"
                      "                  <Column>38</Column>\n"
                      "                  <Line>1</Line>\n"
                      "                </StartPosition>\n"
                      "              </member>\n"
                      "            </MatchedStatements>\n"
                      "            <EvalResourceDecision>allowed</EvalResourceDecision>\n"
                      "            <MissingContextValues/>\n"
                      "            "
                      "<EvalResourceName>arn:aws:iam::123456789012:role/x</EvalResourceName>\n"
                      "          </member>\n"
                      "        </ResourceSpecificResults>\n"
                      "      </member>\n"
                      "    </EvaluationResults>\n");

/* Without resources there are no details, and what is missing is told at once. */
static const char unnamed_body[] = REPLY_RESULT(
    "SimulateCustomPolicy", "    <IsTruncated>false</IsTruncated>\n"
                            "    <EvaluationResults>\n"
                            "      <member>\n"
                            "        <MatchedStatements/>\n"
                            "        <MissingContextValues>\n"
                            "          <member>aws:username</member>\n"
                            "          <member>aws:CurrentTime</member>\n"
                            "        </MissingContextValues>\n"
                            "        <EvalResourceName>*</EvalResourceName>\n"
                            "        <EvalDecision>implicitDeny</EvalDecision>\n"
                            "        <EvalActionName>dynamodb:GetItem</EvalActionName>\n"
                            "      </member>\n"
                            "    </EvaluationResults>\n");

#define BY_TIME                                                                                  \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"dynamodb:*\"," \
    "\"Resource\":\"arn:aws:dynamodb:us-west-2:123456789012:table/${aws:username}\","            \
    "\"Condition\":{\"DateGreaterThan\":{\"aws:CurrentTime\":\"2015-08-16T12:00:00Z\"}}}}"

static const char keys_body[] =
    REPLY_RESULT("GetContextKeysForCustomPolicy", "    <ContextKeyNames>\n"
                                                  "      <member>aws:username</member>\n"
                                                  "      <member>aws:CurrentTime</member>\n"
                                                  "    </ContextKeyNames>\n");
static const char principal_keys_body[] = REPLY_RESULT(
    "GetContextKeysForPrincipalPolicy", "    <ContextKeyNames>\n"
                                        "      <member>aws:PrincipalTag/team</member>\n"
                                        "      <member>aws:username</member>\n"
                                        "      <member>aws:CurrentTime</member>\n"
                                        "    </ContextKeyNames>\n");

static const struct body_row {
    const char *what;
    const char *const *parameters;
    const char *body;
} bodies[] = {
    { "a role's policies on a named resource",
      P("Action=SimulatePrincipalPolicy", ROLE("limited"), ACTION "iam:GetRole",
        RESOURCE "arn:aws:iam::123456789012:role/x", BOUNDARY ALLOW("iam:*", "*")),
      named_body },
    { "a policy without resources", CUSTOM(POLICY BY_TIME, ACTION "dynamodb:GetItem"),
      unnamed_body },
    { "a star is no resource", CUSTOM(POLICY BY_TIME, ACTION "dynamodb:GetItem", RESOURCE "*"),
      unnamed_body },
    { "the keys of a policy (the AWS CLI's example)",
      P("Action=GetContextKeysForCustomPolicy", POLICY BY_TIME), keys_body },
    { "the keys of a role's policies and another",
      P("Action=GetContextKeysForPrincipalPolicy", ROLE("ci/deploy"), POLICY BY_TIME),
      principal_keys_body },
    { "no keys at all", P("Action=GetContextKeysForPrincipalPolicy", ROLE("limited")),
      REPLY_RESULT("GetContextKeysForPrincipalPolicy", "    <ContextKeyNames/>\n") },
};

START_TEST(replies_are_aws_s_to_the_letter)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = send(f, bodies[_i].parameters);
    iam_fixture_want_body(&r, bodies[_i].what, bodies[_i].body);
    iam_fixture_free(f);
}
END_TEST

/* The Content-Length of a live answer (March 2020); its columns have as many digits as ours. */
START_TEST(a_reply_has_the_1915_bytes_of_a_live_one)
{
    struct iam_fixture *f = iam_fixture_new(NULL);
    struct iam_fixture_reply r = send(
        f, CUSTOM(POLICY "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", "
                         "\"Action\": \"s3:GetObject\", \"Resource\": "
                         "\"arn:aws:s3:::smoketurner-test-iam-bucket\"}]}",
                  ACTION "s3:GetObject", RESOURCE "arn:aws:s3:::smoketurner-test-iam-bucket"));
    iam_fixture_want(&r, "a bucket", 200, "", NULL);
    ck_assert_uint_eq(r.body.n, 1915);
    iam_fixture_free(f);
}
END_TEST

/* ---- where statements stand ---- */

#define MATCH "SimulateCustomPolicyResult/EvaluationResults/member/MatchedStatements/member/"

/* Asked for s3:GetObject without a resource; the first statement that matches is told. */
static const struct place_row {
    const char *what, *policy, *start, *end; /* "line:column" */
} places[] = {
    { "a statement alone begins behind its brace (the AWS CLI's example)",
      "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"dynamodb:*\","
      "\"Resource\":\"*\",\"Condition\":{\"DateGreaterThan\":"
      "{\"aws:CurrentTime\":\"2018-08-16T12:00:00Z\"}}}}",
      "1:38", "1:167" },
    { "so it does on lines of its own (the API reference's)",
      "{\n  \"Version\":\"2012-10-17\",\n  \"Statement\":{\n    \"Effect\":\"Allow\",\n"
      "    \"Action\":\"dynamodb:CreateBackup\",\n    \"Resource\":\"*\"\n  }\n}",
      "3:16", "7:4" },
    { "the first of a list begins behind the bracket (the API reference's AdminUser)",
      ALLOW("*", "*"), "1:38", "1:84" },
    { "wherever its brace stands (the AWS CLI's Grant-Access-To-CodeCommit-ListRepo)",
      "{\n    \"Version\": \"2012-10-17\",\n    \"Statement\": [\n        {\n"
      "            \"Sid\": \"a\",\n            \"Effect\": \"Allow\",\n"
      "            \"Action\": \"dynamodb:*\",\n            \"Resource\": \"*\"\n        }\n"
      "    ]\n}",
      "3:19", "9:10" },
    { "another begins behind the brace of the one before it",
      DOCUMENT(STATEMENT("Allow", "a:b", "*") " ,\n " STATEMENT("Allow", "*", "*")), "1:86",
      "2:48" },
    { "a bracket in a text is none",
      "{\"Id\":\"\\\"Statement\\\":[{\",\"Statement\":[" STATEMENT("Allow", "*", "*") "]}", "1:39",
      "1:85" },
    { "a column is a character",
      "{\"Id\":\"\xC3\xA9\",\"Statement\":" STATEMENT("Allow", "*", "*") "}", "1:24", "1:69" },
};

static void want_place(const struct iam_fixture_reply *r, const char *what, const char *position,
                       const char *wanted)
{
    struct arena *a = r->fixture->arena;
    struct str line = iam_fixture_text(r, arena_printf(a, MATCH "%s/Line", position).p);
    struct str column = iam_fixture_text(r, arena_printf(a, MATCH "%s/Column", position).p);
    want_str(what, arena_join(a, line, STR(":"), column), str_of(wanted));
}

START_TEST(statements_stand_where_aws_counts)
{
    const struct place_row *row = &places[_i];
    struct iam_fixture *f = iam_fixture_new(NULL);
    const char *policy = arena_printf(f->arena, POLICY "%s", row->policy).p;
    struct iam_fixture_reply r =
        send(f, CUSTOM(policy, ACTION "dynamodb:CreateBackup",
                       ENTRY("1", "aws:CurrentTime", "date", "2019-04-25T11:00:00Z")));
    iam_fixture_want(&r, row->what, 200, "", NULL);
    want_place(&r, row->what, "StartPosition", row->start);
    want_place(&r, row->what, "EndPosition", row->end);
    iam_fixture_free(f);
}
END_TEST

/* ---- what is told: every leaf of the answer, but for positions ---- */

static void put_leaves(struct text *t, const struct xml_node *node, const char *const *names)
{
    for (const struct xml_node *n = node->first_child; n; n = n->next) {
        if (n->first_child) {
            put_leaves(t, n, names);
            continue;
        }
        for (size_t i = 0; names[i]; i++)
            if (str_eq(n->name, str_of(names[i])))
                text_printf(t, "%s%.*s", t->n ? " " : "", STR_ARG(n->text));
    }
}

static struct str leaves(const struct iam_fixture_reply *r, const char *const *names)
{
    struct text t = text_new(r->fixture->arena, 64 * 1024);
    put_leaves(&t, r->xml, names);
    return text_str(&t);
}

static const char *const decided[] = { "EvalDecision", "EvalResourceDecision", NULL };
static const char *const matched[] = { "SourcePolicyId", NULL };

#define BUCKET "arn:aws:s3:::b/x/1"
#define BY_KEY(operator, key, value)                                                          \
    DOCUMENT("{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"" \
             operator"\":{\"" key "\":" value "}}}")

static const struct decision_row {
    const char *what;
    const char *const *parameters;
    const char *decisions; /* of the action, and of each resource */
    const char *policies;  /* of the statements matched, in their order */
} rows[] = {
    { "what a statement allows is allowed",
      CUSTOM(POLICY ALLOW("s3:*", "*"), ACTION "s3:GetObject"), "allowed", "PolicyInputList.1" },
    { "what none allows is denied",
      CUSTOM(POLICY ALLOW("s3:*", "arn:aws:s3:::b"), ACTION "s3:GetObject"), "implicitDeny", "" },
    { "all that allow are told",
      CUSTOM(POLICY ALLOW("s3:*", "*"), "PolicyInputList.member.2=" ALLOW("*", "*"),
             ACTION "s3:GetObject"),
      "allowed", "PolicyInputList.1 PolicyInputList.2" },
    { "a deny wins, and alone is told",
      CUSTOM(POLICY ALLOW("s3:*", "*"), "PolicyInputList.member.2=" DENY("s3:Get*", "*"),
             ACTION "s3:GetObject"),
      "explicitDeny", "PolicyInputList.2" },
    { "each action has a result",
      CUSTOM(POLICY ALLOW("s3:Get*", "*"), ACTION "s3:GetObject",
             "ActionNames.member.2=s3:PutObject", "ActionNames.member.3=S3:getobject"),
      "allowed implicitDeny allowed", "PolicyInputList.1 PolicyInputList.1" },
    { "a resource has a result of its own, which the action's repeats",
      CUSTOM(POLICY ALLOW("s3:*", "*"), ACTION "s3:GetObject", RESOURCE BUCKET), "allowed allowed",
      "PolicyInputList.1 PolicyInputList.1" },
    { "of two resources both have to be allowed; the statements are told with them alone",
      CUSTOM(POLICY ALLOW("s3:*", BUCKET), ACTION "s3:GetObject", RESOURCE BUCKET,
             "ResourceArns.member.2=arn:aws:s3:::c"),
      "implicitDeny allowed implicitDeny", "PolicyInputList.1" },
    { "whichever comes first",
      CUSTOM(POLICY ALLOW("s3:*", BUCKET), ACTION "s3:GetObject", RESOURCE "arn:aws:s3:::c",
             "ResourceArns.member.2=" BUCKET),
      "implicitDeny implicitDeny allowed", "PolicyInputList.1" },
    { "of two resources a deny is told before what is not allowed",
      CUSTOM(POLICY DENY("s3:*", BUCKET), ACTION "s3:GetObject", RESOURCE "arn:aws:s3:::c",
             "ResourceArns.member.2=" BUCKET),
      "explicitDeny implicitDeny explicitDeny", "PolicyInputList.1" },
    { "a boundary limits",
      CUSTOM(POLICY ALLOW("*", "*"), BOUNDARY ALLOW("s3:*", "*"), ACTION "iam:GetRole"),
      "implicitDeny", "" },
    { "a boundary alone allows nothing",
      CUSTOM(POLICY ALLOW("s3:*", "*"), BOUNDARY ALLOW("*", "*"), ACTION "iam:GetRole"),
      "implicitDeny", "" },
    { "a boundary's deny is told",
      CUSTOM(POLICY ALLOW("*", "*"), BOUNDARY DENY("s3:*", "*"), ACTION "s3:GetObject"),
      "explicitDeny", "PermissionsBoundaryPolicyInputList.1" },
    { "a value of the context is put in",
      CUSTOM(POLICY BY_KEY("StringEquals", "aws:PrincipalTag/team", "\"a\""), ACTION "s3:GetObject",
             ENTRY("1", "AWS:principaltag/team", "string", "a")),
      "allowed", "PolicyInputList.1" },
    { "a list is a list, be it of one",
      CUSTOM(POLICY BY_KEY("StringEquals", "aws:TagKeys", "\"a\""), ACTION "s3:GetObject",
             ENTRY("1", "aws:TagKeys", "stringList", "a")),
      "implicitDeny", "" },
    { "and answers to a set operator",
      CUSTOM(POLICY BY_KEY("ForAnyValue:StringEquals", "aws:TagKeys", "\"b\""),
             ACTION "s3:GetObject", ENTRY("1", "aws:TagKeys", "stringList", "a"),
             "ContextEntries.member.1.ContextKeyValues.member.2=b"),
      "allowed", "PolicyInputList.1" },
    { "a list without values is there",
      CUSTOM(POLICY BY_KEY("Null", "aws:TagKeys", "\"false\""), ACTION "s3:GetObject",
             "ContextEntries.member.1.ContextKeyName=aws:TagKeys",
             "ContextEntries.member.1.ContextKeyType=stringList"),
      "allowed", "PolicyInputList.1" },
    { "a role's inline and attached policies count",
      P("Action=SimulatePrincipalPolicy", ROLE("ci/deploy"), ACTION "s3:PutObject",
        "ActionNames.member.2=s3:GetObject", RESOURCE BUCKET,
        ENTRY("1", "aws:PrincipalTag/team", "string", "x")),
      "allowed allowed allowed allowed", "role_deploy_push role_deploy_push read read" },
    { "a role's own tags are not put in",
      P("Action=SimulatePrincipalPolicy", ROLE("ci/deploy"), ACTION "s3:PutObject",
        RESOURCE BUCKET),
      "implicitDeny implicitDeny", "" },
    { "policies given count beside the role's",
      P("Action=SimulatePrincipalPolicy", ROLE("bare"), ACTION "s3:PutObject",
        POLICY ALLOW("s3:*", "*")),
      "allowed", "PolicyInputList.1" },
    { "a role's boundary counts",
      P("Action=SimulatePrincipalPolicy", ROLE("limited"), ACTION "s3:PutObject",
        "ActionNames.member.2=s3:GetObject"),
      "implicitDeny allowed", "role_limited_all" },
    { "one that is given takes its place",
      P("Action=SimulatePrincipalPolicy", ROLE("limited"), ACTION "s3:PutObject",
        "ActionNames.member.2=s3:GetObject", BOUNDARY ALLOW("s3:Put*", "*")),
      "allowed implicitDeny", "role_limited_all" },
    { "a user's name is put in",
      P("Action=SimulatePrincipalPolicy", USER("mateo"), ACTION "s3:GetObject",
        RESOURCE "arn:aws:s3:::home/mateo/x"),
      "allowed allowed", "user_mateo_Home user_mateo_Home" },
    { "the caller's is, where another calls",
      P("Action=SimulatePrincipalPolicy", USER("mateo"),
        "CallerArn=arn:aws:iam::123456789012:user/bob", ACTION "s3:GetObject",
        RESOURCE "arn:aws:s3:::home/bob/x"),
      "allowed allowed", "user_mateo_Home user_mateo_Home" },
    { "the context's is, where it is given",
      P("Action=SimulatePrincipalPolicy", USER("mateo"), ACTION "s3:GetObject",
        RESOURCE "arn:aws:s3:::home/ann/x", ENTRY("1", "aws:username", "string", "ann")),
      "allowed allowed", "user_mateo_Home user_mateo_Home" },
    { "the path of a source is not looked at",
      P("Action=SimulatePrincipalPolicy", ROLE("deploy"), ACTION "s3:GetObject"), "allowed",
      "read" },
    { "a resource policy grants its caller what no other policy does (the API reference's)",
      CUSTOM("CallerArn=" MATEO, POLICY ALLOW("iam:*", "*"), BOUNDARY ALLOW("iam:*", "*"),
             ACTION "s3:PutObject", RESOURCE "arn:aws:s3:::production/Test",
             "ResourceOwner=arn:aws:iam::123456789012:root",
             "ResourcePolicy=" GRANT(MATEO, "s3:Put*", "arn:aws:s3:::production/*")),
      "allowed allowed", "ResourcePolicy ResourcePolicy" },
    { "one that grants the account does not",
      CUSTOM("CallerArn=" MATEO, POLICY ALLOW("iam:*", "*"), ACTION "s3:PutObject",
             RESOURCE "arn:aws:s3:::production/Test",
             "ResourcePolicy=" GRANT("123456789012", "s3:Put*", "*")),
      "implicitDeny implicitDeny", "" },
    { "across accounts both have to allow; what matched is told (the API reference's)",
      P("Action=SimulatePrincipalPolicy", USER("mateo"), ACTION "s3:PutObject",
        RESOURCE "arn:aws:s3:::mary/Test", "ResourceOwner=arn:aws:iam::210987654321:root",
        BOUNDARY ALLOW("iam:*", "*"),
        "ResourcePolicy=" GRANT(MATEO, "s3:Put*", "arn:aws:s3:::mary/*")),
      "implicitDeny implicitDeny", "ResourcePolicy" },
    { "across accounts both may allow",
      P("Action=SimulatePrincipalPolicy", USER("mateo"), ACTION "s3:PutObject",
        RESOURCE "arn:aws:s3:::home/mateo/x", "ResourceOwner=arn:aws:iam::210987654321:root",
        "ResourcePolicy=" GRANT(MATEO, "s3:Put*", "*")),
      "allowed allowed", "user_mateo_Home ResourcePolicy user_mateo_Home ResourcePolicy" },
    { "an ARN's own account is its owner's",
      CUSTOM("CallerArn=" MATEO, POLICY ALLOW("iam:*", "*"), ACTION "sqs:SendMessage",
             RESOURCE "arn:aws:sqs:us-east-1:210987654321:q",
             "ResourceOwner=arn:aws:iam::123456789012:root",
             "ResourcePolicy=" GRANT(MATEO, "sqs:*", "*")),
      "implicitDeny implicitDeny", "ResourcePolicy" },
    { "a trust policy is not heeded (aws-cli#10314)",
      P("Action=SimulatePrincipalPolicy", USER("mateo"), POLICY ALLOW("sts:*", "*"),
        ACTION "sts:AssumeRole", RESOURCE "arn:aws:iam::123456789012:role/bare",
        "ResourcePolicy=" DOCUMENT("{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":\"" MATEO "\"},"
                                   "\"Action\":\"sts:AssumeRole\"}")),
      "allowed allowed", "PolicyInputList.1 PolicyInputList.1" },
    { "what the organization lets through is allowed",
      CUSTOM(POLICY ALLOW("s3:*", "*"), ACTION "s3:GetObject",
             "OrderedOrganizationPolicyInputList.member.1.ServiceControlPolicyInputList.member."
             "1=" ALLOW("*", "*")),
      "allowed", "PolicyInputList.1" },
    { "every level of the organization has to, and the rest is not told then",
      CUSTOM(POLICY ALLOW("s3:*", "*"), ACTION "s3:GetObject", RESOURCE BUCKET,
             "OrderedOrganizationPolicyInputList.member.1.ServiceControlPolicyInputList.member."
             "1=" ALLOW("*", "*"),
             "OrderedOrganizationPolicyInputList.member.2.ServiceControlPolicyInputList.member."
             "1=" ALLOW("sqs:*", "*")),
      "implicitDeny", "" },
    { "one policy of a level is enough",
      CUSTOM(POLICY ALLOW("s3:*", "*"), ACTION "s3:GetObject",
             "OrderedOrganizationPolicyInputList.member.1.ServiceControlPolicyInputList.member."
             "1=" ALLOW("sqs:*", "*"),
             "OrderedOrganizationPolicyInputList.member.1.ServiceControlPolicyInputList.member."
             "2=" ALLOW("s3:*", "*")),
      "allowed", "PolicyInputList.1" },
    { "unless another of it denies",
      CUSTOM(POLICY ALLOW("s3:*", "*"), ACTION "s3:GetObject",
             "OrderedOrganizationPolicyInputList.member.1.ServiceControlPolicyInputList.member."
             "1=" ALLOW("*", "*"),
             "OrderedOrganizationPolicyInputList.member.1.ServiceControlPolicyInputList.member."
             "2=" DENY("s3:*", "*")),
      "implicitDeny", "" },
    { "policies of a kind are left out",
      P("Action=SimulatePrincipalPolicy", ROLE("deploy"), ACTION "s3:GetObject",
        "ActionNames.member.2=s3:PutObject", POLICY ALLOW("s3:*", "*"),
        "PolicyExclusionList.member.1.PolicyType=user-managed",
        "PolicyExclusionList.member.2.PolicyType=rcp"),
      "allowed allowed", "PolicyInputList.1 PolicyInputList.1" },
    { "one of another kind is not",
      P("Action=SimulatePrincipalPolicy", ROLE("deploy"), ACTION "s3:GetObject",
        "PolicyExclusionList.member.1.PolicyType=aws-managed",
        "PolicyExclusionList.member.2.PolicyType=inline"),
      "allowed", "read" },
    { "a policy is left out by its ARN",
      P("Action=SimulatePrincipalPolicy", ROLE("deploy"), ACTION "s3:GetObject",
        "PolicyExclusionList.member.1.PolicyArn=arn:aws:iam::123456789012:policy/r*?"),
      "implicitDeny", "" },
    { "an inline one by its name and whose it is",
      P("Action=SimulatePrincipalPolicy", ROLE("limited"), ACTION "s3:GetObject",
        "PolicyExclusionList.member.1.InlinePolicyIdentifier.PolicyName=all",
        "PolicyExclusionList.member.1.InlinePolicyIdentifier.AttachmentType=role",
        "PolicyExclusionList.member.1.InlinePolicyIdentifier.AttachmentName=lim*"),
      "implicitDeny", "" },
    { "nobody else's",
      P("Action=SimulatePrincipalPolicy", ROLE("limited"), ACTION "s3:GetObject",
        "PolicyExclusionList.member.1.InlinePolicyIdentifier.PolicyName=all",
        "PolicyExclusionList.member.1.InlinePolicyIdentifier.AttachmentType=user",
        "PolicyExclusionList.member.1.InlinePolicyIdentifier.AttachmentName=*"),
      "allowed", "role_limited_all" },
    { "the boundary too may be left out",
      P("Action=SimulatePrincipalPolicy", ROLE("limited"), ACTION "iam:GetRole",
        "PolicyExclusionList.member.1.PolicyType=permission-boundary"),
      "allowed", "role_limited_all" },
    { "the resources of a scenario are all asked for",
      CUSTOM(POLICY ALLOW("ec2:*", "*"), ACTION "ec2:RunInstances",
             "ResourceHandlingOption=EC2-VPC-InstanceStore",
             RESOURCE "arn:aws:ec2:us-east-1:123456789012:instance/*",
             "ResourceArns.member.2=arn:aws:ec2:us-east-1::image/ami-1",
             "ResourceArns.member.3=arn:aws:ec2:us-east-1:123456789012:security-group/*",
             "ResourceArns.member.4=arn:aws:ec2:us-east-1:123456789012:network-interface/*"),
      "allowed allowed allowed allowed allowed",
      "PolicyInputList.1 PolicyInputList.1 PolicyInputList.1 PolicyInputList.1" },
};

START_TEST(policies_decide)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = send(f, rows[_i].parameters);
    iam_fixture_want(&r, rows[_i].what, 200, "", NULL);
    want_str(rows[_i].what, leaves(&r, decided), str_of(rows[_i].decisions));
    want_str(rows[_i].what, leaves(&r, matched), str_of(rows[_i].policies));
    iam_fixture_free(f);
}
END_TEST

/* ---- one thing each ---- */

#define RESULT           "SimulateCustomPolicyResult/EvaluationResults/member/"
#define PRINCIPAL_RESULT "SimulatePrincipalPolicyResult/EvaluationResults/member/"

static const struct text_row {
    const char *what;
    const char *const *parameters;
    const char *const names[4]; /* of the leaves that are told */
    const char *told;
} texts[] = {
    { "missing keys are those of all the statements (boto3#3111), each once",
      CUSTOM(
          POLICY DOCUMENT(
              "{\"Effect\":\"Allow\",\"Action\":\"s3:ListBucket\",\"Resource\":\"*\",\"Condition\":"
              "{\"StringLike\":{\"aws:PrincipalTag/allowed_service\":\"${aws:userid}\","
              "\"AWS:USERNAME\":\"x\"}}}," STATEMENT("Allow", "s3:GetObject",
                                                     "arn:aws:s3:::b/${aws:username}")),
          ACTION "s3:ListBucket"),
      { "member" },
      "aws:PrincipalTag/allowed_service aws:userid AWS:USERNAME" },
    { "with resources they are told beside each",
      CUSTOM(POLICY BY_KEY("StringEquals", "aws:SourceVpc", "\"v\""), ACTION "s3:GetObject",
             RESOURCE BUCKET),
      { "EvalActionName", "member", "EvalResourceName" },
      BUCKET " s3:GetObject aws:SourceVpc " BUCKET },
    { "a key that is given is not missing",
      CUSTOM(POLICY BY_KEY("StringEquals", "aws:SourceVpc", "\"v\""), ACTION "s3:GetObject",
             ENTRY("1", "aws:sourcevpc", "string", "w")),
      { "member" },
      "" },
    { "nor is one that follows from the caller",
      CUSTOM(POLICY ALLOW("s3:*", "arn:aws:s3:::${aws:username}/${aws:PrincipalAccount}"),
             ACTION "s3:GetObject", "CallerArn=" MATEO),
      { "member" },
      "" },
    { "the keys of boundary and resource policy are missing too, those of SCPs are not"
      " (aws-cli#10525)",
      CUSTOM("CallerArn=" MATEO, POLICY ALLOW("s3:*", "*"),
             BOUNDARY BY_KEY("StringEquals", "aws:SourceVpc", "\"v\""),
             "ResourcePolicy=" GRANT(MATEO, "s3:*", "arn:aws:s3:::${aws:SourceVpce}"),
             "OrderedOrganizationPolicyInputList.member.1.ServiceControlPolicyInputList.member."
             "1=" BY_KEY("StringNotEquals", "aws:RequestedRegion", "\"eu-west-1\""),
             ACTION "s3:GetObject", RESOURCE BUCKET),
      { "member" },
      "aws:SourceVpc aws:SourceVpce" },
    { "types of policies are as AWS sends them",
      CUSTOM("CallerArn=" MATEO, POLICY DENY("s3:*", "*"), BOUNDARY DENY("s3:*", "*"),
             "ResourcePolicy=" DOCUMENT("{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"*\","
                                        "\"Resource\":\"*\"}"),
             ACTION "sqs:SendMessage", "ActionNames.member.2=s3:GetObject",
             RESOURCE "arn:aws:sqs:us-east-1:123456789012:q"),
      { "SourcePolicyType" },
      "Resource Policy Resource Policy IAM Policy Permissions Boundary Policy Resource Policy "
      "IAM Policy Permissions Boundary Policy Resource Policy" },
    { "across accounts each kind's decision is told",
      P("Action=SimulatePrincipalPolicy", USER("mateo"), ACTION "s3:PutObject",
        RESOURCE "arn:aws:s3:::mary/Test", "ResourceOwner=arn:aws:iam::210987654321:root",
        BOUNDARY DENY("s3:*", "*"), "ResourcePolicy=" GRANT(MATEO, "s3:Put*", "*")),
      { "key", "value" },
      "IAM Policy implicitDeny Resource Policy allowed Permissions Boundary Policy explicitDeny "
      "IAM Policy implicitDeny Resource Policy allowed Permissions Boundary Policy explicitDeny" },
    { "at home it is not",
      CUSTOM("CallerArn=" MATEO, POLICY ALLOW("iam:*", "*"), ACTION "s3:PutObject",
             RESOURCE "arn:aws:s3:::mary/Test", "ResourcePolicy=" GRANT(MATEO, "s3:Put*", "*")),
      { "key", "value", "EvalDecisionDetails" },
      "" },
    { "a boundary is told of even where it decided nothing",
      CUSTOM(POLICY ALLOW("s3:*", "*"), BOUNDARY ALLOW("sqs:*", "*"), ACTION "iam:GetRole",
             RESOURCE "arn:aws:iam::123456789012:role/x",
             "ResourceArns.member.2=arn:aws:sqs:us-east-1:123456789012:q"),
      { "AllowedByPermissionsBoundary" },
      "false false false" },
    { "an organization is told of when one is given",
      CUSTOM(POLICY ALLOW("s3:*", "*"), ACTION "s3:GetObject",
             "ActionNames.member.2=sqs:ListQueues",
             "OrderedOrganizationPolicyInputList.member.1.ServiceControlPolicyInputList.member."
             "1=" ALLOW("s3:*", "*")),
      { "AllowedByOrganizations" },
      "true false" },
    { "several resources of S3 are called by its template",
      CUSTOM(POLICY ALLOW("s3:*", "*"), ACTION "s3:GetObject", RESOURCE BUCKET,
             "ResourceArns.member.2=arn:aws:s3:::c"),
      { "EvalResourceName" },
      "arn:aws:s3:::${BucketName}/${KeyName} " BUCKET " arn:aws:s3:::c" },
};

START_TEST(answers_tell)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = send(f, texts[_i].parameters);
    iam_fixture_want(&r, texts[_i].what, 200, "", NULL);
    want_str(texts[_i].what, leaves(&r, texts[_i].names), str_of(texts[_i].told));
    iam_fixture_free(f);
}
END_TEST

/* ---- pages ---- */

START_TEST(pages_are_of_actions)
{
    static const char *const names[] = { "EvalActionName", NULL };
    struct iam_fixture *f = iam_fixture_new(NULL);
    struct iam_fixture_reply r =
        send(f, CUSTOM(POLICY ALLOW("s3:*", "*"), ACTION "s3:A", "ActionNames.member.2=s3:B",
                       "ActionNames.member.3=s3:A", "MaxItems=2", RESOURCE "arn:aws:s3:::b"));
    iam_fixture_want(&r, "the first page", 200, "", NULL);
    want_str("the first page", leaves(&r, names), STR("s3:A s3:B"));
    want_str("it is not all", iam_fixture_text(&r, "SimulateCustomPolicyResult/IsTruncated"),
             STR("true"));
    struct str marker = iam_fixture_text(&r, "SimulateCustomPolicyResult/Marker");
    const char *parameter = arena_printf(f->arena, "Marker=%.*s", STR_ARG(marker)).p;
    r = send(f, CUSTOM(POLICY ALLOW("s3:*", "*"), ACTION "s3:A", "ActionNames.member.2=s3:B",
                       "ActionNames.member.3=s3:A", "MaxItems=2", parameter));
    iam_fixture_want(&r, "the second page", 200, "", NULL);
    want_str("the second page", leaves(&r, names), STR("s3:A"));
    want_str("it is the last", iam_fixture_text(&r, "SimulateCustomPolicyResult/IsTruncated"),
             STR("false"));
    iam_fixture_free(f);
}
END_TEST

enum { BIG_BYTES = 100 * 1024, MANY = 700 };

/* A policy of that many bytes: one statement, whose Sid is not looked at. */
static const char *big_policy(struct arena *a)
{
    char *sid = arena_alloc(a, BIG_BYTES + 1);
    memset(sid, 'a', BIG_BYTES);
    return arena_printf(a,
                        POLICY DOCUMENT("{\"Sid\":\"%s\",\"Effect\":\"Allow\",\"Action\":\"s3:*\","
                                        "\"Resource\":\"*\"}"),
                        sid)
        .p;
}

static const char **listed(struct arena *a, const char *list, const char *item, size_t n)
{
    const char **parameters = arena_array(a, const char *, n + 4);
    parameters[0] = "Action=SimulateCustomPolicy";
    parameters[1] = big_policy(a);
    for (size_t i = 0; i < n; i++)
        parameters[i + 3] = arena_printf(a, "%s.member.%zu=%s%zu", list, i + 1, item, i).p;
    return parameters;
}

/* "IAM might return fewer than the MaxItems number of results". */
START_TEST(a_page_ends_where_it_takes_too_long)
{
    struct iam_fixture *f = iam_fixture_new(NULL);
    const char **parameters = listed(f->arena, "ActionNames", "s3:A", MANY);
    parameters[2] = "MaxItems=1000";
    struct iam_fixture_reply r = send(f, parameters);
    iam_fixture_want(&r, "much", 200, "", NULL);
    want_str("much", iam_fixture_text(&r, "SimulateCustomPolicyResult/IsTruncated"), STR("true"));
    iam_fixture_free(f);
}
END_TEST

START_TEST(what_takes_too_long_at_once_is_refused)
{
    struct iam_fixture *f = iam_fixture_new(NULL);
    const char **parameters = listed(f->arena, "ResourceArns", "arn:aws:s3:::b", MANY);
    parameters[2] = ACTION "s3:GetObject";
    struct iam_fixture_reply r = send(f, parameters);
    iam_fixture_want(&r, "too much", 500, "PolicyEvaluation",
                     "The simulation is too large to be evaluated.");
    iam_fixture_free(f);
}
END_TEST

/* ---- refusals ---- */

#define ANY            POLICY ALLOW("s3:*", "*")
#define ASKED          ANY, ACTION "s3:GetObject"
#define NOT_CLEAR(arn) "Invalid Entity Arn: " arn " does not clearly define entity type and name."
#define NULL_AT(name)                                                                             \
    "1 validation error detected: Value at '" name "' failed to satisfy constraint: Member must " \
    "not be null"
#define DENIED(action, resource)                                                            \
    "User: arn:aws:iam::123456789012:user/nobody is not authorized to perform: iam:" action \
    " on resource: " resource " because no identity-based policy allows the iam:" action " action"

static const struct refusal {
    const char *what;
    const struct iam_fixture_key *as; /* NULL: the root */
    const char *const *parameters;
    int status;
    const char *code, *message;
} refusals[] = {
    { "SimulateCustomPolicy needs policies", NULL, CUSTOM(ACTION "s3:GetObject"), 400,
      "ValidationError", NULL_AT("policyInputList") },
    { "and actions", NULL, CUSTOM(ANY), 400, "ValidationError", NULL_AT("actionNames") },
    { "SimulatePrincipalPolicy needs a source", NULL,
      P("Action=SimulatePrincipalPolicy", ACTION "s3:GetObject"), 400, "ValidationError",
      NULL_AT("policySourceArn") },
    { "and actions", NULL, P("Action=SimulatePrincipalPolicy", ROLE("bare")), 400,
      "ValidationError", NULL_AT("actionNames") },
    { "GetContextKeysForCustomPolicy needs policies", NULL,
      P("Action=GetContextKeysForCustomPolicy"), 400, "ValidationError",
      NULL_AT("policyInputList") },
    { "GetContextKeysForPrincipalPolicy needs a source", NULL,
      P("Action=GetContextKeysForPrincipalPolicy"), 400, "ValidationError",
      NULL_AT("policySourceArn") },
    { "an action of two characters", NULL, CUSTOM(ANY, ACTION "a:"), 400, "ValidationError", NULL },
    { "a key of four characters", NULL, CUSTOM(ASKED, ENTRY("1", "abcd", "string", "a")), 400,
      "ValidationError", NULL },
    { "an unknown type", NULL, CUSTOM(ASKED, ENTRY("1", "aws:x", "text", "a")), 400,
      "ValidationError", NULL },
    { "eight levels of an organization", NULL,
      CUSTOM(ASKED, "OrderedOrganizationPolicyInputList.member.8.ServiceControlPolicyInputList."
                    "member.1=" ALLOW("*", "*")),
      400, "ValidationError", NULL },

    { "nobody may simulate a policy", &nobody, CUSTOM(ASKED), 403, "AccessDenied",
      DENIED("SimulateCustomPolicy", "*") },
    { "nobody may simulate a role", &nobody,
      P("Action=SimulatePrincipalPolicy", ROLE("bare"), ACTION "s3:GetObject"), 403, "AccessDenied",
      DENIED("SimulatePrincipalPolicy", "arn:aws:iam::123456789012:role/bare") },
    { "not even one there is not", &nobody,
      P("Action=SimulatePrincipalPolicy", ROLE("gone"), ACTION "s3:GetObject"), 403, "AccessDenied",
      DENIED("SimulatePrincipalPolicy", "arn:aws:iam::123456789012:role/gone") },
    { "nobody may have the keys of a policy", &nobody,
      P("Action=GetContextKeysForCustomPolicy", ANY), 403, "AccessDenied",
      DENIED("GetContextKeysForCustomPolicy", "*") },
    { "nobody may have the keys of a user", &nobody,
      P("Action=GetContextKeysForPrincipalPolicy", USER("nobody")), 403, "AccessDenied",
      DENIED("GetContextKeysForPrincipalPolicy", "arn:aws:iam::123456789012:user/nobody") },

    { "a role there is not", NULL,
      P("Action=SimulatePrincipalPolicy", ROLE("gone"), ACTION "s3:GetObject"), 404, "NoSuchEntity",
      "The role with name gone cannot be found." },
    { "a user there is not", NULL, P("Action=GetContextKeysForPrincipalPolicy", USER("gone")), 404,
      "NoSuchEntity", "The user with name gone cannot be found." },
    { "there are no groups", NULL,
      P("Action=SimulatePrincipalPolicy", "PolicySourceArn=arn:aws:iam::123456789012:group/admins",
        ACTION "s3:GetObject"),
      404, "NoSuchEntity", "The group with name admins cannot be found." },
    { "a role of another account", NULL,
      P("Action=SimulatePrincipalPolicy", "PolicySourceArn=arn:aws:iam::210987654321:role/bare",
        ACTION "s3:GetObject"),
      404, "NoSuchEntity", "The role with name bare cannot be found." },
    { "a session is none of these (newrelic-lambda-cli#96)", NULL,
      P("Action=SimulatePrincipalPolicy",
        "PolicySourceArn=arn:aws:sts::123456789012:assumed-role/bare/s", ACTION "s3:GetObject"),
      400, "InvalidInput", NOT_CLEAR("arn:aws:sts::123456789012:assumed-role/bare/s") },
    { "nor is a policy", NULL,
      P("Action=GetContextKeysForPrincipalPolicy",
        "PolicySourceArn=arn:aws:iam::123456789012:policy/read"),
      400, "InvalidInput", NOT_CLEAR("arn:aws:iam::123456789012:policy/read") },
    { "nor an account", NULL,
      P("Action=SimulatePrincipalPolicy", "PolicySourceArn=arn:aws:iam::123456789012:root",
        ACTION "s3:GetObject"),
      400, "InvalidInput", NOT_CLEAR("arn:aws:iam::123456789012:root") },
    { "nor a role without a name", NULL,
      P("Action=SimulatePrincipalPolicy", "PolicySourceArn=arn:aws:iam::123456789012:role/ci/",
        ACTION "s3:GetObject"),
      400, "InvalidInput", NOT_CLEAR("arn:aws:iam::123456789012:role/ci/") },

    { "a policy that is no JSON", NULL, CUSTOM(POLICY "{", ACTION "s3:GetObject"), 500,
      "PolicyEvaluation", "This policy contains invalid Json" },
    { "a policy that is none", NULL, CUSTOM(POLICY "{\"Statement\": 1}", ACTION "s3:GetObject"),
      500, "PolicyEvaluation", NULL },
    { "a boundary that is none", NULL, CUSTOM(ASKED, BOUNDARY "[]"), 500, "PolicyEvaluation",
      NULL },
    { "a resource policy without Principal", NULL,
      CUSTOM(ASKED, RESOURCE BUCKET, "CallerArn=" MATEO, "ResourcePolicy=" ALLOW("s3:*", "*")), 500,
      "PolicyEvaluation", "Missing required field Principal" },
    { "a trust policy where more is asked than assuming", NULL,
      CUSTOM(ASKED, RESOURCE BUCKET, "CallerArn=" MATEO,
             "ResourcePolicy=" DOCUMENT(
                 "{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\"}")),
      500, "PolicyEvaluation", NULL },
    { "an SCP that is none", NULL,
      CUSTOM(
          ASKED,
          "OrderedOrganizationPolicyInputList.member.1.ServiceControlPolicyInputList.member.1=1"),
      500, "PolicyEvaluation", NULL },
    { "a policy whose keys cannot be told", NULL,
      P("Action=GetContextKeysForCustomPolicy", POLICY "{"), 400, "InvalidInput",
      "This policy contains invalid Json" },
    { "the same beside a user's", NULL,
      P("Action=GetContextKeysForPrincipalPolicy", USER("mateo"), POLICY "{}"), 400, "InvalidInput",
      "Could not parse the policy: Statement is empty!" },

    { "two boundaries", NULL,
      CUSTOM(ASKED, BOUNDARY ALLOW("*", "*"),
             "PermissionsBoundaryPolicyInputList.member.2=" ALLOW("*", "*")),
      400, "InvalidInput", "The list of Permissions Boundary policies cannot exceed 1 items." },
    { "a level without policies", NULL,
      CUSTOM(ASKED, "OrderedOrganizationPolicyInputList.member.1.x=1"), 400, "InvalidInput",
      "Organization policy at index 1 must contain at least one service control policy" },
    { "an exclusion of two things", NULL,
      P("Action=SimulatePrincipalPolicy", ROLE("bare"), ACTION "s3:GetObject",
        "PolicyExclusionList.member.1.PolicyType=inline",
        "PolicyExclusionList.member.1.PolicyArn=arn:aws:iam::aws:policy/x"),
      400, "InvalidInput",
      "A policy identifier must specify exactly one of PolicyType, PolicyArn, or "
      "InlinePolicyIdentifier." },
    { "an exclusion of nothing", NULL,
      P("Action=SimulatePrincipalPolicy", ROLE("bare"), ACTION "s3:GetObject",
        "PolicyExclusionList.member.1.x=1"),
      400, "InvalidInput", NULL },
    { "a wildcard for an account", NULL,
      P("Action=SimulatePrincipalPolicy", ROLE("bare"), ACTION "s3:GetObject",
        "PolicyExclusionList.member.1.PolicyArn=arn:aws:iam::*:policy/xyz"),
      400, "InvalidInput",
      "Invalid policy ARN in the policy exclusion list: arn:aws:iam::*:policy/xyz" },
    { "two stars in an ARN", NULL,
      P("Action=SimulatePrincipalPolicy", ROLE("bare"), ACTION "s3:GetObject",
        "PolicyExclusionList.member.1.PolicyArn=arn:aws:iam::aws:policy/*x*"),
      400, "InvalidInput", NULL },
    { "two stars in a name", NULL,
      P("Action=SimulatePrincipalPolicy", ROLE("bare"), ACTION "s3:GetObject",
        "PolicyExclusionList.member.1.InlinePolicyIdentifier.PolicyName=all",
        "PolicyExclusionList.member.1.InlinePolicyIdentifier.AttachmentType=role",
        "PolicyExclusionList.member.1.InlinePolicyIdentifier.AttachmentName=*a*"),
      400, "InvalidInput", NULL },
    { "an inline policy of nobody", NULL,
      P("Action=SimulatePrincipalPolicy", ROLE("bare"), ACTION "s3:GetObject",
        "PolicyExclusionList.member.1.InlinePolicyIdentifier.PolicyName=all",
        "PolicyExclusionList.member.1.InlinePolicyIdentifier.AttachmentType=role"),
      400, "ValidationError",
      NULL_AT("policyExclusionList.1.member.inlinePolicyIdentifier.attachmentName") },
    { "a text for an inline policy", NULL,
      P("Action=SimulatePrincipalPolicy", ROLE("bare"), ACTION "s3:GetObject",
        "PolicyExclusionList.member.1.InlinePolicyIdentifier=all"),
      400, "MalformedInput", "Unexpected complex element termination" },
    { "an action with a star", NULL, CUSTOM(ANY, ACTION "s3:Get*"), 400, "InvalidInput",
      "Invalid Input Actions: [s3:Get*]" },
    { "an action without a service", NULL, CUSTOM(ANY, ACTION "GetObject"), 400, "InvalidInput",
      "Invalid Input Actions: [GetObject]" },
    { "a resource that is no ARN (amazon-ecs-exec-checker#35)", NULL,
      CUSTOM(ASKED, RESOURCE "14a050d4"), 400, "InvalidInput",
      "ResourceNames are not in a valid ARN format: 14a050d4." },
    { "a star among resources", NULL, CUSTOM(ASKED, RESOURCE BUCKET, "ResourceArns.member.2=*"),
      400, "InvalidInput", "ResourceNames are not in a valid ARN format: *." },
    { "an owner that is no ARN (botocore#1346)", NULL, CUSTOM(ASKED, "ResourceOwner=123456789012"),
      400, "InvalidInput", "'123456789012' is not a valid as a Resource Owner." },
    { "an owner that is no account", NULL,
      CUSTOM(ASKED, "ResourceOwner=arn:aws:iam::123456789012:user/mateo"), 400, "InvalidInput",
      "'arn:aws:iam::123456789012:user/mateo' is not a valid as a Resource Owner." },
    { "a caller that is a session", NULL,
      CUSTOM(ASKED, "CallerArn=arn:aws:sts::123456789012:assumed-role/bare/s"), 400, "InvalidInput",
      NOT_CLEAR("arn:aws:sts::123456789012:assumed-role/bare/s") },
    { "a resource policy and nobody who calls", NULL,
      CUSTOM(ASKED, RESOURCE BUCKET, "ResourcePolicy=" GRANT(MATEO, "s3:*", "*")), 400,
      "InvalidInput", "Invalid caller - Caller cannot be null or empty." },
    { "a resource policy and a role that calls", NULL,
      P("Action=SimulatePrincipalPolicy", ROLE("bare"), ACTION "s3:GetObject", RESOURCE BUCKET,
        "ResourcePolicy=" GRANT(MATEO, "s3:*", "*")),
      400, "InvalidInput", "Invalid caller - Caller must be an IAM user in this context." },
    { "a resource policy and no resource", NULL,
      CUSTOM(ASKED, "CallerArn=" MATEO, "ResourcePolicy=" GRANT(MATEO, "s3:*", "*")), 400,
      "InvalidInput", NOT_CLEAR("*") },
    { "an unknown scenario", NULL, CUSTOM(ASKED, "ResourceHandlingOption=EC2-Classic-EBS"), 400,
      "InvalidInput", "Invalid Resource Handling Option: EC2-Classic-EBS." },
    { "a scenario without its volume", NULL,
      CUSTOM(POLICY ALLOW("ec2:*", "*"), ACTION "ec2:RunInstances",
             "ResourceHandlingOption=EC2-VPC-EBS",
             RESOURCE "arn:aws:ec2:us-east-1:123456789012:instance/*",
             "ResourceArns.member.2=arn:aws:ec2:us-east-1::image/ami-1",
             "ResourceArns.member.3=arn:aws:ec2:us-east-1:123456789012:security-group/*",
             "ResourceArns.member.4=arn:aws:ec2:us-east-1:123456789012:network-interface/*"),
      400, "InvalidInput",
      "Resource Handling Option EC2-VPC-EBS requires a resource of type volume." },
    { "a value that is none of its type", NULL,
      CUSTOM(ASKED, ENTRY("1", "aws:SourceIp", "ip", "192.0.2.1/32")), 400, "InvalidInput",
      "Invalid value for context key aws:SourceIp: \"192.0.2.1/32\" is not of type ip." },
    { "two values of a type that is no list", NULL,
      CUSTOM(ASKED, ENTRY("1", "aws:x", "string", "a"),
             "ContextEntries.member.1.ContextKeyValues.member.2=b"),
      400, "InvalidInput", "Context key aws:x of type string takes one value." },
    { "no value of a type that is no list", NULL,
      CUSTOM(ASKED, "ContextEntries.member.1.ContextKeyName=aws:x",
             "ContextEntries.member.1.ContextKeyType=string"),
      400, "InvalidInput", "Context key aws:x of type string takes one value." },
    { "an entry without a type", NULL,
      CUSTOM(ASKED, "ContextEntries.member.1.ContextKeyName=aws:x",
             "ContextEntries.member.1.ContextKeyValues.member.1=a"),
      400, "InvalidInput",
      "A context entry requires ContextKeyName, ContextKeyValues and ContextKeyType." },
    { "a marker from nowhere", NULL, CUSTOM(ASKED, "Marker=abc"), 400, "ValidationError",
      "Invalid Marker." },
};

START_TEST(simulations_are_refused)
{
    const struct refusal *row = &refusals[_i];
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r =
        iam_fixture_send(f, SERVICE_IAM, row->as ? row->as : &iam_fixture_root, row->parameters);
    iam_fixture_want(&r, row->what, row->status, row->code, row->message);
    iam_fixture_free(f);
}
END_TEST

Suite *simulate_suite(void);

#define ROWS(table) (int)(sizeof(table) / sizeof(table)[0])

Suite *simulate_suite(void)
{
    Suite *s = suite_create("simulate");
    TCase *t = tcase_create("simulate");
    tcase_add_loop_test(t, replies_are_aws_s_to_the_letter, 0, ROWS(bodies));
    tcase_add_test(t, a_reply_has_the_1915_bytes_of_a_live_one);
    tcase_add_loop_test(t, statements_stand_where_aws_counts, 0, ROWS(places));
    tcase_add_loop_test(t, policies_decide, 0, ROWS(rows));
    tcase_add_loop_test(t, answers_tell, 0, ROWS(texts));
    tcase_add_test(t, pages_are_of_actions);
    tcase_add_test(t, a_page_ends_where_it_takes_too_long);
    tcase_add_test(t, what_takes_too_long_at_once_is_refused);
    tcase_add_loop_test(t, simulations_are_refused, 0, ROWS(refusals));
    suite_add_tcase(s, t);
    return s;
}
