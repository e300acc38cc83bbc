#include "tests/fuzz/fuzz.h"

#include "scenarios/play.h"
#include "scenarios/pseudonyms.h"
#include "scenarios/stage_world.h"

#include <stdlib.h>

/*
 * A scenario of a stranger: read whole, or refused with its place; what can be read is played in a
 * world of its own, as it is and with pseudonyms, and what failed says where.  Files are none of a
 * fuzzer's business, and worlds and steps are few, so that an input takes milliseconds.
 */

enum { STEPS_PLAYED_MAX = 20, BYTES_PLAYED_MAX = 64 * 1024 };

static struct outcome read(struct arena *a, struct why *why, struct str text, struct scenario **out)
{
    struct json_doc *doc;
    TRY(json_load(a, why, STR("fuzz"), text, JSON_DUPLICATES_REFUSED, &doc));
    return scenario_read(a, why, doc, out);
}

/* Names of files may be spelt with escapes, and platforms of a config are files too. */
static bool worth_playing(const struct scenario *s)
{
    struct str text = s->doc->text;
    return s->n_steps <= STEPS_PLAYED_MAX && text.n <= BYTES_PLAYED_MAX &&
           !str_contains(text, STR("file")) && !str_contains(text, STR("platforms")) &&
           !str_contains(text, STR("\\u"));
}

static void play_it(struct arena *a, const struct scenario *s)
{
    const struct play_options all = { .all = true };
    struct why why = why_new(a);
    struct play_result result;
    struct stage stage;
    if (failed(stage_world_open(a, &why, s, &stage))) {
        if (fault_kind(why.fault) != FAULT_KIND_INPUT || !why.detail.n)
            abort();
        return;
    }
    play(a, s, &stage, &all, &result);
    if ((result.verdict == PLAY_FAILED) != (result.n_failures > 0) ||
        result.verdict == PLAY_SKIPPED)
        abort();
    for (size_t i = 0; i < result.n_failures; i++) {
        const struct play_failure *f = &result.failures[i];
        if (!f->place.n || (f->why.fault == FAULT_NONE) == (f->mismatches.n == 0))
            abort();
    }
}

/* Names of members may fall together, so it need not be a scenario; but it is JSON. */
static void put_pseudonyms(struct arena *a, const struct scenario *s)
{
    struct why why = why_new(a);
    struct scenario *other;
    struct str text = json_text(a, pseudonyms_put(a, s->doc->root));
    if (!failed(read(a, &why, text, &other)) && worth_playing(other))
        play_it(a, other);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct scenario *s;
    if (failed(read(a, &why, str_n((const char *)bytes, n), &s))) {
        if (fault_kind(why.fault) != FAULT_KIND_INPUT || !why.detail.n)
            abort();
    } else if (worth_playing(s)) {
        play_it(a, s);
        put_pseudonyms(a, s);
    }
    arena_free(a);
    return 0;
}
