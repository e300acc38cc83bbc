#ifndef FAKESTS_ACTIONS_MEMBERS_H
#define FAKESTS_ACTIONS_MEMBERS_H

#include "base/xml.h"

/*
 * Lists in replies: <Name><member>...</member></Name>, and <Name/> when there is nothing in it, as
 * AWS writes it.
 */

/* The caller writes the n members in between. */
void members_open(struct xml *x, const char *name, size_t n);
void members_close(struct xml *x, const char *name, size_t n);

/* The whole of a list of texts. */
void members_texts(struct xml *x, const char *name, const struct str *items, size_t n);

#endif
