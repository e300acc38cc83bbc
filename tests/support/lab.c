#include "tests/support/lab.h"

#include "jose/jws.h"
#include "tests/support/lab_keys.h"

#include <stdio.h>
#include <stdlib.h>

static void must(struct outcome o, const struct why *why)
{
    if (!failed(o))
        return;
    fprintf(stderr, "lab: %s: %.*s: %.*s\n", fault_reason(o.fault), STR_ARG(why->place),
            STR_ARG(why->detail));
    abort();
}

static struct pkey *load(struct lab *lab, const char *pem)
{
    struct why why = why_new(lab->arena);
    struct pkey *key = NULL;
    must(pkey_read_pem(&why, str_of(pem), &key), &why);
    return key;
}

void lab_init(struct lab *lab)
{
    static const struct {
        const char *alg, *pem;
    } rows[LAB_KEYS] = { { "RS256", lab_key_rsa },  { "RS384", lab_key_rsa },
                         { "RS512", lab_key_rsa },  { "ES256", lab_key_p256 },
                         { "ES384", lab_key_p384 }, { "ES512", lab_key_p521 } };
    *lab = (struct lab){ .arena = arena_new() };
    clock_init(&lab->clock);
    clock_set(&lab->clock, (int64_t)LAB_NOW_S * 1000, true);
    entropy_init_seeded(&lab->entropy, 42);
    lab->service.clock = &lab->clock;
    lab->service.entropy = &lab->entropy;
    lab->service.signing_time_is_clock = true;
    for (size_t i = 0; i < LAB_KEYS; i++)
        lab->keys[i] = (struct lab_key){ alg_find(str_of(rows[i].alg)), load(lab, rows[i].pem) };
}

void lab_free(struct lab *lab)
{
    for (size_t i = 0; i < LAB_KEYS; i++)
        pkey_drop(lab->keys[i].key);
    arena_free(lab->arena);
}

static void drop_iam(void *iam)
{
    iam_drop(iam);
}

struct iam *lab_iam(struct arena *a, struct str config)
{
    struct why why = why_new(a);
    struct json_parts members;
    struct iam *iam;
    struct iam_options options = { .account = STR("123456789012") };
    struct json_part whole = json_part_whole(a, STR("lab"), config);
    must(json_part_members(a, &why, &whole, &members), &why);
    must(iam_read(a, &why, &members, &options, &iam), &why);
    arena_defer(a, drop_iam, iam);
    return iam;
}

void lab_world(struct lab *lab, struct str config)
{
    lab->world.iam = lab_iam(lab->arena, config);
    lab->world.region = STR("us-east-1");
}

struct str lab_jwks(struct lab *lab)
{
    struct jwk_publish all[LAB_KEYS];
    for (size_t i = 0; i < LAB_KEYS; i++)
        all[i] = (struct jwk_publish){ lab->keys[i].alg->name, lab->keys[i].alg->name,
                                       lab->keys[i].key, STR("") };
    return json_text(lab->arena, json_keep(lab->arena, jwks_write(lab->arena, all, LAB_KEYS)));
}

const struct lab_key *lab_key(const struct lab *lab, struct str alg)
{
    for (size_t i = 0; i < LAB_KEYS; i++)
        if (str_eq(lab->keys[i].alg->name, alg))
            return &lab->keys[i];
    return NULL;
}

struct str lab_sign(struct lab *lab, struct str header, struct str payload, struct str alg)
{
    const struct lab_key *k = lab_key(lab, alg);
    return jws_sign(lab->arena, header, payload, k->alg, k->key);
}

struct str lab_token(struct lab *lab, struct str payload)
{
    return lab_sign(lab, STR("{\"alg\":\"RS256\",\"kid\":\"RS256\",\"typ\":\"JWT\"}"), payload,
                    STR("RS256"));
}

void lab_call(struct lab *lab, const struct lab_field *fields, size_t n, struct lab_reply *out)
{
    struct form form = { arena_array(lab->arena, struct form_field, n + 1), n + 1 };
    struct http_request request = { .arena = lab->arena,
                                    .peer = STR("127.0.0.1"),
                                    .path = STR("/") };
    struct why why = why_new(lab->arena);

    form.fields[0] = (struct form_field){ STR("Version"), STR("2011-06-15") };
    for (size_t i = 0; i < n; i++)
        form.fields[i + 1] = (struct form_field){ str_of(fields[i].name), fields[i].value };
    *out = (struct lab_reply){ .xml = NULL };
    fakests_call(&lab->service, &lab->world, &request, &form, &out->http, &out->exchange);
    must(xml_read(lab->arena, &why, out->http.body, &out->xml), &why);
    out->code = xml_text(out->xml, "Error/Code");
    out->message = xml_text(out->xml, "Error/Message");
}
