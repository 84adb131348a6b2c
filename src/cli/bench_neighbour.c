#include "cli/bench_neighbour.h"

#include <errno.h>

#include "cli/bench_process.h"

static _Noreturn void keep_busy(void)
{
    for (volatile unsigned turn = 0;; turn++) {
    }
}

pid_t cli_bench_neighbour_start(LsError *err)
{
    const pid_t neighbour = cli_bench_process_start();
    if (neighbour == 0) {
        keep_busy();
    }
    if (neighbour < 0) {
        ls_fail(err, LS_ERR_SYSTEM, "The system gives no process for a busy neighbour: %s.",
                ls_error_describe(errno));
        return 0;
    }
    return neighbour;
}

void cli_bench_neighbour_end(pid_t neighbour)
{
    cli_bench_process_end(neighbour);
}
