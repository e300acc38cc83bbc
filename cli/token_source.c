#include "cli/token_source.h"

#include "base/file.h"
#include "jose/jws.h"

/* Far over what AWS takes (20,000 characters), so that its own refusal can be seen. */
enum { TOKEN_BYTES_MAX = 1024 * 1024 };

/* RoleSessionName where no platform says one. */
static const struct str session_name_otherwise = STR_INIT("understudy");

struct outcome token_source_check(const struct options *o, struct why *why, const char *expected)
{
    int given = !!o->platform.p + !!o->token_file.p + !!o->claims_file.p;
    if (given != 1)
        FAIL(why, USAGE, "expected %s%s", expected, given ? ", and only one of them" : "");
    if (o->set.n && !o->platform.p)
        FAIL(why, USAGE, "--set goes with --platform: a given token is taken as it is");
    return OK;
}

/* The text in front of the first '=' is the name; the value may hold more of them. */
static struct outcome set_parameter(struct why *why, json_t *set, struct str pair)
{
    struct str value = pair;
    struct str name = str_cut(&value, '=');
    if (!name.n || name.n == pair.n)
        FAIL(why, USAGE, "--set: expected NAME=VALUE, found \"%.*s\"", STR_ARG(pair));
    if (json_object_set_new(set, arena_cstr(why->arena, name), json_of(value)) != 0)
        FAIL(why, USAGE, "--set: \"%.*s\" is no name", STR_ARG(name));
    return OK;
}

struct outcome token_source_ask(struct arena *a, struct why *why, const struct options *o,
                                struct token_ask *out)
{
    json_t *set = json_keep(a, json_object());
    for (size_t i = 0; i < o->set.n; i++)
        TRY(set_parameter(why, set, o->set.items[i]));
    *out = (struct token_ask){ .platform = o->platform, .set = set };
    return OK;
}

static struct outcome mint(struct arena *a, struct why *why, struct world *world,
                           const struct options *o, struct token_source *out)
{
    struct token_ask ask;
    struct token token;

    TRY(token_source_ask(a, why, o, &ask));
    TRY(world_mint(world, a, why, &ask, &token));
    *out = (struct token_source){
        .text = token.text,
        .issuer = token.issuer,
        .session_name = token.session_name.n ? token.session_name : session_name_otherwise,
        .variant = token.variant,
    };
    return OK;
}

/* The session name of the platform that makes such tokens, if it is the same for every job. */
static struct str usual_session_name(struct arena *a, struct world *world, struct str issuer)
{
    struct snapshot *now = world_now(world);
    const struct profile_variant *v = profiles_for_issuer(now->config->profiles, issuer);
    struct str name = session_name_otherwise;
    if (v && v->session_name.n && !str_contains(v->session_name, STR("{")))
        name = arena_str(a, v->session_name);
    snapshot_drop(now);
    return name;
}

/*
 * Without the one line ending that `understudy token` and editors put behind it.  Nothing else is
 * taken away: AWS refuses a token with white space around it, and so it shall be seen.
 */
static struct str without_line_ending(struct str text)
{
    if (str_ends(text, STR("\n")))
        text.n--;
    if (str_ends(text, STR("\r")))
        text.n--;
    return text;
}

static void take_claims(struct token_source *source, const struct json_doc *claims)
{
    source->claims = claims;
    source->issuer = json_str(json_object_get(claims->root, "iss"));
}

/* What the service will refuse is not refused here: a token that is no JWT just has no issuer. */
static struct outcome read_token(struct arena *a, struct why *why, const struct options *o,
                                 struct token_source *out)
{
    struct why ignored = why_new(a);
    struct str text;
    struct jws *jws;

    TRY(file_read(a, why, o->token_file.p, TOKEN_BYTES_MAX, &text));
    *out = (struct token_source){ .text = without_line_ending(text) };
    if (!out->text.n)
        FAIL(why, USAGE, "%.*s: the token is empty", STR_ARG(o->token_file));
    if (!failed(jws_split(a, &ignored, out->text, &jws)))
        take_claims(out, jws->claims_json);
    return OK;
}

/* Read as a token's payload is: of duplicate members the last counts. */
static struct outcome read_claims(struct arena *a, struct why *why, const struct options *o,
                                  struct token_source *out)
{
    struct str text;
    struct json_doc *doc;

    TRY(file_read(a, why, o->claims_file.p, TOKEN_BYTES_MAX, &text));
    TRY(json_load(a, why, o->claims_file, text, JSON_LAST_WINS, &doc));
    const struct json_at root = json_at_root(doc);
    TRY(json_want_object(&root, why));
    *out = (struct token_source){ 0 };
    take_claims(out, doc);
    return OK;
}

struct outcome token_source_take(struct arena *a, struct why *why, struct world *world,
                                 const struct options *o, struct token_source *out)
{
    if (o->platform.p)
        return mint(a, why, world, o, out);
    if (o->claims_file.p)
        TRY(read_claims(a, why, o, out));
    else
        TRY(read_token(a, why, o, out));
    out->session_name = usual_session_name(a, world, out->issuer);
    return OK;
}
