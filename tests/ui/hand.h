/* A window in memory and hands that work it: synthetic events through the path a person's take. */
#ifndef TEST_UI_HAND_H
#define TEST_UI_HAND_H

#include "ui/context.h"
#include "ui/widgets.h"

/* Draws the page under test; state is the test's own. */
typedef void HandPage(Ui *ui, void *state);

typedef struct Hand {
    Ui *ui;
    HandPage *page;
    void *state;
    double now;
} Hand;

/* A window of 800 x 600 units that shows page; fails the test where there is none.  Thread: UI. */
void hand_open(Hand *hand, HandPage *page, void *state);
void hand_close(Hand *hand);

/* One frame, a sixtieth of a second later. Returns whether anything was presented.  Thread: UI. */
bool hand_frame(Hand *hand);

/* Lets the frames run that the interface asks for by itself at once.  Thread: UI. */
void hand_settle(Hand *hand);

/* Events, not yet followed by a frame. hand_key returns whether the interface kept the key.
 * Thread: UI. */
void hand_move(Hand *hand, float x, float y);
void hand_button(Hand *hand, int button, bool down, int clicks);
void hand_wheel(Hand *hand, float notches);
bool hand_key(Hand *hand, SDL_Keycode sym, uint16_t mod);
bool hand_type(Hand *hand, const char *text);

/* The middle of a widget; then a press, a release and the frames that belong to them.  Thread: UI. */
UiPoint hand_middle(const Hand *hand, const char *id);
void hand_click(Hand *hand, const char *id);

/* The pixel of the frame shown at a place.  Thread: UI. */
uint32_t hand_pixel(const Hand *hand, float x, float y);

#endif
