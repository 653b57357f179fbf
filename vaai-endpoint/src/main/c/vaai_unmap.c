/* SPDX-License-Identifier: Apache-2.0 */
/* UNMAP, which only version 2 of the program has. */
#include "vaai_session.h"

#include <string.h>

vaai_plugin_result vaai_plugin_unmap_granularity(vaai_plugin_session *session,
    const char *path, vaai_plugin_granularity *granularity, vaai_plugin_failure *failure)
{
    vaai_granularity_args arguments;
    vaai_granularity_res results;
    vaai_exchange exchange = { .version = VAAI_NAS_V2, .procedure = VAAI_UNMAP_GRANULARITY,
        .encode = VAAI_XDR(xdr_vaai_granularity_args), .arguments = &arguments,
        .decode = VAAI_XDR(xdr_vaai_granularity_res), .results = &results,
        .results_bytes = sizeof results };
    vaai_plugin_result result;
    bool renewed = false;

    memset(granularity, 0, sizeof *granularity);
    if (!vaai_name_by_path(&arguments.file, path)) {
        return vaai_failed(failure, VAAI_PLUGIN_FILE_ERROR, "the path is missing or too long");
    }
    do {
        arguments.session = session->id;
        result = vaai_session_call(session, &exchange, failure);
        if (result != VAAI_PLUGIN_OK) {
            return result;
        }
    } while (vaai_session_renew(session, NULL, results.status, &exchange, false, &renewed));
    if (results.status == VAAI_OK) {
        granularity->granularity_bytes = results.vaai_granularity_res_u.ok.granularity_bytes;
        granularity->max_ranges = results.vaai_granularity_res_u.ok.max_ranges;
    } else {
        result = vaai_refused(
            failure, results.status, results.vaai_granularity_res_u.failure.reason);
    }
    vaai_exchange_free(&exchange);
    return result;
}

vaai_plugin_result vaai_plugin_unmap(vaai_plugin_session *session, const char *path,
    const vaai_plugin_range *ranges, unsigned count, vaai_plugin_unmapped *unmapped,
    vaai_plugin_failure *failure)
{
    vaai_range wanted[VAAI_MAX_RANGES];
    vaai_unmap_args arguments;
    vaai_unmap_res results;
    vaai_exchange exchange = { .version = VAAI_NAS_V2, .procedure = VAAI_UNMAP,
        .encode = VAAI_XDR(xdr_vaai_unmap_args), .arguments = &arguments,
        .decode = VAAI_XDR(xdr_vaai_unmap_res), .results = &results,
        .results_bytes = sizeof results };
    vaai_plugin_result result;
    bool renewed = false;
    unsigned i;

    memset(unmapped, 0, sizeof *unmapped);
    if (!vaai_name_by_path(&arguments.file, path)) {
        return vaai_failed(failure, VAAI_PLUGIN_FILE_ERROR, "the path is missing or too long");
    }
    if (count > VAAI_MAX_RANGES) {
        return vaai_failed(failure, VAAI_PLUGIN_FILE_ERROR, "too many ranges");
    }
    for (i = 0; i < count; i++) {
        wanted[i].offset_bytes = ranges[i].offset_bytes;
        wanted[i].length_bytes = ranges[i].length_bytes;
    }
    arguments.ranges.ranges_len = count;
    arguments.ranges.ranges_val = wanted;
    do {
        arguments.session = session->id;
        arguments.request_id = ++session->last_request_id;
        result = vaai_session_call(session, &exchange, failure);
        if (result != VAAI_PLUGIN_OK) {
            return result;
        }
    } while (vaai_session_renew(session, NULL, results.status, &exchange, true, &renewed));
    if (results.status == VAAI_OK) {
        const vaai_unmap_ok *ok = &results.vaai_unmap_res_u.ok;

        unmapped->unmapped_bytes = ok->unmapped_bytes;
        unmapped->freed_bytes = ok->freed_bytes;
        unmapped->released_bytes = ok->released_bytes;
    } else {
        result
            = vaai_refused(failure, results.status, results.vaai_unmap_res_u.failure.reason);
    }
    vaai_exchange_free(&exchange);
    return result;
}
