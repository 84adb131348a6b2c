/* How much of what is minimized each term is, step by step: the terms by their weights of that step,
 * one on top of the other, in nats or as shares of the total. */
#ifndef VIEWS_STACK_H
#define VIEWS_STACK_H

#include "views/curves.h"

typedef struct ViewStack ViewStack;

/* A view. Owns: the caller, view_stack_destroy(). Fails: NULL, LS_ERR_MEMORY.  Thread: UI. */
LS_CHECKED ViewStack *view_stack_create(LsError *err);

/* Releases it; NULL is accepted.  Thread: UI. */
void view_stack_destroy(ViewStack *stack);

/* Draws it; the span of steps is that of the curves, so that wheel and drag move both.
 * Thread: UI. */
void view_stack_draw(ViewStack *stack, View *view, ViewCurves *curves, UiRect rect);

#endif
