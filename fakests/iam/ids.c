#include "fakests/iam/ids.h"

#include "base/encode.h"
#include "crypto/digest.h"

#include <assert.h>
#include <inttypes.h>

enum {
    PREFIX_CHARACTERS = 4,
    HEAD_BYTES = 6,       /* one set bit, 40 bits of account, 7 random ones */
    HEAD_CHARACTERS = 10, /* of base32, that hold those 48 bits */
    ACCOUNT_SHIFT = 7,
};
static const int64_t ACCOUNT_MAX = 999999999999;
static const uint64_t GENERATION_BIT = UINT64_C(1) << 47; /* ids made before 2019 have 0 here */
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

struct str iam_unique_id(struct arena *a, const char *prefix, struct str account, size_t length,
                         const uint8_t random[ID_RANDOM_BYTES])
{
    uint8_t bytes[ID_RANDOM_BYTES];
    int64_t number = 0;
    bool is_account = str_to_i64(account, &number) && number >= 0 && number <= ACCOUNT_MAX;
    assert(is_account && length >= PREFIX_CHARACTERS + HEAD_CHARACTERS &&
           length <= ID_UNIQUE_CHARACTERS);
    (void)is_account;

    memcpy(bytes, random, sizeof bytes);
    uint64_t head = GENERATION_BIT | (uint64_t)number << ACCOUNT_SHIFT | (bytes[5] & 0x7F);
    for (size_t i = 0; i < HEAD_BYTES; i++)
        bytes[i] = (uint8_t)(head >> (8 * (HEAD_BYTES - 1 - i)));
    struct str body = base32_write(a, bytes, sizeof bytes);
    /* Sixteen characters are used up; a unique id has one more, and random[0] is still unspent. */
    struct str id = arena_printf(a, "%s%.*s%c", prefix, STR_ARG(body), alphabet[random[0] & 31]);
    return str_sub(id, 0, length);
}

struct str iam_id_of_arn(struct arena *a, const char *prefix, struct str account, struct str arn)
{
    uint8_t digest[SHA256_BYTES];
    sha256(arn, digest);
    return iam_unique_id(a, prefix, account, ID_UNIQUE_CHARACTERS, digest);
}

/* The number that n characters of base32 spell; false when one of them is none. */
static bool base32_number(struct str text, uint64_t *out)
{
    uint64_t value = 0;
    for (size_t i = 0; i < text.n; i++) {
        const char *digit = text.p[i] ? strchr(alphabet, text.p[i]) : NULL;
        if (!digit)
            return false;
        value = value << 5 | (uint64_t)(digit - alphabet);
    }
    *out = value;
    return true;
}

static bool upper_case(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 'A' || s.p[i] > 'Z')
            return false;
    return true;
}

bool iam_id_account(struct arena *a, struct str id, struct str *account)
{
    uint64_t head, tail;
    struct str body = str_sub(id, PREFIX_CHARACTERS, id.n);
    if (id.n < ID_KEY_CHARACTERS || id.n > ID_UNIQUE_CHARACTERS ||
        !upper_case(str_sub(id, 0, PREFIX_CHARACTERS)) ||
        !base32_number(str_sub(body, 0, HEAD_CHARACTERS), &head) ||
        !base32_number(str_sub(body, HEAD_CHARACTERS, body.n), &tail))
        return false;
    head >>= HEAD_CHARACTERS * 5 - HEAD_BYTES * 8;
    uint64_t number = (head & ~GENERATION_BIT) >> ACCOUNT_SHIFT;
    if (!(head & GENERATION_BIT) || number > (uint64_t)ACCOUNT_MAX)
        return false;
    *account = arena_printf(a, "%012" PRIu64, number);
    return true;
}
