#include "cli/lint_report.h"

#include "base/encode.h"
#include "base/json.h"
#include "base/text.h"
#include "fakests/lint/rule.h"

enum { REPORT_BYTES_MAX = 256 * 1024 * 1024 };

static size_t count(const struct lint_report *r, enum lint_severity severity)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_files; i++)
        n += findings_count(&r->files[i], severity);
    return n;
}

/* Whether there are more than are told. */
static bool left_out(const struct lint_report *r, enum lint_severity severity)
{
    for (size_t i = 0; i < r->n_files; i++)
        if (r->files[i].left_out[severity])
            return true;
    return false;
}

static bool any_left_out(const struct lint_report *r)
{
    return left_out(r, LINT_ERROR) || left_out(r, LINT_WARNING) || left_out(r, LINT_NOTE);
}

bool lint_report_failed(const struct lint_report *r)
{
    return count(r, LINT_ERROR) > 0 || left_out(r, LINT_ERROR);
}

/* ---- text ---- */

/* What is quoted from a file must neither break the line nor steer the terminal. */
static void put_printable(struct text *t, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        text_putc(t, (unsigned char)s.p[i] < ' ' || s.p[i] == '\x7f' ? '?' : s.p[i]);
}

static void put_severity(struct text *t, enum lint_severity severity, bool colour)
{
    static const char *const colours[LINT_SEVERITIES] = {
        [LINT_NOTE] = "36", [LINT_WARNING] = "33", [LINT_ERROR] = "31"
    };
    const char *name = finding_severity_name(severity);
    if (colour)
        text_printf(t, "\033[%sm%s\033[0m", colours[severity], name);
    else
        text_printf(t, "%s", name);
}

static void put_finding(struct text *t, const struct finding *f, bool colour)
{
    put_printable(t, f->file);
    text_printf(t, ":%zu:%zu: ", f->line, f->column);
    put_severity(t, f->severity, colour);
    text_printf(t, " %s: ", f->rule->id);
    put_printable(t, f->message);
    text_put(t, STR("\n    at "));
    put_printable(t, f->path);
    text_put(t, STR("\n    fix: "));
    put_printable(t, f->fix);
    text_putc(t, '\n');
}

struct str lint_report_text(struct arena *a, const struct lint_report *r, bool colour)
{
    struct text t = text_new(a, REPORT_BYTES_MAX);
    for (size_t i = 0; i < r->n_files; i++)
        for (size_t j = 0; j < r->files[i].n; j++)
            put_finding(&t, &r->files[i].items[j], colour);
    return text_str(&t);
}

struct str lint_report_summary(struct arena *a, const struct lint_report *r)
{
    struct text t = text_new(a, 256);
    for (int s = LINT_SEVERITIES; s-- > 0;) {
        size_t n = count(r, (enum lint_severity)s);
        if (n)
            text_printf(&t, "%s%zu %s%s", t.n ? ", " : "", n,
                        finding_severity_name((enum lint_severity)s), n == 1 ? "" : "s");
    }
    if (!t.n)
        text_put(&t, STR("no findings"));
    text_printf(&t, " in %zu file%s", r->n_files, r->n_files == 1 ? "" : "s");
    if (any_left_out(r))
        text_printf(&t, ", and more: a file's first %d are told", FINDINGS_MAX);
    return text_str(&t);
}

/* ---- JSON ---- */

static json_t *text_of(const char *s)
{
    return json_of(str_of(s));
}

static json_t *finding_json(const struct finding *f)
{
    json_t *o = json_object();
    json_object_set_new(o, "file", json_of(f->file));
    json_object_set_new(o, "line", json_integer((json_int_t)f->line));
    json_object_set_new(o, "column", json_integer((json_int_t)f->column));
    json_object_set_new(o, "path", json_of(f->path));
    json_object_set_new(o, "severity", text_of(finding_severity_name(f->severity)));
    json_object_set_new(o, "rule", text_of(f->rule->id));
    json_object_set_new(o, "message", json_of(f->message));
    json_object_set_new(o, "why", text_of(f->rule->why));
    json_object_set_new(o, "fix", json_of(f->fix));
    json_object_set_new(o, "reference", text_of(f->rule->reference));
    return o;
}

static json_t *summary_json(const struct lint_report *r)
{
    static const char *const names[LINT_SEVERITIES] = {
        [LINT_NOTE] = "notes", [LINT_WARNING] = "warnings", [LINT_ERROR] = "errors"
    };
    json_t *o = json_object();
    json_object_set_new(o, "files", json_integer((json_int_t)r->n_files));
    for (int s = LINT_SEVERITIES; s-- > 0;)
        json_object_set_new(o, names[s], json_integer((json_int_t)count(r, (enum lint_severity)s)));
    json_object_set_new(o, "left_out", json_boolean(any_left_out(r)));
    return o;
}

struct str lint_report_json(struct arena *a, const struct lint_report *r)
{
    json_t *root = json_keep(a, json_object()), *findings = json_array();
    for (size_t i = 0; i < r->n_files; i++)
        for (size_t j = 0; j < r->files[i].n; j++)
            json_array_append_new(findings, finding_json(&r->files[i].items[j]));
    json_object_set_new(root, "findings", findings);
    json_object_set_new(root, "summary", summary_json(r));
    return json_text_pretty(a, root);
}

/* ---- SARIF 2.1.0 ---- */

static json_t *message(struct str s)
{
    json_t *o = json_object();
    json_object_set_new(o, "text", json_of(s));
    return o;
}

static json_t *rule_json(struct arena *a, const struct lint_rule *rule)
{
    json_t *o = json_object(), *defaults = json_object(), *properties = json_object();
    json_object_set_new(o, "id", text_of(rule->id));
    json_object_set_new(o, "shortDescription", message(str_of(rule->about)));
    json_object_set_new(o, "fullDescription",
                        message(arena_printf(a, "%s: %s.", rule->about, rule->why)));
    json_object_set_new(o, "help",
                        message(arena_printf(a, "%s.\nFix: %s.\nReference: %s.", rule->why,
                                             rule->fix, rule->reference)));
    json_object_set_new(defaults, "level", text_of(finding_severity_name(rule->severity)));
    json_object_set_new(o, "defaultConfiguration", defaults);
    json_object_set_new(properties, "tags", json_pack("[s]", "security"));
    json_object_set_new(o, "properties", properties);
    return o;
}

static json_t *rules_json(struct arena *a)
{
    size_t n;
    const struct lint_rule *rules = rule_all(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, rule_json(a, &rules[i]));
    return list;
}

static struct str percent_path(struct arena *a, struct str path)
{
    struct text t = text_new(a, REPORT_BYTES_MAX);
    while (path.n) {
        size_t n = str_find(path, '/');
        text_put(&t, percent_write(a, str_sub(path, 0, n)));
        if (n < path.n)
            text_putc(&t, '/');
        path = str_sub(path, n + 1, path.n);
    }
    return text_str(&t);
}

/* Below the working folder a relative reference, as code scanning wants it; else a file: URI. */
static json_t *location_of(struct arena *a, const struct lint_report *r, struct str file)
{
    json_t *o = json_object();
    struct str dir = arena_printf(a, "%.*s/", STR_ARG(r->working_dir)), relative = file;
    while (str_starts(relative, STR("./")))
        relative = str_sub(relative, 2, relative.n);
    if (str_starts(file, dir))
        relative = str_sub(file, dir.n, file.n);
    if (str_eq(file, STR("-")))
        relative = STR("stdin");
    bool absolute = str_starts(relative, STR("/"));
    json_object_set_new(o, "uri",
                        json_of(arena_printf(a, "%s%.*s", absolute ? "file://" : "",
                                             STR_ARG(percent_path(a, relative)))));
    if (!absolute)
        json_object_set_new(o, "uriBaseId", text_of("%SRCROOT%"));
    return o;
}

static json_t *place_json(struct arena *a, const struct lint_report *r, const struct finding *f)
{
    json_t *place = json_object(), *physical = json_object(), *region = json_object();
    json_t *logical = json_object(), *list = json_array();
    json_object_set_new(region, "startLine", json_integer((json_int_t)f->line));
    json_object_set_new(region, "startColumn", json_integer((json_int_t)f->column));
    json_object_set_new(physical, "artifactLocation", location_of(a, r, f->file));
    json_object_set_new(physical, "region", region);
    json_object_set_new(place, "physicalLocation", physical);
    json_object_set_new(logical, "fullyQualifiedName", json_of(f->path));
    json_array_append_new(list, logical);
    json_object_set_new(place, "logicalLocations", list);
    return place;
}

static json_t *result_json(struct arena *a, const struct lint_report *r, const struct finding *f)
{
    size_t n;
    json_t *o = json_object(), *places = json_array();
    json_object_set_new(o, "ruleId", text_of(f->rule->id));
    json_object_set_new(o, "ruleIndex", json_integer((json_int_t)(f->rule - rule_all(&n))));
    json_object_set_new(o, "level", text_of(finding_severity_name(f->severity)));
    json_object_set_new(
        o, "message",
        message(arena_printf(a, "%.*s.\nFix: %.*s", STR_ARG(f->message), STR_ARG(f->fix))));
    json_array_append_new(places, place_json(a, r, f));
    json_object_set_new(o, "locations", places);
    return o;
}

static json_t *run_json(struct arena *a, const struct lint_report *r)
{
    json_t *run = json_object(), *tool = json_object(), *driver = json_object();
    json_t *results = json_array();
    json_object_set_new(driver, "name", text_of("understudy"));
    json_object_set_new(driver, "semanticVersion", text_of(UNDERSTUDY_VERSION));
    json_object_set_new(driver, "rules", rules_json(a));
    json_object_set_new(tool, "driver", driver);
    json_object_set_new(run, "tool", tool);
    json_object_set_new(run, "columnKind", text_of("unicodeCodePoints"));
    for (size_t i = 0; i < r->n_files; i++)
        for (size_t j = 0; j < r->files[i].n; j++)
            json_array_append_new(results, result_json(a, r, &r->files[i].items[j]));
    json_object_set_new(run, "results", results);
    return run;
}

struct str lint_report_sarif(struct arena *a, const struct lint_report *r)
{
    json_t *root = json_keep(a, json_object()), *runs = json_array();
    json_object_set_new(root, "$schema", text_of("https://json.schemastore.org/sarif-2.1.0.json"));
    json_object_set_new(root, "version", text_of("2.1.0"));
    json_array_append_new(runs, run_json(a, r));
    json_object_set_new(root, "runs", runs);
    return json_text_pretty(a, root);
}
