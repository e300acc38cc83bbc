#ifndef FAKESTS_IAM_READ_VALUE_H
#define FAKESTS_IAM_READ_VALUE_H

#include "fakests/iam/read.h"

/* What the readers of iam/ have in common.  Each fails with CONFIG_INVALID and the place. */

/* A text, copied. */
OUTCOME read_text(struct iam_reader *r, const struct json_at *at, struct str *out);
/* The same of a member; what is not there stays as it was. */
OUTCOME read_optional(struct iam_reader *r, const struct json_at *at, const char *key,
                      struct str *out);
/* The member, which has to be there. */
OUTCOME read_required(struct iam_reader *r, const struct json_at *at, const char *key,
                      struct json_at *out);
/* What an object's members may be called; where a reader is asked to go on, it is. */
OUTCOME read_members(struct iam_reader *r, const struct json_at *at, const char *const *names);
/* A list of at most `max` texts. */
OUTCOME read_texts(struct iam_reader *r, const struct json_at *at, size_t max, struct str **out,
                   size_t *n);
/* The member "tags". */
OUTCOME read_tags(struct iam_reader *r, const struct json_at *at, struct tag **out, size_t *n);
/* The member "name": [\w+=,.@-], at most `max` characters. */
OUTCOME read_name(struct iam_reader *r, const struct json_at *at, size_t max, struct str *out);
/* The member "path"; "/" when it is not there. */
OUTCOME read_path(struct iam_reader *r, const struct json_at *at, struct str *out);
/* A time; what is not there stays as it was. */
OUTCOME read_time_ms(struct iam_reader *r, const struct json_at *at, const char *key, int64_t *out);
OUTCOME read_time_s(struct iam_reader *r, const struct json_at *at, const char *key, int64_t *out);
/* The member "id", or what follows from the ARN. */
OUTCOME read_id(struct iam_reader *r, const struct json_at *at, const char *prefix, struct str arn,
                struct str *out);
/* A number within bounds. */
OUTCOME read_number(struct iam_reader *r, const struct json_at *at, int64_t min, int64_t max,
                    int64_t *out);
/* The member "status": "Active", which goes without saying, or "Inactive". */
OUTCOME read_status(struct iam_reader *r, const struct json_at *at, bool *active);
/* A document, or the file it names; its text is compact. */
OUTCOME read_document(struct iam_reader *r, const struct json_at *at, struct json_at *root,
                      struct str *text);
/* The same, compiled. */
OUTCOME read_identity_policy(struct iam_reader *r, const struct json_at *at, struct policy **policy,
                             struct str *text);
/* "policies", "attached_policies" and "permissions_boundary" (read_grants.c). */
OUTCOME read_grants(struct iam_reader *r, const struct json_at *at, struct grants *g);

#endif
