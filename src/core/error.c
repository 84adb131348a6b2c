#include "latentscape/core/error.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/text.h"

enum {
    LONGEST = 8192, /* a path of 4,096 bytes and a sentence about it */
    HEAD = 160      /* what is kept of the beginning where the whole is too long */
};

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
    const size_t size = strlen(whole);
    if (size < sizeof err->text) {
        ls_text_clean(whole, err->text, sizeof err->text);
        return false;
    }
    /* Long sentences begin with a long path and end with the fault: keep both ends. */
    const char gap[] = " ... ";
    ls_text_clean(whole, err->text, HEAD);
    const size_t head = strlen(err->text);
    memcpy(err->text + head, gap, sizeof gap);
    const size_t start = head + sizeof gap - 1;
    const char *tail = whole + size - (sizeof err->text - start - 1);
    while (((unsigned char)*tail & 0xC0u) == 0x80u) {
        tail++; /* to the beginning of a character */
    }
    ls_text_clean(tail, err->text + start, sizeof err->text - start);
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
