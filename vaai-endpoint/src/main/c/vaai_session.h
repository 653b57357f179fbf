/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the plugin share. Inside the plugin only. */
#ifndef VAAI_SESSION_H
#define VAAI_SESSION_H

#include "vaai_connection.h"
#include "vaai_nas.h"
#include "vaai_plugin.h"

struct vaai_plugin_session {
    vaai_connection connection;
    char *export_path;
    char *client_name;
    unsigned poll_milliseconds;
    unsigned stall_seconds;
    vaai_session id;
    uint64_t last_request_id;        /* of this session; see renewal */
    vaai_plugin_limits limits;
};

/* Reports success: clears the failure. */
vaai_plugin_result vaai_succeeded(vaai_plugin_failure *failure);

/* Reports what the plugin itself found; status -1. */
vaai_plugin_result vaai_failed(vaai_plugin_failure *failure, vaai_plugin_result result,
    const char *reason);

/* Reports a status of the array, with its words. */
vaai_plugin_result vaai_refused(vaai_plugin_failure *failure, vaai_status status,
    const char *reason);

/* Reports an outcome of the RPC layer that is no answer of the program. */
vaai_plugin_result vaai_unanswered(vaai_plugin_failure *failure, enum clnt_stat outcome,
    const char *reason);

/* Copies words from the wire, cut to fit, control characters replaced. */
void vaai_copy_reason(char *to, const char *from);

/* The longest path is VAAI_MAX_PATH bytes; false for NULL or a longer one. */
bool vaai_name_by_path(vaai_file *file, const char *path);

/* Sends a call; the status in the results is the caller's to judge. */
vaai_plugin_result vaai_session_call(vaai_plugin_session *session, vaai_exchange *exchange,
    vaai_plugin_failure *failure);

/*
 * The array no longer knows the session: its lease ended or the array restarted.
 * Starts a new one in its place if it may and if that works, at most once per
 * *renewed; the caller then puts the new id into its arguments and calls again.
 * If the call names a second session, other, which may be NULL, that one is
 * started anew, too: the array does not say which of the two it does not know.
 *
 * A change may be sent again only if it was refused at its first transmission.
 * At a later one it may have been executed before the session was lost. To ask
 * about a job changes nothing, and a job may be asked about in a new session.
 * The refused results are freed if the call is to be sent again.
 */
bool vaai_session_renew(vaai_plugin_session *session, vaai_plugin_session *other,
    vaai_status status, vaai_exchange *exchange, bool changes, bool *renewed);

#endif
