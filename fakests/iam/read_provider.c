#include "base/encode.h"
#include "fakests/iam/arn.h"
#include "fakests/iam/document.h"
#include "fakests/iam/read_value.h"

enum {
    CLIENT_IDS_MAX = 100, /* quotas of aws.md section 7 */
    THUMBPRINTS_MAX = 5,
};

const char *iam_provider_url(struct arena *a, struct str url, struct str *out)
{
    if (!str_starts(url, STR("https://")))
        return "an OIDC provider's URL begins with https://";
    if (url.n > 255 || str_contains(url, STR("?")) || str_contains(url, STR("#")) ||
        str_contains(url, STR(" ")))
        return "at most 255 characters, without query, fragment or space";
    struct str rest = str_sub(url, 8, url.n);
    struct str authority = str_sub(rest, 0, str_find(rest, '/'));
    if (!authority.n)
        return "the URL has no host";
    *out = arena_str(a, rest);
    if (str_ends(authority, STR(":443")))
        *out = arena_join(a, str_sub(authority, 0, authority.n - 4),
                          str_sub(rest, authority.n, rest.n));
    return NULL;
}

static struct outcome provider_url(struct iam_reader *r, const struct json_at *at, struct str *out)
{
    struct json_at url;
    struct str text;
    TRY(read_required(r, at, "url", &url));
    TRY(json_want_str(&url, r->why, &text));
    const char *wrong = iam_provider_url(r->a, text, out);
    if (wrong)
        return json_fail(&url, r->why, FAULT_CONFIG_INVALID, "%s", wrong);
    return OK;
}

/* A key set borrows from its document: it gets one that lives as long. */
static struct outcome jwks_keep(struct iam_reader *r, const struct json_at *set, struct provider *p)
{
    struct json_doc *doc;
    struct jwks *judged;
    TRY(jwks_read(r->work, r->why, set, &judged)); /* with the place in the config */
    p->origin = KEYS_JWKS;
    p->jwks_text = json_text(r->a, set->value);
    TRY(json_load(r->a, r->why, STR("jwks"), p->jwks_text, JSON_LAST_WINS, &doc));
    struct json_at root = json_at_root(doc);
    return jwks_read(r->a, r->why, &root, &p->jwks);
}

static const char *const keys_members[] = { "jwks", "jwks_file", NULL };

static struct outcome provider_keys(struct iam_reader *r, const struct json_at *at,
                                    struct provider *p)
{
    struct json_at keys, set, root;
    if (!json_at_member(at, "keys", &keys))
        return OK;
    if (json_is_string(keys.value)) {
        if (!str_eq(json_str(keys.value), STR("local")))
            return json_fail(&keys, r->why, FAULT_CONFIG_INVALID,
                             "expected \"local\", {\"jwks\": {...}} or {\"jwks_file\": \"...\"}");
        return OK;
    }
    TRY(json_want_members(&keys, r->why, keys_members));
    if (json_object_size(keys.value) != 1)
        return json_fail(&keys, r->why, FAULT_CONFIG_INVALID,
                         "expected one of \"jwks\" and \"jwks_file\"");
    if (json_at_member(&keys, "jwks", &set))
        return jwks_keep(r, &set, p);
    if (!json_at_member(&keys, "jwks_file", &set))
        return OK;
    TRY(document_load(r->work, r->why, &set, r->files_allowed, &root));
    r->files_read = true;
    return jwks_keep(r, &root, p);
}

/* IAM counts characters. */
static bool in_range(struct str text, size_t min, size_t max)
{
    size_t n = utf8_length(text);
    return n >= min && n <= max;
}

static bool listed(const struct str *items, size_t n, struct str item)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(items[i], item))
            return true;
    return false;
}

static struct outcome provider_client_ids(struct iam_reader *r, const struct json_at *at,
                                          struct provider *p)
{
    struct json_at ids;
    struct str *all;
    size_t n;

    if (!json_at_member(at, "client_ids", &ids))
        return OK;
    TRY(read_texts(r, &ids, CLIENT_IDS_MAX, &all, &n));
    p->client_ids = arena_array(r->a, struct str, n);
    for (size_t i = 0; i < n; i++) {
        struct json_at id = json_at_item(&ids, i);
        if (!in_range(all[i], 1, 255))
            return json_fail(&id, r->why, FAULT_CONFIG_INVALID, "expected 1 to 255 characters");
        if (!listed(p->client_ids, p->n_client_ids, all[i])) /* as AWS does: aws.md section 7 */
            p->client_ids[p->n_client_ids++] = all[i];
    }
    return OK;
}

static struct outcome provider_thumbprints(struct iam_reader *r, const struct json_at *at,
                                           struct provider *p)
{
    struct json_at list;
    if (!json_at_member(at, "thumbprints", &list))
        return OK;
    TRY(read_texts(r, &list, THUMBPRINTS_MAX, &p->thumbprints, &p->n_thumbprints));
    for (size_t i = 0; i < p->n_thumbprints; i++) {
        struct json_at item = json_at_item(&list, i);
        if (!in_range(p->thumbprints[i], 40, 40))
            return json_fail(&item, r->why, FAULT_CONFIG_INVALID, "expected 40 characters");
        p->thumbprints[i] = ascii_lower(r->a, p->thumbprints[i]);
    }
    return OK;
}

static const char *const provider_members[] = { "url",  "client_ids", "thumbprints", "tags",
                                                "keys", "created",    NULL };

struct outcome iam_read_provider(struct iam_reader *r, const struct json_at *at, struct provider *p)
{
    *p = (struct provider){ .account = r->account };
    TRY(read_members(r, at, provider_members));
    TRY(provider_url(r, at, &p->url));
    p->arn = arn_of_provider(r->a, p->account, p->url);
    TRY(provider_client_ids(r, at, p));
    TRY(provider_thumbprints(r, at, p));
    TRY(read_tags(r, at, &p->tags, &p->n_tags));
    TRY(read_time_ms(r, at, "created", &p->created_ms));
    return provider_keys(r, at, p);
}
