/* The charts of a comparison's page: curves in time and the plane of rate and distortion, drawn as SVG. */
#ifndef LATENTSCAPE_SRC_CLI_COMPARE_CHART_H
#define LATENTSCAPE_SRC_CLI_COMPARE_CHART_H

#include "latentscape/core/file.h"

#include "cli/compare_result.h"

/* The colour of preset number index, as CSS has it. Owns: nothing to free.  Thread: any. */
const char *cli_compare_color(int index);

/* Every chart, one after the other.  Thread: any. */
void cli_compare_print_charts(LsFileWriter *writer, const CliCompare *compare);

/* Text with what HTML means something by written out.  Thread: any. */
void cli_compare_print_text(LsFileWriter *writer, const char *text);

/* A figure with a true minus sign, and without one where what is written is 0. digits: behind the point.
 * Thread: any. */
void cli_compare_print_number(LsFileWriter *writer, double value, int digits);

#endif
