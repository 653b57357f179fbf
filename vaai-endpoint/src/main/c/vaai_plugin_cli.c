/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plugin's calls from a shell. Results on stdout, one NAME=VALUE a line;
 * errors on stderr, one line. Exits with the vaai_plugin_result, 64 for wrong
 * usage.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vaai_plugin.h"

enum { EXIT_USAGE = 64, MAX_RANGES = 64 };

static const char *const USAGE
    = "usage: vaai-plugin-cli [OPTION]... COMMAND\n"
      "  support                      what the array offers on the export\n"
      "  clone SOURCE DESTINATION     full clone into an existing file\n"
      "  reserve FILE [BYTES]         promise space; 0, the default: the file's size\n"
      "  statx FILE                   the space that a file uses\n"
      "  granularity FILE             in what units the file is unmapped\n"
      "  unmap FILE OFFSET:LENGTH...  give the space of ranges back\n"
      "options:\n"
      "  -a ADDRESS  of the array, 127.0.0.1\n"
      "  -p PORT     of NFS, 2049\n"
      "  -e EXPORT   such as /datastore1; needed\n"
      "  -t SECONDS  to wait for an answer, 10\n"
      "  -r RETRIES  after the first attempt, 3\n"
      "  -w MILLIS   to wait before a retry, 1000\n"
      "  -i MILLIS   between two looks at a job, 1000\n"
      "  -s SECONDS  without progress until a job is aborted, 300\n"
      "  -u UID      and -U GID to call as; default: the caller's own\n"
      "  -l  lazy clone   -g  guarded   -d  dry run   -z  eager zeroing\n"
      "  -S EXPORT   of the source, if it is another one\n"
      "  -c PERCENT  cancel the clone once so much is done\n";

typedef struct command_line {
    vaai_plugin_options options;
    unsigned clone_flags;
    vaai_plugin_zeroing zeroing;
    const char *source_export;
    int cancel_percent;              /* -1: never */
    char **operands;
    int operand_count;
} command_line;

static int usage(void)
{
    fputs(USAGE, stderr);
    return EXIT_USAGE;
}

/* A decimal number up to a bound; ends the process if it is none. */
static uint64_t number(const char *text, uint64_t bound)
{
    char *end;
    uint64_t value = strtoull(text, &end, 10);

    if (*text < '0' || *text > '9' || *end != '\0' || value > bound) {
        fprintf(stderr, "vaai-plugin-cli: '%s' is not a number from 0 to %" PRIu64 "\n", text,
            bound);
        exit(EXIT_USAGE);
    }
    return value;
}

static bool set_option(command_line *line, int option, const char *value)
{
    vaai_plugin_options *options = &line->options;

    switch (option) {
    case 'a': options->address = value; return true;
    case 'p': options->port = (uint16_t)number(value, UINT16_MAX); return true;
    case 'e': options->export_path = value; return true;
    case 't': options->timeout_seconds = (unsigned)number(value, 300); return true;
    case 'r': options->retries = (unsigned)number(value, 100); return true;
    case 'w': options->pause_milliseconds = (unsigned)number(value, 60000); return true;
    case 'i': options->poll_milliseconds = (unsigned)number(value, 60000); return true;
    case 's': options->stall_seconds = (unsigned)number(value, 86400); return true;
    case 'u': options->uid = (uint32_t)number(value, UINT32_MAX); return true;
    case 'U': options->gid = (uint32_t)number(value, UINT32_MAX); return true;
    case 'l': line->clone_flags |= VAAI_PLUGIN_CLONE_LAZY; return true;
    case 'g': line->clone_flags |= VAAI_PLUGIN_CLONE_GUARDED; return true;
    case 'd': line->clone_flags |= VAAI_PLUGIN_CLONE_DRY_RUN; return true;
    case 'z': line->zeroing = VAAI_PLUGIN_EAGER_ZEROED; return true;
    case 'S': line->source_export = value; return true;
    case 'c': line->cancel_percent = (int)number(value, 100); return true;
    default: return false;
    }
}

static bool parse(command_line *line, int argc, char **argv)
{
    int option;

    memset(line, 0, sizeof *line);
    vaai_plugin_options_init(&line->options);
    line->options.address = "127.0.0.1";
    line->options.client_name = "vaai-plugin-cli";
    line->cancel_percent = -1;
    while ((option = getopt(argc, argv, "a:p:e:t:r:w:i:s:u:U:lgdzS:c:")) != -1) {
        if (!set_option(line, option, optarg)) {
            return false;
        }
    }
    line->operands = argv + optind;
    line->operand_count = argc - optind;
    return line->operand_count > 0 && line->options.export_path != NULL;
}

static int ended(vaai_plugin_result result, const vaai_plugin_failure *failure)
{
    if (result != VAAI_PLUGIN_OK) {
        fprintf(stderr, "vaai-plugin-cli: %s: %s (status %d)\n",
            vaai_plugin_result_name(result), failure->reason, failure->status);
    }
    return (int)result;
}

static vaai_plugin_result support(vaai_plugin_session *session, vaai_plugin_failure *failure)
{
    static const char *const names[] = { "fullClone", "fastClone", "extendedStatistics",
        "reserveSpace", "cloneAcrossVolumes", "unmap" };
    int i;

    for (i = 0; i < 6; i++) {
        vaai_plugin_support answer;
        vaai_plugin_result result = vaai_plugin_query_support(session,
            (vaai_plugin_primitive)(VAAI_PLUGIN_FULL_CLONE + i), &answer, failure);

        if (result != VAAI_PLUGIN_OK) {
            return result;
        }
        printf("%s=%s%s%s\n", names[i], answer.supported ? "yes" : "no",
            answer.reason[0] == '\0' ? "" : " ", answer.reason);
    }
    return VAAI_PLUGIN_OK;
}

static bool report_progress(void *context, const vaai_plugin_progress *progress)
{
    const int *cancel_percent = context;
    double percent = progress->total_bytes == 0
        ? 100
        : 100.0 * (double)progress->done_bytes / (double)progress->total_bytes;

    printf("progress=%" PRIu64 "/%" PRIu64 "\n", progress->done_bytes, progress->total_bytes);
    fflush(stdout);
    return *cancel_percent < 0 || percent < *cancel_percent;
}

static vaai_plugin_result clone_file(vaai_plugin_session *session, command_line *line,
    vaai_plugin_failure *failure)
{
    vaai_plugin_clone_request request = { .source = line->operands[1],
        .destination = line->operands[2], .flags = line->clone_flags };
    vaai_plugin_session *source = NULL;
    vaai_plugin_progress last;
    vaai_plugin_result result;

    if (line->source_export != NULL) {
        vaai_plugin_options options = line->options;

        options.export_path = line->source_export;
        result = vaai_plugin_session_start(&options, &source, failure);
        if (result != VAAI_PLUGIN_OK) {
            return result;
        }
        request.source_session = source;
    }
    result = vaai_plugin_clone(session, &request, report_progress, &line->cancel_percent, &last,
        failure);
    if (result == VAAI_PLUGIN_OK) {
        printf("totalBytes=%" PRIu64 "\ndoneBytes=%" PRIu64 "\nsharedBytes=%" PRIu64
               "\ncopiedBytes=%" PRIu64 "\n",
            last.total_bytes, last.done_bytes, last.shared_bytes, last.copied_bytes);
    }
    vaai_plugin_session_end(source, NULL);
    return result;
}

static vaai_plugin_result reserve(vaai_plugin_session *session, const command_line *line,
    vaai_plugin_failure *failure)
{
    uint64_t wanted = line->operand_count > 2 ? number(line->operands[2], INT64_MAX) : 0;
    uint64_t reserved;
    vaai_plugin_result result = vaai_plugin_reserve(session, line->operands[1], line->zeroing,
        wanted, &reserved, failure);

    if (result == VAAI_PLUGIN_OK) {
        printf("reservedBytes=%" PRIu64 "\n", reserved);
    }
    return result;
}

static vaai_plugin_result statx(vaai_plugin_session *session, const char *path,
    vaai_plugin_failure *failure)
{
    vaai_plugin_space space;
    vaai_plugin_result result = vaai_plugin_statx(session, path, &space, failure);

    if (result == VAAI_PLUGIN_OK) {
        printf("totalBytes=%" PRIu64 "\nallocatedBytes=%" PRIu64 "\nuniqueBytes=%" PRIu64
               "\nsharedBytes=%" PRIu64 "\nreservedBytes=%" PRIu64 "\nchargedBytes=%" PRIu64
               "\n",
            space.total_bytes, space.allocated_bytes, space.unique_bytes, space.shared_bytes,
            space.reserved_bytes, space.charged_bytes);
    }
    return result;
}

static vaai_plugin_result granularity(vaai_plugin_session *session, const char *path,
    vaai_plugin_failure *failure)
{
    vaai_plugin_granularity answer;
    vaai_plugin_result result
        = vaai_plugin_unmap_granularity(session, path, &answer, failure);

    if (result == VAAI_PLUGIN_OK) {
        printf("granularityBytes=%" PRIu64 "\nmaxRanges=%" PRIu32 "\n",
            answer.granularity_bytes, answer.max_ranges);
    }
    return result;
}

/* OFFSET:LENGTH; ends the process if it is none. */
static vaai_plugin_range range_of(char *text)
{
    char *colon = strchr(text, ':');
    vaai_plugin_range range;

    if (colon == NULL) {
        fprintf(stderr, "vaai-plugin-cli: '%s' is not OFFSET:LENGTH\n", text);
        exit(EXIT_USAGE);
    }
    *colon = '\0';
    range.offset_bytes = number(text, INT64_MAX);
    range.length_bytes = number(colon + 1, INT64_MAX);
    return range;
}

static vaai_plugin_result unmap(vaai_plugin_session *session, const command_line *line,
    vaai_plugin_failure *failure)
{
    vaai_plugin_range ranges[MAX_RANGES];
    vaai_plugin_unmapped space;
    vaai_plugin_result result;
    int i;

    for (i = 2; i < line->operand_count; i++) {
        ranges[i - 2] = range_of(line->operands[i]);
    }
    result = vaai_plugin_unmap(session, line->operands[1], ranges,
        (unsigned)(line->operand_count - 2), &space, failure);
    if (result == VAAI_PLUGIN_OK) {
        printf("unmappedBytes=%" PRIu64 "\nfreedBytes=%" PRIu64 "\nreleasedBytes=%" PRIu64
               "\n",
            space.unmapped_bytes, space.freed_bytes, space.released_bytes);
    }
    return result;
}

static bool is_command(const command_line *line, const char *name, int least, int most)
{
    return strcmp(line->operands[0], name) == 0 && line->operand_count >= least
        && line->operand_count <= most;
}

int main(int argc, char **argv)
{
    command_line line;
    vaai_plugin_session *session;
    vaai_plugin_failure failure;
    vaai_plugin_result result;
    bool supports, clones, reserves, unmaps, asks_granularity;

    if (!parse(&line, argc, argv)) {
        return usage();
    }
    supports = is_command(&line, "support", 1, 1);
    clones = is_command(&line, "clone", 3, 3);
    reserves = is_command(&line, "reserve", 2, 3);
    unmaps = is_command(&line, "unmap", 3, 2 + MAX_RANGES);
    asks_granularity = is_command(&line, "granularity", 2, 2);
    if (!supports && !clones && !reserves && !unmaps && !asks_granularity
        && !is_command(&line, "statx", 2, 2)) {
        return usage();
    }
    result = vaai_plugin_session_start(&line.options, &session, &failure);
    if (result != VAAI_PLUGIN_OK) {
        return ended(result, &failure);
    }
    if (supports) {
        result = support(session, &failure);
    } else if (clones) {
        result = clone_file(session, &line, &failure);
    } else if (reserves) {
        result = reserve(session, &line, &failure);
    } else if (unmaps) {
        result = unmap(session, &line, &failure);
    } else if (asks_granularity) {
        result = granularity(session, line.operands[1], &failure);
    } else {
        result = statx(session, line.operands[1], &failure);
    }
    if (vaai_plugin_session_retransmissions(session) > 0) {
        printf("retransmissions=%" PRIu64 "\n", vaai_plugin_session_retransmissions(session));
    }
    vaai_plugin_session_end(session, NULL);
    return ended(result, &failure);
}
