/* Time that only goes forward, for timeouts and ages. */
#ifndef RT_BASE_CLOCK_H
#define RT_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds of CLOCK_MONOTONIC. */
int64_t rt_now_ms(void);

/* Microseconds of CLOCK_MONOTONIC. */
int64_t rt_now_us(void);

#endif
