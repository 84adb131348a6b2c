#include "cli/bench_process.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

pid_t cli_bench_process_start(void)
{
    const pid_t bench = getpid();
    const pid_t process = fork();
    if (process == 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != bench)) {
        _exit(127); /* it ended before it could be asked for that */
    }
    return process;
}

void cli_bench_process_hold(pid_t process, bool held)
{
    if (process > 0) {
        (void)kill(process, held ? SIGSTOP : SIGCONT);
    }
}

void cli_bench_process_end(pid_t process)
{
    if (process > 0) {
        (void)kill(process, SIGKILL);
        while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {
        }
    }
}
