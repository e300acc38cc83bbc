#ifndef TESTS_FAKESTS_IAM_FIXTURE_H
#define TESTS_FAKESTS_IAM_FIXTURE_H

#include "base/xml.h"
#include "scenarios/world.h"

/*
 * A whole world over a config, a frozen clock and seeded entropy, for actions that are signed:
 *
 *     struct iam_fixture *f = iam_fixture_new("{\"roles\":[...]}");
 *     struct iam_fixture_reply r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root,
 *                                                   "Action=GetRole", "RoleName=deploy", NULL);
 *     iam_fixture_want(&r, "an unknown role", 404, "NoSuchEntity", "The role with name deploy
 * ..."); iam_fixture_free(f);
 *
 * Calls go through world_handle as requests from the wire do, signed by sigv4_sign.  Everything
 * that is returned lives as long as the fixture.
 */
#define IAM_FIXTURE_ACCOUNT "123456789012"
#define IAM_FIXTURE_TIME    "2026-09-11T12:00:00Z" /* where the clock stands */
enum { IAM_FIXTURE_NOW_S = 1789128000 };
/* What stands for every request id in a reply's body. */
#define IAM_FIXTURE_REQUEST_ID "00000000-0000-4000-8000-000000000000"

struct iam_fixture {
    struct arena *arena;
    struct clock clock;
    struct entropy entropy;
    struct world *world;
};

/* Access keys to sign with. */
struct iam_fixture_key {
    struct str access_key_id, secret_access_key, session_token;
};
/* test/test, the root of the default account, in every config without "credentials". */
extern const struct iam_fixture_key iam_fixture_root;

struct iam_fixture_reply {
    struct iam_fixture *fixture;
    int status;
    struct str body;                  /* with IAM_FIXTURE_REQUEST_ID in place of its request id */
    struct str code, message;         /* of an error; else empty */
    struct str reason;                /* x-understudy-reason; empty for a success */
    struct str authorization_message; /* x-understudy-authorization-message; or empty */
    struct xml_node *xml;
};

/* The test stops, telling why, when the config is none.  NULL: "{}". */
struct iam_fixture *iam_fixture_new(const char *config);
void iam_fixture_free(struct iam_fixture *f);

/*
 * Calls with "Name=value" texts, ended by NULL; values are percent-encoded here, Version is added.
 * as == NULL: not signed.
 */
struct iam_fixture_reply iam_fixture_call(struct iam_fixture *f, enum service service,
                                          const struct iam_fixture_key *as, ...)
    __attribute__((sentinel));
/* The same over a list, for rows of tables. */
struct iam_fixture_reply iam_fixture_send(struct iam_fixture *f, enum service service,
                                          const struct iam_fixture_key *as,
                                          const char *const *parameters);

/* Status, code and message are these, or the test fails telling what they are.  code "": success;
 * message NULL: any. */
void iam_fixture_want(const struct iam_fixture_reply *r, const char *what, int status,
                      const char *code, const char *message);
/* The body of a success, to the letter. */
void iam_fixture_want_body(const struct iam_fixture_reply *r, const char *what, const char *body);
/* What stands at "A/B/C" under the reply's root: "GetRoleResult/Role/Arn". */
struct str iam_fixture_text(const struct iam_fixture_reply *r, const char *path);
/* The temporary credentials of an STS reply, to sign with; the test stops when it has none. */
struct iam_fixture_key iam_fixture_credentials(const struct iam_fixture_reply *r);
/* The AccessKeyId and SecretAccessKey of a CreateAccessKey reply. */
struct iam_fixture_key iam_fixture_access_key(const struct iam_fixture_reply *r);

#endif
