#include "hand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

void hand_open(Hand *hand, HandPage *page, void *state)
{
    LsError err = {.code = LS_OK};
    const UiOptions options = {
        .title = "test", .width = 800, .height = 600, .scale = 1, .offscreen = true};
    *hand = (Hand){.ui = ui_create(&options, &err), .page = page, .state = state, .now = 10};
    if (hand->ui == NULL) {
        fail_msg("%s", err.text);
    }
    hand_frame(hand);
}

void hand_close(Hand *hand)
{
    ui_destroy(hand->ui);
}

bool hand_frame(Hand *hand)
{
    hand->now += 1.0 / 60;
    ui_begin(hand->ui, hand->now);
    hand->page(hand->ui, hand->state);
    return ui_end(hand->ui);
}

void hand_settle(Hand *hand)
{
    for (int i = 0; i < 20; i++) {
        hand_frame(hand);
        if (ui_next_wake(hand->ui) != 0) {
            return;
        }
    }
    fail_msg("The interface asks for frame after frame.");
}

void hand_move(Hand *hand, float x, float y)
{
    SDL_Event event = {.type = SDL_MOUSEMOTION};
    event.motion.x = (int)x;
    event.motion.y = (int)y;
    ui_event(hand->ui, &event);
}

void hand_button(Hand *hand, int button, bool down, int clicks)
{
    SDL_Event event = {.type = down ? SDL_MOUSEBUTTONDOWN : SDL_MOUSEBUTTONUP};
    event.button.button = (uint8_t)button;
    event.button.clicks = (uint8_t)clicks;
    event.button.x = (int)hand->ui->input.at.x;
    event.button.y = (int)hand->ui->input.at.y;
    ui_event(hand->ui, &event);
}

void hand_wheel(Hand *hand, float notches)
{
    SDL_Event event = {.type = SDL_MOUSEWHEEL};
    event.wheel.preciseY = notches;
    ui_event(hand->ui, &event);
}

bool hand_key(Hand *hand, SDL_Keycode sym, uint16_t mod)
{
    SDL_Event event = {.type = SDL_KEYDOWN};
    event.key.keysym.sym = sym;
    event.key.keysym.mod = mod;
    return ui_event(hand->ui, &event);
}

bool hand_type(Hand *hand, const char *text)
{
    SDL_Event event = {.type = SDL_TEXTINPUT};
    SDL_strlcpy(event.text.text, text, sizeof(event.text.text));
    return ui_event(hand->ui, &event);
}

UiPoint hand_middle(const Hand *hand, const char *id)
{
    UiRect rect = {0, 0, 0, 0};
    if (!ui_find(hand->ui, id, &rect)) {
        fail_msg("There is no widget \"%s\".", id);
    }
    return (UiPoint){rect.x + rect.w / 2, rect.y + rect.h / 2};
}

void hand_click(Hand *hand, const char *id)
{
    const UiPoint at = hand_middle(hand, id);
    hand_move(hand, at.x, at.y);
    hand_frame(hand);
    hand_button(hand, SDL_BUTTON_LEFT, true, 1);
    hand_frame(hand);
    hand_button(hand, SDL_BUTTON_LEFT, false, 1);
    hand_settle(hand);
}

uint32_t hand_pixel(const Hand *hand, float x, float y)
{
    const UiCanvas *const canvas = &hand->ui->canvas;
    return canvas->pixels[(size_t)y * (size_t)canvas->w + (size_t)x] & 0xffffffU;
}
