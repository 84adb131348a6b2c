/* The dark theme: every colour, text size and measure the widgets use. Views take colours from here
 * too, so that each term of the loss keeps its one colour everywhere. */
#ifndef UI_THEME_H
#define UI_THEME_H

#include "ui/geometry.h"

#define UI_GROUND UI_RGB(0x0b0e14)
#define UI_CARD UI_RGB(0x131822)
#define UI_RAISED UI_RGB(0x1c2330)
#define UI_HOVER UI_RGB(0x263042)
#define UI_PRESSED UI_RGB(0x161c27)
#define UI_TRACK UI_RGB(0x323c4d) /* what a slider or switch runs in */
#define UI_EDGE UI_RGB(0x323c4d)  /* around what floats */
#define UI_SOFT UI_RGB(0xb4bdca)  /* between text and muted */
#define UI_RULE UI_RGB(0x222a37)
#define UI_TEXT UI_RGB(0xe8ecf2)
#define UI_MUTED UI_RGB(0x8b95a5)
#define UI_ACTION UI_RGB(0x2dd4a7)
#define UI_BAD UI_RGB(0xff8a7a)
#define UI_BLACK UI_RGB(0x000000)

/* Terms of the loss. */
#define UI_REC UI_RGB(0xffb454)
#define UI_KL UI_RGB(0x4fa8ff)
#define UI_REG UI_RGB(0xb98cf5)
#define UI_TOTAL UI_RGB(0xe8ecf2)

/* Of two runs side by side, the first and the second; the second is a model of before, too. */
#define UI_SIDE_A UI_RGB(0x2dd4a7)
#define UI_SIDE_B UI_RGB(0xff8fab)

/* Classes 0 .. 9, readable to colour-blind eyes on dark. */
#define UI_CLASSES                                                                          \
    {                                                                                       \
        UI_PARTS(0x3f90da), UI_PARTS(0xffa90e), UI_PARTS(0xe0524f), UI_PARTS(0x94a4a2),     \
            UI_PARTS(0xa06cd5), UI_PARTS(0xb9805f), UI_PARTS(0xf0803c), UI_PARTS(0xb9ac70), \
            UI_PARTS(0x7d8597), UI_PARTS(0x92dadd)                                          \
    }

enum {
    UI_GRID = 8,       /* every distance is a multiple of it, or half of it */
    UI_RADIUS = 8,     /* cards */
    UI_ROUND = 5,      /* controls */
    UI_PAD = 12,       /* inside a card */
    UI_CONTROL_H = 24, /* fields, chips, menus */
};

/* Three sizes, in logical units of text height, and weights. */
typedef enum UiFont {
    UI_FONT_SMALL,   /* 11 regular: axis numbers, hints */
    UI_FONT_BODY,    /* 13 regular: labels */
    UI_FONT_STRONG,  /* 13 semibold: titles of cards, figures */
    UI_FONT_CAPTION, /* 11 medium, for letter-spaced headings */
    UI_FONT_TITLE,   /* 16 semibold: the program's name */
    UI_FONT_COUNT
} UiFont;

#endif
