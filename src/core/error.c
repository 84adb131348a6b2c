#include "latentscape/core/error.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/text.h"

enum {
    LONGEST = 12288, /* two paths of 4,096 bytes and a sentence about them */
    STRINGS = 8,     /* looked at in one sentence */
    LEAST = 48       /* bytes that are always left of a string */
};

/* The strings that a format's arguments put in whole: with no precision, which may mean that they do
 * not end with a zero. Shapes: strings [STRINGS]. */
static size_t find_strings(const char *format, va_list args, const char **strings)
{
    size_t count = 0;
    for (const char *at = strchr(format, '%'); at != NULL; at = strchr(at, '%')) {
        bool precise = false;
        int longs = 0;
        for (at++; *at != '\0' && strchr("-+ #0123456789.*hlzjt", *at) != NULL; at++) {
            precise = precise || *at == '.';
            longs += *at == 'l' ? 1 : *at == 'z' || *at == 'j' || *at == 't' ? 2 : 0;
            if (*at == '*') {
                (void)va_arg(args, int);
            }
        }
        if (*at == '\0') {
            break;
        }
        if (*at == 's') {
            const char *text = va_arg(args, const char *);
            if (!precise && text != NULL && count < STRINGS) {
                strings[count++] = text;
            }
        } else if (*at == 'p') {
            (void)va_arg(args, void *);
        } else if (strchr("aefgAEFG", *at) != NULL) {
            (void)va_arg(args, double);
        } else if (*at != '%' && longs == 0) {
            (void)va_arg(args, int);
        } else if (*at != '%') { /* long, long long, size_t: all of 64 bits */
            (void)va_arg(args, long long);
        }
        at++;
    }
    return count;
}

/* How much of each string may stay so that a sentence of `size` bytes has room in `room`. */
static size_t find_level(const size_t *length, size_t count, size_t size, size_t room)
{
    size_t level = room;
    for (; level > LEAST; level--) {
        size_t left = size;
        for (size_t i = 0; i < count; i++) {
            left -= length[i] > level ? length[i] - level : 0;
        }
        if (left <= room) {
            break;
        }
    }
    return level;
}

/* Leaves the middle of the longest strings out of the sentence, which is too long for `room`. */
static void shorten_strings(char *whole, const char *const *strings, size_t count, size_t room)
{
    char *place[STRINGS];
    size_t length[STRINGS];
    size_t found = 0;
    char *cursor = whole;
    for (size_t i = 0; i < count; i++) {
        char *at = strlen(strings[i]) > LEAST ? strstr(cursor, strings[i]) : NULL;
        if (at != NULL) {
            place[found] = at;
            length[found] = strlen(strings[i]);
            cursor = at + length[found++];
        }
    }
    const size_t level = find_level(length, found, strlen(whole), room);
    for (size_t i = found; i-- > 0;) { /* the places of those before stay */
        if (length[i] > level) {
            char kept[LS_ERROR_TEXT];
            const char after = place[i][length[i]];
            place[i][length[i]] = '\0';
            ls_text_shorten(place[i], kept, level + 1);
            place[i][length[i]] = after;
            const size_t size = strlen(kept);
            memcpy(place[i], kept, size);
            memmove(place[i] + size, place[i] + length[i], strlen(place[i] + length[i]) + 1);
        }
    }
}

bool ls_fail(LsError *err, LsErrorCode code, const char *format, ...)
{
    if (err == NULL) {
        return false;
    }
    char whole[LONGEST];
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(whole, sizeof whole, format, args);
    va_end(args);
    err->code = code;
    if (length < 0) {
        ls_text_clean("The fault could not be put into words.", err->text, sizeof err->text);
        return false;
    }
    if ((size_t)length >= sizeof err->text) {
        const char *strings[STRINGS];
        va_start(args, format);
        const size_t count = find_strings(format, args, strings);
        va_end(args);
        shorten_strings(whole, strings, count, sizeof err->text - 1);
    }
    char kept[LS_ERROR_TEXT];
    ls_text_shorten(whole, kept, sizeof kept);
    ls_text_clean(kept, err->text, sizeof err->text);
    return false;
}

const char *ls_error_describe(int fault)
{
    /* strerror follows the locale and may share a buffer between threads. */
    const locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    const char *text = strerror_l(fault, c);
    freelocale(c);
    return text != NULL ? text : "unknown fault";
}
