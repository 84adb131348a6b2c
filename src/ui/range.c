/* How numbers move and read: pure functions, tested by themselves. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/text.h"

#include "ui/parts.h"

/* With min 0 a logarithmic slider's leftmost twentieth of a twentieth is exactly zero; its ratio scale
 * begins right of it. */
static const double zero_stop = 0.02;

static double kept(UiRange range, double value)
{
    double v = value < range.min ? range.min : value > range.max ? range.max : value;
    v = range.whole ? floor(v + 0.5) : v;
    return v;
}

static bool has_zero(UiRange range)
{
    return range.logarithmic && range.min <= 0;
}

/* The lower end of the ratio scale: a range that begins at 0 has none of its own. */
static double log_low(UiRange range)
{
    return range.low > 0 ? range.low : range.high / 1e4;
}

double ui_range_fraction(UiRange range, double value)
{
    double fraction = 0;
    if (!range.logarithmic) {
        fraction = (value - range.low) / (range.high - range.low);
    } else if (value > 0) {
        const double low = log_low(range);
        const double part = log(value / low) / log(range.high / low);
        fraction = has_zero(range) ? zero_stop + (1 - zero_stop) * fmax(part, 0) : part;
    }
    return fraction >= 0 ? fmin(fraction, 1) : 0; /* NaN too lies at the left */
}

/* Rounds to three significant digits: what a slider gives should read well. */
static double tidy(double value)
{
    if (value == 0 || !isfinite(value)) {
        return value;
    }
    char text[48];
    double read = value;
    snprintf(text, sizeof(text), "%.2e", value);
    return ls_text_to_number(text, &read) ? read : value;
}

double ui_range_value(UiRange range, double fraction)
{
    const double f = fraction < 0 ? 0 : fraction > 1 ? 1 : fraction;
    if (!range.logarithmic) {
        const double value = range.low + (range.high - range.low) * f;
        return kept(range, range.whole ? value : tidy(value));
    }
    const double low = log_low(range);
    double part = f;
    if (has_zero(range)) {
        if (f < zero_stop / 2) {
            return kept(range, 0);
        }
        part = fmax((f - zero_stop) / (1 - zero_stop), 0);
    }
    return kept(range, tidy(low * pow(range.high / low, part)));
}

double ui_range_step(UiRange range, double value, double steps)
{
    if (range.whole && !range.logarithmic) {
        return kept(range, value + steps);
    }
    /* A step of the slider, but always a change, also where rounding would eat it. */
    double next = ui_range_value(range, ui_range_fraction(range, value) + steps * 0.05);
    if (range.whole && next == value) {
        next = value + (steps > 0 ? 1 : -1);
    }
    if (value > range.high && steps < 0) {
        next = fmin(next, range.high);
    }
    return kept(range, next);
}

/* Decimals without the zeros at the end, but at least `least` of them. */
static void fixed(double value, int most, int least, char *out)
{
    snprintf(out, 32, "%.*f", most, value);
    size_t n = strlen(out);
    for (int left = most; left > least && out[n - 1] == '0'; left--) {
        out[--n] = '\0';
    }
    if (out[n - 1] == '.') {
        out[n - 1] = '\0';
    }
}

/* "1.23e-4": three digits without zeros at the end, and an exponent without zeros before it. */
static void powers(double value, char *out)
{
    const int exponent = (int)floor(log10(fabs(value)) + 1e-9);
    fixed(value / pow(10, exponent), 2, 0, out);
    const size_t n = strlen(out);
    snprintf(out + n, 32 - n, "e%d", exponent);
}

void ui_range_text(UiRange range, double value, char *out)
{
    const double size = fabs(value);
    if (range.whole || value == 0 || size >= 1000) {
        snprintf(out, 32, "%.0f", value == 0 ? 0 : value);
    } else if (size >= 100) {
        fixed(value, 1, 0, out);
    } else if (size >= 10) {
        fixed(value, 1, 1, out);
    } else if (size >= 0.1) {
        fixed(value, size < 1 ? 3 : 2, 2, out);
    } else if (size >= 1e-3) {
        fixed(value, (int)ceil(-log10(size) - 1e-9) + 2, 0, out);
    } else {
        powers(value, out);
    }
}

bool ui_range_parse(UiRange range, const char *text, double *value)
{
    char clean[64];
    size_t n = 0;
    while (*text == ' ') {
        text++;
    }
    for (; *text != '\0' && n + 1 < sizeof(clean); text++) {
        clean[n++] = *text == ',' ? '.' : *text; /* half of Europe writes 0,5 */
    }
    while (n > 0 && clean[n - 1] == ' ') {
        n--;
    }
    clean[n] = '\0';
    double read = 0;
    if (*text != '\0' || !ls_text_to_number(clean, &read) || read < range.min || read > range.max ||
        (range.whole && read != floor(read))) {
        return false;
    }
    *value = read;
    return true;
}
