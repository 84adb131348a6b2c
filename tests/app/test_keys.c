#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/action.h"
#include "app/keys.h"

static bool match(const char *binding, SDL_Keycode sym, int mod)
{
    const SDL_Keysym pressed = {.sym = sym, .mod = (Uint16)mod};
    return app_keys_match(binding, &pressed);
}

static void modifiers_must_be_just_those(void **state)
{
    (void)state;
    assert_true(match("Ctrl+Z", SDLK_z, KMOD_LCTRL));
    assert_true(match("Ctrl+Z", SDLK_z, KMOD_RCTRL));
    assert_false(match("Ctrl+Z", SDLK_z, KMOD_LCTRL | KMOD_LSHIFT));
    assert_true(match("Ctrl+Shift+Z", SDLK_z, KMOD_LCTRL | KMOD_RSHIFT));
    assert_false(match("Ctrl+Z", SDLK_z, 0));
    assert_false(match("R", SDLK_r, KMOD_LALT));
    assert_true(match("Space", SDLK_SPACE, KMOD_NUM));
}

static void signs_are_found_on_any_layout(void **state)
{
    (void)state;
    assert_true(match("?", SDLK_SLASH, KMOD_LSHIFT));
    assert_true(match("?", SDLK_QUESTION, 0));
    assert_true(match("?", SDLK_QUESTION, KMOD_LSHIFT));
    assert_false(match("?", SDLK_SLASH, 0));
    assert_true(match("Ctrl++", SDLK_EQUALS, KMOD_LCTRL | KMOD_LSHIFT));
    assert_true(match("Ctrl++", SDLK_EQUALS, KMOD_LCTRL));
    assert_true(match("Ctrl++", SDLK_KP_PLUS, KMOD_LCTRL));
    assert_true(match("-", SDLK_KP_MINUS, 0));
    assert_false(match("-", SDLK_KP_MINUS, KMOD_LCTRL));
}

static void every_action_has_a_sentence_and_a_key_of_its_own(void **state)
{
    (void)state;
    size_t count = 0;
    const AppAction *rows = app_action_rows(&count);
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        const ViewAction *row = &rows[i].shown;
        assert_true(strlen(row->name) > 2 && strchr(row->name, '.'));
        assert_true(strlen(row->title) > 2);
        assert_true(row->help[strlen(row->help) - 1] == '.');
        assert_non_null(rows[i].run);
        assert_ptr_equal(app_action_find(row->name), &rows[i]);
        SDL_Keysym key;
        assert_true(!row->key || app_keys_parse(row->key, &key));
        assert_true(!rows[i].key2 || app_keys_parse(rows[i].key2, &key));
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(row->name, rows[j].shown.name);
            assert_true(!row->key || !rows[j].shown.key ||
                        strcmp(row->key, rows[j].shown.key) != 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modifiers_must_be_just_those),
        cmocka_unit_test(signs_are_found_on_any_layout),
        cmocka_unit_test(every_action_has_a_sentence_and_a_key_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
