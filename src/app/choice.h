/* What the person chose to see, kept between sessions in $XDG_CONFIG_HOME/latentscape/window.conf as
 * one line of settings. */
#ifndef APP_CHOICE_H
#define APP_CHOICE_H

#include "views/view.h"

/* Every default.  Thread: any. */
ViewChoice app_choice_make(void);

/* Reads the file over *choice; a missing file is no fault. Fails: false, LS_ERR_FILE or
 * LS_ERR_FORMAT naming the file; *choice is then unchanged.  Thread: UI. */
LS_CHECKED bool app_choice_load(ViewChoice *choice, LsError *err);

/* Writes the file atomically. Fails: false, LS_ERR_FILE.  Thread: UI. */
LS_CHECKED bool app_choice_save(const ViewChoice *choice, LsError *err);

/* The rows of ViewChoice.  Thread: any. */
LsSettingTable app_choice_table(void);

#endif
