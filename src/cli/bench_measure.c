#include "cli/bench_measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"

enum {
    ROUNDS_LEAST = 5,
    ROUNDS_MOST = 999
};

/* A slice is long beside a step (2.5 ms) and short beside what a neighbour does. */
static const double slice_s = 0.025;

static double run_lane(const CliBenchLane *lane, double seconds)
{
    if (lane->pace != NULL) {
        return lane->pace(lane->context, ls_clock_now() + seconds);
    }
    lane->work(lane->context); /* what the lane before has left in the caches is not its fault */
    const double start = ls_clock_now();
    double now = start;
    int times = 0;
    do {
        lane->work(lane->context);
        times++;
        now = ls_clock_now();
    } while (now - start < seconds);
    return times * lane->amount / (now - start);
}

bool cli_bench_measure_lanes(CliBenchLane *lanes, int count, double seconds, LsError *err)
{
    double *rate = ls_memory_items((size_t)count * ROUNDS_MOST, sizeof *rate, err);
    if (rate == NULL) {
        return false;
    }
    const double share = seconds / count / ROUNDS_LEAST;
    const double slice = share < slice_s ? share : slice_s;
    const double end = ls_clock_now() + seconds;
    int rounds = 0;
    while (rounds < ROUNDS_LEAST || (rounds < ROUNDS_MOST && ls_clock_now() < end)) {
        for (int i = 0; i < count; i++) {
            /* There and back again: what grows or shrinks with time treats all alike. */
            const int lane = rounds % 2 == 0 ? i : count - 1 - i;
            rate[lane * ROUNDS_MOST + rounds] = run_lane(&lanes[lane], slice);
        }
        rounds++;
    }
    for (int i = 0; i < count; i++) {
        lanes[i].rate = cli_bench_measure_median(rate + (ptrdiff_t)i * ROUNDS_MOST, rounds);
    }
    ls_memory_free(rate);
    return true;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

double cli_bench_measure_quantile(double *values, int n, double share)
{
    if (n == 0) {
        return (double)NAN;
    }
    qsort(values, (size_t)n, sizeof *values, ascending);
    const int at = (int)(share * n);
    return values[at < n ? at : n - 1];
}

double cli_bench_measure_median(double *values, int n)
{
    return cli_bench_measure_quantile(values, n, 0.5);
}

CliBenchTicks cli_bench_measure_ticks(void)
{
    CliBenchTicks ticks = {0};
    FILE *file = fopen("/proc/stat", "re");
    if (file == NULL) {
        return ticks;
    }
    /* cpu user nice system idle iowait irq softirq steal; what follows is counted in user already */
    char line[256];
    if (fgets(line, sizeof line, file) != NULL && strncmp(line, "cpu ", 4) == 0) {
        char *at = line + 4;
        for (int i = 0; i < 8; i++) {
            ticks.stolen = strtod(at, &at);
            ticks.total += ticks.stolen;
        }
    }
    (void)fclose(file);
    return ticks;
}

double cli_bench_measure_steal(CliBenchTicks since)
{
    const CliBenchTicks now = cli_bench_measure_ticks();
    const double total = now.total - since.total;
    return total > 0 ? (now.stolen - since.stolen) / total : (double)NAN;
}
