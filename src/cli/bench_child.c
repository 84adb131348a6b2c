#include "cli/bench_child.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"
#include "latentscape/nn/gemm.h"

#include "cli/bench_folder.h"
#include "cli/bench_process.h"

enum {
    ENVIRONMENT_MOST = 512,
    OWN = 4, /* variables of the child's own */
    LINE = 1 << 16
};

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): POSIX's, and ours to declare
extern char **environ;

static const double grace_s = 2;

static bool write_script(const char *path, const char *script, LsError *err)
{
    LsFileWriter *file = ls_file_writer_create(path, err);
    if (file == NULL) {
        return false;
    }
    ls_file_writer_add(file, script, strlen(script));
    return ls_file_writer_commit(file, err);
}

static bool is_variable(const char *entry, const char *name)
{
    const size_t length = strlen(name);
    return strncmp(entry, name, length) == 0 && entry[length] == '=';
}

/* The environment as a person's shell would give it, but for the child's own folders and renderer. */
static void fill_environment(char *const *own, const char **environment)
{
    size_t count = 0;
    const char *core = ls_gemm_better_core();
    for (char **entry = environ; *entry != NULL && count < ENVIRONMENT_MOST - OWN - 1; entry++) {
        const char *value = strchr(*entry, '=');
        /* Set by this program for itself; finding it out is part of the child's start. */
        const bool ours = is_variable(*entry, "OPENBLAS_CORETYPE") && core != NULL &&
                          value != NULL && strcmp(value + 1, core) == 0;
        const bool replaced = is_variable(*entry, "XDG_CONFIG_HOME") ||
                              is_variable(*entry, "XDG_DATA_HOME") ||
                              is_variable(*entry, "SDL_RENDER_DRIVER");
        if (!ours && !replaced) {
            environment[count++] = *entry;
        }
    }
    for (int i = 0; own[i] != NULL; i++) {
        environment[count++] = own[i];
    }
    environment[count] = NULL;
}

/* In the new process, which is a copy of this one: nothing but calls that signal handlers may make. */
static _Noreturn void become(char *const *words, char *const *environment)
{
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (dup2(nowhere, STDOUT_FILENO) >= 0 && dup2(nowhere, STDERR_FILENO) >= 0) {
        (void)execve("/proc/self/exe", words, environment);
    }
    _exit(127);
}

static bool spawn(CliBenchChild *child, char *const *words, char *const *own, LsError *err)
{
    const char *environment[ENVIRONMENT_MOST];
    fill_environment(own, environment);
    char *entries[ENVIRONMENT_MOST];
    memcpy(entries, environment, sizeof entries); /* execve() takes them without const */
    child->began = ls_clock_now();
    child->pid = cli_bench_process_start();
    if (child->pid == 0) {
        become(words, entries);
    }
    if (child->pid < 0) {
        const int why = errno;
        child->pid = 0;
        return ls_fail(err, LS_ERR_SYSTEM, "The program cannot start itself: %s.",
                       ls_error_describe(why));
    }
    child->ended = pidfd_open(child->pid, 0);
    if (child->ended < 0) {
        const int why = errno;
        (void)kill(child->pid, SIGKILL);
        (void)waitpid(child->pid, NULL, 0);
        child->pid = 0;
        return ls_fail(err, LS_ERR_SYSTEM, "The system does not tell when a process ends: %s.",
                       ls_error_describe(why));
    }
    return true;
}

bool cli_bench_child_start(CliBenchChild *child, const char *renderer, const char *script,
                           LsError *err)
{
    char script_path[LS_PATH_MAX], trace_path[LS_PATH_MAX], picture[LS_PATH_MAX];
    *child = (CliBenchChild){0};
    if (!cli_bench_folder_make(child->folder, err) ||
        !ls_path_join(child->folder, "script", script_path, err) ||
        !ls_path_join(child->folder, "trace.json", trace_path, err) ||
        !ls_path_join(child->folder, "window.png", picture, err) ||
        !write_script(script_path, script, err)) {
        return false;
    }
    char config[LS_PATH_MAX + 32], data[LS_PATH_MAX + 32], driver[64];
    snprintf(config, sizeof config, "XDG_CONFIG_HOME=%s", child->folder);
    snprintf(data, sizeof data, "XDG_DATA_HOME=%s", child->folder);
    snprintf(driver, sizeof driver, "SDL_RENDER_DRIVER=%s", renderer != NULL ? renderer : "");
    char program[] = "latentscape", with_script[] = "--script", with_trace[] = "--trace",
         in_memory[] = "--offscreen";
    char *words[] = {program,    with_script, script_path,
                     with_trace, trace_path,  renderer == NULL ? in_memory : NULL,
                     picture,    NULL};
    char *own[OWN] = {config, data, renderer != NULL ? driver : NULL, NULL};
    return spawn(child, words, own, err);
}

void cli_bench_child_hold(const CliBenchChild *child, bool held)
{
    cli_bench_process_hold(child->pid, held);
}

bool cli_bench_child_wait(CliBenchChild *child, double seconds)
{
    if (child->pid == 0) {
        return true;
    }
    const double end = ls_clock_now() + seconds;
    struct pollfd ended = {.fd = child->ended, .events = POLLIN};
    int told = 0;
    do {
        const double left = fmax(end - ls_clock_now(), 0);
        told = poll(&ended, 1, (int)ceil(left * 1000));
    } while (told < 0 && errno == EINTR);
    int status = 0;
    if (told != 1 || waitpid(child->pid, &status, 0) != child->pid) {
        return false;
    }
    (void)close(child->ended);
    child->pid = 0;
    child->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return true;
}

static double number(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static void read_frame(CliBenchChild *child, const json_t *line)
{
    CliBenchFrame *frame = &child->frame[child->count++];
    frame->clock = number(line, "clock");
    frame->work_ms = number(line, "late_ms") + number(line, "frame_ms");
    frame->step = number(line, "step");
    frame->has_image = json_is_number(json_object_get(line, "image_sum"));
    frame->measured = json_object_get(line, "measures") != NULL;
    const json_t *fork = json_object_get(line, "fork");
    frame->forked = number(fork, "step") > number(fork, "begun");
    const char *renderer = json_string_value(json_object_get(line, "renderer"));
    if (renderer != NULL) {
        snprintf(child->renderer, sizeof child->renderer, "%s", renderer);
    }
}

bool cli_bench_child_read(CliBenchChild *child, LsError *err)
{
    char path[LS_PATH_MAX];
    child->count = 0;
    if (!ls_path_join(child->folder, "trace.json", path, err)) {
        return false;
    }
    FILE *file = fopen(path, "re");
    char *text = ls_memory_items(LINE, 1, err);
    if (file == NULL || text == NULL) {
        ls_memory_free(text);
        if (file != NULL) {
            (void)fclose(file);
        }
        return file == NULL; /* nothing traced yet */
    }
    int room = 0;
    bool ok = true;
    /* A last line without its end is still being written. */
    while (ok && fgets(text, LINE, file) != NULL && strchr(text, '\n') != NULL) {
        if (child->count == room) {
            room = room == 0 ? 1024 : 2 * room;
            CliBenchFrame *more = ls_memory_items((size_t)room, sizeof *more, err);
            ok = more != NULL;
            if (ok && child->count > 0) {
                memcpy(more, child->frame, (size_t)child->count * sizeof *more);
            }
            if (ok) {
                ls_memory_free(child->frame);
                child->frame = more;
            }
        }
        json_t *line = ok ? json_loads(text, 0, NULL) : NULL;
        if (line != NULL) {
            read_frame(child, line);
        }
        json_decref(line);
    }
    ls_memory_free(text);
    (void)fclose(file);
    return ok;
}

double cli_bench_child_memory(const CliBenchChild *child)
{
    char path[64], text[256];
    double kilobytes = 0;
    snprintf(path, sizeof path, "/proc/%ld/status", (long)child->pid);
    FILE *file = child->pid != 0 ? fopen(path, "re") : NULL;
    while (file != NULL && fgets(text, sizeof text, file) != NULL) {
        if (strncmp(text, "VmHWM:", 6) == 0) {
            kilobytes = strtod(text + 6, NULL);
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return kilobytes * 1024;
}

double cli_bench_child_processor(const CliBenchChild *child)
{
    enum {
        BEFORE_USER = 11 /* fields between the name, which may hold anything, and utime */
    };

    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)child->pid);
    FILE *file = child->pid != 0 ? fopen(path, "re") : NULL;
    if (file == NULL) {
        return (double)NAN;
    }
    const char *at = fgets(text, sizeof text, file) != NULL ? strrchr(text, ')') : NULL;
    (void)fclose(file);
    for (int i = 0; i <= BEFORE_USER && at != NULL; i++) {
        at = strchr(at + 1, ' ');
    }
    if (at == NULL) {
        return (double)NAN;
    }
    char *rest = NULL;
    const double user = strtod(at, &rest);
    return (user + strtod(rest, NULL)) / (double)sysconf(_SC_CLK_TCK);
}

void cli_bench_child_finish(CliBenchChild *child)
{
    if (child->pid != 0) {
        (void)kill(child->pid, SIGTERM);
        cli_bench_child_hold(child, false);
        if (!cli_bench_child_wait(child, grace_s)) {
            (void)kill(child->pid, SIGKILL);
            (void)cli_bench_child_wait(child, grace_s);
        }
    }
    cli_bench_folder_remove(child->folder);
    ls_memory_free(child->frame);
    *child = (CliBenchChild){0};
}
