#include "fakests/iam/read_value.h"

static const char *const outbound_members[] = { "issuer", "enabled", NULL };

static struct outcome outbound_read(struct iam_reader *r, const struct json_at *at,
                                    struct account *account)
{
    struct json_at member;
    TRY(json_want_members(at, r->why, outbound_members));
    TRY(read_required(r, at, "issuer", &member));
    TRY(read_text(r, &member, &account->outbound_issuer));
    if (!str_starts(account->outbound_issuer, STR("https://")) || account->outbound_issuer.n <= 8 ||
        account->outbound_issuer.n > 255)
        return json_fail(&member, r->why, FAULT_CONFIG_INVALID, "expected an https:// URL");
    TRY(read_required(r, at, "enabled", &member));
    return json_want_bool(&member, r->why, &account->outbound_enabled);
}

/* [a-z0-9] and single '-' between, 3 to 63 of them. */
static bool alias_valid(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool word = (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9');
        bool dash = s.p[i] == '-' && i && i + 1 < s.n && s.p[i - 1] != '-';
        if (!word && !dash)
            return false;
    }
    return s.n >= 3 && s.n <= 63;
}

struct outcome iam_read_account(struct iam_reader *r, const struct json_at *at,
                                struct account *account)
{
    struct json_at member;
    *account = (struct account){ .id = r->account };
    if (json_at_member(at, "account_alias", &member)) {
        TRY(read_text(r, &member, &account->alias));
        if (account->alias.n && !alias_valid(account->alias))
            return json_fail(&member, r->why, FAULT_CONFIG_INVALID,
                             "expected 3 to 63 of a-z 0-9 and single '-' between");
    }
    return json_at_member(at, "outbound_federation", &member) ? outbound_read(r, &member, account)
                                                              : OK;
}
