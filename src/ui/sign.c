/* Signs the typeface lacks, as shapes. */
#include <math.h>

#include "latentscape/core/base.h"

#include "ui/font.h"

static bool triangle_down(float x, float y)
{
    return y < 0.46F && y > 0.16F && fabsf(x - 0.34F) < (y - 0.16F) * 0.8F;
}

static bool triangle_up(float x, float y)
{
    return triangle_down(x, 0.62F - y);
}

static bool triangle_right(float x, float y)
{
    return x > 0.16F && x < 0.46F && fabsf(y - 0.36F) < (0.46F - x) * 0.8F;
}

static bool bar(float x, float y)
{
    return x > 0.08F && x < 0.27F && y > 0.0F && y < 0.727F;
}

static bool cross(float x, float y)
{
    const float cx = x - 0.36F;
    const float cy = y - 0.36F;
    return fabsf(cx) < 0.29F && fabsf(cy) < 0.29F &&
           (fabsf(cx - cy) < 0.09F || fabsf(cx + cy) < 0.09F);
}

static const struct {
    uint32_t code;
    float advance; /* ems */
    bool (*has)(float x, float y);
} signs[] = {
    {0x25be, 0.68F, triangle_down}, {0x25b4, 0.68F, triangle_up}, {0x25b8, 0.62F, triangle_right},
    {0x275a, 0.35F, bar},           {0x2715, 0.72F, cross},
};

bool ui_sign_known(uint32_t code, float *advance)
{
    for (size_t i = 0; i < LS_COUNT(signs); i++) {
        if (signs[i].code == code) {
            *advance = signs[i].advance;
            return true;
        }
    }
    return false;
}

bool ui_sign_has(uint32_t code, float x, float y)
{
    for (size_t i = 0; i < LS_COUNT(signs); i++) {
        if (signs[i].code == code) {
            return signs[i].has(x, y);
        }
    }
    return false;
}
