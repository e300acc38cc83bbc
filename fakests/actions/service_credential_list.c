#include "fakests/action.h"
#include "fakests/actions/listing.h"
#include "fakests/actions/members.h"
#include "fakests/actions/service_credential.h"
#include "fakests/actions/user.h"
#include "fakests/iam/arn.h"
#include "fakests/param_iam.h"

#include <inttypes.h>

/* ListServiceSpecificCredentials: of one user, or of all. */

struct params {
    struct str name, service;
    struct param_boolean all_users;
    struct page_ask page;
};

static const struct param rows[] = {
    IAM_USER_NAME(OPTIONAL, struct params, name),
    IAM_TEXT("ServiceName", 0, 0, NULL, OPTIONAL, struct params, service),
    IAM_BOOLEAN("AllUsers", OPTIONAL, struct params, all_users),
    IAM_MARKER(struct params, page.marker),
    IAM_MAX_ITEMS(struct params, page.max_items),
    PARAM_END,
};

struct held {
    const struct user *user;
    const struct service_credential *credential;
};

/* By user, and of one in the order they were made. */
static void add(struct call *c, const struct user *u, struct str service, struct listing *l)
{
    for (size_t i = 0; i < u->n_service_credentials; i++) {
        const struct service_credential *k = &u->service_credentials[i];
        struct held *held = arena_make(c->arena, struct held);
        if (service.p && !str_eq(k->service_name, service))
            continue;
        *held = (struct held){ u, k };
        listing_add(l,
                    arena_printf(c->arena, "%.*s %015" PRId64 " %.*s", STR_ARG(u->name),
                                 k->created_s, STR_ARG(k->id)),
                    held);
    }
}

static struct outcome of_all(struct call *c, const struct params *p, struct listing *l)
{
    struct authorize_ask ask = { .action = STR("iam:ListServiceSpecificCredentials"),
                                 .resource =
                                     arn_of_user(c->arena, c->caller.account, STR("/"), STR("*")) };
    TRY(authorize(c, &ask));
    if (p->name.p) {
        /* The API reference forbids it; the text is inferred. */
        c->why->arg[0] = STR("UserName cannot be specified when AllUsers is true.");
        FAIL(c->why, VALUE_INVALID, "UserName stands beside AllUsers");
    }
    struct iam_list all = iam_list(c->world->iam, c->arena, IAM_USER, c->caller.account);
    for (size_t i = 0; i < all.n; i++)
        add(c, iam_object_user(all.items[i]), p->service, l);
    return OK;
}

static struct outcome of_one(struct call *c, const struct params *p, struct listing *l)
{
    struct user_subject s;
    TRY(user_find(c, "iam:ListServiceSpecificCredentials", p->name, &s));
    if (s.user)
        add(c, s.user, p->service, l);
    return OK;
}

static void write_metadata(struct call *c, struct xml *x, const struct held *held)
{
    const struct service_credential *k = held->credential;
    xml_open(x, "member", NULL);
    xml_leaf(x, "UserName", held->user->name);
    xml_leaf(x, "Status", service_credential_status(c, k));
    service_credential_write_name(x, k);
    service_credential_write_times(c, x, k);
    xml_leaf(x, "ServiceSpecificCredentialId", k->id);
    xml_leaf(x, "ServiceName", k->service_name);
    xml_close(x, "member");
}

static struct str write_list(struct call *c, const struct listing *l)
{
    struct reply r;
    reply_open(&r, c, "ListServiceSpecificCredentials", true);
    members_open(&r.xml, "ServiceSpecificCredentials", l->page.end - l->page.first);
    for (size_t i = l->page.first; i < l->page.end; i++)
        write_metadata(c, &r.xml, l->items[i].item);
    members_close(&r.xml, "ServiceSpecificCredentials", l->page.end - l->page.first);
    page_write(&r.xml, &l->page);
    return reply_close(&r, true);
}

static struct outcome list(struct call *c, struct str *document)
{
    struct params p;
    struct listing l = listing_new(c->arena);
    TRY(param_read(c, rows, &p));
    TRY(p.all_users.present && p.all_users.value ? of_all(c, &p, &l) : of_one(c, &p, &l));
    if (p.service.p)
        TRY(service_credential_known(c, p.service));
    TRY(listing_page(c, &p.page, &l));
    *document = write_list(c, &l);
    return OK;
}

const struct action action_service_credential_list[] = {
    { "ListServiceSpecificCredentials", SERVICE_IAM, true, false, list },
    { .name = NULL },
};
