#include "latentscape/core/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "latentscape/core/file.h"

#include "config.h"

const char *ls_path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

bool ls_path_join(const char *folder, const char *name, char *out, LsError *err)
{
    char joined[LS_PATH_MAX]; /* out may be folder or name */
    const size_t length = strlen(folder);
    const char *between = length > 0 && folder[length - 1] == '/' ? "" : "/";
    const int written = snprintf(joined, sizeof joined, "%s%s%s", folder, between, name);
    if (written < 0 || (size_t)written >= sizeof joined) {
        return ls_fail(err, LS_ERR_FILE, "The path of %s is longer than %d bytes.", name,
                       LS_PATH_MAX - 1);
    }
    memcpy(out, joined, (size_t)written + 1);
    return true;
}

static bool is_there(const char *folder, const char *name, char *out)
{
    return folder[0] != '\0' && ls_path_join(folder, name, out, NULL) && ls_file_exists(out);
}

static const char *find_variable(const char *name)
{
    return getenv(name); // NOLINT(concurrency-mt-unsafe): nobody here changes the environment
}

/* The folder ../share/latentscape beside the running program, or "". */
static void find_share(char *share)
{
    char program[LS_PATH_MAX];
    share[0] = '\0';
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) {
        return;
    }
    program[length] = '\0';
    char *slash = strrchr(program, '/');
    if (slash != NULL) {
        *slash = '\0';
        if (!ls_path_join(program, "../share/latentscape", share, NULL)) {
            share[0] = '\0';
        }
    }
}

bool ls_path_asset(const char *name, char *out, LsError *err)
{
    char share[LS_PATH_MAX];
    find_share(share);
    const char *home = find_variable("LATENTSCAPE_HOME");
    const char *const folders[] = {home != NULL ? home : "", share, LS_DATA_DIR, LS_SOURCE_DIR};
    const char *first = NULL;
    for (size_t i = 0; i < LS_COUNT(folders); i++) {
        if (is_there(folders[i], name, out)) {
            return true;
        }
        if (first == NULL && folders[i][0] != '\0') {
            first = folders[i];
        }
    }
    return ls_fail(err, LS_ERR_FILE, "%s is missing: it was looked for in %s and in %s.", name,
                   first != NULL ? first : LS_DATA_DIR, LS_DATA_DIR);
}

/* NAME in the user's folder `variable`, or in `below` of the home folder. */
static bool find_user_folder(const char *variable, const char *below, const char *name, char *out,
                             LsError *err)
{
    char folder[LS_PATH_MAX];
    const char *base = find_variable(variable);
    const char *home = find_variable("HOME");
    if (base != NULL && base[0] == '/') {
        if (!ls_path_join(base, "latentscape", folder, err)) {
            return false;
        }
    } else if (home != NULL && home[0] == '/') {
        if (!ls_path_join(home, below, folder, err) ||
            !ls_path_join(folder, "latentscape", folder, err)) {
            return false;
        }
    } else {
        return ls_fail(err, LS_ERR_FILE, "There is no place for %s: neither %s nor HOME is set.",
                       name, variable);
    }
    return ls_file_make_folder(folder, err) && ls_path_join(folder, name, out, err);
}

bool ls_path_config(const char *name, char *out, LsError *err)
{
    return find_user_folder("XDG_CONFIG_HOME", ".config", name, out, err);
}

bool ls_path_data(const char *name, char *out, LsError *err)
{
    return find_user_folder("XDG_DATA_HOME", ".local/share", name, out, err);
}
