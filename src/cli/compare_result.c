#include "cli/compare_result.h"

#include <math.h>
#include <stdio.h>

static const CliCompareRow own[CLI_COMPARE_OWN] = {
    {"steps", "steps", "", "Training steps done.", 0, false, 0, false},
    {"rec", "reconstruction, bce", "nats",
     "Of held-out images, whatever the model was trained with.", 1, true, LS_MEASURE_DOWN, false},
    {"kl", "KL divergence", "nats", "Of held-out images' codes from the prior.", 2, false, 0,
     false},
    {"elbo", "ELBO", "nats", "Minus the sum of both: nearer to zero is better.", 1, true,
     LS_MEASURE_UP, false},
    {"log_p", "log p(x), exact", "nats",
     "Summed over the plane of two latent dimensions, on the first 1,024 held-out images.", 1, true,
     LS_MEASURE_UP, false},
    {"gap", "ELBO's gap", "nats", "KL(q(z|x) || p(z|x)): what the ELBO falls short of log p(x).", 2,
     true, LS_MEASURE_DOWN, false},
};

CliCompareRow cli_compare_row(int index)
{
    if (index < CLI_COMPARE_OWN) {
        return own[index];
    }
    const LsMeasureRow *row = &ls_measure_rows()[index - CLI_COMPARE_OWN];
    return (CliCompareRow){row->name,   row->label, row->unit,   row->help,
                           row->digits, true,       row->better, !row->of_codes};
}

bool cli_compare_picture(const CliCompare *compare, const CliCompareSide *side, const char *what,
                         char *out, LsError *err)
{
    char name[128];
    (void)snprintf(name, sizeof name, "%s-%s.png", side->preset->name, what);
    return ls_path_join(compare->folder, name, out, err);
}

static CliCompareFigure average(const CliCompareSide *side, int seeds, int row)
{
    if (seeds == 1) {
        return side->figure[0][row];
    }
    double sum = 0;
    double square = 0;
    for (int i = 0; i < seeds; i++) {
        const double off = side->figure[i][row].value - side->figure[0][row].value;
        sum += off;
        square += off * off;
    }
    const double mean = sum / seeds;
    const double variance = fmax(square - seeds * mean * mean, 0) / (seeds - 1);
    return (CliCompareFigure){side->figure[0][row].value + mean, sqrt(variance / seeds)};
}

void cli_compare_average(CliCompare *compare)
{
    for (int i = 0; i < compare->sides; i++) {
        CliCompareSide *side = &compare->side[i];
        for (int row = 0; row < CLI_COMPARE_ROWS; row++) {
            side->mean[row] = average(side, compare->seeds, row);
        }
    }
}
