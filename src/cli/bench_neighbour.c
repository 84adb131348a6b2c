#include "cli/bench_neighbour.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void keep_busy(void)
{
    /* Whatever becomes of the bench, nobody is left behind. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (volatile unsigned turn = 0;; turn++) {
    }
}

pid_t cli_bench_neighbour_start(LsError *err)
{
    const pid_t neighbour = fork();
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
    if (neighbour > 0) {
        (void)kill(neighbour, SIGKILL);
        while (waitpid(neighbour, NULL, 0) < 0 && errno == EINTR) {
        }
    }
}
