#include "fakests/creds.h"

#include "base/encode.h"

/* Base64 makes "IQoJb3JpZ2luX2Vj" of it, with which AWS's tokens begin today (aws.md 6.2). */
#define TOKEN_HEAD "!\n\torigin_ec"
/* Names what is sealed, so that nothing else sealed under the same key passes for it. */
#define BOUND "understudy session token 1"

enum { SECRET_BYTES = 30 }; /* 40 characters of base64, the alphabet and length of AWS's secrets */

static struct str new_key_id(struct call *c, struct str account)
{
    uint8_t random[ID_RANDOM_BYTES];
    entropy_fill(c->service->entropy, random, sizeof random);
    return iam_unique_id(c->arena, "ASIA", account, ID_KEY_CHARACTERS, random);
}

static struct str new_secret(struct call *c)
{
    char random[SECRET_BYTES];
    entropy_fill(c->service->entropy, random, sizeof random);
    return base64_write(c->arena, str_n(random, sizeof random));
}

static struct str token_of(struct call *c, const struct session *session)
{
    const struct str head = STR(TOKEN_HEAD);
    struct str sealed = seal(c->arena, &c->service->sealing, c->service->entropy,
                             session_write(c->arena, session), STR(BOUND));
    char *bytes = arena_alloc(c->arena, head.n + sealed.n);
    memcpy(bytes, head.p, head.n);
    memcpy(bytes + head.n, sealed.p, sealed.n);
    return base64_write(c->arena, str_n(bytes, head.n + sealed.n));
}

void creds_mint(struct call *c, const struct session *session, struct creds *out)
{
    struct session s = *session;
    s.access_key_id = new_key_id(c, s.account);
    s.secret_access_key = new_secret(c);
    *out = (struct creds){ .access_key_id = s.access_key_id,
                           .secret_access_key = s.secret_access_key,
                           .session_token = token_of(c, &s),
                           .expires_s = s.expires_s };
}

void creds_write(struct xml *x, const struct creds *creds)
{
    char time[TIME_TEXT_BYTES];
    xml_open(x, "Credentials", NULL);
    xml_leaf(x, "AccessKeyId", creds->access_key_id);
    xml_leaf(x, "SecretAccessKey", creds->secret_access_key);
    xml_leaf(x, "SessionToken", creds->session_token);
    xml_leaf(x, "Expiration", str_of(time_write(creds->expires_s, time)));
    xml_close(x, "Credentials");
}

bool creds_open(struct arena *a, const struct seal_key *key, struct str session_token,
                struct session *out)
{
    const struct str head = STR(TOKEN_HEAD);
    struct str bytes, plain;
    return base64_read(a, session_token, &bytes) && str_starts(bytes, head) &&
           unseal(a, key, str_sub(bytes, head.n, bytes.n), STR(BOUND), &plain) &&
           session_read(a, plain, out);
}
