#include "base/text.h"
#include "scenarios/record.h"
#include "scenarios/replay_files.h"
#include "scenarios/report.h"
#include "tests/scenarios/replay_fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* Which files are played, in which order, and what each adds to the count. */

/* "path:line verdict title" a line each. */
static struct str listed(const struct replay *r)
{
    static const char *const words[] = { "ok", "failed", "skipped" };
    struct text t = text_new(a, 1024 * 1024);
    for (size_t i = 0; i < r->n; i++) {
        const struct replay_entry *e = &r->entries[i];
        text_printf(&t, "%.*s", STR_ARG(e->file));
        if (e->line)
            text_printf(&t, ":%zu", e->line);
        text_printf(&t, " %s %.*s\n", e->bad ? "bad" : words[e->result.verdict], STR_ARG(e->title));
    }
    return text_str(&t);
}

/* ---- files and folders ---- */

START_TEST(a_folder_is_its_json_in_the_order_of_bytes)
{
    put_file("lib/b.json", STR(PASSES("b")));
    put_file("lib/B.json", STR(PASSES("B")));
    put_file("lib/a/z.json", STR(PASSES("z")));
    put_file("lib/a.json", STR(PASSES("a")));
    put_file("lib/a-.json", STR(PASSES("a-")));
    put_file("lib/10.json", STR(PASSES("10")));
    put_file("lib/9.json", STR(PASSES("9")));
    put_file("lib/a/deep/er/x.json", STR(PASSES("x")));
    put_file("lib/readme.md", STR("no scenario"));
    put_file("lib/r.jsonl", STR(PASSES("a record is named or not played") "\n"));
    put_file("lib/.hidden.json", STR("{"));
    put_file("lib/.git/x.json", STR("{"));
    put_file("lib/world.json", STR("{\"roles\":[]}"));
    put_file("lib/list.json", STR("[1]"));
    ck_assert_int_eq(symlink("../lib", "lib/loop"), 0);
    ck_assert_int_eq(symlink("a.json", "lib/link.json"), 0);
    struct replay r = replayed("lib", NULL);
    want_str("played", listed(&r),
             STR("lib/10.json ok 10\n"
                 "lib/9.json ok 9\n"
                 "lib/B.json ok B\n"
                 "lib/a/deep/er/x.json ok x\n"
                 "lib/a/z.json ok z\n"
                 "lib/a-.json ok a-\n"
                 "lib/a.json ok a\n"
                 "lib/b.json ok b\n"
                 "lib/link.json ok a\n"));
    ck_assert_uint_eq(r.n_others, 2);
    ck_assert_uint_eq(r.n_passed, 9);
    ck_assert_uint_eq(r.n_notes, 0);
}
END_TEST

START_TEST(paths_are_played_in_the_order_they_are_given)
{
    const struct str paths[] = { STR("b.json"), STR("lib/"), STR("a.json"), STR("b.json") };
    const struct replay_options options = { .paths = paths, .n_paths = 4, .n_jobs = 3 };
    struct why why = why_new(a);
    struct replay r;
    put_file("a.json", STR(PASSES("a")));
    put_file("b.json", STR(FAILS("b")));
    put_file("lib/c.json", STR(PASSES("c")));
    ck_assert(!failed(replay_run(a, &why, &options, &r)));
    want_str("played", listed(&r),
             STR("b.json failed b\nlib/c.json ok c\na.json ok a\nb.json failed b\n"));
}
END_TEST

/* What a person names is meant to be a scenario. */
START_TEST(a_file_that_is_named_is_not_passed_over)
{
    put_file("world.json", STR("{\"roles\":[]}"));
    struct replay r = replayed("world.json", NULL);
    want_str("played", listed(&r), STR("world.json bad \n"));
    want_str("why", r.entries[0].why.place, STR("world.json:1:10: $.roles"));
    ck_assert_uint_eq(r.n_bad, 1);
}
END_TEST

START_TEST(a_path_that_is_not_there_stops_all)
{
    const struct str paths[] = { STR("a.json"), STR("gone") };
    const struct replay_options options = { .paths = paths, .n_paths = 2 };
    struct why why = why_new(a);
    struct replay r;
    put_file("a.json", STR(PASSES("a")));
    ck_assert(failed(replay_run(a, &why, &options, &r)));
    ck_assert_int_eq(why.fault, FAULT_FILE_UNREADABLE);
    want_str("why", why.detail, STR("gone: No such file or directory"));
}
END_TEST

START_TEST(an_empty_folder_is_nothing)
{
    ck_assert_int_eq(mkdir("lib", 0755), 0);
    struct replay r = replayed("lib", NULL);
    ck_assert_uint_eq(r.n, 0);
    want_str("summary", report_summary(a, &r), STR("0 scenarios: 0 passed, 0 failed"));
}
END_TEST

START_TEST(folders_are_walked_so_deep)
{
    struct replay_files files = { .n = 0 };
    struct why why = why_new(a);
    struct str path = STR("d");
    for (int i = 0; i < 32; i++)
        path = arena_printf(a, "%.*s/d", STR_ARG(path));
    put_file(arena_printf(a, "%.*s/x.json", STR_ARG(path)).p, STR("{}"));
    ck_assert(!failed(replay_files_find(a, &why, STR("d"), &files)));
    ck_assert_uint_eq(files.n, 1);
    put_file(arena_printf(a, "%.*s/d/x.json", STR_ARG(path)).p, STR("{}"));
    ck_assert(failed(replay_files_find(a, &why, STR("d"), &files)));
    ck_assert_msg(str_ends(why.detail, STR("folders nested deeper than 32")), "%.*s",
                  STR_ARG(why.detail));
}
END_TEST

/* ---- what is bad ---- */

static const struct {
    const char *name;
    struct str text;
    const char *why;
} bad[] = {
    { "no JSON", STR_INIT("{\"steps\":"), "b.json:1:" },
    { "a member twice", STR_INIT("{\"scenario\":\"a\",\"scenario\":\"b\",\"steps\":[]}"),
      "b.json:1:" },
    { "a step that is none", STR_INIT(TITLED("t", "{\"wait\":1}")),
      "b.json:1:34: $.steps[0].wait: unknown member \"wait\"" },
    { "a world that is none",
      STR_INIT("{\"scenario\":\"t\",\"world\":{\n \"rolls\":[]},\"steps\":[{\"advance\":1}]}"),
      "b.json:2:10: $.world.rolls: unknown member \"rolls\"" },
    { "a world in a file that is not there",
      STR_INIT("{\"scenario\":\"t\",\"world\":{\"$file\":\"w.json\"},\"steps\":[{\"advance\":1}]}"),
      "b.json:1:34: $.world.$file: lib/w.json: No such file or directory" },
};

START_TEST(what_cannot_be_read_hides_no_other)
{
    put_file("lib/a.json", STR(PASSES("a")));
    put_file("lib/b.json", bad[_i].text);
    put_file("lib/c.json", STR(FAILS("c")));
    struct replay r = replayed("lib", NULL);
    ck_assert_uint_eq(r.n, 3);
    ck_assert_msg(r.n_bad == 1 && r.n_passed == 1 && r.n_failed == 1, "%s: %.*s", bad[_i].name,
                  STR_ARG(listed(&r)));
    ck_assert(r.entries[1].bad);
    struct str why = why_text(&r.entries[1].why);
    ck_assert_msg(str_contains(why, arena_join(a, STR("lib/"), str_of(bad[_i].why))), "%s: %.*s",
                  bad[_i].name, STR_ARG(why));
}
END_TEST

START_TEST(a_world_is_found_beside_its_scenario)
{
    put_file("lib/w.json", STR("{\"account\":\"210987654321\"}"));
    put_file("lib/a.json",
             STR("{\"scenario\":\"t\",\"world\":{\"$file\":\"w.json\"},\"steps\":[{" UNSIGNED_CALL
                 ",\"as\":\"test\",\"expect\":{\"result\":{\"Account\":\"210987654321\"}}}]}"));
    struct replay r = replayed("lib", NULL);
    want_str("played", listed(&r), STR("lib/a.json ok t\n"));
    ck_assert_uint_eq(r.n_others, 1);
}
END_TEST

/* ---- records ---- */

START_TEST(a_record_is_a_scenario_a_line)
{
    put_file("r.jsonl", STR(PASSES("one") "\n\n{\"exchange\":{\"action\":\"X\"}}\n" FAILS(
                            "two") "\r\n" PASSES("three")));
    struct replay r = replayed("r.jsonl", NULL);
    want_str("played", listed(&r),
             STR("r.jsonl:1 ok one\nr.jsonl:4 failed two\nr.jsonl:5 ok three\n"));
    ck_assert_uint_eq(r.n_others, 1);
    want_str("place", r.entries[1].result.failures[0].place, STR("r.jsonl:4:1:28: $.steps[0]"));
}
END_TEST

/* A server that was killed, one that was started again, and one whose disk was full. */
START_TEST(a_line_that_was_cut_is_told_and_left_out)
{
    put_file("r.jsonl", STR(PASSES("one") "\n{\"scenario\":\"cut\",\"ste\n" PASSES(
                            "two") "\n" PASSES("three") PASSES("four") "\n{\"scen"));
    struct replay r = replayed("r.jsonl", NULL);
    want_str("played", listed(&r), STR("r.jsonl:1 ok one\nr.jsonl:3 ok two\n"));
    ck_assert_uint_eq(r.n_notes, 3);
    want_str("note", r.notes[0], STR("r.jsonl:2: not a whole record, left out"));
    want_str("note", r.notes[1], STR("r.jsonl:4: not a whole record, left out"));
    want_str("note", r.notes[2], STR("r.jsonl:5: not a whole record, left out"));
}
END_TEST

START_TEST(a_line_that_is_a_bad_scenario_is_told)
{
    put_file("r.jsonl", STR("{\"scenario\":\"t\",\"steps\":[]}\n"));
    struct replay r = replayed("r.jsonl", NULL);
    ck_assert_uint_eq(r.n_bad, 1);
    want_str("place", r.entries[0].why.place, STR("r.jsonl:1:1:25: $.steps"));
}
END_TEST

START_TEST(what_is_recorded_is_what_is_played)
{
    struct why why = why_new(a);
    struct record *record;
    struct stat st;
    put_file("r.jsonl", STR("{\"scenario\":\"a crash"));
    for (int i = 0; i < 2; i++) {
        ck_assert(!failed(record_open(&why, "r.jsonl", &record)));
        record_add(record, STR(PASSES("again")));
        ck_assert_uint_eq(record_lost(record), 0);
        record_close(record);
    }
    want_str("file", read_back("r.jsonl"),
             STR("{\"scenario\":\"a crash\n" PASSES("again") "\n" PASSES("again") "\n"));
    ck_assert(unlink("r.jsonl") == 0 && !failed(record_open(&why, "r.jsonl", &record)));
    record_close(record);
    ck_assert(stat("r.jsonl", &st) == 0 && (st.st_mode & 0777) == 0600);
    ck_assert(failed(record_open(&why, "no/r.jsonl", &record)));
    ck_assert_int_eq(why.fault, FAULT_FILE_UNWRITABLE);
    want_str("why", why.detail, STR("no/r.jsonl: No such file or directory"));
    record_close(NULL);
}
END_TEST

/* A limit on the file's size is what a full disk looks like, in parts too. */
START_TEST(a_full_disk_costs_the_lines_that_met_it_alone)
{
    const struct rlimit small = { 200, RLIM_INFINITY }, large = { RLIM_INFINITY, RLIM_INFINITY };
    struct why why = why_new(a);
    struct record *record;
    ck_assert(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    ck_assert(!failed(record_open(&why, "r.jsonl", &record)));
    record_add(record, STR(PASSES("one")));
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    record_add(record, STR(PASSES("cut")));
    record_add(record, STR(PASSES("lost")));
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &large), 0);
    record_add(record, STR(PASSES("two")));
    ck_assert_uint_eq(record_lost(record), 2);
    record_close(record);
    struct replay r = replayed("r.jsonl", NULL);
    want_str("played", listed(&r), STR("r.jsonl:1 ok one\nr.jsonl:3 ok two\n"));
    ck_assert_uint_eq(r.n_notes, 1);
}
END_TEST

/* ---- the filter ---- */

static const struct {
    const char *name, *filter, *played;
    size_t n_filtered;
} filters[] = {
    { "a part of a title", "ircle", "lib/a.json ok CircleCI: one\n", 2 },
    { "in any case", "cIRCLEci", "lib/a.json ok CircleCI: one\n", 2 },
    { "a part of a path", "lib/s", "lib/sub/c.json ok three\n", 2 },
    { "all have it", ".json",
      "lib/a.json ok CircleCI: one\nlib/b.json ok two\nlib/sub/c.json ok three\n", 0 },
    { "none has it", "pulumi", "", 3 },
    { "a text longer than any", "lib/sub/c.json and so on and so on", "", 3 },
};

START_TEST(a_filter_leaves_out_what_does_not_hold_it)
{
    const struct replay_options options = { .n_jobs = 2, .filter = str_of(filters[_i].filter) };
    put_file("lib/a.json", STR(PASSES("CircleCI: one")));
    put_file("lib/b.json", STR(PASSES("two")));
    put_file("lib/sub/c.json", STR(PASSES("three")));
    struct replay r = replayed("lib", &options);
    want_str(filters[_i].name, listed(&r), str_of(filters[_i].played));
    ck_assert_uint_eq(r.n_filtered, filters[_i].n_filtered);
}
END_TEST

/* ---- side by side ---- */

static void make_library(void)
{
    static const char *const every[] = {
        PASSES("it passes"),
        FAILS("it fails"),
        "{\"scenario\":\"bad\"}",
        TITLED("a token",
               "{\"mint\":{\"platform\":\"github\"},\"save\":\"t\"},{\"call\":{\"Action\":"
               "\"AssumeRoleWithWebIdentity\",\"RoleArn\":\"arn:aws:iam::123456789012:"
               "role/x\",\"RoleSessionName\":\"s1\",\"WebIdentityToken\":\"{t}\"}}"),
        TITLED("keys", "{\"get\":\"/issuers/oidc.render.com/tea-csps46i3esus73eojjp0/.well-known/"
                       "jwks.json\",\"expect\":{\"result\":{\"keys\":[]}}}"),
        "{\"roles\":[]}",
    };
    for (int i = 0; i < 60; i++)
        put_file(arena_printf(a, "lib/%02d.json", i).p, str_of(every[i % 6]));
}

static size_t n_told;

static void told(void *context, size_t n_done, size_t n_all, size_t n_failed)
{
    ck_assert_ptr_eq(context, &n_told);
    n_told++;
    ck_assert(n_done == n_told && n_all == 60 && n_failed <= 40);
}

START_TEST(however_many_are_played_side_by_side_the_report_is_the_same)
{
    struct replay_options options = { .n_jobs = 1 };
    make_library();
    struct replay one = replayed("lib", &options);
    ck_assert_uint_eq(one.n, 50);
    ck_assert(one.n_passed == 10 && one.n_failed == 30 && one.n_bad == 10 && one.n_others == 10);
    for (size_t jobs = 0; jobs <= 8; jobs += 8) {
        n_told = 0;
        options = (struct replay_options){ .n_jobs = jobs,
                                           .progress = told,
                                           .progress_context = &n_told };
        struct replay many = replayed("lib", &options);
        ck_assert_uint_eq(n_told, 60);
        want_str("text", report_text(a, &many, false), report_text(a, &one, false));
        want_str("TAP", report_tap(a, &many), report_tap(a, &one));
        want_str("JUnit", report_junit(a, &many), report_junit(a, &one));
    }
}
END_TEST

Suite *replay_suite(void);

Suite *replay_suite(void)
{
    Suite *s = suite_create("scenarios/replay");
    TCase *t = tcase_create("replay");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_folder_is_its_json_in_the_order_of_bytes);
    tcase_add_test(t, paths_are_played_in_the_order_they_are_given);
    tcase_add_test(t, a_file_that_is_named_is_not_passed_over);
    tcase_add_test(t, a_path_that_is_not_there_stops_all);
    tcase_add_test(t, an_empty_folder_is_nothing);
    tcase_add_test(t, folders_are_walked_so_deep);
    tcase_add_loop_test(t, what_cannot_be_read_hides_no_other, 0, sizeof bad / sizeof bad[0]);
    tcase_add_test(t, a_world_is_found_beside_its_scenario);
    tcase_add_test(t, a_record_is_a_scenario_a_line);
    tcase_add_test(t, a_line_that_was_cut_is_told_and_left_out);
    tcase_add_test(t, a_line_that_is_a_bad_scenario_is_told);
    tcase_add_test(t, what_is_recorded_is_what_is_played);
    tcase_add_test(t, a_full_disk_costs_the_lines_that_met_it_alone);
    tcase_add_loop_test(t, a_filter_leaves_out_what_does_not_hold_it, 0,
                        sizeof filters / sizeof filters[0]);
    tcase_add_test(t, however_many_are_played_side_by_side_the_report_is_the_same);
    suite_add_tcase(s, t);
    return s;
}
