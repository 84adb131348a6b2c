/* The file browser. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "latentscape/core/file.h"

#include "hand.h"
#include "ui/listing.h"

typedef struct Page {
    UiBrowser browser;
    char path[4096];
    bool picked;
    char root[64];
} Page;

static void page(Ui *ui, void *state)
{
    Page *const p = state;
    p->picked = ui_browser(ui, &p->browser, p->path) || p->picked;
}

static void make_file(const char *root, const char *name)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s", root, name);
    FILE *const file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
}

static void make_tree(Page *p)
{
    char folder[128];
    memset(p, 0, sizeof(*p));
    SDL_strlcpy(p->root, "/tmp/ls_browser_XXXXXX", sizeof(p->root));
    assert_non_null(mkdtemp(p->root));
    make_file(p->root, "b.safetensors");
    make_file(p->root, "A.txt");
    make_file(p->root, ".hidden");
    snprintf(folder, sizeof(folder), "%s/zoo", p->root);
    assert_int_equal(mkdir(folder, 0700), 0);
}

static void remove_tree(const Page *p)
{
    static const char *const names[] = {"b.safetensors", "A.txt", ".hidden", "new.safetensors"};
    char path[512];
    for (size_t i = 0; i < LS_COUNT(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", p->root, names[i]);
        unlink(path);
    }
    snprintf(path, sizeof(path), "%s/zoo", p->root);
    rmdir(path);
    rmdir(p->root);
}

static void folders_come_first_and_hidden_files_not_at_all(void **state)
{
    (void)state;
    Page p;
    make_tree(&p);
    UiListing *const listing = ui_listing_create(p.root);
    assert_int_equal(listing->count, 3);
    assert_string_equal(listing->items[0].name, "zoo");
    assert_true(listing->items[0].folder);
    assert_string_equal(listing->items[1].name, "A.txt");
    assert_string_equal(listing->items[2].name, "b.safetensors");
    ui_listing_destroy(listing);
    remove_tree(&p);
}

static void unreadable_folder_says_why(void **state)
{
    (void)state;
    UiListing *const listing = ui_listing_create("no-such-folder");
    assert_int_equal(listing->count, 0);
    assert_non_null(strstr(listing->error, "No such file"));
    ui_listing_destroy(listing);
}

static void a_file_is_opened_by_keyboard(void **state)
{
    (void)state;
    Hand hand;
    Page p;
    make_tree(&p);
    ui_browser_open(&p.browser, false, "Open", p.root, "", ".safetensors");
    hand_open(&hand, page, &p);
    hand_settle(&hand);
    hand_key(&hand, SDLK_DOWN, 0); /* zoo */
    hand_key(&hand, SDLK_RETURN, 0);
    hand_settle(&hand);
    assert_non_null(strstr(p.browser.folder, "/zoo"));
    hand_key(&hand, SDLK_BACKSPACE, 0);
    hand_settle(&hand);
    assert_int_equal(p.browser.chosen, 0); /* where one came from */
    hand_key(&hand, SDLK_END, 0);
    hand_key(&hand, SDLK_RETURN, 0);
    hand_settle(&hand);
    assert_true(p.picked);
    assert_non_null(strstr(p.path, "/b.safetensors"));
    assert_false(p.browser.open);
    ui_browser_finish(&p.browser);
    hand_close(&hand);
    remove_tree(&p);
}

static void a_name_can_be_typed_at_once(void **state)
{
    (void)state;
    Hand hand;
    Page p;
    make_tree(&p);
    ui_browser_open(&p.browser, false, "Open", p.root, "", ".safetensors");
    hand_open(&hand, page, &p);
    hand_settle(&hand);
    hand_type(&hand, "b.");
    hand_type(&hand, "safe");
    hand_frame(&hand);
    hand_type(&hand, "tensors");
    hand_settle(&hand);
    assert_string_equal(p.browser.name, "b.safetensors");
    hand_key(&hand, SDLK_RETURN, 0);
    hand_settle(&hand);
    assert_true(p.picked);
    assert_non_null(strstr(p.path, "/b.safetensors"));
    ui_browser_finish(&p.browser);
    hand_close(&hand);
    remove_tree(&p);
}

static void a_file_is_opened_by_double_click(void **state)
{
    (void)state;
    Hand hand;
    Page p;
    make_tree(&p);
    ui_browser_open(&p.browser, false, "Open", p.root, "", ".safetensors");
    hand_open(&hand, page, &p);
    hand_settle(&hand);
    hand_click(&hand, "browser/b.safetensors");
    assert_string_equal(p.browser.name, "b.safetensors");
    hand_button(&hand, SDL_BUTTON_LEFT, true, 2);
    hand_button(&hand, SDL_BUTTON_LEFT, false, 2);
    hand_settle(&hand);
    assert_true(p.picked);
    ui_browser_finish(&p.browser);
    hand_close(&hand);
    remove_tree(&p);
}

static void a_typed_name_gets_its_suffix(void **state)
{
    (void)state;
    Hand hand;
    Page p;
    make_tree(&p);
    ui_browser_open(&p.browser, true, "Save", p.root, "old", ".safetensors");
    hand_open(&hand, page, &p);
    hand_settle(&hand);
    assert_true(hand_type(&hand, "new"));
    hand_frame(&hand);
    hand_key(&hand, SDLK_RETURN, 0);
    hand_settle(&hand);
    assert_true(p.picked);
    assert_string_equal(strrchr(p.path, '/'), "/new.safetensors");
    ui_browser_finish(&p.browser);
    hand_close(&hand);
    remove_tree(&p);
}

static void an_existing_file_is_asked_about(void **state)
{
    (void)state;
    Hand hand;
    Page p;
    make_tree(&p);
    ui_browser_open(&p.browser, true, "Save", p.root, "b", ".safetensors");
    hand_open(&hand, page, &p);
    hand_settle(&hand);
    hand_click(&hand, "browser.accept");
    assert_false(p.picked);
    assert_true(p.browser.open && p.browser.confirm);
    hand_click(&hand, "browser.cancel"); /* keeps it, and the browser open */
    assert_true(p.browser.open && !p.browser.confirm && !p.picked);
    hand_click(&hand, "browser.accept");
    hand_click(&hand, "browser.accept");
    assert_true(p.picked);
    ui_browser_finish(&p.browser);
    hand_close(&hand);
    remove_tree(&p);
}

static void a_missing_file_is_not_opened(void **state)
{
    (void)state;
    Hand hand;
    Page p;
    make_tree(&p);
    ui_browser_open(&p.browser, false, "Open", p.root, "gone.safetensors", ".safetensors");
    hand_open(&hand, page, &p);
    hand_settle(&hand);
    hand_click(&hand, "browser.accept");
    assert_false(p.picked);
    assert_true(p.browser.open);
    ui_browser_finish(&p.browser);
    hand_close(&hand);
    remove_tree(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folders_come_first_and_hidden_files_not_at_all),
        cmocka_unit_test(unreadable_folder_says_why),
        cmocka_unit_test(a_file_is_opened_by_keyboard),
        cmocka_unit_test(a_name_can_be_typed_at_once),
        cmocka_unit_test(a_file_is_opened_by_double_click),
        cmocka_unit_test(a_typed_name_gets_its_suffix),
        cmocka_unit_test(an_existing_file_is_asked_about),
        cmocka_unit_test(a_missing_file_is_not_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
