/* What the widgets share: the theme's states, the focus ring, ranges, the editing of text. */
#ifndef UI_PARTS_H
#define UI_PARTS_H

#include "ui/context.h"
#include "ui/widgets.h"

/* The look of a button in a state.  Thread: UI. */
UiFont ui_look_font(UiLook look, bool on);
UiColor ui_look_ground(UiLook look, bool on, UiAct act);
UiColor ui_look_ink(UiLook look, bool on, UiAct act);
float ui_look_radius(UiLook look, UiRect rect);

/* The ring around what the keyboard has reached.  Thread: UI. */
void ui_ring_draw(Ui *ui, UiRect rect, float radius);

/* A value's place on a slider, 0 .. 1, and back; kept in the slider's ends.  Thread: any. */
double ui_range_fraction(UiRange range, double value);
double ui_range_value(UiRange range, double fraction);

/* A value one step further: a twentieth of the slider or 1 for whole numbers, times `steps`.
 * Thread: any. */
double ui_range_step(UiRange range, double value, double steps);

/* A value as people write it: "1.00", "0.001", "128". Shapes: out [32].  Thread: any. */
void ui_range_text(UiRange range, double value, char *out);

/* What was typed as a value in range. Fails: false where it is no number or out of range.
 * Thread: any. */
LS_CHECKED bool ui_range_parse(UiRange range, const char *text, double *value);

/* --- editing of text; `size` bytes of room, always whole UTF-8 ---------------------------------- */

/* Begins, with all of it selected.  Thread: UI. */
void ui_edit_begin(Ui *ui, uint64_t id, const char *text);

/* Does what the keys of the frame for the field say. Returns whether text changed; enter and escape
 * tell how it ended, where it did.  Thread: UI. */
bool ui_edit_keys(Ui *ui, size_t size, bool *enter, bool *escape);

/* Draws text, selection and caret in rect, and follows the mouse.  Thread: UI. */
void ui_edit_show(Ui *ui, UiRect rect, UiAct act, UiColor ink);

/* One key's effect. Returns whether text changed. Shapes: edit->text [size].  Thread: UI. */
bool ui_edit_key(UiEdit *edit, size_t size, const UiKey *key);

/* A panel of items below (or above) its button, as ui_menu() shows it. Returns the item picked, or -1.
 * Thread: UI. */
int ui_popup_show(Ui *ui, UiRect button, const UiItem *items, int count, int chosen);

#endif
