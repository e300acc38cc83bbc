#include "jose/jws.h"

#include "base/encode.h"

#include <assert.h>

struct parts {
    struct str header, payload, signature;
};

static struct outcome cut(struct why *why, struct str token, struct parts *out)
{
    size_t n = 1;
    for (size_t i = 0; i < token.n; i++)
        n += token.p[i] == '.';
    if (n != 3)
        FAIL(why, TOKEN_MALFORMED,
             "the token has %zu part%s between full stops; a signed JWT has 3", n,
             n == 1 ? "" : "s");
    out->header = str_cut(&token, '.');
    out->payload = str_cut(&token, '.');
    out->signature = token;
    return OK;
}

static struct outcome decode(struct arena *a, struct why *why, const char *what, struct str part,
                             struct str *bytes)
{
    if (!base64url_read(a, part, bytes))
        FAIL(why, TOKEN_MALFORMED, "the %s is not base64url without padding (RFC 7515 section 2)",
             what);
    return OK;
}

/* Whatever is wrong with a foreign token's JSON is wrong with the token: nobody's input to correct.
 */
static struct outcome parse(struct arena *a, struct why *why, struct str name, struct str text,
                            const struct json_doc **out)
{
    struct why json_why = why_new(a);
    struct json_doc *doc;
    if (failed(json_load(a, &json_why, name, text, JSON_LAST_WINS, &doc))) {
        struct str reason = why_text(&json_why);
        FAIL(why, TOKEN_MALFORMED, "%.*s", STR_ARG(reason));
    }
    if (!json_is_object(doc->root))
        FAIL(why, TOKEN_MALFORMED, "%.*s: expected an object, found %s", STR_ARG(name),
             json_type_name(doc->root));
    *out = doc;
    return OK;
}

struct outcome jws_split(struct arena *a, struct why *why, struct str token, struct jws **out)
{
    struct jws *jws = arena_make(a, struct jws);
    struct parts parts;

    TRY(cut(why, token, &parts));
    TRY(decode(a, why, "token header", parts.header, &jws->header));
    TRY(decode(a, why, "token claims part", parts.payload, &jws->payload));
    TRY(decode(a, why, "token signature", parts.signature, &jws->signature));
    TRY(parse(a, why, STR("token header"), jws->header, &jws->header_json));
    TRY(parse(a, why, STR("token claims"), jws->payload, &jws->claims_json));
    jws->signing_input = str_sub(token, 0, parts.header.n + 1 + parts.payload.n);
    *out = jws;
    return OK;
}

bool jws_verifies(const struct jws *jws, const struct alg *alg, const struct pkey *key)
{
    return alg_fits(alg, key) && pkey_verify(key, alg->hash, jws->signing_input, jws->signature);
}

static struct str join(struct arena *a, struct str left, struct str right)
{
    char *p = arena_alloc(a, left.n + 1 + right.n + 1);
    memcpy(p, left.p, left.n);
    p[left.n] = '.';
    memcpy(p + left.n + 1, right.p, right.n);
    return str_n(p, left.n + 1 + right.n);
}

struct str jws_sign(struct arena *a, struct str header_json, struct str payload,
                    const struct alg *alg, const struct pkey *key)
{
    assert(alg_fits(alg, key));
    struct str input = join(a, base64url_write(a, header_json), base64url_write(a, payload));
    return join(a, input, base64url_write(a, pkey_sign(a, key, alg->hash, input)));
}
