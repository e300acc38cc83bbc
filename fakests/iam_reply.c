#include "fakests/iam_reply.h"

#include "base/encode.h"
#include "fakests/iam/ids.h"

#include <inttypes.h>

enum { TAGS_MAX = 50 };

/* ---- what replies have in common ---- */

void iam_reply_tags(struct xml *x, const struct tag *tags, size_t n)
{
    if (!n) {
        xml_leaf(x, "Tags", STR(""));
        return;
    }
    xml_open(x, "Tags", NULL);
    for (size_t i = 0; i < n; i++) {
        xml_open(x, "member", NULL);
        xml_leaf(x, "Key", tags[i].key);
        xml_leaf(x, "Value", tags[i].value);
        xml_close(x, "member");
    }
    xml_close(x, "Tags");
}

void iam_reply_document(struct xml *x, const char *name, struct str text)
{
    xml_leaf(x, name, percent_write(x->out->arena, text));
}

void iam_reply_time(struct call *c, struct xml *x, const char *name, int64_t epoch_s)
{
    char time[TIME_TEXT_BYTES];
    xml_leaf(x, name, str_of(time_write(epoch_s ? epoch_s : c->world->since_s, time)));
}

void iam_reply_time_ms(struct call *c, struct xml *x, const char *name, int64_t epoch_ms)
{
    char time[TIME_TEXT_BYTES];
    xml_leaf(x, name, str_of(time_write_ms(epoch_ms ? epoch_ms : c->world->since_s * 1000, time)));
}

struct str iam_reply_empty(struct call *c, const char *action)
{
    struct reply r;
    reply_open(&r, c, action, false);
    return reply_close(&r, false);
}

struct str iam_new_id(struct call *c, const char *prefix)
{
    uint8_t random[ID_RANDOM_BYTES];
    entropy_fill(c->service->entropy, random, sizeof random);
    return iam_unique_id(c->arena, prefix, c->caller.account, ID_UNIQUE_CHARACTERS, random);
}

/* ---- tags ---- */

static bool same_key(struct str a, struct str b, bool fold)
{
    return fold ? str_eq_nocase(a, b) : str_eq(a, b);
}

static bool repeated(const struct tag *tags, size_t i, bool fold)
{
    for (size_t j = 0; j < i; j++)
        if (same_key(tags[i].key, tags[j].key, fold))
            return true;
    return false;
}

/* "You cannot create a tag key or value that begins with the text aws:" (IAM User Guide, "Rules for
 * tagging in IAM and AWS STS"). */
static bool reserved(struct str s)
{
    return str_eq_nocase(str_sub(s, 0, 4), STR("aws:"));
}

static struct outcome check_tag(struct call *c, const struct tag *tags, size_t i, bool fold)
{
    if (repeated(tags, i, fold)) {
        c->why->arg[0] = fold ? STR("Duplicate tag keys found. Please note that Tag keys are case "
                                    "insensitive.")
                              : STR("Duplicate tag keys found."); /* inferred */
        FAIL(c->why, INPUT_INVALID, "the tag key \"%.*s\" is there twice", STR_ARG(tags[i].key));
    }
    if (reserved(tags[i].key) || reserved(tags[i].value)) {
        /* What CloudFormation answers; IAM's own text is not known. */
        c->why->arg[0] = STR("aws: prefixed tag key names are not allowed for external use.");
        FAIL(c->why, INPUT_INVALID, "the tag \"%.*s\" begins with aws:, as does what AWS makes",
             STR_ARG(tags[i].key));
    }
    return OK;
}

struct outcome iam_tags_check(struct call *c, const struct tag *tags, size_t n, bool fold)
{
    for (size_t i = 0; i < n; i++)
        TRY(check_tag(c, tags, i, fold));
    if (n <= TAGS_MAX)
        return OK;
    /* As emulators answer that copy AWS's texts. */
    c->why->arg[0] = STR("The number of tags has reached the maximum limit.");
    FAIL(c->why, QUOTA_EXCEEDED, "%zu tags, %d are allowed", n, TAGS_MAX);
}

struct outcome iam_quota(struct call *c, const char *what, size_t n, size_t max)
{
    if (n <= max)
        return OK;
    c->why->arg[0] = arena_printf(c->arena, "Cannot exceed quota for %s: %zu", what, max);
    FAIL(c->why, QUOTA_EXCEEDED, "%zu would be over the quota %s of %zu", n, what, max);
}
