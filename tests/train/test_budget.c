/* What finding out about a model takes of the time, over simulated hours with a clock of its own. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latentscape/core/base.h"
#include "latentscape/core/rng.h"

#include "train/budget.h"

static const double step_s = 0.005;  /* of training between two slices */
static const double slice_s = 0.004; /* of a work */
static const double settle_s = 0.3;  /* from a change to the first look at what it does */

/* When each work is due, as the trainer has it, and what one costs. */
typedef struct Work {
    double every, share;
    double cost;     /* of the next one */
    bool urgent;     /* somebody waits for it */
    double left;     /* of the one under way */
    double due_at;   /* the next regular one */
    double begun_at; /* the newest one */
    double longest;  /* between two beginnings */
    int begun;
} Work;

typedef struct Simulation {
    LsBudget budget;
    Work work[LS_BUDGET_WORKS];
    double now, spent;
    double lowest,
        most; /* of what is spent beyond a tenth; the most that any stretch of time has of it */
    bool counting;     /* the first measuring is over */
    double changed_at; /* NAN: every change was looked at */
    double latest;     /* from a change that has settled to its look */
} Simulation;

static Simulation make(double measures, double likelihood, double pulls)
{
    return (Simulation){.work = {[LS_BUDGET_MEASURES] = {0.5, 0.05, .cost = measures},
                                 [LS_BUDGET_LIKELIHOOD] = {2, 0.03, .cost = likelihood},
                                 [LS_BUDGET_PULLS] = {1, 0.01, .cost = pulls}},
                        .now = 1000,
                        .changed_at = (double)NAN};
}

/* The stretch that ends now and has the most of it begins where least was spent beyond a tenth. */
static void count(Simulation *s)
{
    const double beyond = s->spent - 0.1 * s->now;
    s->lowest = s->counting ? fmin(s->lowest, beyond) : beyond;
    s->most = fmax(s->most, beyond - s->lowest);
}

static void change(Simulation *s)
{
    if (isnan(s->changed_at)) {
        s->changed_at = s->now;
    }
}

static bool wants(const Simulation *s, LsBudgetWork work, bool *urgent)
{
    *urgent = work == LS_BUDGET_MEASURES && !isnan(s->changed_at);
    return *urgent ? s->now >= s->changed_at + settle_s : s->now >= s->work[work].due_at;
}

static void begin(Simulation *s, LsBudgetWork work, bool urgent)
{
    Work *w = &s->work[work];
    ls_budget_begin(&s->budget, work, true, s->now);
    w->left = w->cost;
    w->longest = fmax(w->longest, w->begun > 0 ? s->now - w->begun_at : 0);
    w->begun_at = s->now;
    w->begun++;
    if (urgent) {
        s->latest = fmax(s->latest, s->now - s->changed_at - settle_s);
        s->changed_at = (double)NAN;
    }
}

/* A step of training, and a slice of the first work that is under way. */
static void go_on(Simulation *s)
{
    s->now += step_s;
    count(s);
    for (int i = 0; i < LS_BUDGET_WORKS; i++) {
        bool urgent = false;
        if (s->work[i].left <= 0 && wants(s, (LsBudgetWork)i, &urgent) &&
            ls_budget_allows(&s->budget, (LsBudgetWork)i, urgent, s->now)) {
            begin(s, (LsBudgetWork)i, urgent);
        }
    }
    for (int i = 0; i < LS_BUDGET_WORKS; i++) {
        Work *w = &s->work[i];
        if (w->left <= 0) {
            continue;
        }
        const double slice = fmin(slice_s, w->left);
        s->now += slice;
        s->spent += slice;
        w->left -= slice;
        ls_budget_spend(&s->budget, (LsBudgetWork)i, slice, true);
        count(s);
        if (w->left <= 0) {
            const double cost = ls_budget_end(&s->budget, (LsBudgetWork)i);
            w->due_at = s->now + fmax(w->every, cost / w->share);
            s->counting = true;
        }
        break;
    }
}

static void pass(Simulation *s, double seconds)
{
    const double until = s->now + seconds;
    while (s->now < until) {
        go_on(s);
    }
}

static double dearest(const Simulation *s)
{
    return fmax(s->work[0].cost, fmax(s->work[1].cost, s->work[2].cost));
}

static const double costs[][3] = {
    {0.04, 0.1, 0.015}, /* a quiet machine */
    {0.35, 1.2, 0.06},  /* a busy one */
    {0.02, 0.01, 0.2},  {3, 0.5, 0.1}, {0.05, 0.05, 0.05},
};

static void all_works_together_take_a_tenth_of_the_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < LS_COUNT(costs); i++) {
        Simulation s = make(costs[i][0], costs[i][1], costs[i][2]);
        const double start = s.now;
        pass(&s, 2 * 3600);
        assert_true(s.spent <= 0.1 * (s.now - start) + 2 * dearest(&s));
        assert_true(s.most <= 2 * dearest(&s) + slice_s);
        for (int k = 0; k < LS_BUDGET_WORKS; k++) { /* and each has its share */
            const Work *w = &s.work[k];
            const double regular = fmax(w->every, w->cost / w->share) + w->cost;
            assert_true(w->begun > 0.8 * (s.now - start) / (regular + 10 * dearest(&s)));
        }
    }
}

static void so_they_do_while_settings_change_all_the_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < LS_COUNT(costs); i++) {
        const LsRng rng = ls_rng_make(11, LS_RNG_VIEW);
        Simulation s = make(costs[i][0], costs[i][1], costs[i][2]);
        const double start = s.now;
        pass(&s, 60);
        for (uint64_t burst = 0; burst < 60; burst++) {
            /* A slider that is drawn, or a switch thrown a thousand times. */
            const uint32_t changes = ls_rng_below(rng, 2 * burst, 1000);
            const double apart = 0.001 * ls_rng_below(rng, 2 * burst + 1, 700);
            for (uint32_t k = 0; k < changes && s.now < start + 3 * 3600; k++) {
                change(&s);
                pass(&s, apart);
            }
            pass(&s, 5);
        }
        assert_true(s.now > start + 3600);
        assert_true(s.spent <= 0.1 * (s.now - start) + 2 * dearest(&s));
        assert_true(s.most <= 2 * dearest(&s) + slice_s);
        for (int k = 0; k < LS_BUDGET_WORKS; k++) { /* nobody is forgotten meanwhile */
            assert_true(s.work[k].longest < 200 * s.work[k].cost + 60 * dearest(&s) + 4);
        }
    }
}

static void a_cost_that_jumps_is_paid_back(void **state)
{
    (void)state;
    const LsRng rng = ls_rng_make(12, LS_RNG_VIEW);
    const double highest = 2;
    Simulation s = make(0.05, 0.1, 0.01);
    const double start = s.now;
    for (uint64_t i = 0; i < 20000; i++) {
        /* By a factor of up to 400, from one to the next; another model, a machine that is busy. */
        Work *w = &s.work[ls_rng_below(rng, 3 * i, LS_BUDGET_WORKS)];
        w->cost = highest / pow(400, ls_rng_below(rng, 3 * i + 1, 1000) / 1000.0);
        if (ls_rng_below(rng, 3 * i + 2, 3) == 0) {
            change(&s);
        }
        pass(&s, 0.7);
    }
    /* What was saved, and each work under way dearer than it was thought to be. */
    const double beyond = (1 + LS_BUDGET_WORKS) * highest;
    assert_true(s.spent <= 0.1 * (s.now - start) + beyond);
    assert_true(s.most <= beyond);
    assert_true(s.spent >= 0.05 * (s.now - start)); /* it is used, too */
}

static void a_change_after_some_calm_is_looked_at_as_soon_as_it_has_settled(void **state)
{
    (void)state;
    for (size_t i = 0; i < LS_COUNT(costs); i++) {
        const LsRng rng = ls_rng_make(13, LS_RNG_VIEW);
        Simulation s = make(costs[i][0], costs[i][1], costs[i][2]);
        pass(&s, 100 * dearest(&s));
        s.latest = 0;
        for (uint64_t k = 0; k < 50; k++) {
            change(&s);
            /* Long enough for what was begun on credit to be paid back. */
            pass(&s, 1 + (10 + ls_rng_below(rng, k, 1000) / 100.0) * costs[i][0]);
        }
        /* One that is under way is let finish; nothing else is waited for. */
        assert_true(s.latest <= (costs[i][0] + step_s) * (1 + step_s / slice_s) + step_s);
    }
}

static void what_is_found_out_at_rest_costs_nobody_anything(void **state)
{
    (void)state;
    LsBudget budget = {0};
    for (int i = 0; i < 100; i++) {
        ls_budget_begin(&budget, LS_BUDGET_LIKELIHOOD, false, 10 + i);
        ls_budget_spend(&budget, LS_BUDGET_LIKELIHOOD, 0.9, false);
        assert_true(ls_budget_end(&budget, LS_BUDGET_LIKELIHOOD) == 0.9);
    }
    assert_true(budget.credit >= 0);
    assert_true(ls_budget_allows(&budget, LS_BUDGET_MEASURES, true, 110));
}

static void what_is_given_up_gives_back_what_it_did_not_spend(void **state)
{
    (void)state;
    LsBudget budget = {.credit = 1, .counted_at = 50};
    budget.item[LS_BUDGET_MEASURES].cost = 1;
    ls_budget_begin(&budget, LS_BUDGET_MEASURES, true, 50);
    assert_true(budget.credit == 0);
    ls_budget_spend(&budget, LS_BUDGET_MEASURES, 0.25, true);
    ls_budget_stop(&budget, LS_BUDGET_MEASURES);
    ls_budget_stop(&budget, LS_BUDGET_MEASURES); /* once */
    assert_true(budget.credit == 0.75);
    assert_true(budget.item[LS_BUDGET_MEASURES].cost == 1);
}

static void a_program_that_was_stopped_for_hours_owes_a_second(void **state)
{
    (void)state;
    LsBudget budget = {.counted_at = 50};
    ls_budget_begin(&budget, LS_BUDGET_MEASURES, true, 50);
    ls_budget_spend(&budget, LS_BUDGET_MEASURES, 7200, true);
    assert_true(ls_budget_end(&budget, LS_BUDGET_MEASURES) == 1);
    assert_false(ls_budget_allows(&budget, LS_BUDGET_MEASURES, true, 59));
    assert_true(ls_budget_allows(&budget, LS_BUDGET_MEASURES, true, 61));
}

static void of_two_unknown_costs_one_is_found_out_after_the_other(void **state)
{
    (void)state;
    LsBudget budget = {0};
    assert_true(ls_budget_allows(&budget, LS_BUDGET_MEASURES, true, 1));
    ls_budget_begin(&budget, LS_BUDGET_MEASURES, true, 1);
    assert_false(ls_budget_allows(&budget, LS_BUDGET_LIKELIHOOD, false, 1));
    ls_budget_spend(&budget, LS_BUDGET_MEASURES, 0.1, true);
    (void)ls_budget_end(&budget, LS_BUDGET_MEASURES);
    assert_false(ls_budget_allows(&budget, LS_BUDGET_LIKELIHOOD, false, 1.9));
    assert_true(ls_budget_allows(&budget, LS_BUDGET_LIKELIHOOD, false, 2.1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_works_together_take_a_tenth_of_the_time),
        cmocka_unit_test(so_they_do_while_settings_change_all_the_time),
        cmocka_unit_test(a_cost_that_jumps_is_paid_back),
        cmocka_unit_test(a_change_after_some_calm_is_looked_at_as_soon_as_it_has_settled),
        cmocka_unit_test(what_is_found_out_at_rest_costs_nobody_anything),
        cmocka_unit_test(what_is_given_up_gives_back_what_it_did_not_spend),
        cmocka_unit_test(a_program_that_was_stopped_for_hours_owes_a_second),
        cmocka_unit_test(of_two_unknown_costs_one_is_found_out_after_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
