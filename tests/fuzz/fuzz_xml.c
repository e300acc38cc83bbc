#include "tests/fuzz/fuzz.h"

#include "base/xml.h"

#include <stdlib.h>

/* What a server answered: read, looked at everywhere; and any bytes written as a leaf are read
 * again. */

static size_t count(const struct xml_node *node)
{
    size_t n = 0;
    for (; node; node = node->next)
        n += 1 + node->text.n + node->name.n + count(node->first_child);
    return n;
}

static void want_readable(struct arena *a, struct str value)
{
    struct text out = text_new(a, 16 * 1024 * 1024);
    struct xml x = xml_new(&out);
    xml_open(&x, "Root", "https://example.com/");
    xml_leaf(&x, "Leaf", value);
    xml_close(&x, "Root");
    struct why why = why_new(a);
    struct xml_node *root;
    if (!out.full && failed(xml_read(a, &why, text_str(&out), &root)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *a = arena_new();
    struct why why = why_new(a);
    struct str text = str_n((const char *)bytes, n);
    struct xml_node *root;
    if (!failed(xml_read(a, &why, text, &root))) {
        if (!root || root->next || count(root) == 0)
            abort();
        xml_text(root, "Error/Code");
    } else if (why.fault != FAULT_PEER_UNINTELLIGIBLE) {
        abort();
    }
    want_readable(a, text);
    arena_free(a);
    return 0;
}
