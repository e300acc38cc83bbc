#ifndef TESTS_OBSERVED_WIRE_QUERY_H
#define TESTS_OBSERVED_WIRE_QUERY_H

#include "tests/observed/wire.h"

/* The rows of query.json, between the file that reads them and those that judge them. */

struct wire_query {
    struct wire wire;
    struct iam_fixture_key limited, aged, tagger; /* users, by what their policy allows */
    struct str users_marker, tags_marker;         /* of first pages of one item */
    struct str first_user, first_tag;             /* what is on them */
};

/* A row, and the form that it makes. */
struct wire_asked {
    struct wire_query *q;
    struct arena *a;
    struct wire_form form;
    json_t *row, *expect;
    struct str *reason;
};

struct iam_fixture_reply wire_query_send(struct wire_asked *ask, enum service service,
                                         const struct iam_fixture_key *as);
enum rows_verdict wire_query_same(struct wire_asked *ask, const char *what, struct str wanted,
                                  struct str got);
/* Code, status and message, as far as they are recorded. */
enum rows_verdict wire_query_judge(struct wire_asked *ask, const struct iam_fixture_reply *r);

/* CreateServiceSpecificCredential; what it makes goes again. */
enum rows_verdict wire_query_users_credential(struct wire_asked *ask);
/* The same by one who may for a single day. */
enum rows_verdict wire_query_users_credential_aged(struct wire_asked *ask);
/* ListServiceSpecificCredentials by one who may list its own, and pages of them as root. */
enum rows_verdict wire_query_users_limited(struct wire_asked *ask);
enum rows_verdict wire_query_users_credentials(struct wire_asked *ask);
/* Pages of ListUsers and ListUserTags. */
enum rows_verdict wire_query_users_list(struct wire_asked *ask);
enum rows_verdict wire_query_users_tags(struct wire_asked *ask);

#endif
