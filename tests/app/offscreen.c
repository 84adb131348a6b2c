#include "offscreen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "app/loop.h"

void offscreen_open(Offscreen *place, const char *name)
{
    snprintf(place->folder, sizeof place->folder, "/tmp/latentscape-window-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->picture, sizeof place->picture, "%s/picture.png", place->folder);
    snprintf(place->file, sizeof place->file, "%s/%s", place->folder, name);
    assert_int_equal(setenv("XDG_CONFIG_HOME", place->folder, 1), 0);
    assert_int_equal(setenv("XDG_DATA_HOME", place->folder, 1), 0);
}

void offscreen_run(const Offscreen *place, AppOptions options)
{
    options.offscreen = place->picture;
    assert_int_equal(app_loop_run(&options), 0);
}

void offscreen_close(const Offscreen *place)
{
    char command[80];
    snprintf(command, sizeof command, "rm -r %s", place->folder);
    assert_int_equal(system(command), 0);
}
