#include "views/caption.h"

UiRect view_caption_draw(Ui *ui, UiRect *rect, const char *text)
{
    const UiRect line = ui_rect_cut_top(rect, VIEW_CAPTION_H);
    (void)ui_draw_text(ui, line, UI_FONT_CAPTION, UI_LEFT, UI_MUTED, text);
    return line;
}
