#include "train/agree.h"

#include "train/run_state.h"

bool ls_agree_begins(const LsTrainer *trainer, LsPaceWork work, bool due, bool running,
                     uint64_t begun)
{
    const uint64_t step = ls_run_steps(trainer->run);
    if (trainer->pace == NULL || !trainer->training ||
        !ls_pace_together(trainer->pace, trainer->side, step)) {
        return due;
    }
    return ls_pace_judges(trainer->pace, work, trainer->side, step, due, running) && begun != step;
}
