#ifndef TESTS_FAKESTS_ACTIONS_STS_WORLD_H
#define TESTS_FAKESTS_ACTIONS_STS_WORLD_H

#include "tests/fakests/actions/reply_text.h"
#include "tests/support/runner.h"

/*
 * A world for the actions of STS: account A, which is the default one, and account B.  Configs are
 * written with ' for ", in two parts because a string of C may be no longer than 4,095 characters.
 */
#define A                                "123456789012"
#define B                                "999999999999"
#define STS_XMLNS                        "https://sts.amazonaws.com/doc/2011-06-15/"
#define ROLE_ARN(account, path_and_name) "arn:aws:iam::" account ":role/" path_and_name
#define SESSION_ARN(account, role, name) "arn:aws:sts::" account ":assumed-role/" role "/" name
#define USER_ARN(account, path_and_name) "arn:aws:iam::" account ":user/" path_and_name
#define NOT_AUTHORIZED(who, action, resource) \
    "User: " who " is not authorized to perform: " action " on resource: " resource

#define VERSION "'Version':'2012-10-17'"
#define ALLOW(action, resource) \
    "{" VERSION ",'Statement':{'Effect':'Allow','Action':" action ",'Resource':'" resource "'}}"
/* A trust policy: a principal, and more of the statement (a Condition, with its comma). */
#define TRUST(principal, actions, more)                                               \
    "{" VERSION ",'Statement':{'Effect':'Allow','Principal':{'AWS':'" principal "'}," \
    "'Action':" actions more "}}"
#define ALL                     "['sts:AssumeRole','sts:TagSession','sts:SetSourceIdentity']"
#define ROLE(name, trust, more) "{'name':'" name "','trust_policy':" trust more "}"
#define KEY(id, user) \
    "{'access_key_id':'" id "','secret_access_key':'" id "-secret','user':'" user "'}"

static inline struct iam_fixture *sts_world_new(const char *config, const char *more)
{
    struct arena *a = arena_new();
    char *text = arena_cstr(a, arena_join(a, str_of(config), str_of(more)));
    for (char *p = text; *p; p++)
        *p = *p == '\'' ? '"' : *p;
    struct iam_fixture *f = iam_fixture_new(text);
    arena_free(a);
    return f;
}

/* The key of a KEY(id, ...). */
static inline struct iam_fixture_key sts_world_key(struct iam_fixture *f, const char *id)
{
    return (struct iam_fixture_key){ str_of(id), arena_printf(f->arena, "%s-secret", id), STR("") };
}

/* Who those credentials are, or the code of the refusal. */
static inline struct str sts_world_who(struct iam_fixture *f, const struct iam_fixture_key *key)
{
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_STS, key, "Action=GetCallerIdentity", NULL);
    return r.status == 200 ? iam_fixture_text(&r, "GetCallerIdentityResult/Arn") : r.code;
}

/* What a session ends up with may go to others only through these calls. */
static inline struct iam_fixture_key sts_world_session(struct iam_fixture *f, const char *what,
                                                       const struct iam_fixture_key *as,
                                                       const char *const *parameters)
{
    struct iam_fixture_reply r = iam_fixture_send(f, SERVICE_STS, as, parameters);
    iam_fixture_want(&r, what, 200, "", NULL);
    return iam_fixture_credentials(&r);
}

#endif
