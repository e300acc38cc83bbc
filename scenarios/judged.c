#include "scenarios/judged.h"

#include "base/encode.h"
#include "base/file.h"
#include "crypto/digest.h"

enum {
    NOTE_BYTES_MAX = 16 * 1024 * 1024, /* a warning or two for each role */
    DIR_MODE = 0700,
    FILE_MODE = 0600,
};

static const struct str head = STR_INIT("understudy " UNDERSTUDY_VERSION "\n");

/* Whatever may read another file: its content is not in the digest. */
static bool names_files(struct str text)
{
    return str_contains(text, STR("\"$file\"")) || str_contains(text, STR("\"jwks_file\"")) ||
           str_contains(text, STR("\"platforms\"")) || str_contains(text, STR("\\u"));
}

static bool worth_it(const char *keys_dir, const struct config_source *source)
{
    return keys_dir && source->text.n >= JUDGED_BYTES_MIN && !names_files(source->text);
}

static struct str folder(struct arena *a, const char *keys_dir)
{
    return file_join(a, str_of(keys_dir), STR("judged"));
}

static struct str note_path(struct arena *a, const char *keys_dir, struct str text)
{
    uint8_t digest[SHA256_BYTES];
    sha256(text, digest);
    return file_join(a, folder(a, keys_dir), hex_write(a, digest, sizeof digest));
}

bool judged_find(struct arena *a, const char *keys_dir, struct config_source *source,
                 struct str *warnings)
{
    struct why why = why_new(a);
    struct str note;
    if (!worth_it(keys_dir, source))
        return false;
    const char *path = arena_cstr(a, note_path(a, keys_dir, source->text));
    if (failed(file_read(a, &why, path, NOTE_BYTES_MAX, &note)) || !str_starts(note, head))
        return false;
    source->judged = true;
    *warnings = str_sub(note, head.n, note.n);
    return true;
}

void judged_note(struct arena *a, const char *keys_dir, const struct config_source *source,
                 struct str warnings)
{
    struct why why = why_new(a);
    if (!worth_it(keys_dir, source))
        return;
    const char *dir = arena_cstr(a, folder(a, keys_dir));
    const char *path = arena_cstr(a, note_path(a, keys_dir, source->text));
    if (!failed(file_make_dirs(&why, dir, DIR_MODE)))
        (void)failed(file_place(&why, path, arena_join(a, head, warnings), FILE_MODE));
}
