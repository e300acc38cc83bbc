#ifndef ISSUER_PROFILE_READ_H
#define ISSUER_PROFILE_READ_H

#include "issuer/profile.h"

/* One profile out of its document, checked to the last template; see docs/platforms.md. */
OUTCOME profile_read(struct arena *a, struct why *why, const struct json_doc *doc,
                     struct profile *out);

#endif
