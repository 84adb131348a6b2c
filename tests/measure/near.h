/* Whether two numbers are as near as they should be; cmocka's own compares in single precision. */
#ifndef TESTS_MEASURE_NEAR_H
#define TESTS_MEASURE_NEAR_H

#include <math.h>

#define assert_near(a, b, most) assert_true(fabs((double)(a) - (double)(b)) <= (double)(most))

#endif
