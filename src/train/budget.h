/* The time that goes, while a model trains, into finding out about it: measures, likelihood and pulls
 * together get a tenth of it. In no stretch of time do they take more than that and what two of them cost,
 * one begun on what was saved, one on credit; where a cost turns out higher than the last one of its kind,
 * the difference comes on top, and is paid back before anything else begins. As it begins a work is booked
 * at that cost, so that it runs without a break.
 * Units: seconds; now is the caller's clock. Internal to train. */
#ifndef LATENTSCAPE_SRC_TRAIN_BUDGET_H
#define LATENTSCAPE_SRC_TRAIN_BUDGET_H

#include <stdbool.h>

typedef enum LsBudgetWork {
    LS_BUDGET_MEASURES,
    LS_BUDGET_LIKELIHOOD,
    LS_BUDGET_PULLS,
    LS_BUDGET_WORKS
} LsBudgetWork;

typedef struct LsBudgetItem {
    bool running;
    double cost;                 /* of the newest one; 0 before the first */
    double spent;                /* by the one under way */
    double booked;               /* for it, and not spent yet */
    bool refused;                /* since the last one began: */
    double refused_at, asked_at; /* first, and last */
} LsBudgetItem;

/* All zeros: nothing was spent yet. */
typedef struct LsBudget {
    double credit; /* below zero: so much is saved before anything else begins */
    double counted_at;
    LsBudgetItem item[LS_BUDGET_WORKS];
} LsBudget;

/* Whether a work may begin. Regular ones wait until their cost was saved; urgent ones, which somebody
 * waits for who has changed something, begin on credit, but on no second one. What has waited for a hundred
 * times its cost goes before all others.  Thread: any. */
bool ls_budget_allows(LsBudget *budget, LsBudgetWork work, bool urgent, double now);

/* A work begins. charged: the model trains; at rest its time is nobody's. What another run has asked for, so
 * that figures can be compared, begins without having been allowed here, and is paid for.  Thread: any. */
void ls_budget_begin(LsBudget *budget, LsBudgetWork work, bool charged, double now);

/* A slice of it took so long. More than a second counts as one: the program was stopped meanwhile, which
 * says nothing of the cost.  Thread: any. */
void ls_budget_spend(LsBudget *budget, LsBudgetWork work, double seconds, bool charged);

/* It is done. Returns what it has cost.  Thread: any. */
double ls_budget_end(LsBudget *budget, LsBudgetWork work);

/* It is given up, where it was under way: the next one is expected to cost what the last whole one did.
 * Thread: any. */
void ls_budget_stop(LsBudget *budget, LsBudgetWork work);

#endif
