#ifndef FAKESTS_IAM_WALK_H
#define FAKESTS_IAM_WALK_H

#include "fakests/iam/store.h"

/* Many objects in no order, which costs a fraction of iam_list where there are thousands. */

/* All of a kind in an account, or with an empty account in all. */
struct iam_list iam_unordered(const struct iam *iam, struct arena *a, enum iam_kind kind,
                              struct str account);

/*
 * Those of a kind that may mention a text, found without reading them: what concerns two of ten
 * thousand roles costs no more than looking through ten thousand texts.  Some may not mention it
 * after all.
 */
struct iam_list iam_mentioning(const struct iam *iam, struct arena *a, enum iam_kind kind,
                               struct str account, struct str text);

#endif
