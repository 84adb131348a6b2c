#include "views/lesson_page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ui/theme.h"
#include "views/caption.h"
#include "views/form.h"
#include "views/lesson_task.h"

enum {
    LINE = 22,
    CONTROL_LINE = 28,
    LABEL = 136,   /* px of a slider's label */
    CONTROL = 104, /* px of another control */
    TICK = 20,     /* px of a tick before a line */
    BUTTON = 28    /* px of a button's height */
};

static void paragraph(Ui *ui, UiRect *rect, UiFont font, UiColor color, const char *text)
{
    const float height = ui_draw_paragraph(ui, *rect, font, color, text, true);
    ui_rect_cut_top(rect, height);
}

/* --- the list ----------------------------------------------------------------------------------- */

static int draw_list(ViewLessonPage *page, View *view, UiRect *inside)
{
    Ui *ui = view->ui;
    int picked = VIEW_LESSON_PAGE_NONE;
    (void)view_caption_draw(ui, inside, "LESSONS");
    paragraph(
        ui, inside, UI_FONT_BODY, UI_MUTED,
        "Each begins with a model of its own and takes some minutes. Save first what you want "
        "to keep.");
    ui_rect_cut_top(inside, UI_GRID);
    for (int i = 0; i < page->entry_count; i++) {
        const ViewLessonEntry *entry = &page->entry[i];
        UiRect text = {inside->x + UI_PAD, 0, inside->w - 2 * UI_PAD, 0};
        const float about =
            ui_draw_paragraph(ui, text, UI_FONT_SMALL, UI_MUTED, entry->about, false);
        const UiRect row = ui_rect_cut_top(inside, LINE + about + 14);
        char id[32];
        (void)snprintf(id, sizeof id, "lesson.%d", i + 1);
        if (ui_button(ui, id, row, "", UI_LOOK_RAISED, false, true)) {
            picked = i;
        }
        char title[LS_LESSON_SHORT + 8];
        (void)snprintf(title, sizeof title, "%d  %s", i + 1, entry->title);
        text.y = row.y + 6;
        text.h = LINE;
        (void)ui_draw_text(ui, text, UI_FONT_STRONG, UI_LEFT, UI_TEXT, title);
        text.y += LINE;
        text.h = about;
        (void)ui_draw_paragraph(ui, text, UI_FONT_SMALL, UI_MUTED, entry->about, true);
        ui_rect_cut_top(inside, UI_GRID);
    }
    paragraph(ui, inside, UI_FONT_SMALL, UI_MUTED,
              "A lesson of your own is a text file: drop it on the window.");
    return picked;
}

/* --- the lesson under way ------------------------------------------------------------------------ */

/* A line with a ring before it, filled where it is done. */
static void draw_task(Ui *ui, UiRect *inside, bool done, const char *text)
{
    UiRect row = *inside;
    row.x += TICK;
    row.w -= TICK;
    const float height = ui_draw_paragraph(ui, row, UI_FONT_BODY, UI_TEXT, text, false);
    const UiRect ring = {inside->x + 2, inside->y + 4, 10, 10};
    if (done) {
        ui_draw_round(ui, ring, 5, UI_ACTION);
    } else {
        ui_draw_frame(ui, ring, 5, 1.5F, UI_MUTED);
    }
    (void)ui_draw_paragraph(ui, row, UI_FONT_BODY, done ? UI_TEXT : UI_SOFT, text, true);
    ui_rect_cut_top(inside, fmaxf(height, LINE - 4) + 4);
}

/* What is to be set, and below it the controls themselves: the page with all of them is another one. */
static void draw_settings(View *view, UiRect *inside, const LsLessonStep *step, bool done)
{
    char text[VIEW_LESSON_TASK];
    view_lesson_task_set(step->set, text);
    draw_task(view->ui, inside, done, text);
    LsTrainSettings settings = view->settings;
    ViewChange change = {false, false};
    for (const char *at = step->set; *at != '\0'; at += strspn(at, " ")) {
        char name[64];
        const size_t length = strcspn(at, "=");
        (void)snprintf(name, sizeof name, "%.*s", (int)(length < 60 ? length : 60), at);
        const LsSetting *row = ls_setting_find(ls_train_settings_table(), name);
        at += strcspn(at, " ");
        if (row != NULL) {
            UiRect line = ui_rect_cut_top(inside, CONTROL_LINE);
            ui_rect_cut_left(&line, TICK);
            change =
                view_form_join(change, view_form_row(view, row, &settings, line, LABEL, CONTROL));
        }
    }
    ui_rect_cut_top(inside, 4);
    view_form_commit(view, &settings, change);
}

static void draw_condition(const View *view, UiRect *inside, const ViewTutor *tutor,
                           const LsLessonCondition *condition)
{
    double figure = 0;
    char text[VIEW_LESSON_TASK];
    const bool holds =
        ls_lesson_holds(condition, &tutor->then, &tutor->now, &figure) || tutor->reached;
    view_lesson_task_condition(condition, &view->settings, figure, text);
    draw_task(view->ui, inside, holds, text);
}

static void draw_tasks(View *view, UiRect *inside, const ViewTutor *tutor, const LsLessonStep *step)
{
    Ui *ui = view->ui;
    char text[64];
    if (step->set[0] != '\0') {
        draw_settings(view, inside, step, tutor->set);
    }
    if (step->look > 0) {
        const int seen = tutor->looked < step->look ? tutor->looked : step->look;
        (void)snprintf(text, sizeof text, "Look at places of the map: %d of %d", seen, step->look);
        draw_task(ui, inside, seen == step->look, text);
    }
    if (step->train) {
        draw_task(ui, inside, tutor->trained || tutor->reached, "Let it learn (Space)");
    }
    for (int i = 0; i < step->condition_count; i++) {
        draw_condition(view, inside, tutor, &step->condition[i]);
    }
}

static int draw_buttons(ViewTutor *tutor, View *view, UiRect *inside)
{
    Ui *ui = view->ui;
    const bool last = tutor->step + 1 == tutor->lesson->step_count;
    UiRect row = ui_rect_cut_top(inside, BUTTON);
    const UiRect back = ui_rect_cut_left(&row, 64);
    ui_rect_cut_left(&row, UI_GRID);
    const UiRect next = ui_rect_cut_left(&row, last ? 96 : 84);
    const UiRect leave = ui_rect_cut_right(&row, 64);
    if (ui_button(ui, "lesson.back", back, "Back", UI_LOOK_RAISED, false, tutor->step > 0)) {
        view_tutor_go(tutor, view, tutor->step - 1);
    }
    ui_tooltip(ui, back, "The step before.", NULL);
    if (ui_button(ui, "lesson.next", next, last ? "Finish" : "Next",
                  tutor->reached ? UI_LOOK_PRIMARY : UI_LOOK_RAISED, false, true)) {
        if (last) {
            return VIEW_LESSON_PAGE_LEFT;
        }
        view_tutor_go(tutor, view, tutor->step + 1);
    }
    ui_tooltip(ui, next,
               last ? "Back to the list." : "The next step, also where this one is not done.",
               NULL);
    const bool left =
        !last && ui_button(ui, "lesson.leave", leave, "Leave", UI_LOOK_PLAIN, false, true);
    if (!last) {
        ui_tooltip(ui, leave, "Ends the lesson; the model stays as it is.", NULL);
    }
    return left ? VIEW_LESSON_PAGE_LEFT : VIEW_LESSON_PAGE_NONE;
}

static int draw_lesson(ViewTutor *tutor, View *view, UiRect *inside)
{
    Ui *ui = view->ui;
    const LsLessonStep *step = view_tutor_step(tutor);
    char heading[LS_LESSON_SHORT + 32];
    (void)snprintf(heading, sizeof heading, "STEP %d OF %d", tutor->step + 1,
                   tutor->lesson->step_count);
    UiRect row = view_caption_draw(ui, inside, heading);
    ui_rect_cut_left(&row, ui_text_width(ui, UI_FONT_CAPTION, heading) + 12);
    (void)ui_draw_text(ui, row, UI_FONT_SMALL, UI_RIGHT, UI_MUTED, tutor->lesson->title);
    UiRect bar = ui_rect_cut_top(inside, 4);
    ui_draw_round(ui, bar, 2, UI_RAISED);
    bar.w *= (float)(tutor->step + (tutor->reached ? 1 : 0)) / (float)tutor->lesson->step_count;
    if (bar.w > 0) {
        ui_draw_round(ui, bar, 2, UI_ACTION);
    }
    ui_rect_cut_top(inside, UI_PAD);
    paragraph(ui, inside, UI_FONT_STRONG, UI_TEXT, step->title);
    ui_rect_cut_top(inside, 4);
    paragraph(ui, inside, UI_FONT_BODY, UI_SOFT, step->text);
    ui_rect_cut_top(inside, UI_PAD);
    draw_tasks(view, inside, tutor, step);
    if (tutor->reached && step->said[0] != '\0') {
        char said[LS_LESSON_LONG];
        ls_lesson_fill(step->said, &tutor->then, &tutor->now, said, sizeof said);
        ui_rect_cut_top(inside, 4);
        UiRect box = {inside->x + 10, inside->y + 8, inside->w - 20, 0};
        box.h = ui_draw_paragraph(ui, box, UI_FONT_BODY, UI_TEXT, said, false);
        const UiRect ground = ui_rect_cut_top(inside, box.h + 16);
        ui_draw_round(ui, ground, UI_ROUND, UI_RAISED);
        (void)ui_draw_paragraph(ui, box, UI_FONT_BODY, UI_TEXT, said, true);
    }
    ui_rect_cut_top(inside, UI_PAD);
    return draw_buttons(tutor, view, inside);
}

int view_lesson_page_draw(ViewLessonPage *page, View *view, UiRect rect)
{
    Ui *ui = view->ui;
    ui_draw_round(ui, rect, UI_RADIUS, UI_CARD);
    ui_draw_frame(ui, rect, UI_RADIUS, 1, UI_RULE);
    const UiRect port = {rect.x + 4, rect.y + 4, rect.w - 5, rect.h - 8};
    UiRect inside = ui_scroll_begin(ui, "lesson.page", port, &page->offset, page->height);
    const float top = inside.y;
    inside = (UiRect){rect.x + UI_PAD, inside.y + 4, rect.w - 2 * UI_PAD, inside.h};
    const int result = page->tutor.lesson != NULL ? draw_lesson(&page->tutor, view, &inside)
                                                  : draw_list(page, view, &inside);
    ui_rect_cut_top(&inside, UI_GRID);
    page->height = inside.y - top;
    ui_scroll_end(ui);
    return result;
}

void view_lesson_page_point(const ViewLessonPage *page, const View *view)
{
    const LsLessonStep *step = view_tutor_step(&page->tutor);
    UiRect rect;
    if (step == NULL || page->tutor.reached || step->point[0] == '\0' ||
        !ui_find(view->ui, step->point, &rect)) {
        return;
    }
    const float by = 4;
    const UiRect ring = {rect.x - by, rect.y - by, rect.w + 2 * by, rect.h + 2 * by};
    ui_draw_frame(view->ui, ring, UI_ROUND + by, 2, UI_ACTION);
}

void view_lesson_page_finish(ViewLessonPage *page)
{
    view_tutor_begin(&page->tutor, NULL);
}
