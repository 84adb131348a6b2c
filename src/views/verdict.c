#include "views/verdict.h"

#include <stdio.h>
#include <string.h>

enum {
    LINES = 2, /* of text there is always room for */
    MARK = 14, /* room of the dot, logical units */
    AROUND = 7,
};

static const double look_s = 0.25;
static const double stay_s = 2.0;

void view_verdict_follow(ViewVerdict *verdict, const View *view)
{
    const double now = ui_now(view->ui);
    const uint64_t stopped = view->snapshot->burst ? view->snapshot->faults : 0;
    const bool other = verdict->shown.name == NULL ||
                       verdict->model_id != view->snapshot->model_id ||
                       verdict->stopped != stopped || verdict->past != view->past ||
                       !ls_train_settings_equal(&verdict->settings, &view->settings);
    if (!other && now - verdict->looked < look_s) {
        return;
    }
    verdict->looked = now;
    verdict->settings = view->settings;
    verdict->model_id = view->snapshot->model_id;
    verdict->stopped = stopped; /* said at once: there may be no further frame */
    verdict->past = view->past;
    if (view->past) {
        verdict->shown = (LsDiagnosis){
            .name = "past",
            .sentence = "This is the past: Esc comes back to now, X goes on from here."};
        return;
    }
    const char *why = stopped > 0 ? view->snapshot->fault.text : NULL;
    const LsHistory *history = view->whole != NULL ? view->whole : view->history;
    const LsDiagnosis found = ls_diagnosis_make(
        history, &view->settings, view->snapshot->model.pixels, view->snapshot->loss_step, why);
    const bool same = verdict->shown.name != NULL && strcmp(found.name, verdict->shown.name) == 0;
    if (same || other || now - verdict->since >= stay_s) {
        verdict->since = same ? verdict->since : now;
        verdict->shown = found;
    }
}

float view_verdict_height(const ViewVerdict *verdict, Ui *ui, float width)
{
    const UiRect column = {0, 0, width - MARK, 1000};
    const float least = LINES * ui_text_height(ui, UI_FONT_SMALL);
    const float height =
        ui_draw_paragraph(ui, column, UI_FONT_SMALL, UI_SOFT, verdict->shown.sentence, false);
    return (height > least ? height : least) + 2 * AROUND;
}

void view_verdict_draw(const ViewVerdict *verdict, View *view, UiRect rect)
{
    const UiColor tones[] = {
        [LS_TONE_QUIET] = UI_MUTED,
        [LS_TONE_WELL] = UI_ACTION,
        [LS_TONE_NOTE] = UI_TEXT,
        [LS_TONE_CAUTION] = UI_BAD,
    };
    Ui *ui = view->ui;
    const LsDiagnosis *shown = &verdict->shown;
    char help[sizeof shown->figures + 320];
    (void)snprintf(help, sizeof help, "Said when: %s %s", shown->rule, shown->figures);
    (void)ui_area(ui, "loss.verdict", rect, false);
    ui_tooltip(ui, rect, help, NULL);
    const float line = ui_text_height(ui, UI_FONT_SMALL);
    const UiRect column = {rect.x + MARK, rect.y + AROUND, rect.w - MARK, rect.h - AROUND};
    ui_draw_disc(ui, (UiPoint){rect.x + 4, column.y + line / 2}, 3.5F, tones[shown->tone]);
    (void)ui_draw_paragraph(ui, column, UI_FONT_SMALL,
                            shown->tone == LS_TONE_QUIET ? UI_MUTED : UI_SOFT, shown->sentence,
                            true);
}
