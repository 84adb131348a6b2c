/* Numbers as people read them: a true minus sign, a fixed number of decimals. */
#ifndef VIEWS_COORDINATE_H
#define VIEWS_COORDINATE_H

enum {
    VIEW_COORDINATE = 64
};

/* value with so many decimals; never "-0.00". Shapes: out [VIEW_COORDINATE].  Thread: any. */
void view_coordinate_number(double value, int decimals, char *out);

/* A code: "(−0.84, 1.12)", its first two axes, or one number for a single axis. Shapes: z [2],
 * out [VIEW_COORDINATE].  Thread: any. */
void view_coordinate_print(const float *z, int latent, char *out);

/* A small positive number with three decimals, or as 2e-5 where that would show none.
 * Shapes: out [VIEW_COORDINATE].  Thread: any. */
void view_coordinate_density(double value, char *out);

#endif
