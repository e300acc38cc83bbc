#include "fakests/hints/families.h"

#include "fakests/hints/edit.h"

/* DurationSeconds over the role's maximum: ask for less, or allow more. */

enum { MAXIMUM_S = 43200 }; /* aws.md section 1.2 */

bool duration_over_maximum(const struct hint_case *c, struct hint *out)
{
    if (c->fault != FAULT_DURATION_OVER_MAXIMUM)
        return false;
    out->text = arena_printf(
        c->arena,
        "the job asks for %lld s and the role allows %lld s: ask for no more (env zero's guide "
        "lists this under \"Not authorized to perform sts:AssumeRoleWithWebIdentity\")",
        (long long)c->ask->duration_s, (long long)c->role->max_session_duration_s);
    out->edit = edit_request(c, "DurationSeconds", json_integer(c->role->max_session_duration_s));
    return true;
}

bool duration_raise(const struct hint_case *c, struct hint *out)
{
    if (c->fault != FAULT_DURATION_OVER_MAXIMUM || c->ask->duration_s > MAXIMUM_S)
        return false;
    out->text = arena_printf(c->arena,
                             "or let the role's sessions last as long as the job asks for: set "
                             "its maximum session duration to %lld s",
                             (long long)c->ask->duration_s);
    out->edit = edit_role(c, "max_session_duration", json_integer(c->ask->duration_s));
    return true;
}
