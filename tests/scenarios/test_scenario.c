#include "base/clock.h"
#include "base/text.h"
#include "scenarios/scenario.h"
#include "scenarios/step.h"
#include "tests/support/guard.h"
#include "tests/support/runner.h"

/* Scenario files as they are read: what is taken, and where and how the rest is refused. */

static struct arena *a;

static void set_up(void)
{
    a = arena_new();
}

static void tear_down(void)
{
    arena_free(a);
}

static struct outcome read(struct str text, struct why *why, struct scenario **out)
{
    struct json_doc *doc;
    *why = why_new(a);
    TRY(json_load(a, why, STR("s.json"), text, JSON_DUPLICATES_REFUSED, &doc));
    return scenario_read(a, why, doc, out);
}

static struct scenario *taken(struct str text)
{
    struct why why;
    struct scenario *s = NULL;
    ck_assert_msg(!failed(read(text, &why, &s)), "%.*s: %.*s", STR_ARG(text),
                  STR_ARG(why_text(&why)));
    return s;
}

/* ---- refusals ---- */

#define WITH(members)  "{\"scenario\":\"t\"," members "}"
#define STEPS(steps)   WITH("\"steps\":[" steps "]")
#define STEP(step)     STEPS("{" step "}")
#define MINT           "{\"mint\":{\"platform\":\"render\"},\"save\":\"own\"},"
#define CALL(beside)   STEP("\"call\":{\"Action\":\"GetCallerIdentity\"}" beside)
#define LONG_65        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LONG_64        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define NAME_RULE      "a name has letters, digits, '-' and '_', at most 64"
#define PARAMETER_RULE "expected a text, a whole number, true, false, a document or a list, found "

static const struct {
    const char *name, *text, *path, *detail;
} refused[] = {
    /* the whole */
    { "a list is no scenario", "[]", "$", "expected an object, found an array" },
    { "an unknown member is named with those there are",
      "{\"scenario\":\"t\",\"step\":[{\"advance\":1}]}", "$.step",
      "unknown member \"step\"; expected one of: $schema, scenario, story, "
      "source, clock, world, steps" },
    { "a scenario has a title", "{\"steps\":[{\"advance\":1}]}", "$",
      "\"scenario\" is missing: a sentence that is true when it passes" },
    { "blanks are no title", "{\"scenario\":\" \\n\",\"steps\":[{\"advance\":1}]}", "$",
      "\"scenario\" is missing: a sentence that is true when it passes" },
    { "a title is a text", "{\"scenario\":7,\"steps\":[{\"advance\":1}]}", "$.scenario",
      "expected a string, found an integer" },
    { "a story is a text", WITH("\"story\":[],\"steps\":[{\"advance\":1}]"), "$.story",
      "expected a string, found an array" },
    { "a source is a text", WITH("\"source\":null,\"steps\":[{\"advance\":1}]"), "$.source",
      "expected a string, found null" },
    { "a schema's name is a text", WITH("\"$schema\":1,\"steps\":[{\"advance\":1}]"), "$.$schema",
      "expected a string, found an integer" },
    { "a clock is a time", WITH("\"clock\":\"noon\",\"steps\":[{\"advance\":1}]"), "$.clock",
      "expected a time, RFC 3339 or seconds since 1970" },
    { "of the years that can be written",
      WITH("\"clock\":253402300800,\"steps\":[{\"advance\":1}]"), "$.clock",
      "expected a time, RFC 3339 or seconds since 1970" },
    { "true is no time", WITH("\"clock\":true,\"steps\":[{\"advance\":1}]"), "$.clock",
      "expected a time, RFC 3339 or seconds since 1970" },
    { "a world is an object", WITH("\"world\":\"w.json\",\"steps\":[{\"advance\":1}]"), "$.world",
      "expected an object, found a string" },
    { "there are steps", "{\"scenario\":\"t\"}", "$", "\"steps\" is missing" },
    { "steps are a list", WITH("\"steps\":{}"), "$.steps", "expected an array, found an object" },
    { "no steps are none", WITH("\"steps\":[]"), "$.steps", "expected 1 to 500 steps, found 0" },
    { "a step is an object", STEPS("7"), "$.steps[0]", "expected an object, found an integer" },

    /* verbs */
    { "a step does something", STEPS("{}"), "$.steps[0]",
      "a step has one of \"mint\", \"token\", \"session\", \"call\", \"get\", \"advance\", "
      "\"clock\", "
      "\"rotate\", \"publish\", \"retire\", \"down\", \"up\", \"fault\", \"world\", "
      "\"source_ip\"" },
    { "a note alone does nothing", STEP("\"note\":\"x\""), "$.steps[0]",
      "a step has one of \"mint\", \"token\", \"session\", \"call\", \"get\", \"advance\", "
      "\"clock\", "
      "\"rotate\", \"publish\", \"retire\", \"down\", \"up\", \"fault\", \"world\", "
      "\"source_ip\"" },
    { "a step does one thing", STEP("\"advance\":1,\"clock\":1"), "$.steps[0]",
      "a step does one thing, this has \"advance\" and \"clock\"" },
    { "an unknown verb is named with those there are", STEP("\"advence\":1"), "$.steps[0].advence",
      "unknown member \"advence\"; expected one of: mint, token, session, call, get, "
      "advance, clock, rotate, publish, retire, down, up, fault, world, source_ip, save, as, "
      "expect, note" },
    { "verbs are told apart by their case", STEP("\"Advance\":1"), "$.steps[0].Advance",
      "unknown member \"Advance\"; expected one of: mint, token, session, call, get, "
      "advance, clock, rotate, publish, retire, down, up, fault, world, source_ip, save, as, "
      "expect, note" },
    { "a note is a text", STEP("\"advance\":1,\"note\":1"), "$.steps[0].note",
      "expected a string, found an integer" },
    { "the clock saves nothing", STEP("\"advance\":1,\"save\":\"x\""), "$.steps[0].save",
      "unknown member \"save\"; expected one of: advance, note" },
    { "the clock answers nothing", STEP("\"clock\":1,\"expect\":{}"), "$.steps[0].expect",
      "unknown member \"expect\"; expected one of: clock, note" },
    { "a token is not signed for", STEP("\"mint\":{\"platform\":\"render\"},\"as\":\"test\""),
      "$.steps[0].as", "unknown member \"as\"; expected one of: mint, note, save" },
    { "a document is not signed for", STEP("\"get\":\"/\",\"as\":\"test\""), "$.steps[0].as",
      "unknown member \"as\"; expected one of: get, note, save, expect" },

    /* mint */
    { "mint takes an object", STEP("\"mint\":\"render\",\"save\":\"x\""), "$.steps[0].mint",
      "expected an object, found a string" },
    { "mint knows its members", STEP("\"mint\":{\"platfrom\":\"render\"},\"save\":\"x\""),
      "$.steps[0].mint.platfrom",
      "unknown member \"platfrom\"; expected one of: platform, set, claims, "
      "header, flaw, audience, lifetime_s" },
    { "mint needs a platform", STEP("\"mint\":{},\"save\":\"x\""), "$.steps[0].mint",
      "\"platform\" is missing" },
    { "a platform is a text", STEP("\"mint\":{\"platform\":1},\"save\":\"x\""),
      "$.steps[0].mint.platform", "expected a string, found an integer" },
    { "set is an object", STEP("\"mint\":{\"platform\":\"a\",\"set\":[]},\"save\":\"x\""),
      "$.steps[0].mint.set", "expected an object, found an array" },
    { "claims are an object", STEP("\"mint\":{\"platform\":\"a\",\"claims\":1},\"save\":\"x\""),
      "$.steps[0].mint.claims", "expected an object, found an integer" },
    { "a header is an object", STEP("\"mint\":{\"platform\":\"a\",\"header\":1},\"save\":\"x\""),
      "$.steps[0].mint.header", "expected an object, found an integer" },
    { "a flaw is a text", STEP("\"mint\":{\"platform\":\"a\",\"flaw\":true},\"save\":\"x\""),
      "$.steps[0].mint.flaw", "expected a string, found a boolean" },
    { "a lifetime is a number",
      STEP("\"mint\":{\"platform\":\"a\",\"lifetime_s\":\"1h\"},\"save\":\"x\""),
      "$.steps[0].mint.lifetime_s", "expected an integer, found a string" },
    { "a token that is not kept is of no use", STEP("\"mint\":{\"platform\":\"render\"}"),
      "$.steps[0]", "\"save\" is missing: under which name later steps have it" },

    /* token */
    { "token takes an object", STEP("\"token\":\"ey\",\"save\":\"x\""), "$.steps[0].token",
      "expected an object, found a string" },
    { "a token's signature is not given",
      STEP("\"token\":{\"claims\":{},\"verified\":true,\"signature\":\"x\"},\"save\":\"x\""),
      "$.steps[0].token.signature",
      "unknown member \"signature\"; expected one of: header, claims, verified" },
    { "a token has claims", STEP("\"token\":{\"verified\":true},\"save\":\"x\""),
      "$.steps[0].token", "\"claims\" is missing" },
    { "which are an object", STEP("\"token\":{\"claims\":[],\"verified\":true},\"save\":\"x\""),
      "$.steps[0].token.claims", "expected an object, found an array" },
    { "iss is a text", STEP("\"token\":{\"claims\":{\"iss\":1},\"verified\":true},\"save\":\"x\""),
      "$.steps[0].token.claims.iss", "expected a string, found an integer" },
    { "a token's header is an object",
      STEP("\"token\":{\"claims\":{},\"verified\":true,\"header\":\"x\"},\"save\":\"x\""),
      "$.steps[0].token.header", "expected an object, found a string" },
    { "whether it verified is said", STEP("\"token\":{\"claims\":{}},\"save\":\"x\""),
      "$.steps[0].token", "\"verified\" is missing" },
    { "with true or false", STEP("\"token\":{\"claims\":{},\"verified\":1},\"save\":\"x\""),
      "$.steps[0].token.verified", "expected true or false, found an integer" },
    { "a captured token that is not kept is of no use",
      STEP("\"token\":{\"claims\":{},\"verified\":true}"), "$.steps[0]",
      "\"save\" is missing: under which name later steps have it" },

    /* session */
    { "session takes an object", STEP("\"session\":\"creds\",\"save\":\"x\""), "$.steps[0].session",
      "expected an object, found a string" },
    { "a session is somebody's", STEP("\"session\":{\"name\":\"x\"},\"save\":\"x\""),
      "$.steps[0].session",
      "expected \"role\" with \"name\", or \"user\", or \"root\"; a \"federated\" one beside "
      "\"user\" or \"root\"" },
    { "and has no keys", STEP("\"session\":{\"access_key_id\":\"x\"},\"save\":\"x\""),
      "$.steps[0].session.access_key_id",
      "unknown member \"access_key_id\"; expected one of: role, name, user, root, federated, "
      "issued, "
      "expires, lifetime_s, mfa, tags, transitive, source_identity, provider, subject, audience, "
      "amr, "
      "policy, policy_arns" },
    { "a session that is not kept is of no use", STEP("\"session\":{\"root\":\"123456789012\"}"),
      "$.steps[0]", "\"save\" is missing: under which name later steps have it" },

    /* call */
    { "call takes an object", STEP("\"call\":\"GetCallerIdentity\""), "$.steps[0].call",
      "expected an object, found a string" },
    { "null is no parameter", STEP("\"call\":{\"Policy\":null}"), "$.steps[0].call.Policy",
      PARAMETER_RULE "null" },
    { "a fraction is no parameter", STEP("\"call\":{\"DurationSeconds\":1.5}"),
      "$.steps[0].call.DurationSeconds", PARAMETER_RULE "a fractional number" },
    { "nor in a list", STEP("\"call\":{\"TagKeys\":[\"a\",null]}"), "$.steps[0].call.TagKeys[1]",
      PARAMETER_RULE "null" },
    { "nor in an item of a list", STEP("\"call\":{\"Tags\":[{\"Key\":\"a\",\"Value\":null}]}"),
      "$.steps[0].call.Tags[0].Value", PARAMETER_RULE "null" },
    { "nor in a list of an item", STEP("\"call\":{\"Entries\":[{\"Values\":[\"a\",0.5]}]}"),
      "$.steps[0].call.Entries[0].Values[1]", PARAMETER_RULE "a fractional number" },
    { "a name is saved before it is used",
      STEPS("{\"call\":{\"WebIdentityToken\":\"{own}\"}}," MINT "{\"advance\":1}"),
      "$.steps[0].call.WebIdentityToken", "no step before this saves \"own\"; there are none" },
    { "a step does not use what it saves itself",
      STEP("\"call\":{\"WebIdentityToken\":\"{me}\"},\"save\":\"me\""),
      "$.steps[0].call.WebIdentityToken", "no step before this saves \"me\"; there are none" },
    { "an unknown name is told with the nearest",
      STEPS(MINT "{\"call\":{\"WebIdentityToken\":\"{owm}\"}}"), "$.steps[1].call.WebIdentityToken",
      "no step before this saves \"owm\"; did you mean \"own\"?  There are: own" },
    { "of a reply too", STEPS(MINT "{\"call\":{\"AccessKeyId\":\"{creds.Credentials.X}\"}}"),
      "$.steps[1].call.AccessKeyId", "no step before this saves \"creds\"; there are: own" },
    { "in a list", STEP("\"call\":{\"PolicyArns\":[\"x\",\"{gone}\"]}"),
      "$.steps[0].call.PolicyArns[1]", "no step before this saves \"gone\"; there are none" },
    { "in an item of a list", STEP("\"call\":{\"Tags\":[{\"Key\":\"{gone}\"}]}"),
      "$.steps[0].call.Tags[0].Key", "no step before this saves \"gone\"; there are none" },

    /* get */
    { "get takes a path", STEP("\"get\":7"), "$.steps[0].get",
      "expected a string, found an integer" },
    { "which begins with a slash", STEP("\"get\":\"https://x/\""), "$.steps[0].get",
      "a path begins with \"/\", as in "
      "\"/issuers/ci.example.com/.well-known/openid-configuration\"" },

    /* time */
    { "advance takes a duration", STEP("\"advance\":\"an hour\""), "$.steps[0].advance",
      "expected a duration such as \"90s\", \"61m\" or \"1h30m\", or seconds" },
    { "no fraction of a second", STEP("\"advance\":0.5"), "$.steps[0].advance",
      "expected a duration such as \"90s\", \"61m\" or \"1h30m\", or seconds" },
    { "nothing is no duration", STEP("\"advance\":null"), "$.steps[0].advance",
      "expected a duration such as \"90s\", \"61m\" or \"1h30m\", or seconds" },
    { "clock takes a time", STEP("\"clock\":\"tomorrow\""), "$.steps[0].clock",
      "expected a time, RFC 3339 or seconds since 1970" },
    { "that there is", STEP("\"clock\":\"2026-02-30T00:00:00Z\""), "$.steps[0].clock",
      "expected a time, RFC 3339 or seconds since 1970" },

    /* issuers */
    { "rotate takes an issuer", STEP("\"rotate\":7"), "$.steps[0].rotate",
      "expected a string, found an integer" },
    { "with its https", STEP("\"rotate\":\"ci.example.com\""), "$.steps[0].rotate",
      "an issuer's URL begins with https://" },
    { "rotate knows its members", STEP("\"rotate\":{\"url\":\"https://x\"}"),
      "$.steps[0].rotate.url", "unknown member \"url\"; expected one of: issuer, publish" },
    { "rotate needs an issuer", STEP("\"rotate\":{\"publish\":false}"), "$.steps[0].rotate",
      "\"issuer\" is missing" },
    { "with https there too", STEP("\"rotate\":{\"issuer\":\"http://x\"}"),
      "$.steps[0].rotate.issuer", "an issuer's URL begins with https://" },
    { "publish is true or false", STEP("\"rotate\":{\"issuer\":\"https://x\",\"publish\":0}"),
      "$.steps[0].rotate.publish", "expected true or false, found an integer" },
    { "publish takes an issuer", STEP("\"publish\":{}"), "$.steps[0].publish",
      "expected a string, found an object" },
    { "retire takes an issuer", STEP("\"retire\":true"), "$.steps[0].retire",
      "expected a string, found a boolean" },
    { "down takes an issuer", STEP("\"down\":\"x\""), "$.steps[0].down",
      "an issuer's URL begins with https://" },
    { "up takes an issuer", STEP("\"up\":\"HTTPS://x\""), "$.steps[0].up",
      "an issuer's URL begins with https://" },

    /* the rest */
    { "fault takes a fault", STEP("\"fault\":\"all\""), "$.steps[0].fault",
      "expected a fault, or \"none\"" },
    { "no list of faults", STEP("\"fault\":[]"), "$.steps[0].fault",
      "expected a fault, or \"none\"" },
    { "world takes a patch", STEP("\"world\":[]"), "$.steps[0].world",
      "expected an object, found an array" },
    { "source_ip takes an address", STEP("\"source_ip\":\"10.0.0.256\""), "$.steps[0].source_ip",
      "expected an IPv4 or IPv6 address" },
    { "no range of them", STEP("\"source_ip\":\"10.0.0.0/8\""), "$.steps[0].source_ip",
      "expected an IPv4 or IPv6 address" },
    { "no number", STEP("\"source_ip\":1"), "$.steps[0].source_ip",
      "expected a string, found an integer" },

    /* save */
    { "a name is a text", CALL(",\"save\":1"), "$.steps[0].save",
      "expected a string, found an integer" },
    { "a name is not empty", CALL(",\"save\":\"\""), "$.steps[0].save", NAME_RULE },
    { "a name has no dot", CALL(",\"save\":\"a.b\""), "$.steps[0].save", NAME_RULE },
    { "a name has no brace", CALL(",\"save\":\"{a}\""), "$.steps[0].save", NAME_RULE },
    { "a name is not long", CALL(",\"save\":\"" LONG_65 "\""), "$.steps[0].save", NAME_RULE },

    { "a name is not that of credentials which are always there", CALL(",\"save\":\"test\""),
      "$.steps[0].save", "\"test\" are credentials that are always there; take another name" },
    { "of the environment neither", CALL(",\"save\":\"environment\""), "$.steps[0].save",
      "\"environment\" are credentials that are always there; take another name" },

    /* as */
    { "credentials are saved before", CALL(",\"as\":\"creds\""), "$.steps[0].as",
      "no step before this saves \"creds\"; there are none" },
    { "credentials are no number", CALL(",\"as\":1"), "$.steps[0].as",
      "expected the name of saved credentials, \"test\", or an object, found an integer" },
    { "credentials have an id", CALL(",\"as\":{\"secret_access_key\":\"x\"}"), "$.steps[0].as",
      "\"access_key_id\" is missing" },
    { "and a secret", CALL(",\"as\":{\"access_key_id\":\"x\"}"), "$.steps[0].as",
      "\"secret_access_key\" is missing" },
    { "which are texts", CALL(",\"as\":{\"access_key_id\":\"x\",\"secret_access_key\":1}"),
      "$.steps[0].as.secret_access_key", "expected a string, found an integer" },
    { "credentials know their members", CALL(",\"as\":{\"AccessKeyId\":\"x\"}"),
      "$.steps[0].as.AccessKeyId",
      "unknown member \"AccessKeyId\"; expected one of: "
      "access_key_id, secret_access_key, session_token" },

    /* expect */
    { "an expectation is an object", CALL(",\"expect\":200"), "$.steps[0].expect",
      "expected an object, found an integer" },
    { "an expectation knows its members", CALL(",\"expect\":{\"code\":\"x\"}"),
      "$.steps[0].expect.code",
      "unknown member \"code\"; expected one of: status, error, message, because, result, lost" },
    { "a document has no error of AWS's", STEP("\"get\":\"/\",\"expect\":{\"error\":\"x\"}"),
      "$.steps[0].expect.error",
      "unknown member \"error\"; expected one of: status, result, lost" },
    { "a status is a number", CALL(",\"expect\":{\"status\":\"200\"}"), "$.steps[0].expect.status",
      "expected an integer, found a string" },
    { "of HTTP", CALL(",\"expect\":{\"status\":99}"), "$.steps[0].expect.status",
      "expected an HTTP status, 100 to 599" },
    { "to 599", CALL(",\"expect\":{\"status\":600}"), "$.steps[0].expect.status",
      "expected an HTTP status, 100 to 599" },
    { "an error is a text", CALL(",\"expect\":{\"error\":{\"like\":\"*\"}}"),
      "$.steps[0].expect.error", "expected a string, found an object" },
    { "a message is a text or like one", CALL(",\"expect\":{\"message\":{\"likes\":\"*\"}}"),
      "$.steps[0].expect.message", "expected a text or {\"like\": \"...\"}, found an object" },
    { "like is a text", CALL(",\"expect\":{\"message\":{\"like\":1}}"), "$.steps[0].expect.message",
      "expected a text or {\"like\": \"...\"}, found an object" },
    { "like stands alone", CALL(",\"expect\":{\"message\":{\"like\":\"*\",\"x\":1}}"),
      "$.steps[0].expect.message", "expected a text or {\"like\": \"...\"}, found an object" },
    { "a result is an object", CALL(",\"expect\":{\"result\":[]}"), "$.steps[0].expect.result",
      "expected an object, found an array" },
    { "lost is true", CALL(",\"expect\":{\"lost\":false}"), "$.steps[0].expect.lost",
      "expected true, found a boolean" },
    { "and alone", CALL(",\"expect\":{\"lost\":true,\"status\":200}"), "$.steps[0].expect",
      "of an answer that is lost nothing else can be expected" },
    { "because is an object", CALL(",\"expect\":{\"because\":\"x\"}"), "$.steps[0].expect.because",
      "expected an object, found a string" },
    { "because knows its members", CALL(",\"expect\":{\"because\":{\"resaon\":\"x\"}}"),
      "$.steps[0].expect.because.resaon",
      "unknown member \"resaon\"; expected one of: reason, detail, check, "
      "statement, operator, key, hint" },
    { "a reason is a text", CALL(",\"expect\":{\"because\":{\"reason\":1}}"),
      "$.steps[0].expect.because.reason", "expected a string, found an integer" },
    { "a detail is a text or like one", CALL(",\"expect\":{\"because\":{\"detail\":1}}"),
      "$.steps[0].expect.because.detail",
      "expected a text or {\"like\": \"...\"}, found an integer" },
    { "a statement is counted", CALL(",\"expect\":{\"because\":{\"statement\":\"web\"}}"),
      "$.steps[0].expect.because.statement", "expected an integer, found a string" },
    { "from 0", CALL(",\"expect\":{\"because\":{\"statement\":-1}}"),
      "$.steps[0].expect.because.statement", "statements are counted from 0" },
    { "an operator stands in a statement", CALL(",\"expect\":{\"because\":{\"operator\":\"x\"}}"),
      "$.steps[0].expect.because",
      "\"operator\" and \"key\" need the \"statement\" they stand in" },
    { "and so does a key", CALL(",\"expect\":{\"because\":{\"key\":\"x\"}}"),
      "$.steps[0].expect.because",
      "\"operator\" and \"key\" need the \"statement\" they stand in" },
    { "a hint is a text", CALL(",\"expect\":{\"because\":{\"hint\":[\"x\"]}}"),
      "$.steps[0].expect.because.hint", "expected a string, found an array" },
};

static struct str path_of(struct str place)
{
    for (size_t i = 0; i + 2 < place.n; i++)
        if (place.p[i] == ':' && place.p[i + 1] == ' ' && place.p[i + 2] == '$')
            return str_sub(place, i + 2, place.n);
    return place;
}

START_TEST(what_is_wrong_is_told_with_its_place)
{
    struct scenario *s = NULL;
    struct why why;
    struct str text = guarded(str_of(refused[_i].text));
    ck_assert_msg(failed(read(text, &why, &s)), "%s: taken", refused[_i].name);
    ck_assert_msg(s == NULL && why.fault == FAULT_CONFIG_INVALID, "%s: %.*s", refused[_i].name,
                  STR_ARG(why_text(&why)));
    want_str(refused[_i].name, path_of(why.place), str_of(refused[_i].path));
    want_str(refused[_i].name, why.detail, str_of(refused[_i].detail));
}
END_TEST

START_TEST(a_place_is_a_file_a_line_and_a_column)
{
    struct scenario *s;
    struct why why;
    ck_assert(failed(read(STR("{ \"scenario\": \"t\",\n  \"steps\": [\n    { \"advance\": 1 },\n"
                              "    { \"clock\":\n      \"noon\" } ] }"),
                          &why, &s)));
    want_str("place", why.place, STR("s.json:5:7: $.steps[1].clock"));
}
END_TEST

/* Each verb has rows above that refuse what is not its own: none was forgotten. */
START_TEST(every_verb_refuses_something)
{
    for (const struct step_row *row = step_rows; row->verb; row++) {
        struct str below = arena_printf(a, "$.steps[0].%s", row->verb);
        bool met = false;
        for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
            met |= str_starts(str_of(refused[i].path), below);
        ck_assert_msg(met, "no row refuses a value of %s", row->verb);
    }
}
END_TEST

/* ---- bounds ---- */

static struct str so_many_steps(size_t n)
{
    struct text t = text_new(a, 1024 * 1024);
    text_put(&t, STR("{\"scenario\":\"t\",\"steps\":["));
    for (size_t i = 0; i < n; i++)
        text_printf(&t, "%s{\"advance\":1}", i ? "," : "");
    text_put(&t, STR("]}"));
    return text_str(&t);
}

START_TEST(there_are_at_most_500_steps)
{
    struct scenario *s;
    struct why why;
    ck_assert_uint_eq(taken(so_many_steps(500))->n_steps, 500);
    ck_assert(failed(read(so_many_steps(501), &why, &s)));
    want_str("detail", why.detail, STR("expected 1 to 500 steps, found 501"));
}
END_TEST

/* ---- what is taken ---- */

static const struct {
    const char *name, *text;
} accepted[] = {
    { "a call without Action, for AWS to refuse", STEP("\"call\":{}") },
    { "a parameter of every type",
      STEP("\"call\":{\"Action\":\"X\",\"A\":1,\"B\":true,\"C\":{\"Version\":null,\"x\":0.5},"
           "\"D\":[\"a\",{\"Key\":\"k\",\"Value\":{\"deep\":null}}],\"E\":[]}") },
    { "a document that holds braces is itself",
      STEP("\"call\":{\"Policy\":\"{\\\"Version\\\":\\\"2012-10-17\\\"}\",\"X\":\"{}\","
           "\"Y\":\"{a b}\",\"Z\":{\"in\":\"{gone}\"}}") },
    { "a token, once it is saved",
      STEPS(MINT "{\"call\":{\"WebIdentityToken\":\"{own}\"},\"save\":\"own\"},"
                 "{\"call\":{\"X\":\"{own.Credentials.0}\"},\"as\":\"own\"}") },
    { "the credentials that are always there", CALL(",\"as\":\"test\"") },
    { "those of the environment", CALL(",\"as\":\"environment\"") },
    { "any others", CALL(",\"as\":{\"access_key_id\":\"\",\"secret_access_key\":\"\","
                         "\"session_token\":\"\"}") },
    { "a name of 64", CALL(",\"save\":\"" LONG_64 "\"") },
    { "an expectation of nothing", CALL(",\"expect\":{}") },
    { "everything that can be expected",
      CALL(",\"expect\":{\"status\":403,\"error\":\"x\",\"message\":{\"like\":\"*\"},\"because\":"
           "{\"reason\":\"r\",\"detail\":\"d\",\"check\":\"c\",\"statement\":0,\"operator\":\"o\","
           "\"key\":\"k\",\"hint\":\"h\"},\"result\":{\"a\":null}}") },
    { "a lost answer", CALL(",\"expect\":{\"lost\":true}") },
    { "any result of a document", STEP("\"get\":\"/\",\"expect\":{\"result\":[1]}") },
    { "durations", STEPS("{\"advance\":\"1h30m\"},{\"advance\":0},{\"advance\":-60}") },
    { "times", STEPS("{\"clock\":0},{\"clock\":\"2026-09-11T12:00:00.5+02:00\"}") },
    { "a new key, published or not",
      STEPS("{\"rotate\":\"https://x\"},{\"rotate\":{\"issuer\":\"https://x\",\"publish\":false}},"
            "{\"publish\":\"https://x\"},{\"retire\":\"https://x\"}") },
    { "an issuer that is gone and comes back",
      STEPS("{\"down\":\"https://x\"},{\"up\":\"https://x\"}") },
    { "faults, which the world judges", STEPS("{\"fault\":{\"x\":1}},{\"fault\":\"none\"}") },
    { "worlds, which are judged when they are played",
      WITH("\"world\":{\"x\":1},\"steps\":[{\"world\":{\"y\":1}}]") },
    { "addresses", STEPS("{\"source_ip\":\"203.0.113.7\"},{\"source_ip\":\"2001:db8::1\"}") },
    { "notes beside any verb", STEPS("{\"note\":\"n\",\"advance\":1}") },
};

START_TEST(what_the_format_has_is_taken)
{
    struct scenario *s = taken(guarded(str_of(accepted[_i].text)));
    ck_assert_msg(s->n_steps > 0, "%s", accepted[_i].name);
}
END_TEST

START_TEST(a_scenario_is_what_was_written)
{
    struct scenario *s = taken(STR("{\"$schema\":\"x\",\"scenario\":\"title\",\"story\":\"why\","
                                   "\"source\":\"where\",\"clock\":1000,\"world\":{\"a\":1},"
                                   "\"steps\":[{\"call\":{\"Action\":\"X\"},\"save\":\"r\",\"as\":"
                                   "\"test\",\"expect\":{\"status\":200}},{\"get\":\"/\"}]}"));
    want_str("title", s->title, STR("title"));
    want_str("story", s->story, STR("why"));
    want_str("source", s->source, STR("where"));
    ck_assert_int_eq(s->clock_ms, 1000000);
    ck_assert(json_integer_value(json_object_get(s->world, "a")) == 1);
    ck_assert_uint_eq(s->n_steps, 2);
    ck_assert_str_eq(s->steps[0].row->verb, "call");
    want_str("action", json_str(json_object_get(s->steps[0].value, "Action")), STR("X"));
    want_str("save", s->steps[0].save, STR("r"));
    want_str("as", json_str(s->steps[0].as), STR("test"));
    ck_assert(s->steps[0].expects && json_object_size(s->steps[0].expect.value) == 1);
    ck_assert(!s->steps[1].expects && !s->steps[1].save.p && !s->steps[1].as);
    want_str("place", scenario_place(a, s, 1), STR("s.json:1:175: $.steps[1]"));
}
END_TEST

START_TEST(the_clock_begins_at_noon)
{
    struct scenario *s = taken(STR(STEP("\"advance\":1")));
    int64_t noon;
    ck_assert(time_read(STR("2026-09-11T12:00:00Z"), &noon));
    ck_assert_int_eq(s->clock_ms, noon);
    ck_assert_ptr_null(s->world);
}
END_TEST

static const struct {
    const char *text;
    bool meant;
} meant[] = {
    { "{\"steps\":null}", true },
    { "{\"scenario\":7}", true },
    { "{\"exchange\":{\"scenario\":\"x\"}}", false },
    { "{\"roles\":[]}", false },
    { "[\"steps\"]", false },
    { "\"scenario\"", false },
    { "null", false },
};

START_TEST(an_object_with_steps_or_a_title_is_meant_to_be_one)
{
    json_t *v = json_keep(a, json_loads(meant[_i].text, JSON_DECODE_ANY, NULL));
    ck_assert_msg(v && scenario_resembles(v) == meant[_i].meant, "%s", meant[_i].text);
}
END_TEST

/* ---- references ---- */

/* The same, obviously: a brace, names with dots between, a brace. */
static bool is_reference(struct str s)
{
    size_t name = 0;
    if (s.n < 3 || s.p[0] != '{' || s.p[s.n - 1] != '}')
        return false;
    for (size_t i = 1; i + 1 < s.n; i++) {
        bool dot = s.p[i] == '.';
        bool letter = memchr("abcxyzABCXYZ0123456789-_", s.p[i], 24) != NULL;
        if (!dot && !letter)
            return false;
        if (dot && !name)
            return false;
        name = dot ? 0 : name + 1;
        if (name > SCENARIO_NAME_MAX)
            return false;
    }
    return name > 0;
}

/* All texts of up to seven of these characters. */
START_TEST(a_reference_is_names_in_braces)
{
    static const char alphabet[] = "{}.a-";
    enum { LETTERS = sizeof alphabet - 1, LENGTH = 7 };
    size_t n_references = 0;
    char text[LENGTH];
    for (size_t n = 0; n <= LENGTH; n++) {
        size_t all = 1;
        for (size_t i = 0; i < n; i++)
            all *= LETTERS;
        for (size_t k = 0; k < all; k++) {
            struct str name, path, s = str_n(text, n);
            for (size_t i = 0, rest = k; i < n; i++, rest /= LETTERS)
                text[i] = alphabet[rest % LETTERS];
            bool got = scenario_reference(s, &name, &path);
            WANT(got == is_reference(s), "\"%.*s\": %d", STR_ARG(s), got);
            if (!got)
                continue;
            n_references++;
            struct str again =
                arena_printf(a, "{%.*s%s%.*s}", STR_ARG(name), path.n ? "." : "", STR_ARG(path));
            WANT(str_eq(again, s) && !memchr(name.p, '.', name.n), "\"%.*s\" is \"%.*s\"",
                 STR_ARG(s), STR_ARG(again));
        }
    }
    ck_assert_uint_gt(n_references, 50);
}
END_TEST

static const struct {
    const char *name, *text, *written;
} literals[] = {
    { "a plain text", "own", "own" },
    { "one that looks like a reference", "{own}", "{{own}}" },
    { "with a path", "{a.b}", "{{a.b}}" },
    { "one that is written already", "{{own}}", "{{{own}}}" },
    { "a document", "{\"a\":1}", "{\"a\":1}" },
    { "a document of a document", "{{}}", "{{}}" },
    { "braces that do not fit", "{{own}", "{{own}" },
    { "nothing", "", "" },
};

/* What is written is no reference, and stands for the text. */
START_TEST(any_text_can_be_written)
{
    struct str text = str_of(literals[_i].text), name, path, back = STR("?");
    struct str written = scenario_written(a, text);
    want_str(literals[_i].name, written, str_of(literals[_i].written));
    ck_assert(!scenario_reference(written, &name, &path));
    ck_assert_int_eq(scenario_literal(written, &back), !str_eq(written, text));
    want_str(literals[_i].name, str_eq(written, text) ? text : back, text);
}
END_TEST

START_TEST(a_reference_of_64_letters_is_the_longest)
{
    struct str name, path;
    ck_assert(scenario_reference(STR("{" LONG_64 "." LONG_64 "}"), &name, &path));
    ck_assert(name.n == 64 && path.n == 64);
    ck_assert(!scenario_reference(STR("{" LONG_65 "}"), &name, &path));
    ck_assert(!scenario_reference(STR("{a." LONG_65 "}"), &name, &path));
}
END_TEST

Suite *scenario_suite(void);

Suite *scenario_suite(void)
{
    Suite *s = suite_create("scenarios/scenario");
    TCase *t = tcase_create("scenario");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, what_is_wrong_is_told_with_its_place, 0,
                        sizeof refused / sizeof refused[0]);
    tcase_add_test(t, a_place_is_a_file_a_line_and_a_column);
    tcase_add_test(t, every_verb_refuses_something);
    tcase_add_test(t, there_are_at_most_500_steps);
    tcase_add_loop_test(t, what_the_format_has_is_taken, 0, sizeof accepted / sizeof accepted[0]);
    tcase_add_test(t, a_scenario_is_what_was_written);
    tcase_add_test(t, the_clock_begins_at_noon);
    tcase_add_loop_test(t, an_object_with_steps_or_a_title_is_meant_to_be_one, 0,
                        sizeof meant / sizeof meant[0]);
    tcase_add_test(t, a_reference_is_names_in_braces);
    tcase_add_loop_test(t, any_text_can_be_written, 0, sizeof literals / sizeof literals[0]);
    tcase_add_test(t, a_reference_of_64_letters_is_the_longest);
    suite_add_tcase(s, t);
    return s;
}
