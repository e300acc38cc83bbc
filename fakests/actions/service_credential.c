#include "fakests/actions/service_credential.h"

#include "fakests/action.h"
#include "fakests/actions/user.h"
#include "fakests/param_iam.h"

#include "base/encode.h"

#include <inttypes.h>

enum {
    PER_SERVICE_MAX = 2,
    PASSWORD_BYTES = 44, /* 60 characters, the last of them '=': observed */
    AGE_DAYS_MAX = 36600,
    DAY_S = 24 * 60 * 60,
};

struct credential_service {
    const char *name;
    const char *key_prefix; /* of API keys; NULL: a name and a password */
};

/* The IAM User Guide's; the prefix of CloudWatch Logs keys is inferred. */
static const struct credential_service services[] = {
    { "codecommit.amazonaws.com", NULL },
    { "cassandra.amazonaws.com", NULL },
    { "bedrock.amazonaws.com", "ABSK" },
    { "logs.amazonaws.com", "ACWL" },
};

static const struct credential_service *service_find(struct str name)
{
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++)
        if (str_eq(str_of(services[i].name), name))
            return &services[i];
    return NULL;
}

/*
 * The model has an error of its own for it, NotSupportedService.  Emulators that are compared with
 * AWS answer so.
 */
struct outcome service_credential_known(struct call *c, struct str name)
{
    if (service_find(name))
        return OK;
    c->why->arg[0] =
        arena_printf(c->arena, "No such service %.*s is supported for Service Specific Credentials",
                     STR_ARG(name));
    FAIL(c->why, ENTITY_UNKNOWN, "%.*s has no service-specific credentials", STR_ARG(name));
}

struct params {
    struct str name, service, id, status;
    struct param_integer age_days;
};

/* ---- in replies ---- */

static bool is_api_key(const struct service_credential *k)
{
    const struct credential_service *service = service_find(k->service_name);
    return service && service->key_prefix;
}

struct str service_credential_status(const struct call *c, const struct service_credential *k)
{
    if (k->expires_s && k->expires_s <= c->now_s)
        return STR("Expired");
    return k->active ? STR("Active") : STR("Inactive");
}

void service_credential_write_times(struct call *c, struct xml *x,
                                    const struct service_credential *k)
{
    iam_reply_time(c, x, "CreateDate", k->created_s);
    if (k->expires_s)
        iam_reply_time(c, x, "ExpirationDate", k->expires_s);
}

void service_credential_write_name(struct xml *x, const struct service_credential *k)
{
    xml_leaf(x, is_api_key(k) ? "ServiceCredentialAlias" : "ServiceUserName", k->user_name);
}

/* The whole of it: when it is made, and when it gets another password. */
static struct str write_secret(struct call *c, const struct user *u,
                               const struct service_credential *k)
{
    struct reply r;
    reply_open(&r, c, arena_cstr(c->arena, c->action), true);
    xml_open(&r.xml, "ServiceSpecificCredential", NULL);
    service_credential_write_times(c, &r.xml, k);
    xml_leaf(&r.xml, "ServiceName", k->service_name);
    service_credential_write_name(&r.xml, k);
    xml_leaf(&r.xml, is_api_key(k) ? "ServiceCredentialSecret" : "ServicePassword", k->password);
    xml_leaf(&r.xml, "ServiceSpecificCredentialId", k->id);
    xml_leaf(&r.xml, "UserName", u->name);
    xml_leaf(&r.xml, "Status", service_credential_status(c, k));
    xml_close(&r.xml, "ServiceSpecificCredential");
    return reply_close(&r, true);
}

/* ---- CreateServiceSpecificCredential ---- */

static const struct param create_rows[] = {
    IAM_USER_NAME(REQUIRED, struct params, name),
    IAM_TEXT("ServiceName", 0, 0, NULL, REQUIRED, struct params, service),
    IAM_INTEGER("CredentialAgeDays", 1, AGE_DAYS_MAX, OPTIONAL, struct params, age_days),
    PARAM_END,
};

/* The number of days stands in its shortest spelling: "01" equals "1" (observed). */
static struct outcome authorize_create(struct call *c, const struct params *p,
                                       struct user_subject *s)
{
    struct authorize_key keys[] = {
        { STR("iam:ServiceSpecificCredentialServiceName"), p->service },
        { STR("iam:ServiceSpecificCredentialAgeDays"), { NULL, 0 } },
    };
    struct authorize_ask ask = { .action = STR("iam:CreateServiceSpecificCredential"),
                                 .keys = keys,
                                 .n_keys = 2 };
    if (p->age_days.present)
        keys[1].value = arena_printf(c->arena, "%" PRId64, p->age_days.value);
    TRY(user_subject(c, p->name, s));
    return user_authorize(c, s, &ask);
}

static bool name_taken(const struct user *u, struct str service, struct str name)
{
    for (size_t i = 0; i < u->n_service_credentials; i++)
        if (str_eq(u->service_credentials[i].service_name, service) &&
            str_eq(u->service_credentials[i].user_name, name))
            return true;
    return false;
}

/* "jane-at-123456789012", and "jane+1-at-123456789012" when that is taken (CodeCommit and
 * Keyspaces guides).  That aliases are made so too is inferred. */
static struct str new_name(struct call *c, const struct user *u, struct str service)
{
    struct str name = arena_join(c->arena, u->name, STR("-at-"), u->account);
    for (unsigned i = 1; name_taken(u, service, name); i++)
        name = arena_printf(c->arena, "%.*s+%u-at-%.*s", STR_ARG(u->name), i, STR_ARG(u->account));
    return name;
}

/* An API key says whose it is: its prefix, and base64 over "ALIAS:PASSWORD". */
static struct str new_password(struct call *c, const struct credential_service *service,
                               struct str name)
{
    struct str password = user_secret(c, PASSWORD_BYTES);
    if (!service->key_prefix)
        return password;
    return arena_join(c->arena, str_of(service->key_prefix),
                      base64_write(c->arena, arena_join(c->arena, name, STR(":"), password)));
}

static size_t count_of(const struct user *u, struct str service)
{
    size_t n = 0;
    for (size_t i = 0; i < u->n_service_credentials; i++)
        n += str_eq(u->service_credentials[i].service_name, service);
    return n;
}

/* The user with room for one more; its list is a copy. */
static struct user copy_of(struct call *c, const struct user *u)
{
    struct user copy = *u;
    copy.service_credentials =
        arena_array(c->arena, struct service_credential, u->n_service_credentials + 1);
    for (size_t i = 0; i < u->n_service_credentials; i++)
        copy.service_credentials[i] = u->service_credentials[i];
    return copy;
}

/* An age is documented for API keys; what AWS says of one for another service is not known. */
static struct outcome create(struct call *c, struct str *document)
{
    struct params p;
    struct user_subject s;
    TRY(param_read(c, create_rows, &p));
    TRY(authorize_create(c, &p, &s));
    TRY(service_credential_known(c, p.service));
    TRY(iam_quota(c, "ServiceSpecificCredentialsPerUser", count_of(s.user, p.service) + 1,
                  PER_SERVICE_MAX)); /* the quota's name is inferred */
    struct user changed = copy_of(c, s.user);
    struct service_credential *made = &changed.service_credentials[changed.n_service_credentials++];
    *made = (struct service_credential){ .id = iam_new_id(c, "ACCA"),
                                         .service_name = p.service,
                                         .user_name = new_name(c, s.user, p.service),
                                         .active = true,
                                         .created_s = c->now_s };
    made->password = new_password(c, service_find(p.service), made->user_name);
    if (p.age_days.present)
        made->expires_s = c->now_s + p.age_days.value * DAY_S;
    iam_put_user(c->changes, &changed);
    *document = write_secret(c, &changed, made);
    return OK;
}

/* ---- one that there is ---- */

#define CREDENTIAL_ID(into, at) \
    IAM_TEXT("ServiceSpecificCredentialId", 20, 128, &param_pattern_id, REQUIRED, into, at)

static const struct param update_rows[] = {
    IAM_USER_NAME(OPTIONAL, struct params, name),
    CREDENTIAL_ID(struct params, id),
    IAM_ENUM("Status", "Active, Inactive", REQUIRED, struct params, status),
    PARAM_END,
};

static const struct param id_rows[] = {
    IAM_USER_NAME(OPTIONAL, struct params, name),
    CREDENTIAL_ID(struct params, id),
    PARAM_END,
};

static size_t place_of(const struct user *u, struct str id)
{
    size_t i = 0;
    while (i < u->n_service_credentials && !str_eq(u->service_credentials[i].id, id))
        i++;
    return i;
}

/* The user, ready to be changed, and the credential's place in it. */
static struct outcome find(struct call *c, const char *action, const struct params *p,
                           struct user *changed, size_t *place)
{
    struct user_subject s;
    struct authorize_key service = { STR("iam:ServiceSpecificCredentialServiceName"), { NULL, 0 } };
    struct authorize_ask ask = { .action = str_of(action), .keys = &service, .n_keys = 1 };
    TRY(user_subject(c, p->name, &s));
    size_t n = s.user ? s.user->n_service_credentials : 0;
    size_t at = s.user ? place_of(s.user, p->id) : 0;
    if (at < n)
        service.value = s.user->service_credentials[at].service_name;
    TRY(user_authorize(c, &s, &ask));
    if (at == n) {
        c->why->arg[0] = arena_printf(c->arena, "No such credential %.*s exists", STR_ARG(p->id));
        FAIL(c->why, ENTITY_UNKNOWN, "no service-specific credential %.*s there", STR_ARG(p->id));
    }
    *changed = copy_of(c, s.user);
    *place = at;
    return OK;
}

static struct outcome update(struct call *c, struct str *document)
{
    struct params p;
    struct user u;
    size_t at = 0;
    TRY(param_read(c, update_rows, &p));
    TRY(find(c, "iam:UpdateServiceSpecificCredential", &p, &u, &at));
    u.service_credentials[at].active = str_eq(p.status, STR("Active"));
    iam_put_user(c->changes, &u);
    *document = iam_reply_empty(c, "UpdateServiceSpecificCredential");
    return OK;
}

static struct outcome reset(struct call *c, struct str *document)
{
    struct params p;
    struct user u;
    size_t at = 0;
    TRY(param_read(c, id_rows, &p));
    TRY(find(c, "iam:ResetServiceSpecificCredential", &p, &u, &at));
    struct service_credential *k = &u.service_credentials[at];
    TRY(service_credential_known(c, k->service_name)); /* a config may hold any */
    k->password = new_password(c, service_find(k->service_name), k->user_name);
    iam_put_user(c->changes, &u);
    *document = write_secret(c, &u, k);
    return OK;
}

static struct outcome delete (struct call *c, struct str *document)
{
    struct params p;
    struct user u;
    size_t at = 0;
    TRY(param_read(c, id_rows, &p));
    TRY(find(c, "iam:DeleteServiceSpecificCredential", &p, &u, &at));
    u.n_service_credentials--;
    for (size_t i = at; i < u.n_service_credentials; i++)
        u.service_credentials[i] = u.service_credentials[i + 1];
    iam_put_user(c->changes, &u);
    *document = iam_reply_empty(c, "DeleteServiceSpecificCredential");
    return OK;
}

const struct action action_service_credential[] = {
    { "CreateServiceSpecificCredential", SERVICE_IAM, true, true, create },
    { "UpdateServiceSpecificCredential", SERVICE_IAM, true, true, update },
    { "ResetServiceSpecificCredential", SERVICE_IAM, true, true, reset },
    { "DeleteServiceSpecificCredential", SERVICE_IAM, true, true, delete },
    { .name = NULL },
};
