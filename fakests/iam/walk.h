#ifndef FAKESTS_IAM_MENTION_H
#define FAKESTS_IAM_MENTION_H

#include "fakests/iam/store.h"

/*
 * The objects of a kind, of every account, that may mention a text: found without reading them, so
 * that what concerns two of ten thousand roles costs no more than looking at ten thousand texts.
 * Some may not mention it after all.
 */
struct iam_list iam_mentioning(const struct iam *iam, struct arena *a, enum iam_kind kind,
                               struct str text);

#endif
