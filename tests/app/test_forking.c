/* A fork and what is pressed while it is being made: both sides begin from the same step, and neither ever
 * waits for the other. The loop is watched through the linker's hook, in a real window drawn in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/action.h"
#include "app/app.h"
#include "app/session.h"
#include "offscreen.h"

enum {
    STEPS = 60 /* many more than the sides may be apart */
};

/* What is done in one turn of the loop. Returns whether it is done with. */
typedef bool Act(App *app);

/* The hook takes no context, so what it follows lives at file scope. */
static struct {
    Act *const *act; /* NULL after the last one */
    uint64_t begun, a, b;
    bool forked;
} plan;

void __real_app_session_update(App *app);
void __wrap_app_session_update(App *app);

void __wrap_app_session_update(App *app)
{
    __real_app_session_update(app);
    app->awake = true;
    while (*plan.act != NULL && (*plan.act)(app)) {
        plan.act++;
    }
    if (*plan.act == NULL) {
        app->quit = true;
    }
}

static void run(const char *name, App *app)
{
    const AppAction *action = app_action_find(name);
    assert_non_null(action);
    action->run(app, action->argument);
}

static bool fork_now(App *app)
{
    plan.begun = app->view.snapshot->step;
    run("fork.begin", app);
    assert_true(app_fork_pending(app));
    return true;
}

static bool toggle(App *app)
{
    run("train.toggle", app);
    return true;
}

static bool step(App *app)
{
    run("train.step", app);
    return true;
}

static bool reset(App *app)
{
    run("train.reset", app);
    return true;
}

/* Where it is quick, B is there before it is seen being made. */
static bool is_made(App *app)
{
    return app->fork.making || app_fork_on(app);
}

static bool is_there(App *app)
{
    plan.forked = app_fork_on(app);
    return plan.forked;
}

static bool is_learning(App *app)
{
    return app->view.snapshot->step > 20 && app->view.snapshot->training;
}

/* Whether both sides hold still and have done all they were told. */
static bool are_at_rest(App *app)
{
    const LsSnapshot *a = app->view.snapshot, *b = app->fork.view.snapshot;
    plan.a = a->step;
    plan.b = b->step;
    return !a->training && !b->training && a->answered == ls_trainer_sent(app->trainer) &&
           b->answered == ls_trainer_sent(app->fork.trainer) && a->step == b->step;
}

static bool have_both_learned(App *app)
{
    return app->view.snapshot->step > plan.begun + STEPS &&
           app->fork.view.snapshot->step > plan.begun + STEPS;
}

static bool shows_training(App *app)
{
    assert_true(app->view.training);
    return true;
}

static bool shows_rest(App *app)
{
    assert_false(app->view.training);
    return true;
}

static bool no_fork(App *app)
{
    assert_false(app_fork_pending(app) || app_fork_on(app));
    return true;
}

static bool has_begun_anew(App *app)
{
    return app->view.snapshot->step < plan.begun;
}

/* As where a full queue has lost the command. */
static bool let_b_rest(App *app)
{
    assert_true(ls_trainer_send(app->fork.trainer, &(LsCommand){.kind = LS_COMMAND_PAUSE}));
    plan.begun = app->fork.view.snapshot->step;
    return true;
}

static void play(Act *const *acts)
{
    Offscreen place;
    memset(&plan, 0, sizeof plan);
    plan.act = acts;
    offscreen_open(&place, "");
    offscreen_run(&place,
                  (AppOptions){.seconds = 1e6, .threads = 1, .settings = "hidden=32,16 batch=32"});
    assert_null(*plan.act);
    offscreen_close(&place);
}

static void training_begun_at_once_begins_on_both_sides(void **state)
{
    (void)state;
    Act *const acts[] = {fork_now,          toggle, shows_training, is_there,
                         have_both_learned, toggle, are_at_rest,    NULL};
    play(acts);
}

static void training_begun_while_b_is_made_begins_on_both_sides(void **state)
{
    (void)state;
    Act *const acts[] = {fork_now, is_made,     toggle, shows_training, is_there, have_both_learned,
                         toggle,   are_at_rest, NULL};
    play(acts);
}

static void a_pause_while_it_is_made_holds_both_sides(void **state)
{
    (void)state;
    Act *const acts[] = {toggle,   is_learning, fork_now, shows_training, toggle, shows_rest,
                         is_there, are_at_rest, NULL};
    play(acts);
    assert_true(plan.forked && plan.a == plan.b);
}

static void a_step_while_it_is_made_is_one_of_both(void **state)
{
    (void)state;
    Act *const acts[] = {fork_now, step, step, is_there, are_at_rest, NULL};
    play(acts);
    assert_int_equal(plan.a, plan.begun + 2);
    assert_int_equal(plan.b, plan.begun + 2);
}

static void a_model_that_begins_anew_before_its_state_came_is_not_forked(void **state)
{
    (void)state;
    Act *const acts[] = {toggle, is_learning, fork_now, reset, no_fork, has_begun_anew, NULL};
    play(acts);
}

static void a_side_that_rests_alone_goes_on_with_the_other(void **state)
{
    (void)state;
    Act *const acts[] = {fork_now, toggle, is_there, let_b_rest, have_both_learned, NULL};
    play(acts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(training_begun_at_once_begins_on_both_sides),
        cmocka_unit_test(training_begun_while_b_is_made_begins_on_both_sides),
        cmocka_unit_test(a_pause_while_it_is_made_holds_both_sides),
        cmocka_unit_test(a_step_while_it_is_made_is_one_of_both),
        cmocka_unit_test(a_model_that_begins_anew_before_its_state_came_is_not_forked),
        cmocka_unit_test(a_side_that_rests_alone_goes_on_with_the_other),
    };
    return cmocka_run_group_tests_name("forking", tests, NULL, NULL);
}
