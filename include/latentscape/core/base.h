/* Small things every layer uses: attribute macros, element counts, size arithmetic that refuses to
 * overflow. */
#ifndef LATENTSCAPE_CORE_BASE_H
#define LATENTSCAPE_CORE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LS_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LS_CHECKED __attribute__((warn_unused_result))
#define LS_PRINTF(text, first) __attribute__((format(printf, text, first)))

/* a * b into *product. Fails: false where it would overflow; *product is then unchanged.
 * Thread: any. */
LS_CHECKED bool ls_size_mul(size_t a, size_t b, size_t *product);

/* a + b into *sum. Fails: false where it would overflow; *sum is then unchanged.
 * Thread: any. */
LS_CHECKED bool ls_size_add(size_t a, size_t b, size_t *sum);

#endif
