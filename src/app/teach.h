/* Lessons in the window: the ones the program ships, a person's own, and what a lesson begins with. */
#ifndef APP_TEACH_H
#define APP_TEACH_H

#include "app/app.h"

/* Whether a file's name is a lesson's: it ends in .txt or .lesson.  Thread: any. */
bool app_teach_is_lesson(const char *path);

/* Opens a lesson from a file and begins it, with a model of its own. Fails: false with one sentence;
 * what is under way goes on.  Thread: UI. */
LS_CHECKED bool app_teach_open(App *app, const char *path, LsError *err);

/* Follows the person through the lesson under way. Once a frame.  Thread: UI. */
void app_teach_update(App *app);

/* Draws the page of lessons into rect.  Thread: UI. */
void app_teach_draw(App *app, UiRect tools, UiRect rect);

/* Ends the lesson under way.  Thread: UI. */
void app_teach_close(App *app);

#endif
