#include "app/script.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"
#include "latentscape/core/text.h"

#include "app/action.h"
#include "app/keys.h"
#include "app/session.h"

enum {
    ARGUMENTS = 4,
    DRAG_FRAMES = 20,
    NAMES = 128, /* of actions that "did you mean" looks at */
    SCRIPT_LIMIT = 1 << 20
};

typedef struct Word Word;

typedef struct Line {
    const Word *word;
    int number;
    int count;                   /* arguments */
    const char *text[ARGUMENTS]; /* into the script's text */
    double value[ARGUMENTS];
} Line;

/* How a word's line is read and done; done: the next line may begin. */
struct Word {
    const char *name;
    const char *arguments; /* n: number, w: word, t: rest of the line */
    const char *written;   /* the arguments, for people */
    bool (*run)(AppScript *script, App *app, const Line *line);
    bool (*check)(const Line *line, LsError *err); /* of names and values; NULL: any will do */
};

struct AppScript {
    char path[LS_PATH_MAX];
    char *text;
    Line *lines;
    size_t count, at;
    int frame;    /* of the line at hand */
    double since; /* when wait-ms began */
    double due;   /* when the line at hand has more to do */
    uint64_t step;
    UiPoint pointer; /* logical units */
};

static void push_motion(AppScript *script, const App *app, float x, float y)
{
    const float scale = ui_event_scale(app->ui);
    SDL_Event event = {.type = SDL_MOUSEMOTION};
    event.motion.windowID = SDL_GetWindowID(ui_sdl_window(app->ui));
    event.motion.x = (int)lroundf(x * scale);
    event.motion.y = (int)lroundf(y * scale);
    event.motion.xrel = (int)lroundf((x - script->pointer.x) * scale);
    event.motion.yrel = (int)lroundf((y - script->pointer.y) * scale);
    script->pointer = (UiPoint){x, y};
    SDL_PushEvent(&event);
}

static void push_button(const AppScript *script, const App *app, bool down)
{
    const float scale = ui_event_scale(app->ui);
    SDL_Event event = {.type = down ? SDL_MOUSEBUTTONDOWN : SDL_MOUSEBUTTONUP};
    event.button.windowID = SDL_GetWindowID(ui_sdl_window(app->ui));
    event.button.button = SDL_BUTTON_LEFT;
    event.button.state = down ? SDL_PRESSED : SDL_RELEASED;
    event.button.clicks = 1;
    event.button.x = (int)lroundf(script->pointer.x * scale);
    event.button.y = (int)lroundf(script->pointer.y * scale);
    SDL_PushEvent(&event);
}

static bool fault(const AppScript *script, App *app, const Line *line, const char *text)
{
    fprintf(stderr, "latentscape: %s:%d: %s\n", script->path, line->number, text);
    app->status = 1;
    app->quit = true;
    return true;
}

static bool run_move(AppScript *script, App *app, const Line *line)
{
    push_motion(script, app, (float)line->value[0], (float)line->value[1]);
    return true;
}

static bool run_move_map(AppScript *script, App *app, const Line *line)
{
    UiRect map;
    double x0 = 0;
    double x1 = 1;
    double y0 = 0;
    double y1 = 1;
    if (!ui_find(app->ui, "map", &map)) {
        return fault(script, app, line, "The map is not on the screen.");
    }
    view_map_range(app->map, &x0, &x1, &y0, &y1);
    push_motion(script, app, map.x + map.w * (float)((line->value[1] - x0) / (x1 - x0)),
                map.y + map.h * (float)((y1 - line->value[2]) / (y1 - y0)));
    return true;
}

static bool run_drag(AppScript *script, App *app, const Line *line)
{
    const float part = (float)script->frame / (float)DRAG_FRAMES;
    push_motion(script, app,
                (float)(line->value[0] + (line->value[2] - line->value[0]) * (double)part),
                (float)(line->value[1] + (line->value[3] - line->value[1]) * (double)part));
    if (script->frame == 0) {
        push_button(script, app, true);
    } else if (script->frame == DRAG_FRAMES) {
        push_button(script, app, false);
        return true;
    }
    return false;
}

/* Pointing, pressing and letting go take a frame each, as for a person. */
static bool press(AppScript *script, App *app, float x, float y)
{
    if (script->frame == 0) {
        push_motion(script, app, x, y);
    } else {
        push_button(script, app, script->frame == 1);
    }
    return script->frame == 2;
}

static bool run_click(AppScript *script, App *app, const Line *line)
{
    return press(script, app, (float)line->value[0], (float)line->value[1]);
}

static bool run_click_widget(AppScript *script, App *app, const Line *line)
{
    UiRect rect;
    if (!ui_find(app->ui, line->text[0], &rect)) {
        char name[64];
        char text[128];
        ls_text_clean(line->text[0], name, sizeof name);
        snprintf(text, sizeof text, "There is no \"%s\" on the screen.", name);
        return fault(script, app, line, text);
    }
    return press(script, app, rect.x + rect.w / 2, rect.y + rect.h / 2);
}

static bool run_wheel(AppScript *script, App *app, const Line *line)
{
    (void)script;
    SDL_Event event = {.type = SDL_MOUSEWHEEL};
    event.wheel.windowID = SDL_GetWindowID(ui_sdl_window(app->ui));
    event.wheel.y = (int)line->value[0];
    event.wheel.preciseY = (float)line->value[0];
    SDL_PushEvent(&event);
    return true;
}

/* A key that goes down, or comes up, and stays so. */
static bool push_key(AppScript *script, App *app, const Line *line, bool down)
{
    SDL_Event event = {.type = down ? SDL_KEYDOWN : SDL_KEYUP};
    event.key.windowID = SDL_GetWindowID(ui_sdl_window(app->ui));
    event.key.state = down ? SDL_PRESSED : SDL_RELEASED;
    if (!app_keys_parse(line->text[0], &event.key.keysym)) {
        return fault(script, app, line, "There is no such key.");
    }
    SDL_PushEvent(&event);
    return true;
}

static bool run_key(AppScript *script, App *app, const Line *line)
{
    return push_key(script, app, line, script->frame == 0) && script->frame == 1;
}

static bool run_hold(AppScript *script, App *app, const Line *line)
{
    return push_key(script, app, line, true);
}

static bool run_release(AppScript *script, App *app, const Line *line)
{
    return push_key(script, app, line, false);
}

static bool run_type(AppScript *script, App *app, const Line *line)
{
    (void)script;
    SDL_Event event = {.type = SDL_TEXTINPUT};
    event.text.windowID = SDL_GetWindowID(ui_sdl_window(app->ui));
    for (const char *at = line->text[0]; *at;) {
        const size_t length = strlen(at);
        ls_text_clean(at, event.text.text, sizeof event.text.text);
        SDL_PushEvent(&event);
        at += length < sizeof event.text.text ? length : strlen(event.text.text);
    }
    return true;
}

static bool run_action(AppScript *script, App *app, const Line *line)
{
    (void)script;
    const AppAction *action = app_action_find(line->text[0]);
    action->run(app, action->argument);
    app->awake = true; /* as the key press would have been an event */
    return true;
}

static bool run_set(AppScript *script, App *app, const Line *line)
{
    LsError err;
    LsTrainSettings settings = *app_session_settings(app);
    const LsSetting *row = ls_setting_find(ls_train_settings_table(), line->text[0]);
    if (!ls_setting_parse(row, line->text[1], &settings, &err)) {
        return fault(script, app, line, err.text);
    }
    app_session_give(app, &settings, false);
    return true;
}

static bool run_preset(AppScript *script, App *app, const Line *line)
{
    (void)script;
    app_session_preset(app, ls_preset_find(line->text[0], NULL));
    return true;
}

static bool run_resize(AppScript *script, App *app, const Line *line)
{
    (void)script;
    const float scale = ui_event_scale(app->ui);
    SDL_SetWindowSize(ui_sdl_window(app->ui), (int)(line->value[0] * (double)scale),
                      (int)(line->value[1] * (double)scale));
    return true;
}

static bool run_drop(AppScript *script, App *app, const Line *line)
{
    (void)script;
    SDL_Event event = {.type = SDL_DROPFILE};
    event.drop.windowID = SDL_GetWindowID(ui_sdl_window(app->ui));
    event.drop.file = SDL_strdup(line->text[0]);
    SDL_PushEvent(&event);
    return true;
}

static bool run_wait_steps(AppScript *script, App *app, const Line *line)
{
    const uint64_t step = app->view.snapshot->step;
    script->due = (double)INFINITY; /* the window looks at a model that learns in every frame */
    if (script->frame == 0 || step < script->step) {
        script->step = step;
    }
    return (double)(step - script->step) >= line->value[0];
}

static bool run_wait_ms(AppScript *script, App *app, const Line *line)
{
    if (script->frame == 0) {
        script->since = app->frame_began;
    }
    /* The loop may wake a millisecond early, which would be a turn for nothing. */
    script->due = script->since + line->value[0] / 1000 + 0.001;
    return (app->frame_began - script->since) * 1000 >= line->value[0];
}

static bool run_screenshot(AppScript *script, App *app, const Line *line)
{
    (void)script;
    snprintf(app->shot_path, sizeof app->shot_path, "%s", line->text[0]);
    app->awake = true;
    return true;
}

static bool run_quit(AppScript *script, App *app, const Line *line)
{
    (void)script;
    (void)line;
    app->quit = true;
    return true;
}

/* --- reading a script --------------------------------------------------------------------------- */

/* Names and values are checked when the script is read, so that a slip shows before anything has
 * happened. */

static bool check_action(const Line *line, LsError *err)
{
    const char *names[NAMES];
    size_t count = 0;
    const AppAction *rows = app_action_rows(&count);
    count = count < NAMES ? count : NAMES;
    for (size_t i = 0; i < count; i++) {
        names[i] = rows[i].shown.name;
    }
    return app_action_find(line->text[0]) ||
           ls_text_unknown(err, LS_ERR_FORMAT, "action", line->text[0], names, count);
}

static bool check_preset(const Line *line, LsError *err)
{
    return ls_preset_find(line->text[0], err) != NULL;
}

static bool check_set(const Line *line, LsError *err)
{
    LsTrainSettings settings = ls_train_settings_make();
    const LsSetting *row = ls_setting_named(ls_train_settings_table(), line->text[0], err);
    return row && ls_setting_parse(row, line->text[1], &settings, err);
}

static bool check_key(const Line *line, LsError *err)
{
    SDL_Keysym key;
    return app_keys_parse(line->text[0], &key) ||
           ls_text_unknown(err, LS_ERR_FORMAT, "key", line->text[0], NULL, 0);
}

static bool check_map(const Line *line, LsError *err)
{
    char clean[64];
    ls_text_clean(line->text[0], clean, sizeof clean);
    return strcmp(line->text[0], "map") == 0 || /* the one there is */
           ls_fail(err, LS_ERR_FORMAT, "There is no place \"%s\": did you mean map?", clean);
}

/* Of two rows with one name, which stand together, the first whose arguments fit is taken. */
static const Word words[] = {
    {"move", "nn", "X Y", run_move, NULL},
    {"move", "wnn", "map Z1 Z2", run_move_map, check_map},
    {"drag", "nnnn", "X0 Y0 X1 Y1", run_drag, NULL},
    {"click", "nn", "X Y", run_click, NULL},
    {"click", "w", "NAME", run_click_widget, NULL},
    {"wheel", "n", "N", run_wheel, NULL},
    {"key", "w", "NAME", run_key, check_key},
    {"hold", "w", "KEY", run_hold, check_key},
    {"release", "w", "KEY", run_release, check_key},
    {"type", "t", "TEXT", run_type, NULL},
    {"action", "w", "NAME", run_action, check_action},
    {"set", "wt", "NAME VALUE", run_set, check_set},
    {"preset", "w", "NAME", run_preset, check_preset},
    {"resize", "nn", "W H", run_resize, NULL},
    {"drop", "t", "FILE", run_drop, NULL},
    {"wait-steps", "n", "N", run_wait_steps, NULL},
    {"wait-ms", "n", "N", run_wait_ms, NULL},
    {"screenshot", "t", "FILE", run_screenshot, NULL},
    {"quit", "", "", run_quit, NULL},
};

/* Cuts the arguments off text (a copy that may be changed) as the word wants them. */
static bool read_arguments(Line *line, const char *kinds, char *text)
{
    line->count = 0;
    for (; *kinds; kinds++) {
        text += strspn(text, " \t");
        if (!*text) {
            return false;
        }
        char *const begin = text;
        text += *kinds == 't' ? strlen(text) : strcspn(text, " \t");
        if (*text) {
            *text++ = '\0';
        }
        if (*kinds == 'n' && !ls_text_to_number(begin, &line->value[line->count])) {
            return false;
        }
        line->text[line->count++] = begin;
    }
    return text[strspn(text, " \t")] == '\0';
}

/* What a line's word should have been, or how it is written. */
static bool fail_word(const char *text, size_t length, LsError *err)
{
    const char *names[LS_COUNT(words)];
    char name[64];
    char clean[64];
    char forms[128] = "";
    size_t used = 0;
    snprintf(name, sizeof name, "%.*s", (int)length, text);
    for (size_t i = 0; i < LS_COUNT(words); i++) {
        names[i] = words[i].name;
        if (strcmp(name, words[i].name) == 0) {
            const bool bare = words[i].written[0] == '\0';
            used +=
                (size_t)snprintf(forms + used, sizeof forms - used, "%s\"%s%s%s\"",
                                 used > 0 ? " or " : "", name, bare ? "" : " ", words[i].written);
        }
    }
    if (used == 0) {
        return ls_text_unknown(err, LS_ERR_FORMAT, "word", name, names, LS_COUNT(names));
    }
    ls_text_clean(text, clean, sizeof clean);
    return ls_fail(err, LS_ERR_FORMAT, "\"%s\" is not understood: write %s.", clean, forms);
}

/* One line, which is cut up, into *line. Fails: false, without the place. */
static bool read_words(Line *line, char *text, LsError *err)
{
    const size_t length = strcspn(text, " \t");
    for (size_t i = 0; i < LS_COUNT(words); i++) {
        if (strlen(words[i].name) != length || strncmp(words[i].name, text, length) != 0) {
            continue;
        }
        char scratch[1024];
        snprintf(scratch, sizeof scratch, "%s", text + length);
        if (!read_arguments(line, words[i].arguments, scratch)) {
            continue;
        }
        /* It fits: now cut the script's own text, which the line points into. */
        line->word = &words[i];
        if (read_arguments(line, words[i].arguments, text + length)) {
            return !words[i].check || words[i].check(line, err);
        }
    }
    return fail_word(text, length, err);
}

static bool read_line(AppScript *script, char *text, int number, LsError *err)
{
    LsError why = {0};
    Line *line = &script->lines[script->count];
    text += strspn(text, " \t");
    text[strcspn(text, "\r")] = '\0';
    if (!*text || *text == '#') {
        return true;
    }
    *line = (Line){.number = number};
    if (!read_words(line, text, &why)) {
        return ls_fail(err, LS_ERR_FORMAT, "%s:%d: %s", script->path, number, why.text);
    }
    script->count++;
    return true;
}

AppScript *app_script_create(const char *path, LsError *err)
{
    size_t size = 0;
    AppScript *script = calloc(1, sizeof *script);
    if (!script) {
        ls_fail(err, LS_ERR_MEMORY, "%s: there is no memory for a script.", path);
        return NULL;
    }
    snprintf(script->path, sizeof script->path, "%s", path);
    if (!ls_file_read(path, SCRIPT_LIMIT, (uint8_t **)&script->text, &size, err)) {
        app_script_destroy(script);
        return NULL;
    }
    size_t lines = 1;
    for (size_t i = 0; i < size; i++) {
        lines += script->text[i] == '\n';
    }
    script->lines = calloc(lines, sizeof *script->lines);
    if (!script->lines) {
        ls_fail(err, LS_ERR_MEMORY, "%s: there is no memory for a script.", path);
        app_script_destroy(script);
        return NULL;
    }
    int number = 1;
    for (char *text = script->text; text; number++) {
        char *end = strchr(text, '\n');
        if (end) {
            *end++ = '\0';
        }
        if (!read_line(script, text, number, err)) {
            app_script_destroy(script);
            return NULL;
        }
        text = end;
    }
    return script;
}

void app_script_destroy(AppScript *script)
{
    if (script) {
        ls_memory_free(script->text);
        free(script->lines);
        free(script);
    }
}

void app_script_run(AppScript *script, App *app)
{
    while (script->at < script->count && !app->quit) {
        const Line *line = &script->lines[script->at];
        script->due = (double)-INFINITY;
        if (!line->word->run(script, app, line)) {
            script->frame++;
            return; /* goes on in the next frame */
        }
        script->at++;
        script->frame = 0;
        if (line->word->run != run_wait_steps && line->word->run != run_wait_ms) {
            return; /* seen by the frame that comes, before the next word is done */
        }
    }
}

double app_script_due(const AppScript *script)
{
    return script->at < script->count ? script->due : (double)INFINITY;
}
