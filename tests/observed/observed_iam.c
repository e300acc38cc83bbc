/*
 * What real AWS answered to signed calls, put to a whole world over the wire: iam.json, query.json,
 * condition.json and trust_write.json of the recordings.
 *   observed_iam [FOLDER]      default: $OBSERVED_DIR/aws-observed
 */
#include "tests/observed/wire.h"

#include <check.h>
#include <stdio.h>

static struct rows_tally tally;
static char folder[4096];

/* The fixture speaks to a running test of Check. */
START_TEST(rows_agree)
{
    wire_calls(folder, &tally);
    wire_query(folder, &tally);
    wire_conditions(folder, &tally);
    wire_trust(folder, &tally);
}
END_TEST

static bool run(void)
{
    Suite *s = suite_create("observed_iam");
    TCase *t = tcase_create("rows");
    tcase_add_test(t, rows_agree);
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    bool ran = srunner_ntests_failed(runner) == 0;
    srunner_free(runner);
    return ran;
}

int main(int argc, char **argv)
{
    if (!rows_folder(argc, argv, folder, sizeof folder))
        return 2;
    if (!run()) {
        fprintf(stderr, "observed_iam: did not come to the end\n");
        return 2;
    }
    return rows_close(&tally);
}
