/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host's side of VAAI-NAS over the program of vaai_nas.x: what a plugin
 * does between the hypervisor that loads it and the array that clones.
 *
 * A plugin gets the paths of files on a datastore that the host has mounted,
 * and answers with one of the few outcomes that a host tells apart
 * (vaai_plugin_result). Anything but VAAI_PLUGIN_OK makes the host do the work
 * itself, silently. What exactly went wrong is in a vaai_plugin_failure, for
 * the host's log.
 *
 * Every call blocks, but never longer than
 *     (retries + 1) x (timeout + pause) seconds,
 * except vaai_plugin_clone, which lasts as long as its job makes progress.
 * A call that got no answer is sent again over a new connection, with the same
 * request id, so the array executes it once.
 *
 * A session belongs to one thread at a time; different sessions to any threads.
 * Nothing here prints, exits, or leaves a signal behind.
 */
#ifndef VAAI_PLUGIN_H
#define VAAI_PLUGIN_H

#include <stdbool.h>
#include <stdint.h>

/* Bytes of a reason in words, the final NUL included. */
#define VAAI_PLUGIN_REASON_BYTES 256

/* What a host tells apart. The numbers are stable: the tool exits with them. */
typedef enum vaai_plugin_result {
    VAAI_PLUGIN_OK = 0,
    VAAI_PLUGIN_FILE_ERROR = 1,      /* anything that no other word fits */
    VAAI_PLUGIN_NO_ACCESS = 2,
    VAAI_PLUGIN_EXISTS = 3,          /* guarded, and the destination is there */
    VAAI_PLUGIN_DISK_FULL = 4,
    VAAI_PLUGIN_READ_ONLY = 5,
    VAAI_PLUGIN_BUSY = 6,            /* later it may work */
    VAAI_PLUGIN_TOO_DEEP = 7,        /* no further level of clones */
    VAAI_PLUGIN_TOO_MANY_CLONES = 8, /* too many at the same time */
    VAAI_PLUGIN_NOT_SUPPORTED = 9,   /* not offered here; no need to ask again */
    VAAI_PLUGIN_CANCELLED = 10,      /* the progress callback wanted it so */
    VAAI_PLUGIN_NO_ANSWER = 11       /* the array cannot be reached; a host says "file error" */
} vaai_plugin_result;

/* What went wrong, for a log. Every function below takes NULL, too. */
typedef struct vaai_plugin_failure {
    vaai_plugin_result result;
    int status;                      /* a vaai_status; -1 if the array did not say */
    char reason[VAAI_PLUGIN_REASON_BYTES];
} vaai_plugin_failure;

/* A word for a result, such as "disk full"; never NULL. */
const char *vaai_plugin_result_name(vaai_plugin_result result);

/* ---- session ---------------------------------------------------------- */

typedef struct vaai_plugin_session vaai_plugin_session;

/* What a session is started with; vaai_plugin_options_init gives the defaults. */
typedef struct vaai_plugin_options {
    const char *address;             /* of the array: a name, IPv4 or IPv6 */
    uint16_t port;                   /* the array's NFS port, 2049 */
    const char *export_path;         /* as given to MOUNT */
    const char *client_name;         /* for the array's log, "" */
    unsigned timeout_seconds;        /* for one answer; 10; 1 to 300 */
    unsigned retries;                /* after the first attempt, 3; 0 to 100 */
    unsigned pause_milliseconds;     /* before a retry, 1000 */
    unsigned poll_milliseconds;      /* between two looks at a clone job, 1000 */
    unsigned stall_seconds;          /* a job without progress for so long is aborted, 300 */
    uint32_t uid;                    /* of the AUTH_SYS credential: the process's own */
    uint32_t gid;
} vaai_plugin_options;

void vaai_plugin_options_init(vaai_plugin_options *options);

/*
 * Starts a session on one export. The strings of the options are copied.
 * *session is NULL unless the result is VAAI_PLUGIN_OK.
 */
vaai_plugin_result vaai_plugin_session_start(const vaai_plugin_options *options,
    vaai_plugin_session **session, vaai_plugin_failure *failure);

/*
 * Ends the session, aborts its jobs and frees it. The session is gone whatever
 * the result: an array that did not hear of the end ends it by its lease.
 */
vaai_plugin_result vaai_plugin_session_end(vaai_plugin_session *session,
    vaai_plugin_failure *failure);

/* What the array enforces; 0 is "no limit". */
typedef struct vaai_plugin_limits {
    uint32_t lease_seconds;
    uint32_t max_clones;
    uint32_t max_depth;
    uint32_t clone_block_bytes;
    uint64_t max_file_bytes;
} vaai_plugin_limits;

vaai_plugin_limits vaai_plugin_session_limits(const vaai_plugin_session *session);

/* How often this session sent a call again, for statistics and tests. */
uint64_t vaai_plugin_session_retransmissions(const vaai_plugin_session *session);

/* ---- support ---------------------------------------------------------- */

typedef enum vaai_plugin_primitive {
    VAAI_PLUGIN_FULL_CLONE = 1,
    VAAI_PLUGIN_LAZY_CLONE = 2,
    VAAI_PLUGIN_EXTENDED_STATISTICS = 3,
    VAAI_PLUGIN_RESERVE_SPACE = 4,
    VAAI_PLUGIN_CLONE_ACROSS_VOLUMES = 5,
    VAAI_PLUGIN_UNMAP = 6            /* of version 2 of the program */
} vaai_plugin_primitive;

typedef struct vaai_plugin_support {
    bool supported;
    uint32_t flags;                  /* the VAAI_PLUGIN_CLONE_ flags that it takes */
    char reason[VAAI_PLUGIN_REASON_BYTES]; /* why not */
} vaai_plugin_support;

/* Asks for one primitive. That the array says no is no failure. */
vaai_plugin_result vaai_plugin_query_support(vaai_plugin_session *session,
    vaai_plugin_primitive primitive, vaai_plugin_support *support,
    vaai_plugin_failure *failure);

/* ---- clone ------------------------------------------------------------ */

enum {
    VAAI_PLUGIN_CLONE_LAZY = 0x1,    /* fast clone; makes the destination if it is missing */
    VAAI_PLUGIN_CLONE_DRY_RUN = 0x2, /* check everything, change nothing */
    VAAI_PLUGIN_CLONE_GUARDED = 0x4  /* EXISTS if the destination is there */
};

/* Paths are below the session's export; at most 1024 bytes. */
typedef struct vaai_plugin_clone_request {
    const char *source;
    const char *destination;         /* for a full clone it exists, sized by the host */
    unsigned flags;
    /*
     * The session of the source's datastore if that is another one of the same
     * array; NULL if the source lies beside the destination. Like the session
     * of the call it is started anew if the array does not know it any more.
     */
    vaai_plugin_session *source_session;
} vaai_plugin_clone_request;

typedef struct vaai_plugin_progress {
    uint64_t total_bytes;            /* the source's size */
    uint64_t done_bytes;             /* never shrinks */
    uint64_t shared_bytes;           /* of these, took no space */
    uint64_t copied_bytes;           /* of these, copied inside the array */
} vaai_plugin_progress;

/*
 * Called after each look at the job, the last one included. False asks for the
 * job to be aborted; after the last one it changes nothing. It must not use the
 * session.
 */
typedef bool (*vaai_plugin_progress_callback)(void *context,
    const vaai_plugin_progress *progress);

/*
 * Clones a file and waits for the end of it. The destination is whole after
 * VAAI_PLUGIN_OK and as it was after VAAI_PLUGIN_CANCELLED. It is as it was, or
 * whole, never in between, after VAAI_PLUGIN_NO_ANSWER and after a failure whose
 * status is VAAI_ERR_SESSION, VAAI_ERR_REQUEST, VAAI_ERR_LOST or VAAI_ERR_JOB:
 * then the clone may have been made, and a host that must know looks. After any
 * other answer it is as it was.
 *
 * If the array restarts meanwhile the job is lost, and that is what is reported:
 * a FILE_ERROR with the status VAAI_ERR_LOST.
 *
 * callback may be NULL; *last, which may be NULL, is set to how far the job came.
 */
vaai_plugin_result vaai_plugin_clone(vaai_plugin_session *session,
    const vaai_plugin_clone_request *request,
    vaai_plugin_progress_callback callback, void *context,
    vaai_plugin_progress *last, vaai_plugin_failure *failure);

/* ---- UNMAP ------------------------------------------------------------ */

typedef struct vaai_plugin_granularity {
    uint64_t granularity_bytes;      /* whole granules are unmapped, counted from the start */
    uint32_t max_ranges;             /* in one vaai_plugin_unmap */
} vaai_plugin_granularity;

/*
 * Asks how the array unmaps a file. NOT_SUPPORTED where it does not, or where it
 * serves version 1 of the program only.
 */
vaai_plugin_result vaai_plugin_unmap_granularity(vaai_plugin_session *session,
    const char *path, vaai_plugin_granularity *granularity, vaai_plugin_failure *failure);

/* Within the file, and not empty. */
typedef struct vaai_plugin_range {
    uint64_t offset_bytes;
    uint64_t length_bytes;
} vaai_plugin_range;

typedef struct vaai_plugin_unmapped {
    uint64_t unmapped_bytes;         /* were mapped and are holes now */
    uint64_t freed_bytes;            /* of these, nobody else held them */
    uint64_t released_bytes;         /* reservations that ended */
} vaai_plugin_unmapped;

/*
 * Unmaps the whole granules within some ranges of a file, in one step: all of them
 * or none. What is left at the edges of the ranges stays as it is. A file that the
 * guest may write meanwhile must not be unmapped where it writes.
 */
vaai_plugin_result vaai_plugin_unmap(vaai_plugin_session *session, const char *path,
    const vaai_plugin_range *ranges, unsigned count, vaai_plugin_unmapped *unmapped,
    vaai_plugin_failure *failure);

/* ---- reserve space, extended statistics ------------------------------- */

typedef enum vaai_plugin_zeroing {
    VAAI_PLUGIN_LAZY_ZEROED = 0,
    VAAI_PLUGIN_EAGER_ZEROED = 1
} vaai_plugin_zeroing;

/*
 * Reserves space from the start of the file to size_bytes; 0: to its size.
 * *reserved_bytes is what is promised now; less than asked: the disk stays thin.
 */
vaai_plugin_result vaai_plugin_reserve(vaai_plugin_session *session, const char *path,
    vaai_plugin_zeroing zeroing, uint64_t size_bytes, uint64_t *reserved_bytes,
    vaai_plugin_failure *failure);

typedef struct vaai_plugin_space {
    uint64_t total_bytes;            /* logical size */
    uint64_t allocated_bytes;        /* mapped, shared or not */
    uint64_t unique_bytes;           /* freed if this file were deleted */
    uint64_t shared_bytes;
    uint64_t reserved_bytes;
    uint64_t charged_bytes;          /* "Used" of the array's UI */
} vaai_plugin_space;

vaai_plugin_result vaai_plugin_statx(vaai_plugin_session *session, const char *path,
    vaai_plugin_space *space, vaai_plugin_failure *failure);

#endif
