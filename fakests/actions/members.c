#include "fakests/actions/members.h"

void members_open(struct xml *x, const char *name, size_t n)
{
    if (n)
        xml_open(x, name, NULL);
    else
        xml_leaf(x, name, STR(""));
}

void members_close(struct xml *x, const char *name, size_t n)
{
    if (n)
        xml_close(x, name);
}

void members_texts(struct xml *x, const char *name, const struct str *items, size_t n)
{
    members_open(x, name, n);
    for (size_t i = 0; i < n; i++)
        xml_leaf(x, "member", items[i]);
    members_close(x, name, n);
}
