#include "scenarios/test_keys.h"

#include "base/embed.h"
#include "base/map.h"
#include "crypto/x509.h"

#include <pthread.h>
#include <stdlib.h>

enum { KEYS_MAX = 16 }; /* of one kind */

/* One compiled-in key, read when it is first drawn, and its certificates by their names. */
struct test_key {
    const struct embedded *file;
    struct pkey *key;
    struct map certificates;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct arena *kept; /* as long as the process */
static struct test_key keys[PKEY_P521 + 1][KEYS_MAX];
static size_t n_keys[PKEY_P521 + 1];

static void find_files(void)
{
    static const char *const prefix[] = {
        [PKEY_RSA] = "rsa-", [PKEY_P256] = "p256-", [PKEY_P384] = "p384-", [PKEY_P521] = "p521-"
    };
    if (kept)
        return;
    kept = arena_new();
    for (const struct embedded *f = scenario_key_files; f->name; f++)
        for (size_t kind = 0; kind <= PKEY_P521; kind++)
            if (str_starts(str_of(f->name), str_of(prefix[kind])) && n_keys[kind] < KEYS_MAX) {
                keys[kind][n_keys[kind]].certificates = map_new(kept);
                keys[kind][n_keys[kind]++].file = f;
            }
}

static void read_key(struct test_key *k)
{
    struct why why = why_new(kept);
    if (!k->key && failed(pkey_read_pem(&why, str_n(k->file->p, k->file->n), &k->key)))
        abort(); /* compiled in */
}

static struct str certificate(struct test_key *k, struct str name)
{
    struct str *der = map_get(&k->certificates, name);
    if (!der) {
        der = arena_make(kept, struct str);
        *der = x509_self_signed(kept, k->key, name);
        map_put(&k->certificates, arena_str(kept, name), der);
    }
    return *der;
}

struct pkey *test_keys_make(void *context, struct arena *a, enum pkey_kind kind, struct str name,
                            struct str *x5c_der)
{
    struct test_keys *of = context;
    struct pkey *key = NULL;
    pthread_mutex_lock(&lock);
    find_files();
    if (of->drawn[kind] < n_keys[kind]) {
        struct test_key *k = &keys[kind][of->drawn[kind]++];
        read_key(k);
        *x5c_der = arena_str(a, certificate(k, name));
        key = pkey_hold(k->key);
    }
    pthread_mutex_unlock(&lock);
    return key ? key : pkey_generate(kind);
}
