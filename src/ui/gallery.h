/* A page that shows every widget in every state: what the theme is judged by, and what the tests of
 * the widgets draw. */
#ifndef UI_GALLERY_H
#define UI_GALLERY_H

#include "ui/plot.h"
#include "ui/widgets.h"

/* What the page's working widgets stand at. */
typedef struct UiGallery {
    bool on;
    double weight, rate, batch;
    char text[64];
    int kind;
    float scroll, content;
    bool dialog;
    UiBrowser browser;
    UiImage *picture;
    UiCurve curve;
    int presses;
} UiGallery;

/* Draws the page into the window.  Thread: UI. */
void ui_gallery_init(UiGallery *gallery, Ui *ui);
void ui_gallery_show(UiGallery *gallery, Ui *ui);
/* Where the page shows widget `kind` (0 .. 10) in a state (0 rest, hover, held, focused, disabled), with
 * the ring around it.  Thread: any. */
UiRect ui_gallery_cell(int kind, int state);

void ui_gallery_finish(UiGallery *gallery);

#endif
