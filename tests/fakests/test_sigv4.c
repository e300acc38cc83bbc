#include "tests/fakests/call_fixture.h"
#include "tests/support/guard.h"
#include "tests/support/http_text.h"
#include "tests/support/runner.h"

#include "base/encode.h"
#include "base/file.h"
#include "base/text.h"
#include "fakests/aws_error.h"
#include "fakests/creds.h"
#include "fakests/sigv4.h"

#include <stdlib.h>

enum { FILE_BYTES_MAX = 64 * 1024 };
static const struct sigv4_options as_sts_does = { .normalize_path = true };

/* ---- vectors: one folder a case, one file a stage ---- */

static const char *const vectors[] = {
    "body-utf8",
    "date-header",
    "headers-blanks-and-folds",
    "headers-repeated",
    "iam-in-another-region",
    "path-above-the-root",
    "path-dots-and-slashes",
    "path-encoded-twice",
    "path-of-the-sts-mount",
    "path-utf8",
    "post-as-the-aws-cli",
    "post-as-the-js-sdk",
    "presigned-as-eks",
    "presigned-with-session-token",
    "query-empty-names-and-values",
    "query-encodings",
    "query-sorted-by-name-then-value",
};

static const char *vector_path(struct arena *a, const char *name, const char *file)
{
    return arena_printf(a, "tests/vectors/sigv4/%s/%s", name, file).p;
}

static struct str vector_file(struct arena *a, const char *name, const char *file)
{
    struct why why = why_new(a);
    struct str text = STR("");
    struct outcome o = file_read(a, &why, vector_path(a, name, file), FILE_BYTES_MAX, &text);
    ck_assert_msg(!failed(o), "%.*s", STR_ARG(why_text(&why)));
    return text;
}

/* GOLDEN=write makes the file what the stage gives now; the review is the diff. */
static void want_file(struct arena *a, const char *name, const char *file, struct str got)
{
    const char *golden = getenv("GOLDEN");
    struct why why = why_new(a);
    if (golden && str_eq(str_of(golden), STR("write"))) {
        ck_assert(!failed(file_replace(&why, vector_path(a, name, file), got, 0644)));
        return;
    }
    want_str(arena_printf(a, "%s/%s", name, file).p, got, vector_file(a, name, file));
}

static struct http_request vector_request(struct arena *a, const char *name)
{
    struct http_request r = { .arena = a };
    ck_assert_msg(http_text_read(a, vector_file(a, name, "request.txt"), &r), "%s", name);
    return r;
}

START_TEST(stages_give_the_vectors_texts)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct http_request request = vector_request(a, vectors[_i]);
    struct sigv4 s;
    struct outcome o = sigv4_read(a, &why, &request, &s);
    ck_assert_msg(!failed(o), "%s: %.*s", vectors[_i], STR_ARG(why_text(&why)));
    sigv4_canonical_request(a, &request, &as_sts_does, &s);
    want_file(a, vectors[_i], "canonical-request.txt", s.canonical_request);
    sigv4_string_to_sign(a, &s);
    want_file(a, vectors[_i], "string-to-sign.txt", s.string_to_sign);
    sigv4_signature(a, STR(FIXTURE_ALICE_SECRET), &s);
    want_file(a, vectors[_i], "signature.txt", s.calculated);
    want_str("the request's own", s.signature, s.calculated);
    arena_free(a);
}
END_TEST

/* ---- the whole ---- */

static struct outcome authenticate(struct call_fixture *f)
{
    f->why = why_new(f->arena);
    f->call.caller = (struct caller){ .session = NULL };
    return sigv4_authenticate(&f->call);
}

/* What AWS answers: "IncompleteSignature: ...". */
static struct str answer(struct call_fixture *f)
{
    struct aws_error e = aws_error_of(f->arena, &f->why, DIALECT_CURRENT, SERVICE_STS);
    return arena_printf(f->arena, "%d %s: %.*s", e.status, e.code, STR_ARG(e.message));
}

static struct call_fixture *with_vector(const char *name)
{
    struct call_fixture *f = call_fixture_new();
    f->request = vector_request(f->arena, name);
    return f;
}

static const struct {
    const char *name;
    const char *vector;
} accepted[] = {
    { "the AWS CLI's request is accepted", "post-as-the-aws-cli" },
    { "a presigned request is accepted, whatever X-Amz-Expires says", "presigned-as-eks" },
    { "a request dated by its Date header is accepted", "date-header" },
    { "a request with awkward headers is accepted", "headers-blanks-and-folds" },
};

START_TEST(signed_requests_are_accepted)
{
    struct call_fixture *f = with_vector(accepted[_i].vector);
    ck_assert_msg(!failed(authenticate(f)), "%s: %.*s", accepted[_i].name, STR_ARG(answer(f)));
    want_str("account", f->call.caller.account, STR(FIXTURE_ACCOUNT));
    want_str("arn", f->call.caller.arn, STR("arn:aws:iam::123456789012:user/alice"));
    want_str("id", str_sub(f->call.caller.user_id, 0, 12), STR("AIDARZPUZDIK"));
    want_str("key", f->call.caller.access_key_id, STR(FIXTURE_ALICE_KEY));
    ck_assert(f->call.caller.session == NULL);
    call_fixture_free(f);
}
END_TEST

/* A GetCallerIdentity as a client of ours signs it. */
static void sign(struct call_fixture *f, const struct sigv4_signing *with)
{
    static struct http_header headers[] = {
        { STR_INIT("Host"), STR_INIT("127.0.0.1:4580") },
        { STR_INIT("Content-Type"), STR_INIT("application/x-www-form-urlencoded") },
        { STR_INIT("User-Agent"), STR_INIT("understudy") },
    };
    f->request = (struct http_request){ .arena = f->arena,
                                        .method = STR("POST"),
                                        .path = STR("/"),
                                        .body = STR("Action=GetCallerIdentity&Version=2011-06-15"),
                                        .headers = headers,
                                        .n_headers = 3 };
    sigv4_sign(f->arena, with, &f->request);
}

static struct sigv4_signing as_root(void)
{
    return (struct sigv4_signing){ .access_key_id = STR("test"),
                                   .secret_access_key = STR("test"),
                                   .region = STR("eu-central-1"),
                                   .service = STR("sts"),
                                   .now_s = FIXTURE_NOW_S };
}

START_TEST(the_root_key_is_its_account)
{
    struct call_fixture *f = call_fixture_new();
    struct sigv4_signing with = as_root();
    sign(f, &with);
    ck_assert_msg(!failed(authenticate(f)), "%.*s", STR_ARG(answer(f)));
    want_str("arn", f->call.caller.arn, STR("arn:aws:iam::123456789012:root"));
    want_str("id", f->call.caller.user_id, STR(FIXTURE_ACCOUNT));
    call_fixture_free(f);
}
END_TEST

START_TEST(signing_leaves_the_callers_headers_alone)
{
    struct call_fixture *f = call_fixture_new();
    struct sigv4_signing with = as_root();
    sign(f, &with);
    ck_assert_uint_eq(f->request.n_headers, 5);
    want_str("date", http_header(&f->request, "X-Amz-Date"), STR("20260911T120000Z"));
    ck_assert(str_contains(http_header(&f->request, "Authorization"),
                           STR("SignedHeaders=content-type;host;x-amz-date, ")));
    call_fixture_free(f);
}
END_TEST

/* ---- sessions ---- */

static struct sigv4_signing a_session(struct call_fixture *f, struct creds *c)
{
    struct session s = { .account = STR(FIXTURE_ACCOUNT),
                         .arn = STR("arn:aws:sts::123456789012:assumed-role/Deploy/s"),
                         .user_id = STR("AROARZPUZDIKAAAAAAAAA:s"),
                         .issued_s = FIXTURE_NOW_S,
                         .expires_s = FIXTURE_NOW_S + 3600 };
    struct sigv4_signing with = as_root();
    creds_mint(&f->call, &s, c);
    with.access_key_id = c->access_key_id;
    with.secret_access_key = c->secret_access_key;
    with.session_token = c->session_token;
    return with;
}

START_TEST(temporary_credentials_are_their_session)
{
    struct call_fixture *f = call_fixture_new();
    struct creds c;
    struct sigv4_signing with = a_session(f, &c);
    sign(f, &with);
    ck_assert_msg(!failed(authenticate(f)), "%.*s", STR_ARG(answer(f)));
    want_str("arn", f->call.caller.arn, STR("arn:aws:sts::123456789012:assumed-role/Deploy/s"));
    want_str("id", f->call.caller.user_id, STR("AROARZPUZDIKAAAAAAAAA:s"));
    ck_assert(f->call.caller.session != NULL);
    call_fixture_free(f);
}
END_TEST

#define BAD_TOKEN "403 InvalidClientTokenId: The security token included in the request is invalid."

/* The clock moves sessions; the signing time stays the client's. */
START_TEST(a_session_ends_when_it_says)
{
    struct call_fixture *f = call_fixture_new();
    struct creds c;
    struct sigv4_signing with = a_session(f, &c);
    with.now_s = f->call.now_s = FIXTURE_NOW_S + 3599;
    sign(f, &with);
    ck_assert(!failed(authenticate(f)));
    with.now_s = f->call.now_s = FIXTURE_NOW_S + 3600;
    sign(f, &with);
    ck_assert(authenticate(f).fault == FAULT_SESSION_EXPIRED);
    want_str("answer", answer(f),
             STR("403 ExpiredToken: The security token included in the request is expired"));
    call_fixture_free(f);
}
END_TEST

START_TEST(a_session_needs_its_own_token)
{
    struct call_fixture *f = call_fixture_new();
    struct creds c, other;
    struct sigv4_signing with = a_session(f, &c), none = with, foreign = with, garbled = with;
    (void)a_session(f, &other);
    none.session_token = STR("");
    foreign.session_token = other.session_token;
    garbled.session_token = STR("garbled");
    const struct sigv4_signing *bad[] = { &none, &foreign, &garbled };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sign(f, bad[i]);
        ck_assert_msg(authenticate(f).fault == FAULT_SESSION_TOKEN_INVALID, "%zu", i);
        want_str("answer", answer(f), STR(BAD_TOKEN));
    }
    call_fixture_free(f);
}
END_TEST

START_TEST(long_term_credentials_have_no_token)
{
    struct call_fixture *f = call_fixture_new();
    struct creds c;
    struct sigv4_signing with = as_root();
    (void)a_session(f, &c);
    with.session_token = c.session_token;
    sign(f, &with);
    ck_assert(authenticate(f).fault == FAULT_SESSION_TOKEN_INVALID);
    call_fixture_free(f);
}
END_TEST

/* ---- refusals ---- */

#define HOST       "Host: localhost\n"
#define DATE       "X-Amz-Date: 20260911T120000Z\n"
#define SCOPE      "/20260911/us-east-1/sts/aws4_request"
#define AUTH(s)    "Authorization: AWS4-HMAC-SHA256 " s "\n"
#define CREDENTIAL "Credential=test" SCOPE
#define SIGNED     "SignedHeaders=host;x-amz-date"
#define SIGNATURE  "Signature=0000000000000000000000000000000000000000000000000000000000000000"
#define GET        "GET / HTTP/1.1\n" HOST DATE
#define MISMATCH                                                                                   \
    "403 SignatureDoesNotMatch: The request signature we calculated does not match the signature " \
    "you "                                                                                         \
    "provided. Check your AWS Secret Access Key and signing method. Consult the service "          \
    "documentation "                                                                               \
    "for details."
#define QUERY                                                                                \
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20260911%2Fus-east-1%2Fsts%2F" \
    "aws4_request&X-Amz-Date=20260911T120000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=00"

static const struct {
    const char *name;
    const char *request;
    const char *answer;
} refused[] = {
    { "an unsigned request is told so", "GET / HTTP/1.1\n" HOST,
      "403 MissingAuthenticationToken: Request is missing Authentication Token" },
    { "a bearer token is no signature", GET "Authorization: Bearer abc\n",
      "403 MissingAuthenticationToken: Request is missing Authentication Token" },
    { "an unknown scheme in the query is no signature",
      "GET /?X-Amz-Algorithm=HMAC HTTP/1.1\n" HOST,
      "403 MissingAuthenticationToken: Request is missing Authentication Token" },
    { "a signature in the query without its algorithm is none",
      "GET /?X-Amz-Signature=00 HTTP/1.1\n" HOST,
      "403 MissingAuthenticationToken: Request is missing Authentication Token" },
    { "a request is not signed twice",
      "GET /?" QUERY " HTTP/1.1\n" HOST DATE AUTH(CREDENTIAL ", " SIGNED ", " SIGNATURE),
      "403 SignatureDoesNotMatch: Found both 'X-Amz-Algorithm' as a query-string param and "
      "'Authorization' as HTTP header." },
    { "words are pairs (jenkinsci/aws-credentials#72)",
      GET AUTH("Credential= test" SCOPE ", " SIGNED),
      "400 IncompleteSignature: 'test/20260911/us-east-1/sts/aws4_request' not a valid key=value "
      "pair "
      "(missing equal-sign) in Authorization header: 'AWS4-HMAC-SHA256 Credential= "
      "test/20260911/us-east-1/sts/aws4_request, SignedHeaders=host;x-amz-date'." },
    { "a credential is needed", GET AUTH(SIGNED "," SIGNATURE),
      "400 IncompleteSignature: Authorization header requires 'Credential' parameter. (Hashed with "
      "SHA-256 and encoded with Base64) "
      "Authorization=TAiUILxa0XMbtg8xsqy5WbAubhVsa2D3erOCTqzfhSU=" },
    { "all that is missing is told at once",
      "GET / HTTP/1.1\n" HOST "Authorization: AWS4-HMAC-SHA256\n",
      "400 IncompleteSignature: Authorization header requires 'Credential' parameter. "
      "Authorization "
      "header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' "
      "parameter. "
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
      "(Hashed with "
      "SHA-256 and encoded with Base64) "
      "Authorization=YI2YWea8FSxnksZL2ETHbs5elHm9HQufxTLK0W0ffV0=" },
    { "a query needs its parameters, too", "GET /?X-Amz-Algorithm=AWS4-HMAC-SHA256 HTTP/1.1\n" HOST,
      "400 IncompleteSignature: AWS query-string parameters must include 'X-Amz-Credential'. AWS "
      "query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters must "
      "include "
      "'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. Re-examine "
      "the "
      "query-string parameters." },
    { "a date is basic ISO 8601",
      "GET / HTTP/1.1\n" HOST
      "X-Amz-Date: 2026-09-11T12:00:00Z\n" AUTH(CREDENTIAL "," SIGNED "," SIGNATURE),
      "400 IncompleteSignature: Date must be in ISO-8601 'basic format'. Got "
      "'2026-09-11T12:00:00Z'. See "
      "http://en.wikipedia.org/wiki/ISO_8601" },
    { "a Date header is a date",
      "GET / HTTP/1.1\n" HOST
      "Date: Fri, 31 Feb 2026 12:00:00 GMT\n" AUTH(CREDENTIAL "," SIGNED "," SIGNATURE),
      "400 IncompleteSignature: Date must be in ISO-8601 'basic format'. Got 'Fri, 31 Feb 2026 "
      "12:00:00 "
      "GMT'. See http://en.wikipedia.org/wiki/ISO_8601" },
    { "the host is signed", GET AUTH(CREDENTIAL ",SignedHeaders=x-amz-date," SIGNATURE),
      "400 IncompleteSignature: 'Host' or ':authority' must be a 'SignedHeader' in the AWS "
      "Authorization." },
    { "another algorithm is refused",
      GET "Authorization: AWS4-ECDSA-P256-SHA256 " CREDENTIAL "," SIGNED "," SIGNATURE "\n",
      "400 IncompleteSignature: Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'" },
    { "a credential has five elements",
      GET AUTH("Credential=test/20260911/us-east-1/sts," SIGNED "," SIGNATURE),
      "400 IncompleteSignature: Credential must have exactly 5 slash-delimited elements, e.g. "
      "keyid/date/region/service/term, got 'test/20260911/us-east-1/sts'" },
    { "six elements are too many", GET AUTH("Credential=a/test" SCOPE "," SIGNED "," SIGNATURE),
      "400 IncompleteSignature: Credential must have exactly 5 slash-delimited elements, e.g. "
      "keyid/date/region/service/term, got 'a/test/20260911/us-east-1/sts/aws4_request'" },
    { "sixteen minutes are too old",
      "GET / HTTP/1.1\n" HOST
      "X-Amz-Date: 20260911T114459Z\n" AUTH(CREDENTIAL "," SIGNED "," SIGNATURE),
      "403 SignatureDoesNotMatch: Signature expired: 20260911T114459Z is now earlier than "
      "20260911T114500Z (20260911T120000Z - 15 min.)" },
    { "sixteen minutes ahead are too new",
      "GET / HTTP/1.1\n" HOST
      "X-Amz-Date: 20260911T121501Z\n" AUTH(CREDENTIAL "," SIGNED "," SIGNATURE),
      "403 SignatureDoesNotMatch: Signature not yet current: 20260911T121501Z is still later than "
      "20260911T121500Z (20260911T120000Z + 15 min.)" },
    { "X-Amz-Expires does not make a presigned request older",
      "GET /?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20260911%2Fus-east-1%2Fsts%2F"
      "aws4_request&X-Amz-Date=20260911T114459Z&X-Amz-Expires=604800&X-Amz-SignedHeaders=host&"
      "X-Amz-Signature=00 HTTP/1.1\n" HOST,
      "403 SignatureDoesNotMatch: Signature expired: 20260911T114459Z is now earlier than "
      "20260911T114500Z (20260911T120000Z - 15 min.)" },
    { "a region is one",
      GET AUTH("Credential=test/20260911/nowhere/sts/aws4_request," SIGNED "," SIGNATURE),
      "403 SignatureDoesNotMatch: Credential should be scoped to a valid region. " },
    { "a service is the one that is asked",
      GET AUTH("Credential=test/20260911/us-east-1/s3/aws4_request," SIGNED "," SIGNATURE),
      "403 SignatureDoesNotMatch: Credential should be scoped to correct service: 'sts'." },
    { "a terminator is aws4_request",
      GET AUTH("Credential=test/20260911/us-east-1/sts/aws5_request," SIGNED "," SIGNATURE),
      "403 SignatureDoesNotMatch: Credential should be scoped with a valid terminator: "
      "'aws4_request', "
      "not 'aws5_request'." },
    { "the scope's date is the request's",
      GET AUTH("Credential=test/20260910/us-east-1/sts/aws4_request," SIGNED "," SIGNATURE),
      "403 SignatureDoesNotMatch: Date in Credential scope does not match YYYYMMDD from ISO-8601 "
      "version "
      "of date from HTTP: '20260910' != '20260911', from '20260911T120000Z'." },
    { "everything wrong with a scope is told at once",
      GET AUTH("Credential=test/b/c/d/e," SIGNED "," SIGNATURE),
      "403 SignatureDoesNotMatch: Credential should be scoped to a valid region. Credential should "
      "be "
      "scoped to correct service: 'sts'. Credential should be scoped with a valid terminator: "
      "'aws4_request', not 'e'. Date in Credential scope does not match YYYYMMDD from ISO-8601 "
      "version "
      "of date from HTTP: 'b' != '20260911', from '20260911T120000Z'." },
    { "an unknown key is told before its signature",
      GET AUTH("Credential=AKIAIOSFODNN7EXAMPLE" SCOPE "," SIGNED "," SIGNATURE), BAD_TOKEN },
    { "a temporary key without its token is no key",
      GET AUTH("Credential=ASIARZPUZDIKAAAAAAAA" SCOPE "," SIGNED "," SIGNATURE), BAD_TOKEN },
    { "a wrong signature is told", GET AUTH(CREDENTIAL "," SIGNED "," SIGNATURE), MISMATCH },
    { "a wrong signature in the query is told", "GET /?" QUERY " HTTP/1.1\n" HOST, MISMATCH },
    { "slashes behind a credential are ignored", GET AUTH(CREDENTIAL "//," SIGNED "," SIGNATURE),
      MISMATCH },
    { "of two credentials the last counts",
      GET AUTH("Credential=nonsense," CREDENTIAL "," SIGNED "," SIGNATURE), MISMATCH },
};

START_TEST(refusals_are_in_aws_words)
{
    struct call_fixture *f = call_fixture_new();
    struct str text = guarded(arena_printf(f->arena, "%s\n", refused[_i].request));
    ck_assert_msg(http_text_read(f->arena, text, &f->request), "%s", refused[_i].name);
    ck_assert_msg(failed(authenticate(f)), "%s", refused[_i].name);
    want_str(refused[_i].name, answer(f), str_of(refused[_i].answer));
    ck_assert_msg(f->why.detail.n > 0, "%s", refused[_i].name);
    ck_assert_msg(f->call.caller.account.n == 0, "%s: the caller was filled in", refused[_i].name);
    call_fixture_free(f);
}
END_TEST

static const struct {
    const char *name;
    const char *region;
    bool valid;
} regions[] = {
    { "us-east-1 is a region", "us-east-1", true },
    { "a region of four words is one", "us-gov-west-1", true },
    { "a region may have two digits", "eu-central-12", true },
    { "one word is none", "local", false },
    { "one word and a number are none", "mars-1", false },
    { "words without a number are none", "aws-global", false },
    { "capitals are none", "US-EAST-1", false },
    { "a final hyphen is none", "us-east-", false },
    { "a doubled hyphen is none", "us--east-1", false },
    { "nothing is none", "", false },
};

START_TEST(well_formed_regions_are_valid)
{
    struct call_fixture *f = call_fixture_new();
    struct sigv4_signing with = as_root();
    with.region = str_of(regions[_i].region);
    sign(f, &with);
    ck_assert_msg(failed(authenticate(f)) != regions[_i].valid, "%s: %.*s", regions[_i].name,
                  STR_ARG(answer(f)));
    call_fixture_free(f);
}
END_TEST

START_TEST(fifteen_minutes_are_allowed_either_way)
{
    struct call_fixture *f = call_fixture_new();
    struct sigv4_signing with = as_root();
    for (int sign_of = -1; sign_of <= 1; sign_of += 2) {
        with.now_s = FIXTURE_NOW_S + sign_of * 900;
        sign(f, &with);
        ck_assert_msg(!failed(authenticate(f)), "%.*s", STR_ARG(answer(f)));
    }
    call_fixture_free(f);
}
END_TEST

/* For real clients it is the machine's time that counts, wherever the service's clock stands. */
START_TEST(real_clients_sign_by_the_machines_time)
{
    struct call_fixture *f = call_fixture_new();
    struct sigv4_signing with = as_root();
    f->service.signing_time_is_clock = false;
    with.now_s = clock_machine_s();
    f->call.now_s = with.now_s + 86400;
    sign(f, &with);
    ck_assert_msg(!failed(authenticate(f)), "%.*s", STR_ARG(answer(f)));
    with.now_s = f->call.now_s;
    sign(f, &with);
    ck_assert(authenticate(f).fault == FAULT_SIGNATURE_NOT_YET_CURRENT);
    call_fixture_free(f);
}
END_TEST

START_TEST(iam_is_signed_for_iam)
{
    struct call_fixture *f = call_fixture_new();
    struct sigv4_signing with = as_root();
    f->call.api = SERVICE_IAM;
    sign(f, &with);
    ck_assert(authenticate(f).fault == FAULT_CREDENTIAL_SCOPE_WRONG);
    with.service = STR("iam");
    sign(f, &with);
    ck_assert(!failed(authenticate(f)));
    call_fixture_free(f);
}
END_TEST

/* ---- tampering ---- */

static void want_mismatch(struct call_fixture *f, const char *what, size_t i)
{
    struct outcome o = authenticate(f);
    ck_assert_msg(o.fault == FAULT_SIGNATURE_MISMATCH, "%s, byte %zu: fault %d", what, i, o.fault);
}

/* Every byte of *part, changed one at a time, breaks the signature. */
static void tamper(struct call_fixture *f, const char *what, struct str *part)
{
    struct str whole = *part;
    for (size_t i = 0; i < whole.n; i++) {
        char *changed = arena_cstr(f->arena, whole);
        changed[i] = changed[i] == 'x' ? 'y' : 'x';
        *part = str_n(changed, whole.n);
        want_mismatch(f, what, i);
    }
    *part = whole;
    ck_assert(!failed(authenticate(f)));
}

static struct str *header_value(struct call_fixture *f, const char *name)
{
    for (size_t i = 0; i < f->request.n_headers; i++)
        if (str_eq_nocase(f->request.headers[i].name, str_of(name)))
            return &f->request.headers[i].value;
    ck_abort_msg("no header %s", name);
}

START_TEST(a_changed_request_is_refused)
{
    struct call_fixture *f = with_vector("post-as-the-aws-cli");
    struct str path = f->request.path, *date = header_value(f, "X-Amz-Date"), when = *date;
    tamper(f, "method", &f->request.method);
    tamper(f, "body", &f->request.body);
    tamper(f, "host", header_value(f, "Host"));
    tamper(f, "content type", header_value(f, "Content-Type"));
    f->request.path = STR("/x");
    want_mismatch(f, "path", 0);
    f->request.path = path;
    f->request.query = STR("Action=AssumeRole");
    want_mismatch(f, "query", 0);
    f->request.query = STR("");
    f->request.body = STR("");
    want_mismatch(f, "no body", 0);
    f->request.body = STR("Action=GetCallerIdentity&Version=2011-06-15");
    *date = STR("20260911T120001Z");
    want_mismatch(f, "date", 0);
    *date = when;
    ck_assert(!failed(authenticate(f)));
    call_fixture_free(f);
}
END_TEST

START_TEST(a_changed_signature_is_refused)
{
    struct call_fixture *f = with_vector("post-as-the-aws-cli");
    struct str *header = header_value(f, "Authorization"), whole = *header;
    struct str signature = str_sub(whole, whole.n - 64, 64);
    for (size_t i = 0; i < signature.n; i++) {
        char *changed = arena_cstr(f->arena, whole);
        char *digit = changed + whole.n - 64 + i;
        *digit = *digit == '0' ? '1' : '0';
        *header = str_n(changed, whole.n);
        want_mismatch(f, "signature", i);
    }
    *header = str_sub(whole, 0, whole.n - 1);
    want_mismatch(f, "short signature", 0);
    *header = arena_printf(f->arena, "%.*s0", STR_ARG(whole));
    want_mismatch(f, "long signature", 0);
    call_fixture_free(f);
}
END_TEST

START_TEST(a_changed_presigned_request_is_refused)
{
    struct call_fixture *f = with_vector("presigned-as-eks");
    struct str query = f->request.query;
    tamper(f, "signed header", header_value(f, "x-k8s-aws-id"));
    for (size_t i = 0; i < str_sub(query, 0, str_find(query, '&')).n; i++) {
        char *changed = arena_cstr(f->arena, query);
        changed[i] = changed[i] == 'x' ? 'y' : 'x';
        f->request.query = str_n(changed, query.n);
        want_mismatch(f, "query", i);
    }
    f->request.query = arena_printf(f->arena, "%.*s&Action=AssumeRole", STR_ARG(query));
    want_mismatch(f, "one more parameter", 0);
    f->request.query = query;
    f->request.body = STR("Action=AssumeRole");
    want_mismatch(f, "a body", 0);
    call_fixture_free(f);
}
END_TEST

/* What is not signed may change on the way. */
START_TEST(an_unsigned_header_may_change)
{
    struct call_fixture *f = with_vector("post-as-the-aws-cli");
    *header_value(f, "User-Agent") = STR("a proxy");
    *header_value(f, "Accept-Encoding") = STR("");
    ck_assert(!failed(authenticate(f)));
    call_fixture_free(f);
}
END_TEST

static const struct {
    const char *name;
    const char *hash;
} hashes[] = {
    { "a body is never unsigned here", "UNSIGNED-PAYLOAD" },
    { "a stated hash is the body's",
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    { "an empty hash is none", "" },
};

/* Signed or not, a header that lies about the body is not believed. */
START_TEST(a_stated_body_hash_has_to_be_right)
{
    struct call_fixture *f = with_vector("post-as-the-aws-cli");
    struct http_header *headers =
        arena_array(f->arena, struct http_header, f->request.n_headers + 1);
    memcpy(headers, f->request.headers, f->request.n_headers * sizeof *headers);
    headers[f->request.n_headers++] =
        (struct http_header){ STR("X-Amz-Content-Sha256"), str_of(hashes[_i].hash) };
    f->request.headers = headers;
    want_mismatch(f, hashes[_i].name, 0);
    call_fixture_free(f);
}
END_TEST

/* ---- SignedHeaders ---- */

static const struct {
    const char *name;
    const char *list, *normal;
} lists[] = {
    { "a list is sorted", "x-amz-date;host", "host;x-amz-date" },
    { "a list is in lower case", "Host;X-Amz-Date", "host;x-amz-date" },
    { "a name counts once", "host;host;a;host", "a;host" },
    { "empty names are none", ";;host;;", "host" },
    { "an empty list is empty", "", "" },
};

START_TEST(signed_headers_have_one_spelling)
{
    struct arena *a = arena_new();
    want_str(lists[_i].name, sigv4_signed_headers(a, guarded(str_of(lists[_i].list))),
             str_of(lists[_i].normal));
    arena_free(a);
}
END_TEST

START_TEST(a_long_list_is_cut)
{
    struct arena *a = arena_new();
    struct text t = text_new(a, 64 * 1024);
    for (int i = 0; i < 4000; i++)
        text_printf(&t, "h%04d;", i);
    struct str list = sigv4_signed_headers(a, text_str(&t));
    ck_assert_uint_eq(list.n, SIGV4_HEADERS_MAX * 6 - 1);
    arena_free(a);
}
END_TEST

Suite *sigv4_suite(void);

Suite *sigv4_suite(void)
{
    Suite *s = suite_create("sigv4");
    TCase *t = tcase_create("vectors");
    tcase_add_loop_test(t, stages_give_the_vectors_texts, 0, sizeof vectors / sizeof vectors[0]);
    suite_add_tcase(s, t);

    t = tcase_create("authenticate");
    tcase_add_loop_test(t, signed_requests_are_accepted, 0, sizeof accepted / sizeof accepted[0]);
    tcase_add_test(t, the_root_key_is_its_account);
    tcase_add_test(t, signing_leaves_the_callers_headers_alone);
    tcase_add_test(t, temporary_credentials_are_their_session);
    tcase_add_test(t, a_session_ends_when_it_says);
    tcase_add_test(t, a_session_needs_its_own_token);
    tcase_add_test(t, long_term_credentials_have_no_token);
    tcase_add_loop_test(t, refusals_are_in_aws_words, 0, sizeof refused / sizeof refused[0]);
    tcase_add_loop_test(t, well_formed_regions_are_valid, 0, sizeof regions / sizeof regions[0]);
    tcase_add_test(t, fifteen_minutes_are_allowed_either_way);
    tcase_add_test(t, real_clients_sign_by_the_machines_time);
    tcase_add_test(t, iam_is_signed_for_iam);
    suite_add_tcase(s, t);

    t = tcase_create("tampering");
    tcase_add_test(t, a_changed_request_is_refused);
    tcase_add_test(t, a_changed_signature_is_refused);
    tcase_add_test(t, a_changed_presigned_request_is_refused);
    tcase_add_test(t, an_unsigned_header_may_change);
    tcase_add_loop_test(t, a_stated_body_hash_has_to_be_right, 0, sizeof hashes / sizeof hashes[0]);
    suite_add_tcase(s, t);

    t = tcase_create("signed headers");
    tcase_add_loop_test(t, signed_headers_have_one_spelling, 0, sizeof lists / sizeof lists[0]);
    tcase_add_test(t, a_long_list_is_cut);
    suite_add_tcase(s, t);
    return s;
}
