#include "fakests/action.h"
#include "fakests/actions/listing.h"
#include "fakests/actions/members.h"
#include "fakests/actions/user.h"
#include "fakests/param_iam.h"

/*
 * What no user here has: groups, MFA devices, SSH keys, signing certificates and passwords. Whoever
 * deletes a user asks for them first (Terraform's aws_iam_user does, for the most with
 * force_destroy), and is to hear that there are none.
 */

struct params {
    struct str name, status;
    struct page_ask page;
};

static const struct param required_rows[] = {
    IAM_EXISTING_USER_NAME(REQUIRED, struct params, name),
    IAM_MARKER(struct params, page.marker),
    IAM_MAX_ITEMS(struct params, page.max_items),
    PARAM_END,
};

static const struct param optional_rows[] = {
    IAM_EXISTING_USER_NAME(OPTIONAL, struct params, name),
    IAM_MARKER(struct params, page.marker),
    IAM_MAX_ITEMS(struct params, page.max_items),
    PARAM_END,
};

static const struct param ssh_rows[] = {
    IAM_USER_NAME(OPTIONAL, struct params, name),
    IAM_MARKER(struct params, page.marker),
    IAM_MAX_ITEMS(struct params, page.max_items),
    PARAM_END,
};

/* ---- lists ---- */

static struct outcome write_none(struct call *c, const char *action, const char *member,
                                 const struct page_ask *ask, struct str *document)
{
    struct reply r;
    struct listing none = listing_new(c->arena);
    TRY(listing_page(c, ask, &none));
    reply_open(&r, c, action, true);
    members_texts(&r.xml, member, NULL, 0);
    page_write(&r.xml, &none.page);
    *document = reply_close(&r, true);
    return OK;
}

static struct outcome list_none(struct call *c, const struct param *rows, const char *member,
                                struct str *document)
{
    struct params p;
    struct user_subject s;
    const char *action = arena_cstr(c->arena, c->action);
    TRY(param_read(c, rows, &p));
    TRY(user_find(c, arena_cstr(c->arena, arena_join(c->arena, STR("iam:"), c->action)), p.name,
                  &s));
    return write_none(c, action, member, &p.page, document);
}

static struct outcome list_groups(struct call *c, struct str *document)
{
    return list_none(c, required_rows, "Groups", document);
}

static struct outcome list_mfa(struct call *c, struct str *document)
{
    return list_none(c, optional_rows, "MFADevices", document);
}

static struct outcome list_ssh(struct call *c, struct str *document)
{
    return list_none(c, ssh_rows, "SSHPublicKeys", document);
}

static struct outcome list_certificates(struct call *c, struct str *document)
{
    return list_none(c, optional_rows, "Certificates", document);
}

/* ---- ListVirtualMFADevices: the account's, not a user's ---- */

/* "arn:aws:iam::ACCOUNT:mfa/" is what refusals name. */
static const struct param virtual_rows[] = {
    IAM_ENUM("AssignmentStatus", "Assigned, Unassigned, Any", OPTIONAL, struct params, status),
    IAM_MARKER(struct params, page.marker),
    IAM_MAX_ITEMS(struct params, page.max_items),
    PARAM_END,
};

static struct outcome list_virtual(struct call *c, struct str *document)
{
    struct params p;
    struct authorize_ask ask = { .action = STR("iam:ListVirtualMFADevices") };
    TRY(param_read(c, virtual_rows, &p));
    ask.resource = arena_join(c->arena, STR("arn:aws:iam::"), c->caller.account, STR(":mfa/"));
    TRY(authorize(c, &ask));
    return write_none(c, "ListVirtualMFADevices", "VirtualMFADevices", &p.page, document);
}

/* ---- passwords ---- */

static const struct param profile_rows[] = {
    IAM_USER_NAME(OPTIONAL, struct params, name),
    PARAM_END,
};

/* The text is observed (ansible#43197). */
static struct outcome no_profile(struct call *c, const char *action)
{
    struct params p;
    struct user_subject s;
    TRY(param_read(c, profile_rows, &p));
    TRY(user_find(c, action, p.name, &s));
    struct str name = s.user ? s.user->name : s.name;
    c->why->arg[0] =
        arena_printf(c->arena, "Login Profile for User %.*s cannot be found.", STR_ARG(name));
    FAIL(c->why, ENTITY_UNKNOWN, "nobody here has a password, %.*s included", STR_ARG(name));
}

static struct outcome get_profile(struct call *c, struct str *document)
{
    (void)document;
    return no_profile(c, "iam:GetLoginProfile");
}

static struct outcome delete_profile(struct call *c, struct str *document)
{
    (void)document;
    return no_profile(c, "iam:DeleteLoginProfile");
}

const struct action action_user_without[] = {
    { "ListGroupsForUser", SERVICE_IAM, true, false, list_groups },
    { "ListMFADevices", SERVICE_IAM, true, false, list_mfa },
    { "ListSSHPublicKeys", SERVICE_IAM, true, false, list_ssh },
    { "ListSigningCertificates", SERVICE_IAM, true, false, list_certificates },
    { "ListVirtualMFADevices", SERVICE_IAM, true, false, list_virtual },
    { "GetLoginProfile", SERVICE_IAM, true, false, get_profile },
    { "DeleteLoginProfile", SERVICE_IAM, true, true, delete_profile },
    { .name = NULL },
};
