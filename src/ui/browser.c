#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "latentscape/core/file.h"
#include "latentscape/core/path.h"
#include "latentscape/core/text.h"

#include "ui/listing.h"
#include "ui/parts.h"

enum {
    ROW_H = 26,
    WIDTH = 640,
    HEIGHT = 480
};

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static bool has_suffix(const char *name, const char *suffix)
{
    const size_t n = strlen(name);
    const size_t s = strlen(suffix);
    return n >= s && strcmp(name + n - s, suffix) == 0;
}

static void enter_folder(UiBrowser *browser, const char *path)
{
    char whole[4096];
    char *const real = realpath(path, NULL);
    SDL_strlcpy(whole, real == NULL ? path : real, sizeof(whole));
    free(real);
    SDL_strlcpy(browser->folder, whole, sizeof(browser->folder));
    browser->chosen = -1;
    browser->scroll = 0;
    browser->confirm = false;
    ui_listing_destroy(browser->listing);
    browser->listing = ui_listing_create(browser->folder);
}

static void go_up(UiBrowser *browser)
{
    char left[256];
    char up[4096];
    SDL_strlcpy(left, ls_path_name(browser->folder), sizeof(left));
    SDL_strlcpy(up, browser->folder, sizeof(up));
    char *const slash = strrchr(up, '/');
    if (slash == NULL || up[1] == '\0') {
        return;
    }
    slash[slash == up ? 1 : 0] = '\0';
    enter_folder(browser, up);
    /* The folder one comes from stays marked. */
    browser->chosen = browser->listing == NULL ? -1 : ui_listing_find(browser->listing, left);
}

void ui_browser_open(UiBrowser *browser, bool saving, const char *title, const char *folder,
                     const char *name, const char *suffix)
{
    char here[4096];
    void *const listing = browser->listing;
    memset(browser, 0, sizeof(*browser));
    browser->listing = listing;
    browser->open = true;
    browser->saving = saving;
    SDL_strlcpy(browser->title, title, sizeof(browser->title));
    SDL_strlcpy(browser->name, name == NULL ? "" : name, sizeof(browser->name));
    SDL_strlcpy(browser->suffix, suffix == NULL ? "" : suffix, sizeof(browser->suffix));
    if (folder == NULL || *folder == '\0') {
        folder = getcwd(here, sizeof(here)) == NULL ? "/" : here;
    }
    enter_folder(browser, folder);
}

void ui_browser_finish(UiBrowser *browser)
{
    ui_listing_destroy(browser->listing);
    browser->listing = NULL;
    browser->open = false;
}

// --- picking

/* The path that name stands for, the suffix added where one is saved. */
static bool path_of(const UiBrowser *browser, char *path, LsError *err)
{
    char name[300];
    const bool add = browser->saving && !has_suffix(browser->name, browser->suffix);
    SDL_snprintf(name, sizeof(name), "%s%s", browser->name, add ? browser->suffix : "");
    if (name[0] == '/') {
        SDL_strlcpy(path, name, 4096);
        return true;
    }
    return ls_path_join(browser->folder, name, path, err);
}

/* What Enter and the button do. Returns whether path was picked. */
static bool accept(Ui *ui, UiBrowser *browser, char *path)
{
    LsError err;
    char typed[4096];
    if (browser->name[0] == '\0') {
        return false;
    }
    const bool joined = browser->name[0] == '/'
                            ? SDL_strlcpy(typed, browser->name, sizeof(typed)) > 0
                            : ls_path_join(browser->folder, browser->name, typed, &err);
    if (joined && is_folder(typed)) {
        enter_folder(browser, typed);
        browser->name[0] = '\0';
        return false;
    }
    if (!joined || !path_of(browser, path, &err)) {
        ui_message(ui, true, err.text);
        return false;
    }
    if (!browser->saving && !ls_file_exists(path)) {
        ui_message(ui, true, "There is no file of that name in this folder.");
        return false;
    }
    if (browser->saving && !browser->confirm && ls_file_exists(path)) {
        browser->confirm = true;
        return false;
    }
    return true;
}

static void choose(UiBrowser *browser, int index)
{
    const UiListing *const listing = browser->listing;
    browser->chosen = index;
    browser->confirm = false;
    if (index >= 0 && index < listing->count && !listing->items[index].folder) {
        SDL_strlcpy(browser->name, listing->items[index].name, sizeof(browser->name));
    } else if (!browser->saving) {
        browser->name[0] = '\0';
    }
}

/* Opens the row: a folder is entered, a file picked. */
static bool open_row(Ui *ui, UiBrowser *browser, int index, char *path)
{
    const UiListing *const listing = browser->listing;
    LsError err;
    if (index < 0 || index >= listing->count) {
        return false;
    }
    if (!listing->items[index].folder) {
        choose(browser, index);
        return accept(ui, browser, path);
    }
    char folder[4096];
    if (ls_path_join(browser->folder, listing->items[index].name, folder, &err)) {
        enter_folder(browser, folder);
    }
    return false;
}

/* A name that is typed goes to its field, wherever the focus was. */
static void type_name(Ui *ui, UiBrowser *browser, const char *text)
{
    const uint64_t field = ui_id_hash("browser.name");
    if (browser->confirm) {
        return;
    }
    if (ui->focus != field) {
        browser->name[0] = '\0';
        browser->chosen = -1;
        ui_focus_set(ui, field, true);
    }
    SDL_strlcat(browser->name, text, sizeof(browser->name));
    ui_edit_begin(ui, field, browser->name);
    ui->edit.anchor = ui->edit.caret; /* what comes next is added */
}

/* Arrows, Enter, Backspace, and text. Returns whether path was picked. */
static bool keys(Ui *ui, UiBrowser *browser, UiRect list, char *path)
{
    int at = 0;
    for (const UiKey *key = ui_key_next(ui, UI_TARGET_LEVEL, &at); key != NULL;
         key = ui_key_next(ui, UI_TARGET_LEVEL, &at)) {
        const UiListing *const listing = browser->listing;
        const int page = (int)(list.h / ROW_H);
        const int step = key->sym == SDLK_DOWN       ? 1
                         : key->sym == SDLK_UP       ? -1
                         : key->sym == SDLK_PAGEDOWN ? page
                         : key->sym == SDLK_PAGEUP   ? -page
                         : key->sym == SDLK_HOME     ? -listing->count
                         : key->sym == SDLK_END      ? listing->count
                                                     : 0;
        if (step != 0 && listing->count > 0) {
            int next =
                browser->chosen < 0 ? (step > 0 ? 0 : listing->count - 1) : browser->chosen + step;
            next = next < 0 ? 0 : next >= listing->count ? listing->count - 1 : next;
            choose(browser, next);
            const float y = (float)next * ROW_H;
            browser->scroll = fminf(browser->scroll, y);
            browser->scroll = fmaxf(browser->scroll, y + ROW_H - list.h);
        } else if (key->sym == 0) {
            type_name(ui, browser, key->text);
        } else if (key->sym == SDLK_BACKSPACE) {
            go_up(browser);
        } else if (key->sym == SDLK_RETURN || key->sym == SDLK_KP_ENTER) {
            const bool row = browser->chosen >= 0 && browser->chosen < listing->count &&
                             listing->items[browser->chosen].folder;
            if (row ? open_row(ui, browser, browser->chosen, path) : accept(ui, browser, path)) {
                return true;
            }
        }
    }
    return false;
}

// --- drawing

static void folder_sign(Ui *ui, UiRect at, UiColor color)
{
    ui_draw_round(ui, (UiRect){at.x, at.y, 7, 5}, 1.5F, color);
    ui_draw_round(ui, (UiRect){at.x, at.y + 2, 15, 10}, 2, color);
}

static void draw_row(Ui *ui, const UiBrowser *browser, UiRect row, UiAct act, int index)
{
    const UiListed *const item = &((const UiListing *)browser->listing)->items[index];
    char name[256];
    ls_text_clean(item->name, name, sizeof(name));
    if (index == browser->chosen) {
        ui_draw_round(ui, row, UI_ROUND, UI_RGB(0x24463f));
    } else if (act.hot) {
        ui_draw_round(ui, row, UI_ROUND, UI_HOVER);
    }
    if (item->folder) {
        folder_sign(ui, (UiRect){row.x + 8, ui_snap(ui, row.y + 7), 15, 12}, UI_RGB(0x7b8698));
    }
    const bool dim = !item->folder && !has_suffix(item->name, browser->suffix);
    ui_draw_text(ui, (UiRect){row.x + 32, row.y, row.w - 40, row.h}, UI_FONT_BODY, UI_LEFT,
                 dim ? ui_color_fade(UI_MUTED, 0.7F) : UI_TEXT, name);
}

/* The rows in sight. Returns whether path was picked. */
static bool list(Ui *ui, UiBrowser *browser, UiRect rect, char *path)
{
    const UiListing *const listing = browser->listing;
    bool picked = false;
    int opened = -1;
    ui_draw_round(ui, rect, UI_ROUND, UI_GROUND);
    const UiRect inside = ui_rect_inset(rect, 4);
    if (listing->error[0] != '\0' || listing->count == 0) {
        ui_draw_paragraph(ui, ui_rect_inset(inside, 12), UI_FONT_BODY,
                          listing->error[0] != '\0' ? UI_BAD : UI_MUTED,
                          listing->error[0] != '\0' ? listing->error : "This folder is empty.",
                          true);
        return false;
    }
    const UiRect content = ui_scroll_begin(ui, "browser.list", inside, &browser->scroll,
                                           (float)listing->count * ROW_H);
    const int first = (int)(browser->scroll / ROW_H);
    const int last = (int)((browser->scroll + inside.h) / ROW_H) + 1;
    for (int i = first; i < last && i < listing->count; i++) {
        char id[300];
        const UiRect row = {content.x, content.y + (float)i * ROW_H, content.w, ROW_H};
        snprintf(id, sizeof(id), "browser/%s", listing->items[i].name);
        const UiAct act = ui_interact(ui, id, row, 0, true);
        draw_row(ui, browser, row, act, i);
        if (act.pressed) {
            choose(browser, i);
        }
        opened = act.doubled ? i : opened;
    }
    ui_scroll_end(ui);
    if (opened >= 0) { /* only now: it replaces the listing */
        picked = open_row(ui, browser, opened, path);
    }
    return picked;
}

/* Name field and buttons. Returns whether path was picked. */
static bool foot(Ui *ui, UiBrowser *browser, UiRect rect, char *path)
{
    const char *const verb = browser->confirm ? "Replace it" : browser->saving ? "Save" : "Open";
    const float verb_w = ui_button_width(ui, verb, UI_LOOK_PRIMARY) + 8;
    UiRect row = rect;
    const UiRect verb_at = ui_rect_cut_right(&row, verb_w);
    ui_rect_cut_right(&row, 8);
    const UiRect cancel_at = ui_rect_cut_right(&row, 76);
    ui_rect_cut_right(&row, 12);
    bool go = false;
    if (browser->confirm) {
        char clean[256];
        ls_text_clean(browser->name, clean, sizeof(clean));
        ui_draw_textf(ui, row, UI_FONT_BODY, UI_LEFT, UI_REC, "\"%s\" exists already.", clean);
    } else {
        bool changed = false;
        go = ui_text_field(ui, "browser.name", row, browser->name, sizeof(browser->name),
                           browser->saving ? "Name" : "Choose a file or type a name", &changed);
        if (changed) {
            browser->chosen = -1;
        }
    }
    const bool asking = browser->confirm;
    if (ui_button(ui, "browser.cancel", cancel_at, asking ? "Keep" : "Cancel", UI_LOOK_RAISED,
                  false, true)) {
        browser->open = asking;
        browser->confirm = false;
    }
    go = ui_button(ui, "browser.accept", verb_at, verb, UI_LOOK_PRIMARY, false,
                   browser->name[0] != '\0') ||
         go;
    return go && accept(ui, browser, path);
}

bool ui_browser(Ui *ui, UiBrowser *browser, char *path)
{
    if (!browser->open || browser->listing == NULL) {
        browser->open = false;
        return false;
    }
    bool close = false;
    bool picked = false;
    if (!browser->begun) {
        browser->begun = true;
        ui_focus(ui, browser->saving ? "browser.name" : NULL);
    }
    UiRect inner = ui_dialog_begin(ui, "browser", WIDTH, HEIGHT, browser->title, &close);
    UiRect top = ui_rect_cut_top(&inner, 28);
    const char *const home = SDL_getenv("HOME");
    if (ui_button(ui, "browser.up", ui_rect_cut_left(&top, 52), "Up", UI_LOOK_RAISED, false,
                  strcmp(browser->folder, "/") != 0)) {
        go_up(browser);
    }
    ui_rect_cut_left(&top, 8);
    if (ui_button(ui, "browser.home", ui_rect_cut_left(&top, 64), "Home", UI_LOOK_RAISED, false,
                  home != NULL)) {
        enter_folder(browser, home);
    }
    ui_rect_cut_left(&top, 12);
    char folder[1024];
    ls_text_clean(browser->folder, folder, sizeof(folder));
    /* Of a long path the end says more than the beginning. */
    const char *shown = folder;
    while (ui_text_width(ui, UI_FONT_BODY, shown) > top.w && strchr(shown + 1, '/') != NULL) {
        shown = strchr(shown + 1, '/');
    }
    ui_draw_textf(ui, top, UI_FONT_BODY, UI_LEFT, UI_MUTED, "%s%s", shown == folder ? "" : "\u2026",
                  shown);
    ui_rect_cut_top(&inner, 10);
    const UiRect bottom = ui_rect_cut_bottom(&inner, 30);
    ui_rect_cut_bottom(&inner, 12);
    if (browser->listing != NULL && ui_level_open(ui)) {
        picked = keys(ui, browser, ui_rect_inset(inner, 4), path);
    }
    picked = (browser->listing != NULL && list(ui, browser, inner, path)) || picked;
    picked = foot(ui, browser, bottom, path) || picked;
    ui_dialog_end(ui);
    if (close || picked || browser->listing == NULL) {
        browser->open = false;
    }
    return picked;
}
