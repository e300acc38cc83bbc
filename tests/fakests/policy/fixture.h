#ifndef TESTS_FAKESTS_POLICY_FIXTURE_H
#define TESTS_FAKESTS_POLICY_FIXTURE_H

#include "base/json.h"
#include "fakests/policy/policy.h"
#include "tests/support/guard.h"
#include "tests/support/runner.h"

#define FIXTURE_PROVIDER "arn:aws:iam::123456789012:oidc-provider/issuer.example.com/path"
#define FIXTURE_ACTION   "sts:AssumeRoleWithWebIdentity"

/* JSON as the rows write it: ' for ", and ` for '.  Ends where an unreadable page begins. */
static inline struct str fixture_text(struct arena *a, const char *text)
{
    struct str s = arena_str(a, str_of(text));
    char *p = arena_cstr(a, s);
    for (size_t i = 0; i < s.n; i++)
        p[i] = p[i] == '\'' ? '"' : p[i] == '`' ? '\'' : p[i];
    return guarded(str_n(p, s.n));
}

static inline struct json_doc *fixture_json(struct arena *a, const char *text)
{
    struct why why = why_new(a);
    struct json_doc *doc = NULL;
    struct outcome o = json_load(a, &why, STR("test"), fixture_text(a, text), JSON_LAST_WINS, &doc);
    ck_assert_msg(!failed(o), "%s: %.*s", text, STR_ARG(why_text(&why)));
    return doc;
}

/* The policy, or NULL with the reason in *why. */
static inline struct policy *fixture_read(struct arena *a, struct why *why, enum policy_kind kind,
                                          const char *text)
{
    struct json_at root = json_at_root(fixture_json(a, text));
    struct policy *p = NULL;
    *why = why_new(a);
    return failed(policy_read(a, why, &root, kind, &p)) ? NULL : p;
}

static inline struct policy *fixture_policy(struct arena *a, enum policy_kind kind,
                                            const char *text)
{
    struct why why;
    struct policy *p = fixture_read(a, &why, kind, text);
    ck_assert_msg(p != NULL, "%s: %.*s", text, STR_ARG(why_text(&why)));
    return p;
}

/* {'key': 'value', 'list': ['a', 'b']} as the keys of a request. */
static inline struct keys fixture_keys(struct arena *a, const char *text)
{
    struct keys keys = keys_new(a);
    const char *key;
    json_t *value, *item;
    size_t i;
    json_t *root = fixture_json(a, text)->root;
    json_object_foreach(root, key, value)
    {
        if (json_is_string(value))
            keys_put(&keys, str_of(key), guarded(json_str(value)));
        if (json_is_array(value))
            keys_put_list(&keys, str_of(key), NULL, 0);
        json_array_foreach(value, i, item) keys_add(&keys, str_of(key), guarded(json_str(item)));
    }
    return keys;
}

#endif
