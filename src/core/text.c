#include "latentscape/core/text.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NUMBER_TEXT = 32,  /* bytes of a number's text, as the header promises */
    LONGEST_NAME = 63, /* of a name that may be meant */
    SHOWN = 65         /* bytes of a wrong one that are told */
};

/* The code point at text, of which size bytes are there, and its length; 0 where it is no UTF-8
 * (overlong forms and surrogates included). */
static size_t decode(const unsigned char *text, size_t size, uint32_t *code)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned lead = text[0];
    if (lead < 0x80) {
        *code = lead;
        return 1;
    }
    const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || length > size) {
        return 0;
    }
    uint32_t value = lead & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xC0u) != 0x80u) {
            return 0;
        }
        value = value << 6 | (text[i] & 0x3Fu);
    }
    if (value < least[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return 0;
    }
    *code = value;
    return length;
}

/* Control characters, line separators, and the marks that turn the direction of a text around. */
static bool is_hidden(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x061C || code == 0x200E ||
           code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

void ls_text_clean(const char *text, char *out, size_t size)
{
    if (size == 0) {
        return;
    }
    const unsigned char *at = (const unsigned char *)text;
    size_t left = strlen(text);
    size_t used = 0;
    while (left > 0) {
        uint32_t code = 0;
        const size_t length = decode(at, left, &code);
        const bool good = length > 0 && !is_hidden(code);
        const size_t wide = good ? length : 1;
        if (used + wide >= size) {
            break;
        }
        if (good) {
            memcpy(out + used, at, length);
        } else {
            out[used] = '?';
        }
        used += wide;
        at += length > 0 ? length : 1;
        left -= length > 0 ? length : 1;
    }
    out[used] = '\0';
}

static bool continues(char byte)
{
    return ((unsigned char)byte & 0xC0u) == 0x80u;
}

void ls_text_shorten(const char *text, char *out, size_t size)
{
    static const char gap[] = "...";
    const size_t length = strlen(text);
    const size_t room = size > sizeof gap ? size - sizeof gap : 0; /* beside the gap and the zero */
    if (length < size || room == 0) {
        const size_t whole = length < size ? length : 0;
        memcpy(out, text, whole);
        out[whole] = '\0';
        return;
    }
    size_t head = room / 3;
    size_t tail = length - (room - head);
    while (head > 0 && continues(text[head])) {
        head--;
    }
    while (continues(text[tail])) {
        tail++;
    }
    memcpy(out, text, head);
    memcpy(out + head, gap, sizeof gap - 1);
    memcpy(out + head + sizeof gap - 1, text + tail, length - tail + 1);
}

bool ls_text_is_plain(const char *text, size_t size)
{
    const unsigned char *at = (const unsigned char *)text;
    while (size > 0) {
        uint32_t code = 0;
        const size_t length = decode(at, size, &code);
        if (length == 0 || is_hidden(code)) {
            return false;
        }
        at += length;
        size -= length;
    }
    return true;
}

/* strtod and printf follow the thread's locale, where a comma may stand for the point; newlocale of
 * "C" gives a constant object of libc and cannot fail. */
static locale_t enter_c_locale(locale_t *c)
{
    *c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return uselocale(*c);
}

static void leave_c_locale(locale_t c, locale_t old)
{
    uselocale(old);
    freelocale(c);
}

void ls_text_number(double value, char *out)
{
    if (!isfinite(value)) {
        snprintf(out, NUMBER_TEXT, "%s", isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
        return;
    }
    char text[NUMBER_TEXT];
    locale_t c = (locale_t)0;
    const locale_t old = enter_c_locale(&c);
    int digits = 0;
    do {
        snprintf(text, sizeof text, "%.*e", digits++, value);
    } while (digits < 17 && strtod(text, NULL) != value);
    const char *exponent_text = strchr(text, 'e');
    const int exponent = (int)strtol(exponent_text + 1, NULL, 10);
    if (exponent >= -4 && exponent < 15) {
        const int decimals = digits - 1 - exponent;
        snprintf(out, NUMBER_TEXT, "%.*f", decimals > 0 ? decimals : 0, value);
    } else {
        snprintf(out, NUMBER_TEXT, "%.*se%d", (int)(exponent_text - text), text, exponent);
    }
    leave_c_locale(c, old);
}

static size_t span_digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* [+-] digits [. digits] [e [+-] digits], at least one digit before the exponent: neither the
 * hexadecimal numbers nor the words and spaces that strtod takes. */
static bool is_decimal(const char *text)
{
    text += *text == '+' || *text == '-';
    size_t digits = span_digits(text);
    text += digits;
    if (*text == '.') {
        const size_t decimals = span_digits(text + 1);
        digits += decimals;
        text += 1 + decimals;
    }
    if (digits == 0) {
        return false;
    }
    if (*text == 'e' || *text == 'E') {
        text++;
        text += *text == '+' || *text == '-';
        const size_t exponent = span_digits(text);
        if (exponent == 0) {
            return false;
        }
        text += exponent;
    }
    return *text == '\0';
}

bool ls_text_to_number(const char *text, double *value)
{
    if (!is_decimal(text)) {
        return false;
    }
    locale_t c = (locale_t)0;
    const locale_t old = enter_c_locale(&c);
    const double number = strtod(text, NULL);
    leave_c_locale(c, old);
    if (!isfinite(number)) {
        return false;
    }
    *value = number;
    return true;
}

void ls_text_thousands(uint64_t value, char *out)
{
    /* From the end, without a formatted print: the window asks many times in every frame. */
    char text[NUMBER_TEXT];
    size_t at = sizeof text - 1;
    text[at] = '\0';
    for (int digits = 0; digits == 0 || value > 0; digits++, value /= 10) {
        if (digits > 0 && digits % 3 == 0) {
            text[--at] = ',';
        }
        text[--at] = (char)('0' + value % 10);
    }
    memcpy(out, text + at, sizeof text - at);
}

void ls_text_figure(double value, char *out)
{
    const double size = fabs(value);
    char *at = out + snprintf(out, NUMBER_TEXT, "%s", value <= -0.05 ? "−" : "");
    const size_t room = NUMBER_TEXT - (size_t)(at - out);
    if (size < 1e4) {
        snprintf(at, room, "%.1f", size);
    } else if (size < 1e15) {
        ls_text_thousands((uint64_t)(size + 0.5), at);
    } else {
        snprintf(at, room, "%.1e", size);
    }
}

static char fold(char letter)
{
    if (letter >= 'A' && letter <= 'Z') {
        return (char)(letter - 'A' + 'a');
    }
    return letter == '-' ? '_' : letter;
}

/* Changes of one letter, and swaps of two neighbours, that turn a into b; both at most LONGEST_NAME
 * letters long (restricted Damerau-Levenshtein distance). */
static int edit_distance(const char *a, const char *b)
{
    int rows[3][LONGEST_NAME + 2];
    const int width = (int)strlen(b);
    const int height = (int)strlen(a);
    for (int j = 0; j <= width; j++) {
        rows[0][j] = j;
        rows[2][j] = j;
    }
    for (int i = 1; i <= height; i++) {
        const int *before = rows[(i + 1) % 3]; /* row i - 2 */
        const int *above = rows[(i + 2) % 3];  /* row i - 1 */
        int *row = rows[i % 3];
        row[0] = i;
        for (int j = 1; j <= width; j++) {
            const char x = fold(a[i - 1]);
            const char y = fold(b[j - 1]);
            int best = above[j - 1] + (x != y);
            best = above[j] + 1 < best ? above[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            if (i > 1 && j > 1 && x == fold(b[j - 2]) && fold(a[i - 2]) == y &&
                before[j - 2] + 1 < best) {
                best = before[j - 2] + 1;
            }
            row[j] = best;
        }
    }
    return rows[height % 3][width];
}

static bool begins_with(const char *name, const char *text)
{
    while (*text != '\0' && fold(*name) == fold(*text)) {
        name++;
        text++;
    }
    return *text == '\0';
}

const char *ls_text_nearest(const char *text, const char *const *names, size_t count)
{
    const size_t length = strlen(text);
    if (length == 0 || length > LONGEST_NAME) {
        return NULL;
    }
    const int limit = length < 4 ? 1 : (int)(length / 3);
    const char *nearest = NULL;
    int least = limit + 1;
    for (size_t i = 0; i < count; i++) {
        if (strlen(names[i]) > LONGEST_NAME) {
            continue;
        }
        int distance = edit_distance(text, names[i]);
        if (distance > limit && length >= 3 && begins_with(names[i], text)) {
            distance = limit; /* the beginning of a name is near, but no nearer than a slip */
        }
        if (distance < least && distance < (int)length) {
            least = distance;
            nearest = names[i];
        }
    }
    return nearest;
}

bool ls_text_unknown(LsError *err, LsErrorCode code, const char *kind, const char *given,
                     const char *const *names, size_t count)
{
    char shown[SHOWN];
    ls_text_clean(given, shown, sizeof shown);
    const char *nearest = ls_text_nearest(given, names, count);
    return nearest != NULL
               ? ls_fail(err, code, "There is no %s \"%s\": did you mean %s?", kind, shown, nearest)
               : ls_fail(err, code, "There is no %s \"%s\".", kind, shown);
}
