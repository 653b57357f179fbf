/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions, and the calls that are answered at once. */
#include "vaai_session.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    NFS_PORT = 2049,
    NFS_VERSION_3 = 3,
    MAX_TIMEOUT_SECONDS = 300,
    MAX_RETRIES = 100,
    MAX_MILLISECONDS = 60000
};

void vaai_plugin_options_init(vaai_plugin_options *options)
{
    memset(options, 0, sizeof *options);
    options->port = NFS_PORT;
    options->client_name = "";
    options->timeout_seconds = 10;
    options->retries = 3;
    options->pause_milliseconds = 1000;
    options->poll_milliseconds = 1000;
    options->stall_seconds = 300;
    options->uid = (uint32_t)geteuid();
    options->gid = (uint32_t)getegid();
}

static bool are_valid(const vaai_plugin_options *options)
{
    return options->address != NULL && options->export_path != NULL
        && strlen(options->export_path) <= VAAI_MAX_PATH && options->client_name != NULL
        && strlen(options->client_name) <= VAAI_MAX_CLIENT && options->port != 0
        && options->timeout_seconds >= 1 && options->timeout_seconds <= MAX_TIMEOUT_SECONDS
        && options->retries <= MAX_RETRIES && options->pause_milliseconds <= MAX_MILLISECONDS
        && options->poll_milliseconds <= MAX_MILLISECONDS && options->stall_seconds >= 1;
}

static char *copy_of(const char *text)
{
    size_t bytes = strlen(text) + 1;
    char *copy = malloc(bytes);

    return copy == NULL ? NULL : memcpy(copy, text, bytes);
}

static void release(vaai_plugin_session *session)
{
    vaai_connection_close(&session->connection);
    free(session->connection.address);
    free(session->export_path);
    free(session->client_name);
    free(session);
}

static vaai_plugin_session *allocate(const vaai_plugin_options *options)
{
    vaai_plugin_session *session = calloc(1, sizeof *session);

    if (session == NULL) {
        return NULL;
    }
    session->connection.address = copy_of(options->address);
    session->export_path = copy_of(options->export_path);
    session->client_name = copy_of(options->client_name);
    if (session->connection.address == NULL || session->export_path == NULL
        || session->client_name == NULL) {
        release(session);
        return NULL;
    }
    session->connection.port = options->port;
    session->connection.timeout_seconds = options->timeout_seconds;
    session->connection.retries = options->retries;
    session->connection.pause_milliseconds = options->pause_milliseconds;
    session->connection.uid = options->uid;
    session->connection.gid = options->gid;
    session->poll_milliseconds = options->poll_milliseconds;
    session->stall_seconds = options->stall_seconds;
    return session;
}

vaai_plugin_result vaai_session_call(vaai_plugin_session *session, vaai_exchange *exchange,
    vaai_plugin_failure *failure)
{
    char why[VAAI_PLUGIN_REASON_BYTES];
    enum clnt_stat outcome
        = vaai_connection_call(&session->connection, exchange, why, sizeof why);

    return outcome == RPC_SUCCESS ? vaai_succeeded(failure)
                                  : vaai_unanswered(failure, outcome, why);
}

/* SESSION_START: a retransmitted one leaves a session that ends by its lease. */
static vaai_plugin_result start(vaai_plugin_session *session, vaai_plugin_failure *failure)
{
    vaai_start_args arguments;
    vaai_start_res results;
    vaai_exchange exchange = { .procedure = VAAI_SESSION_START,
        .encode = VAAI_XDR(xdr_vaai_start_args), .arguments = &arguments,
        .decode = VAAI_XDR(xdr_vaai_start_res), .results = &results,
        .results_bytes = sizeof results };
    vaai_plugin_result result;

    arguments.protocol_version = VAAI_PROTOCOL_VERSION;
    arguments.fs_version = NFS_VERSION_3;
    arguments.export_path = session->export_path;
    arguments.client_name = session->client_name;
    arguments.timeout_seconds = session->connection.timeout_seconds;
    result = vaai_session_call(session, &exchange, failure);
    if (result != VAAI_PLUGIN_OK) {
        return result;
    }
    if (results.status == VAAI_OK) {
        const vaai_start_ok *ok = &results.vaai_start_res_u.ok;

        session->id = ok->session;
        session->last_request_id = 0;
        session->limits.lease_seconds = ok->limits.lease_seconds;
        session->limits.max_clones = ok->limits.max_clones;
        session->limits.max_depth = ok->limits.max_depth;
        session->limits.clone_block_bytes = ok->limits.clone_block_bytes;
        session->limits.max_file_bytes = ok->limits.max_file_bytes;
    } else {
        result = vaai_refused(failure, results.status, results.vaai_start_res_u.failure.reason);
    }
    vaai_exchange_free(&exchange);
    return result;
}

vaai_plugin_result vaai_plugin_session_start(const vaai_plugin_options *options,
    vaai_plugin_session **session, vaai_plugin_failure *failure)
{
    vaai_plugin_session *made;
    vaai_plugin_result result;

    *session = NULL;
    if (!are_valid(options)) {
        return vaai_failed(failure, VAAI_PLUGIN_FILE_ERROR, "an option is out of range");
    }
    made = allocate(options);
    if (made == NULL) {
        return vaai_failed(failure, VAAI_PLUGIN_FILE_ERROR, "no memory");
    }
    result = start(made, failure);
    if (result == VAAI_PLUGIN_OK) {
        *session = made;
    } else {
        release(made);
    }
    return result;
}

bool vaai_session_renew(vaai_plugin_session *session, vaai_plugin_session *other,
    vaai_status status, vaai_exchange *exchange, bool changes, bool *renewed)
{
    if (status != VAAI_ERR_SESSION || *renewed || (changes && exchange->attempts > 1)) {
        return false;
    }
    *renewed = true;
    if (start(session, NULL) != VAAI_PLUGIN_OK
        || (other != NULL && start(other, NULL) != VAAI_PLUGIN_OK)) {
        return false;
    }
    vaai_exchange_free(exchange);
    return true;
}

vaai_plugin_result vaai_plugin_session_end(vaai_plugin_session *session,
    vaai_plugin_failure *failure)
{
    vaai_end_args arguments;
    vaai_end_res results;
    vaai_exchange exchange = { .procedure = VAAI_SESSION_END,
        .encode = VAAI_XDR(xdr_vaai_end_args), .arguments = &arguments,
        .decode = VAAI_XDR(xdr_vaai_end_res), .results = &results,
        .results_bytes = sizeof results };
    vaai_plugin_result result;

    if (session == NULL) {
        return vaai_succeeded(failure);
    }
    arguments.session = session->id;
    result = vaai_session_call(session, &exchange, failure);
    if (result == VAAI_PLUGIN_OK) {
        /* Unknown: ended by the first of two transmissions, or by its lease. */
        if (results.status != VAAI_OK && results.status != VAAI_ERR_SESSION) {
            result
                = vaai_refused(failure, results.status, results.vaai_end_res_u.failure.reason);
        }
        vaai_exchange_free(&exchange);
    }
    release(session);
    return result;
}

vaai_plugin_limits vaai_plugin_session_limits(const vaai_plugin_session *session)
{
    return session->limits;
}

uint64_t vaai_plugin_session_retransmissions(const vaai_plugin_session *session)
{
    return session->connection.retransmissions;
}

bool vaai_name_by_path(vaai_file *file, const char *path)
{
    if (path == NULL || strlen(path) > VAAI_MAX_PATH) {
        return false;
    }
    file->kind = VAAI_BY_PATH;
    /* The XDR routine of encoding only reads it. */
    file->vaai_file_u.path = (char *)(uintptr_t)path;
    return true;
}

vaai_plugin_result vaai_plugin_query_support(vaai_plugin_session *session,
    vaai_plugin_primitive primitive, vaai_plugin_support *support,
    vaai_plugin_failure *failure)
{
    vaai_support_args arguments;
    vaai_support_res results;
    vaai_exchange exchange = { .procedure = VAAI_SUPPORT,
        .encode = VAAI_XDR(xdr_vaai_support_args), .arguments = &arguments,
        .decode = VAAI_XDR(xdr_vaai_support_res), .results = &results,
        .results_bytes = sizeof results };
    vaai_plugin_result result;
    bool renewed = false;

    memset(support, 0, sizeof *support);
    arguments.primitive = (u_int)primitive;
    exchange.version = primitive == VAAI_PLUGIN_UNMAP ? VAAI_NAS_V2 : VAAI_NAS_V1;
    do {
        arguments.session = session->id;
        result = vaai_session_call(session, &exchange, failure);
        if (result == VAAI_PLUGIN_NOT_SUPPORTED && exchange.version == VAAI_NAS_V2) {
            vaai_copy_reason(support->reason, "the array serves version 1 only");
            return vaai_succeeded(failure);
        }
        if (result != VAAI_PLUGIN_OK) {
            return result;
        }
    } while (vaai_session_renew(session, NULL, results.status, &exchange, false, &renewed));
    if (results.status == VAAI_OK) {
        support->supported = results.vaai_support_res_u.ok.supported != FALSE;
        support->flags = results.vaai_support_res_u.ok.flags;
        vaai_copy_reason(support->reason, results.vaai_support_res_u.ok.reason);
    } else {
        result
            = vaai_refused(failure, results.status, results.vaai_support_res_u.failure.reason);
    }
    vaai_exchange_free(&exchange);
    return result;
}

vaai_plugin_result vaai_plugin_reserve(vaai_plugin_session *session, const char *path,
    vaai_plugin_zeroing zeroing, uint64_t size_bytes, uint64_t *reserved_bytes,
    vaai_plugin_failure *failure)
{
    vaai_reserve_args arguments;
    vaai_reserve_res results;
    vaai_exchange exchange = { .procedure = VAAI_RESERVE,
        .encode = VAAI_XDR(xdr_vaai_reserve_args), .arguments = &arguments,
        .decode = VAAI_XDR(xdr_vaai_reserve_res), .results = &results,
        .results_bytes = sizeof results };
    vaai_plugin_result result;
    bool renewed = false;

    *reserved_bytes = 0;
    if (!vaai_name_by_path(&arguments.file, path)) {
        return vaai_failed(failure, VAAI_PLUGIN_FILE_ERROR, "the path is missing or too long");
    }
    arguments.mode
        = zeroing == VAAI_PLUGIN_EAGER_ZEROED ? VAAI_EAGER_ZEROED : VAAI_LAZY_ZEROED;
    arguments.size_bytes = size_bytes;
    do {
        arguments.session = session->id;
        arguments.request_id = ++session->last_request_id;
        result = vaai_session_call(session, &exchange, failure);
        if (result != VAAI_PLUGIN_OK) {
            return result;
        }
    } while (vaai_session_renew(session, NULL, results.status, &exchange, true, &renewed));
    if (results.status == VAAI_OK) {
        *reserved_bytes = results.vaai_reserve_res_u.ok.reserved_bytes;
    } else {
        result
            = vaai_refused(failure, results.status, results.vaai_reserve_res_u.failure.reason);
    }
    vaai_exchange_free(&exchange);
    return result;
}

vaai_plugin_result vaai_plugin_statx(vaai_plugin_session *session, const char *path,
    vaai_plugin_space *space, vaai_plugin_failure *failure)
{
    vaai_statx_args arguments;
    vaai_statx_res results;
    vaai_exchange exchange = { .procedure = VAAI_STATX,
        .encode = VAAI_XDR(xdr_vaai_statx_args), .arguments = &arguments,
        .decode = VAAI_XDR(xdr_vaai_statx_res), .results = &results,
        .results_bytes = sizeof results };
    vaai_plugin_result result;
    bool renewed = false;

    memset(space, 0, sizeof *space);
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
        const vaai_statx_ok *ok = &results.vaai_statx_res_u.ok;

        space->total_bytes = ok->total_bytes;
        space->allocated_bytes = ok->allocated_bytes;
        space->unique_bytes = ok->unique_bytes;
        space->shared_bytes = ok->shared_bytes;
        space->reserved_bytes = ok->reserved_bytes;
        space->charged_bytes = ok->charged_bytes;
    } else {
        result = vaai_refused(failure, results.status, results.vaai_statx_res_u.failure.reason);
    }
    vaai_exchange_free(&exchange);
    return result;
}
