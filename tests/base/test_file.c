#include "tests/support/runner.h"

#include "base/file.h"
#include "base/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

Suite *file_suite(void);

static struct arena *a;
static struct why why;
static char dir[] = "/tmp/understudy-file-XXXXXX";

static const char *in(const char *name)
{
    return arena_printf(a, "%s/%s", dir, name).p;
}

static void setup(void)
{
    a = arena_new();
    why = why_new(a);
    ck_assert_ptr_nonnull(mkdtemp(dir));
}

static void teardown(void)
{
    struct str command = arena_printf(a, "chmod -R u+rwx %s && rm -r %s", dir, dir);
    ck_assert_int_eq(system(command.p), 0);
    arena_free(a);
}

static unsigned mode_of(const char *path)
{
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    return st.st_mode & 07777;
}

static size_t entries(void)
{
    size_t n = 0;
    DIR *d = opendir(dir);
    while (readdir(d))
        n++;
    closedir(d);
    return n - 2;
}

START_TEST(a_file_is_written_and_read_whole)
{
    struct str got, bytes = arena_str(a, STR("a\0b\n"));
    ck_assert(!failed(file_replace(&why, in("f"), bytes, 0600)));
    ck_assert(!failed(file_read(a, &why, in("f"), 4, &got)));
    want_str("bytes", got, bytes);
    ck_assert(!failed(file_replace(&why, in("f"), str_n(NULL, 0), 0600)));
    ck_assert(!failed(file_read(a, &why, in("f"), 4, &got)));
    ck_assert_uint_eq(got.n, 0);
    ck_assert_uint_eq(entries(), 1);
}
END_TEST

START_TEST(a_big_file_is_written_and_read_whole)
{
    enum { BIG = 300 * 1000 };
    char *p = arena_alloc(a, BIG);
    struct str got;
    for (size_t i = 0; i < BIG; i++)
        p[i] = (char)(i * 7 + i / 251);
    ck_assert(!failed(file_replace(&why, in("f"), str_n(p, BIG), 0600)));
    ck_assert(!failed(file_read(a, &why, in("f"), BIG, &got)));
    ck_assert(str_eq(got, str_n(p, BIG)));
    ck_assert_int_eq(file_read(a, &why, in("f"), BIG - 1, &got).fault, FAULT_FILE_UNREADABLE);
    ck_assert(str_ends(why.detail, STR("larger than 299999 bytes")));
}
END_TEST

START_TEST(the_mode_is_what_was_asked_for_whatever_the_umask)
{
    static const unsigned modes[] = { 0600, 0644, 0400 };
    umask(0777);
    ck_assert(!failed(file_replace(&why, in("f"), STR("x"), modes[_i])));
    umask(0);
    ck_assert_uint_eq(mode_of(in("f")), modes[_i]);
    ck_assert(!failed(file_replace(&why, in("f"), STR("y"), 0600)));
    ck_assert_uint_eq(mode_of(in("f")), 0600);
}
END_TEST

START_TEST(what_was_open_keeps_the_old_bytes)
{
    char byte;
    ck_assert(!failed(file_replace(&why, in("f"), STR("old"), 0600)));
    int fd = open(in("f"), O_RDONLY);
    ck_assert(!failed(file_replace(&why, in("f"), STR("new"), 0600)));
    ck_assert_int_eq(read(fd, &byte, 1), 1);
    ck_assert_int_eq(byte, 'o');
    close(fd);
}
END_TEST

static atomic_bool finished;

static void *replace_again_and_again(void *path)
{
    struct arena *mine = arena_new();
    char page[5000];
    for (int i = 0; i < 60; i++) {
        struct why unused = why_new(mine);
        memset(page, 'a' + i % 26, sizeof page);
        size_t n = 1000 + (size_t)i % 5 * 1000;
        WANT(!failed(file_replace(&unused, path, str_n(page, n), 0600)), "round %d", i);
    }
    arena_free(mine);
    atomic_store(&finished, true);
    return NULL;
}

START_TEST(a_reader_never_sees_a_part)
{
    pthread_t writer;
    char path[64];
    struct str got;
    snprintf(path, sizeof path, "%s", in("f"));
    ck_assert(!failed(file_replace(&why, path, STR("aaaaa"), 0600)));
    pthread_create(&writer, NULL, replace_again_and_again, path);
    do {
        WANT(!failed(file_read(a, &why, path, 5000, &got)), "%.*s", STR_ARG(why.detail));
        WANT(got.n % 1000 == 0 || got.n == 5, "%zu bytes", got.n);
        for (size_t i = 1; i < got.n; i++)
            WANT(got.p[i] == got.p[0], "byte %zu is of another version", i);
        arena_reset(a);
    } while (!atomic_load(&finished));
    pthread_join(writer, NULL);
    ck_assert_uint_eq(entries(), 1);
}
END_TEST

START_TEST(a_failed_replacement_leaves_everything_as_it_was)
{
    ck_assert_int_eq(mkdir(in("d"), 0700), 0);
    ck_assert_int_eq(mkdir(in("d/full"), 0700), 0);
    ck_assert_int_eq(file_replace(&why, in("d"), STR("x"), 0600).fault, FAULT_FILE_UNWRITABLE);
    ck_assert(str_contains(why.detail, str_of(in("d"))));
    ck_assert_uint_eq(entries(), 1); /* no temporary file is left */
    why = why_new(a);
    ck_assert_int_eq(file_replace(&why, in("none/f"), STR("x"), 0600).fault, FAULT_FILE_UNWRITABLE);
    ck_assert(str_contains(why.detail, STR("none/f: No such file or directory")));
}
END_TEST

START_TEST(what_cannot_be_read_is_named_with_the_reason)
{
    struct str got = STR("untouched");
    ck_assert_int_eq(file_read(a, &why, in("none"), 9, &got).fault, FAULT_FILE_UNREADABLE);
    ck_assert(str_ends(why.detail, STR("/none: No such file or directory")));
    why = why_new(a);
    ck_assert_int_eq(file_read(a, &why, dir, 9, &got).fault, FAULT_FILE_UNREADABLE);
    ck_assert(str_ends(why.detail, STR(": Is a directory")));
    want_str("output", got, STR("untouched"));
}
END_TEST

START_TEST(standard_input_is_a_dash)
{
    struct str got;
    ck_assert(!failed(file_replace(&why, in("f"), STR("token\n"), 0600)));
    ck_assert_ptr_nonnull(freopen(in("f"), "r", stdin));
    ck_assert(!failed(file_read(a, &why, "-", 100, &got)));
    want_str("bytes", got, STR("token\n"));
}
END_TEST

START_TEST(missing_directories_are_made_with_the_mode)
{
    umask(0);
    ck_assert(!failed(file_make_dirs(&why, in("x/y//z/"), 0700)));
    ck_assert_uint_eq(mode_of(in("x")), 0700);
    ck_assert_uint_eq(mode_of(in("x/y/z")), 0700);
    ck_assert(!failed(file_make_dirs(&why, in("x/y"), 0755)));
    ck_assert_uint_eq(mode_of(in("x/y")), 0700); /* what is there stays as it is */
    ck_assert(!failed(file_make_dirs(&why, "/", 0700)));
    ck_assert(!failed(file_make_dirs(&why, ".", 0700)));
}
END_TEST

START_TEST(a_file_in_the_way_is_named)
{
    ck_assert(!failed(file_replace(&why, in("f"), STR("x"), 0600)));
    ck_assert_int_eq(file_make_dirs(&why, in("f"), 0700).fault, FAULT_FILE_UNWRITABLE);
    ck_assert(str_ends(why.detail, STR("/f: not a directory")));
    why = why_new(a);
    ck_assert_int_eq(file_make_dirs(&why, in("f/g"), 0700).fault, FAULT_FILE_UNWRITABLE);
    why = why_new(a);
    ck_assert_int_eq(file_make_dirs(&why, "", 0700).fault, FAULT_FILE_UNWRITABLE);
}
END_TEST

START_TEST(paths_are_cut_and_joined)
{
    want_str("dir", file_dir(a, STR("a/b/c")), STR("a/b"));
    want_str("no dir", file_dir(a, STR("c")), STR("."));
    want_str("nothing", file_dir(a, STR("")), STR("."));
    want_str("root", file_dir(a, STR("/c")), STR("/"));
    want_str("absolute", file_join(a, STR("a/b"), STR("/c")), STR("/c"));
    want_str("relative", file_join(a, STR("a/b"), STR("c/d")), STR("a/b/c/d"));
    want_str("here", file_join(a, STR("."), STR("c")), STR("c"));
    want_str("below root", file_join(a, STR("/"), STR("c")), STR("/c"));
}
END_TEST

Suite *file_suite(void)
{
    Suite *s = suite_create("file");
    TCase *t = tcase_create("file");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_file_is_written_and_read_whole);
    tcase_add_test(t, a_big_file_is_written_and_read_whole);
    tcase_add_loop_test(t, the_mode_is_what_was_asked_for_whatever_the_umask, 0, 3);
    tcase_add_test(t, what_was_open_keeps_the_old_bytes);
    tcase_add_test(t, a_reader_never_sees_a_part);
    tcase_add_test(t, a_failed_replacement_leaves_everything_as_it_was);
    tcase_add_test(t, what_cannot_be_read_is_named_with_the_reason);
    tcase_add_test(t, standard_input_is_a_dash);
    tcase_add_test(t, missing_directories_are_made_with_the_mode);
    tcase_add_test(t, a_file_in_the_way_is_named);
    tcase_add_test(t, paths_are_cut_and_joined);
    suite_add_tcase(s, t);
    return s;
}
