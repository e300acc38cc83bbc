#include "tests/scenarios/state_fixture.h"

#include "base/encode.h"
#include "crypto/digest.h"
#include "scenarios/journal.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

Suite *state_suite(void);

/* What state_open makes of files as they are found, and what is left of them. */

enum { MIB = 1024 * 1024 };

static void put(const char *name, struct str bytes)
{
    WANT(!failed(file_place(&why, in(dir, name), bytes, 0640)), "%.*s", STR_ARG(why.detail));
}

static struct str get(const char *name)
{
    struct str s = STR("(none)");
    struct why unheard = why_new(a);
    (void)failed(file_read(a, &unheard, in(dir, name), 2 * MIB, &s));
    return s;
}

/* Names in alphabetical order. */
static struct str names(void)
{
    struct dirent **entries;
    struct str s = STR("");
    int n = scandir(dir, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        if (entries[i]->d_name[0] != '.')
            s = arena_join(a, s, str_of(entries[i]->d_name), STR(" "));
        free(entries[i]);
    }
    free(entries);
    return s;
}

static unsigned mode_of(const char *name)
{
    struct stat st;
    ck_assert_int_eq(stat(in(dir, name), &st), 0);
    return st.st_mode & 07777;
}

/* Opens, and wants these records, each followed by a blank. */
static void reopen(const char *snapshot, const char *wanted)
{
    close_state();
    open_state("v1");
    want_str("snapshot", found.snapshot, str_of(snapshot));
    want_str("records", records(), str_of(wanted));
    ck_assert_uint_eq(state_n_records(state), found.n_records);
}

static void begin(void)
{
    open_state("v1");
    replace("S");
}

START_TEST(nothing_at_all_is_a_state)
{
    open_state("v1");
    ck_assert(!found.exists && !found.ours && !found.cut);
    ck_assert_uint_eq(found.n_records, 0);
    want_str("nothing but the lock is made", names(), STR("f.journal.lock "));
    close_state();
    want_str("and that is gone", names(), STR(""));
    state_close(NULL);
}
END_TEST

START_TEST(what_was_appended_is_found_in_order)
{
    begin();
    append("one");
    append("");
    append("{\"three\":\"\xc3\xa4\"}");
    ck_assert_uint_eq(state_n_records(state), 3);
    close_state();
    open_state("v1");
    ck_assert(found.exists && found.ours && !found.cut);
    want_str("snapshot", found.snapshot, STR("S"));
    want_str("records", records(), STR("one  {\"three\":\"\xc3\xa4\"} "));
    append("four");
    reopen("S", "one  {\"three\":\"\xc3\xa4\"} four ");
    close_state();
    want_str("nothing else is left", names(), STR("f f.journal "));
}
END_TEST

START_TEST(a_replacement_takes_the_records_in)
{
    begin();
    append("one");
    replace("S1");
    ck_assert_uint_eq(state_n_records(state), 0);
    append("two");
    reopen("S1", "two ");
    replace("");
    reopen("", "");
    ck_assert(found.exists && found.ours);
    append("three");
    reopen("", "three ");
    close_state();
}
END_TEST

START_TEST(what_another_version_wrote_is_not_ours)
{
    begin();
    append("one");
    close_state();
    open_state("v2");
    ck_assert(found.exists && !found.ours);
    want_str("records", records(), STR("one "));
    ck_assert_int_eq(state_append(state, &why, STR("two")).fault, FAULT_FILE_UNWRITABLE);
    replace("S2");
    append("two");
    close_state();
    open_state("v2");
    ck_assert(found.ours);
    want_str("records", records(), STR("two "));
    close_state();
    open_state("v1");
    ck_assert(!found.ours);
    close_state();
}
END_TEST

START_TEST(both_files_are_for_their_owner_alone)
{
    put("f", STR("S0"));
    umask(0);
    open_state("v1");
    ck_assert_uint_eq(mode_of("f.journal.lock"), 0600);
    replace("S0");
    append("one");
    ck_assert_uint_eq(mode_of("f"), 0600);
    ck_assert_uint_eq(mode_of("f.journal"), 0600);
    close_state();
    ck_assert_int_eq(chmod(in(dir, "f"), 0644), 0);
    umask(0777);
    ck_assert_int_eq(chmod(in(dir, "f.journal"), 0644), 0);
    open_state("v1");
    replace("S0");
    ck_assert_uint_eq(mode_of("f"), 0600);
    ck_assert_uint_eq(mode_of("f.journal"), 0600);
    close_state();
}
END_TEST

START_TEST(nothing_is_appended_to_what_was_not_begun)
{
    open_state("v1");
    ck_assert_int_eq(state_append(state, &why, STR("one")).fault, FAULT_FILE_UNWRITABLE);
    close_state();
    want_str("nothing is made", names(), STR(""));
    put("f", STR("S"));
    open_state("v1");
    ck_assert_int_eq(state_append(state, &why, STR("one")).fault, FAULT_FILE_UNWRITABLE);
    close_state();
    want_str("nothing is made", names(), STR("f "));
}
END_TEST

START_TEST(a_record_is_one_line)
{
    begin();
    ck_assert_int_eq(state_append(state, &why, STR("a\nb")).fault, FAULT_INTERNAL);
    append("a b");
    reopen("S", "a b ");
    close_state();
}
END_TEST

START_TEST(a_journal_is_long_when_it_outgrows_its_file)
{
    struct str big = str_n(arena_alloc(a, 2 * MIB), 2 * MIB);
    begin();
    ck_assert(!state_is_long(state));
    ck_assert(!failed(state_append(state, &why, str_sub(big, 0, MIB - 200))));
    ck_assert(!state_is_long(state));
    append("this line of some fifty bytes, and another one");
    append("this line of some fifty bytes, and another one");
    ck_assert(state_is_long(state));
    close_state();
    open_state("v1");
    ck_assert(state_is_long(state));
    ck_assert(!failed(state_replace(state, &why, big)));
    ck_assert(!state_is_long(state));
    ck_assert(!failed(state_append(state, &why, str_sub(big, 0, MIB))));
    ck_assert(!state_is_long(state));
    ck_assert(!failed(state_append(state, &why, str_sub(big, 0, MIB))));
    ck_assert(state_is_long(state));
    close_state();
}
END_TEST

/* ---- files as they are found ---- */

/*
 * A journal written down as a row: lines separated by '|', each "first SNAPSHOT VERSION", "record
 * TEXT" or "next SNAPSHOT VERSION", or another line
 * behind "is "; "raw TEXT" is put as it is, without a newline.  The checksums
 * are made here, not by what is tested.
 */
static struct str seal(struct str *check, struct str body)
{
    uint8_t sum[SHA256_BYTES];
    hmac_sha256(*check, body, sum);
    *check = hex_write(a, sum, 8);
    return arena_printf(a, "%.*s %.*s\n", STR_ARG(*check), STR_ARG(body));
}

static struct str named(const char *word, struct str rest)
{
    uint8_t sum[SHA256_BYTES];
    sha256(str_cut(&rest, ' '), sum);
    struct str hex = hex_write(a, sum, sizeof sum);
    return arena_printf(a, "%s %.*s %.*s", word, STR_ARG(hex), STR_ARG(rest));
}

static struct str journal_line(struct str *check, struct str line)
{
    struct str rest = line, word = str_cut(&rest, ' ');
    if (str_eq(word, STR("raw")))
        return rest;
    if (str_eq(word, STR("first")))
        return seal(check, named("understudy-journal 1", rest));
    if (str_eq(word, STR("next")))
        return seal(check, named("next", rest));
    return seal(check, str_eq(word, STR("is")) ? rest : line);
}

static struct str journal_of(const char *row)
{
    struct str text = STR(""), check = STR("0000000000000000"), rest = str_of(row);
    while (rest.n)
        text = arena_join(a, text, journal_line(&check, str_cut(&rest, '|')));
    return text;
}

static const struct {
    const char *name, *snapshot, *journal; /* NULL: no such file */
    bool ours, cut;
    const char *records;
} accepted[] = {
    { "a config by hand", "S", NULL, false, false, "" },
    { "an empty file", "", NULL, false, false, "" },
    { "a file and its journal", "S", "first S v1|record 1|record 2", true, false, "1 2 " },
    { "a journal without records", "S", "first S v1", true, false, "" },
    { "a journal of another version", "S", "first S v0|record 1", false, false, "1 " },
    { "a version with blanks", "S", "first S v1 beta|record 1", false, false, "1 " },
    { "records that look like other lines", "S", "first S v1|record next S v1|record record ", true,
      false, "next S v1 record  " },
    { "a last record cut short", "S", "first S v1|record 1|raw 0123456789abcdef rec", true, true,
      "1 " },
    { "a first record cut short", "S", "first S v1|raw 0", true, true, "" },
    { "a file that did not come", "S", "first S v1|record 1|next T v1", true, false, "1 " },
    { "a file that came", "T", "first S v1|record 1|next T v1", true, false, "" },
    { "a file that came from another version", "T", "first S v1|record 1|next T v0", false, false,
      "" },
    { "a file that came over another version's", "T", "first S v0|record 1|next T v1", true, false,
      "" },
    { "a next cut short", "S", "first S v1|record 1|raw 0123456789abcdef next ", true, true, "1 " },
    { "a file edited after a clean end", "U", "first S v1", false, false, "" },
    { "a file edited after a first record was cut", "U", "first S v1|raw 0123", false, true, "" },
    { "a file edited before another could come", "U", "first S v1|next T v1", false, false, "" },
};

static void put_row(const char *snapshot, const char *journal)
{
    if (snapshot)
        put("f", str_of(snapshot));
    if (journal)
        put("f.journal", journal_of(journal));
}

START_TEST(is_found_as_it_was_left)
{
    put_row(accepted[_i].snapshot, accepted[_i].journal);
    struct str snapshot = get("f"), journal = get("f.journal");
    open_state("v1");
    ck_assert_msg(found.exists && found.ours == accepted[_i].ours && found.cut == accepted[_i].cut,
                  "%s", accepted[_i].name);
    want_str("snapshot", found.snapshot, str_of(accepted[_i].snapshot));
    want_str("records", records(), str_of(accepted[_i].records));
    close_state();
    want_str("the file stays as it was", get("f"), snapshot);
    want_str("and the journal", get("f.journal"), journal);
}
END_TEST

START_TEST(is_gone_on_from)
{
    struct str snapshot = str_of(accepted[_i].snapshot), was = str_of(accepted[_i].records);
    put_row(accepted[_i].snapshot, accepted[_i].journal);
    open_state("v1");
    if (!accepted[_i].ours) {
        replace("N");
        snapshot = STR("N");
        was = STR("");
    }
    append("a record longer than anything that was cut off from the journal's end");
    append("x");
    reopen(snapshot.p,
           arena_printf(a,
                        "%.*sa record longer than anything that was cut off from the journal's "
                        "end x ",
                        STR_ARG(was))
               .p);
    ck_assert(!found.cut && found.ours);
    replace("M");
    reopen("M", "");
    close_state();
}
END_TEST

#define S64 "0000000000000000000000000000000000000000000000000000000000000000"

static const struct {
    const char *name, *snapshot, *journal;
    const char *place, *says;
} refused[] = {
    { "a journal without its file", NULL, "first S v1|record 1", "f.journal:1",
      "f is missing, which this journal (changes: 1) continues: bring it back" },
    { "a file that was edited under a journal with records", "U", "first S v1|record 1",
      "f.journal:1", "the journal holds changes (1) to that one: bring back the file as it was" },
    { "neither the file before nor the one after", "U", "first S v1|record 1|next T v1",
      "f.journal:1", "is not the file that this journal continues" },
    { "an empty journal", "S", "", "f.journal:1", "no journal of understudy's" },
    { "a first line cut short", "S", "raw 0123456789abcdef understudy-journal 1", "f.journal:1",
      "no journal of understudy's" },
    { "a text", "S", "raw {\"a\":1}\n", "f.journal:1", "no journal of understudy's" },
    { "a journal of another format", "S", "is understudy-journal 2 " S64 " v1|record 1",
      "f.journal:1", "no journal of understudy's" },
    { "a digest that is none", "S", "is understudy-journal 1 0000 v1", "f.journal:1",
      "no journal of understudy's" },
    { "a digest without a version", "S", "is understudy-journal 1 " S64, "f.journal:1",
      "no journal of understudy's" },
    { "a record first", "S", "record 1|first S v1", "f.journal:1", "no journal of understudy's" },
    { "a line without a checksum", "S", "first S v1|raw record 1\n", "f.journal:2",
      "the checksum is wrong" },
    { "a wrong checksum", "S", "first S v1|record 1|raw 0123456789abcdef record 2\n|record 3",
      "f.journal:3", "cut it off before this line" },
    { "an empty line", "S", "first S v1|record 1|raw \n", "f.journal:3", "the checksum is wrong" },
    { "an empty line at the end of what is spent", "T", "first S v1|next T v1|raw \n",
      "f.journal:3", "the checksum is wrong" },
    { "a checksum in capitals", "S", "first S v1|raw 0123456789ABCDEF record 2\n", "f.journal:2",
      "the checksum is wrong" },
    { "a line of another kind", "S", "first S v1|record 1|is undo 1", "f.journal:3",
      "does not write such lines" },
    { "a kind without its blank", "S", "first S v1|is record", "f.journal:2",
      "does not write such lines" },
    { "a next that is none", "S", "first S v1|record 1|is next 00 v1", "f.journal:3",
      "does not write such lines" },
    { "a next without a version", "S", "first S v1|is next " S64, "f.journal:2",
      "does not write such lines" },
    { "a second first line", "S", "first S v1|first S v1", "f.journal:2",
      "does not write such lines" },
    { "a record behind the end", "S", "first S v1|next T v1|record 1", "f.journal:3",
      "a line behind the one that ends a journal" },
};

START_TEST(is_refused_and_not_touched)
{
    put_row(refused[_i].snapshot, refused[_i].journal);
    struct str before = names(), snapshot = get("f"), journal = get("f.journal");
    state = NULL;
    found.snapshot = STR("untouched");
    ck_assert_msg(try_open(dir, "v1").fault == FAULT_STATE_INVALID, "%s", refused[_i].name);
    want_str("place", why.place, str_of(in(dir, refused[_i].place)));
    ck_assert_msg(str_contains(why.detail, str_of(refused[_i].says)), "%.*s", STR_ARG(why.detail));
    ck_assert(!state && str_eq(found.snapshot, STR("untouched")));
    want_str("files", names(), before);
    want_str("file", get("f"), snapshot);
    want_str("journal", get("f.journal"), journal);
}
END_TEST

/* The format, to the byte: what an older understudy wrote is still read. */
START_TEST(the_format_is_what_it_was)
{
    put("f", STR("{}"));
    open_state("0.1.0");
    replace("{}");
    append("{\"change\":1}");
    want_str("journal", get("f.journal"),
             STR("be481df1413f9c32 understudy-journal 1 "
                 "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a 0.1.0\n"
                 "3fcce20f98f904e4 record {\"change\":1}\n"));
    close_state();
}
END_TEST

/* ---- files that are none ---- */

static const struct {
    const char *name, *file;
    enum { FOLDER, FIFO, LINK, SPARSE } kind;
    enum fault fault;
    const char *says;
} strange[] = {
    { "a folder", "f", FOLDER, FAULT_STATE_INVALID, "f: not a regular file" },
    { "a FIFO", "f", FIFO, FAULT_STATE_INVALID, "f: not a regular file" },
    { "a link", "f", LINK, FAULT_STATE_INVALID, "f: a symbolic link; name the file it leads to" },
    { "a file too large", "f", SPARSE, FAULT_FILE_UNREADABLE, "f: larger than 67108864 bytes" },
    { "a folder for a journal", "f.journal", FOLDER, FAULT_STATE_INVALID,
      "f.journal: not a regular file" },
    { "a FIFO for a journal", "f.journal", FIFO, FAULT_STATE_INVALID,
      "f.journal: not a regular file" },
    { "a link for a journal", "f.journal", LINK, FAULT_STATE_INVALID,
      "f.journal: a symbolic link" },
    { "a journal too large", "f.journal", SPARSE, FAULT_FILE_UNREADABLE,
      "f.journal: larger than 268439552 bytes" },
    { "a folder for a lock", "f.journal.lock", FOLDER, FAULT_FILE_UNWRITABLE, "Is a directory" },
    { "a FIFO for a lock", "f.journal.lock", FIFO, FAULT_STATE_INVALID,
      "f.journal.lock: not a lock of understudy's" },
    { "a link for a lock", "f.journal.lock", LINK, FAULT_FILE_UNWRITABLE, "symbolic links" },
    { "a file of somebody's for a lock", "f.journal.lock", SPARSE, FAULT_STATE_INVALID,
      "f.journal.lock: not a lock of understudy's" },
};

static void make_strange(const char *path, int kind)
{
    if (kind == FOLDER)
        ck_assert_int_eq(mkdir(path, 0700), 0);
    else if (kind == FIFO)
        ck_assert_int_eq(mkfifo(path, 0600), 0);
    else if (kind == LINK)
        ck_assert_int_eq(symlink("x", path), 0);
    else
        ck_assert_int_eq(truncate(path, 257 * MIB), 0);
}

START_TEST(strange_files_are_refused)
{
    const char *file = strange[_i].file;
    put("x", STR("S"));
    if (strange[_i].kind == SPARSE || strcmp(file, "f.journal") == 0)
        put(strange[_i].kind == SPARSE ? file : "f", STR("S"));
    make_strange(in(dir, file), (int)strange[_i].kind);
    struct str before = names();
    ck_assert_msg(try_open(dir, "v1").fault == strange[_i].fault, "%s: %.*s", strange[_i].name,
                  STR_ARG(why.detail));
    ck_assert_msg(str_contains(why.detail, str_of(strange[_i].says)), "%.*s", STR_ARG(why.detail));
    want_str("files", names(), before);
    want_str("linked", get("x"), STR("S"));
}
END_TEST

START_TEST(a_link_is_not_written_through)
{
    put("x", STR("X"));
    open_state("v1");
    ck_assert_int_eq(symlink("x", in(dir, "f")), 0);
    ck_assert_int_eq(symlink("x", in(dir, "f.journal")), 0);
    ck_assert_int_eq(symlink("x", in(dir, "f.journal.next")), 0);
    ck_assert_int_eq(symlink("x", in(dir, "f.journal.new")), 0);
    replace("S");
    append("one");
    want_str("linked", get("x"), STR("X"));
    reopen("S", "one ");
    close_state();
    want_str("files", names(), STR("f f.journal x "));
}
END_TEST

START_TEST(a_folder_that_is_not_there_is_named)
{
    ck_assert_int_eq(state_open(a, &why, in(dir, "none/f"), STR("v1"), &state, &found).fault,
                     FAULT_FILE_UNWRITABLE);
    ck_assert_msg(str_ends(why.detail, STR("none/f.journal.lock: No such file or directory")),
                  "%.*s", STR_ARG(why.detail));
    why = why_new(a);
    ck_assert_int_eq(state_open(a, &why, "", STR("v1"), &state, &found).fault,
                     FAULT_FILE_UNREADABLE);
}
END_TEST

/* Of what is over a bound, only the length is looked at. */
START_TEST(what_is_over_a_bound_is_refused)
{
    begin();
    append("one");
    ck_assert_int_eq(state_replace(state, &why, str_n("", 64 * MIB + 1)).fault,
                     FAULT_FILE_UNWRITABLE);
    why = why_new(a);
    ck_assert_int_eq(state_append(state, &why, str_n("", 256 * MIB)).fault, FAULT_FILE_UNWRITABLE);
    why = why_new(a);
    append("two");
    reopen("S", "one two ");
    close_state();
}
END_TEST

/* ---- damage ---- */

static void three_records(void)
{
    begin();
    append("one");
    append("two");
    append("{\"three\":3}");
    close_state();
}

START_TEST(a_journal_cut_anywhere_gives_its_whole_records)
{
    static const char *const wanted[] = { "", "one ", "one two ", "one two {\"three\":3} " };
    three_records();
    struct str whole = get("f.journal");
    for (size_t n = 0; n <= whole.n; n++) {
        struct str part = str_sub(whole, 0, n);
        size_t lines = 0;
        for (size_t i = 0; i < n; i++)
            lines += part.p[i] == '\n';
        put("f.journal", part);
        struct outcome o = try_open(dir, "v1");
        if (lines == 0) {
            WANT(o.fault == FAULT_STATE_INVALID, "%zu bytes", n);
        } else {
            WANT(!failed(o) && str_eq(records(), str_of(wanted[lines - 1])), "%zu bytes", n);
            WANT(found.cut == (part.p[n - 1] != '\n') && found.ours, "%zu bytes", n);
            close_state();
        }
        WANT(str_eq(get("f.journal"), part), "%zu bytes are touched", n);
    }
}
END_TEST

START_TEST(a_byte_changed_anywhere_is_seen)
{
    three_records();
    struct str whole = get("f.journal");
    char *p = arena_cstr(a, whole);
    struct journal j;
    size_t line = 1;
    for (size_t i = 0; i + 1 < whole.n; i++) { /* the last newline gone: cut short */
        for (int bit = 0; bit < 8; bit++) {
            p[i] = (char)(whole.p[i] ^ 1 << bit);
            why = why_new(a);
            WANT(journal_read(a, &why, "j", str_n(p, whole.n), &j).fault == FAULT_STATE_INVALID,
                 "byte %zu bit %d", i, bit);
            WANT(str_eq(why.place, arena_printf(a, "j:%zu", line)), "byte %zu bit %d: %.*s", i, bit,
                 STR_ARG(why.place));
        }
        p[i] = whole.p[i];
        line += whole.p[i] == '\n';
    }
}
END_TEST

static const struct {
    const char *name;
    int order[4]; /* of the three records' lines; -1 ends it */
    size_t line;
} moved[] = {
    { "a line taken out", { 0, 2, -1 }, 3 },
    { "a line doubled", { 0, 0, 1, 2 }, 3 },
    { "lines the other way round", { 1, 0, 2, -1 }, 2 },
    { "the first record taken out", { 1, 2, -1 }, 2 },
};

START_TEST(a_line_moved_is_seen)
{
    three_records();
    struct str rest = get("f.journal"), lines[4], text;
    for (size_t i = 0; i < 4; i++)
        lines[i] = str_cut(&rest, '\n');
    text = arena_join(a, lines[0], STR("\n"));
    for (size_t i = 0; i < 4 && moved[_i].order[i] >= 0; i++)
        text = arena_join(a, text, lines[moved[_i].order[i] + 1], STR("\n"));
    put("f.journal", text);
    ck_assert_msg(try_open(dir, "v1").fault == FAULT_STATE_INVALID, "%s", moved[_i].name);
    want_str("place", why.place, arena_printf(a, "%s/f.journal:%zu", dir, moved[_i].line));
}
END_TEST

/* ---- the lock ---- */

START_TEST(one_at_a_time)
{
    struct state *first;
    begin();
    append("one");
    first = state;
    struct str journal = get("f.journal");
    ck_assert_int_eq(try_open(dir, "v1").fault, FAULT_STATE_IN_USE);
    ck_assert_msg(str_contains(why.detail, str_of(in(dir, "f"))), "%.*s", STR_ARG(why.detail));
    want_str("journal", get("f.journal"), journal);
    state = first;
    replace("S1"); /* the lock outlives both renames */
    ck_assert_int_eq(try_open(dir, "v1").fault, FAULT_STATE_IN_USE);
    state = first;
    close_state();
    open_state("v1");
    close_state();
}
END_TEST

START_TEST(two_files_of_a_folder_are_no_matter_to_each_other)
{
    struct state *second;
    begin();
    ck_assert(!failed(state_open(a, &why, in(dir, "g"), STR("v1"), &second, &found)));
    ck_assert(!failed(state_replace(second, &why, STR("T"))));
    append("one");
    state_close(second);
    reopen("S", "one ");
    close_state();
}
END_TEST

START_TEST(what_a_kill_left_is_taken_away)
{
    begin();
    append("one");
    close_state();
    put("f.journal.lock", STR(""));
    put("f.journal.next", STR("half a"));
    put("f.journal.new", STR(""));
    open_state("v1");
    close_state();
    want_str("files", names(), STR("f f.journal "));
}
END_TEST

/* Takes the lock again and again; whoever has it makes a file that only one can make. */
static void take_turns(void)
{
    for (int turns = 0; turns < 150;) {
        struct arena *mine = arena_new();
        struct why reason = why_new(mine);
        struct outcome o = state_open(mine, &reason, in(dir, "f"), STR("v1"), &state, &found);
        if (!failed(o)) {
            int fd = open(in(dir, "inside"), O_CREAT | O_EXCL, 0600);
            usleep(100);
            if (fd < 0 || close(fd) != 0 || unlink(in(dir, "inside")) != 0)
                _exit(1);
            close_state();
            turns++;
        } else if (o.fault != FAULT_STATE_IN_USE) {
            _exit(2);
        }
        arena_free(mine);
    }
    _exit(0);
}

START_TEST(two_never_have_the_lock)
{
    enum { CHILDREN = 3 };
    pid_t pids[CHILDREN];
    int status;
    for (int i = 0; i < CHILDREN; i++) {
        pids[i] = fork();
        if (pids[i] == 0)
            take_turns();
    }
    for (int i = 0; i < CHILDREN; i++) {
        ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
        ck_assert_int_eq(status, 0);
    }
}
END_TEST

/* ---- a disk that is full ---- */

static void limit_files(size_t bytes)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes ? bytes : limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
}

START_TEST(a_record_without_room_leaves_the_others)
{
    struct str big = str_n(arena_alloc(a, 5000), 5000);
    signal(SIGXFSZ, SIG_IGN);
    begin();
    append("one");
    struct str before = get("f.journal");
    limit_files(2000);
    ck_assert_int_eq(state_append(state, &why, big).fault, FAULT_FILE_UNWRITABLE);
    ck_assert_msg(str_contains(why.detail, STR("f.journal: ")), "%.*s", STR_ARG(why.detail));
    ck_assert_uint_eq(state_n_records(state), 1);
    want_str("what was written of it is cut off", get("f.journal"), before);
    why = why_new(a);
    append("two"); /* there is room for this one */
    limit_files(0);
    append("three");
    reopen("S", "one two three ");
    ck_assert(!found.cut);
    close_state();
}
END_TEST

START_TEST(what_cannot_be_folded_in_is_not_tried_at_once)
{
    struct str big = str_n(arena_alloc(a, 2 * MIB), 2 * MIB);
    signal(SIGXFSZ, SIG_IGN);
    begin();
    ck_assert(!failed(state_append(state, &why, str_sub(big, 0, MIB))));
    ck_assert(state_is_long(state));
    limit_files(MIB + 2000);
    ck_assert_int_eq(state_replace(state, &why, big).fault, FAULT_FILE_UNWRITABLE);
    why = why_new(a);
    ck_assert(!state_is_long(state));
    append("two");
    ck_assert(!state_is_long(state));
    limit_files(0);
    ck_assert(!failed(state_append(state, &why, str_sub(big, 0, MIB))));
    ck_assert(state_is_long(state));
    ck_assert(!failed(state_replace(state, &why, STR("T"))));
    ck_assert(!failed(state_append(state, &why, str_sub(big, 0, MIB))));
    ck_assert(state_is_long(state));
    close_state();
}
END_TEST

START_TEST(a_file_without_room_leaves_the_old_one)
{
    struct str big = str_n(arena_alloc(a, 5000), 5000);
    signal(SIGXFSZ, SIG_IGN);
    begin();
    append("one");
    limit_files(2000);
    ck_assert_int_eq(state_replace(state, &why, big).fault, FAULT_FILE_UNWRITABLE);
    why = why_new(a);
    append("two");
    limit_files(0);
    reopen("S", "one two ");
    ck_assert(!failed(state_replace(state, &why, big)));
    close_state();
    want_str("nothing else is left", names(), STR("f f.journal "));
}
END_TEST

static void add_loop(TCase *t, const TTest *test, size_t rows)
{
    tcase_add_loop_test(t, test, 0, (int)rows);
}

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

Suite *state_suite(void)
{
    Suite *s = suite_create("state");
    TCase *t = tcase_create("files");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, nothing_at_all_is_a_state);
    tcase_add_test(t, what_was_appended_is_found_in_order);
    tcase_add_test(t, a_replacement_takes_the_records_in);
    tcase_add_test(t, what_another_version_wrote_is_not_ours);
    tcase_add_test(t, both_files_are_for_their_owner_alone);
    tcase_add_test(t, nothing_is_appended_to_what_was_not_begun);
    tcase_add_test(t, a_record_is_one_line);
    tcase_add_test(t, a_journal_is_long_when_it_outgrows_its_file);
    add_loop(t, is_found_as_it_was_left, ROWS(accepted));
    add_loop(t, is_gone_on_from, ROWS(accepted));
    add_loop(t, is_refused_and_not_touched, ROWS(refused));
    tcase_add_test(t, the_format_is_what_it_was);
    add_loop(t, strange_files_are_refused, ROWS(strange));
    tcase_add_test(t, a_link_is_not_written_through);
    tcase_add_test(t, a_folder_that_is_not_there_is_named);
    tcase_add_test(t, what_is_over_a_bound_is_refused);
    tcase_add_test(t, a_journal_cut_anywhere_gives_its_whole_records);
    tcase_add_test(t, a_byte_changed_anywhere_is_seen);
    add_loop(t, a_line_moved_is_seen, ROWS(moved));
    tcase_add_test(t, one_at_a_time);
    tcase_add_test(t, two_files_of_a_folder_are_no_matter_to_each_other);
    tcase_add_test(t, what_a_kill_left_is_taken_away);
    tcase_add_test(t, two_never_have_the_lock);
    tcase_add_test(t, a_record_without_room_leaves_the_others);
    tcase_add_test(t, a_file_without_room_leaves_the_old_one);
    tcase_add_test(t, what_cannot_be_folded_in_is_not_tried_at_once);
    suite_add_tcase(s, t);
    return s;
}
