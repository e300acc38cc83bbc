#include "scenarios/faults.h"

#include "base/nearest.h"
#include "fakests/action.h"
#include "fakests/aws_error.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* ---- reading ---- */

static const struct str every_action = STR_INIT("*");
static const int64_t count_max = INT64_C(1000000000);
static const int64_t truncate_max = 64 * 1024 * 1024; /* no reply is longer */

struct reader {
    struct arena *a;
    struct why *why;
    struct faults_rule *rule;
    bool has_message;
};

static bool of_document(struct str action)
{
    return str_eq(action, FAULTS_DISCOVERY) || str_eq(action, FAULTS_JWKS);
}

static bool action_known(struct str name)
{
    return str_eq(name, every_action) || of_document(name) || action_find(SERVICE_STS, name) ||
           action_find(SERVICE_IAM, name);
}

static struct str nearest_action(struct arena *a, struct str name)
{
    enum { NAMES_MAX = 1024 };
    struct str *names = arena_array(a, struct str, NAMES_MAX);
    const struct action *action;
    size_t n = 0;
    names[n++] = FAULTS_DISCOVERY;
    names[n++] = FAULTS_JWKS;
    for (size_t i = 0; n < NAMES_MAX && (action = action_at(i)) != NULL; i++)
        names[n++] = str_of(action->name);
    return nearest_of(name, names, n);
}

static struct outcome read_action(struct reader *r, const struct json_at *at)
{
    struct str name;
    TRY(json_want_str(at, r->why, &name));
    if (!action_known(name)) {
        const struct str near = nearest_action(r->a, name);
        const struct str meant =
            near.n ? arena_printf(r->a, "did you mean \"%.*s\"?  Expected", STR_ARG(near))
                   : STR("expected");
        return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                         "no action \"%.*s\"; %.*s an Action of STS or IAM, \"*\" for all of them, "
                         "\"discovery\" or \"jwks\"",
                         STR_ARG(str_sub(name, 0, FAULTS_CODE_MAX)), STR_ARG(meant));
    }
    r->rule->action = name;
    return OK;
}

static bool code_valid(struct str code)
{
    for (size_t i = 0; i < code.n; i++) {
        const char c = code.p[i];
        const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '.')))
            return false;
    }
    return code.n && code.n <= FAULTS_CODE_MAX;
}

static struct outcome read_error(struct reader *r, const struct json_at *at)
{
    TRY(json_want_str(at, r->why, &r->rule->code));
    if (!code_valid(r->rule->code))
        return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                         "an error code is a letter and then at most %d letters, digits and dots, "
                         "as in \"Throttling\"",
                         FAULTS_CODE_MAX - 1);
    if (of_document(r->rule->action))
        return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                         "the documents of issuers know no errors of AWS; give \"status\"");
    return OK;
}

static struct outcome read_message(struct reader *r, const struct json_at *at)
{
    TRY(json_want_str(at, r->why, &r->rule->message));
    if (r->rule->message.n > FAULTS_MESSAGE_MAX)
        return json_fail(at, r->why, FAULT_CONFIG_INVALID, "a message has at most %d bytes",
                         FAULTS_MESSAGE_MAX);
    r->has_message = true;
    return OK;
}

static struct outcome want_within(struct reader *r, const struct json_at *at, int64_t min,
                                  int64_t max, int64_t *out)
{
    int64_t n;
    TRY(json_want_i64(at, r->why, &n));
    if (n < min || n > max)
        return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                         "expected a number from %" PRId64 " to %" PRId64, min, max);
    *out = n;
    return OK;
}

static struct outcome read_status(struct reader *r, const struct json_at *at)
{
    int64_t n;
    TRY(want_within(r, at, 400, 599, &n));
    r->rule->status = (int)n;
    return OK;
}

static struct outcome read_delay(struct reader *r, const struct json_at *at)
{
    int64_t n;
    TRY(want_within(r, at, 0, FAULTS_DELAY_MS_MAX, &n));
    r->rule->delay_ms = (int)n;
    return OK;
}

static struct outcome read_drop(struct reader *r, const struct json_at *at)
{
    return json_want_bool(at, r->why, &r->rule->drop);
}

static struct outcome read_truncate(struct reader *r, const struct json_at *at)
{
    int64_t n = 0;
    TRY(want_within(r, at, 1, truncate_max, &n));
    r->rule->truncate_to = (size_t)n;
    return OK;
}

static struct outcome read_times(struct reader *r, const struct json_at *at)
{
    return want_within(r, at, 1, count_max, &r->rule->times);
}

static struct outcome read_after(struct reader *r, const struct json_at *at)
{
    return want_within(r, at, 0, count_max, &r->rule->after);
}

static struct outcome read_probability(struct reader *r, const struct json_at *at)
{
    const double p = json_number_value(at->value); /* 0.0 of what is no number */
    if (!json_is_number(at->value) || p < 0 || p > 1)
        return json_fail(at, r->why, FAULT_CONFIG_INVALID, "expected a number from 0 to 1");
    r->rule->probability = p;
    return OK;
}

static struct outcome read_seed(struct reader *r, const struct json_at *at)
{
    r->rule->seeded = true;
    return json_want_i64(at, r->why, &r->rule->seed);
}

/* In the order in which they are read: what an error may be depends on the action. */
static const struct member {
    const char *name;
    struct outcome (*read)(struct reader *r, const struct json_at *at);
} members[] = {
    { "action", read_action },           { "error", read_error },    { "message", read_message },
    { "status", read_status },           { "delay_ms", read_delay }, { "drop", read_drop },
    { "truncate", read_truncate },       { "times", read_times },    { "after", read_after },
    { "probability", read_probability }, { "seed", read_seed },
};

enum { N_MEMBERS = sizeof members / sizeof members[0] };

static struct outcome read_members(struct reader *r, const struct json_at *at)
{
    const char *names[N_MEMBERS + 1] = { NULL };
    struct json_at member;
    for (size_t i = 0; i < N_MEMBERS; i++)
        names[i] = members[i].name;
    TRY(json_want_members(at, r->why, names));
    for (size_t i = 0; i < N_MEMBERS; i++)
        if (json_at_member(at, members[i].name, &member))
            TRY(members[i].read(r, &member));
    return OK;
}

/* A code has a status and a message it usually comes with, a status the code it stands for. */
static struct outcome complete_error(struct reader *r, const struct json_at *at)
{
    struct faults_rule *rule = r->rule;
    struct json_at status;
    if (!rule->code.n && rule->status && !of_document(rule->action)) {
        rule->code = aws_error_code_of_status(rule->status);
        if (!rule->code.n && json_at_member(at, "status", &status))
            return json_fail(&status, r->why, FAULT_CONFIG_INVALID,
                             "no error of AWS goes by %d alone; give \"error\" too", rule->status);
    }
    if (!rule->code.n)
        return OK;
    const struct aws_error usual = aws_error_usual(arena_cstr(r->a, rule->code), rule->action);
    if (!rule->status)
        rule->status = usual.status;
    if (!r->has_message)
        rule->message = usual.message;
    return OK;
}

static struct outcome want_effect(struct reader *r, const struct json_at *at)
{
    const struct faults_rule *rule = r->rule;
    if (r->has_message && !rule->status)
        return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                         "a \"message\" is that of an error: give \"error\" or \"status\"");
    if (!rule->status && !rule->delay_ms && !rule->drop && !rule->truncate_to)
        return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                         "this fault does nothing; give \"error\", \"status\", \"delay_ms\", "
                         "\"drop\" or \"truncate\"");
    return OK;
}

struct outcome faults_read_rule(struct arena *a, struct why *why, const struct json_at *at,
                                struct faults_rule *out)
{
    struct faults_rule rule = { .action = every_action, .probability = 1 };
    struct reader r = { a, why, &rule, false };
    TRY(read_members(&r, at));
    TRY(complete_error(&r, at));
    TRY(want_effect(&r, at));
    *out = rule;
    return OK;
}

struct outcome faults_read(struct arena *a, struct why *why, const struct json_at *list,
                           struct faults_rules *out)
{
    TRY(json_want_array(list, why));
    const size_t n = json_array_size(list->value);
    if (n > FAULTS_MAX)
        return json_fail(list, why, FAULT_CONFIG_INVALID, "at most %d faults", FAULTS_MAX);
    struct faults_rule *items = arena_array(a, struct faults_rule, n);
    for (size_t i = 0; i < n; i++) {
        const struct json_at item = json_at_item(list, i);
        TRY(faults_read_rule(a, why, &item, &items[i]));
    }
    *out = (struct faults_rules){ items, n };
    return OK;
}

/* ---- the list ---- */

struct entry {
    struct arena *arena; /* owned; its texts */
    int64_t id;
    struct faults_rule rule;
    bool configured; /* comes and goes with the config */
    int64_t seen, fired;
};

struct faults {
    pthread_mutex_t lock;
    _Atomic size_t n;                     /* read without the lock: mostly there are none */
    struct entry entries[2 * FAULTS_MAX]; /* a config's, and injected ones */
    int64_t last_id;
};

struct faults *faults_new(void)
{
    struct faults *f = calloc(1, sizeof *f);
    if (!f || pthread_mutex_init(&f->lock, NULL) != 0)
        abort();
    return f;
}

static void drop_all(struct faults *f)
{
    for (size_t i = 0; i < f->n; i++)
        arena_free(f->entries[i].arena);
    f->n = 0;
}

void faults_free(struct faults *f)
{
    if (!f)
        return;
    drop_all(f);
    pthread_mutex_destroy(&f->lock);
    free(f);
}

static struct entry *append(struct faults *f, const struct faults_rule *rule, bool configured)
{
    struct entry *e = &f->entries[f->n];
    *e = (struct entry){
        .arena = arena_new_small(512), .id = ++f->last_id, .rule = *rule, .configured = configured
    };
    e->rule.action = arena_str(e->arena, rule->action);
    e->rule.code = arena_str(e->arena, rule->code);
    e->rule.message = arena_str(e->arena, rule->message);
    if (!rule->seeded)
        e->rule.seed = e->id;
    f->n++;
    return e;
}

void faults_set(struct faults *f, const struct faults_rules *rules)
{
    pthread_mutex_lock(&f->lock);
    drop_all(f);
    f->last_id = 0;
    for (size_t i = 0; i < rules->n; i++)
        append(f, &rules->items[i], true);
    pthread_mutex_unlock(&f->lock);
}

static void drop_configured(struct faults *f)
{
    size_t kept = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (f->entries[i].configured)
            arena_free(f->entries[i].arena);
        else
            f->entries[kept++] = f->entries[i];
    }
    f->n = kept;
}

void faults_configure(struct faults *f, const struct faults_rules *rules)
{
    pthread_mutex_lock(&f->lock);
    drop_configured(f);
    for (size_t i = 0; i < rules->n; i++)
        append(f, &rules->items[i], true);
    pthread_mutex_unlock(&f->lock);
}

static size_t n_injected(const struct faults *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        n += !f->entries[i].configured;
    return n;
}

void faults_clear(struct faults *f)
{
    pthread_mutex_lock(&f->lock);
    drop_all(f);
    pthread_mutex_unlock(&f->lock);
}

/* ---- showing ---- */

static void show_text(json_t *o, const char *key, struct str text)
{
    if (text.n)
        json_object_set_new(o, key, json_of(text));
}

static void show_number(json_t *o, const char *key, int64_t n)
{
    if (n)
        json_object_set_new(o, key, json_integer(n));
}

/* Members that change nothing are left out. */
static json_t *shown_entry(const struct entry *e)
{
    const struct faults_rule *rule = &e->rule;
    json_t *o = json_object();
    json_object_set_new(o, "id", json_integer(e->id));
    json_object_set_new(o, "action", json_of(rule->action));
    show_text(o, "error", rule->code);
    show_text(o, "message", rule->message);
    show_number(o, "status", rule->status);
    show_number(o, "delay_ms", rule->delay_ms);
    if (rule->drop)
        json_object_set_new(o, "drop", json_true());
    show_number(o, "truncate", (int64_t)rule->truncate_to);
    show_number(o, "times", rule->times);
    show_number(o, "after", rule->after);
    if (rule->probability < 1) {
        json_object_set_new(o, "probability", json_real(rule->probability));
        json_object_set_new(o, "seed", json_integer(rule->seed));
    }
    json_object_set_new(o, "seen", json_integer(e->seen));
    json_object_set_new(o, "fired", json_integer(e->fired));
    return o;
}

struct outcome faults_add(struct faults *f, struct why *why, const struct faults_rule *rule,
                          json_t **shown)
{
    json_t *added = NULL;
    pthread_mutex_lock(&f->lock);
    if (n_injected(f) < FAULTS_MAX)
        added = shown_entry(append(f, rule, false));
    pthread_mutex_unlock(&f->lock);
    if (!added)
        FAIL(why, CONFIG_INVALID, "there are %d faults already; take some away", FAULTS_MAX);
    *shown = added;
    return OK;
}

json_t *faults_json(struct faults *f)
{
    json_t *list = json_array();
    pthread_mutex_lock(&f->lock);
    for (size_t i = 0; i < f->n; i++)
        json_array_append_new(list, shown_entry(&f->entries[i]));
    pthread_mutex_unlock(&f->lock);
    return list;
}

static json_t *take_out(struct faults *f, size_t i)
{
    json_t *shown = shown_entry(&f->entries[i]);
    arena_free(f->entries[i].arena);
    f->n--;
    memmove(&f->entries[i], &f->entries[i + 1], (f->n - i) * sizeof f->entries[0]);
    return shown;
}

json_t *faults_remove(struct faults *f, int64_t id)
{
    json_t *removed = NULL;
    pthread_mutex_lock(&f->lock);
    for (size_t i = 0; i < f->n && !removed; i++)
        if (f->entries[i].id == id)
            removed = take_out(f, i);
    pthread_mutex_unlock(&f->lock);
    return removed;
}

/* ---- deciding ---- */

/* The n-th number of SplitMix64 (Steele, Lea, Flood 2014) from that seed, as one of [0, 1). */
static double drawn(int64_t seed, int64_t n)
{
    uint64_t z = (uint64_t)seed + (uint64_t)n * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    return (double)(z >> 11) * 0x1p-53;
}

static bool is_for(const struct faults_rule *rule, struct str action)
{
    return str_eq(rule->action, every_action) ? !of_document(action) : str_eq(rule->action, action);
}

/* Of a call that was just counted. */
static bool wants(const struct entry *e)
{
    return e->seen > e->rule.after && (!e->rule.times || e->fired < e->rule.times) &&
           drawn(e->rule.seed, e->seen) < e->rule.probability;
}

static struct entry *decide(struct faults *f, struct str action)
{
    struct entry *first = NULL;
    for (size_t i = 0; i < f->n; i++) {
        struct entry *e = &f->entries[i];
        if (!is_for(&e->rule, action))
            continue;
        e->seen++;
        if (!first && wants(e))
            first = e;
    }
    if (first)
        first->fired++;
    return first;
}

bool faults_next(void *faults, struct arena *a, struct str action, struct fault_hit *out)
{
    struct faults *f = faults;
    if (!f->n)
        return false;
    pthread_mutex_lock(&f->lock);
    const struct entry *e = decide(f, action);
    if (e)
        *out = (struct fault_hit){ .id = e->id,
                                   .code = arena_str(a, e->rule.code),
                                   .message = arena_str(a, e->rule.message),
                                   .status = e->rule.status,
                                   .delay_ms = e->rule.delay_ms,
                                   .drop = e->rule.drop,
                                   .truncate_to = e->rule.truncate_to };
    pthread_mutex_unlock(&f->lock);
    return e != NULL;
}
