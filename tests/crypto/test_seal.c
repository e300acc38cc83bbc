#include "tests/support/runner.h"

#include "base/encode.h"
#include "crypto/seal.h"
#include "tests/support/guard.h"

#include <pthread.h>

Suite *seal_suite(void);

static struct arena *a;
static struct entropy entropy;
static const struct seal_key key = { { 1, 2, 3 } };

static void setup(void)
{
    a = arena_new();
    entropy_init_real(&entropy);
}

static void teardown(void)
{
    arena_free(a);
}

/* An entropy that gives the bytes in `fixed`. */
static struct str fixed;

static void fill_fixed(struct entropy *self, void *out, size_t n)
{
    (void)self;
    ck_assert_uint_eq(n, fixed.n);
    memcpy(out, fixed.p, n);
}

/* The GCM specification (McGrew, Viega), appendix B: cases 13 to 16 are those with 256-bit keys. */
static const struct {
    const char *name, *key, *nonce, *plain, *bound, *cipher, *tag;
} vectors[] = {
    { "test case 13", "0000000000000000000000000000000000000000000000000000000000000000",
      "000000000000000000000000", "", "", "", "530f8afbc74536b9a963b4f1c4cb738b" },
    { "test case 14", "0000000000000000000000000000000000000000000000000000000000000000",
      "000000000000000000000000", "00000000000000000000000000000000", "",
      "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919" },
    { "test case 16", "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
      "cafebabefacedbaddecaf888",
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
      "feedfacedeadbeeffeedfacedeadbeefabaddad2",
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
      "76fc6ece0f4e1768cddf8853bb2d551b" },
};

static struct str bytes(const char *hex)
{
    struct str s;
    ck_assert(hex_read(a, str_of(hex), &s));
    return s;
}

START_TEST(seals_as_the_specification_does)
{
    struct entropy given = { .fill = fill_fixed };
    struct seal_key k;
    struct str plain, opened, bound = bytes(vectors[_i].bound);
    fixed = bytes(vectors[_i].nonce);
    memcpy(k.bytes, bytes(vectors[_i].key).p, SEAL_KEY_BYTES);
    plain = bytes(vectors[_i].plain);
    struct str sealed = seal(a, &k, &given, plain, bound);
    want_str(vectors[_i].name, hex_write(a, sealed.p, sealed.n),
             arena_printf(a, "%s%s%s", vectors[_i].nonce, vectors[_i].cipher, vectors[_i].tag));
    ck_assert(unseal(a, &k, guarded(sealed), bound, &opened));
    want_str(vectors[_i].name, opened, plain);
}
END_TEST

START_TEST(any_length_makes_the_round_trip)
{
    struct str opened, plain, bound;
    char text[200];
    for (size_t n = 0; n < sizeof text; n++) {
        memset(text, (int)n, n);
        plain = str_n(n ? text : NULL, n);
        bound = str_n(text, n / 3);
        struct str sealed = seal(a, &key, &entropy, plain, bound);
        WANT(sealed.n == n + SEAL_OVERHEAD_BYTES, "%zu bytes became %zu", n, sealed.n);
        WANT(unseal(a, &key, sealed, bound, &opened), "%zu bytes", n);
        WANT(str_eq(opened, plain), "%zu bytes", n);
    }
}
END_TEST

START_TEST(a_changed_byte_anywhere_is_refused)
{
    struct str sealed = seal(a, &key, &entropy, STR("plain text of some length"), STR("bound"));
    struct str opened = STR("untouched");
    char *p = arena_alloc(a, sealed.n);
    for (size_t i = 0; i < sealed.n * 8; i++) {
        memcpy(p, sealed.p, sealed.n);
        p[i / 8] = (char)(p[i / 8] ^ (1 << i % 8));
        WANT(!unseal(a, &key, str_n(p, sealed.n), STR("bound"), &opened), "bit %zu", i);
    }
    want_str("output", opened, STR("untouched"));
    ck_assert(unseal(a, &key, sealed, STR("bound"), &opened)); /* refusals leave nothing behind */
}
END_TEST

START_TEST(a_part_is_refused)
{
    struct str opened, sealed = seal(a, &key, &entropy, STR("plain"), STR(""));
    for (size_t n = 0; n < sealed.n; n++) {
        WANT(!unseal(a, &key, guarded(str_sub(sealed, 0, n)), STR(""), &opened), "%zu bytes", n);
        WANT(!unseal(a, &key, str_sub(sealed, sealed.n - n, n), STR(""), &opened), "last %zu", n);
    }
    char *p = arena_alloc(a, sealed.n + 1);
    memcpy(p, sealed.p, sealed.n);
    ck_assert(!unseal(a, &key, str_n(p, sealed.n + 1), STR(""), &opened));
}
END_TEST

static const struct {
    const char *name;
    struct str bound;
} bounds[] = {
    { "nothing bound", STR_INIT("") },
    { "something else bound", STR_INIT("Bound") },
    { "less bound", STR_INIT("boun") },
    { "more bound", STR_INIT("bound\0") },
};

START_TEST(what_was_bound_must_be_given)
{
    struct str opened, sealed = seal(a, &key, &entropy, STR("plain"), STR("bound"));
    ck_assert_msg(!unseal(a, &key, sealed, bounds[_i].bound, &opened), "%s", bounds[_i].name);
    ck_assert(unseal(a, &key, sealed, STR("bound"), &opened));
}
END_TEST

START_TEST(another_key_opens_nothing)
{
    struct str opened, sealed = seal(a, &key, &entropy, STR("plain"), STR(""));
    for (size_t i = 0; i < SEAL_KEY_BYTES * 8; i++) {
        struct seal_key other = key;
        other.bytes[i / 8] ^= (uint8_t)(1 << i % 8);
        WANT(!unseal(a, &other, sealed, STR(""), &opened), "bit %zu", i);
    }
}
END_TEST

START_TEST(the_same_text_is_never_sealed_the_same)
{
    struct str sealed[50];
    for (size_t i = 0; i < 50; i++) {
        sealed[i] = seal(a, &key, &entropy, STR("plain"), STR(""));
        for (size_t j = 0; j < i; j++)
            WANT(memcmp(sealed[i].p, sealed[j].p, 12) != 0, "a nonce was used twice");
    }
}
END_TEST

static void *seal_and_unseal(void *wrong)
{
    struct arena *mine = arena_new();
    for (size_t i = 0; i < 500; i++) {
        struct str plain = arena_printf(mine, "%zu", i), opened, other;
        struct str sealed = seal(mine, &key, &entropy, plain, plain);
        *(size_t *)wrong += !unseal(mine, &key, sealed, plain, &opened) || !str_eq(opened, plain) ||
                            unseal(mine, &key, sealed, STR("x"), &other);
    }
    arena_free(mine);
    return NULL;
}

START_TEST(threads_do_not_disturb_each_other)
{
    pthread_t threads[4];
    size_t wrong[4] = { 0 };
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, seal_and_unseal, &wrong[i]), 0);
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_uint_eq(wrong[i], 0);
    }
}
END_TEST

Suite *seal_suite(void)
{
    Suite *s = suite_create("seal");
    TCase *t = tcase_create("seal");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, seals_as_the_specification_does, 0, sizeof vectors / sizeof vectors[0]);
    tcase_add_test(t, any_length_makes_the_round_trip);
    tcase_add_test(t, a_changed_byte_anywhere_is_refused);
    tcase_add_test(t, a_part_is_refused);
    tcase_add_loop_test(t, what_was_bound_must_be_given, 0, sizeof bounds / sizeof bounds[0]);
    tcase_add_test(t, another_key_opens_nothing);
    tcase_add_test(t, the_same_text_is_never_sealed_the_same);
    tcase_add_test(t, threads_do_not_disturb_each_other);
    suite_add_tcase(s, t);
    return s;
}
