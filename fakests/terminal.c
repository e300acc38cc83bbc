#include "fakests/terminal.h"

#include "fakests/plain.h"

struct terminal terminal_new(struct arena *a, bool colour)
{
    return (struct terminal){ text_new(a, TERMINAL_BYTES_MAX), colour };
}

static void begin(struct terminal *t, enum terminal_paint paint)
{
    static const char *const codes[] = { "", "1", "32", "31", "1;33", "2" };
    if (t->colour && paint != TERMINAL_PLAIN)
        text_printf(&t->text, "\033[%sm", codes[paint]);
}

static void end(struct terminal *t, enum terminal_paint paint)
{
    if (t->colour && paint != TERMINAL_PLAIN)
        text_put(&t->text, STR("\033[0m"));
}

void terminal_put(struct terminal *t, enum terminal_paint paint, struct str s)
{
    begin(t, paint);
    plain_put(&t->text, s);
    end(t, paint);
}

void terminal_spaces(struct terminal *t, size_t n)
{
    text_printf(&t->text, "%*s", (int)n, "");
}

void terminal_line_end(struct terminal *t)
{
    while (t->text.n && t->text.p[t->text.n - 1] == ' ')
        t->text.n--;
    text_putc(&t->text, '\n');
}

/* ---- lines ---- */

void terminal_words(struct terminal *t, struct str s, size_t at, size_t indent)
{
    bool first = true;
    while (s.n) {
        struct str word = str_cut(&s, ' ');
        size_t n = plain_columns(word);
        if (!first && at + 1 + n > TERMINAL_COLUMNS) {
            terminal_line_end(t);
            terminal_spaces(t, indent);
            at = indent;
        } else if (!first) {
            text_putc(&t->text, ' ');
            at++;
        }
        terminal_put(t, TERMINAL_PLAIN, word);
        at += n;
        first = false;
    }
    terminal_line_end(t);
}

void terminal_value(struct terminal *t, struct str s, size_t at, size_t indent)
{
    if (at + plain_columns(s) > TERMINAL_COLUMNS) {
        terminal_line_end(t);
        terminal_spaces(t, indent);
    }
    terminal_put(t, TERMINAL_PLAIN, s.n ? s : STR("(empty)"));
    terminal_line_end(t);
}

void terminal_heading(struct terminal *t, struct str s)
{
    terminal_line_end(t);
    terminal_put(t, TERMINAL_BOLD, s);
}

void terminal_label(struct terminal *t, const char *label)
{
    text_printf(&t->text, "  %-*s", TERMINAL_LABEL - 2, label);
}

void terminal_mark(struct terminal *t, bool passed)
{
    terminal_spaces(t, 2);
    terminal_put(t, passed ? TERMINAL_GOOD : TERMINAL_BAD,
                 passed ? STR("\xE2\x9C\x93") : STR("\xE2\x9C\x97"));
    terminal_spaces(t, 1);
}

void terminal_json(struct terminal *t, struct str pretty, size_t indent)
{
    while (pretty.n) {
        terminal_spaces(t, indent);
        terminal_put(t, TERMINAL_PLAIN, str_cut(&pretty, '\n'));
        terminal_line_end(t);
    }
}
