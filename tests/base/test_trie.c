#include "base/trie.h"

#include "tests/support/runner.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * The keys of all these tests: ordinary names, and names crafted to meet: some of one whole hash,
 * others that leave it at the last level, the first, or on the way.
 */
enum { CRAFTED = 18, ORDINARY = 300, KEYS = CRAFTED + ORDINARY, KEY_BYTES = 16 };

static struct {
    char bytes[KEY_BYTES];
    size_t n;
} keys[KEYS];

static const uint32_t HASH = 0x5EC2E7A5u;

static const uint32_t crafted_hashes[CRAFTED] = {
    HASH,
    HASH,
    HASH,
    HASH,
    HASH ^ 0x80000000u, /* parts at the last level, of which only two bits are hash */
    HASH ^ 0x80000000u,
    HASH ^ 0x40000000u,
    HASH ^ 0xC0000000u,
    HASH ^ 0x20000000u, /* one above */
    HASH ^ 0x20000000u,
    HASH ^ 0x00008000u, /* half way */
    HASH ^ 0x00008000u,
    HASH ^ 0x00000020u, /* at the second */
    HASH ^ 0x00000001u, /* at the first */
    HASH ^ 0x00000001u,
    0,
    0,
    UINT32_MAX,
};

static struct str key_of(size_t k)
{
    return str_n(keys[k].bytes, keys[k].n);
}

/* FNV-1a backwards from the hash over two bytes: the last one, and the low byte before it. */
static bool end_with(uint32_t hash, uint32_t before, char out[2])
{
    static const uint32_t inverse = 0x359C449Bu; /* of its prime 16777619, modulo 2^32 */
    for (uint32_t last = 0; last < 256; last++) {
        uint32_t byte = (((hash * inverse) ^ last) * inverse) ^ before;
        if (byte < 256) {
            out[0] = (char)byte;
            out[1] = (char)last;
            return true;
        }
    }
    return false;
}

static void craft(size_t k, uint32_t hash)
{
    char *bytes = keys[k].bytes;
    size_t n;
    unsigned try = 0;
    do
        n = (size_t)snprintf(bytes, KEY_BYTES - 2, "%zx.%x.", k, try++);
    while (!end_with(hash, str_hash(str_n(bytes, n)), bytes + n));
    keys[k].n = n + 2;
    WANT(str_hash(key_of(k)) == hash, "key %zu has not the hash it was made for", k);
}

static void keys_make(void)
{
    for (size_t k = 0; k < CRAFTED; k++)
        craft(k, crafted_hashes[k]);
    for (size_t k = CRAFTED; k < KEYS; k++)
        keys[k].n = (size_t)snprintf(keys[k].bytes, KEY_BYTES, "role/%zu", k);
    keys[KEYS - 1].n = 0; /* no text is text, too */
}

/* Owns a copy of its key, so that a sanitizer sees a map that still reads a dropped value's. */
struct value {
    size_t k;
    char *key;
    size_t n;
    atomic_uint drops;
};

enum { VALUES = 40 * 1000 };
static struct value values[VALUES];
static size_t n_values;

static struct value *value_new(size_t k)
{
    ck_assert(n_values < VALUES);
    struct value *v = &values[n_values++];
    v->k = k;
    v->n = keys[k].n;
    v->key = malloc(v->n + 1);
    memcpy(v->key, keys[k].bytes, v->n);
    return v;
}

static struct str value_key(const struct value *v)
{
    return str_n(v->key, v->n);
}

static void value_drop(void *value)
{
    struct value *v = value;
    if (atomic_fetch_add(&v->drops, 1) == 0)
        free(v->key);
}

static void want_all_dropped_once(void)
{
    for (size_t i = 0; i < n_values; i++)
        WANT(values[i].drops == 1, "value %zu was dropped %u times", i, values[i].drops);
}

static struct trie *put(const struct trie *t, struct value *v)
{
    return trie_put(t, value_key(v), v);
}

static void add(struct trie *t, struct value *v)
{
    trie_add(t, value_key(v), v);
}

static const char *story; /* what a failure is to name */

/* The oracle: what stands for each key. */
struct plain {
    struct value *value[KEYS];
};

static size_t plain_size(const struct plain *p)
{
    size_t n = 0;
    for (size_t k = 0; k < KEYS; k++)
        n += p->value[k] != NULL;
    return n;
}

struct visit {
    const struct plain *plain;
    bool seen[KEYS];
    size_t n;
};

static void see(void *context, void *value)
{
    struct visit *visit = context;
    struct value *v = value;
    WANT(visit->plain->value[v->k] == v, "%s: key %zu is visited with another value", story, v->k);
    WANT(!visit->seen[v->k], "%s: key %zu is visited twice", story, v->k);
    visit->seen[v->k] = true;
    visit->n++;
}

static void want_same(const struct trie *t, const struct plain *p)
{
    struct visit visit = { .plain = p };
    for (size_t k = 0; k < KEYS; k++)
        WANT(trie_get(t, key_of(k)) == p->value[k], "%s: key %zu stands for another value", story,
             k);
    WANT(trie_size(t) == plain_size(p), "%s: size %zu, not %zu", story, trie_size(t),
         plain_size(p));
    trie_each(t, see, &visit);
    WANT(visit.n == trie_size(t), "%s: %zu of %zu are visited", story, visit.n, trie_size(t));
}

/* A value is dropped when no map has it, and then at once. */
static void want_kept(const struct plain *plain, size_t n_plain)
{
    static bool is_kept[VALUES];
    memset(is_kept, 0, sizeof is_kept);
    for (size_t m = 0; m < n_plain; m++)
        for (size_t k = 0; k < KEYS; k++)
            if (plain[m].value[k])
                is_kept[plain[m].value[k] - values] = true;
    for (size_t i = 0; i < n_values; i++)
        WANT(values[i].drops == !is_kept[i], "%s: value %zu has %u drops", story, i,
             values[i].drops);
}

static uint32_t seed;

static size_t random_below(size_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

enum { MAPS = 6, STEPS = 4000, CHECK_EACH = 40 };
static struct trie *maps[MAPS];
static struct plain plain[MAPS];

/* maps[to] becomes maps[from] with or without the key. */
static void derive(size_t from, size_t to, size_t k, struct value *v)
{
    struct trie *next = v ? put(maps[from], v) : trie_remove(maps[from], key_of(k));
    trie_drop(maps[to]);
    maps[to] = next;
    plain[to] = plain[from];
    plain[to].value[k] = v;
}

/* puts_percent is the share of puts among the changes: maps grow, or dwindle to nothing. */
static void step(size_t n_keys, size_t puts_percent)
{
    size_t k = random_below(n_keys), from = random_below(MAPS), to = random_below(MAPS);
    if (random_below(100) >= puts_percent) {
        derive(from, to, k, NULL);
        return;
    }
    struct value *v = value_new(k);
    if (random_below(3)) {
        derive(from, to, k, v);
        return;
    }
    add(maps[to], v);
    plain[to].value[k] = v;
}

static void want_all_same(void)
{
    for (size_t m = 0; m < MAPS; m++)
        want_same(maps[m], &plain[m]);
    want_kept(plain, MAPS);
}

static const struct {
    const char *name;
    size_t n_keys, puts_percent;
    uint32_t seed;
} walks[] = {
    { "colliding keys", CRAFTED, 50, 1 },
    { "colliding keys, nearly empty", CRAFTED, 30, 2 },
    { "colliding keys, nearly full", CRAFTED, 85, 3 },
    { "four keys of one hash", 4, 50, 4 },
    { "all keys", KEYS, 50, 5 },
    { "all keys, nearly full", KEYS, 90, 6 },
};

START_TEST(agrees_with_an_array)
{
    story = walks[_i].name;
    seed = walks[_i].seed;
    for (size_t m = 0; m < MAPS; m++)
        maps[m] = trie_new(value_drop);
    for (size_t i = 0; i < STEPS; i++) {
        step(walks[_i].n_keys, walks[_i].puts_percent);
        if (i % CHECK_EACH == 0)
            want_all_same();
    }
    want_all_same();
    for (size_t m = 0; m < MAPS; m++)
        trie_drop(maps[m]);
    want_all_dropped_once();
}
END_TEST

static void none(void *context, void *value)
{
    (void)context;
    (void)value;
    ck_abort_msg("an empty map has a value");
}

static void want_empty(const struct trie *t)
{
    ck_assert_uint_eq(trie_size(t), 0);
    ck_assert_ptr_null(trie_get(t, STR("a")));
    ck_assert_ptr_null(trie_get(t, str_n(NULL, 0)));
    trie_each(t, none, NULL);
}

START_TEST(an_empty_map_has_nothing)
{
    struct trie *t = trie_new(value_drop), *less = trie_remove(t, STR("a"));
    ck_assert_ptr_ne(t, less);
    want_empty(t);
    want_empty(less);
    trie_drop(t);
    want_empty(less);
    trie_drop(less);
    trie_drop(NULL);
    ck_assert_ptr_null(trie_hold(NULL));
}
END_TEST

START_TEST(the_last_key_leaves_an_empty_map)
{
    struct trie *t = trie_new(value_drop);
    for (size_t k = 0; k < KEYS; k++)
        add(t, value_new(k));
    for (size_t k = 0; k < KEYS; k++) {
        struct trie *less = trie_remove(t, key_of(k));
        trie_drop(t);
        t = less;
        WANT(values[k].drops == 1, "key %zu is gone, its value is not", k);
    }
    want_empty(t);
    trie_drop(t);
    want_all_dropped_once();
}
END_TEST

START_TEST(lives_as_long_as_it_is_held)
{
    struct trie *t = trie_new(value_drop);
    struct value *v = value_new(0);
    add(t, v);
    ck_assert_ptr_eq(trie_hold(t), t);
    trie_drop(t);
    ck_assert_ptr_eq(trie_get(t, key_of(0)), v);
    ck_assert_uint_eq(v->drops, 0);
    trie_drop(t);
    ck_assert_uint_eq(v->drops, 1);
}
END_TEST

START_TEST(a_put_leaves_the_old_map_as_it_was)
{
    struct trie *one = trie_new(value_drop), *two, *three;
    struct value *old = value_new(0), *new = value_new(0), *other = value_new(1);
    add(one, old);
    two = put(one, new);
    three = put(two, other);
    ck_assert_ptr_eq(trie_get(one, key_of(0)), old);
    ck_assert_ptr_eq(trie_get(two, key_of(0)), new);
    ck_assert_uint_eq(trie_size(two), 1);
    ck_assert_ptr_null(trie_get(two, key_of(1)));
    ck_assert_uint_eq(trie_size(three), 2);
    trie_drop(one);
    ck_assert_uint_eq(old->drops, 1);
    trie_drop(two);
    ck_assert_uint_eq(new->drops, 0);
    trie_drop(three);
    want_all_dropped_once();
}
END_TEST

/* One changes the map over and over, the others read what it was when they looked. */
enum { READERS = 4, CHANGES = 3000, BATCH = 8 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct trie *shown;
static atomic_bool is_done;
static atomic_size_t n_wrong, n_looks;

static struct trie *look(void)
{
    pthread_mutex_lock(&lock);
    struct trie *t = trie_hold(shown);
    pthread_mutex_unlock(&lock);
    return t;
}

static void show(struct trie *next)
{
    pthread_mutex_lock(&lock);
    struct trie *last = shown;
    shown = next;
    pthread_mutex_unlock(&lock);
    trie_drop(last);
}

static void count_seen(void *context, void *value)
{
    size_t *n = context;
    struct value *v = value;
    *n += v->drops == 0 && str_eq(value_key(v), key_of(v->k));
}

/* Check's asserts are for its own thread: here what is wrong is counted. */
static void *read_for_a_while(void *start)
{
    for (size_t k = *(size_t *)start; !is_done; k = (k + 1) % KEYS) {
        struct trie *t = look(), *less = trie_remove(t, key_of(k));
        size_t seen = 0;
        const struct value *v = trie_get(t, key_of(k));
        n_wrong += !v || v->k != k || v->drops;
        n_wrong += trie_get(less, key_of(k)) != NULL;
        trie_drop(t);
        trie_each(less, count_seen, &seen);
        n_wrong += seen != KEYS - 1;
        trie_drop(less);
        n_looks++;
    }
    return NULL;
}

static void change(size_t k)
{
    struct trie *next = put(shown, value_new(k));
    for (size_t i = 0; i < BATCH; i++)
        add(next, value_new((k + i * 7) % KEYS));
    show(next);
}

START_TEST(readers_are_not_disturbed)
{
    pthread_t readers[READERS];
    size_t starts[READERS];
    shown = trie_new(value_drop);
    for (size_t k = 0; k < KEYS; k++)
        add(shown, value_new(k));
    for (size_t i = 0; i < READERS; i++) {
        starts[i] = i * KEYS / READERS;
        ck_assert_int_eq(pthread_create(&readers[i], NULL, read_for_a_while, &starts[i]), 0);
    }
    for (size_t i = 0; i < CHANGES; i++)
        change(i % KEYS);
    while (n_looks < READERS)
        sched_yield();
    is_done = true;
    for (size_t i = 0; i < READERS; i++)
        pthread_join(readers[i], NULL);
    ck_assert_uint_eq(n_wrong, 0);
    show(NULL);
    want_all_dropped_once();
}
END_TEST

/*
 * Reads and drops one map; that it has is told without ordering anything, so that whoever changes
 * the nodes in place next is ordered after these reads by the counts alone, or ThreadSanitizer
 * sees a race.
 */
static atomic_bool has_left;

static void *read_and_leave(void *map)
{
    size_t seen = 0;
    trie_each(map, count_seen, &seen);
    trie_drop(map);
    n_wrong += seen != KEYS;
    atomic_store_explicit(&has_left, true, memory_order_relaxed);
    return NULL;
}

START_TEST(changes_in_place_what_others_have_left)
{
    pthread_t reader;
    struct trie *t = trie_new(value_drop);
    for (size_t k = 0; k < KEYS; k++)
        add(t, value_new(k));
    struct trie *next = put(t, value_new(0));
    ck_assert_int_eq(pthread_create(&reader, NULL, read_and_leave, t), 0);
    while (!atomic_load_explicit(&has_left, memory_order_relaxed))
        sched_yield();
    for (size_t k = CRAFTED; k < KEYS; k++) /* the first is on a path put() shared */
        add(next, value_new(k));
    pthread_join(reader, NULL);
    ck_assert_uint_eq(n_wrong, 0);
    trie_drop(next);
    want_all_dropped_once();
}
END_TEST

Suite *trie_suite(void);
Suite *trie_suite(void)
{
    Suite *s = suite_create("trie");
    TCase *t = tcase_create("trie");
    tcase_set_timeout(t, 60);
    tcase_add_unchecked_fixture(t, keys_make, NULL); /* once, before the tests fork */
    tcase_add_loop_test(t, agrees_with_an_array, 0, sizeof walks / sizeof walks[0]);
    tcase_add_test(t, an_empty_map_has_nothing);
    tcase_add_test(t, the_last_key_leaves_an_empty_map);
    tcase_add_test(t, lives_as_long_as_it_is_held);
    tcase_add_test(t, a_put_leaves_the_old_map_as_it_was);
    tcase_add_test(t, readers_are_not_disturbed);
    tcase_add_test(t, changes_in_place_what_others_have_left);
    suite_add_tcase(s, t);
    return s;
}
