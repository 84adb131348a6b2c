/* The settings that the weights depend on: sizes, activation, seed. A change is only noted here; a
 * button says what it costs and starts the new model. */
#ifndef VIEWS_MODEL_PANEL_H
#define VIEWS_MODEL_PANEL_H

#include "views/form.h"

enum {
    VIEW_MODEL_ROWS = 12
};

typedef struct ViewModelPanel {
    bool begun;
    LsTrainSettings base;                        /* as the program has them */
    LsTrainSettings staged;                      /* as the person wants them */
    char text[VIEW_MODEL_ROWS][LS_SETTING_TEXT]; /* of rows that are typed */
    bool wrong[VIEW_MODEL_ROWS];
    LsError error; /* why the newest wrong text is wrong */
    bool waiting;  /* something is staged that has not been applied */
} ViewModelPanel;

/* Draws it from the top of *rect, and cuts off what it takes.  Thread: UI. */
void view_model_panel_draw(ViewModelPanel *panel, View *view, UiRect *rect);

#endif
