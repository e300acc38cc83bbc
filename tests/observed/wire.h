#ifndef TESTS_OBSERVED_WIRE_H
#define TESTS_OBSERVED_WIRE_H

#include "base/json.h"
#include "tests/fakests/iam_fixture.h"
#include "tests/observed/rows.h"

/*
 * Recordings put to a whole world: a row's input, in JSON as AWS's service models name it, becomes
 * a signed Query request; the reply's XML is compared with the output that was recorded.
 */
struct wire {
    struct iam_fixture *fixture;
    struct arena *arena; /* the fixture's: what is sent and got lives as long as the world */
    struct str role_id;  /* what $ROLE_ID stood for when it was first seen */
};

/* A world with nothing in it; its clock stands some milliseconds after a second. */
void wire_init(struct wire *w);
void wire_free(struct wire *w);

/* ---- asking ---- */

enum { WIRE_FIELDS_MAX = 512 };

struct wire_form {
    struct wire *wire;
    const char *fields[WIRE_FIELDS_MAX + 1];
    size_t n;
};

/* A policy document, or a part of one, as it is sent: what is not ASCII is escaped. */
struct str wire_document(struct arena *a, json_t *value);
/* Of a string, a number, or a {"$repeat": text, "count": n}. */
struct str wire_text(struct wire *w, json_t *value);

struct wire_form wire_form(struct wire *w, const char *action);
void wire_put(struct wire_form *form, struct str name, struct str value);
/*
 * A value below a name.  Lists become "Name.member.N" and empty ones "Name=", structures
 * "Name.Member", policy documents their text, and null is left out.
 */
void wire_put_json(struct wire_form *form, struct str name, json_t *value);
/* Every member of an object. */
void wire_put_members(struct wire_form *form, json_t *object);
struct iam_fixture_reply wire_send(struct wire *w, enum service service,
                                   const struct iam_fixture_key *as, const struct wire_form *form);

/* Calls IAM as root with the members of an object, told as JSON. */
struct iam_fixture_reply wire_call(struct wire *w, const char *action, const char *input);
/* The same; ends the program unless it succeeds: what a row needs to be there. */
struct iam_fixture_reply wire_set_up(struct wire *w, const char *action, const char *input);
/* Makes a user who may do what the statements say; returns an access key of theirs. */
struct iam_fixture_key wire_user(struct wire *w, const char *name, const char *statements);

/* ---- comparing ---- */

/* The element of a reply that holds its result; NULL: there is none. */
const struct xml_node *wire_result(struct wire *w, const struct iam_fixture_reply *r,
                                   const char *action);
/*
 * What differs between a recorded value and an element, in words; empty: nothing.  Every element
 * must be recorded, and none be missing; documents are compared with the order of their members.
 * IsTruncated, which the recordings leave out, is passed over.
 */
struct str wire_difference(struct wire *w, struct str place, json_t *wanted,
                           const struct xml_node *got);
/* Judges a refusal, or a success by its code alone: {"code", "message", "http"}, of which those
 * that are told count. */
enum rows_verdict wire_judge_error(struct arena *a, const struct iam_fixture_reply *r,
                                   json_t *expect, struct str *reason);

/* SimulateCustomPolicy and what else reads policies, for rows of condition.json. */
enum rows_verdict wire_judge_simulation(struct arena *a, struct wire *w, json_t *row,
                                        struct str *reason);

/* ---- the files, a judge each: what they need is in the world they make ---- */

void wire_calls(const char *folder, struct rows_tally *tally);      /* iam.json */
void wire_query(const char *folder, struct rows_tally *tally);      /* query.json */
void wire_conditions(const char *folder, struct rows_tally *tally); /* condition.json */
void wire_trust(const char *folder, struct rows_tally *tally);      /* trust_write.json */

#endif
