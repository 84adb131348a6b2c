#include "latentscape/train/blame.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double half_way = 0.5;

/* How far from the default, 0, towards the nearer end of the slider, 1. Sliders that begin at 0 have no
 * value that harms. */
static double strangeness(const LsSetting *row, const LsTrainSettings *settings)
{
    const LsTrainSettings plain = ls_train_settings_make();
    const double value = ls_setting_number(row, settings);
    const double usual = ls_setting_number(row, &plain);
    if (!(row->low > 0) || value == usual || (row->logarithmic && value <= 0)) {
        return 0;
    }
    if (!row->logarithmic) {
        return (value - usual) / ((value > usual ? row->high : row->low) - usual);
    }
    const double from = usual > 0 ? usual : row->low;
    const double end = value > from ? row->high : row->low;
    return end != from ? log(value / from) / log(end / from) : 0;
}

/* What belongs to a term without weight does nothing. How large a weight is does not matter here, and so
 * not of how many pixels an image is. */
static bool counts(const LsSetting *row, const LsTrainSettings *settings)
{
    const LsLoss loss = ls_train_settings_loss(settings, 1);

    const struct {
        const char *group;
        double weight;
    } terms[] = {{"rec", loss.w_rec}, {"div", loss.w_kl}, {"reg", loss.w_reg}};

    for (size_t i = 0; row->group != NULL && i < LS_COUNT(terms); i++) {
        if (strcmp(row->group, terms[i].group) == 0) {
            return terms[i].weight > 0;
        }
    }
    return true;
}

/* Numbers that weigh a term or size a step; counts of steps and images harm nobody. */
static bool can_burst(const LsSetting *row, const LsTrainSettings *settings)
{
    return row->type == LS_SETTING_REAL && counts(row, settings) &&
           ls_setting_meant(ls_train_settings_table(), row, settings);
}

const LsSetting *ls_blame_find(const LsTrainSettings *settings)
{
    const LsSettingTable table = ls_train_settings_table();
    const LsSetting *worst = NULL;
    double most = half_way;
    for (size_t i = 0; i < table.count; i++) {
        const double strange =
            can_burst(&table.rows[i], settings) ? strangeness(&table.rows[i], settings) : 0;
        if (strange > most) {
            most = strange;
            worst = &table.rows[i];
        }
    }
    return worst;
}

void ls_blame_tell(const LsTrainSettings *settings, char *out)
{
    const LsSetting *row = ls_blame_find(settings);
    out[0] = '\0';
    if (row != NULL) {
        char value[LS_SETTING_TEXT];
        ls_setting_print(row, settings, value);
        (void)snprintf(out, LS_BLAME_TEXT, " %s %.12s is the likely cause (%.12s is usual).",
                       row->title, value, row->fallback);
    }
}
