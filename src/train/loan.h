/* A processor that training lends to the window for the length of a frame. Where all processors train, a
 * window that begins a frame takes the place of a worker in the midst of a task; the others end up waiting
 * for that task, and their processors lie idle. So the window asks first: the worker that lends stands aside
 * between two tasks, the others do them all, and when the frame is drawn it comes back. Internal to train. */
#ifndef LATENTSCAPE_SRC_TRAIN_LOAN_H
#define LATENTSCAPE_SRC_TRAIN_LOAN_H

#include "latentscape/train/pool.h"

/* Owns: the caller, ls_loan_destroy(). Fails: NULL, LS_ERR_MEMORY, LS_ERR_SYSTEM.  Thread: any. */
LS_CHECKED LsLoan *ls_loan_create(LsError *err);

/* Releases it; NULL is accepted.  Thread: one at a time, when nobody lends any more. */
void ls_loan_destroy(LsLoan *loan);

/* Asks the lender to stand aside, and waits for that: at once where it rests, or nobody lends; so many seconds
 * at most, and after it came too late half as long as the time before. Returns whether it is out of the
 * way; if not it will be as soon as it can.  Thread: the borrower's. */
bool ls_loan_take(LsLoan *loan, double seconds);

/* Lets the lender go on; nothing where nothing was taken.  Thread: the borrower's. */
void ls_loan_return(LsLoan *loan);

/* Between two tasks: stands aside for as long as is asked for, mostly not at all.  Thread: the lender's. */
void ls_loan_offer(LsLoan *loan);

/* The lender sleeps from now on, which serves as well, or has woken up.  Thread: the lender's. */
void ls_loan_rest(LsLoan *loan, bool resting);

#endif
