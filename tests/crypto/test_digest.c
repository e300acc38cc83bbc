#include "tests/support/runner.h"

#include "base/encode.h"
#include "crypto/digest.h"
#include "tests/support/guard.h"

#include <pthread.h>

Suite *digest_suite(void);

static struct arena *a;

static void setup(void)
{
    a = arena_new();
}

static void teardown(void)
{
    arena_free(a);
}

/* ---- FIPS 180-4: the messages and digests NIST publishes as examples ---- */

static const struct {
    const char *name;
    struct str message;
    const char *sha1, *sha256, *sha512;
} hashes[] = {
    { "nothing",
      { NULL, 0 },
      "da39a3ee5e6b4b0d3255bfef95601890afd80709",
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
      "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e" },
    { "one block", STR_INIT("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d",
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
    { "448 bits", STR_INIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
      "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
      "204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331a703c335"
      "96fd15c13b1b07f9aa1d3bea57789ca031ad85c7a71dd70354ec631238ca3445" },
    { "896 bits",
      STR_INIT("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
               "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"),
      "a49b2446a02c645bf419f995b67091253a04a259",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1",
      "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
      "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909" },
};
enum { N_HASHES = sizeof hashes / sizeof hashes[0] };

static bool hashes_match(struct arena *mine, size_t i)
{
    uint8_t one[SHA1_BYTES], two[SHA256_BYTES], five[SHA512_BYTES];
    sha1(hashes[i].message, one);
    sha256(hashes[i].message, two);
    sha512(hashes[i].message, five);
    return str_eq(hex_write(mine, one, sizeof one), str_of(hashes[i].sha1)) &&
           str_eq(hex_write(mine, two, sizeof two), str_of(hashes[i].sha256)) &&
           str_eq(hex_write(mine, five, sizeof five), str_of(hashes[i].sha512));
}

START_TEST(hashes_as_nist_does)
{
    ck_assert_msg(hashes_match(a, (size_t)_i), "%s", hashes[_i].name);
}
END_TEST

START_TEST(hashes_a_million_bytes)
{
    uint8_t one[SHA1_BYTES], two[SHA256_BYTES], five[SHA512_BYTES];
    char *p = arena_alloc(a, 1000000);
    struct str million = str_n(memset(p, 'a', 1000000), 1000000);
    sha1(million, one);
    sha256(million, two);
    sha512(million, five);
    want_str("SHA-1", hex_write(a, one, sizeof one),
             STR("34aa973cd4c4daa4f61eeb2bdbad27316534016f"));
    want_str("SHA-256", hex_write(a, two, sizeof two),
             STR("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
    want_str("SHA-512", hex_write(a, five, sizeof five),
             STR("e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
                 "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b"));
}
END_TEST

/* ---- RFC 4231 section 4: the key and the data are a text repeated ---- */

static const struct {
    const char *name, *key;
    size_t key_times;
    const char *data;
    size_t data_times;
    const char *mac; /* case 5 is truncated there, so here too */
} macs[] = {
    { "case 1", "\x0b", 20, "Hi There", 1,
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
    { "case 2, a short key", "Jefe", 1, "what do ya want for nothing?", 1,
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
    { "case 3", "\xaa", 20, "\xdd", 50,
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
    { "case 4",
      "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16"
      "\x17\x18\x19",
      1, "\xcd", 50, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b" },
    { "case 5", "\x0c", 20, "Test With Truncation", 1, "a3b6167473100ee06e0c796c2955552b" },
    { "case 6, a key longer than a block", "\xaa", 131,
      "Test Using Larger Than Block-Size Key - Hash Key First", 1,
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
    { "case 7, and long data", "\xaa", 131,
      "This is a test using a larger than block-size key and a larger than block-size data. The "
      "key "
      "needs to be hashed before being used by the HMAC algorithm.",
      1, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2" },
    { "no key and no data", "", 0, "", 0,
      "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad" },
};
enum { N_MACS = sizeof macs / sizeof macs[0] };

static struct str repeated(struct arena *mine, const char *text, size_t times)
{
    size_t n = strlen(text);
    char *p = arena_alloc(mine, n * times);
    for (size_t i = 0; i < times; i++)
        memcpy(p + i * n, text, n);
    return str_n(times > 0 ? p : NULL, n * times);
}

static bool mac_matches(struct arena *mine, size_t i)
{
    uint8_t mac[SHA256_BYTES];
    hmac_sha256(repeated(mine, macs[i].key, macs[i].key_times),
                repeated(mine, macs[i].data, macs[i].data_times), mac);
    return str_starts(hex_write(mine, mac, sizeof mac), str_of(macs[i].mac));
}

START_TEST(authenticates_as_rfc_4231_does)
{
    ck_assert_msg(mac_matches(a, (size_t)_i), "%s", macs[_i].name);
}
END_TEST

/* ---- contexts are kept from call to call and from thread to thread ---- */

static void *all_of_them(void *wrong)
{
    struct arena *mine = arena_new();
    for (size_t round = 0; round < 200; round++) {
        for (size_t i = 0; i < N_HASHES; i++)
            *(size_t *)wrong += !hashes_match(mine, (i + round) % N_HASHES);
        for (size_t i = 0; i < N_MACS; i++)
            *(size_t *)wrong += !mac_matches(mine, (i * 3 + round) % N_MACS);
        arena_reset(mine);
    }
    arena_free(mine);
    return NULL;
}

START_TEST(nothing_is_left_over_from_the_call_before)
{
    pthread_t threads[4];
    size_t wrong[5] = { 0 };
    for (size_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < 4; i++)
            ck_assert_int_eq(pthread_create(&threads[i], NULL, all_of_them, &wrong[i]), 0);
        all_of_them(&wrong[4]);
        for (size_t i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
    }
    for (size_t i = 0; i < 5; i++)
        ck_assert_uint_eq(wrong[i], 0);
}
END_TEST

/* ---- secrets ---- */

START_TEST(equal_means_every_byte)
{
    char left[40], right[40];
    memset(left, 7, sizeof left);
    memcpy(right, left, sizeof right);
    ck_assert(equal_in_constant_time(guarded(str_n(left, 40)), guarded(str_n(right, 40))));
    ck_assert(!equal_in_constant_time(str_n(left, 40), str_n(right, 39)));
    ck_assert(!equal_in_constant_time(str_n(left, 1), str_n(NULL, 0)));
    ck_assert(equal_in_constant_time(str_n(NULL, 0), STR("")));
    for (size_t i = 0; i < 40 * 8; i++) {
        right[i / 8] = (char)(right[i / 8] ^ (1 << i % 8));
        WANT(!equal_in_constant_time(str_n(left, 40), str_n(right, 40)), "bit %zu", i);
        right[i / 8] = left[i / 8];
    }
}
END_TEST

START_TEST(wiped_is_gone)
{
    char secret[8] = "secret!";
    wipe(secret + 1, 6);
    ck_assert_mem_eq(secret, "s\0\0\0\0\0\0\0", 8);
    wipe(NULL, 0);
}
END_TEST

Suite *digest_suite(void)
{
    Suite *s = suite_create("digest");
    TCase *t = tcase_create("digest");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, hashes_as_nist_does, 0, N_HASHES);
    tcase_add_test(t, hashes_a_million_bytes);
    tcase_add_loop_test(t, authenticates_as_rfc_4231_does, 0, N_MACS);
    tcase_add_test(t, nothing_is_left_over_from_the_call_before);
    tcase_add_test(t, equal_means_every_byte);
    tcase_add_test(t, wiped_is_gone);
    suite_add_tcase(s, t);
    return s;
}
