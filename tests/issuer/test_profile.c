#include "issuer/profile.h"

#include "base/file.h"
#include "base/text.h"
#include "tests/issuer/fixture.h"

static struct fixture f;

static void set_up(void)
{
    fixture_init(&f);
}

static void tear_down(void)
{
    fixture_free(&f);
}

/* A profile that needs nothing: what others are changed from. */
static struct str with_double_quotes(const char *text)
{
    char *p = arena_cstr(f.arena, str_of(text));
    for (char *q = p; *q; q++)
        *q = *q == '\'' ? '"' : *q;
    return str_of(p);
}

static struct outcome load(const char *text, struct why *why, struct profiles **out)
{
    struct profile_file *file = arena_make(f.arena, struct profile_file);
    *file = (struct profile_file){ STR("our-ci.json"), with_double_quotes(text) };
    *why = why_new(f.arena);
    return profiles_load(f.arena, why, file, 1, out);
}

#define CI       "'platform':'our-ci','issuer':'https://ci.example.com/{org}'"
#define ORG      "'parameters':{'org':{'default':'acme'}}"
#define CLAIMS   "'claims':{'iss':'{$iss}','sub':'org:{org}','aud':'x','iat':'{$iat}','exp':'{$exp}'}"
#define COMPLETE "{" CI "," ORG "," CLAIMS

START_TEST(a_platform_is_a_few_lines)
{
    const struct profile_variant *v;
    struct profiles *p;
    struct why why;
    want_ok(&why, load(COMPLETE "}", &why, &p));
    want_ok(&why, profiles_find(p, &why, STR("our-ci"), &v));
    want_str("title", v->profile->title, STR("our-ci"));
    want_str("variant", v->name, STR("default"));
    want_str("keyring", v->keyring, STR("our-ci"));
    want_str("kid shape", v->kid_shape, STR("thumbprint"));
    want_str("alg", v->alg->name, STR("RS256"));
    want_str("JWKS path", v->jwks_path, STR("/.well-known/jwks.json"));
    want_str("session name", v->session_name, STR("our-ci"));
    ck_assert_int_eq(v->lifetime_s, 3600);

    f.profiles = p;
    struct token_ask ask = { .platform = STR("our-ci"), .set = fixture_json(&f, "{'org':'b'}") };
    struct token t = fixture_mint(&f, &ask);
    want_json(&f, "claims", t.claims,
              "{'iss':'https://ci.example.com/b','sub':'org:b','aud':'x','iat':1700000000,"
              "'exp':1700003600}");
}
END_TEST

static const struct {
    const char *name, *profile, *place, *reason;
} refused[] = {
    { "no JSON is refused", "{", "our-ci.json:1:", "not valid JSON" },
    { "no object is refused", "[]", "$", "expected an object" },
    { "a duplicate member is refused", "{'platform':'a','platform':'b'}",
      "our-ci.json:1:", "duplicate" },
    { "an unknown member is refused", COMPLETE ",'lifetime':5}", "$.lifetime", "lifetime_s" },
    { "no name is refused", "{" ORG "," CLAIMS "}", "$", "\"platform\" is needed" },
    { "a name with a slash is refused", "{'platform':'a/b'}", "$.platform",
      "no name of a platform" },
    { "a taken name is refused", "{'platform':'render','issuer':'https://x','claims':{}}",
      "$.platform", "\"render\" already (issuer/profiles/render.json)" },
    { "no issuer is refused", "{'platform':'a'," ORG "," CLAIMS "}", "$", "\"issuer\" is needed" },
    { "no claims are refused", "{" CI "," ORG "}", "$", "\"claims\" is needed" },
    { "claims that are no object are refused", "{" CI "," ORG ",'claims':[]}", "$.claims",
      "expected an object" },
    { "an issuer without https is refused", "{'platform':'a','issuer':'http://x','claims':{}}", "$",
      "only https://" },
    { "an issuer that cannot be read back is refused",
      "{'platform':'a','issuer':'https://{x}{y}','parameters':{'x':{'default':'1'},'y':{'default':"
      "'2'}},'claims':{}}",
      "$.issuer", "side by side" },
    { "an issuer that may be nothing is refused",
      "{" ORG ",'platform':'a','issuer':{'$first':[{'if':{'org':'x'},'value':'https://x'}]},"
      "'claims':{}}",
      "$.issuer", "in every case" },
    { "an issuer with a derived value is refused",
      "{'platform':'a','issuer':'https://{d}','derived':{'d':'x'},'claims':{}}", "$.issuer",
      "no parameter \"d\"" },
    { "a misspelt parameter in a claim is refused, the nearest named",
      "{" CI "," ORG ",'claims':{'sub':'{orgg}'}}", "$.claims.sub", "did you mean \"org\"?" },
    { "a misspelt parameter in the header is refused", COMPLETE ",'header':{'kid':'{kid}'}}",
      "$.header.kid", "there are: org" },
    { "a claim cannot hold the kid", "{" CI "," ORG ",'claims':{'k':'{$kid}'}}", "$.claims.k",
      "{$kid} cannot stand here" },
    { "an upper-case parameter is refused",
      "{" CI ",'parameters':{'Org':{'default':'x'}}," CLAIMS "}", "$.parameters.Org",
      "no name of a parameter" },
    { "a parameter without default is refused", "{" CI ",'parameters':{'org':{}}," CLAIMS "}",
      "$.parameters.org", "\"default\" is needed" },
    { "an unknown member of a parameter is refused",
      "{" CI ",'parameters':{'org':{'default':'x','patern':'y'}}," CLAIMS "}",
      "$.parameters.org.patern", "pattern" },
    { "an unknown type is refused",
      "{" CI ",'parameters':{'org':{'default':'x','type':'text'}}," CLAIMS "}",
      "$.parameters.org.type", "no type \"text\"" },
    { "a default of another type is refused",
      "{" CI ",'parameters':{'org':{'default':1,'type':'string'}}," CLAIMS "}", "$.parameters.org",
      "type that the parameter is not" },
    { "an object as default is refused", "{" CI ",'parameters':{'org':{'default':{}}}," CLAIMS "}",
      "$.parameters.org", "type that the parameter is not" },
    { "a bad pattern is refused",
      "{" CI ",'parameters':{'org':{'default':'x','pattern':'('}}," CLAIMS "}",
      "$.parameters.org.pattern", "no regular expression" },
    { "a default that does not match its own pattern is refused",
      "{" CI ",'parameters':{'org':{'default':'x','pattern':'^[0-9]+$'}}," CLAIMS "}",
      "$.parameters.org.default", "does not match ^[0-9]+$" },
    { "a default may not name itself",
      "{" CI ",'parameters':{'org':{'default':'{org}'}}," CLAIMS "}", "$.parameters.org.default",
      "no parameter \"org\"" },
    { "a default may not name a later one",
      "{" CI ",'parameters':{'org':{'default':'{late}'},'late':{'default':'x'}}," CLAIMS "}",
      "$.parameters.org.default", "no parameter \"late\"" },
    { "a default may not be a time",
      "{" CI ",'parameters':{'org':{'default':'{$iat}'}}," CLAIMS "}", "$.parameters.org.default",
      "{$iat} cannot stand here" },
    { "a default for every case is wanted",
      "{" CI
      ",'parameters':{'org':{'default':{'$first':[{'if':{'$variant':'x'},'value':'y'}]}}}," CLAIMS
      "}",
      "$.parameters.org.default", "the last case must have no \"if\"" },
    { "a parameter that changes nothing is refused",
      "{" CI ",'parameters':{'org':{'default':'x'},'unused':{'default':'y'}}," CLAIMS "}", "$",
      "\"unused\" is declared and stands in no template" },
    { "a derived value that changes nothing is refused", COMPLETE ",'derived':{'d':'{org}'}}", "$",
      "\"d\" is declared" },
    { "a derived value of a parameter's name is refused", COMPLETE ",'derived':{'org':'x'}}",
      "$.derived.org", "a parameter already" },
    { "a derived object is refused", COMPLETE ",'derived':{'d':{'a':1}}}", "$.derived.d",
      "a derived value is" },
    { "a keyring that the issuer does not tell is refused",
      "{" CI ",'parameters':{'org':{'default':'x'},'p':{'default':'y'}},'keyring':'k-{p}',"
      "'claims':{'a':'{p}'}}",
      "$.keyring", "only on parameters that stand in the issuer" },
    { "an unknown kid shape is refused", COMPLETE ",'kid_shape':'sha512'}", "$.kid_shape",
      "no kid shape \"sha512\"" },
    { "an unknown alg is refused", COMPLETE ",'alg':'HS256'}", "$", "alg is \"HS256\"" },
    { "a JWKS path without slash is refused", COMPLETE ",'jwks_path':'keys'}", "$.jwks_path",
      "expected a path" },
    { "a JWKS path with a query is refused", COMPLETE ",'jwks_path':'/keys?x'}", "$.jwks_path",
      "expected a path" },
    { "a lifetime of 0 is refused", COMPLETE ",'lifetime_s':0}", "$.lifetime_s",
      "expected seconds" },
    { "a lifetime of a hundred years is refused", COMPLETE ",'lifetime_s':3153600000}",
      "$.lifetime_s", "expected seconds" },
    { "a lifetime as text is refused", COMPLETE ",'lifetime_s':'1h'}", "$.lifetime_s",
      "expected an integer" },
    { "a discovery document with an issuer is refused", COMPLETE ",'discovery':{'issuer':'x'}}",
      "$.discovery.issuer", "put in from the request" },
    { "no variants at all are refused", COMPLETE ",'variants':{}}", "$.variants",
      "at least one variant" },
    { "a variant's unknown member is refused", COMPLETE ",'variants':{'a':{'parameters':{}}}}",
      "$.variants.a.parameters", "lifetime_s" },
    { "a variant with a bad name is refused", COMPLETE ",'variants':{'A':{}}}", "$.variants.A",
      "no name of a variant" },
    { "a delivery of two kinds is refused", COMPLETE ",'deliveries':[{'env':'A','file':'/b'}]}",
      "$.deliveries[0]", "expected one of" },
    { "a delivery of no kind is refused", COMPLETE ",'deliveries':[{}]}", "$.deliveries[0]",
      "expected one of" },
    { "a path belongs to env_file", COMPLETE ",'deliveries':[{'env':'A','path':'/b'}]}",
      "$.deliveries[0]", "expected one of" },
    { "a variable with a hyphen is refused", COMPLETE ",'deliveries':[{'env':'A-B'}]}",
      "$.deliveries[0].env", "no name of a environment variable" },
    { "a relative file is refused", COMPLETE ",'deliveries':[{'file':'token'}]}",
      "$.deliveries[0].file", "absolute path" },
    { "a file that leads outside is refused",
      COMPLETE ",'deliveries':[{'file':'/mnt/../etc/passwd'}]}", "$.deliveries[0].file",
      "absolute path" },
    { "a folder as file is refused", COMPLETE ",'deliveries':[{'file':'/mnt/'}]}",
      "$.deliveries[0].file", "absolute path" },
    { "credentials are delivered or not mentioned",
      COMPLETE ",'deliveries':[{'credentials':false}]}", "$.deliveries[0].credentials",
      "expected true" },
    { "a delivery of an unknown variant is refused",
      COMPLETE ",'variants':{'v1':{}},'deliveries':[{'env':'A','variant':'v2'}]}", "$",
      "\"v2\", which there is not" },
    { "an unknown evidence is refused", COMPLETE ",'facts':[{'fact':'x','evidence':'guessed'}]}",
      "$.facts[0].evidence", "documented" },
    { "a fact without evidence is refused", COMPLETE ",'facts':[{'fact':'x'}]}", "$.facts[0]",
      "\"evidence\" is needed" },
    { "values that double at each step are refused",
      "{" CI "," ORG ",'derived':{"
      "'a':'{org}{org}{org}{org}{org}{org}{org}{org}','b':'{a}{a}{a}{a}{a}{a}{a}{a}',"
      "'c':'{b}{b}{b}{b}{b}{b}{b}{b}','d':'{c}{c}{c}{c}{c}{c}{c}{c}',"
      "'e':'{d}{d}{d}{d}{d}{d}{d}{d}','f':'{e}{e}{e}{e}{e}{e}{e}{e}'},'claims':{'f':'{f}'}}",
      "$", "more than" },
};

START_TEST(refuses_with_the_place)
{
    struct profiles *p = NULL;
    struct why why;
    ck_assert_msg(failed(load(refused[_i].profile, &why, &p)), "%s", refused[_i].name);
    ck_assert_ptr_null(p);
    ck_assert_int_eq(fault_kind(why.fault), FAULT_KIND_INPUT);
    struct str wanted = refused[_i].place[0] == '$'
                            ? arena_printf(f.arena, ": %s", refused[_i].place)
                            : str_of(refused[_i].place);
    ck_assert_msg(str_starts(why.place, STR("our-ci.json:1:")) &&
                      (refused[_i].place[0] != '$' || str_ends(why.place, wanted)),
                  "%s: place is %.*s", refused[_i].name, STR_ARG(why.place));
    want_part(refused[_i].name, why.detail, refused[_i].reason);
}
END_TEST

START_TEST(too_many_parameters_are_refused)
{
    struct profiles *p;
    struct why why;
    struct str text = STR("{'platform':'a','issuer':'https://x','claims':{},'parameters':{");
    for (int i = 0; i <= CLAIMS_SLOTS_MAX; i++)
        text = arena_printf(f.arena, "%.*s%s'p%d':{'default':'x'}", STR_ARG(text), i ? "," : "", i);
    ck_assert(failed(load(arena_printf(f.arena, "%.*s}}", STR_ARG(text)).p, &why, &p)));
    want_part("parameters", why.detail, "more than 64");
}
END_TEST

/* ---- finding ---- */

static const struct {
    const char *name, *asked, *platform, *variant, *reason;
} finds[] = {
    { "a platform alone is its first variant", "circleci", "circleci", "v1", NULL },
    { "a variant is named behind a slash", "circleci/v2", "circleci", "v2", NULL },
    { "pulumi's first variant is deploy", "pulumi", "pulumi", "deploy", NULL },
    { "render's first variant is service", "render", "render", "service", NULL },
    { "github's first variant is classic", "github", "github", "classic", NULL },
    { "env0 is v1", "env0", "env0", "v1", NULL },
    { "a platform without variants has one", "eks/default", "eks", "default", NULL },
    { "an unknown platform is refused, the nearest and all named", "circelci", NULL, NULL,
      "did you mean \"circleci\"?  There are: circleci, eks, env0, generic, github, pulumi, "
      "render" },
    { "an unknown variant is refused, all named", "circleci/v3", NULL, NULL,
      "has no variant \"v3\"; did you mean \"v1\"?  There are: v1, v2" },
    { "an empty variant is none", "circleci/", NULL, NULL, "has no variant \"\"" },
    { "names keep their case", "CircleCI", NULL, NULL, "no platform \"CircleCI\"" },
    { "no name is no platform", "", NULL, NULL, "no platform \"\"" },
};

START_TEST(finds_by_name)
{
    const struct profile_variant *v = NULL;
    struct why why = why_new(f.arena);
    struct outcome o = profiles_find(f.profiles, &why, str_of(finds[_i].asked), &v);
    ck_assert_msg(failed(o) == !finds[_i].platform, "%s", finds[_i].name);
    if (failed(o)) {
        ck_assert_int_eq(why.fault, FAULT_PLATFORM_UNKNOWN);
        want_part(finds[_i].name, why.detail, finds[_i].reason);
        return;
    }
    want_str(finds[_i].name, v->profile->name, str_of(finds[_i].platform));
    want_str(finds[_i].name, v->name, str_of(finds[_i].variant));
}
END_TEST

static const struct {
    const char *name, *issuer, *platform, *keyring;
} issuers[] = {
    { "CircleCI's issuer names an organization",
      "https://oidc.circleci.com/org/00f45056-5918-4171-9222-b538c76ed3f8", "circleci/v1",
      "circleci" },
    { "CircleCI's root issuer is CircleCI's too", "https://oidc.circleci.com", "circleci/v1",
      "circleci" },
    { "an organization that is no uuid is not CircleCI's", "https://oidc.circleci.com/org/acme",
      NULL, NULL },
    { "a final slash makes another issuer",
      "https://oidc.circleci.com/org/00f45056-5918-4171-9222-b538c76ed3f8/", NULL, NULL },
    { "Render's issuer", "https://oidc.render.com/tea-abc", "render/service", "render" },
    { "Render without a workspace is nobody's", "https://oidc.render.com/", NULL, NULL },
    { "env0's issuer ends with a slash", "https://login.app.env0.com/", "env0/v1", "env0" },
    { "without it it is another", "https://login.app.env0.com", NULL, NULL },
    { "Pulumi's first issuer", "https://api.pulumi.com/oidc", "pulumi/deploy", "pulumi" },
    { "Pulumi's second issuer is not taken for the first", "https://api.pulumi.com/oidc/v2",
      "pulumi/v2", "pulumi-v2" },
    { "Pulumi has no third", "https://api.pulumi.com/oidc/v3", NULL, NULL },
    { "GitHub's issuer", "https://token.actions.githubusercontent.com", "github/classic",
      "github" },
    { "an enterprise's", "https://token.actions.githubusercontent.com/octo", "github/classic",
      "github" },
    { "with data residency", "https://token.actions.octo.ghe.com", "github/classic", "github" },
    { "both", "https://token.actions.octo.ghe.com/slug", "github/classic", "github" },
    { "each EKS cluster has its own keys",
      "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF", "eks/default",
      "eks-eu-west-1-0123456789ABCDEF0123456789ABCDEF" },
    { "anything else is nobody's", "https://issuer.example.com", NULL, NULL },
    { "case counts", "https://API.pulumi.com/oidc", NULL, NULL },
    { "nothing is nobody's", "", NULL, NULL },
};

START_TEST(finds_by_issuer)
{
    struct str issuer = str_of(issuers[_i].issuer);
    const struct profile_variant *v = profiles_for_issuer(f.profiles, issuer);
    struct keyring_spec spec = token_keyring(f.arena, f.profiles, issuer, NULL);
    ck_assert_msg(!v == !issuers[_i].platform, "%s", issuers[_i].name);
    want_str(issuers[_i].name, spec.name,
             issuers[_i].keyring ? str_of(issuers[_i].keyring) : issuer);
    if (v)
        want_str(issuers[_i].name,
                 arena_printf(f.arena, "%.*s/%.*s", STR_ARG(v->profile->name), STR_ARG(v->name)),
                 str_of(issuers[_i].platform));
}
END_TEST

/* What the STS side finds an issuer's keys by is what the token was signed with. */
START_TEST(every_platform_is_found_again_by_its_issuer)
{
    for (size_t i = 0; i < f.profiles->n; i++) {
        const struct profile *p = &f.profiles->all[i];
        for (size_t j = 0; j < p->n_variants; j++) {
            struct token_ask ask = { .platform =
                                         arena_printf(f.arena, "%.*s/%.*s", STR_ARG(p->name),
                                                      STR_ARG(p->variants[j].name)) };
            struct token t = fixture_mint(&f, &ask);
            const struct profile_variant *v = profiles_for_issuer(f.profiles, t.issuer);
            ck_assert_msg(str_eq(p->name, STR("generic")) ? !v : v && v->profile == p, "%.*s",
                          STR_ARG(ask.platform));
        }
    }
}
END_TEST

START_TEST(an_issuer_too_long_is_nobodys)
{
    char text[5000];
    memset(text, 'a', sizeof text);
    memcpy(text, "https://oidc.render.com/tea-", 28);
    ck_assert_ptr_null(profiles_for_issuer(f.profiles, str_n(text, sizeof text)));
    ck_assert_ptr_nonnull(profiles_for_issuer(f.profiles, str_n(text, 255)));
}
END_TEST

/* ---- what profiles say of themselves ---- */

START_TEST(facts_say_how_they_are_known)
{
    for (size_t i = 0; i < f.profiles->n; i++) {
        const struct profile *p = &f.profiles->all[i];
        ck_assert_msg(p->n_facts > 0, "%.*s has no facts", STR_ARG(p->name));
        for (size_t j = 0; j < p->n_facts; j++)
            ck_assert_msg(p->facts[j].source.n || p->facts[j].evidence == EVIDENCE_INFERRED,
                          "%.*s: \"%.*s\" is %s and names no source", STR_ARG(p->name),
                          STR_ARG(p->facts[j].fact), evidence_name(p->facts[j].evidence));
        for (size_t j = 0; j < p->n_parameters; j++)
            ck_assert_msg(p->parameters[j].about.n > 0, "%.*s: %.*s says nothing of itself",
                          STR_ARG(p->name), STR_ARG(p->parameters[j].name));
    }
}
END_TEST

/* In a table of Markdown. */
static struct str cell(struct str s)
{
    struct text t = text_new(f.arena, 64 * 1024);
    for (size_t i = 0; i < s.n; i++)
        text_printf(&t, "%s%c", s.p[i] == '|' || s.p[i] == '<' ? "\\" : "", s.p[i]);
    return text_str(&t);
}

START_TEST(facts_stand_in_the_documentation)
{
    struct why why = why_new(f.arena);
    struct str page;
    want_ok(&why, file_read(f.arena, &why, "docs/platforms.md", 1 << 20, &page));
    for (size_t i = 0; i < f.profiles->n; i++) {
        const struct profile *p = &f.profiles->all[i];
        for (size_t j = 0; j < p->n_facts; j++) {
            struct str fact = cell(p->facts[j].fact), source = cell(p->facts[j].source);
            struct str row =
                arena_printf(f.arena, "| %s | %.*s | %.*s |\n", evidence_name(p->facts[j].evidence),
                             STR_ARG(fact), STR_ARG(source));
            ck_assert_msg(str_contains(page, row), "docs/platforms.md lacks: %.*s", STR_ARG(row));
        }
    }
}
END_TEST

START_TEST(the_documentations_profile_is_one)
{
    struct why why = why_new(f.arena);
    struct str page;
    want_ok(&why, file_read(f.arena, &why, "docs/platforms.md", 1 << 20, &page));
    const char *from = strstr(page.p, "```json\n") + strlen("```json\n");
    struct profile_file file = { STR("docs/platforms.md"),
                                 str_n(from, (size_t)(strstr(from, "```") - from)) };
    want_ok(&why, profiles_load(f.arena, &why, &file, 1, &f.profiles));
    struct token_ask ask = { .platform = STR("our-ci"), .set = fixture_json(&f, "{'tag':'v1'}") };
    struct token t = fixture_mint(&f, &ask);
    want_json(&f, "claims", t.claims,
              "{'iss':'https://ci.example.com/web','sub':'project:web:tag:v1',"
              "'aud':'sts.amazonaws.com','tag':'v1','iat':1700000000,'nbf':1699999995,"
              "'exp':1700003600}");
}
END_TEST

static const struct {
    const char *platform, *deliveries;
} deliveries[] = {
    { "render", "AWS_WEB_IDENTITY_TOKEN_FILE file" },
    { "env0", "ENV0_OIDC_TOKEN env" },
    { "pulumi", "PULUMI_OIDC_TOKEN env, /mnt/pulumi/pulumi.oidc, credentials" },
    { "pulumi/esc", "credentials" },
    { "pulumi/esc-iac", "credentials" },
    { "pulumi/v2", "AWS_WEB_IDENTITY_TOKEN_FILE file" },
    { "circleci", "CIRCLE_OIDC_TOKEN env of v1, CIRCLE_OIDC_TOKEN_V2 env of v2" },
    { "circleci/v2", "CIRCLE_OIDC_TOKEN env of v1, CIRCLE_OIDC_TOKEN_V2 env of v2" },
    { "github", "" },
    { "eks", "AWS_WEB_IDENTITY_TOKEN_FILE "
             "file/var/run/secrets/eks.amazonaws.com/serviceaccount/token, "
             "/var/run/secrets/eks.amazonaws.com/serviceaccount/token" },
    { "generic", "" },
};

START_TEST(delivers_what_the_platform_does)
{
    static const char *const kinds[] = { [DELIVER_ENV] = " env",
                                         [DELIVER_FILE] = "",
                                         [DELIVER_ENV_FILE] = " file",
                                         [DELIVER_CREDENTIALS] = "credentials" };
    const struct profile_variant *v;
    struct why why = why_new(f.arena);
    struct str text = STR("");
    want_ok(&why, profiles_find(f.profiles, &why, str_of(deliveries[_i].platform), &v));
    for (size_t i = 0; i < v->deliveries.n; i++) {
        const struct profile_delivery *d = &v->deliveries.all[i];
        text = arena_printf(f.arena, "%.*s%s%.*s%s%.*s%s%.*s", STR_ARG(text), i ? ", " : "",
                            STR_ARG(d->name), kinds[d->kind], STR_ARG(d->path),
                            d->variant.n ? " of " : "", STR_ARG(d->variant));
    }
    want_str(deliveries[_i].platform, text, str_of(deliveries[_i].deliveries));
}
END_TEST

START_TEST(env0_lets_a_variable_override_the_role)
{
    const struct profile_variant *v;
    struct why why = why_new(f.arena);
    want_ok(&why, profiles_find(f.profiles, &why, STR("env0"), &v));
    want_str("role variable", v->profile->role_variable, STR("ENV0_AWS_ROLE_ARN"));
}
END_TEST

Suite *profile_suite(void);
Suite *profile_suite(void)
{
    Suite *s = suite_create("profile");
    TCase *t = tcase_create("profile");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, a_platform_is_a_few_lines);
    tcase_add_loop_test(t, refuses_with_the_place, 0, sizeof refused / sizeof refused[0]);
    tcase_add_test(t, too_many_parameters_are_refused);
    tcase_add_loop_test(t, finds_by_name, 0, sizeof finds / sizeof finds[0]);
    tcase_add_loop_test(t, finds_by_issuer, 0, sizeof issuers / sizeof issuers[0]);
    tcase_add_test(t, every_platform_is_found_again_by_its_issuer);
    tcase_add_test(t, an_issuer_too_long_is_nobodys);
    tcase_add_test(t, facts_say_how_they_are_known);
    tcase_add_test(t, facts_stand_in_the_documentation);
    tcase_add_test(t, the_documentations_profile_is_one);
    tcase_add_loop_test(t, delivers_what_the_platform_does, 0,
                        sizeof deliveries / sizeof deliveries[0]);
    tcase_add_test(t, env0_lets_a_variable_override_the_role);
    suite_add_tcase(s, t);
    return s;
}
