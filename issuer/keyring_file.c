#include "issuer/keyring_file.h"

#include "base/clock.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/json.h"
#include "crypto/digest.h"

#include <errno.h>
#include <sys/stat.h>

enum {
    FILE_BYTES_MAX = 4 * 1024 * 1024, /* 256 keys with their certificates, and room */
    NAME_BYTES_MAX = 200,             /* of a file; longer ones are shortened by their hash */
    FILE_MODE = 0600,
};

const char *keyring_file_path(struct arena *a, const char *dir, struct str name)
{
    struct str file = percent_write(a, name);
    uint8_t hash[SHA256_BYTES];
    if (file.n > NAME_BYTES_MAX) {
        sha256(name, hash);
        struct str tail = hex_write(a, hash, 8), head = str_sub(file, 0, NAME_BYTES_MAX - 20);
        file = arena_printf(a, "%.*s~%.*s", STR_ARG(head), STR_ARG(tail));
    }
    return arena_printf(a, "%s/%.*s.json", dir, STR_ARG(file)).p;
}

bool keyring_file_stamp(const char *path, struct keyring_stamp *out)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return false;
    *out = (struct keyring_stamp){ .dev = st.st_dev,
                                   .ino = st.st_ino,
                                   .size = st.st_size,
                                   .changed = st.st_ctim,
                                   .modified = st.st_mtim };
    return true;
}

bool keyring_file_same(const struct keyring_stamp *a, const struct keyring_stamp *b)
{
    return a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
           a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec &&
           a->modified.tv_sec == b->modified.tv_sec && a->modified.tv_nsec == b->modified.tv_nsec;
}

static struct outcome want_str(struct why *why, const struct json_at *at, const char *member,
                               struct json_at *value, struct str *out)
{
    if (!json_at_member(at, member, value))
        return json_fail(at, why, FAULT_KEY_MALFORMED, "a member \"%s\" is needed", member);
    return json_want_str(value, why, out);
}

static struct outcome read_state(struct why *why, const struct json_at *at, enum key_state *out)
{
    struct json_at value;
    struct str name;
    TRY(want_str(why, at, "state", &value, &name));
    if (keyring_state_find(name, out))
        return OK;
    return json_fail(&value, why, FAULT_KEY_MALFORMED,
                     "expected \"signing\", \"published\", \"retired\" or \"pending\"");
}

static struct outcome read_created(struct why *why, const struct json_at *at, int64_t *out)
{
    struct json_at value;
    struct str text;
    int64_t ms;
    TRY(want_str(why, at, "created", &value, &text));
    if (!time_read(text, &ms))
        return json_fail(&value, why, FAULT_KEY_MALFORMED, "expected a time, as RFC 3339 has it");
    *out = ms / 1000;
    return OK;
}

static struct outcome read_private_key(struct why *why, const struct json_at *at,
                                       struct keyring_key *k)
{
    struct why refused = why_new(why->arena);
    struct json_at value;
    struct str pem;
    TRY(want_str(why, at, "private_key", &value, &pem));
    if (failed(pkey_read_pem(&refused, pem, &k->key)))
        return json_fail(&value, why, FAULT_KEY_MALFORMED, "%.*s", STR_ARG(refused.detail));
    if (alg_fits(k->alg, k->key))
        return OK;
    pkey_drop(k->key);
    return json_fail(&value, why, FAULT_KEY_MALFORMED, "the key is of another kind than %.*s takes",
                     STR_ARG(k->alg->name));
}

static struct outcome read_key(struct keyring *r, struct why *why, const struct json_at *at)
{
    static const char *const names[] = { "kid",         "alg",         "state", "created",
                                         "private_key", "certificate", NULL };
    struct keyring_key k = { 0 };
    struct json_at value;
    struct str alg, der;
    TRY(json_want_members(at, why, names));
    TRY(want_str(why, at, "kid", &value, &k.kid));
    if (!k.kid.n)
        return json_fail(&value, why, FAULT_KEY_MALFORMED, "the kid is empty");
    TRY(want_str(why, at, "alg", &value, &alg));
    k.alg = alg_find(alg);
    if (!k.alg)
        return json_fail(&value, why, FAULT_KEY_MALFORMED, "no algorithm \"%.*s\"", STR_ARG(alg));
    TRY(read_state(why, at, &k.state));
    TRY(read_created(why, at, &k.created_s));
    TRY(want_str(why, at, "certificate", &value, &der));
    if (!base64_read(r->arena, der, &k.x5c_der) || !k.x5c_der.n)
        return json_fail(&value, why, FAULT_KEY_MALFORMED, "not base64");
    TRY(read_private_key(why, at, &k));
    keyring_add(r, k);
    return OK;
}

static struct outcome read_ring(struct keyring *r, struct why *why, const struct json_at *at)
{
    static const char *const names[] = { "keyring", "keys", NULL };
    struct json_at value;
    struct str name;
    TRY(json_want_members(at, why, names));
    TRY(want_str(why, at, "keyring", &value, &name));
    if (!str_eq(name, r->name))
        return json_fail(&value, why, FAULT_KEY_MALFORMED,
                         "these are the keys of \"%.*s\", not of \"%.*s\"", STR_ARG(name),
                         STR_ARG(r->name));
    if (!json_at_member(at, "keys", &value))
        return json_fail(at, why, FAULT_KEY_MALFORMED, "a member \"keys\" is needed");
    TRY(json_want_array(&value, why));
    for (size_t i = 0; i < json_array_size(value.value); i++) {
        struct json_at item = json_at_item(&value, i);
        TRY(read_key(r, why, &item));
    }
    return OK;
}

struct outcome keyring_file_read(struct arena *a, struct why *why, const char *path,
                                 struct str name, struct keyring **out)
{
    struct keyring_stamp stamp; /* taken before reading: what changes meanwhile is read once more */
    struct json_doc *doc;
    struct str text;

    *out = NULL;
    if (!keyring_file_stamp(path, &stamp) && (errno == ENOENT || errno == ENOTDIR))
        return OK; /* making one will say what is in the way */
    TRY(file_read(a, why, path, FILE_BYTES_MAX, &text));
    TRY(json_load(a, why, str_of(path), text, JSON_DUPLICATES_REFUSED, &doc));
    struct json_at root = json_at_root(doc);
    struct keyring *r = keyring_new(name, json_array_size(json_object_get(doc->root, "keys")));
    r->stamp = stamp;
    struct outcome o = read_ring(r, why, &root);
    if (failed(o))
        keyring_drop(r);
    else
        *out = r;
    return o;
}

static json_t *key_json(struct arena *a, const struct keyring_key *k)
{
    char created[TIME_TEXT_BYTES];
    json_t *o = json_object();
    json_object_set_new(o, "kid", json_of(k->kid));
    json_object_set_new(o, "alg", json_of(k->alg->name));
    json_object_set_new(o, "state", json_string(keyring_state_name(k->state)));
    json_object_set_new(o, "created", json_string(time_write(k->created_s, created)));
    json_object_set_new(o, "private_key", json_of(pkey_write_pem(a, k->key)));
    json_object_set_new(o, "certificate", json_of(base64_write(a, k->x5c_der)));
    return o;
}

struct outcome keyring_file_write(struct arena *a, struct why *why, const char *path,
                                  struct keyring *r)
{
    json_t *root = json_keep(a, json_object()), *keys = json_array();
    json_object_set_new(root, "keyring", json_of(r->name));
    json_object_set_new(root, "keys", keys);
    for (size_t i = 0; i < r->n; i++)
        json_array_append_new(keys, key_json(a, &r->keys[i]));
    struct str text = json_text_pretty(a, root);
    TRY(file_replace(why, path, arena_printf(a, "%.*s\n", STR_ARG(text)), FILE_MODE));
    keyring_file_stamp(path, &r->stamp);
    return OK;
}
