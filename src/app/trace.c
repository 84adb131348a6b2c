#include "app/trace.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "latentscape/core/clock.h"

#include "app/action.h"
#include "app/frame.h"

struct AppTrace {
    FILE *file;
    char path[LS_PATH_MAX];
    bool widgets, begun;
    LsTrainSettings settings; /* as last written */
    uint64_t measured;        /* serial of the measures last written */
    UiRect seen[256];         /* where the widgets were */
};

AppTrace *app_trace_create(const char *path, LsError *err)
{
    AppTrace *trace = calloc(1, sizeof *trace);
    if (!trace) {
        ls_fail(err, LS_ERR_MEMORY, "There is no memory for a trace.");
        return NULL;
    }
    const char *widgets = getenv("LATENTSCAPE_TRACE_WIDGETS");
    trace->widgets = widgets && strcmp(widgets, "1") == 0;
    snprintf(trace->path, sizeof trace->path, "%s", path);
    trace->file = fopen(path, "we");
    if (!trace->file) {
        ls_fail(err, LS_ERR_FILE, "%s: the trace cannot be written: %s.", path,
                ls_error_describe(errno));
        free(trace);
        return NULL;
    }
    return trace;
}

bool app_trace_destroy(AppTrace *trace, LsError *err)
{
    if (!trace) {
        return true;
    }
    const bool bad = ferror(trace->file) != 0;
    const bool ok = fclose(trace->file) == 0 && !bad;
    if (!ok) {
        ls_fail(err, LS_ERR_FILE, "%s: the trace could not be written whole.", trace->path);
    }
    free(trace);
    return ok;
}

/* A number, or null where JSON has no word for it. */
static void number(FILE *file, const char *name, double value)
{
    if (isfinite(value)) {
        fprintf(file, ",\"%s\":%.7g", name, value);
    } else {
        fprintf(file, ",\"%s\":null", name);
    }
}

/* Words, which are free of control characters. */
static void write_words(FILE *file, const char *name, const char *words)
{
    fprintf(file, ",\"%s\":\"", name);
    for (const char *at = words; *at; at++) {
        if (*at == '"' || *at == '\\') {
            fputc('\\', file);
        }
        fputc(*at, file);
    }
    fputc('"', file);
}

/* What the pictures of the frame hold, each in one number; null for one that was not drawn. */
static void write_pictures(FILE *file, const App *app)
{
    const AppViews views = app_frame_views(app);
    const ViewMapPoints *points = view_map_codes(views.map);
    UiRect rect;
    number(file, "image_sum",
           app->view.cursor.set && !app_fork_on(app) ? view_cursor_image_sum(views.cursor)
                                                     : (double)NAN);
    number(file, "samples_mean",
           ui_find(app->ui, "samples", &rect) ? view_samples_mean(views.samples) : (double)NAN);
    number(file, "recon_mean",
           ui_find(app->ui, "recon", &rect) ? view_reconstructions_mean(views.reconstructions)
                                            : (double)NAN);
    number(file, "points_rms",
           app->view.choice.points && view_map_points_count(points) > 0
               ? view_map_points_rms(points)
               : (double)NAN);
}

static void write_settings(AppTrace *trace, const LsTrainSettings *settings)
{
    const LsSettingTable table = ls_train_settings_table();
    if (trace->begun && ls_train_settings_equal(settings, &trace->settings)) {
        return;
    }
    trace->settings = *settings;
    for (size_t i = 0; i < table.count; i++) {
        const LsSetting *row = &table.rows[i];
        char value[LS_SETTING_TEXT];
        ls_setting_print(row, settings, value);
        const bool text = row->type == LS_SETTING_CHOICE || row->type == LS_SETTING_SIZES;
        const bool flag = row->type == LS_SETTING_BOOL;
        fprintf(trace->file, "%s\"%s\":%s%s%s", i ? "," : ",\"settings\":{", row->name,
                text ? "\"" : "",
                flag ? (ls_setting_number(row, settings) != 0 ? "true" : "false") : value,
                text ? "\"" : "");
    }
    fputc('}', trace->file);
}

static void write_measures(AppTrace *trace, const LsMeasures *measures)
{
    if (measures->serial == trace->measured) {
        return;
    }
    trace->measured = measures->serial;
    if (measures->serial == 0) {
        return; /* another model, not measured yet */
    }
    fprintf(trace->file, ",\"measures\":{\"step\":%llu", (unsigned long long)measures->step);
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        const LsMeasureValue *value = &measures->value[i];
        number(trace->file, ls_measure_rows()[i].name, value->missing ? (double)NAN : value->value);
    }
    fputc('}', trace->file);
}

/* The ids that a script can name: settings, actions, the map and plots. */
static const char *widget_id(size_t index)
{
    const LsSettingTable table = ls_train_settings_table();
    size_t actions = 0;
    const AppAction *rows = app_action_rows(&actions);
    static const char *const views[] = {"map",
                                        "map.wipe",
                                        "timeline",
                                        "versus.gap",
                                        "runs.1",
                                        "runs.2",
                                        "runs.3",
                                        "runs.4",
                                        "runs.5",
                                        "runs.by.number",
                                        "runs.by.what",
                                        "runs.by.steps",
                                        "runs.by.elbo",
                                        "runs.by.sharpness",
                                        "runs.by.clarity",
                                        "runs.by.coherence",
                                        "runs.by.agreement",
                                        "runs.by.precision",
                                        "runs.by.recall",
                                        "runs.by.coverage",
                                        "runs.by.active",
                                        "runs.by.information",
                                        "runs.by.distance",
                                        "runs.by.overfitting",
                                        "runs.more",
                                        "runs.fewer",
                                        "runs.go",
                                        "curve.rec",
                                        "curve.rec.mark.0",
                                        "curve.rec.mark.1",
                                        "stack.plot",
                                        "rate.plane",
                                        "b:map",
                                        "compare.b:div_on",
                                        "b:div_on",
                                        "fork.compare",
                                        "fork.loss_a",
                                        "fork.loss_b",
                                        "lesson.1",
                                        "lesson.2",
                                        "lesson.next",
                                        "rescue",
                                        "rescue.no",
                                        "strip.sharpness",
                                        "strip.clarity",
                                        "strip.coherence",
                                        "strip.agreement",
                                        "strip.precision",
                                        "strip.recall",
                                        "strip.coverage",
                                        "strip.active",
                                        "strip.information",
                                        "strip.distance",
                                        "strip.overfitting",
                                        "measure.coherence"};
    if (index < LS_COUNT(views)) {
        return views[index];
    }
    index -= LS_COUNT(views);
    if (index < table.count) {
        return table.rows[index].name;
    }
    index -= table.count;
    return index < actions ? rows[index].shown.name : NULL;
}

static void write_widgets(AppTrace *trace, const App *app)
{
    const double scale = (double)ui_scale(app->ui);
    bool any = false;
    for (size_t i = 0; i < LS_COUNT(trace->seen) && widget_id(i); i++) {
        UiRect rect = {0};
        if (!ui_find(app->ui, widget_id(i), &rect)) {
            rect = (UiRect){0};
        }
        if (memcmp(&rect, &trace->seen[i], sizeof rect) != 0) {
            fprintf(trace->file, "%s\"%s\":[%.1f,%.1f,%.1f,%.1f]", any ? "," : ",\"widgets\":{",
                    widget_id(i), (double)rect.x * scale, (double)rect.y * scale,
                    (double)rect.w * scale, (double)rect.h * scale);
            trace->seen[i] = rect;
            any = true;
        }
    }
    if (any) {
        fputc('}', trace->file);
    }
    const UiPoint at = ui_pointer(app->ui);
    fprintf(trace->file, ",\"pointer\":[%.1f,%.1f]", (double)at.x * scale, (double)at.y * scale);
}

void app_trace_frame(AppTrace *trace, const App *app)
{
    const View *view = &app->view;
    const LsMetric *last = ls_history_last(app->history);
    FILE *file = trace->file;
    fprintf(file, "{\"t\":%.4f,\"clock\":%.4f,\"frame_ms\":%.3f,\"late_ms\":%.3f",
            app->frame_began - app->began, ls_clock_now(), app->frame_ms, app->late_ms);
    if (!trace->begun) {
        fprintf(file, ",\"renderer\":\"%s\"", ui_renderer(app->ui));
    }
    if (view->cursor.over) {
        fprintf(file, ",\"z\":[%.5g,%.5g]", (double)view->cursor.z[0], (double)view->cursor.z[1]);
    } else {
        fputs(",\"z\":null", file);
    }
    fprintf(file, ",\"step\":%llu", (unsigned long long)view->snapshot->step);
    number(file, "rec", last ? last->train.rec : (double)NAN);
    number(file, "kl", last ? last->train.kl : (double)NAN);
    number(file, "reg", last ? last->train.reg : (double)NAN);
    number(file, "heldout_elbo",
           view->snapshot->evaluation.evaluated ? view->snapshot->evaluation.heldout_elbo
                                                : (double)NAN);
    write_pictures(file, app);
    fprintf(file, ",\"shown\":\"%s\"", app_frame_shown(app));
    fprintf(file, ",\"runs\":%d", app->runs.count);
    if (app->past.shown) {
        fprintf(file, ",\"past\":%llu", (unsigned long long)app->past.snapshot.step);
    }
    if (app_fork_on(app)) {
        const LsMetric *b = ls_history_last(app->fork.branch);
        fprintf(file, ",\"fork\":{\"begun\":%llu,\"step\":%llu", (unsigned long long)app->fork.step,
                (unsigned long long)app->fork.view.snapshot->step);
        number(file, "rec", b ? b->train.rec : (double)NAN);
        number(file, "kl", b ? b->train.kl : (double)NAN);
        write_words(file, "differs", app->fork.text[1]);
        fputc('}', file);
    }
    number(file, "wipe", (double)app->before.wipe);
    write_settings(trace, &view->settings);
    write_measures(trace, &view->snapshot->measures);
    if (trace->widgets) {
        write_widgets(trace, app);
    }
    fputs("}\n", file);
    fflush(file);
    trace->begun = true;
}
