#include "scenarios/world_state.h"

#include "fakests/iam/change.h"

/* How the world is kept: changes of IAM one after the other, on disk before they are in force. */

static void drop_snapshot(void *s)
{
    snapshot_drop(s);
}

static struct str document_text(struct arena *a, const struct config *config, const struct iam *iam)
{
    return arena_join(a, json_text_pretty(a, config_document(a, config, iam)), STR("\n"));
}

struct outcome world_keep_all(struct world *w, struct why *why, const struct config *config,
                              const struct iam *iam)
{
    if (!w->state)
        return OK;
    struct arena *a = arena_new();
    struct outcome o = state_replace(w->state, why, document_text(a, config, iam));
    arena_free(a);
    return o;
}

static struct outcome not_kept(struct why *why, const struct why *cause)
{
    FAIL(why, NOT_KEPT, "%.*s", STR_ARG(why_text(cause)));
}

/* A journal that cannot be folded in goes on being written: nothing is lost by it. */
static void fold(struct world *w, const struct snapshot *s, const struct iam *iam)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    if (w->state && state_is_long(w->state))
        (void)failed(world_keep_all(w, &why, s->config, iam));
    arena_free(a);
}

static struct outcome commit(struct world *w, struct call *c, const struct snapshot *s)
{
    struct why why = why_new(c->arena);
    if (!c->changes->n)
        return OK;
    if (w->state && failed(state_append(w->state, &why, iam_changes_write(c->arena, c->changes))))
        return not_kept(c->why, &why);
    struct iam *next = iam_apply(s->iam, c->changes);
    fold(w, s, next);
    world_publish(w, world_config_hold(s->held), next);
    return OK;
}

struct outcome world_keep(void *world, struct call *c,
                          struct outcome (*run)(struct call *c, struct str *document),
                          struct str *document)
{
    struct world *w = world;
    struct iam_changes changes = iam_changes_new(c->arena);
    struct outcome o;

    pthread_mutex_lock(&w->changing);
    struct snapshot *s = world_now(w);
    arena_defer(c->arena, drop_snapshot, s);
    c->world = &s->sts;
    c->changes = &changes;
    o = run(c, document);
    if (!failed(o))
        o = commit(w, c, s);
    c->changes = NULL;
    pthread_mutex_unlock(&w->changing);
    return o;
}

void world_keep_close(struct world *w)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    if (w->state && w->now && state_n_records(w->state)) /* else the journal is read again */
        (void)failed(world_keep_all(w, &why, w->now->config, w->now->iam));
    state_close(w->state);
    w->state = NULL;
    arena_free(a);
}

/* ---- beginning ---- */

static struct outcome apply_records(struct arena *a, struct why *why, const char *path,
                                    const struct state_found *found, struct iam **iam)
{
    for (size_t i = 0; i < found->n_records; i++) {
        struct arena *work = arena_new();
        struct iam_changes changes;
        struct str name = arena_printf(a, "%s.journal", path);
        struct outcome o = iam_changes_read(work, why, name, found->records[i], &changes);
        if (!failed(o)) {
            struct iam *next = iam_apply(*iam, &changes);
            iam_drop(*iam);
            *iam = next;
        }
        arena_free(work);
        TRY(o);
    }
    return OK;
}

static struct outcome read_found(struct why *why, const char *path, struct arena *arena,
                                 const struct state_found *found, struct config **config,
                                 struct iam **iam)
{
    const struct config_source source = {
        .name = str_of(path), .text = found->snapshot, .files_allowed = true, .judged = found->ours
    };
    TRY(config_read(arena, why, &source, config));
    *iam = iam_hold((*config)->iam);
    struct outcome o = apply_records(arena, why, path, found, iam);
    if (failed(o))
        iam_drop(*iam);
    return o;
}

static struct str notes(struct arena *a, const struct world_options *options,
                        const struct state_found *found)
{
    struct str wins = STR(""), cut = STR("");
    if (found->exists && options->config_path)
        wins = arena_printf(a, "note: the state in %s wins over --config %s\n", options->state_path,
                            options->config_path);
    if (found->cut)
        cut = arena_printf(a,
                           "note: %s.journal: the last record was cut short and is dropped; "
                           "nobody was told that it was kept\n",
                           options->state_path);
    return arena_join(a, wins, cut);
}

struct outcome world_keep_open(struct world *w, struct why *why,
                               const struct world_options *options, struct arena *arena,
                               struct config **config, struct iam **iam)
{
    struct state_found found;
    TRY(state_open(arena, why, options->state_path, STR(UNDERSTUDY_VERSION), &w->state, &found));
    w->state_notes = notes(w->arena, options, &found);
    if (found.exists) {
        TRY(read_found(why, options->state_path, arena, &found, config, iam));
    } else {
        TRY(config_load(arena, why, options->config_path, config));
        *iam = iam_hold((*config)->iam);
    }
    if (found.exists && found.ours)
        return OK;
    struct outcome o = world_keep_all(w, why, *config, *iam);
    if (failed(o))
        iam_drop(*iam);
    return o;
}
