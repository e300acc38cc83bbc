#include "fakests/iam/managed.h"

#include "base/clock.h"
#include "base/embed.h"
#include "fakests/iam/arn.h"

#include <assert.h>
#include <pthread.h>

#define OWNER STR("aws")

static struct {
    struct arena *arena; /* the process's */
    struct managed_policy *policies;
    size_t n;
} all;

/* ---- reading what is compiled in; what is wrong there is our mistake ---- */

static struct json_at member(const struct json_at *at, const char *key)
{
    struct json_at out = *at;
    bool found = json_at_member(at, key, &out);
    assert(found);
    (void)found;
    return out;
}

static struct str text_of(struct arena *a, const struct json_at *at, const char *key)
{
    return arena_str(a, json_str(member(at, key).value));
}

static int64_t time_of(const struct json_at *at, const char *key)
{
    int64_t ms = 0;
    bool valid = time_read(json_str(member(at, key).value), &ms);
    assert(valid);
    (void)valid;
    return ms / 1000;
}

static void read_version(struct arena *a, struct why *why, const struct json_at *at,
                         struct managed_policy *m)
{
    struct json_at policy = member(at, "policy");
    struct policy_version *v = arena_make(a, struct policy_version);
    struct outcome o = policy_read(a, why, &policy, POLICY_IDENTITY, &v->policy);
    assert(!failed(o));
    (void)o;
    v->number = (unsigned)json_integer_value(member(at, "version").value);
    v->text = json_text(a, policy.value);
    v->created_s = m->updated_s;
    m->versions = v;
    m->n_versions = 1;
    m->default_version = m->last_version = v->number;
}

static void read_one(struct arena *a, const struct embedded *file, struct managed_policy *m)
{
    struct why why = why_new(a);
    struct json_doc *doc = NULL;
    struct outcome o = json_load(a, &why, str_of(file->name), str_n(file->p, file->n),
                                 JSON_DUPLICATES_REFUSED, &doc);
    assert(!failed(o));
    (void)o;
    struct json_at root = json_at_root(doc);
    m->account = OWNER;
    m->name = str_of(file->name);
    m->path = text_of(a, &root, "path");
    m->arn = arn_of_policy(a, OWNER, m->path, m->name);
    m->id = text_of(a, &root, "id");
    m->description = text_of(a, &root, "description");
    m->created_s = time_of(&root, "created");
    m->updated_s = time_of(&root, "updated");
    read_version(a, &why, &root, m);
}

static void read_all(void)
{
    struct arena *a = all.arena = arena_new();
    size_t n = 0;
    while (managed_policy_files[n].name)
        n++;
    all.policies = arena_array(a, struct managed_policy, n);
    all.n = n;
    for (size_t i = 0; i < n; i++)
        read_one(a, &managed_policy_files[i], &all.policies[i]);
}

const struct managed_policy *iam_managed_all(size_t *n)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_all);
    *n = all.n;
    return all.policies;
}

const struct managed_policy *iam_managed_by_aws(struct str arn)
{
    size_t n;
    const struct managed_policy *policies = iam_managed_all(&n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(policies[i].arn, arn))
            return &policies[i];
    return NULL;
}

/* ---- those that are not here ---- */

static bool all_of(struct str s, const char *more)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (!c || !strchr(more, c)))
            return false;
    }
    return s.n > 0;
}

bool iam_managed_plausible(struct str text)
{
    enum { NAME_MAX_CHARACTERS = 128 };
    struct arn arn;
    if (!arn_read(text, &arn) || !str_eq(arn.service, STR("iam")) || arn.region.n ||
        !str_eq(arn.account, OWNER))
        return false;
    struct str rest = arn.resource;
    if (!str_eq(str_cut(&rest, '/'), STR("policy")))
        return false;
    while (str_find(rest, '/') < rest.n)
        if (!all_of(str_cut(&rest, '/'), ".,+@=_-"))
            return false;
    return rest.n <= NAME_MAX_CHARACTERS && all_of(rest, "_+=,.@-");
}
