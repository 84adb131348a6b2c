#include "train/budget.h"

#include <math.h>

static const double share = 0.1;    /* of the time */
static const double slice_most = 1; /* seconds */
static const double patience = 100; /* times the cost */
static const double lately = 2;     /* seconds: works are asked for between any two steps */

/* No more is saved than the dearest work costs. */
static double most(const LsBudget *budget)
{
    double dearest = 0;
    for (int i = 0; i < LS_BUDGET_WORKS; i++) {
        dearest = fmax(dearest, budget->item[i].cost);
    }
    return dearest;
}

static void save(LsBudget *budget, double now)
{
    budget->credit = fmin(budget->credit + share * (now - budget->counted_at), most(budget));
    budget->counted_at = now;
}

/* Whether it has waited for too long, and is asked for still. */
static bool goes_first(const LsBudgetItem *item, double now)
{
    return item->refused && now - item->refused_at >= patience * item->cost &&
           now - item->asked_at <= lately;
}

/* Whether another work stands in the way: one that goes first, or, of two whose cost nobody knows yet, the
 * one under way. */
static bool is_held(const LsBudget *budget, LsBudgetWork work, double now)
{
    bool held = false;
    for (int i = 0; i < LS_BUDGET_WORKS; i++) {
        const LsBudgetItem *item = &budget->item[i];
        held = held || (item->running && item->cost <= 0);
        held = held || (i != (int)work && goes_first(item, now));
    }
    return held;
}

bool ls_budget_allows(LsBudget *budget, LsBudgetWork work, bool urgent, double now)
{
    LsBudgetItem *item = &budget->item[work];
    save(budget, now);
    const bool first = goes_first(item, now);
    const bool allowed = budget->credit >= (urgent || first ? 0 : item->cost) &&
                         (first || !is_held(budget, work, now));
    if (!allowed) {
        item->refused_at = item->refused ? item->refused_at : now;
        item->refused = true;
        item->asked_at = now;
    }
    return allowed;
}

void ls_budget_begin(LsBudget *budget, LsBudgetWork work, bool charged, double now)
{
    LsBudgetItem *item = &budget->item[work];
    save(budget, now);
    item->running = true;
    item->refused = false;
    item->spent = 0;
    item->booked = charged ? item->cost : 0;
    budget->credit -= item->booked;
}

void ls_budget_spend(LsBudget *budget, LsBudgetWork work, double seconds, bool charged)
{
    LsBudgetItem *item = &budget->item[work];
    const double counted = fmin(seconds, slice_most);
    item->spent += counted;
    if (charged) {
        const double booked = fmin(counted, item->booked);
        item->booked -= booked;
        budget->credit -= counted - booked;
    }
}

double ls_budget_end(LsBudget *budget, LsBudgetWork work)
{
    LsBudgetItem *item = &budget->item[work];
    item->cost = item->spent;
    ls_budget_stop(budget, work);
    return item->cost;
}

void ls_budget_stop(LsBudget *budget, LsBudgetWork work)
{
    LsBudgetItem *item = &budget->item[work];
    item->running = false;
    budget->credit += item->booked;
    item->booked = 0;
}
