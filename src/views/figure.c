#include "views/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/text.h"

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
    } else if (size >= 0.0995 || size < 5e-5) {
        (void)snprintf(out, VIEW_FIGURE, "%s%.2f", size < 5e-5 ? "" : sign, size);
    } else {
        (void)snprintf(out, VIEW_FIGURE, "%s%.4f", sign, size);
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
    if (size < 0.0995) { /* no more digits than the figures beside it have */
        (void)snprintf(figure, VIEW_FIGURE, "%.2f", size);
    } else {
        view_figure_nats(size, figure);
    }
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
