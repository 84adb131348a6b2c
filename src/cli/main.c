/* The program's door: finds the command among the first words, or opens the window. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __GLIBC__ /* as <stdlib.h> has told */
#    include <malloc.h>
#endif

#include "latentscape/core/file.h"
#include "latentscape/nn/gemm.h"

#include "cli/command.h"
#include "cli/usage.h"
#include "cli/window_command.h"

/* OpenBLAS chooses its kernels when it is loaded, by the processor's model; where it does not know
 * the model it takes far slower ones. An environment variable tells it better, so the program begins
 * anew with it; where that does not work, it goes on as it is. */
static void restart_with_better_kernels(char **words)
{
    const char *core = ls_gemm_better_core();
    // NOLINTBEGIN(concurrency-mt-unsafe): no thread of the program runs yet
    if (core != NULL && getenv("OPENBLAS_CORETYPE") == NULL &&
        setenv("OPENBLAS_CORETYPE", core, 1) == 0) {
        (void)execv("/proc/self/exe", words);
    }
    // NOLINTEND(concurrency-mt-unsafe)
}

/* Large blocks go back to the system when they are freed, also after others like them have come and gone:
 * by itself the C library would keep what reading a model and a data set took. */
static void return_large_blocks(void)
{
#ifdef __GLIBC__
    (void)mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

/* What was printed must have arrived, but a reader that went away early ("| head") is no fault. */
static CliStatus finish_output(CliStatus status)
{
    if (fflush(stdout) != 0 && errno != EPIPE) {
        cli_message_note("The output could not be written: %s.", ls_error_describe(errno));
        return status == CLI_OK ? CLI_FAILED : status;
    }
    return status;
}

static CliStatus run(int count, char *const *words)
{
    const char *first = count > 0 ? words[0] : "";
    const CliCommand *command = cli_command_find(first);
    if (command != NULL) {
        return command->run(count - 1, words + 1);
    }
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0 || strcmp(first, "help") == 0) {
        cli_usage_program();
        return CLI_OK;
    }
    if (strcmp(first, "--version") == 0 || strcmp(first, "-V") == 0) {
        cli_usage_version();
        return CLI_OK;
    }
    const char *nearest = first[0] == '-' ? NULL : cli_command_nearest(first);
    if (nearest != NULL && !ls_file_exists(first)) {
        cli_message_note("There is no command \"%s\"; did you mean \"%s\"?", first, nearest);
        return CLI_USAGE;
    }
    return cli_window_command_run(count, words);
}

int main(int count, char **words)
{
    /* A closed pipe and a file that may not grow are errors of writing, told as such, and not the
     * end of hours of training. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    restart_with_better_kernels(words);
    return_large_blocks();
    const CliStatus status = run(count > 0 ? count - 1 : 0, words + (count > 0 ? 1 : 0));
    return (int)finish_output(status);
}
