#include "issuer/keystore.h"

#include "base/encode.h"
#include "base/file.h"
#include "crypto/digest.h"
#include "crypto/x509.h"
#include "issuer/keyring_file.h"
#include "issuer/kid.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    DIR_MODE = 0700,
    FILE_MODE = 0600,
    SEALING_BYTES_MAX = 1024, /* of a file that ought to have 65 */
};

struct keystore_view {
    atomic_uint refs;
    size_t n;
    struct keyring *rings[]; /* by name */
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
    struct pkey *(*make)(void *context, struct arena *a, enum pkey_kind kind, struct str name,
                         struct str *x5c_der);
    void *make_context;
};

static void *must(void *p)
{
    if (!p)
        abort();
    return p;
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
        keyring_drop(v->rings[i]);
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
        if (str_cmp(v->rings[middle]->name, name) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static struct keyring *view_ring(const struct keystore_view *v, struct str name)
{
    size_t i = position(v, name);
    return i < v->n && str_eq(v->rings[i]->name, name) ? v->rings[i] : NULL;
}

const struct keyring *keystore_view_ring(const struct keystore_view *v, struct str name)
{
    return view_ring(v, name);
}

/* The view with that ring put in or in place of its namesake; the reference to it is taken over. */
static struct keystore_view *view_with(const struct keystore_view *old, struct keyring *ring)
{
    size_t at = position(old, ring->name);
    bool replaces = view_ring(old, ring->name) != NULL;
    struct keystore_view *v = view_new(old->n + !replaces);
    for (size_t i = 0; i < v->n; i++) {
        v->rings[i] = i == at ? ring : old->rings[i - (i > at && !replaces)];
        if (i != at)
            keyring_hold(v->rings[i]);
    }
    return v;
}

/* With `change` locked: nobody else puts rings in. */
static void install(struct keystore *s, struct keyring *ring)
{
    struct keystore_view *old = s->view, *v = view_with(old, ring);
    pthread_mutex_lock(&s->swap);
    s->view = v;
    pthread_mutex_unlock(&s->swap);
    keystore_view_drop(old);
}

/* ---- files ---- */

static bool is_current(const struct keystore *s, struct arena *a, struct str name,
                       const struct keyring *have)
{
    struct keyring_stamp stamp;
    return have && keyring_file_stamp(keyring_file_path(a, s->dir, name), &stamp) &&
           keyring_file_same(&stamp, &have->stamp);
}

/* With `change` locked: brings the view up to what the file holds. */
static struct outcome reload(struct keystore *s, struct arena *a, struct why *why, struct str name)
{
    struct keyring *loaded;
    if (!s->dir || is_current(s, a, name, view_ring(s->view, name)))
        return OK;
    TRY(keyring_file_read(a, why, keyring_file_path(a, s->dir, name), name, &loaded));
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

static struct pkey *generate(void *context, struct arena *a, enum pkey_kind kind, struct str name,
                             struct str *x5c_der)
{
    (void)context;
    (void)a;
    (void)name;
    (void)x5c_der;
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
                        struct pkey *(*make)(void *context, struct arena *a, enum pkey_kind kind,
                                             struct str name, struct str *x5c_der),
                        void *context)
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
    bool (*edit)(const struct change *c, struct keyring *draft);
};

static void add_key(const struct change *c, struct keyring *draft, enum key_state state)
{
    struct keystore *s = c->store;
    struct keyring_key k = { .alg = c->spec->alg, .state = state };
    k.key = s->make(s->make_context, c->arena, k.alg->kind, c->spec->name, &k.x5c_der);
    k.kid = kid_of(c->arena, c->spec->kid_shape, k.key);
    if (!k.x5c_der.n)
        k.x5c_der = x509_self_signed(c->arena, k.key, c->spec->name);
    k.created_s = clock_now_s(s->clock);
    keyring_add(draft, k);
}

static bool ensure_edit(const struct change *c, struct keyring *draft)
{
    if (keyring_signer(draft, c->spec->alg))
        return false; /* somebody else was first */
    add_key(c, draft, KEY_SIGNING);
    return true;
}

/* Only what signs may be pending: a key that signs no longer is published, as all old ones are. */
static bool rotate(const struct change *c, struct keyring *draft, enum key_state state)
{
    for (size_t i = 0; i < draft->n; i++)
        if (keyring_state_signs(draft->keys[i].state) && draft->keys[i].alg == c->spec->alg)
            draft->keys[i].state = KEY_PUBLISHED;
    add_key(c, draft, state);
    return true;
}

static bool rotate_edit(const struct change *c, struct keyring *draft)
{
    return rotate(c, draft, KEY_SIGNING);
}

static bool rotate_late_edit(const struct change *c, struct keyring *draft)
{
    return rotate(c, draft, KEY_PENDING);
}

static bool replace_state(struct keyring *draft, enum key_state from, enum key_state to)
{
    bool changed = false;
    for (size_t i = 0; i < draft->n; i++) {
        if (draft->keys[i].state != from)
            continue;
        draft->keys[i].state = to;
        changed = true;
    }
    return changed;
}

static bool publish_edit(const struct change *c, struct keyring *draft)
{
    (void)c;
    return replace_state(draft, KEY_PENDING, KEY_SIGNING);
}

static bool retire_edit(const struct change *c, struct keyring *draft)
{
    (void)c;
    return replace_state(draft, KEY_PUBLISHED, KEY_RETIRED);
}

/* With `change` locked, and the folder too where there is one. */
static struct outcome change_locked(const struct change *c)
{
    struct keystore *s = c->store;
    TRY(reload(s, c->arena, c->why, c->spec->name));
    struct keyring *draft =
        keyring_draft(c->spec->name, keystore_view_ring(s->view, c->spec->name));
    struct outcome o = OK;
    bool changed = c->edit(c, draft);
    if (changed && s->dir)
        o = keyring_file_write(c->arena, c->why, keyring_file_path(c->arena, s->dir, draft->name),
                               draft);
    if (changed && !failed(o))
        install(s, draft);
    else
        keyring_drop(draft);
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
                             bool (*edit)(const struct change *c, struct keyring *draft))
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

struct outcome keystore_rotate_late(struct keystore *s, struct why *why,
                                    const struct keyring_spec *spec)
{
    return change(s, why, spec, rotate_late_edit);
}

struct outcome keystore_publish(struct keystore *s, struct why *why, struct str name)
{
    struct keyring_spec spec = { .name = name };
    return change(s, why, &spec, publish_edit);
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
    const struct keyring *have = view_ring(v, name);
    struct keyring_stamp stamp;
    if (keyring_file_stamp(keyring_file_path(a, s->dir, name), &stamp) &&
        !(have && keyring_file_same(&stamp, &have->stamp)))
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
    TRY(file_read(a, why, path, SEALING_BYTES_MAX, &text));
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
