#include "views/coordinate.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

void view_coordinate_number(double value, int decimals, char *out)
{
    const bool minus = value < 0 && -value >= 0.5 * pow(10, -decimals);
    snprintf(out, VIEW_COORDINATE, "%s%.*f", minus ? "−" : "", decimals, fabs(value));
}

void view_coordinate_print(const float *z, int latent, char *out)
{
    char x[VIEW_COORDINATE];
    char y[VIEW_COORDINATE];
    view_coordinate_number((double)z[0], 2, x);
    if (latent < 2) {
        snprintf(out, VIEW_COORDINATE, "%.30s", x);
        return;
    }
    view_coordinate_number((double)z[1], 2, y);
    snprintf(out, VIEW_COORDINATE, "(%.24s, %.24s)", x, y);
}

void view_coordinate_density(double value, char *out)
{
    if (value >= 0.0005 || value <= 0) {
        snprintf(out, VIEW_COORDINATE, "%.3f", value);
        return;
    }
    int power = (int)floor(log10(value));
    double digit = value / pow(10, power);
    if (digit >= 9.5) { /* would round to 10 */
        digit = 1;
        power++;
    }
    snprintf(out, VIEW_COORDINATE, "%.0fe−%d", digit, -power);
}
