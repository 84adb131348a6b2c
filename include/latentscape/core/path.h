/* Where things lie: the program's own assets and models, and the user's folders by the XDG base
 * directory rules (relative values are ignored, as those rules ask). */
#ifndef LATENTSCAPE_CORE_PATH_H
#define LATENTSCAPE_CORE_PATH_H

#include "latentscape/core/error.h"

enum {
    LS_PATH_MAX = 4096
};

/* The path of a file the program ships, for example "assets/fonts/Inter-Regular.otf" or
 * "models/digits-2d.safetensors": looked for below $LATENTSCAPE_HOME, then below the folder
 * ../share/latentscape beside the program, then where it was installed, then in the sources it was
 * built from. Shapes: out [LS_PATH_MAX]. Fails: false, LS_ERR_FILE naming the file and where it was
 * looked for first.  Thread: any. */
LS_CHECKED bool ls_path_asset(const char *name, char *out, LsError *err);

/* $XDG_CONFIG_HOME/latentscape/NAME or ~/.config/latentscape/NAME; the folder is made.
 * Shapes: out [LS_PATH_MAX]. Fails: false, LS_ERR_FILE.  Thread: any. */
LS_CHECKED bool ls_path_config(const char *name, char *out, LsError *err);

/* $XDG_DATA_HOME/latentscape/NAME or ~/.local/share/latentscape/NAME; the folder is made.
 * Shapes: out [LS_PATH_MAX]. Fails: false, LS_ERR_FILE.  Thread: any. */
LS_CHECKED bool ls_path_data(const char *name, char *out, LsError *err);

/* folder/name into out. Shapes: out [LS_PATH_MAX]. Fails: false, LS_ERR_FILE where it is too long.
 * Thread: any. */
LS_CHECKED bool ls_path_join(const char *folder, const char *name, char *out, LsError *err);

/* What follows the last slash.  Thread: any. */
const char *ls_path_name(const char *path);

#endif
