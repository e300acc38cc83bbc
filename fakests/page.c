#include "fakests/page.h"

#include "base/encode.h"
#include "crypto/digest.h"

/*
 * A marker is the base64url of a keyed hash, a fingerprint of the last item's key, and that key,
 * which is cut where the marker would get longer than a Marker may be (markerType of the service
 * model).  Keys that are cut are rare: policies with paths of hundreds of characters, tags in
 * scripts of three bytes a character.  Should such an item go between two pages, those that begin
 * with the same KEY_BYTES bytes are told again; nothing is ever left out.
 */
enum {
    MARKER_CHARACTERS = 320,
    MAC_BYTES = 16,
    PRINT_BYTES = 8,
    KEY_BYTES = MARKER_CHARACTERS / 4 * 3 - MAC_BYTES - PRINT_BYTES,
};

static struct str fingerprint(struct arena *a, struct str key)
{
    uint8_t digest[SHA256_BYTES];
    sha256(key, digest);
    return arena_str(a, str_n((const char *)digest, PRINT_BYTES));
}

/* Names what is hashed, so that nothing else under the same key passes for it. */
static struct str mac(struct call *c, struct str body)
{
    const struct seal_key *key = &c->service->sealing;
    uint8_t digest[SHA256_BYTES];
    hmac_sha256(str_n((const char *)key->bytes, sizeof key->bytes),
                arena_join(c->arena, STR("understudy page marker 1\n"), c->action, STR("\n"),
                           c->caller.account, STR("\n"), body),
                digest);
    return arena_str(c->arena, str_n((const char *)digest, MAC_BYTES));
}

static struct str marker_write(struct call *c, struct str key)
{
    struct str body = arena_join(c->arena, fingerprint(c->arena, key), str_sub(key, 0, KEY_BYTES));
    return base64url_write(c->arena, arena_join(c->arena, mac(c, body), body));
}

static bool marker_read(struct call *c, struct str marker, struct str *print, struct str *key)
{
    struct str bytes;
    if (!base64url_read(c->arena, marker, &bytes) || bytes.n < MAC_BYTES + PRINT_BYTES)
        return false;
    struct str body = str_sub(bytes, MAC_BYTES, bytes.n);
    if (!equal_in_constant_time(str_sub(bytes, 0, MAC_BYTES), mac(c, body)))
        return false;
    *print = str_sub(body, 0, PRINT_BYTES);
    *key = str_sub(body, PRINT_BYTES, body.n);
    return true;
}

/* The first item behind the one a marker names. */
static size_t behind(struct arena *a, const struct str *keys, size_t n, struct str print,
                     struct str key)
{
    size_t at = 0, i;
    while (at < n && str_cmp(str_sub(keys[at], 0, KEY_BYTES), key) < 0)
        at++;
    for (i = at; i < n && str_eq(str_sub(keys[i], 0, KEY_BYTES), key); i++)
        if (str_eq(fingerprint(a, keys[i]), print))
            return i + 1;
    return at;
}

struct outcome page_find(struct call *c, const struct page_ask *ask, const struct str *keys,
                         size_t n, struct page *out)
{
    struct page page = { .first = 0 };
    struct str print, key;
    size_t most = ask->max_items.present ? (size_t)ask->max_items.value : PAGE_ITEMS_DEFAULT;

    if (ask->marker.p) {
        if (!marker_read(c, ask->marker, &print, &key)) {
            c->why->arg[0] = STR("Invalid Marker."); /* inferred */
            FAIL(c->why, VALUE_INVALID, "Marker was not given by %.*s of this server",
                 STR_ARG(c->action));
        }
        page.first = behind(c->arena, keys, n, print, key);
    }
    page.end = n - page.first > most ? page.first + most : n;
    if (page.end < n)
        page.marker = marker_write(c, keys[page.end - 1]);
    *out = page;
    return OK;
}

void page_write(struct xml *x, const struct page *page)
{
    xml_leaf(x, "IsTruncated", page->marker.n ? STR("true") : STR("false"));
    if (page->marker.n)
        xml_leaf(x, "Marker", page->marker);
}
