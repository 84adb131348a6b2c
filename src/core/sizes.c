#include <stdio.h>

#include "latentscape/core/setting.h"

bool ls_sizes_parse(const char *text, LsSizes *sizes)
{
    LsSizes read = {0};
    for (;;) {
        int64_t value = 0;
        int digits = 0;
        while (*text >= '0' && *text <= '9' && digits < 10) {
            value = value * 10 + (*text - '0');
            text++;
            digits++;
        }
        if (digits == 0 || value < 1 || value > INT32_MAX || read.count == LS_SIZES_MAX) {
            return false;
        }
        read.value[read.count++] = (int)value;
        if (*text == '\0') {
            *sizes = read;
            return true;
        }
        if (*text != ',') {
            return false;
        }
        text++;
    }
}

void ls_sizes_print(const LsSizes *sizes, char *out)
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < sizes->count && i < LS_SIZES_MAX; i++) {
        const int written =
            snprintf(out + used, LS_SETTING_TEXT - used, "%s%d", i > 0 ? "," : "", sizes->value[i]);
        used += written > 0 ? (size_t)written : 0;
    }
}
