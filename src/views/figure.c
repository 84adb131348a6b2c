#include "views/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/text.h"

/* Below, two digits after the point are fewer than two that count. */
static const double two_digits = 0.0995;

void view_figure_nats(double value, char *out)
{
    if (!isfinite(value)) {
        (void)snprintf(out, VIEW_FIGURE, "–");
        return;
    }
    const double size = fabs(value);
    const char *sign = value < 0 ? "−" : "";
    if (size >= 1e9) {
        (void)snprintf(out, VIEW_FIGURE, "%s%.2e", sign, size);
    } else if (size >= 999.95) {
        char whole[32];
        ls_text_thousands((uint64_t)(size + 0.5), whole);
        (void)snprintf(out, VIEW_FIGURE, "%s%s", sign, whole);
    } else if (size >= 9.995) {
        (void)snprintf(out, VIEW_FIGURE, "%s%.1f", sign, size);
    } else if (size >= two_digits || size < 5e-5) {
        (void)snprintf(out, VIEW_FIGURE, "%s%.2f", size < 5e-5 ? "" : sign, size);
    } else {
        (void)snprintf(out, VIEW_FIGURE, "%s%.4f", sign, size);
    }
}

void view_figure_nats_short(double value, char *out)
{
    const double size = fabs(value);
    if (size < two_digits) {
        (void)snprintf(out, VIEW_FIGURE, "%s%.2f", value <= -0.005 ? "−" : "", size);
    } else {
        view_figure_nats(value, out);
    }
}

void view_figure_change(double change, char *out)
{
    char figure[VIEW_FIGURE];
    const double size = fabs(change);
    if (size < 0.005) {
        (void)snprintf(out, VIEW_FIGURE, "±0");
        return;
    }
    view_figure_nats_short(size, figure);
    (void)snprintf(out, VIEW_FIGURE, "%s%.30s",
                   !isfinite(change) ? ""
                   : change > 0      ? "+"
                                     : "−",
                   figure);
}

void view_figure_share(double share, char *out)
{
    if (!isfinite(share)) {
        (void)snprintf(out, VIEW_FIGURE, "–");
    } else if (share > 0 && share < 0.001) {
        (void)snprintf(out, VIEW_FIGURE, "<0.1 %%");
    } else {
        (void)snprintf(out, VIEW_FIGURE, "%.1f %%", 100 * share);
    }
}

void view_figure_count(uint64_t count, char *out)
{
    ls_text_thousands(count, out);
}

void view_figure_widest(const char *text, char *out, int size)
{
    (void)snprintf(out, (size_t)size, "%s", text);
    for (char *at = out; *at; at++) {
        if (*at >= '0' && *at <= '9') {
            *at = '0';
        }
    }
}
