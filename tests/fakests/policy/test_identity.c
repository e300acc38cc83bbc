#include "fakests/policy/identity.h"

#include "tests/support/runner.h"

/*
 * What IAM says about malformed identity policies, and what it takes: as it was observed to answer
 * CreatePolicy.  Documents that break two rules tell which is looked at first.
 */

#define V            "\"Version\":\"2012-10-17\","
#define POLICY(s)    "{" V "\"Statement\":" s "}"
#define LIST         "\"Action\":\"s3:ListBucket\""
#define BUCKET       "\"Resource\":\"arn:aws:s3:::b\""
#define S(rest)      POLICY("{\"Effect\":\"Allow\"," rest "}")
#define ON(resource) S(LIST ",\"Resource\":" resource)
#define IF(c)        S(LIST "," BUCKET ",\"Condition\":" c)

#define SYNTAX            "Syntax errors in policy."
#define OLD               "Policy document must be version 2012-10-17 or greater."
#define LEGACY            "The policy failed legacy parsing"
#define NO_ACTION         "Policy statement must contain actions."
#define NO_RESOURCE       "Policy statement must contain resources."
#define NO_VENDOR         "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
#define COLONS            "Actions/Condition can contain only one colon."
#define PARTITION(p, arn) "Partition \"" p "\" is not valid for resource \"" arn "\"."
#define IAM_PATH                                                                                  \
    "IAM resource path must either be \"*\", root, or start with user/, federated-user/, role/, " \
    "group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, "   \
    "oidc-provider/, report/, access-report/."

struct row {
    const char *what;
    const char *document;
    const char *aws; /* NULL: taken */
};

static const struct row rows[] = {
    { "what is no JSON", "This is not JSON", SYNTAX },
    { "a list", "[]", SYNTAX },
    { "a key twice", "{" V V "\"Statement\":[]}", SYNTAX },
    { "no version", "{\"Statement\":{\"Effect\":\"Allow\"," LIST "," BUCKET "}}", OLD },
    { "the older version",
      "{\"Version\":\"2008-10-17\",\"Statement\":{\"Effect\":\"Allow\"," LIST "," BUCKET "}}",
      OLD },
    { "a version that is none",
      "{\"Version\":\"2013-10-17\",\"Statement\":{\"Effect\":\"Allow\"," LIST "," BUCKET "}}",
      SYNTAX },
    { "no statement", "{\"Version\":\"2012-10-17\"}", SYNTAX },
    { "no statement in the list", POLICY("[]"), SYNTAX },
    { "a statement that is a text", POLICY("[\"afd\"]"), SYNTAX },
    { "a foreign member", "{" V "\"Statement\":{\"Effect\":\"Allow\"," LIST "," BUCKET "},\"X\":1}",
      SYNTAX },
    { "a foreign element", S(LIST "," BUCKET ",\"X\":1"), SYNTAX },
    { "an Id that is a list",
      "{" V "\"Id\":[\"x\"],\"Statement\":{\"Effect\":\"Allow\"," LIST "," BUCKET "}}", SYNTAX },
    { "an effect that is none", POLICY("{\"Effect\":\"invalid\"," LIST "," BUCKET "}"), SYNTAX },
    { "an effect in other letters", POLICY("{\"Effect\":\"denY\"," LIST "," BUCKET "}"), LEGACY },
    { "no effect", POLICY("{" LIST "," BUCKET "}"), SYNTAX },
    { "an action without a vendor", S("\"Action\":\"invalid\"," BUCKET), NO_VENDOR },
    { "an empty action", S("\"NotAction\":\"\"," BUCKET), NO_VENDOR },
    { "a vendor with a blank", S("\"Action\":\"a a:ListBucket\"," BUCKET),
      "Vendor a a is not valid" },
    { "two colons", S("\"Action\":\"s3:List:Bucket\"," BUCKET), COLONS },
    { "two colons in the second statement",
      POLICY("[{\"Effect\":\"Allow\",\"Action\":\"s3s:L\"," BUCKET
             "},{\"Effect\":\"Allow\",\"Action\":\"s:3s:L\"," BUCKET "}]"),
      COLONS },
    { "a resource that is no ARN", ON("\"invalid resource\""),
      "Resource invalid resource must be in ARN format or \"*\"." },
    { "an empty resource", ON("\"\""), "Resource  must be in ARN format or \"*\"." },
    { "a bad resource before a bad action", S("\"Action\":\"s:3:L\",\"Resource\":\"sdf\""),
      "Resource sdf must be in ARN format or \"*\"." },
    { "a bad resource in a list", ON("[\"adf\"]"), "Resource adf must be in ARN format or \"*\"." },
    { "a partition that is none", ON("\"a:bsd\""), PARTITION("bsd", "arn:bsd:*:*:*:*") },
    { "and a vendor", ON("\"a:b:cad\""), PARTITION("b", "arn:b:cad:*:*:*") },
    { "and more fields than an ARN has", ON("\"a:b:c:d:e:f:g:h\""),
      PARTITION("b", "arn:b:c:d:e:f:g:h") },
    { "an ARN without its arn", ON("\"aws:s3:::b\""), PARTITION("s3", "arn:s3:::b:*") },
    { "a partition that is none, of two", ON("[\"arn:error:s3:::b\",\"arn:error:s3::b\"]"),
      PARTITION("error", "arn:error:s3:::b") },
    { "no resource", S(LIST), NO_RESOURCE },
    { "no resource in the list", S(LIST ",\"Resource\":[]"), NO_RESOURCE },
    { "no resource, before a bad action", S("\"Action\":\"invalid\""), NO_RESOURCE },
    { "no action", S(BUCKET), NO_ACTION },
    { "neither", POLICY("{\"Effect\":\"Allow\"}"), NO_ACTION },
    { "no action in the list", S("\"Action\":[]," BUCKET), NO_ACTION },
    { "no action in the first of two",
      POLICY("[{\"Effect\":\"Deny\"},{\"Effect\":\"Allow\"," LIST "," BUCKET "}]"), NO_ACTION },
    { "IAM's resources have a kind", ON("\"arn:aws:iam:::b\""), IAM_PATH },
    { "an ARN with a field too few", ON("\"arn:aws:s3::b\""), LEGACY },
    { "before a missing action", S("\"Resource\":\"arn:aws:s3::b\""), LEGACY },
    { "and among exceptions", S(LIST ",\"NotResource\":\"arn:aws:s3::b\""), LEGACY },
    { "an ARN that ends at its partition", ON("\"arn:aws\""),
      "Resource vendor must be fully qualified and cannot contain regexes." },
    { "an ARN without a vendor", ON("\"arn:aws::::b\""), LEGACY },
    { "an ARN without a vendor, and short", ON("\"arn:aws::fd\""), LEGACY },
    { "a resource that is an object", ON("{\"a\":\"arn:aws:s3:::b\"}"), SYNTAX },
    { "an object among resources", ON("[\"adfdf\",{}]"), SYNTAX },
    { "Resource and NotResource", S("\"NotAction\":\"s3:L\"," BUCKET ",\"NotResource\":[]"),
      SYNTAX },
    { "Action and NotAction", S("\"NotAction\":\"s3:L\",\"Action\":\"iam:dsf\"," BUCKET), SYNTAX },
    { "a list among actions", S("\"Action\":[[]]," BUCKET), SYNTAX },
    { "an action that is an object", S("\"Action\":{}," BUCKET), SYNTAX },
    { "a condition that is a list", IF("[]"), SYNTAX },
    { "a condition that is a text", IF("\"a\""), SYNTAX },
    { "an operator that holds a text", IF("{\"DateGreaterThan\":\"b\"}"), SYNTAX },
    { "an operator that holds a list", IF("{\"DateGreaterThan\":[]}"), SYNTAX },
    { "a key that holds an object", IF("{\"DateGreaterThan\":{\"a\":{}}}"), SYNTAX },
    { "an operator that is none", IF("{\"x\":{\"a\":\"1\"}}"), SYNTAX },
    { "two colons behind ForAnyValue",
      IF("{\"ForAnyValue::StringEqualsIfExists\":{\"a\":\"asf\"}}"), SYNTAX },
    { "IAM has no regions", ON("\"arn:aws:iam:us-east-1::b\""),
      "IAM resource arn:aws:iam:us-east-1::b cannot contain region information." },
    { "nor have buckets", ON("\"arn:aws:s3:us-east-1::b\""),
      "Resource arn:aws:s3:us-east-1::b can not contain region information." },
    { "a Sid that is an object", S("\"Sid\":{}," LIST "," BUCKET), SYNTAX },
    { "a Sid twice, before a missing action",
      POLICY("[{\"Sid\":\"s\",\"Effect\":\"Allow\"," LIST "," BUCKET
             "},{\"Sid\":\"s\",\"Effect\":\"Allow\"}]"),
      "Statement IDs (SID) in a single policy must be unique." },
    { "a Sid twice, behind an effect in other letters",
      POLICY("[{\"Sid\":\"s\",\"Effect\":\"aLLow\"," LIST "," BUCKET
             "},{\"Sid\":\"s\",\"Effect\":\"Allow\"}]"),
      LEGACY },
    { "no version, before it", "{\"Statement\":{\"Effect\":\"denY\"," LIST "," BUCKET "}}", OLD },
    { "a date that is none", IF("{\"DateGreaterThan\":{\"a\":\"sdfdsf\"}}"), LEGACY },
    { "before a missing action",
      POLICY("{\"Effect\":\"Allow\",\"Condition\":{\"DateGreaterThan\":{\"a\":\"sdf\"}}}"),
      LEGACY },
    { "before a partition that is none",
      S(LIST
        ",\"Resource\":\"arn:error:s3:::b\",\"Condition\":{\"DateGreaterThan\":{\"a\":\"sdf\"}}"),
      LEGACY },
    { "a month that is none", IF("{\"DateLessThanEquals\":{\"a\":\"234-13\"}}"), LEGACY },
    { "an offset of one digit",
      IF("{\"DateLessThanEquals\":{\"a\":\"2016-12-13t2:00:00.593194+1\"}}"), LEGACY },
    { "seconds beyond 64 bits", IF("{\"DateLessThan\":{\"a\":\"9223372036854775808\"}}"), LEGACY },
    { "a principal", S(LIST "," BUCKET ",\"Principal\":\"*\""),
      "Policy document should not specify a principal." },

    { "a resource in a list is taken", ON("[\"arn:aws:s3:::b\",\"*\"]"), NULL },
    { "blanks in an action's name", S("\"Action\":\"iam: asdf safdsf af \"," BUCKET), NULL },
    { "every action", S("\"Action\":\"*\"," BUCKET), NULL },
    { "a vendor nobody knows", S("\"Action\":\"aaaaaadsfdsafsadfsadfaaaaa:L\"," BUCKET), NULL },
    { "a vendor with a hyphen", S("\"Action\":\"s3-s:L\"," BUCKET), NULL },
    { "a vendor with a dot", S("\"Action\":\"s3.s:L\"," BUCKET), NULL },
    { "a user", ON("\"arn:aws:iam:::user/b\""), NULL },
    { "all of IAM", ON("\"arn:aws:iam::123456789012:*\""), NULL },
    { "the root", ON("\"arn:aws:iam::123456789012:root\""), NULL },
    { "a service nobody knows", ON("\"arn:aws:invalid-service:us-east-1::b\""), NULL },
    { "an ARN of three fields", ON("\"arn:aws:fdsasf\""), NULL },
    { "another partition", ON("\"arn:aws-cn:s3:::b\""), NULL },
    { "an access point has a region",
      ON("\"arn:aws:s3:us-west-2:123456789012:accesspoint/my-access-point\""), NULL },
    { "no condition", IF("{}"), NULL },
    { "an operator without keys", IF("{\"DateGreaterThan\":{}}"), NULL },
    { "a key without values", IF("{\"DateGreaterThan\":{\"a\":[]}}"), NULL },
    { "words without keys", IF("{\"x\":{},\"y\":{}}"), NULL },
    { "IfExists", IF("{\"StringEqualsIfExists\":{\"a\":\"asf\"}}"), NULL },
    { "both", IF("{\"ForAnyValue:StringEqualsIfExists\":{\"a\":\"asf\"}}"), NULL },
    { "a date that ends at its T", IF("{\"DateGreaterThan\":{\"a\":\"01T\"}}"), NULL },
    { "an offset without minutes",
      IF("{\"DateLessThanEquals\":{\"a\":\"2016-12-13t2:00:00.593194+23\"}}"), NULL },
    { "a year before Christ", IF("{\"DateLessThan\":{\"a\":\"-292275054\"}}"), NULL },
    { "a Sid", S("\"Sid\":\"dsfsdfsdfsd\"," LIST "," BUCKET), NULL },
    { "empty Sids",
      POLICY("[{\"Sid\":\"\",\"Effect\":\"Allow\"," LIST "," BUCKET
             "},{\"Sid\":\"\",\"Effect\":\"Allow\"," LIST "," BUCKET "}]"),
      NULL },
    { "exceptions from both", S("\"NotAction\":\"s3:L\",\"NotResource\":\"*\""), NULL },
    { "an Id", "{" V "\"Id\":\"sdf\",\"Statement\":{\"Effect\":\"Allow\"," LIST "," BUCKET "}}",
      NULL },
    { "variables", ON("\"arn:aws:iam::*:user/${aws:username}\""), NULL },
};

static struct outcome read_row(struct arena *a, struct why *why, const char *document,
                               enum identity_kind kind, struct str *text)
{
    struct policy *policy = NULL;
    return identity_read(a, why, STR("PolicyDocument"), str_of(document), kind, &policy, text);
}

START_TEST(documents_are_judged_as_in_aws)
{
    const struct row *c = &rows[_i];
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct str text;
    struct outcome o = read_row(a, &why, c->document, IDENTITY_MANAGED, &text);
    if (c->aws) {
        ck_assert_msg(o.fault == FAULT_POLICY_MALFORMED, "%s: taken", c->what);
        want_str(c->what, why.arg[0], str_of(c->aws));
        ck_assert_msg(why.fault == FAULT_POLICY_MALFORMED && why.detail.n, "%s: no detail",
                      c->what);
    } else {
        ck_assert_msg(!failed(o), "%s: %.*s (%.*s)", c->what, STR_ARG(why.arg[0]),
                      STR_ARG(why_text(&why)));
        want_str(c->what, text, str_of(c->document));
    }
    arena_free(a);
}
END_TEST

START_TEST(inline_policies_may_be_of_the_older_version)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct str text;
    ck_assert(
        !failed(read_row(a, &why, " {\"Statement\": {\"Effect\":\"Allow\", " LIST ", " BUCKET "}} ",
                         IDENTITY_INLINE, &text)));
    want_str("the text is compact", text,
             STR("{\"Statement\":{\"Effect\":\"Allow\"," LIST "," BUCKET "}}"));
    arena_free(a);
}
END_TEST

START_TEST(a_refusal_names_its_place)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct str text;
    ck_assert(failed(read_row(a, &why, "{" V "\n \"Statement\": [{\"Effect\":\"allow\"}]}",
                              IDENTITY_MANAGED, &text)));
    want_str("place", why.place, STR("PolicyDocument:2:26: $.Statement[0].Effect"));
    arena_free(a);
}
END_TEST

Suite *identity_suite(void);

Suite *identity_suite(void)
{
    Suite *s = suite_create("policy/identity");
    TCase *t = tcase_create("identity");
    tcase_add_loop_test(t, documents_are_judged_as_in_aws, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(t, inline_policies_may_be_of_the_older_version);
    tcase_add_test(t, a_refusal_names_its_place);
    suite_add_tcase(s, t);
    return s;
}
