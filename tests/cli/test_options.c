#include "cli/options.h"

#include "base/text.h"
#include "tests/support/runner.h"

enum { ARGS_MAX = 8 };

static const struct option_row own_rows[] = {
    { "--format", OPTION_CHOICE, "text|json", "", offsetof(struct options, format) },
    { "--decode", OPTION_FLAG, NULL, "", offsetof(struct options, decode) },
    { "--at", OPTION_TIME, "TIME", "", offsetof(struct options, at_ms) },
    { "--jobs", OPTION_COUNT, "N", "", offsetof(struct options, jobs) },
    { 0 },
};
static const struct option_group own = { "Own", own_rows };
static const struct option_group *const groups[] = {
    &own, &option_group_world, &option_group_token, &option_group_session, NULL,
};
static const struct options_grammar plain = { .groups = groups, .n_operands_max = 1 };
static const struct options_grammar runner = { .groups = groups, .takes_command = true };

static struct outcome read(struct arena *a, struct why *why, const struct options_grammar *g,
                           const char *const *args, struct options *o)
{
    char **copy = arena_array(a, char *, ARGS_MAX + 1);
    for (size_t i = 0; i < ARGS_MAX && args[i]; i++)
        copy[i] = arena_cstr(a, str_of(args[i]));
    return options_read(a, why, g, copy, o);
}

/* All that can be set, as one text, so that a row says what the whole of the result is. */
static struct str shown(struct arena *a, const struct options *o)
{
    struct text t = text_new(a, 4096);
    const struct {
        const char *name;
        struct str value;
    } texts[] = {
        { "config", o->config },        { "platform", o->platform }, { "token", o->token_file },
        { "session", o->session_name }, { "format", o->format },
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].value.p)
            text_printf(&t, "%s=[%.*s] ", texts[i].name, STR_ARG(texts[i].value));
    for (size_t i = 0; i < o->set.n; i++)
        text_printf(&t, "set=[%.*s] ", STR_ARG(o->set.items[i]));
    if (o->duration_s.given)
        text_printf(&t, "duration=%lld ", (long long)o->duration_s.value);
    if (o->at_ms.given)
        text_printf(&t, "at=%lld ", (long long)o->at_ms.value);
    if (o->decode)
        text_put(&t, STR("decode "));
    if (o->help)
        text_put(&t, STR("help "));
    for (size_t i = 0; i < o->operands.n; i++)
        text_printf(&t, "operand=[%.*s] ", STR_ARG(o->operands.items[i]));
    for (char **c = o->command; c && *c; c++)
        text_printf(&t, "command=[%s] ", *c);
    if (o->command && !*o->command)
        text_put(&t, STR("command empty "));
    return str_trim(text_str(&t));
}

static const struct {
    const char *name;
    const struct options_grammar *grammar;
    const char *args[ARGS_MAX];
    const char *wanted;
} accepted[] = {
    { "no arguments are no options", &plain, { NULL }, "" },
    { "a value stands behind its option", &plain, { "--platform", "env0" }, "platform=[env0]" },
    { "or behind an equals sign", &plain, { "--platform=env0" }, "platform=[env0]" },
    { "only the first equals sign parts", &plain, { "--set=a=b=c" }, "set=[a=b=c]" },
    { "a value may be empty", &plain, { "--session-name=" }, "session=[]" },
    { "a value behind = may look like an option",
      &plain,
      { "--session-name=--x" },
      "session=[--x]" },
    { "a single dash is a value", &plain, { "--token", "-" }, "token=[-]" },
    { "a value may begin with one dash", &plain, { "--session-name", "-x" }, "session=[-x]" },
    { "of a text given twice the last counts",
      &plain,
      { "--platform", "a", "--platform", "b" },
      "platform=[b]" },
    { "a list keeps all, in order",
      &plain,
      { "--set", "a=1", "--set", "b=2", "--set", "a=3" },
      "set=[a=1] set=[b=2] set=[a=3]" },
    { "a flag needs no value", &plain, { "--decode", "--platform", "x" }, "platform=[x] decode" },
    { "a duration is read in Pulumi's form too",
      &plain,
      { "--duration", "1h2m3s" },
      "duration=3723" },
    { "a bare duration is seconds", &plain, { "--duration", "900" }, "duration=900" },
    { "a time is RFC 3339", &plain, { "--at", "1970-01-01T00:00:01Z" }, "at=1000" },
    { "a time is epoch seconds", &plain, { "--at", "1700000000" }, "at=1700000000000" },
    { "a choice is one of its words", &plain, { "--format", "json" }, "format=[json]" },
    { "an operand is no option", &plain, { "circleci" }, "operand=[circleci]" },
    { "behind -- an operand may look like an option",
      &plain,
      { "--", "--decode" },
      "operand=[--decode]" },
    { "--help is for every command", &plain, { "--help" }, "help" },
    { "-h is --help", &plain, { "-h" }, "help" },
    { "--help is heard before what is wrong behind it",
      &plain,
      { "--help", "--nonsense" },
      "help" },
    { "a command stands behind --",
      &runner,
      { "--platform", "x", "--", "aws", "--decode", "--" },
      "platform=[x] command=[aws] command=[--decode] command=[--]" },
    { "-- without a command is an empty one", &runner, { "--" }, "command empty" },
};

START_TEST(reads)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct options o;
    struct outcome outcome = read(a, &why, accepted[_i].grammar, accepted[_i].args, &o);
    ck_assert_msg(!failed(outcome), "%s: refused: %.*s", accepted[_i].name, STR_ARG(why.detail));
    want_str(accepted[_i].name, shown(a, &o), str_of(accepted[_i].wanted));
    arena_free(a);
}
END_TEST

static const struct {
    const char *name;
    const struct options_grammar *grammar;
    const char *args[ARGS_MAX];
    const char *says; /* a part of the message */
} refused[] = {
    { "an unknown option names the nearest", &plain, { "--platfrom", "x" }, "\"--platform\"" },
    { "an option nobody could mean lists what there is",
      &plain,
      { "--zzzzzzzzzz" },
      "--session-name" },
    { "an option that is not there yet is not listed", &plain, { "--recor" }, "--decode" },
    { "a value may not be missing at the end",
      &plain,
      { "--platform" },
      "expected NAME[/VARIANT]" },
    { "the next option is no value",
      &plain,
      { "--session-name", "--duration", "1h" },
      "expected S behind it" },
    { "-- is no value", &runner, { "--session-name", "--", "aws" }, "expected S behind it" },
    { "a flag takes no value", &plain, { "--decode=yes" }, "takes no value" },
    { "a duration of nothing is none", &plain, { "--duration", "0" }, "like 900, 15m or 1h30m" },
    { "a negative duration is none", &plain, { "--duration", "-5" }, "expected a duration" },
    { "a word is no duration", &plain, { "--duration", "soon" }, "found \"soon\"" },
    { "a word is no time", &plain, { "--at", "noon" }, "expected a time" },
    { "a choice names its words",
      &plain,
      { "--format", "yaml" },
      "expected text|json, found \"yaml\"" },
    { "the bar between choices is no choice",
      &plain,
      { "--format", "text|json" },
      "found \"text|json\"" },
    { "an empty choice is none", &plain, { "--format=" }, "expected text|json" },
    { "an empty path is none", &plain, { "--config=" }, "expected FILE" },
    { "bytes that are no text are refused", &plain, { "--session-name", "\xff\xfe" }, "not UTF-8" },
    { "one operand too many is refused", &plain, { "a", "b" }, "unexpected \"b\"" },
    { "so is one behind --", &plain, { "a", "--", "b" }, "unexpected \"b\"" },
    { "a command without -- is refused", &runner, { "aws", "sts" }, "behind --" },
    { "a count is a number", &plain, { "--jobs", "two" }, "expected a number from 1 to 64" },
    { "a count is no less than one", &plain, { "--jobs", "0" }, "expected a number from 1 to 64" },
    { "a count is no more than 64", &plain, { "--jobs", "65" }, "expected a number from 1 to 64" },
};

START_TEST(refuses)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct options o = { .decode = true };
    struct outcome outcome = read(a, &why, refused[_i].grammar, refused[_i].args, &o);
    ck_assert_msg(outcome.fault == FAULT_USAGE, "%s: not refused", refused[_i].name);
    ck_assert_msg(str_contains(why.detail, str_of(refused[_i].says)), "%s: says \"%.*s\"",
                  refused[_i].name, STR_ARG(why.detail));
    ck_assert_msg(o.decode && !o.config.p, "%s: the result was touched", refused[_i].name);
    arena_free(a);
}
END_TEST

START_TEST(a_path_may_be_any_bytes)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct options o;
    const char *const args[ARGS_MAX] = { "--config", "/tmp/\xff" };
    ck_assert(!failed(read(a, &why, &plain, args, &o)));
    want_str("config", o.config, STR("/tmp/\xff"));
    arena_free(a);
}
END_TEST

START_TEST(a_format_not_given_is_the_default)
{
    const struct options none = { 0 }, json = { .format = STR_INIT("json") };
    ck_assert(options_format_is(&none, "text", "text"));
    ck_assert(!options_format_is(&none, "json", "text"));
    ck_assert(options_format_is(&json, "json", "text"));
    ck_assert(!options_format_is(&json, "text", "text"));
}
END_TEST

Suite *options_suite(void);
Suite *options_suite(void)
{
    Suite *s = suite_create("options");
    TCase *t = tcase_create("options");
    tcase_add_loop_test(t, reads, 0, sizeof accepted / sizeof accepted[0]);
    tcase_add_loop_test(t, refuses, 0, sizeof refused / sizeof refused[0]);
    tcase_add_test(t, a_path_may_be_any_bytes);
    tcase_add_test(t, a_format_not_given_is_the_default);
    suite_add_tcase(s, t);
    return s;
}
