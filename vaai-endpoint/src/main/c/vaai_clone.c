/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One clone from the request to its end, as a host wants it: synchronous, with
 * progress, a way to cancel, and an end when the array does not come along.
 */
#include "vaai_session.h"

#include <string.h>

/* A job as the plugin keeps it, free of what XDR allocates. */
typedef struct job {
    uint64_t id;
    vaai_job_state state;
    vaai_status outcome;
    char reason[VAAI_PLUGIN_REASON_BYTES];
    vaai_plugin_progress progress;
} job;

static void keep(job *kept, const vaai_job *seen)
{
    kept->id = seen->job_id;
    kept->state = seen->state;
    kept->outcome = seen->outcome;
    vaai_copy_reason(kept->reason, seen->reason);
    kept->progress.total_bytes = seen->total_bytes;
    kept->progress.done_bytes = seen->done_bytes;
    kept->progress.shared_bytes = seen->shared_bytes;
    kept->progress.copied_bytes = seen->copied_bytes;
}

static bool is_under_way(const job *job)
{
    return job->state == VAAI_JOB_QUEUED || job->state == VAAI_JOB_RUNNING;
}

/* CLONE: the job that it began, in whatever state. */
static vaai_plugin_result begin(vaai_plugin_session *session,
    const vaai_plugin_clone_request *request, job *begun, vaai_plugin_failure *failure)
{
    vaai_clone_args arguments;
    vaai_clone_res results;
    vaai_session source_session;
    vaai_exchange exchange = { .procedure = VAAI_CLONE,
        .encode = VAAI_XDR(xdr_vaai_clone_args), .arguments = &arguments,
        .decode = VAAI_XDR(xdr_vaai_clone_res), .results = &results,
        .results_bytes = sizeof results };
    vaai_plugin_result result;
    bool renewed = false;

    if (!vaai_name_by_path(&arguments.source, request->source)
        || !vaai_name_by_path(&arguments.destination, request->destination)) {
        return vaai_failed(failure, VAAI_PLUGIN_FILE_ERROR, "a path is missing or too long");
    }
    arguments.flags = request->flags;
    arguments.source_session = NULL;
    if (request->source_session != NULL) {
        arguments.source_session = &source_session;
        arguments.flags |= VAAI_CLONE_OTHER_VOLUME;
    }
    do {
        arguments.session = session->id;
        if (request->source_session != NULL) {
            source_session = request->source_session->id;
        }
        arguments.request_id = ++session->last_request_id;
        result = vaai_session_call(session, &exchange, failure);
        if (result != VAAI_PLUGIN_OK) {
            return result;
        }
    } while (vaai_session_renew(session, request->source_session, results.status, &exchange,
        true, &renewed));
    if (results.status == VAAI_OK) {
        keep(begun, &results.vaai_clone_res_u.job);
    } else {
        result = vaai_refused(failure, results.status, results.vaai_clone_res_u.failure.reason);
    }
    vaai_exchange_free(&exchange);
    return result;
}

/*
 * CLONE_STATUS or CLONE_ABORT: the job as it is now. A job whose session is gone
 * is asked about in a new one: an array that restarted says that it is lost.
 */
static vaai_plugin_result ask(vaai_plugin_session *session, rpcproc_t procedure, job *job,
    vaai_plugin_failure *failure)
{
    vaai_job_args arguments = { .job_id = job->id };
    vaai_job_res results;
    vaai_exchange exchange = { .procedure = procedure, .encode = VAAI_XDR(xdr_vaai_job_args),
        .arguments = &arguments, .decode = VAAI_XDR(xdr_vaai_job_res), .results = &results,
        .results_bytes = sizeof results };
    vaai_plugin_result result;
    bool renewed = false;

    do {
        arguments.session = session->id;
        result = vaai_session_call(session, &exchange, failure);
        if (result != VAAI_PLUGIN_OK) {
            return result;
        }
    } while (vaai_session_renew(session, NULL, results.status, &exchange, false, &renewed));
    if (results.status == VAAI_OK) {
        keep(job, &results.vaai_job_res_u.job);
    } else {
        result = vaai_refused(failure, results.status, results.vaai_job_res_u.failure.reason);
    }
    vaai_exchange_free(&exchange);
    return result;
}

/* How a job that is no longer under way ended. */
static vaai_plugin_result end_of(const job *job, vaai_plugin_failure *failure)
{
    if (job->state == VAAI_JOB_SUCCEEDED || job->state == VAAI_JOB_NONE) {
        return vaai_succeeded(failure);
    }
    if (job->outcome == VAAI_OK) {
        return vaai_failed(failure, VAAI_PLUGIN_FILE_ERROR, "the job failed without a status");
    }
    return vaai_refused(failure, job->outcome, job->reason);
}

/*
 * Aborts the job and waits until the array has put the destination back.
 * An abort that comes too late leaves a clone that is whole: that is success.
 */
static vaai_plugin_result abandon(vaai_plugin_session *session, job *job,
    vaai_plugin_result because, const char *words, vaai_plugin_failure *failure)
{
    double end = vaai_clock_seconds() + session->stall_seconds;
    vaai_plugin_result result = ask(session, VAAI_CLONE_ABORT, job, failure);

    while (result == VAAI_PLUGIN_OK && is_under_way(job) && vaai_clock_seconds() < end) {
        vaai_pause(session->poll_milliseconds);
        result = ask(session, VAAI_CLONE_STATUS, job, failure);
    }
    if (result != VAAI_PLUGIN_OK) {
        return result;
    }
    if (job->state == VAAI_JOB_ABORTED || is_under_way(job)) {
        return vaai_failed(failure, because, words);
    }
    return end_of(job, failure);
}

/* Looks at the job until it ends, is cancelled or makes no progress. */
static vaai_plugin_result follow(vaai_plugin_session *session, job *job,
    vaai_plugin_progress_callback callback, void *context, vaai_plugin_failure *failure)
{
    double last_progress = vaai_clock_seconds();
    uint64_t done_bytes = job->progress.done_bytes;

    for (;;) {
        bool go_on = callback == NULL || callback(context, &job->progress);
        vaai_plugin_result result;

        if (!is_under_way(job)) {
            return end_of(job, failure);
        }
        if (!go_on) {
            return abandon(session, job, VAAI_PLUGIN_CANCELLED, "cancelled", failure);
        }
        if (job->progress.done_bytes > done_bytes) {
            done_bytes = job->progress.done_bytes;
            last_progress = vaai_clock_seconds();
        } else if (vaai_clock_seconds() - last_progress >= session->stall_seconds) {
            return abandon(session, job, VAAI_PLUGIN_FILE_ERROR, "no progress", failure);
        }
        vaai_pause(session->poll_milliseconds);
        result = ask(session, VAAI_CLONE_STATUS, job, failure);
        if (result != VAAI_PLUGIN_OK) {
            return result;
        }
    }
}

vaai_plugin_result vaai_plugin_clone(vaai_plugin_session *session,
    const vaai_plugin_clone_request *request, vaai_plugin_progress_callback callback,
    void *context, vaai_plugin_progress *last, vaai_plugin_failure *failure)
{
    job job;
    vaai_plugin_result result;

    memset(&job, 0, sizeof job);
    result = begin(session, request, &job, failure);
    if (result == VAAI_PLUGIN_OK) {
        result = follow(session, &job, callback, context, failure);
    }
    if (last != NULL) {
        *last = job.progress;
    }
    return result;
}
