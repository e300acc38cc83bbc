#include "jose/alg.h"

static const struct alg rows[] = {
    { STR_INIT("RS256"), PKEY_RSA, PKEY_SHA256 },  { STR_INIT("RS384"), PKEY_RSA, PKEY_SHA384 },
    { STR_INIT("RS512"), PKEY_RSA, PKEY_SHA512 },  { STR_INIT("ES256"), PKEY_P256, PKEY_SHA256 },
    { STR_INIT("ES384"), PKEY_P384, PKEY_SHA384 }, { STR_INIT("ES512"), PKEY_P521, PKEY_SHA512 },
};

const struct alg *alg_at(size_t index)
{
    return index < sizeof rows / sizeof rows[0] ? &rows[index] : NULL;
}

const struct alg *alg_find(struct str name)
{
    const struct alg *alg;
    for (size_t i = 0; (alg = alg_at(i)); i++)
        if (str_eq(alg->name, name))
            return alg;
    return NULL;
}

bool alg_fits(const struct alg *alg, const struct pkey *key)
{
    return alg->kind == pkey_kind(key);
}
