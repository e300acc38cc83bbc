#include "fakests/policy/simulated.h"

#include "base/encode.h"

bool simulated_stops(const struct operator_row *op)
{
    return str_eq(op->name, STR("IpAddress")) || str_eq(op->name, STR("NotIpAddress"));
}

/* ---- types ---- */

static bool any(struct arena *a, struct str value)
{
    (void)a;
    (void)value;
    return true;
}

static bool address(struct arena *a, struct str value)
{
    struct ipnet ip;
    (void)a;
    return ipnet_read_address(value, &ip);
}

static bool number(struct arena *a, struct str value)
{
    struct decimal n;
    (void)a;
    return decimal_read(value, &n);
}

static bool date(struct arena *a, struct str value)
{
    struct instant moment;
    (void)a;
    return instant_read(value, &moment);
}

static bool boolean(struct arena *a, struct str value)
{
    (void)a;
    return str_eq_nocase(value, STR("true")) || str_eq_nocase(value, STR("false"));
}

static bool binary(struct arena *a, struct str value)
{
    struct str bytes;
    return base64_read(a, value, &bytes);
}

/* The API's names.  Only string and ip were observed; the others are taken to be like ip. */
static const struct simulated_type types[] = {
    { STR_INIT("string"), false, any },      { STR_INIT("stringList"), true, any },
    { STR_INIT("numeric"), false, number },  { STR_INIT("numericList"), true, number },
    { STR_INIT("boolean"), false, boolean }, { STR_INIT("booleanList"), true, boolean },
    { STR_INIT("ip"), false, address },      { STR_INIT("ipList"), true, address },
    { STR_INIT("binary"), false, binary },   { STR_INIT("binaryList"), true, binary },
    { STR_INIT("date"), false, date },       { STR_INIT("dateList"), true, date },
};
enum { TYPES = sizeof types / sizeof types[0] };

const struct simulated_type *simulated_type_find(struct str name)
{
    for (size_t i = 0; i < TYPES; i++)
        if (str_eq(types[i].name, name))
            return &types[i];
    return NULL;
}

bool simulated_type_fits(struct arena *a, const struct simulated_type *type, struct str value)
{
    return type->reads(a, value);
}
