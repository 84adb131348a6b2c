/* Monotonic time. */
#ifndef LATENTSCAPE_CORE_CLOCK_H
#define LATENTSCAPE_CORE_CLOCK_H

/* Seconds on a clock that never goes back; its zero means nothing.  Thread: any. */
double ls_clock_now(void);

#endif
