/* Figures as people read them: as many digits as matter, a true minus sign, thousands apart. */
#ifndef VIEWS_FIGURE_H
#define VIEWS_FIGURE_H

#include <stdint.h>

enum {
    VIEW_FIGURE = 40 /* bytes that any figure fits */
};

/* Nats: "133.6", "6.65", "1,204"; "–" where there is no finite number. Shapes: out [VIEW_FIGURE].
 * Thread: any. */
void view_figure_nats(double value, char *out);

/* The same where figures stand in a column: of what is small two digits are enough, "0.03" for 0.0312.
 * Shapes: out [VIEW_FIGURE].  Thread: any. */
void view_figure_nats_short(double value, char *out);

/* A change in nats: "+1.1", "−0.03", "±0"; "–" where it is no finite number. Shapes: out [VIEW_FIGURE].
 * Thread: any. */
void view_figure_change(double change, char *out);

/* A share in percent: "94.3 %", "<0.1 %". Shapes: out [VIEW_FIGURE].  Thread: any. */
void view_figure_share(double share, char *out);

/* A count with thousands apart. Shapes: out [VIEW_FIGURE].  Thread: any. */
void view_figure_count(uint64_t count, char *out);

/* The same text with every digit made '0': as wide as any figure of as many digits, so that cells
 * keep their width while figures run. Shapes: out [size].  Thread: any. */
void view_figure_widest(const char *text, char *out, int size);

#endif
