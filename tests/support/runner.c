#include "tests/support/runner.h"

#include <stdlib.h>

int run_suites(Suite *(*const suites[])(void), int argc, char **argv)
{
    SRunner *runner = srunner_create(NULL);
    for (size_t i = 0; suites[i]; i++)
        srunner_add_suite(runner, suites[i]());
    srunner_run(runner, argc > 1 ? argv[1] : NULL, NULL, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

void want_str(const char *what, struct str got, struct str wanted)
{
    ck_assert_msg(str_eq(got, wanted), "%s: got \"%.*s\", wanted \"%.*s\"", what, STR_ARG(got),
                  STR_ARG(wanted));
}
