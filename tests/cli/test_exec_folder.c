#include "cli/exec_folder.h"

#include "base/file.h"
#include "base/json.h"
#include "tests/support/runner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A home with a trap in it, and a place for the folder beside it. */
struct fixture {
    struct arena *arena;
    struct why why;
    char place[32];
    const char *home, *trap;
    struct exec_folder folder;
};

static struct fixture set_up(void)
{
    struct fixture f = { .arena = arena_new(), .place = "/tmp/test-exec-XXXXXX" };
    f.why = why_new(f.arena);
    ck_assert_ptr_nonnull(mkdtemp(f.place));
    f.home = arena_printf(f.arena, "%s/real", f.place).p;
    f.trap = arena_printf(f.arena, "%s/.aws/credentials", f.home).p;
    const char *rc = arena_printf(f.arena, "%s/.npmrc", f.home).p;
    ck_assert(!failed(exec_folder_write(&f.why, f.trap, STR("[default]\n"))));
    ck_assert(!failed(exec_folder_write(&f.why, rc, STR("x"))));
    return f;
}

static void make(struct fixture *f, const char *home)
{
    struct outcome o =
        exec_folder_make(f->arena, &f->why, f->place, home, STR("http://127.0.0.1:1"), &f->folder);
    ck_assert_msg(!failed(o), "%.*s", STR_ARG(f->why.detail));
}

static void tear_down(struct fixture *f)
{
    const struct exec_folder all = { .path = f->place };
    exec_folder_remove(&all);
    ck_assert_int_eq(access(f->place, F_OK), -1);
    arena_free(f->arena);
}

static mode_t mode_of(const char *path)
{
    struct stat st;
    ck_assert_msg(lstat(path, &st) == 0, "%s", path);
    return st.st_mode & 07777;
}

START_TEST(only_its_owner_can_look_into_it)
{
    umask(0);
    struct fixture f = set_up();
    make(&f, f.home);
    ck_assert_int_eq(mode_of(f.folder.path), 0700);
    ck_assert_int_eq(mode_of(f.folder.home), 0700);
    ck_assert_int_eq(mode_of(f.folder.config), 0600);
    ck_assert(!failed(exec_folder_write(&f.why, f.folder.token, STR("t"))));
    ck_assert_int_eq(mode_of(f.folder.token), 0600);
    tear_down(&f);
}
END_TEST

START_TEST(the_home_links_to_the_real_one_but_for_dot_aws)
{
    struct fixture f = set_up();
    struct str text;
    make(&f, f.home);
    const char *rc = arena_printf(f.arena, "%s/.npmrc", f.folder.home).p;
    const char *credentials = arena_printf(f.arena, "%s/.aws/credentials", f.folder.home).p;
    ck_assert(!failed(file_read(f.arena, &f.why, rc, 10, &text)));
    want_str("the linked file", text, STR("x"));
    ck_assert_int_eq(access(credentials, F_OK), -1);
    ck_assert_int_eq(mode_of(arena_printf(f.arena, "%s/.aws", f.folder.home).p), 0700);
    tear_down(&f);
}
END_TEST

START_TEST(removing_it_leaves_the_real_home_alone)
{
    struct fixture f = set_up();
    make(&f, f.home);
    exec_folder_remove(&f.folder);
    ck_assert_int_eq(access(f.folder.path, F_OK), -1);
    ck_assert_int_eq(access(f.trap, F_OK), 0);
    ck_assert_int_eq(access(arena_printf(f.arena, "%s/.npmrc", f.home).p, F_OK), 0);
    tear_down(&f);
}
END_TEST

START_TEST(what_the_command_left_behind_goes_too)
{
    struct fixture f = set_up();
    make(&f, f.home);
    const char *deep = arena_printf(f.arena, "%s/go/mod/file", f.folder.home).p;
    ck_assert(!failed(exec_folder_write(&f.why, deep, STR("x"))));
    ck_assert_int_eq(chmod(file_dir(f.arena, str_of(deep)).p, 0500), 0);
    exec_folder_remove(&f.folder);
    ck_assert_int_eq(access(f.folder.path, F_OK), -1);
    tear_down(&f);
}
END_TEST

START_TEST(without_a_home_there_is_an_empty_one)
{
    struct fixture f = set_up();
    make(&f, NULL);
    ck_assert_int_eq(access(arena_printf(f.arena, "%s/.aws", f.folder.home).p, F_OK), 0);
    exec_folder_remove(&f.folder);
    make(&f, "/nonexistent/home");
    ck_assert_int_eq(access(arena_printf(f.arena, "%s/.npmrc", f.folder.home).p, F_OK), -1);
    tear_down(&f);
}
END_TEST

START_TEST(a_parent_that_is_not_there_is_refused)
{
    struct fixture f = set_up();
    struct outcome o =
        exec_folder_make(f.arena, &f.why, "/nonexistent/tmp", f.home, STR("http://x"), &f.folder);
    ck_assert_int_eq(o.fault, FAULT_FILE_UNWRITABLE);
    ck_assert(str_contains(f.why.detail, STR("/nonexistent/tmp")));
    ck_assert_ptr_null(f.folder.path);
    tear_down(&f);
}
END_TEST

START_TEST(a_file_is_never_written_over)
{
    struct fixture f = set_up();
    ck_assert_int_eq(exec_folder_write(&f.why, f.trap, STR("y")).fault, FAULT_FILE_UNWRITABLE);
    tear_down(&f);
}
END_TEST

START_TEST(the_rule_set_sends_everything_to_us)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct json_doc *doc;
    struct str text = exec_folder_rules(a, STR("http://127.0.0.1:1234"));
    ck_assert(!failed(json_load(a, &why, STR("rules"), text, JSON_DUPLICATES_REFUSED, &doc)));
    json_t *rules = json_object_get(doc->root, "rules");
    ck_assert_uint_eq(json_array_size(rules), 1);
    json_t *rule = json_array_get(rules, 0);
    ck_assert_uint_eq(json_array_size(json_object_get(rule, "conditions")), 0);
    want_str("url", json_str(json_object_get(json_object_get(rule, "endpoint"), "url")),
             STR("http://127.0.0.1:1234"));
    arena_free(a);
}
END_TEST

Suite *exec_folder_suite(void);
Suite *exec_folder_suite(void)
{
    Suite *s = suite_create("exec_folder");
    TCase *t = tcase_create("exec_folder");
    tcase_add_test(t, only_its_owner_can_look_into_it);
    tcase_add_test(t, the_home_links_to_the_real_one_but_for_dot_aws);
    tcase_add_test(t, removing_it_leaves_the_real_home_alone);
    tcase_add_test(t, what_the_command_left_behind_goes_too);
    tcase_add_test(t, without_a_home_there_is_an_empty_one);
    tcase_add_test(t, a_parent_that_is_not_there_is_refused);
    tcase_add_test(t, a_file_is_never_written_over);
    tcase_add_test(t, the_rule_set_sends_everything_to_us);
    suite_add_tcase(s, t);
    return s;
}
