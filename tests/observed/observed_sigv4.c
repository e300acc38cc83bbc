#include "tests/support/http_text.h"

#include "base/file.h"
#include "base/json.h"
#include "fakests/sigv4.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Compares every stage of every case of AWS's SigV4 test vectors (a folder of folders, each with
 * context.json and {header,query}-{signed-request,canonical-request,string-to-sign,signature}.txt)
 * with what fakests/sigv4 makes of the signed request: observed_sigv4 FOLDER, or
 * $OBSERVED_DIR/sigv4.
 */
enum { FILE_BYTES_MAX = 64 * 1024 };

struct tally {
    int same, different;
};

struct vector {
    struct arena *a;
    const char *dir, *name;
    struct sigv4_options options;
    struct str secret;
    struct tally *tally;
};

static bool vector_file(const struct vector *v, const char *form, const char *file, struct str *out)
{
    struct why why = why_new(v->a);
    struct str path = arena_printf(v->a, "%s/%s/%s%s", v->dir, v->name, form, file);
    if (!failed(file_read(v->a, &why, path.p, FILE_BYTES_MAX, out)))
        return true;
    fprintf(stderr, "%.*s\n", STR_ARG(why_text(&why)));
    v->tally->different++;
    return false;
}

static void compare(const struct vector *v, const char *form, const char *file, struct str got)
{
    struct str wanted;
    if (!vector_file(v, form, file, &wanted))
        return;
    while (str_ends(wanted, STR("\n"))) /* a final line end is an editor's */
        wanted.n--;
    if (str_eq(got, wanted)) {
        v->tally->same++;
        return;
    }
    v->tally->different++;
    printf("%s/%s%s differs\n--- wanted\n%.*s\n--- got\n%.*s\n", v->name, form, file,
           STR_ARG(wanted), STR_ARG(got));
}

static void check_form(const struct vector *v, const char *form)
{
    struct why why = why_new(v->a);
    struct http_request request;
    struct str text;
    struct sigv4 s;

    if (!vector_file(v, form, "signed-request.txt", &text))
        return;
    if (!http_text_read(v->a, text, &request) || failed(sigv4_read(v->a, &why, &request, &s))) {
        printf("%s/%s: not read: %.*s\n", v->name, form, STR_ARG(why_text(&why)));
        v->tally->different++;
        return;
    }
    sigv4_canonical_request(v->a, &request, &v->options, &s);
    compare(v, form, "canonical-request.txt", s.canonical_request);
    sigv4_string_to_sign(v->a, &s);
    compare(v, form, "string-to-sign.txt", s.string_to_sign);
    sigv4_signature(v->a, v->secret, &s);
    compare(v, form, "signature.txt", s.calculated);
    compare(v, form, "signature.txt", s.signature);
}

static bool read_context(struct vector *v)
{
    struct why why = why_new(v->a);
    struct json_doc *doc;
    struct str text;
    if (!vector_file(v, "", "context.json", &text))
        return false;
    if (failed(json_load(v->a, &why, STR("context.json"), text, JSON_DUPLICATES_REFUSED, &doc)))
        return false;
    const json_t *credentials = json_object_get(doc->root, "credentials");
    v->secret = json_str(json_object_get(credentials, "secret_access_key"));
    v->options.normalize_path = json_is_true(json_object_get(doc->root, "normalize"));
    v->options.omit_session_token = json_is_true(json_object_get(doc->root, "omit_session_token"));
    return true;
}

static void check_vector(const char *dir, const char *name, struct tally *tally)
{
    struct vector v = { .a = arena_new(), .dir = dir, .name = name, .tally = tally };
    if (read_context(&v)) {
        check_form(&v, "header-");
        check_form(&v, "query-");
    } else {
        tally->different++;
    }
    arena_free(v.a);
}

/* The folder named on the command line, or $OBSERVED_DIR/sigv4; NULL: none. */
static DIR *open_folder(int argc, char **argv, char *path, size_t path_bytes)
{
    const char *above = getenv("OBSERVED_DIR");
    if (argc == 2)
        snprintf(path, path_bytes, "%s", argv[1]);
    else if (argc == 1 && above)
        snprintf(path, path_bytes, "%s/sigv4", above);
    else
        return NULL;
    return opendir(path);
}

int main(int argc, char **argv)
{
    struct tally tally = { 0, 0 };
    char path[4096];
    DIR *dir = open_folder(argc, argv, path, sizeof path);
    if (!dir) {
        fprintf(stderr, "usage: observed_sigv4 FOLDER\n");
        return EXIT_FAILURE;
    }
    for (const struct dirent *entry; (entry = readdir(dir));)
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
            check_vector(path, entry->d_name, &tally);
    closedir(dir);
    printf("%d passed, %d failed\n", tally.same, tally.different);
    return tally.same > 0 && tally.different == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
