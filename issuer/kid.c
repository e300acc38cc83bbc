#include "issuer/kid.h"

#include "base/encode.h"
#include "crypto/digest.h"
#include "jose/jwk.h"

static struct str kid_thumbprint(struct arena *a, const struct pkey *k)
{
    return jwk_thumbprint(a, k);
}

static struct str kid_sha512(struct arena *a, const struct pkey *k)
{
    uint8_t hash[SHA512_BYTES];
    sha512(pkey_spki(a, k), hash);
    return base64url_write(a, str_n((const char *)hash, sizeof hash));
}

static struct str kid_sha1(struct arena *a, const struct pkey *k)
{
    uint8_t hash[SHA1_BYTES];
    sha1(pkey_spki(a, k), hash);
    return hex_write(a, hash, sizeof hash);
}

static struct str kid_sha1_upper(struct arena *a, const struct pkey *k)
{
    struct str lower = kid_sha1(a, k);
    char *p = arena_cstr(a, lower);
    for (size_t i = 0; i < lower.n; i++)
        p[i] = (char)(p[i] >= 'a' ? p[i] - 'a' + 'A' : p[i]);
    return str_n(p, lower.n);
}

/* 21 characters, as Auth0's key ids are. */
static struct str kid_auth0(struct arena *a, const struct pkey *k)
{
    uint8_t hash[SHA256_BYTES];
    sha256(pkey_spki(a, k), hash);
    return str_sub(base64url_write(a, str_n((const char *)hash, sizeof hash)), 0, 21);
}

/* A name-based UUID (RFC 9562 5.5) over the key. */
static struct str kid_uuid(struct arena *a, const struct pkey *k)
{
    uint8_t b[SHA1_BYTES];
    sha1(pkey_spki(a, k), b);
    b[6] = (uint8_t)((b[6] & 0x0F) | 0x50);
    b[8] = (uint8_t)((b[8] & 0x3F) | 0x80);
    return arena_printf(a, "%.8s-%.4s-%.4s-%.4s-%.12s", hex_write(a, b, 4).p,
                        hex_write(a, b + 4, 2).p, hex_write(a, b + 6, 2).p,
                        hex_write(a, b + 8, 2).p, hex_write(a, b + 10, 6).p);
}

static const struct shape {
    const char *name;
    struct str (*kid)(struct arena *a, const struct pkey *k);
} shapes[] = {
    { "thumbprint", kid_thumbprint }, { "sha512-base64url", kid_sha512 },
    { "sha1-hex", kid_sha1 },         { "sha1-hex-upper", kid_sha1_upper },
    { "auth0", kid_auth0 },           { "uuid", kid_uuid },
};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

const char *kid_shape(size_t index)
{
    return index < SHAPES ? shapes[index].name : NULL;
}

struct str kid_of(struct arena *a, struct str shape, const struct pkey *k)
{
    for (size_t i = 0; i < SHAPES; i++)
        if (str_eq(str_of(shapes[i].name), shape))
            return shapes[i].kid(a, k);
    return kid_thumbprint(a, k);
}
