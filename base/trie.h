#ifndef BASE_TRIE_H
#define BASE_TRIE_H

#include "base/str.h"

/*
 * A map from text to objects that never changes: putting or removing makes another map, which
 * shares all but a few nodes with the first.  So a world of 10,000 roles in which one changes costs
 * one path, and whoever reads the old world goes on undisturbed, without a lock.
 *
 * A hash array mapped trie: 32 ways a level, by the bits of the hash; lookups take a handful of
 * steps whatever the size.  Maps and nodes are counted with atomic counts; any number of threads
 * may read, hold and drop them.
 */
struct trie;

/*
 * An empty map; drop(value) is called once for a value when the last map that has it is gone.
 * Every map made from this one has the same drop.
 */
struct trie *trie_new(void (*drop)(void *value));
/* One more, one less who uses the map; NULL is fine. */
struct trie *trie_hold(struct trie *t);
void trie_drop(struct trie *t);

/*
 * Another map, in which key stands for value and in which the value it stood for before is left
 * out.  The value is taken over; the key is borrowed from it, and must live as long.
 */
struct trie *trie_put(const struct trie *t, struct str key, void *value);
/* Another map without the key; the same contents when it is not there. */
struct trie *trie_remove(const struct trie *t, struct str key);
/* The same as trie_put, in this very map: while it is being filled and nobody else holds it. */
void trie_add(struct trie *t, struct str key, void *value);

/* The value, or NULL. */
void *trie_get(const struct trie *t, struct str key);
size_t trie_size(const struct trie *t);
/* Calls see() for every value, in no order that means anything. */
void trie_each(const struct trie *t, void (*see)(void *context, void *value), void *context);

#endif
