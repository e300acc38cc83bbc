#include "fakests/action.h"

#include "fakests/actions/session_ask.h"
#include "fakests/authorize.h"
#include "fakests/param_iam.h"
#include "fakests/reply.h"
#include "fakests/signer.h"

#include <inttypes.h>

/* GetWebIdentityToken: AWS as the issuer (aws.md section 6.1). */

enum {
    DURATION_DEFAULT_S = 300,
    PAYLOAD_BYTES_MAX = 14984, /* observed, for both algorithms */
};

struct params {
    struct param_list audience;
    struct str algorithm;
    struct param_structs tags; /* of struct tag */
    struct param_integer duration_s;
};

static const struct param rows[] = {
    { .name = "Audience",
      .type = PARAM_TEXTS,
      .required = true,
      .min = 1,
      .max = 10,
      .element_min = 1,
      .element_max = 1000,
      .offset = offsetof(struct params, audience) },
    STS_DURATION(60, 3600, struct params, duration_s),
    IAM_ENUM("SigningAlgorithm", "RS256, ES384", REQUIRED, struct params, algorithm),
    IAM_TAGS(OPTIONAL, struct params, tags),
    PARAM_END,
};

static int64_t duration_of(const struct params *p)
{
    return p->duration_s.present ? p->duration_s.value : DURATION_DEFAULT_S;
}

/* ---- may they? ---- */

/* Tags want sts:TagGetWebIdentityToken (IAM User Guide, "Controlling access with IAM policies" of
 * outbound identity federation), on the same resource (observed). */
static struct outcome may_get(struct call *c, const struct params *p)
{
    struct str self = arena_join(c->arena, STR("arn:aws:sts::"), c->caller.account, STR(":self"));
    const struct authorize_key keys[] = {
        { STR("sts:SigningAlgorithm"), p->algorithm },
        { STR("sts:DurationSeconds"), arena_printf(c->arena, "%" PRId64, duration_of(p)) },
    };
    const struct authorize_list audience = { STR("sts:IdentityTokenAudience"), p->audience.items,
                                             p->audience.n };
    struct authorize_ask ask = { .action = STR("sts:GetWebIdentityToken"),
                                 .resource = self,
                                 .request_tags = p->tags.items,
                                 .n_request_tags = p->tags.n,
                                 .keys = keys,
                                 .n_keys = sizeof keys / sizeof keys[0],
                                 .lists = &audience,
                                 .n_lists = 1 };
    TRY(session_ask_not_federated(c, "sts:GetWebIdentityToken", self));
    TRY(authorize(c, &ask));
    ask.action = STR("sts:TagGetWebIdentityToken");
    return p->tags.n ? authorize(c, &ask) : OK;
}

/* Messages of these three faults were not captured: they are the service model's sentences. */
static struct outcome find_issuer(struct call *c, struct str *issuer)
{
    const struct account *account = iam_account(c->world->iam, c->caller.account);
    if (account && account->outbound_enabled) {
        *issuer = account->outbound_issuer;
        return OK;
    }
    c->why->arg[0] =
        STR("The outbound web identity federation feature is not enabled for this account. To use "
            "this feature, you must first enable it through the Amazon Web Services Management "
            "Console or API.");
    FAIL(c->why, OUTBOUND_FEDERATION_DISABLED,
         "account %.*s: EnableOutboundWebIdentityFederation was not called",
         STR_ARG(c->caller.account));
}

static struct outcome check_end(struct call *c, int64_t expires_s)
{
    const struct session *session = c->caller.session;
    if (!session || expires_s <= session->expires_s)
        return OK;
    c->why->arg[0] =
        STR("The requested token duration would extend the session beyond its original expiration "
            "time. You cannot use this operation to extend the lifetime of a session beyond what "
            "was granted when the session was originally created.");
    FAIL(c->why, SESSION_ESCALATION, "the session ends %" PRId64 " s before the token would",
         expires_s - session->expires_s);
}

/* ---- the claims ---- */

/* Issuers with "local": true have as iss the URL under which they are served. */
static struct str iss_of(struct call *c, struct str issuer)
{
    struct str url = str_sub(issuer, sizeof "https://" - 1, issuer.n);
    for (size_t i = 0; i < c->world->n_local_issuers; i++)
        if (str_eq(c->world->local_issuers[i], url))
            return arena_join(c->arena, c->world->local_prefix, url);
    return issuer;
}

static json_t *audience_of(const struct params *p)
{
    if (p->audience.n == 1)
        return json_of(p->audience.items[0]);
    json_t *all = json_array();
    for (size_t i = 0; i < p->audience.n; i++)
        json_array_append_new(all, json_of(p->audience.items[i]));
    return all;
}

static void put_tags(json_t *o, const char *name, const struct tag *tags, size_t n)
{
    json_t *all = json_object();
    for (size_t i = 0; i < n; i++)
        json_object_setn_new(all, tags[i].key.p, tags[i].key.n, json_of(tags[i].value));
    if (n)
        json_object_set_new(o, name, all);
    else
        json_decref(all);
}

static void put_session(json_t *o, const struct session *session)
{
    char time[TIME_TEXT_BYTES];
    json_object_set_new(o, "original_session_exp",
                        json_of(str_of(time_write(session->expires_s, time))));
    if (session->source_identity.n)
        json_object_set_new(o, "source_identity", json_of(session->source_identity));
    if (session->provider.n)
        json_object_set_new(o, "federated_provider", json_of(session->provider));
}

/* A claim without a source is left out: nobody here is in an organization, say. */
static json_t *about_caller(struct call *c, const struct params *p, const struct signer *who)
{
    json_t *o = json_object();
    json_object_set_new(o, "aws_account", json_of(c->caller.account));
    json_object_set_new(o, "source_region", json_of(c->world->region));
    json_object_set_new(o, "principal_id", json_of(who->arn));
    if (c->caller.session)
        put_session(o, c->caller.session);
    put_tags(o, "principal_tags", who->tags, who->n_tags);
    put_tags(o, "request_tags", p->tags.items, p->tags.n);
    return o;
}

/* The order of the members is that of published tokens. */
static json_t *claims_of(struct call *c, const struct params *p, struct str issuer)
{
    char id[UUID_TEXT_BYTES];
    struct signer who;
    json_t *o = json_keep(c->arena, json_object());
    signer_of(c, &who);
    json_object_set_new(o, "aud", audience_of(p));
    json_object_set_new(o, "sub", json_of(who.arn));
    json_object_set_new(o, "https://sts.amazonaws.com/", about_caller(c, p, &who));
    json_object_set_new(o, "iss", json_of(iss_of(c, issuer)));
    json_object_set_new(o, "exp", json_integer(c->now_s + duration_of(p)));
    json_object_set_new(o, "iat", json_integer(c->now_s));
    json_object_set_new(o, "jti", json_of(str_of(entropy_uuid(c->service->entropy, id))));
    return o;
}

static struct outcome write_claims(struct call *c, const struct params *p, struct str issuer,
                                   struct str *out)
{
    struct str text = json_text(c->arena, claims_of(c, p, issuer));
    if (text.n <= PAYLOAD_BYTES_MAX) {
        *out = text;
        return OK;
    }
    c->why->arg[0] =
        STR("The requested token payload size exceeds the maximum allowed size. Reduce the number "
            "of request tags included in the GetWebIdentityToken API call to reduce the token "
            "payload size.");
    FAIL(c->why, JWT_PAYLOAD_TOO_LARGE, "%zu bytes of claims, %d are allowed", text.n,
         PAYLOAD_BYTES_MAX);
}

/* ---- the action ---- */

/* "aws:" is taken in the tags of a token (observed), unlike in those of a session. */
static struct outcome check_tags(struct call *c, const struct params *p)
{
    const struct tag *tags = p->tags.items;
    for (size_t i = 0; i < p->tags.n; i++)
        for (size_t j = 0; j < i; j++)
            if (str_eq_nocase(tags[i].key, tags[j].key)) {
                c->why->arg[0] = STR("Duplicate tag keys found. Please note that Tag keys are case "
                                     "insensitive.");
                FAIL(c->why, SESSION_TAG_REFUSED, "the tag key \"%.*s\" is there twice",
                     STR_ARG(tags[i].key));
            }
    return OK;
}

/* The token's times are whole seconds, the reply's has their fraction too (observed). */
static struct str expiration(struct call *c, const struct params *p)
{
    char time[TIME_TEXT_BYTES];
    int64_t ms = clock_now_ms(c->service->clock) % 1000;
    return arena_str(c->arena,
                     str_of(time_write_ms((c->now_s + duration_of(p)) * 1000 + ms, time)));
}

static struct outcome get_web_identity_token(struct call *c, struct str *document)
{
    const struct outbound_signer *signer = &c->service->outbound;
    struct params p;
    struct str issuer, claims, token;
    struct reply r;

    TRY(param_read(c, rows, &p));
    TRY(may_get(c, &p));
    TRY(find_issuer(c, &issuer));
    TRY(check_tags(c, &p));
    TRY(check_end(c, c->now_s + duration_of(&p)));
    TRY(write_claims(c, &p, issuer, &claims));
    TRY(signer->sign(signer->context, c->world->owner, c->arena, c->why, issuer, p.algorithm,
                     claims, &token));
    reply_open(&r, c, "GetWebIdentityToken", true);
    xml_leaf(&r.xml, "WebIdentityToken", token);
    xml_leaf(&r.xml, "Expiration", expiration(c, &p));
    *document = reply_close(&r, true);
    return OK;
}

const struct action action_web_identity_token[] = {
    { "GetWebIdentityToken", SERVICE_STS, true, false, get_web_identity_token },
    { .name = NULL },
};
