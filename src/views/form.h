/* Controls made from rows of the settings' table: a row's type, range, title and help give the
 * widget, so a new row needs no code here. Each edits a copy of the settings; the id of a control is
 * its row's name. */
#ifndef VIEWS_FORM_H
#define VIEWS_FORM_H

#include "latentscape/core/setting.h"

#include "views/view.h"

enum {
    VIEW_FORM_ROW = 28,   /* px from one line of a form to the next */
    VIEW_FORM_FIGURE = 68 /* px of an editable figure */
};

/* What a control did to the copy. */
typedef struct ViewChange {
    bool changed;
    bool done; /* the person has finished: one undo, one marker */
} ViewChange;

/* Both together.  Thread: any. */
ViewChange view_form_join(ViewChange a, ViewChange b);

/* How a row's number moves and reads.  Thread: any. */
UiRange view_form_range(const LsSetting *row);

/* Whether a row is a slider, which wants a whole line; others are happy with a part of one.
 * Thread: any. */
bool view_form_slides(const LsSetting *row);

/* How many choices a row has, at most VIEW_FORM_CHOICES.  Thread: any. */
enum {
    VIEW_FORM_CHOICES = 16
};

int view_form_choices(const LsSetting *row);

/* Label, slider and editable figure on one line. label_w: px.  Thread: UI. */
ViewChange view_form_slider(View *view, const LsSetting *row, void *settings, UiRect rect,
                            float label_w, const char *label, UiColor color);

/* The menu of a choice; a single choice is a plain word that tells what it is.  Thread: UI. */
ViewChange view_form_menu(View *view, const LsSetting *row, void *settings, UiRect rect);

/* Label and control as the row's type asks for, all types but sizes and seeds. label_w: of sliders,
 * so that they stand below one another; other controls take control_w at the right.  Thread: UI. */
ViewChange view_form_row(View *view, const LsSetting *row, void *settings, UiRect rect,
                         float label_w, float control_w);

/* The row's help, and the key of an action (NULL: of none), as the tooltip of what was drawn last.
 * Thread: UI. */
void view_form_help(View *view, const LsSetting *row, UiRect rect, const char *action);

/* Hands changed settings to the program, and shows them from now on.  Thread: UI. */
void view_form_commit(View *view, const LsTrainSettings *settings, ViewChange change);

#endif
