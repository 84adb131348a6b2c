#include "cli/stop.h"

#include <stddef.h>

static const int numbers[CLI_STOP_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};

/* A handler is told nothing but the signal's number, so this is the one variable of the program that
 * stands at file scope. Holding the signals back and asking for them would need none, but OpenBLAS
 * has threads before main() begins, and a process's signals go to any thread that takes them.
 * NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables) */
static volatile sig_atomic_t asked = 0;

static void on_signal(int number)
{
    (void)number;
    asked = 1;
}

void cli_stop_init(CliStop *stop)
{
    /* Once only: the second one of a kind acts as if there were no handler. */
    struct sigaction action = {.sa_flags = (int)(SA_RESTART | SA_RESETHAND)};
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    asked = 0;
    for (size_t i = 0; i < CLI_STOP_SIGNALS; i++) {
        sigaction(numbers[i], NULL, &stop->before[i]);
        /* nohup asks to be left alone; a shell's background job, which ignores SIGINT, may still be
         * told to stop by name. */
        if (numbers[i] != SIGHUP || stop->before[i].sa_handler != SIG_IGN) {
            sigaction(numbers[i], &action, NULL);
        }
    }
}

bool cli_stop_asked(void)
{
    return asked != 0;
}

void cli_stop_finish(const CliStop *stop)
{
    for (size_t i = 0; i < CLI_STOP_SIGNALS; i++) {
        sigaction(numbers[i], &stop->before[i], NULL);
    }
}
