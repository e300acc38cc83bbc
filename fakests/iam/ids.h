#ifndef FAKESTS_IAM_IDS_H
#define FAKESTS_IAM_IDS_H

#include "base/arena.h"

/*
 * AWS's identifiers: access key ids (AKIA, ASIA) of 20 characters and unique ids (AROA, AIDA, ...)
 * of 21. The base32 text behind the prefix begins with a set bit and the account in 40 bits
 * (aws.md 6.2); the rest is random.
 */
enum { ID_KEY_CHARACTERS = 20, ID_UNIQUE_CHARACTERS = 21, ID_RANDOM_BYTES = 10 };

/* The id of that many characters, 14 to 21, that account and random bytes make. */
struct str iam_unique_id(struct arena *a, const char *prefix, struct str account, size_t length,
                         const uint8_t random[ID_RANDOM_BYTES]);

/* The unique id that follows from an ARN: servers that share a config agree on it. */
struct str iam_id_of_arn(struct arena *a, const char *prefix, struct str account, struct str arn);

/* The account an access key or unique id encodes; false when it encodes none. */
bool iam_id_account(struct arena *a, struct str id, struct str *account);

#endif
