#include "fakests/can.h"
#include "fakests/statement_json.h"

static json_t *policies_json(const struct can_answer *answer)
{
    static const char *const decisions[] = { [POLICY_IMPLICIT_DENY] = "none",
                                             [POLICY_ALLOW] = "allows",
                                             [POLICY_EXPLICIT_DENY] = "denies" };
    json_t *list = json_array();
    for (size_t i = 0; i < answer->n_policies; i++) {
        const struct can_policy *p = &answer->policies[i];
        json_t *o = json_object();
        json_object_set_new(o, "id", json_of(p->id));
        json_object_set_new(o, "kind",
                            json_string(p->boundary    ? "boundary"
                                        : p->is_inline ? "inline"
                                                       : "attached"));
        json_object_set_new(o, "says", json_string(decisions[p->trace->decision]));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *statements_json(const struct can_answer *answer)
{
    json_t *list = json_array();
    for (size_t i = 0; i < answer->n_policies; i++) {
        const struct can_policy *p = &answer->policies[i];
        for (size_t j = 0; j < p->trace->n_statements; j++) {
            const struct policy_statement_trace *s = &p->trace->statements[j];
            if (!can_concerns(answer, p, s))
                continue;
            json_t *o = json_pack("{s:o}", "policy", json_of(p->id));
            json_object_update_missing_new(o, statement_json_of(s, STATEMENT_WHAT));
            json_array_append_new(list, o);
        }
    }
    return list;
}

static json_t *hints_json(const struct can_answer *answer)
{
    json_t *list = json_array();
    for (size_t i = 0; i < answer->n_hints; i++) {
        const struct can_hint *h = &answer->hints[i];
        json_t *o = json_object();
        json_object_set_new(o, "id", json_string(h->id));
        json_object_set_new(o, "text", json_of(h->text));
        json_object_set_new(o, "statement", h->statement ? json_incref(h->statement) : json_null());
        json_array_append_new(list, o);
    }
    return list;
}

json_t *can_json(struct arena *a, const struct can_answer *answer)
{
    char time[TIME_TEXT_BYTES];
    json_t *o = json_object();
    json_object_set_new(o, "role", json_of(answer->role->arn));
    json_object_set_new(o, "action", json_of(answer->action));
    json_object_set_new(o, "resource", json_of(answer->resource));
    json_object_set_new(o, "time", json_string(time_write(answer->time_s, time)));
    json_object_set_new(o, "decision", json_string(answer->allowed ? "allowed" : "denied"));
    json_object_set_new(o, "because", json_of(answer->because));
    json_object_set_new(o, "policies", policies_json(answer));
    json_object_set_new(o, "unknown_policies",
                        statement_json_texts(answer->unknown, answer->n_unknown));
    json_object_set_new(o, "other_account", json_of(answer->other_account));
    json_object_set_new(o, "context", statement_json_context(a, answer->context));
    json_object_set_new(o, "missing_context",
                        statement_json_texts(answer->missing, answer->n_missing));
    json_object_set_new(o, "statements", statements_json(answer));
    json_object_set_new(o, "hints", hints_json(answer));
    return o;
}
