/* How strongly each term of the loss pulls at the weights just now: a bar of shares for the encoder and
 * one for the decoder, and the angle between reconstruction's pull and the divergence's. */
#ifndef VIEWS_PULL_BARS_H
#define VIEWS_PULL_BARS_H

#include "views/view.h"

/* Draws them at the top of *rect and cuts that off; nothing before there are figures.  Thread: UI. */
void view_pull_bars_draw(View *view, UiRect *rect);

#endif
