#include "scenarios/play_state.h"

#include "scenarios/answer.h"

struct outcome play_nobody(struct playing *p, struct str method, struct str path)
{
    p->unplayable =
        arena_printf(p->arena, "nobody there answers %.*s %.*s", STR_ARG(method), STR_ARG(path));
    FAIL(p->why, CONFIG_INVALID, "%.*s", STR_ARG(p->unplayable));
}

struct outcome play_control(struct playing *p, const char *method, const char *path, json_t *body,
                            json_t **out)
{
    struct stage_answer answer;
    struct stage_request request = { .method = str_of(method),
                                     .path = str_of(path),
                                     .content_type = STR("application/json") };
    struct why unread = why_new(p->arena);
    struct json_doc *doc = NULL;

    if (!p->stage->controlled)
        return play_nobody(p, request.method, request.path);
    if (body)
        request.body = json_text(p->arena, body);
    TRY(p->stage->send(p->stage->context, p->arena, p->why, &request, &answer));
    if (answer.lost)
        FAIL(p->why, PEER_UNREACHABLE, "%s %s: no answer", method, path);
    if (failed(json_load(p->arena, &unread, STR("answer"), answer.body, JSON_LAST_WINS, &doc)))
        FAIL(p->why, PEER_UNINTELLIGIBLE, "%s %s: status %d, and no JSON", method, path,
             answer.status);
    if (answer.status < 200 || answer.status > 299) {
        struct str place = json_str(json_object_get(doc->root, "place"));
        FAIL(p->why, CONFIG_INVALID, "%.*s%s%.*s", STR_ARG(place), place.n ? ": " : "",
             STR_ARG(json_str(json_object_get(doc->root, "detail"))));
    }
    if (out)
        *out = doc->root;
    return OK;
}

void play_save(struct playing *p, const struct step *s, json_t *value)
{
    if (s->save.n && value)
        json_object_set(p->saved, arena_cstr(p->arena, s->save), value);
}

struct outcome play_resolve(struct playing *p, struct str text, struct str *out)
{
    struct str name, path;
    if (!scenario_reference(text, &name, &path)) {
        if (!scenario_literal(text, out))
            *out = text;
        return OK;
    }
    struct str value = answer_text(json_object_get(p->saved, arena_cstr(p->arena, name)), path);
    if (!value.p)
        FAIL(p->why, CONFIG_INVALID, "nothing was saved that %.*s could stand for", STR_ARG(text));
    *out = value;
    return OK;
}

/* ---- the whole ---- */

/* "AssumeRoleWithWebIdentity", "mint circleci/v2", "advance 61m": the step in a few words. */
static struct str step_text(struct arena *a, const struct step *s)
{
    const json_t *what = s->value;
    if (strcmp(s->row->verb, "call") == 0)
        return arena_join(a, json_object_get(what, "Action")
                                 ? json_str(json_object_get(what, "Action"))
                                 : STR("a call without Action"));
    if (strcmp(s->row->verb, "mint") == 0)
        what = json_object_get(what, "platform");
    struct str words = json_is_string(what)    ? json_str(what)
                       : json_is_integer(what) ? json_text(a, what)
                                               : STR("");
    return arena_printf(a, "%s%s%.*s", s->row->verb, words.n ? " " : "", STR_ARG(words));
}

static void add_failure(struct playing *p, size_t step, const struct why *why,
                        struct play_result *out)
{
    struct play_failure *more = arena_array(p->arena, struct play_failure, out->n_failures + 1);
    if (out->n_failures)
        memcpy(more, out->failures, out->n_failures * sizeof *more);
    more[out->n_failures++] = (struct play_failure){
        .step = step,
        .place = scenario_place(p->arena, p->scenario, step),
        .what = step_text(p->arena, &p->scenario->steps[step]),
        .why = *why,
        .mismatches = p->mismatches,
        .answered = p->answered,
        .explanation = p->explanation,
        .right = p->right,
    };
    out->failures = more;
}

static void forget_step(struct playing *p)
{
    p->mismatches = (struct mismatches){ .n = 0 };
    p->answered = STR("");
    p->explanation = NULL;
    p->right = NULL;
    p->unplayable = STR("");
    p->unchecked = false;
}

/* False: there is nothing more to play. */
static bool play_step(struct playing *p, size_t i, struct play_result *out)
{
    const struct step *s = &p->scenario->steps[i];
    struct why why = why_new(p->arena);
    forget_step(p);
    p->why = &why;
    struct outcome o = s->row->play(p, s);
    if (p->unplayable.n) {
        out->verdict = PLAY_SKIPPED;
        out->skipped = arena_printf(p->arena, "%s: %.*s", s->row->verb, STR_ARG(p->unplayable));
        return false;
    }
    out->n_unchecked += p->unchecked;
    if (!failed(o) && !p->mismatches.n)
        return true;
    add_failure(p, i, &why, out);
    out->verdict = PLAY_FAILED;
    return !failed(o);
}

void play(struct arena *a, const struct scenario *s, const struct stage *stage,
          const struct play_options *options, struct play_result *out)
{
    struct playing p = { .arena = a,
                         .scenario = s,
                         .stage = stage,
                         .saved = json_keep(a, json_object()),
                         .now_ms = s->clock_ms };
    *out = (struct play_result){ .verdict = PLAY_PASSED };
    for (size_t i = 0; i < s->n_steps; i++)
        if (!play_step(&p, i, out) || (out->n_failures && !options->all))
            return;
}
