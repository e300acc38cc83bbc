#include "base/trie.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

/*
 * A branch stands where hashes differ in the level's five bits; twins stand where whole hashes are
 * equal and keys are not.  Leaves and twins hang as near to the root as they are told apart, so a
 * branch has two kids or one that is a branch, and twins are two or more.
 */
enum kind { BRANCH, TWINS, LEAF };
enum { WAY_BITS = 5 };

struct node {
    atomic_size_t count; /* the maps and groups that point here */
    enum kind kind;
    uint32_t hash; /* of the leaf, of each of the twins; 0 in a branch */
};

struct leaf {
    struct node node;
    struct str key; /* borrowed from the value */
    void *value;    /* owned */
};

/* A branch or twins. */
struct group {
    struct node node;
    uint32_t ways; /* of a branch: bit i is set when there is a kid for i; kids are in this order */
    uint32_t n;
    struct node *kids[];
};

struct trie {
    atomic_size_t count;
    size_t n;
    void (*drop)(void *value);
    struct node *root; /* NULL when empty */
};

static void *must(void *p)
{
    if (!p)
        abort();
    return p;
}

/* Who counts one more has one already, so nothing has to be seen in any order. */
static void count_up(atomic_size_t *count)
{
    atomic_fetch_add_explicit(count, 1, memory_order_relaxed);
}

/* True for the last one; what the others did before they left has then happened. */
static bool count_down(atomic_size_t *count)
{
    return atomic_fetch_sub_explicit(count, 1, memory_order_acq_rel) == 1;
}

/* Nobody else is here, and what those who left had read they have read. */
static bool is_alone(const atomic_size_t *count)
{
    return atomic_load_explicit(count, memory_order_acquire) == 1;
}

static struct leaf *leaf_of(struct node *node)
{
    assert(node->kind == LEAF);
    return (struct leaf *)node;
}

static struct group *group_of(struct node *node)
{
    assert(node->kind != LEAF);
    return (struct group *)node;
}

static uint32_t way_bit(uint32_t hash, unsigned shift)
{
    return 1u << (hash >> shift & ((1u << WAY_BITS) - 1));
}

/* Where the kid for this way is, or belongs. */
static uint32_t way_index(const struct group *branch, uint32_t bit)
{
    return (uint32_t)__builtin_popcount(branch->ways & (bit - 1));
}

/* Where the twin with this key is, or n. */
static uint32_t twin_index(const struct group *twins, struct str key)
{
    uint32_t i = 0;
    while (i < twins->n && !str_eq(leaf_of(twins->kids[i])->key, key))
        i++;
    return i;
}

static struct node *leaf_new(struct str key, void *value)
{
    struct leaf *leaf = must(malloc(sizeof *leaf));
    atomic_init(&leaf->node.count, 1);
    leaf->node.kind = LEAF;
    leaf->node.hash = str_hash(key);
    leaf->key = key;
    leaf->value = value;
    return &leaf->node;
}

static size_t group_bytes(uint32_t n)
{
    return sizeof(struct group) + n * sizeof(struct node *);
}

/* n kids are for the caller to set. */
static struct group *group_new(enum kind kind, uint32_t bits, uint32_t n, uint32_t more)
{
    struct group *g = must(malloc(group_bytes(n + more)));
    atomic_init(&g->node.count, 1);
    g->node.kind = kind;
    g->node.hash = kind == TWINS ? bits : 0;
    g->ways = kind == BRANCH ? bits : 0;
    g->n = n;
    return g;
}

/* As deep as there are levels. */
static void node_drop(struct node *node, void (*drop)(void *value))
{
    if (!node || !count_down(&node->count))
        return;
    if (node->kind == LEAF)
        drop(leaf_of(node)->value);
    else
        for (uint32_t i = 0; i < group_of(node)->n; i++)
            node_drop(group_of(node)->kids[i], drop);
    free(node);
}

static struct group *group_copy(const struct group *g, uint32_t more)
{
    struct group *copy =
        group_new(g->node.kind, g->node.kind == TWINS ? g->node.hash : g->ways, g->n, more);
    for (uint32_t i = 0; i < g->n; i++) {
        copy->kids[i] = g->kids[i];
        count_up(&copy->kids[i]->count);
    }
    return copy;
}

/*
 * The group at *slot, to be changed, with room for so many more: itself when only we point to it,
 * else a copy.  Asked from the root downwards it copies what other maps share and nothing else:
 * below a copy the kids have two parents, below what was ours already they may have one.
 */
static struct group *own(const struct trie *t, struct node **slot, uint32_t more)
{
    struct group *g = group_of(*slot);
    if (!is_alone(&g->node.count)) {
        struct group *copy = group_copy(g, more);
        node_drop(&g->node, t->drop);
        g = copy;
    } else if (more) {
        g = must(realloc(g, group_bytes(g->n + more)));
    }
    *slot = &g->node;
    return g;
}

/* Makes room at i, which own() has provided. */
static void group_insert(struct group *g, uint32_t i, struct node *kid)
{
    memmove(&g->kids[i + 1], &g->kids[i], (g->n - i) * sizeof *g->kids);
    g->kids[i] = kid;
    g->n++;
}

static void group_cut(struct group *g, uint32_t i)
{
    g->n--;
    memmove(&g->kids[i], &g->kids[i + 1], (g->n - i) * sizeof *g->kids);
}

/* Branches from *slot down to where the two hashes, which differ, part. */
static void split(struct node **slot, struct node *leaf, unsigned shift)
{
    struct node *other = *slot;
    uint32_t a = way_bit(other->hash, shift), b = way_bit(leaf->hash, shift);
    for (; a == b; a = way_bit(other->hash, shift), b = way_bit(leaf->hash, shift)) {
        struct group *above = group_new(BRANCH, a, 1, 0);
        *slot = &above->node;
        slot = &above->kids[0];
        shift += WAY_BITS;
    }
    struct group *fork = group_new(BRANCH, a | b, 2, 0);
    fork->kids[a > b] = other;
    fork->kids[a < b] = leaf;
    *slot = &fork->node;
}

static void replace(const struct trie *t, struct node **slot, struct node *leaf)
{
    node_drop(*slot, t->drop);
    *slot = leaf;
}

/* At *slot is a leaf of the same hash; true when it was another key's. */
static bool join_leaf(const struct trie *t, struct node **slot, struct node *leaf)
{
    if (str_eq(leaf_of(*slot)->key, leaf_of(leaf)->key)) {
        replace(t, slot, leaf);
        return false;
    }
    struct group *twins = group_new(TWINS, leaf->hash, 2, 0);
    twins->kids[0] = *slot;
    twins->kids[1] = leaf;
    *slot = &twins->node;
    return true;
}

/* The same, when there are several. */
static bool join_twins(const struct trie *t, struct node **slot, struct node *leaf)
{
    uint32_t i = twin_index(group_of(*slot), leaf_of(leaf)->key);
    bool is_new = i == group_of(*slot)->n;
    struct group *twins = own(t, slot, is_new);
    if (is_new)
        group_insert(twins, i, leaf);
    else
        replace(t, &twins->kids[i], leaf);
    return is_new;
}

/* At *slot is what keeps the leaf from standing there; true when the key is new. */
static bool join(const struct trie *t, struct node **slot, struct node *leaf, unsigned shift)
{
    if ((*slot)->hash == leaf->hash)
        return (*slot)->kind == LEAF ? join_leaf(t, slot, leaf) : join_twins(t, slot, leaf);
    split(slot, leaf, shift);
    return true;
}

/* True when the key is new. */
static bool put_in(const struct trie *t, struct node **slot, struct node *leaf)
{
    unsigned shift = 0;
    for (; *slot && (*slot)->kind == BRANCH; shift += WAY_BITS) {
        uint32_t bit = way_bit(leaf->hash, shift);
        bool is_free = !(group_of(*slot)->ways & bit);
        struct group *branch = own(t, slot, is_free);
        uint32_t i = way_index(branch, bit);
        if (is_free) {
            branch->ways |= bit;
            group_insert(branch, i, leaf);
            return true;
        }
        slot = &branch->kids[i];
    }
    if (*slot)
        return join(t, slot, leaf, shift);
    *slot = leaf;
    return true;
}

/* The key is there.  As deep as there are levels. */
static void take_out(const struct trie *t, struct node **slot, const struct leaf *leaf,
                     unsigned shift)
{
    if ((*slot)->kind == LEAF) {
        replace(t, slot, NULL);
        return;
    }
    struct group *g = own(t, slot, 0);
    uint32_t bit = g->node.kind == BRANCH ? way_bit(leaf->node.hash, shift) : 0;
    uint32_t i = bit ? way_index(g, bit) : twin_index(g, leaf->key);
    take_out(t, &g->kids[i], leaf, shift + WAY_BITS);
    if (!g->kids[i]) {
        group_cut(g, i);
        g->ways &= ~bit;
    }
    if (g->n == 1 && g->kids[0]->kind != BRANCH) { /* nothing to tell apart any more */
        *slot = g->kids[0];
        free(g);
    }
}

static struct leaf *leaf_find(const struct trie *t, struct str key)
{
    struct node *node = t->root;
    uint32_t hash = str_hash(key);
    for (unsigned shift = 0; node && node->kind == BRANCH; shift += WAY_BITS) {
        struct group *branch = group_of(node);
        uint32_t bit = way_bit(hash, shift);
        node = branch->ways & bit ? branch->kids[way_index(branch, bit)] : NULL;
    }
    if (node && node->hash == hash && node->kind == TWINS) {
        struct group *twins = group_of(node);
        uint32_t i = twin_index(twins, key);
        node = i < twins->n ? twins->kids[i] : NULL;
    }
    if (!node || node->hash != hash)
        return NULL;
    return str_eq(leaf_of(node)->key, key) ? leaf_of(node) : NULL;
}

struct trie *trie_new(void (*drop)(void *value))
{
    struct trie *t = must(malloc(sizeof *t));
    atomic_init(&t->count, 1);
    t->n = 0;
    t->drop = drop;
    t->root = NULL;
    return t;
}

struct trie *trie_hold(struct trie *t)
{
    if (t)
        count_up(&t->count);
    return t;
}

void trie_drop(struct trie *t)
{
    if (!t || !count_down(&t->count))
        return;
    node_drop(t->root, t->drop);
    free(t);
}

/* Another map of the same nodes: all of them shared, so own() copies what is to change. */
static struct trie *share(const struct trie *t)
{
    struct trie *other = trie_new(t->drop);
    other->n = t->n;
    other->root = t->root;
    if (other->root)
        count_up(&other->root->count);
    return other;
}

void trie_add(struct trie *t, struct str key, void *value)
{
    assert(is_alone(&t->count));
    if (put_in(t, &t->root, leaf_new(key, value)))
        t->n++;
}

struct trie *trie_put(const struct trie *t, struct str key, void *value)
{
    struct trie *other = share(t);
    trie_add(other, key, value);
    return other;
}

struct trie *trie_remove(const struct trie *t, struct str key)
{
    struct trie *other = share(t);
    const struct leaf *leaf = leaf_find(t, key); /* t keeps it while it leaves the other */
    if (leaf) {
        take_out(other, &other->root, leaf, 0);
        other->n--;
    }
    return other;
}

void *trie_get(const struct trie *t, struct str key)
{
    const struct leaf *leaf = leaf_find(t, key);
    return leaf ? leaf->value : NULL;
}

size_t trie_size(const struct trie *t)
{
    return t->n;
}

/* As deep as there are levels. */
static void each(struct node *node, void (*see)(void *context, void *value), void *context)
{
    if (node->kind == LEAF) {
        see(context, leaf_of(node)->value);
        return;
    }
    for (uint32_t i = 0; i < group_of(node)->n; i++)
        each(group_of(node)->kids[i], see, context);
}

void trie_each(const struct trie *t, void (*see)(void *context, void *value), void *context)
{
    if (t->root)
        each(t->root, see, context);
}
