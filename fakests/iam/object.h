#ifndef FAKESTS_IAM_OBJECT_H
#define FAKESTS_IAM_OBJECT_H

#include "base/trie.h"
#include "fakests/iam/read.h"

#include <stdatomic.h>

/*
 * The inside of struct iam, for the files of iam/ alone.
 *
 * An object is its text, and its body once somebody needed that.  The body is made by whoever comes
 * first; two who come at once both make one, and one of them throws his away.
 */
struct iam_body {
    struct arena *arena; /* owned */
    union {
        struct provider provider;
        struct role role;
        struct managed_policy policy;
        struct user user;
        struct credential credential;
        struct account account;
    } is;
};

struct iam_object {
    enum iam_kind kind;
    struct str key;     /* in the trie of its kind */
    struct str account; /* these three live behind the object, in one block with it */
    struct str name;
    struct str text;
    uint64_t order;
    _Atomic(struct iam_body *) body;
};

struct iam {
    _Atomic int refs;
    struct trie *objects[IAM_KINDS];
    char default_account[13];
    uint64_t next_order;
};

enum { IAM_KEY_BYTES_MAX = 300 }; /* account, '/', and the longest name: a URL of 255 */

/* "123456789012/name", folded where names are unique whatever their case; empty when too long. */
struct str iam_key(char buffer[IAM_KEY_BYTES_MAX], enum iam_kind kind, struct str account,
                   struct str name);

struct iam_object *iam_object_new(enum iam_kind kind, struct str account, struct str name,
                                  struct str text, uint64_t order);
/* For the tries. */
void iam_object_free(void *object);

/* Reads a document as a body of that kind; files_read is told when it named files.  `work` is for
 * what is needed meanwhile: it may be reset afterwards. */
OUTCOME iam_body_read(struct arena *work, struct why *why, enum iam_kind kind, struct str account,
                      const struct json_part *part, const struct iam_options *options,
                      bool *files_read, struct iam_body **out);
void iam_body_free(struct iam_body *b);
/* The object's text again, from its body. */
struct str iam_body_text(struct arena *a, enum iam_kind kind, const struct iam_body *b);
/* Its body, made when it is not there yet. */
const struct iam_body *iam_object_body(const struct iam_object *o);

/* An empty one, held once. */
struct iam *iam_new(struct str default_account);
/* Another over the same objects, held once; while nobody else has it, it may be changed. */
struct iam *iam_copy(const struct iam *iam);
/* Puts an object in place, which is taken over. */
void iam_set(struct iam *iam, struct iam_object *o);

/* The member of a config, or of one of its accounts, that lists the kind; NULL for IAM_ACCOUNT. */
const char *iam_member(enum iam_kind kind);
/* The member of an object that names it: "name", "url", "access_key_id". */
const char *iam_name_member(enum iam_kind kind);

#endif
