#include "tests/fuzz/fuzz.h"

#include "base/file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * Runs a fuzz target over the files of a folder: every file whole, and cut short, for what a parser
 * does at the end of its input is where it goes wrong.  Inputs end before an unreadable page.
 */

enum {
    INPUT_BYTES_MAX = 1024 * 1024,
    CUTS_MAX = 200, /* of a file; together they take milliseconds */
};

/* Where inputs end: the first byte of a page that cannot be read. */
static char *make_end(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *p = mmap(NULL, INPUT_BYTES_MAX + page, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED || mprotect(p + INPUT_BYTES_MAX, page, PROT_NONE) != 0)
        abort();
    return p + INPUT_BYTES_MAX;
}

static void feed(struct str input)
{
    static char *end;
    if (!end)
        end = make_end();
    char *at = end - input.n;
    if (input.n)
        memcpy(at, input.p, input.n);
    LLVMFuzzerTestOneInput((const uint8_t *)at, input.n);
}

static void replay(struct str input)
{
    size_t step = input.n / CUTS_MAX + 1;
    for (size_t n = 0; n < input.n; n += step)
        feed(str_sub(input, 0, n));
    feed(input);
}

static bool replay_file(const char *dir, const char *name)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct str input;
    struct str path = arena_printf(a, "%s/%s", dir, name);
    bool read = !failed(file_read(a, &why, path.p, INPUT_BYTES_MAX, &input));
    if (read)
        replay(input);
    else
        fprintf(stderr, "%.*s\n", STR_ARG(why_text(&why)));
    arena_free(a);
    return read;
}

/* The number of files, or -1 when one could not be read. */
static int replay_folder(const char *path)
{
    DIR *dir = opendir(path);
    if (!dir)
        return 0;
    int n = 0;
    for (const struct dirent *entry; n >= 0 && (entry = readdir(dir));)
        if (entry->d_name[0] != '.')
            n = replay_file(path, entry->d_name) ? n + 1 : -1;
    closedir(dir);
    return n;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return EXIT_FAILURE;
    }
    feed(STR(""));
    int n = replay_folder(argv[1]);
    if (n == 0)
        fprintf(stderr, "%s: no corpus there\n", argv[1]);
    printf("replayed %d files\n", n);
    return n > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
