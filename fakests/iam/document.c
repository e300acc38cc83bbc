#include "fakests/iam/document.h"

#include "base/file.h"

static const char *const file_members[] = { "$file", NULL };

struct outcome document_load(struct arena *a, struct why *why, const struct json_at *at,
                             bool files_allowed, struct json_at *out)
{
    struct str name, text;
    struct json_doc *doc;

    TRY(json_want_str(at, why, &name));
    if (!files_allowed)
        return json_fail(at, why, FAULT_CONFIG_INVALID,
                         "a world sent over HTTP cannot name files; put the document itself here");
    struct str path = file_join(a, file_dir(a, at->doc->name), name);
    struct why reading = why_new(a);
    if (failed(file_read(a, &reading, arena_cstr(a, path), DOCUMENT_BYTES_MAX, &text)))
        return json_fail(at, why, FAULT_CONFIG_INVALID, "%.*s", STR_ARG(reading.detail));
    TRY(json_load(a, why, path, text, JSON_DUPLICATES_REFUSED, &doc));
    *out = json_at_root(doc);
    return OK;
}

struct outcome document_resolve(struct arena *a, struct why *why, const struct json_at *at,
                                bool files_allowed, struct json_at *out)
{
    struct json_at file;
    if (!json_at_member(at, "$file", &file)) {
        *out = *at;
        return OK;
    }
    TRY(json_want_members(at, why, file_members));
    return document_load(a, why, &file, files_allowed, out);
}
