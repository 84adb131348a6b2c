/* A failure is a value: a code for programs and one sentence for people, written where the file's
 * name and the fault are both known and passed on unchanged. */
#ifndef LATENTSCAPE_CORE_ERROR_H
#define LATENTSCAPE_CORE_ERROR_H

#include <stdarg.h>

#include "latentscape/core/base.h"

typedef enum LsErrorCode {
    LS_OK = 0,
    LS_ERR_USAGE,  /* a wrong option, name or value: exit status 2 */
    LS_ERR_FILE,   /* a file or folder that cannot be read or written */
    LS_ERR_FORMAT, /* a file that does not hold what it should */
    LS_ERR_MODEL,  /* a model that does not fit, or whose numbers are not finite */
    LS_ERR_MEMORY, /* no memory */
    LS_ERR_SYSTEM, /* threads, display, fonts */
} LsErrorCode;

enum {
    LS_ERROR_TEXT = 512 /* bytes of a sentence */
};

typedef struct LsError {
    LsErrorCode code;
    char text[LS_ERROR_TEXT];
} LsError;

/* Fills *err (which may be NULL) with a code and a formatted sentence, freed of control characters.
 * Where it is too long, the middle of the longest strings in it, a path's mostly, gives way to "...",
 * so that the sentence stays. Returns false, so that "return ls_fail(...)" reads well.
 * Thread: any. */
bool ls_fail(LsError *err, LsErrorCode code, const char *format, ...) LS_PRINTF(3, 4);

/* What the system calls its fault number `fault` (errno), in English: "No space left on device".
 * Owns: borrowed, until the thread asks again.  Thread: any. */
const char *ls_error_describe(int fault);

#endif
