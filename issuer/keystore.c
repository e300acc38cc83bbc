#include "issuer/keystore.h"

#include "base/encode.h"
#include "base/file.h"
#include "base/json.h"
#include "crypto/digest.h"
#include "crypto/x509.h"
#include "jose/jwk.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FILE_BYTES_MAX = 4 * 1024 * 1024,
    KEYS_MAX = 256,       /* in a ring: past it the oldest that does not sign is let go */
    NAME_BYTES_MAX = 200, /* of a file; longer ones are shortened by their hash */
    DIR_MODE = 0700,
    FILE_MODE = 0600,
};

/* Which bytes a ring was read from: a file that is replaced gets another inode, size or time. */
struct stamp {
    dev_t dev;
    ino_t ino;
    off_t size;
    struct timespec changed, modified;
};

/* A keyring and all its memory; immutable once it stands in a view, and counted. */
struct ring {
    atomic_uint refs;
    struct arena *arena;
    struct keyring ring;
    struct stamp stamp;
};

struct keystore_view {
    atomic_uint refs;
    size_t n;
    struct ring *rings[]; /* by name */
};

/*
 * Two locks: `swap` guards the pointer to the present view and is held for an instant; `change` is
 * held while a key is made, read or written, and readers never wait for it.
 */
struct keystore {
    char *dir;
    const struct clock *clock;
    struct entropy *entropy;
    pthread_mutex_t swap, change;
    struct keystore_view *view;
    struct seal_key sealing;
    bool has_sealing;
    struct pkey *(*make)(void *context, enum pkey_kind kind);
    void *make_context;
};

static void *must(void *p)
{
    if (!p)
        abort();
    return p;
}

/* ---- kids ---- */

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

static const struct kid_shape {
    const char *name;
    struct str (*kid)(struct arena *a, const struct pkey *k);
} kid_shapes[] = {
    { "thumbprint", kid_thumbprint }, { "sha512-base64url", kid_sha512 },
    { "sha1-hex", kid_sha1 },         { "sha1-hex-upper", kid_sha1_upper },
    { "auth0", kid_auth0 },           { "uuid", kid_uuid },
};
enum { KID_SHAPES = sizeof kid_shapes / sizeof kid_shapes[0] };

const char *keystore_kid_shape(size_t index)
{
    return index < KID_SHAPES ? kid_shapes[index].name : NULL;
}

static struct str kid_of(struct arena *a, struct str shape, const struct pkey *k)
{
    for (size_t i = 0; i < KID_SHAPES; i++)
        if (str_eq(str_of(kid_shapes[i].name), shape))
            return kid_shapes[i].kid(a, k);
    return kid_thumbprint(a, k);
}

/* ---- rings ---- */

static void drop_key(void *key)
{
    pkey_drop(key);
}

static struct ring *ring_new(struct str name, size_t room)
{
    struct ring *r = must(calloc(1, sizeof *r));
    atomic_init(&r->refs, 1);
    r->arena = arena_new();
    r->ring.name = arena_str(r->arena, name);
    r->ring.keys = arena_array(r->arena, struct keyring_key, room + 1);
    return r;
}

static void ring_drop(struct ring *r)
{
    if (!r || atomic_fetch_sub_explicit(&r->refs, 1, memory_order_acq_rel) > 1)
        return;
    arena_free(r->arena);
    free(r);
}

/* Takes over the caller's reference to k.key. */
static void ring_add(struct ring *r, struct keyring_key k)
{
    uint8_t hash[SHA1_BYTES];
    sha1(k.x5c_der, hash);
    k.x5t = base64url_write(r->arena, str_n((const char *)hash, sizeof hash));
    k.kid = arena_str(r->arena, k.kid);
    k.x5c_der = arena_str(r->arena, k.x5c_der);
    arena_defer(r->arena, drop_key, k.key);
    r->ring.keys[r->ring.n++] = k;
}

/* The first key that no longer signs, retired ones before published ones; n when all sign. */
static size_t least_needed(const struct keyring *old)
{
    size_t found = old->n;
    for (size_t i = old->n; i-- > 0;)
        if (old->keys[i].state == KEY_PUBLISHED)
            found = i;
    for (size_t i = old->n; i-- > 0;)
        if (old->keys[i].state == KEY_RETIRED)
            found = i;
    return found;
}

/* A ring that is not in any view yet, and so may be changed, with room for one key more. */
static struct ring *ring_draft(struct str name, const struct keyring *old)
{
    struct ring *r = ring_new(name, old ? old->n + 1 : 1);
    size_t left_out = old && old->n >= KEYS_MAX ? least_needed(old) : SIZE_MAX;
    for (size_t i = 0; old && i < old->n; i++) {
        struct keyring_key k = old->keys[i];
        if (i == left_out)
            continue;
        k.key = pkey_hold(k.key);
        ring_add(r, k);
    }
    return r;
}

const struct keyring_key *keyring_signer(const struct keyring *r, const struct alg *alg)
{
    for (size_t i = r ? r->n : 0; i-- > 0;)
        if (r->keys[i].state == KEY_SIGNING && r->keys[i].alg == alg)
            return &r->keys[i];
    return NULL;
}

const struct keyring_key *keyring_published(const struct keyring *r, struct str kid)
{
    for (size_t i = r ? r->n : 0; i-- > 0;)
        if (r->keys[i].state != KEY_RETIRED && str_eq(r->keys[i].kid, kid))
            return &r->keys[i];
    return NULL;
}

/* ---- views ---- */

static struct keystore_view *view_new(size_t n)
{
    struct keystore_view *v = must(calloc(1, sizeof *v + n * sizeof v->rings[0]));
    atomic_init(&v->refs, 1);
    v->n = n;
    return v;
}

struct keystore_view *keystore_view_hold(struct keystore_view *v)
{
    atomic_fetch_add_explicit(&v->refs, 1, memory_order_relaxed);
    return v;
}

void keystore_view_drop(struct keystore_view *v)
{
    if (!v || atomic_fetch_sub_explicit(&v->refs, 1, memory_order_acq_rel) > 1)
        return;
    for (size_t i = 0; i < v->n; i++)
        ring_drop(v->rings[i]);
    free(v);
}

struct keystore_view *keystore_view(struct keystore *s)
{
    pthread_mutex_lock(&s->swap);
    struct keystore_view *v = keystore_view_hold(s->view);
    pthread_mutex_unlock(&s->swap);
    return v;
}

/* Where the ring is, or belongs. */
static size_t position(const struct keystore_view *v, struct str name)
{
    size_t from = 0, to = v->n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (str_cmp(v->rings[middle]->ring.name, name) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static struct ring *view_ring(const struct keystore_view *v, struct str name)
{
    size_t i = position(v, name);
    return i < v->n && str_eq(v->rings[i]->ring.name, name) ? v->rings[i] : NULL;
}

const struct keyring *keystore_view_ring(const struct keystore_view *v, struct str name)
{
    const struct ring *r = view_ring(v, name);
    return r ? &r->ring : NULL;
}

/* The view with that ring put in or in place of its namesake; the reference to it is taken over. */
static struct keystore_view *view_with(const struct keystore_view *old, struct ring *ring)
{
    size_t at = position(old, ring->ring.name);
    bool replaces = view_ring(old, ring->ring.name) != NULL;
    struct keystore_view *v = view_new(old->n + !replaces);
    for (size_t i = 0; i < v->n; i++) {
        v->rings[i] = i == at ? ring : old->rings[i - (i > at && !replaces)];
        if (i != at)
            atomic_fetch_add_explicit(&v->rings[i]->refs, 1, memory_order_relaxed);
    }
    return v;
}

/* With `change` locked: nobody else puts rings in. */
static void install(struct keystore *s, struct ring *ring)
{
    struct keystore_view *old = s->view, *v = view_with(old, ring);
    pthread_mutex_lock(&s->swap);
    s->view = v;
    pthread_mutex_unlock(&s->swap);
    keystore_view_drop(old);
}

/* ---- files ---- */

static const char *const state_names[] = {
    [KEY_SIGNING] = "signing",
    [KEY_PUBLISHED] = "published",
    [KEY_RETIRED] = "retired",
};
enum { STATES = sizeof state_names / sizeof state_names[0] };

/* Keyrings of single issuers are named by their URL. */
static const char *ring_path(const struct keystore *s, struct arena *a, struct str name)
{
    struct str file = percent_write(a, name);
    uint8_t hash[SHA256_BYTES];
    if (file.n > NAME_BYTES_MAX) {
        sha256(name, hash);
        struct str tail = hex_write(a, hash, 8), head = str_sub(file, 0, NAME_BYTES_MAX - 20);
        file = arena_printf(a, "%.*s~%.*s", STR_ARG(head), STR_ARG(tail));
    }
    return arena_printf(a, "%s/%.*s.json", s->dir, STR_ARG(file)).p;
}

static bool stamp_of(const char *path, struct stamp *out)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return false;
    *out = (struct stamp){ .dev = st.st_dev,
                           .ino = st.st_ino,
                           .size = st.st_size,
                           .changed = st.st_ctim,
                           .modified = st.st_mtim };
    return true;
}

static bool stamp_eq(const struct stamp *a, const struct stamp *b)
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
    for (int i = 0; i < STATES; i++) {
        if (!str_eq(name, str_of(state_names[i])))
            continue;
        *out = (enum key_state)i;
        return OK;
    }
    return json_fail(&value, why, FAULT_KEY_MALFORMED,
                     "expected \"signing\", \"published\" or \"retired\"");
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

static struct outcome read_key(struct ring *r, struct why *why, const struct json_at *at)
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
    ring_add(r, k);
    return OK;
}

static struct outcome read_ring(struct ring *r, struct why *why, const struct json_at *at)
{
    static const char *const names[] = { "keyring", "keys", NULL };
    struct json_at value;
    struct str name;
    TRY(json_want_members(at, why, names));
    TRY(want_str(why, at, "keyring", &value, &name));
    if (!str_eq(name, r->ring.name))
        return json_fail(&value, why, FAULT_KEY_MALFORMED,
                         "these are the keys of \"%.*s\", not of \"%.*s\"", STR_ARG(name),
                         STR_ARG(r->ring.name));
    if (!json_at_member(at, "keys", &value))
        return json_fail(at, why, FAULT_KEY_MALFORMED, "a member \"keys\" is needed");
    TRY(json_want_array(&value, why));
    for (size_t i = 0; i < json_array_size(value.value); i++) {
        struct json_at item = json_at_item(&value, i);
        TRY(read_key(r, why, &item));
    }
    return OK;
}

/* The ring in the file; *out == NULL when there is no such file. */
static struct outcome ring_load(const struct keystore *s, struct arena *a, struct why *why,
                                struct str name, struct ring **out)
{
    const char *path = ring_path(s, a, name);
    struct stamp stamp; /* taken before reading: what changes meanwhile is read once more */
    struct json_doc *doc;
    struct str text;

    *out = NULL;
    if (!stamp_of(path, &stamp) && (errno == ENOENT || errno == ENOTDIR))
        return OK; /* making one will say what is in the way */
    TRY(file_read(a, why, path, FILE_BYTES_MAX, &text));
    TRY(json_load(a, why, str_of(path), text, JSON_DUPLICATES_REFUSED, &doc));
    struct json_at root = json_at_root(doc);
    struct ring *r = ring_new(name, json_array_size(json_object_get(doc->root, "keys")));
    r->stamp = stamp;
    struct outcome o = read_ring(r, why, &root);
    if (failed(o))
        ring_drop(r);
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
    json_object_set_new(o, "state", json_string(state_names[k->state]));
    json_object_set_new(o, "created", json_string(time_write(k->created_s, created)));
    json_object_set_new(o, "private_key", json_of(pkey_write_pem(a, k->key)));
    json_object_set_new(o, "certificate", json_of(base64_write(a, k->x5c_der)));
    return o;
}

static struct outcome ring_write(const struct keystore *s, struct arena *a, struct why *why,
                                 struct ring *r)
{
    const char *path = ring_path(s, a, r->ring.name);
    json_t *root = json_keep(a, json_object()), *keys = json_array();
    json_object_set_new(root, "keyring", json_of(r->ring.name));
    json_object_set_new(root, "keys", keys);
    for (size_t i = 0; i < r->ring.n; i++)
        json_array_append_new(keys, key_json(a, &r->ring.keys[i]));
    struct str text = json_text_pretty(a, root);
    TRY(file_replace(why, path, arena_printf(a, "%.*s\n", STR_ARG(text)), FILE_MODE));
    stamp_of(path, &r->stamp);
    return OK;
}

static bool is_current(const struct keystore *s, struct arena *a, struct str name,
                       const struct ring *have)
{
    struct stamp stamp;
    return have && stamp_of(ring_path(s, a, name), &stamp) && stamp_eq(&stamp, &have->stamp);
}

/* With `change` locked: brings the view up to what the file holds. */
static struct outcome reload(struct keystore *s, struct arena *a, struct why *why, struct str name)
{
    struct ring *loaded;
    if (!s->dir || is_current(s, a, name, view_ring(s->view, name)))
        return OK;
    TRY(ring_load(s, a, why, name, &loaded));
    if (loaded) /* else it was deleted: the keys we have stay good */
        install(s, loaded);
    return OK;
}

/* The folder itself is what processes lock. */
static struct outcome lock_folder(const struct keystore *s, struct why *why, int *fd)
{
    TRY(file_make_dirs(why, s->dir, DIR_MODE));
    *fd = open(s->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (*fd >= 0 && flock(*fd, LOCK_EX) != 0)
        if (errno != EINTR) {
            close(*fd);
            *fd = -1;
        }
    if (*fd < 0)
        FAIL(why, FILE_UNWRITABLE, "%s: %s", s->dir, strerror(errno));
    return OK;
}

/* ---- the store ---- */

static struct pkey *generate(void *context, enum pkey_kind kind)
{
    (void)context;
    return pkey_generate(kind);
}

struct outcome keystore_open(struct why *why, const char *dir, const struct clock *clock,
                             struct entropy *entropy, struct keystore **out)
{
    if (dir && !*dir)
        FAIL(why, FILE_UNREADABLE, "the folder of keys has an empty name");
    struct keystore *s = must(calloc(1, sizeof *s));
    s->dir = dir ? must(strdup(dir)) : NULL;
    s->clock = clock;
    s->entropy = entropy;
    s->make = generate;
    s->view = view_new(0);
    pthread_mutex_init(&s->swap, NULL);
    pthread_mutex_init(&s->change, NULL);
    *out = s;
    return OK;
}

void keystore_close(struct keystore *s)
{
    if (!s)
        return;
    keystore_view_drop(s->view);
    pthread_mutex_destroy(&s->swap);
    pthread_mutex_destroy(&s->change);
    wipe(&s->sealing, sizeof s->sealing);
    free(s->dir);
    free(s);
}

void keystore_make_with(struct keystore *s,
                        struct pkey *(*make)(void *context, enum pkey_kind kind), void *context)
{
    s->make = make;
    s->make_context = context;
}

static bool has_signer(struct keystore *s, const struct keyring_spec *spec)
{
    struct keystore_view *v = keystore_view(s);
    bool has = keyring_signer(keystore_view_ring(v, spec->name), spec->alg) != NULL;
    keystore_view_drop(v);
    return has;
}

/* ---- changes: each is a draft of the ring, changed, written and put in place ---- */

struct change {
    struct keystore *store;
    struct arena *arena;
    struct why *why;
    const struct keyring_spec *spec;
    /* Changes the draft; false when there is nothing to change. */
    bool (*edit)(const struct change *c, struct ring *draft);
};

static void add_key(const struct change *c, struct ring *draft)
{
    struct keystore *s = c->store;
    struct keyring_key k = { .alg = c->spec->alg, .state = KEY_SIGNING };
    k.key = s->make(s->make_context, k.alg->kind);
    k.kid = kid_of(c->arena, c->spec->kid_shape, k.key);
    k.x5c_der = x509_self_signed(c->arena, k.key, c->spec->name);
    k.created_s = clock_now_s(s->clock);
    ring_add(draft, k);
}

static bool ensure_edit(const struct change *c, struct ring *draft)
{
    if (keyring_signer(&draft->ring, c->spec->alg))
        return false; /* somebody else was first */
    add_key(c, draft);
    return true;
}

static bool rotate_edit(const struct change *c, struct ring *draft)
{
    for (size_t i = 0; i < draft->ring.n; i++)
        if (draft->ring.keys[i].state == KEY_SIGNING && draft->ring.keys[i].alg == c->spec->alg)
            draft->ring.keys[i].state = KEY_PUBLISHED;
    add_key(c, draft);
    return true;
}

static bool retire_edit(const struct change *c, struct ring *draft)
{
    bool changed = false;
    (void)c;
    for (size_t i = 0; i < draft->ring.n; i++) {
        changed |= draft->ring.keys[i].state == KEY_PUBLISHED;
        if (draft->ring.keys[i].state == KEY_PUBLISHED)
            draft->ring.keys[i].state = KEY_RETIRED;
    }
    return changed;
}

/* With `change` locked, and the folder too where there is one. */
static struct outcome change_locked(const struct change *c)
{
    struct keystore *s = c->store;
    TRY(reload(s, c->arena, c->why, c->spec->name));
    struct ring *draft = ring_draft(c->spec->name, keystore_view_ring(s->view, c->spec->name));
    struct outcome o = OK;
    bool changed = c->edit(c, draft);
    if (changed && s->dir)
        o = ring_write(s, c->arena, c->why, draft);
    if (changed && !failed(o))
        install(s, draft);
    else
        ring_drop(draft);
    return o;
}

static struct outcome change_folder(const struct change *c)
{
    int fd;
    if (!c->store->dir)
        return change_locked(c);
    TRY(lock_folder(c->store, c->why, &fd));
    struct outcome o = change_locked(c);
    close(fd); /* unlocks */
    return o;
}

static struct outcome change(struct keystore *s, struct why *why, const struct keyring_spec *spec,
                             bool (*edit)(const struct change *c, struct ring *draft))
{
    struct change c = { .store = s, .arena = arena_new(), .why = why, .spec = spec, .edit = edit };
    pthread_mutex_lock(&s->change);
    struct outcome o = change_folder(&c);
    pthread_mutex_unlock(&s->change);
    arena_free(c.arena);
    return o;
}

/* What is on the disk already needs no lock between processes and no folder that can be written. */
static struct outcome load(struct keystore *s, struct why *why, struct str name)
{
    struct arena *a = arena_new();
    pthread_mutex_lock(&s->change);
    struct outcome o = reload(s, a, why, name);
    pthread_mutex_unlock(&s->change);
    arena_free(a);
    return o;
}

struct outcome keystore_ensure(struct keystore *s, struct why *why, const struct keyring_spec *spec)
{
    if (has_signer(s, spec))
        return OK;
    TRY(load(s, why, spec->name));
    return has_signer(s, spec) ? OK : change(s, why, spec, ensure_edit);
}

struct outcome keystore_rotate(struct keystore *s, struct why *why, const struct keyring_spec *spec)
{
    return change(s, why, spec, rotate_edit);
}

struct outcome keystore_retire(struct keystore *s, struct why *why, struct str name)
{
    struct keyring_spec spec = { .name = name };
    return change(s, why, &spec, retire_edit);
}

bool keystore_refresh(struct keystore *s, struct str name, struct str kid_shape)
{
    (void)kid_shape; /* kids stand in the file beside their keys */
    if (!s->dir)
        return false;
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct keystore_view *v = keystore_view(s), *now;
    const struct ring *have = view_ring(v, name);
    struct stamp stamp;
    if (stamp_of(ring_path(s, a, name), &stamp) && !(have && stamp_eq(&stamp, &have->stamp)))
        (void)failed(load(s, &why, name));
    now = keystore_view(s);
    bool changed = view_ring(now, name) != have;
    keystore_view_drop(now);
    keystore_view_drop(v);
    arena_free(a);
    return changed;
}

/* ---- the sealing key ---- */

static struct outcome read_sealing(struct arena *a, struct why *why, const char *path,
                                   struct seal_key *out)
{
    struct str text, bytes;
    TRY(file_read(a, why, path, FILE_BYTES_MAX, &text));
    if (!str_ends(text, STR("\n")) || !hex_read(a, str_sub(text, 0, text.n - 1), &bytes) ||
        bytes.n != SEAL_KEY_BYTES)
        FAIL(why, KEY_MALFORMED, "%s: not a sealing key (%d hexadecimal digits and a newline)",
             path, 2 * SEAL_KEY_BYTES);
    memcpy(out->bytes, bytes.p, SEAL_KEY_BYTES);
    return OK;
}

static struct outcome write_sealing(struct keystore *s, struct arena *a, struct why *why,
                                    const char *path)
{
    struct seal_key key;
    entropy_fill(s->entropy, key.bytes, SEAL_KEY_BYTES);
    struct str text = hex_write(a, key.bytes, SEAL_KEY_BYTES);
    wipe(&key, sizeof key);
    return file_replace(why, path, arena_printf(a, "%.*s\n", STR_ARG(text)), FILE_MODE);
}

static struct outcome sealing_locked(struct keystore *s, struct arena *a, struct why *why)
{
    const char *path = s->dir ? arena_printf(a, "%s/sealing.key", s->dir).p : NULL;
    struct outcome o = OK;
    struct stat st;
    int fd;
    if (s->has_sealing)
        return OK;
    if (!path) {
        entropy_fill(s->entropy, s->sealing.bytes, SEAL_KEY_BYTES);
    } else {
        TRY(lock_folder(s, why, &fd));
        if (stat(path, &st) != 0 && errno == ENOENT)
            o = write_sealing(s, a, why, path);
        if (!failed(o))
            o = read_sealing(a, why, path, &s->sealing);
        close(fd);
    }
    s->has_sealing = !failed(o);
    return o;
}

struct outcome keystore_sealing_key(struct keystore *s, struct why *why, struct seal_key *out)
{
    struct arena *a = arena_new();
    pthread_mutex_lock(&s->change);
    struct outcome o = sealing_locked(s, a, why);
    if (!failed(o))
        *out = s->sealing;
    pthread_mutex_unlock(&s->change);
    arena_free(a);
    return o;
}
