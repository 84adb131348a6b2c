/* Text from files and people is foreign: cut and cleaned before it reaches a screen or an error. */
#ifndef LATENTSCAPE_CORE_TEXT_H
#define LATENTSCAPE_CORE_TEXT_H

#include "latentscape/core/error.h"

/* Copies text into out [size], at most size - 1 bytes, cut at a whole character; control characters,
 * bidirectional overrides and bytes that are not UTF-8 become '?'.  Thread: any. */
void ls_text_clean(const char *text, char *out, size_t size);

/* Copies text into out [size], whole where it fits; else "..." stands between its beginning and its end,
 * which gets twice the room: a path's end says which file is meant. Cut at whole characters. text and
 * out may not overlap.  Thread: any. */
void ls_text_shorten(const char *text, char *out, size_t size);

/* Whether the size bytes at text are well-formed UTF-8 without control characters or bidirectional
 * overrides.  Thread: any. */
bool ls_text_is_plain(const char *text, size_t size);

/* The decimal text with the fewest digits that reads back as the same double, in the C locale; "nan",
 * "inf" and "-inf" for what is not finite. Shapes: out [32].  Thread: any. */
void ls_text_number(double value, char *out);

/* The whole of text as a finite number, in the C locale. Fails: false.  Thread: any. */
LS_CHECKED bool ls_text_to_number(const char *text, double *value);

/* 1234567 as "1,234,567". Shapes: out [32].  Thread: any. */
void ls_text_thousands(uint64_t value, char *out);

/* A figure within a sentence: "−0.3", "158.0", from ten thousand on "−3,417,521", from 10^15 on "1.2e+20".
 * Shapes: out [32].  Thread: any. */
void ls_text_figure(double value, char *out);

/* Of the names, the one nearest to text by edit distance, or NULL where none is near: for "did you
 * mean". Owns: borrowed.  Thread: any. */
const char *ls_text_nearest(const char *text, const char *const *names, size_t count);

/* Of a name that is none of these: "There is no preset "vea": did you mean vae?", kind being "preset".
 * Returns false.  Thread: any. */
bool ls_text_unknown(LsError *err, LsErrorCode code, const char *kind, const char *given,
                     const char *const *names, size_t count);

#endif
