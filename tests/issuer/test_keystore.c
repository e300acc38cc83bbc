#include "issuer/keystore.h"

#include "base/encode.h"
#include "base/file.h"
#include "crypto/digest.h"
#include "crypto/x509.h"
#include "issuer/kid.h"
#include "tests/issuer/fixture.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Keys of a kind that is made in no time; RSA comes from the lab. */

static struct fixture f;
static char *dir; /* of the test; the keys lie in dir/keys */
static const char *keys_dir;
static struct keyring_spec spec;

static void set_up(void)
{
    char name[] = "/tmp/keystore.XXXXXX";
    f = (struct fixture){ .arena = arena_new() };
    clock_init(&f.clock);
    clock_set(&f.clock, INT64_C(1000) * FIXTURE_NOW_S, true);
    entropy_init_real(&f.entropy);
    ck_assert_ptr_nonnull(mkdtemp(name));
    dir = arena_cstr(f.arena, str_of(name));
    keys_dir = arena_printf(f.arena, "%s/keys", dir).p;
    spec =
        (struct keyring_spec){ STR("circleci"), alg_find(STR("ES256")), STR("sha512-base64url") };
}

static void tear_down(void)
{
    char *command = arena_cstr(f.arena, arena_printf(f.arena, "rm -rf '%s'", dir));
    ck_assert_int_eq(system(command), 0);
    arena_free(f.arena);
}

static struct keystore *open_at(const char *path)
{
    struct why why = why_new(f.arena);
    struct keystore *s = NULL;
    want_ok(&why, keystore_open(&why, path, &f.clock, &f.entropy, &s));
    keystore_make_with(s, fixture_key, &f);
    return s;
}

static void ensure(struct keystore *s)
{
    struct why why = why_new(f.arena);
    want_ok(&why, keystore_ensure(s, &why, &spec));
}

/* "SIGNING PUBLISHED", with the kids' first letters: what a ring holds. */
static struct str picture(struct keystore *s)
{
    static const char *const states[] = { "signing", "published", "retired", "pending" };
    struct keystore_view *v = keystore_view(s);
    const struct keyring *r = keystore_view_ring(v, spec.name);
    struct str text = STR("");
    for (size_t i = 0; r && i < r->n; i++)
        text = arena_printf(f.arena, "%.*s%s%s %.*s", STR_ARG(text), i ? ", " : "",
                            states[r->keys[i].state], STR_ARG(r->keys[i].alg->name));
    keystore_view_drop(v);
    return text;
}

static struct str kid(struct keystore *s)
{
    struct keystore_view *v = keystore_view(s);
    const struct keyring_key *k = keyring_signer(keystore_view_ring(v, spec.name), spec.alg);
    struct str copy = k ? arena_str(f.arena, k->kid) : STR("");
    keystore_view_drop(v);
    return copy;
}

static const char *path_of(const char *name)
{
    return arena_printf(f.arena, "%s/%s", keys_dir, name).p;
}

static struct str bytes_of(const char *name)
{
    struct why why = why_new(f.arena);
    struct str bytes = STR("");
    want_ok(&why, file_read(f.arena, &why, path_of(name), 1 << 20, &bytes));
    return bytes;
}

static void write_file(const char *name, struct str bytes)
{
    FILE *out = fopen(path_of(name), "w");
    ck_assert_ptr_nonnull(out);
    ck_assert_uint_eq(fwrite(bytes.p, 1, bytes.n, out), bytes.n);
    fclose(out);
}

/* ---- making and finding ---- */

START_TEST(opening_makes_nothing)
{
    struct keystore *s = open_at(keys_dir);
    struct stat st;
    struct keystore_view *v = keystore_view(s);
    ck_assert_ptr_null(keystore_view_ring(v, STR("circleci")));
    ck_assert_int_ne(stat(keys_dir, &st), 0);
    keystore_view_drop(v);
    keystore_close(s);
}
END_TEST

START_TEST(a_key_is_made_once_and_kept)
{
    struct keystore *s = open_at(keys_dir);
    ensure(s);
    struct str first = kid(s), bytes = bytes_of("circleci.json");
    ensure(s);
    want_str("again", kid(s), first);
    keystore_close(s);
    s = open_at(keys_dir);
    ensure(s);
    want_str("another process", kid(s), first);
    want_str("the file", bytes_of("circleci.json"), bytes);
    keystore_close(s);
}
END_TEST

START_TEST(the_folder_is_0700_and_its_files_0600)
{
    struct keystore *s = open_at(keys_dir);
    struct why why = why_new(f.arena);
    struct seal_key sealing;
    struct stat st;
    umask(0);
    ensure(s);
    want_ok(&why, keystore_sealing_key(s, &why, &sealing));
    ck_assert_int_eq(stat(keys_dir, &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777u, 0700);
    ck_assert_int_eq(stat(path_of("circleci.json"), &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777u, 0600);
    ck_assert_int_eq(stat(path_of("sealing.key"), &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777u, 0600);
    keystore_close(s);
}
END_TEST

START_TEST(what_was_made_is_read_as_it_was)
{
    struct keystore *made = open_at(keys_dir), *read = open_at(keys_dir);
    ensure(made);
    ensure(read);
    struct keystore_view *a = keystore_view(made), *b = keystore_view(read);
    const struct keyring_key *x = keystore_view_ring(a, spec.name)->keys;
    const struct keyring_key *y = keystore_view_ring(b, spec.name)->keys;
    want_str("kid", y->kid, x->kid);
    want_str("x5c", y->x5c_der, x->x5c_der);
    want_str("x5t", y->x5t, x->x5t);
    ck_assert_ptr_eq(y->alg, x->alg);
    ck_assert_int_eq(y->created_s, FIXTURE_NOW_S);
    ck_assert_int_eq(x->created_s, FIXTURE_NOW_S);
    ck_assert(pkey_same(x->key, y->key));
    keystore_view_drop(a);
    keystore_view_drop(b);
    keystore_close(made);
    keystore_close(read);
}
END_TEST

START_TEST(the_certificate_is_of_the_key)
{
    struct keystore *s = open_at(NULL);
    struct why why = why_new(f.arena);
    struct pkey *certified;
    uint8_t hash[SHA1_BYTES];
    ensure(s);
    struct keystore_view *v = keystore_view(s);
    const struct keyring_key *k = keystore_view_ring(v, spec.name)->keys;
    want_ok(&why, x509_public_key(&why, k->x5c_der, &certified));
    ck_assert(pkey_same(certified, k->key));
    pkey_drop(certified);
    sha1(k->x5c_der, hash);
    want_str("x5t", k->x5t, base64url_write(f.arena, str_n((const char *)hash, sizeof hash)));
    keystore_view_drop(v);
    keystore_close(s);
}
END_TEST

static struct pkey *certified_key(void *certificate, struct arena *a, enum pkey_kind kind,
                                  struct str name, struct str *x5c_der)
{
    want_str("the ring's name", name, spec.name);
    *x5c_der = arena_str(a, *(const struct str *)certificate);
    return pkey_generate(kind);
}

START_TEST(a_certificate_handed_in_with_the_key_is_kept_as_it_is)
{
    struct keystore *s = open_at(_i ? keys_dir : NULL);
    struct str certificate = STR("\x30\x03\x02\x01\x07");
    uint8_t hash[SHA1_BYTES];
    keystore_make_with(s, certified_key, &certificate);
    ensure(s);
    struct keystore_view *v = keystore_view(s);
    const struct keyring_key *k = keystore_view_ring(v, spec.name)->keys;
    want_str("x5c", k->x5c_der, certificate);
    sha1(certificate, hash);
    want_str("x5t", k->x5t, base64url_write(f.arena, str_n((const char *)hash, sizeof hash)));
    keystore_view_drop(v);
    keystore_close(s);
}
END_TEST

START_TEST(each_alg_has_its_own_key_in_the_ring)
{
    struct keystore *s = open_at(keys_dir);
    for (size_t i = 0; alg_at(i); i++) {
        spec.alg = alg_at(i);
        ensure(s);
    }
    want_str("ring", picture(s),
             STR("signing RS256, signing RS384, signing RS512, signing ES256, signing ES384, "
                 "signing ES512"));
    keystore_close(s);
}
END_TEST

START_TEST(rings_are_apart)
{
    struct keystore *s = open_at(keys_dir);
    ensure(s);
    struct str first = kid(s);
    spec.name = STR("env0");
    ensure(s);
    ck_assert(!str_eq(kid(s), first));
    spec.name = STR("circleci");
    want_str("circleci", kid(s), first);
    keystore_close(s);
}
END_TEST

START_TEST(a_view_finds_any_of_many_rings)
{
    struct keystore *s = open_at(NULL);
    for (int i = 0; i < 50; i++) {
        spec.name = arena_printf(f.arena, "ring-%d", i * 7 % 50);
        ensure(s);
    }
    struct keystore_view *v = keystore_view(s);
    for (int i = 0; i < 50; i++) {
        struct str name = arena_printf(f.arena, "ring-%d", i);
        const struct keyring *r = keystore_view_ring(v, name);
        ck_assert_ptr_nonnull(r);
        want_str("ring", r->name, name);
    }
    ck_assert_ptr_null(keystore_view_ring(v, STR("ring-50")));
    ck_assert_ptr_null(keystore_view_ring(v, STR("")));
    keystore_view_drop(v);
    keystore_close(s);
}
END_TEST

/* ---- names of files ---- */

static const struct {
    const char *name, *ring, *file;
} files[] = {
    { "a platform's ring is called so", "pulumi-v2", "pulumi-v2.json" },
    { "an issuer's slashes are encoded", "https://issuer.example.com/a/../b",
      "https%3A%2F%2Fissuer.example.com%2Fa%2F..%2Fb.json" },
};

START_TEST(files_are_called_by_their_ring)
{
    struct keystore *s = open_at(keys_dir);
    struct stat st;
    spec.name = str_of(files[_i].ring);
    ensure(s);
    ck_assert_msg(stat(path_of(files[_i].file), &st) == 0, "%s", files[_i].name);
    keystore_close(s);
}
END_TEST

/* Two issuers that begin alike for longer than a file name may be. */
START_TEST(long_names_stay_apart)
{
    struct keystore *s = open_at(keys_dir);
    char name[255];
    memset(name, '/', sizeof name);
    spec.name = str_n(name, sizeof name);
    ensure(s);
    struct str first = kid(s);
    name[sizeof name - 1] = 'x';
    ensure(s);
    ck_assert(!str_eq(kid(s), first));
    keystore_close(s);
    s = open_at(keys_dir);
    name[sizeof name - 1] = '/';
    ensure(s);
    want_str("found again", kid(s), first);
    keystore_close(s);
}
END_TEST

/* ---- kids ---- */

static const struct {
    const char *shape, *letters;
    size_t length;
} shapes[] = {
    { "thumbprint", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 43 },
    { "sha512-base64url", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 86 },
    { "sha1-hex", "0123456789abcdef", 40 },
    { "sha1-hex-upper", "0123456789ABCDEF", 40 },
    { "auth0", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 21 },
    { "uuid", "0123456789abcdef-", 36 },
};

START_TEST(kids_have_their_shape_and_follow_from_the_key)
{
    struct keystore *one = open_at(NULL), *two = open_at(NULL);
    spec.kid_shape = str_of(shapes[_i].shape);
    spec.alg = alg_find(STR("RS256")); /* the same key of the lab for both */
    ensure(one);
    ensure(two);
    ck_assert_uint_eq(kid(one).n, shapes[_i].length);
    for (size_t i = 0; i < kid(one).n; i++)
        ck_assert_ptr_nonnull(strchr(shapes[_i].letters, kid(one).p[i]));
    want_str("the same key", kid(two), kid(one));
    keystore_close(one);
    keystore_close(two);
}
END_TEST

START_TEST(all_kid_shapes_are_shown_above)
{
    size_t n = 0;
    for (; kid_shape(n); n++)
        want_str("shape", str_of(kid_shape(n)), str_of(shapes[n].shape));
    ck_assert_uint_eq(n, sizeof shapes / sizeof shapes[0]);
}
END_TEST

/* ---- rotating, retiring ---- */

START_TEST(a_rotated_key_stays_published_until_it_is_retired)
{
    struct keystore *s = open_at(_i ? keys_dir : NULL);
    struct why why = why_new(f.arena);
    ensure(s);
    struct str first = kid(s);
    want_ok(&why, keystore_rotate(s, &why, &spec));
    want_str("rotated", picture(s), STR("published ES256, signing ES256"));
    struct keystore_view *v = keystore_view(s);
    ck_assert_ptr_nonnull(keyring_published(keystore_view_ring(v, spec.name), first));
    ck_assert(!str_eq(kid(s), first));
    want_ok(&why, keystore_retire(s, &why, spec.name));
    want_str("retired", picture(s), STR("retired ES256, signing ES256"));
    ck_assert_msg(keyring_published(keystore_view_ring(v, spec.name), first) != NULL, "%s",
                  "a view that was taken earlier changed");
    keystore_view_drop(v);
    v = keystore_view(s);
    ck_assert_ptr_null(keyring_published(keystore_view_ring(v, spec.name), first));
    keystore_view_drop(v);
    keystore_close(s);
}
END_TEST

START_TEST(a_key_published_late_signs_before_it_is_published)
{
    struct keystore *s = open_at(_i ? keys_dir : NULL);
    struct why why = why_new(f.arena);
    ensure(s);
    struct str first = kid(s);
    want_ok(&why, keystore_rotate_late(s, &why, &spec));
    want_str("late", picture(s), STR("published ES256, pending ES256"));
    struct str late = kid(s);
    ck_assert(!str_eq(late, first));
    struct keystore_view *v = keystore_view(s);
    ck_assert_ptr_null(keyring_published(keystore_view_ring(v, spec.name), late));
    ck_assert_ptr_nonnull(keyring_published(keystore_view_ring(v, spec.name), first));
    keystore_view_drop(v);
    ensure(s);
    want_ok(&why, keystore_retire(s, &why, spec.name));
    want_str("neither ensured nor retired", picture(s), STR("retired ES256, pending ES256"));
    want_ok(&why, keystore_publish(s, &why, spec.name));
    want_str("published", picture(s), STR("retired ES256, signing ES256"));
    want_str("kid", kid(s), late);
    v = keystore_view(s);
    ck_assert_ptr_nonnull(keyring_published(keystore_view_ring(v, spec.name), late));
    keystore_view_drop(v);
    keystore_close(s);
}
END_TEST

START_TEST(a_pending_key_that_is_rotated_away_is_published)
{
    struct keystore *s = open_at(keys_dir);
    struct why why = why_new(f.arena);
    want_ok(&why, keystore_rotate_late(s, &why, &spec));
    want_str("the first key", picture(s), STR("pending ES256"));
    want_ok(&why, keystore_rotate_late(s, &why, &spec));
    want_str("late again", picture(s), STR("published ES256, pending ES256"));
    want_ok(&why, keystore_rotate(s, &why, &spec));
    want_str("in time", picture(s), STR("published ES256, published ES256, signing ES256"));
    keystore_close(s);
}
END_TEST

START_TEST(another_process_signs_with_the_pending_key)
{
    struct keystore *one = open_at(keys_dir), *two;
    struct why why = why_new(f.arena);
    want_ok(&why, keystore_rotate_late(one, &why, &spec));
    ck_assert(str_contains(bytes_of("circleci.json"), STR("\"state\": \"pending\"")));
    two = open_at(keys_dir);
    ensure(two);
    want_str("ring", picture(two), STR("pending ES256"));
    want_str("kid", kid(two), kid(one));
    want_ok(&why, keystore_publish(two, &why, spec.name));
    ck_assert(keystore_refresh(one, spec.name, spec.kid_shape));
    want_str("seen", picture(one), STR("signing ES256"));
    keystore_close(one);
    keystore_close(two);
}
END_TEST

START_TEST(publishing_publishes_each_alg_and_nothing_that_was_retired)
{
    struct keystore *s = open_at(NULL);
    struct why why = why_new(f.arena);
    struct stat st;
    ensure(s);
    want_ok(&why, keystore_rotate_late(s, &why, &spec));
    want_ok(&why, keystore_retire(s, &why, spec.name));
    spec.alg = alg_find(STR("ES384"));
    want_ok(&why, keystore_rotate_late(s, &why, &spec));
    want_ok(&why, keystore_publish(s, &why, spec.name));
    want_str("ring", picture(s), STR("retired ES256, signing ES256, signing ES384"));
    want_ok(&why, keystore_publish(s, &why, spec.name));
    want_str("again", picture(s), STR("retired ES256, signing ES256, signing ES384"));
    keystore_close(s);
    s = open_at(keys_dir);
    want_ok(&why, keystore_publish(s, &why, STR("nobody")));
    ck_assert_int_ne(stat(path_of("nobody.json"), &st), 0);
    keystore_close(s);
}
END_TEST

START_TEST(rotating_one_alg_leaves_the_others)
{
    struct keystore *s = open_at(keys_dir);
    struct why why = why_new(f.arena);
    ensure(s);
    spec.alg = alg_find(STR("ES384"));
    ensure(s);
    want_ok(&why, keystore_rotate(s, &why, &spec));
    want_str("ring", picture(s), STR("signing ES256, published ES384, signing ES384"));
    keystore_close(s);
}
END_TEST

START_TEST(the_first_rotation_makes_the_first_key)
{
    struct keystore *s = open_at(keys_dir);
    struct why why = why_new(f.arena);
    want_ok(&why, keystore_rotate(s, &why, &spec));
    want_str("ring", picture(s), STR("signing ES256"));
    keystore_close(s);
}
END_TEST

START_TEST(retiring_what_there_is_not_makes_nothing)
{
    struct keystore *s = open_at(keys_dir);
    struct why why = why_new(f.arena);
    struct stat st;
    want_ok(&why, keystore_retire(s, &why, STR("nobody")));
    ck_assert_int_ne(stat(path_of("nobody.json"), &st), 0);
    keystore_close(s);
}
END_TEST

/* However often: the ring stays readable; retired keys go first, the present one never. */
START_TEST(a_ring_is_bounded)
{
    struct keystore *s = open_at(NULL);
    struct why why = why_new(f.arena);
    want_ok(&why, keystore_rotate(s, &why, &spec));
    struct str first = kid(s);
    for (int i = 0; i < 300; i++) {
        want_ok(&why, keystore_rotate(s, &why, &spec));
        if (i == 1)
            want_ok(&why, keystore_retire(s, &why, spec.name)); /* three are left, one signs */
    }
    struct keystore_view *v = keystore_view(s);
    const struct keyring *r = keystore_view_ring(v, spec.name);
    ck_assert_uint_eq(r->n, 256);
    ck_assert_int_eq(r->keys[255].state, KEY_SIGNING);
    for (size_t i = 0; i < r->n; i++)
        ck_assert_int_ne(r->keys[i].state, KEY_RETIRED);
    ck_assert_ptr_null(keyring_published(r, first));
    keystore_view_drop(v);
    keystore_close(s);
}
END_TEST

/* A second alg's only key is older than all others, and stays. */
START_TEST(what_signs_is_never_let_go)
{
    struct keystore *s = open_at(NULL);
    struct why why = why_new(f.arena);
    if (_i)
        want_ok(&why, keystore_rotate_late(s, &why, &spec));
    else
        ensure(s);
    struct str old = kid(s);
    spec.alg = alg_find(STR("ES384"));
    for (int i = 0; i < 256; i++)
        want_ok(&why, keystore_rotate(s, &why, &spec));
    spec.alg = alg_find(STR("ES256"));
    want_str("kid", kid(s), old);
    keystore_close(s);
}
END_TEST

/* A retired key goes although a published one is older. */
START_TEST(retired_keys_go_before_published_ones)
{
    struct keyring *full = keyring_new(spec.name, 256);
    struct pkey *key = pkey_generate(PKEY_P256);
    for (int i = 0; i < 256; i++) {
        struct keyring_key k = { .alg = spec.alg,
                                 .key = pkey_hold(key),
                                 .kid = arena_printf(f.arena, "%d", i),
                                 .state = i == 7 ? KEY_RETIRED : KEY_PUBLISHED };
        keyring_add(full, k);
    }
    struct keyring *draft = keyring_draft(spec.name, full);
    ck_assert_uint_eq(draft->n, 255);
    ck_assert_ptr_nonnull(keyring_published(draft, STR("0")));
    for (size_t i = 0; i < draft->n; i++)
        ck_assert_int_eq(draft->keys[i].state, KEY_PUBLISHED);
    keyring_drop(full);
    keyring_drop(draft);
    pkey_drop(key);
}
END_TEST

START_TEST(another_process_is_seen_after_a_refresh)
{
    struct keystore *one = open_at(keys_dir), *two = open_at(keys_dir);
    struct why why = why_new(f.arena);
    ck_assert_msg(!keystore_refresh(one, spec.name, spec.kid_shape), "%s", "no file yet");
    ensure(two);
    ck_assert_msg(keystore_refresh(one, spec.name, spec.kid_shape), "%s", "a new file");
    want_str("new", kid(one), kid(two));
    ck_assert_msg(!keystore_refresh(one, spec.name, spec.kid_shape), "%s", "nothing new");
    want_ok(&why, keystore_rotate(two, &why, &spec));
    struct keystore_view *before = keystore_view(one);
    ck_assert_msg(keystore_refresh(one, spec.name, spec.kid_shape), "%s", "rotated");
    want_str("rotated", kid(one), kid(two));
    ck_assert_uint_eq(keystore_view_ring(before, spec.name)->n, 1);
    keystore_view_drop(before);
    want_ok(&why, keystore_retire(two, &why, spec.name));
    ck_assert_msg(keystore_refresh(one, spec.name, spec.kid_shape), "%s", "retired");
    want_str("retired", picture(one), STR("retired ES256, signing ES256"));
    ck_assert_msg(!keystore_refresh(two, spec.name, spec.kid_shape), "%s", "one's own change");
    keystore_close(one);
    keystore_close(two);
}
END_TEST

/* Rotating on top of what another process did must keep what it did. */
START_TEST(changes_build_on_what_others_wrote)
{
    struct keystore *one = open_at(keys_dir), *two = open_at(keys_dir);
    struct why why = why_new(f.arena);
    ensure(one);
    ensure(two);
    want_ok(&why, keystore_rotate(two, &why, &spec));
    want_ok(&why, keystore_rotate(one, &why, &spec));
    want_str("one", picture(one), STR("published ES256, published ES256, signing ES256"));
    keystore_close(one);
    keystore_close(two);
}
END_TEST

START_TEST(in_memory_nothing_is_refreshed)
{
    struct keystore *s = open_at(NULL);
    ensure(s);
    ck_assert(!keystore_refresh(s, spec.name, spec.kid_shape));
    keystore_close(s);
}
END_TEST

START_TEST(keys_that_were_deleted_stay_while_the_process_does)
{
    struct keystore *s = open_at(keys_dir);
    struct why why = why_new(f.arena);
    ensure(s);
    struct str first = kid(s);
    ck_assert_int_eq(unlink(path_of("circleci.json")), 0);
    ck_assert(!keystore_refresh(s, spec.name, spec.kid_shape));
    want_str("still", kid(s), first);
    want_ok(&why, keystore_rotate(s, &why, &spec));
    want_str("ring", picture(s), STR("published ES256, signing ES256"));
    keystore_close(s);
}
END_TEST

/* ---- first use by many at once ---- */

enum { MANY = 8 };

START_TEST(eight_processes_make_one_key)
{
    int pipes[2];
    char kids[MANY][100] = { { 0 } };
    ck_assert_int_eq(pipe(pipes), 0);
    for (int i = 0; i < MANY; i++) {
        if (fork() == 0) {
            struct keystore *s = open_at(keys_dir);
            struct why why = why_new(f.arena);
            struct seal_key sealing;
            char line[100] = { 0 };
            ensure(s);
            want_ok(&why, keystore_sealing_key(s, &why, &sealing));
            snprintf(line, sizeof line, "%.40s %02x%02x%02x%02x", kid(s).p, sealing.bytes[0],
                     sealing.bytes[1], sealing.bytes[2], sealing.bytes[3]);
            _exit(write(pipes[1], line, sizeof line) == sizeof line ? 0 : 1);
        }
    }
    for (int i = 0; i < MANY; i++) {
        int status;
        ck_assert_int_gt(wait(&status), 0);
        ck_assert_int_eq(status, 0);
        ck_assert_int_eq((int)read(pipes[0], kids[i], sizeof kids[i]), (int)sizeof kids[i]);
    }
    for (int i = 1; i < MANY; i++)
        ck_assert_str_eq(kids[i], kids[0]);
}
END_TEST

static void *ensure_in_a_thread(void *s)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    bool good = !failed(keystore_ensure(s, &why, &spec));
    arena_free(a);
    return good ? s : NULL;
}

static struct pkey *counted_key(void *count, struct arena *a, enum pkey_kind kind, struct str name,
                                struct str *x5c_der)
{
    (void)a;
    (void)name;
    (void)x5c_der;
    ++*(int *)count;
    return pkey_generate(kind);
}

START_TEST(eight_threads_make_one_key)
{
    struct keystore *s = open_at(_i ? keys_dir : NULL);
    pthread_t threads[MANY];
    int made = 0;
    keystore_make_with(s, counted_key, &made);
    for (int i = 0; i < MANY; i++)
        pthread_create(&threads[i], NULL, ensure_in_a_thread, s);
    for (int i = 0; i < MANY; i++) {
        void *result;
        pthread_join(threads[i], &result);
        ck_assert_ptr_eq(result, s);
    }
    ck_assert_int_eq(made, 1);
    want_str("ring", picture(s), STR("signing ES256"));
    keystore_close(s);
}
END_TEST

static void *rotate_in_a_thread(void *s)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    bool good = true;
    for (int i = 0; i < 20; i++)
        good = good && !failed(keystore_rotate(s, &why, &spec));
    arena_free(a);
    return good ? s : NULL;
}

/* Readers take views while keys are rotated by one store and read by another. */
START_TEST(views_are_whole_while_keys_change)
{
    struct keystore *s = open_at(keys_dir), *other = open_at(keys_dir);
    pthread_t threads[2];
    void *result;
    ensure(s);
    pthread_create(&threads[0], NULL, rotate_in_a_thread, s);
    pthread_create(&threads[1], NULL, rotate_in_a_thread, other);
    for (int i = 0; i < 2000; i++) {
        struct keystore_view *v = keystore_view(s);
        const struct keyring *r = keystore_view_ring(v, spec.name);
        const struct keyring_key *k = keyring_signer(r, spec.alg);
        ck_assert_ptr_nonnull(k);
        ck_assert_ptr_eq(keyring_published(r, k->kid), k);
        keystore_view_drop(v);
        keystore_refresh(s, spec.name, spec.kid_shape);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], &result);
        ck_assert_ptr_nonnull(result);
    }
    keystore_refresh(s, spec.name, spec.kid_shape);
    struct keystore_view *v = keystore_view(s);
    ck_assert_uint_eq(keystore_view_ring(v, spec.name)->n, 41);
    keystore_view_drop(v);
    keystore_close(s);
    keystore_close(other);
}
END_TEST

/* ---- files that are not ours ---- */

static const char entry[] = "{\"keyring\": \"circleci\", \"keys\": [{\"kid\": \"k\", \"alg\": "
                            "\"ES256\", \"state\": \"signing\", \"created\": "
                            "\"2026-01-01T00:00:00Z\", \"private_key\": \"%s\", "
                            "\"certificate\": \"QQ==\"}]}";

static const struct {
    const char *name, *text, *reason;
} torn[] = {
    { "an empty file is refused", "", "not valid JSON" },
    { "a torn file is refused", "{\"keyring\": \"circleci\", \"keys\": [{\"kid\"",
      "not valid JSON" },
    { "another file is refused", "hello\n", "not valid JSON" },
    { "another JSON file is refused", "[1, 2]", "expected an object" },
    { "a JWKS is refused", "{\"keys\": []}", "a member \"keyring\" is needed" },
    { "another ring's file is refused", "{\"keyring\": \"env0\", \"keys\": []}",
      "the keys of \"env0\", not of \"circleci\"" },
    { "a file without keys is refused", "{\"keyring\": \"circleci\"}", "\"keys\" is needed" },
    { "unknown members are refused", "{\"keyring\": \"circleci\", \"keys\": [], \"x\": 1}",
      "unknown member" },
    { "a key that is no object is refused", "{\"keyring\": \"circleci\", \"keys\": [1]}",
      "expected an object" },
    { "a key without kid is refused", "{\"keyring\": \"circleci\", \"keys\": [{}]}",
      "\"kid\" is needed" },
    { "a key that is no key is refused", "%s", "PKCS#8" },
    { "another algorithm's key is refused", "lab", "of another kind than ES256" },
};

static struct str torn_text(size_t i)
{
    struct str pem = STR("");
    if (strcmp(torn[i].text, "lab") != 0)
        return strcmp(torn[i].text, "%s") == 0
                   ? arena_printf(f.arena, "%.*s%s%s", (int)(strstr(entry, "%s") - entry), entry,
                                  "no key", strstr(entry, "%s") + 2)
                   : str_of(torn[i].text);
    for (const char *p = lab_key_rsa; *p; p++)
        pem = arena_printf(f.arena, "%.*s%.*s", STR_ARG(pem), *p == '\n' ? 2 : 1,
                           *p == '\n' ? "\\n" : p);
    return arena_printf(f.arena, "%.*s%.*s%s", (int)(strstr(entry, "%s") - entry), entry,
                        STR_ARG(pem), strstr(entry, "%s") + 2);
}

START_TEST(what_is_not_ours_is_refused_and_left_alone)
{
    struct keystore *s = open_at(keys_dir);
    struct str text = torn_text((size_t)_i);
    struct why why = why_new(f.arena);
    ck_assert_int_eq(mkdir(keys_dir, 0700), 0);
    write_file("circleci.json", text);
    ck_assert_msg(failed(keystore_ensure(s, &why, &spec)), "%s", torn[_i].name);
    want_part(torn[_i].name, why_text(&why), path_of("circleci.json"));
    want_part(torn[_i].name, why.detail, torn[_i].reason);
    why = why_new(f.arena);
    ck_assert(failed(keystore_rotate(s, &why, &spec)));
    ck_assert(!keystore_refresh(s, spec.name, spec.kid_shape));
    want_str(torn[_i].name, bytes_of("circleci.json"), text);
    keystore_close(s);
}
END_TEST

START_TEST(a_file_torn_later_does_not_take_the_keys_away)
{
    struct keystore *s = open_at(keys_dir);
    ensure(s);
    struct str first = kid(s);
    write_file("circleci.json", STR("{"));
    ck_assert(!keystore_refresh(s, spec.name, spec.kid_shape));
    ensure(s);
    want_str("kid", kid(s), first);
    keystore_close(s);
}
END_TEST

START_TEST(a_folder_in_the_files_place_is_refused)
{
    struct keystore *s = open_at(keys_dir);
    struct why why = why_new(f.arena);
    ck_assert_int_eq(mkdir(keys_dir, 0700), 0);
    ck_assert_int_eq(mkdir(path_of("circleci.json"), 0700), 0);
    ck_assert(failed(keystore_ensure(s, &why, &spec)));
    ck_assert_int_eq(why.fault, FAULT_FILE_UNREADABLE);
    want_part("path", why_text(&why), path_of("circleci.json"));
    keystore_close(s);
}
END_TEST

START_TEST(a_file_in_the_folders_place_is_refused)
{
    struct keystore *s;
    struct why why = why_new(f.arena);
    struct seal_key sealing;
    FILE *out = fopen(keys_dir, "w");
    ck_assert_ptr_nonnull(out);
    fclose(out);
    s = open_at(keys_dir);
    ck_assert(failed(keystore_ensure(s, &why, &spec)));
    ck_assert_int_eq(fault_kind(why.fault), FAULT_KIND_COULD_NOT);
    want_part("path", why_text(&why), keys_dir);
    why = why_new(f.arena);
    ck_assert(failed(keystore_sealing_key(s, &why, &sealing)));
    ck_assert_int_eq(fault_kind(why.fault), FAULT_KIND_COULD_NOT);
    keystore_close(s);
}
END_TEST

START_TEST(a_folder_without_a_name_is_refused)
{
    struct why why = why_new(f.arena);
    struct keystore *s = NULL;
    ck_assert(failed(keystore_open(&why, "", &f.clock, &f.entropy, &s)));
    ck_assert_ptr_null(s);
}
END_TEST

/* ---- the sealing key ---- */

START_TEST(the_sealing_key_is_made_once_and_shared)
{
    struct keystore *one = open_at(keys_dir), *two = open_at(keys_dir);
    struct why why = why_new(f.arena);
    struct seal_key a, b;
    want_ok(&why, keystore_sealing_key(one, &why, &a));
    want_ok(&why, keystore_sealing_key(two, &why, &b));
    ck_assert_mem_eq(a.bytes, b.bytes, SEAL_KEY_BYTES);
    want_ok(&why, keystore_sealing_key(one, &why, &b));
    ck_assert_mem_eq(a.bytes, b.bytes, SEAL_KEY_BYTES);
    keystore_close(one);
    keystore_close(two);
}
END_TEST

START_TEST(in_memory_each_store_has_its_own)
{
    struct keystore *one = open_at(NULL), *two = open_at(NULL);
    struct why why = why_new(f.arena);
    struct seal_key a, again, b;
    want_ok(&why, keystore_sealing_key(one, &why, &a));
    want_ok(&why, keystore_sealing_key(one, &why, &again));
    want_ok(&why, keystore_sealing_key(two, &why, &b));
    ck_assert_mem_eq(a.bytes, again.bytes, SEAL_KEY_BYTES);
    ck_assert_mem_ne(a.bytes, b.bytes, SEAL_KEY_BYTES);
    keystore_close(one);
    keystore_close(two);
}
END_TEST

static const char *const torn_sealing[] = {
    "",
    "\n",
    "0123456789abcdef\n",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\n",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdefg\n",
    "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdefX\n",
};

START_TEST(a_torn_sealing_key_is_refused_and_left_alone)
{
    struct keystore *s = open_at(keys_dir);
    struct why why = why_new(f.arena);
    struct seal_key key;
    ck_assert_int_eq(mkdir(keys_dir, 0700), 0);
    write_file("sealing.key", str_of(torn_sealing[_i]));
    ck_assert(failed(keystore_sealing_key(s, &why, &key)));
    ck_assert_int_eq(why.fault, FAULT_KEY_MALFORMED);
    want_part("path", why.detail, path_of("sealing.key"));
    want_str("file", bytes_of("sealing.key"), str_of(torn_sealing[_i]));
    keystore_close(s);
}
END_TEST

Suite *keystore_suite(void);
Suite *keystore_suite(void)
{
    Suite *s = suite_create("keystore");
    TCase *t = tcase_create("keystore");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, opening_makes_nothing);
    tcase_add_test(t, a_key_is_made_once_and_kept);
    tcase_add_test(t, the_folder_is_0700_and_its_files_0600);
    tcase_add_test(t, what_was_made_is_read_as_it_was);
    tcase_add_test(t, the_certificate_is_of_the_key);
    tcase_add_loop_test(t, a_certificate_handed_in_with_the_key_is_kept_as_it_is, 0, 2);
    tcase_add_test(t, each_alg_has_its_own_key_in_the_ring);
    tcase_add_test(t, rings_are_apart);
    tcase_add_test(t, a_view_finds_any_of_many_rings);
    tcase_add_loop_test(t, files_are_called_by_their_ring, 0, sizeof files / sizeof files[0]);
    tcase_add_test(t, long_names_stay_apart);
    tcase_add_loop_test(t, kids_have_their_shape_and_follow_from_the_key, 0,
                        sizeof shapes / sizeof shapes[0]);
    tcase_add_test(t, all_kid_shapes_are_shown_above);
    tcase_add_loop_test(t, a_rotated_key_stays_published_until_it_is_retired, 0, 2);
    tcase_add_loop_test(t, a_key_published_late_signs_before_it_is_published, 0, 2);
    tcase_add_test(t, a_pending_key_that_is_rotated_away_is_published);
    tcase_add_test(t, another_process_signs_with_the_pending_key);
    tcase_add_test(t, publishing_publishes_each_alg_and_nothing_that_was_retired);
    tcase_add_test(t, rotating_one_alg_leaves_the_others);
    tcase_add_test(t, the_first_rotation_makes_the_first_key);
    tcase_add_test(t, retiring_what_there_is_not_makes_nothing);
    tcase_add_test(t, a_ring_is_bounded);
    tcase_add_loop_test(t, what_signs_is_never_let_go, 0, 2);
    tcase_add_test(t, retired_keys_go_before_published_ones);
    tcase_add_test(t, another_process_is_seen_after_a_refresh);
    tcase_add_test(t, changes_build_on_what_others_wrote);
    tcase_add_test(t, in_memory_nothing_is_refreshed);
    tcase_add_test(t, keys_that_were_deleted_stay_while_the_process_does);
    tcase_add_test(t, eight_processes_make_one_key);
    tcase_add_loop_test(t, eight_threads_make_one_key, 0, 2);
    tcase_add_test(t, views_are_whole_while_keys_change);
    tcase_add_loop_test(t, what_is_not_ours_is_refused_and_left_alone, 0,
                        sizeof torn / sizeof torn[0]);
    tcase_add_test(t, a_file_torn_later_does_not_take_the_keys_away);
    tcase_add_test(t, a_folder_in_the_files_place_is_refused);
    tcase_add_test(t, a_file_in_the_folders_place_is_refused);
    tcase_add_test(t, a_folder_without_a_name_is_refused);
    tcase_add_test(t, the_sealing_key_is_made_once_and_shared);
    tcase_add_test(t, in_memory_each_store_has_its_own);
    tcase_add_loop_test(t, a_torn_sealing_key_is_refused_and_left_alone, 0,
                        sizeof torn_sealing / sizeof torn_sealing[0]);
    suite_add_tcase(s, t);
    return s;
}
