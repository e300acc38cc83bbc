#include "tests/fakests/actions/reply_text.h"
#include "tests/support/runner.h"

/*
 * OIDC providers over the IAM API: what AWS was observed to answer (aws.md section 7), the limits
 * at and over, and each error of the service model.
 */

#define ARN_OF(url) "arn:aws:iam::" IAM_FIXTURE_ACCOUNT ":oidc-provider/" url
#define MADE        "2026-09-11T12:00:00.000Z"
#define A40         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define B40         "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define LONG_64     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LONG_256    LONG_64 LONG_64 LONG_64 LONG_64

/* A provider that the config gives, another account's, and a user who may do nothing. */
static const char config[] =
    "{\"oidc_providers\": [{\"url\": \"https://ci.example.com/one\", \"client_ids\": [\"a\", "
    "\"b\"],"
    "   \"thumbprints\": [\"" B40 "\"], \"tags\": {\"Team\": \"first\", \"team\": \"second\"},"
    "   \"created\": \"2026-01-02T03:04:05.678Z\"}],"
    " \"users\": [{\"name\": \"nobody\"}, {\"name\": \"maker\", \"policies\": {\"create\": "
    "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Resource\": \"*\","
    " \"Action\": \"iam:CreateOpenIDConnectProvider\"}}}}],"
    " \"credentials\": [{\"access_key_id\": \"test\", \"secret_access_key\": \"test\"},"
    "   {\"access_key_id\": \"AKIANOBODY\", \"secret_access_key\": \"n\", \"user\": \"nobody\"},"
    "   {\"access_key_id\": \"AKIAMAKER\", \"secret_access_key\": \"m\", \"user\": \"maker\"}],"
    " \"accounts\": {\"210987654321\": {"
    "   \"oidc_providers\": [{\"url\": \"https://ci.example.com/theirs\"}]}}}";

static const struct iam_fixture_key nobody = { STR_INIT("AKIANOBODY"), STR_INIT("n"), { NULL, 0 } };
static const struct iam_fixture_key maker = { STR_INIT("AKIAMAKER"), STR_INIT("m"), { NULL, 0 } };

/* ---- what each action answers, to the letter ---- */

struct step {
    const char *what;
    const char *const *parameters;
    const char *body;
};

static const struct step steps[] = {
    { "the final slash is kept, and tags are echoed in the request's order",
      P("Action=CreateOpenIDConnectProvider", "Url=https://new.example.com/path/",
        "ClientIDList.member.1=z", "ClientIDList.member.2=a", "ClientIDList.member.3=z",
        "ThumbprintList.member.1=" A40, "ThumbprintList.member.2=" B40,
        "ThumbprintList.member.3=" A40, "Tags.member.1.Key=key", "Tags.member.1.Value=value",
        "Tags.member.2.Key=Key", "Tags.member.2.Value=Value"),
      REPLY_RESULT("CreateOpenIDConnectProvider",
                   "    <OpenIDConnectProviderArn>" ARN_OF(
                       "new.example.com/path/") "</OpenIDConnectProviderArn>\n"
                                                "    <Tags>\n"
                                                "      <member>\n"
                                                "        <Key>key</Key>\n"
                                                "        <Value>value</Value>\n"
                                                "      </member>\n"
                                                "      <member>\n"
                                                "        <Key>Key</Key>\n"
                                                "        <Value>Value</Value>\n"
                                                "      </member>\n"
                                                "    </Tags>\n") },
    { "client ids once each, thumbprints small and as often as given, tags by code point",
      P("Action=GetOpenIDConnectProvider",
        "OpenIDConnectProviderArn=" ARN_OF("new.example.com/path/")),
      REPLY_RESULT("GetOpenIDConnectProvider",
                   "    <Url>new.example.com/path/</Url>\n"
                   "    <ClientIDList>\n"
                   "      <member>z</member>\n"
                   "      <member>a</member>\n"
                   "    </ClientIDList>\n"
                   "    <ThumbprintList>\n"
                   "      <member>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</member>\n"
                   "      <member>" B40 "</member>\n"
                   "      <member>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</member>\n"
                   "    </ThumbprintList>\n"
                   "    <CreateDate>" MADE "</CreateDate>\n"
                   "    <Tags>\n"
                   "      <member>\n"
                   "        <Key>Key</Key>\n"
                   "        <Value>Value</Value>\n"
                   "      </member>\n"
                   "      <member>\n"
                   "        <Key>key</Key>\n"
                   "        <Value>value</Value>\n"
                   "      </member>\n"
                   "    </Tags>\n") },
    { "port 443 is dropped, and nothing else is needed",
      P("Action=CreateOpenIDConnectProvider", "Url=https://new.example.com:443"),
      REPLY_RESULT("CreateOpenIDConnectProvider",
                   "    <OpenIDConnectProviderArn>" ARN_OF(
                       "new.example.com") "</OpenIDConnectProviderArn>\n") },
    { "what was not given is told as empty lists",
      P("Action=GetOpenIDConnectProvider", "OpenIDConnectProviderArn=" ARN_OF("new.example.com")),
      REPLY_RESULT("GetOpenIDConnectProvider", "    <Url>new.example.com</Url>\n"
                                               "    <ClientIDList/>\n"
                                               "    <ThumbprintList/>\n"
                                               "    <CreateDate>" MADE "</CreateDate>\n"
                                               "    <Tags/>\n") },
    { "a host in capitals is another provider",
      P("Action=CreateOpenIDConnectProvider", "Url=https://NEW.EXAMPLE.COM/MixedCase"),
      REPLY_RESULT("CreateOpenIDConnectProvider",
                   "    <OpenIDConnectProviderArn>" ARN_OF(
                       "NEW.EXAMPLE.COM/MixedCase") "</OpenIDConnectProviderArn>\n") },
    { "the list holds this account's, in the order they were made",
      P("Action=ListOpenIDConnectProviders"),
      REPLY_RESULT(
          "ListOpenIDConnectProviders",
          "    <OpenIDConnectProviderList>\n"
          "      <member>\n"
          "        <Arn>" ARN_OF(
              "ci.example.com/one") "</Arn>\n"
                                    "      </member>\n"
                                    "      <member>\n"
                                    "        <Arn>" ARN_OF(
                                        "new.example.com/path/") "</Arn>\n"
                                                                 "      </member>\n"
                                                                 "      <member>\n"
                                                                 "        <Arn>" ARN_OF(
                                                                     "new.example.com") "</Arn>\n"
                                                                                        "      "
                                                                                        "</"
                                                                                        "member>\n"
                                                                                        "      "
                                                                                        "<member>\n"
                                                                                        "        "
                                                                                        "<Arn"
                                                                                        ">" ARN_OF(
                                                                                            "NEW."
                                                                                            "EXAMPL"
                                                                                            "E.COM/"
                                                                                            "MixedC"
                                                                                            "ase") "</Arn>\n"
                                                                                                   "      </member>\n"
                                                                                                   "    </OpenIDConnectProviderList>\n") },
    { "a client id is added",
      P("Action=AddClientIDToOpenIDConnectProvider",
        "OpenIDConnectProviderArn=" ARN_OF("ci.example.com/one"), "ClientID=c"),
      REPLY_EMPTY("AddClientIDToOpenIDConnectProvider") },
    { "one that is there already is no fault",
      P("Action=AddClientIDToOpenIDConnectProvider",
        "OpenIDConnectProviderArn=" ARN_OF("ci.example.com/one"), "ClientID=c"),
      REPLY_EMPTY("AddClientIDToOpenIDConnectProvider") },
    { "a client id is removed",
      P("Action=RemoveClientIDFromOpenIDConnectProvider",
        "OpenIDConnectProviderArn=" ARN_OF("ci.example.com/one"), "ClientID=a"),
      REPLY_EMPTY("RemoveClientIDFromOpenIDConnectProvider") },
    { "one that is not there is no fault",
      P("Action=RemoveClientIDFromOpenIDConnectProvider",
        "OpenIDConnectProviderArn=" ARN_OF("ci.example.com/one"), "ClientID=B"),
      REPLY_EMPTY("RemoveClientIDFromOpenIDConnectProvider") },
    { "thumbprints are replaced",
      P("Action=UpdateOpenIDConnectProviderThumbprint",
        "OpenIDConnectProviderArn=" ARN_OF("ci.example.com/one"), "ThumbprintList.member.1=" A40),
      REPLY_EMPTY("UpdateOpenIDConnectProviderThumbprint") },
    { "a tag is replaced by its exact key",
      P("Action=TagOpenIDConnectProvider", "OpenIDConnectProviderArn=" ARN_OF("ci.example.com/one"),
        "Tags.member.1.Key=team", "Tags.member.1.Value=updated"),
      REPLY_EMPTY("TagOpenIDConnectProvider") },
    { "a key in other letters removes nothing",
      P("Action=UntagOpenIDConnectProvider",
        "OpenIDConnectProviderArn=" ARN_OF("ci.example.com/one"), "TagKeys.member.1=TEAM"),
      REPLY_EMPTY("UntagOpenIDConnectProvider") },
    { "a tag is removed by its exact key",
      P("Action=UntagOpenIDConnectProvider",
        "OpenIDConnectProviderArn=" ARN_OF("ci.example.com/one"), "TagKeys.member.1=Team"),
      REPLY_EMPTY("UntagOpenIDConnectProvider") },
    { "what came of all that, beside the time the config gives",
      P("Action=GetOpenIDConnectProvider",
        "OpenIDConnectProviderArn=" ARN_OF("ci.example.com/one")),
      REPLY_RESULT("GetOpenIDConnectProvider",
                   "    <Url>ci.example.com/one</Url>\n"
                   "    <ClientIDList>\n"
                   "      <member>b</member>\n"
                   "      <member>c</member>\n"
                   "    </ClientIDList>\n"
                   "    <ThumbprintList>\n"
                   "      <member>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</member>\n"
                   "    </ThumbprintList>\n"
                   "    <CreateDate>2026-01-02T03:04:05.678Z</CreateDate>\n"
                   "    <Tags>\n"
                   "      <member>\n"
                   "        <Key>team</Key>\n"
                   "        <Value>updated</Value>\n"
                   "      </member>\n"
                   "    </Tags>\n") },
    { "tags are listed",
      P("Action=ListOpenIDConnectProviderTags",
        "OpenIDConnectProviderArn=" ARN_OF("ci.example.com/one")),
      REPLY_RESULT("ListOpenIDConnectProviderTags", "    <Tags>\n"
                                                    "      <member>\n"
                                                    "        <Key>team</Key>\n"
                                                    "        <Value>updated</Value>\n"
                                                    "      </member>\n"
                                                    "    </Tags>\n"
                                                    "    <IsTruncated>false</IsTruncated>\n") },
    { "one is deleted",
      P("Action=DeleteOpenIDConnectProvider",
        "OpenIDConnectProviderArn=" ARN_OF("new.example.com/path/")),
      REPLY_EMPTY("DeleteOpenIDConnectProvider") },
    { "and may be made again",
      P("Action=CreateOpenIDConnectProvider", "Url=https://new.example.com/path/"),
      REPLY_RESULT("CreateOpenIDConnectProvider",
                   "    <OpenIDConnectProviderArn>" ARN_OF(
                       "new.example.com/path/") "</OpenIDConnectProviderArn>\n") },
};

START_TEST(answers_to_the_letter)
{
    struct iam_fixture *f = iam_fixture_new(config);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct iam_fixture_reply r =
            iam_fixture_send(f, SERVICE_IAM, &iam_fixture_root, steps[i].parameters);
        iam_fixture_want_body(&r, steps[i].what, steps[i].body);
    }
    iam_fixture_free(f);
}
END_TEST

/* ---- refusals ---- */

struct refusal {
    const char *what;
    const struct iam_fixture_key *as; /* NULL: the root */
    const char *const *parameters;
    int status;
    const char *code, *message;
};

#define ONE        "OpenIDConnectProviderArn=" ARN_OF("ci.example.com/one")
#define GONE_URL   "ci.example.com/gone"
#define GONE       "OpenIDConnectProviderArn=" ARN_OF(GONE_URL)
#define NOT_AN_ARN "OpenIDConnectProviderArn=arn:aws:iam::" IAM_FIXTURE_ACCOUNT ":role/deploy"
#define NOT_FOUND  "OpenIDConnect Provider not found for arn " ARN_OF(GONE_URL)
#define DENIED(action, arn)                                                       \
    "User: arn:aws:iam::" IAM_FIXTURE_ACCOUNT                                     \
    ":user/nobody is not authorized to perform: iam:" action " on resource: " arn \
    " because no identity-based policy allows the iam:" action " action"
#define TOO_LONG "Member must have length less than or equal to 255"

static const struct refusal refusals[] = {
    /* CreateOpenIDConnectProvider */
    { "a query", NULL,
      P("Action=CreateOpenIDConnectProvider", "Url=https://new.example.com/?q=value"), 400,
      "InvalidInput", "Unknown" },
    { "a fragment", NULL,
      P("Action=CreateOpenIDConnectProvider", "Url=https://new.example.com/#fragment"), 400,
      "InvalidInput", "Unknown" },
    { "no scheme", NULL, P("Action=CreateOpenIDConnectProvider", "Url=example.org"), 400,
      "ValidationError", "Invalid Open ID Connect Provider URL" },
    { "a scheme without slashes", NULL,
      P("Action=CreateOpenIDConnectProvider", "Url=https:example.org"), 400, "ValidationError",
      "Invalid Open ID Connect Provider URL" },
    { "no host", NULL, P("Action=CreateOpenIDConnectProvider", "Url=https:///path"), 400,
      "ValidationError", "Invalid Open ID Connect Provider URL" },
    { "a port without a host", NULL, P("Action=CreateOpenIDConnectProvider", "Url=https://:443/x"),
      400, "ValidationError", "Invalid Open ID Connect Provider URL" },
    { "a blank in the URL", NULL,
      P("Action=CreateOpenIDConnectProvider", "Url=https://new.example.com/a b"), 400,
      "ValidationError", "Invalid Open ID Connect Provider URL" },
    { "http", NULL, P("Action=CreateOpenIDConnectProvider", "Url=http://new.example.com"), 400,
      "InvalidInput", "Invalid Open ID Connect Provider URL. The URL must begin with https://." },
    { "no URL", NULL, P("Action=CreateOpenIDConnectProvider"), 400, "ValidationError",
      "1 validation error detected: Value at 'url' failed to satisfy constraint: Member must not "
      "be null" },
    { "everything too long", NULL,
      P("Action=CreateOpenIDConnectProvider", "Url=" LONG_256, "ClientIDList.member.1=" LONG_256,
        "ThumbprintList.member.1=" A40 "A"),
      400, "ValidationError",
      "3 validation errors detected: Value at 'clientIDList' failed to satisfy constraint: Member "
      "must satisfy constraint: [" TOO_LONG
      ", Member must have length greater than or equal to 1]; Value at 'thumbprintList' failed to "
      "satisfy constraint: Member must satisfy constraint: [Member must have length less than or "
      "equal to 40, Member must have length greater than or equal to 40]; Value at 'url' failed to "
      "satisfy constraint: " TOO_LONG },
    { "six thumbprints", NULL,
      P("Action=CreateOpenIDConnectProvider", "Url=https://new.example.com/six",
        "ThumbprintList.member.1=" B40, "ThumbprintList.member.2=" B40,
        "ThumbprintList.member.3=" B40, "ThumbprintList.member.4=" B40,
        "ThumbprintList.member.5=" B40, "ThumbprintList.member.6=" B40),
      400, "InvalidInput", "Thumbprint list must contain fewer than 5 entries." },
    { "the same tag key twice", NULL,
      P("Action=CreateOpenIDConnectProvider", "Url=https://new.example.com", "Tags.member.1.Key=k",
        "Tags.member.1.Value=1", "Tags.member.2.Key=k", "Tags.member.2.Value=2"),
      400, "InvalidInput", NULL },
    { "a URL that is registered", NULL,
      P("Action=CreateOpenIDConnectProvider", "Url=https://ci.example.com/one"), 409,
      "EntityAlreadyExists", "Provider with url https://ci.example.com/one already exists." },
    { "the same with its port", NULL,
      P("Action=CreateOpenIDConnectProvider", "Url=https://ci.example.com:443/one"), 409,
      "EntityAlreadyExists", "Provider with url https://ci.example.com/one already exists." },
    { "nobody may, before the URL is judged", &nobody,
      P("Action=CreateOpenIDConnectProvider", "Url=http://new.example.com/?q"), 403, "AccessDenied",
      DENIED("CreateOpenIDConnectProvider", ARN_OF("new.example.com/")) },
    { "who may create may not tag", &maker,
      P("Action=CreateOpenIDConnectProvider", "Url=https://new.example.com", "Tags.member.1.Key=k",
        "Tags.member.1.Value=1"),
      403, "AccessDenied",
      "User: arn:aws:iam::" IAM_FIXTURE_ACCOUNT
      ":user/maker is not authorized to perform: iam:TagOpenIDConnectProvider on resource: " ARN_OF(
          "new.example.com") " because no identity-based policy allows the "
                             "iam:TagOpenIDConnectProvider action" },
    /* GetOpenIDConnectProvider */
    { "one that is not there", NULL, P("Action=GetOpenIDConnectProvider", GONE), 404,
      "NoSuchEntity", NOT_FOUND },
    { "another URL but for the final slash", NULL, P("Action=GetOpenIDConnectProvider", ONE "/"),
      404, "NoSuchEntity",
      "OpenIDConnect Provider not found for arn " ARN_OF("ci.example.com/one/") },
    { "another account's", NULL,
      P("Action=GetOpenIDConnectProvider",
        "OpenIDConnectProviderArn=arn:aws:iam::210987654321:oidc-provider/ci.example.com/theirs"),
      404, "NoSuchEntity",
      "OpenIDConnect Provider not found for arn "
      "arn:aws:iam::210987654321:oidc-provider/ci.example.com/theirs" },
    { "the ARN of a role", NULL, P("Action=GetOpenIDConnectProvider", NOT_AN_ARN), 400,
      "InvalidInput", "ARN arn:aws:iam::" IAM_FIXTURE_ACCOUNT ":role/deploy is not valid." },
    { "no ARN", NULL, P("Action=GetOpenIDConnectProvider"), 400, "ValidationError",
      "1 validation error detected: Value at 'openIDConnectProviderArn' failed to satisfy "
      "constraint: Member must not be null" },
    { "an ARN that is too short", NULL,
      P("Action=GetOpenIDConnectProvider", "OpenIDConnectProviderArn=arn"), 400, "ValidationError",
      "1 validation error detected: Value at 'openIDConnectProviderArn' failed to satisfy "
      "constraint: Member must have length greater than or equal to 20" },
    { "nobody may get", &nobody, P("Action=GetOpenIDConnectProvider", GONE), 403, "AccessDenied",
      DENIED("GetOpenIDConnectProvider", ARN_OF(GONE_URL)) },
    /* ListOpenIDConnectProviders */
    { "nobody may list", &nobody, P("Action=ListOpenIDConnectProviders"), 403, "AccessDenied",
      DENIED("ListOpenIDConnectProviders", ARN_OF("*")) },
    /* DeleteOpenIDConnectProvider */
    { "Delete words it differently", NULL, P("Action=DeleteOpenIDConnectProvider", GONE), 404,
      "NoSuchEntity", "OpenId connect Provider " ARN_OF(GONE_URL) " cannot be found." },
    { "the ARN of a role to delete", NULL, P("Action=DeleteOpenIDConnectProvider", NOT_AN_ARN), 400,
      "InvalidInput", NULL },
    { "nobody may delete", &nobody, P("Action=DeleteOpenIDConnectProvider", ONE), 403,
      "AccessDenied", DENIED("DeleteOpenIDConnectProvider", ARN_OF("ci.example.com/one")) },
    /* AddClientIDToOpenIDConnectProvider */
    { "a client id for one that is not there", NULL,
      P("Action=AddClientIDToOpenIDConnectProvider", GONE, "ClientID=c"), 404, "NoSuchEntity",
      NOT_FOUND },
    { "a client id for a role", NULL,
      P("Action=AddClientIDToOpenIDConnectProvider", NOT_AN_ARN, "ClientID=c"), 400, "InvalidInput",
      NULL },
    { "an empty client id", NULL, P("Action=AddClientIDToOpenIDConnectProvider", ONE, "ClientID="),
      400, "ValidationError",
      "1 validation error detected: Value at 'clientID' failed to satisfy constraint: Member must "
      "have length greater than or equal to 1" },
    { "a client id that is too long", NULL,
      P("Action=AddClientIDToOpenIDConnectProvider", ONE, "ClientID=" LONG_256), 400,
      "ValidationError",
      "1 validation error detected: Value at 'clientID' failed to satisfy constraint: " TOO_LONG },
    { "nobody may add", &nobody, P("Action=AddClientIDToOpenIDConnectProvider", ONE, "ClientID=c"),
      403, "AccessDenied",
      DENIED("AddClientIDToOpenIDConnectProvider", ARN_OF("ci.example.com/one")) },
    /* RemoveClientIDFromOpenIDConnectProvider */
    { "a client id of one that is not there", NULL,
      P("Action=RemoveClientIDFromOpenIDConnectProvider", GONE, "ClientID=c"), 404, "NoSuchEntity",
      NOT_FOUND },
    { "a client id of a role", NULL,
      P("Action=RemoveClientIDFromOpenIDConnectProvider", NOT_AN_ARN, "ClientID=c"), 400,
      "InvalidInput", NULL },
    { "nobody may remove", &nobody,
      P("Action=RemoveClientIDFromOpenIDConnectProvider", ONE, "ClientID=a"), 403, "AccessDenied",
      DENIED("RemoveClientIDFromOpenIDConnectProvider", ARN_OF("ci.example.com/one")) },
    /* UpdateOpenIDConnectProviderThumbprint */
    { "no thumbprint at all", NULL,
      P("Action=UpdateOpenIDConnectProviderThumbprint", ONE, "ThumbprintList="), 400,
      "InvalidInput", "Thumbprint list must contain at least one entry." },
    { "no list of thumbprints", NULL, P("Action=UpdateOpenIDConnectProviderThumbprint", ONE), 400,
      "ValidationError",
      "1 validation error detected: Value at 'thumbprintList' failed to satisfy constraint: "
      "Member must not be null" },
    { "six thumbprints to replace one", NULL,
      P("Action=UpdateOpenIDConnectProviderThumbprint", ONE, "ThumbprintList.member.1=" B40,
        "ThumbprintList.member.2=" B40, "ThumbprintList.member.3=" B40,
        "ThumbprintList.member.4=" B40, "ThumbprintList.member.5=" B40,
        "ThumbprintList.member.6=" B40),
      400, "InvalidInput", "Thumbprint list must contain fewer than 5 entries." },
    { "thumbprints of one that is not there", NULL,
      P("Action=UpdateOpenIDConnectProviderThumbprint", GONE, "ThumbprintList.member.1=" B40), 404,
      "NoSuchEntity", NOT_FOUND },
    { "nobody may replace thumbprints", &nobody,
      P("Action=UpdateOpenIDConnectProviderThumbprint", ONE, "ThumbprintList="), 403,
      "AccessDenied",
      DENIED("UpdateOpenIDConnectProviderThumbprint", ARN_OF("ci.example.com/one")) },
    /* TagOpenIDConnectProvider */
    { "an empty list of tags", NULL, P("Action=TagOpenIDConnectProvider", ONE, "Tags="), 400,
      "InvalidInput", "Error occurred while validating input. " },
    { "no list of tags", NULL, P("Action=TagOpenIDConnectProvider", ONE), 400, "ValidationError",
      "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must not "
      "be null" },
    { "a tag of AWS's own", NULL,
      P("Action=TagOpenIDConnectProvider", ONE, "Tags.member.1.Key=aws:k", "Tags.member.1.Value=v"),
      400, "InvalidInput", NULL },
    { "tags for one that is not there", NULL,
      P("Action=TagOpenIDConnectProvider", GONE, "Tags.member.1.Key=k", "Tags.member.1.Value=v"),
      404, "NoSuchEntity", NOT_FOUND },
    { "nobody may tag", &nobody,
      P("Action=TagOpenIDConnectProvider", ONE, "Tags.member.1.Key=k", "Tags.member.1.Value=v"),
      403, "AccessDenied", DENIED("TagOpenIDConnectProvider", ARN_OF("ci.example.com/one")) },
    /* UntagOpenIDConnectProvider */
    { "an empty list of tag keys", NULL, P("Action=UntagOpenIDConnectProvider", ONE, "TagKeys="),
      400, "InvalidInput", "Error occurred while validating input. " },
    { "tag keys of one that is not there", NULL,
      P("Action=UntagOpenIDConnectProvider", GONE, "TagKeys.member.1=k"), 404, "NoSuchEntity",
      NOT_FOUND },
    { "nobody may untag", &nobody,
      P("Action=UntagOpenIDConnectProvider", ONE, "TagKeys.member.1=k"), 403, "AccessDenied",
      DENIED("UntagOpenIDConnectProvider", ARN_OF("ci.example.com/one")) },
    /* ListOpenIDConnectProviderTags */
    { "tags of one that is not there", NULL, P("Action=ListOpenIDConnectProviderTags", GONE), 404,
      "NoSuchEntity", NOT_FOUND },
    { "tags of a role", NULL, P("Action=ListOpenIDConnectProviderTags", NOT_AN_ARN), 400,
      "InvalidInput", NULL },
    { "a page of none", NULL, P("Action=ListOpenIDConnectProviderTags", ONE, "MaxItems=0"), 400,
      "ValidationError",
      "1 validation error detected: Value at 'maxItems' failed to satisfy constraint: Member must "
      "have value greater than or equal to 1" },
    { "nobody may list tags", &nobody, P("Action=ListOpenIDConnectProviderTags", ONE), 403,
      "AccessDenied", DENIED("ListOpenIDConnectProviderTags", ARN_OF("ci.example.com/one")) },
};

START_TEST(refuses)
{
    const struct refusal *row = &refusals[_i];
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply before, after;
    const char *const *look = P("Action=GetOpenIDConnectProvider", ONE);
    before = iam_fixture_send(f, SERVICE_IAM, &iam_fixture_root, look);
    struct iam_fixture_reply r =
        iam_fixture_send(f, SERVICE_IAM, row->as ? row->as : &iam_fixture_root, row->parameters);
    iam_fixture_want(&r, row->what, row->status, row->code, row->message);
    after = iam_fixture_send(f, SERVICE_IAM, &iam_fixture_root, look);
    want_str("a refusal changes nothing", after.body, before.body);
    iam_fixture_free(f);
}
END_TEST

/* ---- limits ---- */

static struct iam_fixture_reply create(struct iam_fixture *f, size_t n)
{
    const struct str url = arena_printf(f->arena, "Url=https://p%zu.example.com", n);
    return iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=CreateOpenIDConnectProvider",
                            url.p, NULL);
}

START_TEST(an_account_has_a_hundred)
{
    struct iam_fixture *f = iam_fixture_new(NULL);
    struct iam_fixture_reply r;
    for (size_t i = 0; i < 100; i++) {
        r = create(f, i);
        iam_fixture_want(&r, "up to 100", 200, "", NULL);
    }
    r = create(f, 100);
    iam_fixture_want(&r, "the next one", 409, "LimitExceeded",
                     "Cannot exceed quota for OpenIdConnectProvidersPerAccount: 100");
    r = create(f, 99);
    iam_fixture_want(&r, "one that is there", 409, "EntityAlreadyExists", NULL);
    iam_fixture_free(f);
}
END_TEST

/* n client ids in one Create; every other one given twice when `twice`. */
static struct iam_fixture_reply create_with(struct iam_fixture *f, size_t n, bool twice)
{
    const char **p = arena_array(f->arena, const char *, 2 * n + 3);
    size_t at = 0;
    p[at++] = "Action=CreateOpenIDConnectProvider";
    p[at++] = "Url=https://many.example.com";
    for (size_t i = 0; i < n; i++)
        p[at++] =
            arena_printf(f->arena, "ClientIDList.member.%zu=client-%zu", i + 1, twice ? i / 2 : i)
                .p;
    return iam_fixture_send(f, SERVICE_IAM, &iam_fixture_root, p);
}

START_TEST(a_provider_has_a_hundred_client_ids)
{
    static const char over[] = "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100";
    static const char arn[] = "OpenIDConnectProviderArn=" ARN_OF("many.example.com");
    struct iam_fixture *f = iam_fixture_new(NULL);
    struct iam_fixture_reply r = create_with(f, 101, false);
    iam_fixture_want(&r, "101", 409, "LimitExceeded", over);
    r = create_with(f, 200, true);
    iam_fixture_want(&r, "100, each twice", 200, "", NULL);
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root,
                         "Action=AddClientIDToOpenIDConnectProvider", arn, "ClientID=one-more",
                         NULL);
    iam_fixture_want(&r, "one more", 409, "LimitExceeded", over);
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root,
                         "Action=AddClientIDToOpenIDConnectProvider", arn, "ClientID=client-7",
                         NULL);
    iam_fixture_want(&r, "one that is there", 200, "", NULL);
    iam_fixture_free(f);
}
END_TEST

/* Tags n to n + count - 1. */
static struct iam_fixture_reply tag(struct iam_fixture *f, size_t n, size_t count)
{
    const char **p = arena_array(f->arena, const char *, 2 * count + 3);
    size_t at = 0;
    p[at++] = "Action=TagOpenIDConnectProvider";
    p[at++] = ONE;
    for (size_t i = 0; i < count; i++) {
        p[at++] = arena_printf(f->arena, "Tags.member.%zu.Key=k%02zu", i + 1, n + i).p;
        p[at++] = arena_printf(f->arena, "Tags.member.%zu.Value=v", i + 1).p;
    }
    return iam_fixture_send(f, SERVICE_IAM, &iam_fixture_root, p);
}

START_TEST(a_provider_has_fifty_tags)
{
    struct iam_fixture *f = iam_fixture_new(config); /* with two */
    struct iam_fixture_reply r = tag(f, 0, 49);
    iam_fixture_want(&r, "51 in all", 409, "LimitExceeded",
                     "The number of tags has reached the maximum limit.");
    r = tag(f, 0, 48);
    iam_fixture_want(&r, "50 in all", 200, "", NULL);
    r = tag(f, 0, 48);
    iam_fixture_want(&r, "the same again", 200, "", NULL);
    r = tag(f, 48, 1);
    iam_fixture_want(&r, "one more", 409, "LimitExceeded", NULL);
    iam_fixture_free(f);
}
END_TEST

START_TEST(tags_come_in_pages)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct iam_fixture_reply r = tag(f, 0, 8); /* and Team, team: ten */
    const char *marker = NULL;
    struct text keys = text_new(f->arena, 1024);
    for (size_t page = 0; page < 3; page++) {
        r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root,
                             "Action=ListOpenIDConnectProviderTags", ONE, "MaxItems=4", marker,
                             NULL);
        iam_fixture_want(&r, "a page", 200, "", NULL);
        const struct xml_node *tags = xml_find(r.xml, "ListOpenIDConnectProviderTagsResult/Tags");
        for (const struct xml_node *t = tags->first_child; t; t = t->next)
            text_printf(&keys, "%.*s ", STR_ARG(xml_text(t, "Key")));
        want_str("IsTruncated",
                 iam_fixture_text(&r, "ListOpenIDConnectProviderTagsResult/IsTruncated"),
                 page < 2 ? STR("true") : STR("false"));
        marker = arena_printf(
                     f->arena, "Marker=%.*s",
                     STR_ARG(iam_fixture_text(&r, "ListOpenIDConnectProviderTagsResult/Marker")))
                     .p;
    }
    want_str("every tag once, by code point", text_str(&keys),
             STR("Team k00 k01 k02 k03 k04 k05 k06 k07 team "));
    iam_fixture_free(f);
}
END_TEST

/* What was registered over the API counts at once for tokens, and what was deleted no longer. */
START_TEST(the_world_knows_at_once)
{
    struct iam_fixture *f = iam_fixture_new(config);
    struct snapshot *s = world_now(f->world);
    ck_assert(iam_provider(s->sts.iam, STR(IAM_FIXTURE_ACCOUNT), STR("https://p1.example.com")) ==
              NULL);
    snapshot_drop(s);
    struct iam_fixture_reply r = create(f, 1);
    iam_fixture_want(&r, "made", 200, "", NULL);
    s = world_now(f->world);
    ck_assert(iam_provider(s->sts.iam, STR(IAM_FIXTURE_ACCOUNT), STR("https://p1.example.com")) !=
              NULL);
    snapshot_drop(s);
    iam_fixture_free(f);
}
END_TEST

Suite *oidc_provider_suite(void);

Suite *oidc_provider_suite(void)
{
    Suite *s = suite_create("oidc_provider");
    TCase *t = tcase_create("oidc_provider");
    tcase_add_test(t, answers_to_the_letter);
    tcase_add_loop_test(t, refuses, 0, sizeof refusals / sizeof refusals[0]);
    tcase_add_test(t, an_account_has_a_hundred);
    tcase_add_test(t, a_provider_has_a_hundred_client_ids);
    tcase_add_test(t, a_provider_has_fifty_tags);
    tcase_add_test(t, tags_come_in_pages);
    tcase_add_test(t, the_world_knows_at_once);
    suite_add_tcase(s, t);
    return s;
}
