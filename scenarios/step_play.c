#include "scenarios/play_state.h"

#include "base/clock.h"
#include "jose/alg.h"
#include "scenarios/world_patch.h"

/* The steps that move the world, through the control side (docs/control.md). */

static json_t *object(struct playing *p)
{
    return json_keep(p->arena, json_object());
}

/* ---- tokens ---- */

static struct outcome mint(struct playing *p, const struct step *s, json_t *ask)
{
    json_t *answer;
    TRY(play_control(p, "POST", "/_understudy/token", ask, &answer));
    play_save(p, s, json_object_get(answer, "token"));
    return OK;
}

struct outcome step_play_mint(struct playing *p, const struct step *s)
{
    return mint(p, s, s->value);
}

/* What names the key that signed is ours to say: the key that signed it then is not here. */
static json_t *header_without_key(const json_t *header, bool verified)
{
    static const char *const of_key[] = { "x5t", "x5t#S256", "x5c", "x5u", "jku", "jwk" };
    json_t *h = header ? json_deep_copy(header) : json_object();
    for (size_t i = 0; i < sizeof of_key / sizeof of_key[0]; i++)
        json_object_del(h, of_key[i]);
    if (verified) { /* else both may be what was wrong: an alg, a key that nobody has published */
        json_object_del(h, "alg");
        json_object_del(h, "kid");
    }
    return h;
}

/* By whom, and with the algorithm it was signed with where that is one a token can have. */
static json_t *signing(const json_t *header, const json_t *iss)
{
    json_t *set = json_object(), *alg = json_object_get(header, "alg");
    if (str_starts(json_str(iss), STR("https://")))
        json_object_set_new(set, "issuer", json_deep_copy(iss));
    if (json_is_string(alg) && alg_find(json_str(alg)))
        json_object_set(set, "alg", alg);
    return set;
}

/*
 * A captured token is signed anew, by the issuer's key as it is here: the same header, the same
 * claims, and a signature that verifies or does not, as it did.
 */
struct outcome step_play_token(struct playing *p, const struct step *s)
{
    json_t *claims = json_object_get(s->value, "claims"), *ask = object(p);
    bool verified = json_is_true(json_object_get(s->value, "verified"));
    const json_t *iss = json_object_get(claims, "iss");
    json_object_set_new(ask, "platform", json_string("generic"));
    json_object_set_new(ask, "set", signing(json_object_get(s->value, "header"), iss));
    json_object_set(ask, "claims", claims);
    json_object_set_new(ask, "only", json_true());
    json_object_set_new(ask, "header",
                        header_without_key(json_object_get(s->value, "header"), verified));
    if (!verified)
        json_object_set_new(ask, "flaw", json_string("bad-signature"));
    return mint(p, s, ask);
}

/* ---- sessions ---- */

struct outcome step_play_session(struct playing *p, const struct step *s)
{
    json_t *answer;
    TRY(play_control(p, "POST", "/_understudy/session", s->value, &answer));
    play_save(p, s, answer);
    return OK;
}

/* ---- time ---- */

static struct outcome set_clock(struct playing *p, int64_t now_ms)
{
    char text[TIME_TEXT_BYTES];
    json_t *body = object(p);
    json_object_set_new(body, "now", json_string(time_write_ms(now_ms, text)));
    json_object_set_new(body, "frozen", json_true());
    TRY(play_control(p, "PUT", "/_understudy/clock", body, NULL));
    p->now_ms = now_ms;
    return OK;
}

struct outcome step_play_advance(struct playing *p, const struct step *s)
{
    int64_t seconds = json_integer_value(s->value);
    if (json_is_string(s->value) && !duration_read(json_str(s->value), &seconds))
        seconds = 0; /* step_read_advance saw to it */
    int64_t now_s = p->now_ms / 1000;
    if (seconds > TIME_MAX_S - now_s || seconds < TIME_MIN_S - now_s)
        FAIL(p->why, CONFIG_INVALID, "the clock ends with the years 0000 and 9999");
    return set_clock(p, p->now_ms + seconds * 1000);
}

struct outcome step_play_clock(struct playing *p, const struct step *s)
{
    struct str text = json_is_string(s->value) ? json_str(s->value) : json_text(p->arena, s->value);
    int64_t now_ms = p->now_ms;
    (void)time_read(text, &now_ms); /* step_read_clock saw to it */
    return set_clock(p, now_ms);
}

/* ---- keys ---- */

struct outcome step_play_issuer(struct playing *p, const struct step *s)
{
    json_t *body = s->value;
    if (!json_is_object(body)) {
        body = object(p);
        json_object_set(body, "issuer", s->value);
    }
    return play_control(
        p, "POST", arena_printf(p->arena, "/_understudy/issuers/%s", s->row->verb).p, body, NULL);
}

/* ---- faults ---- */

struct outcome step_play_fault(struct playing *p, const struct step *s)
{
    if (json_is_string(s->value)) /* "none" */
        return play_control(p, "DELETE", "/_understudy/faults", NULL, NULL);
    return play_control(p, "POST", "/_understudy/faults", s->value, NULL);
}

/* ---- the world ---- */

static struct outcome patch(struct playing *p, const json_t *change)
{
    json_t *world;
    TRY(play_control(p, "GET", "/_understudy/world", NULL, &world));
    return play_control(p, "PUT", "/_understudy/world", world_patch(p->arena, world, change), NULL);
}

struct outcome step_play_world(struct playing *p, const struct step *s)
{
    return patch(p, s->value);
}

struct outcome step_play_source_ip(struct playing *p, const struct step *s)
{
    json_t *change = object(p);
    json_object_set(change, "source_ip", s->value);
    return patch(p, change);
}
