/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encodes one sample of every VAAI-NAS message with the code that rpcgen makes
 * of vaai_nas.x and prints "name hex" lines. The same samples stand in
 * VaaiSamples.java; the bytes must be the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vaai_nas.h"

static void print_sample(const char *name, xdrproc_t encode, void *message)
{
    static char bytes[8192];
    XDR xdrs;
    u_int i, length;

    xdrmem_create(&xdrs, bytes, sizeof bytes, XDR_ENCODE);
    if (!encode(&xdrs, message)) {
        fprintf(stderr, "%s: cannot be encoded\n", name);
        exit(1);
    }
    length = xdr_getpos(&xdrs);
    printf("%s ", name);
    for (i = 0; i < length; i++) {
        printf("%02x", (unsigned char)bytes[i]);
    }
    printf("\n");
}

static vaai_session session(unsigned char first)
{
    vaai_session made;
    int i;

    for (i = 0; i < VAAI_SESSION_SIZE; i++) {
        made.id[i] = (char)(first + i);
    }
    return made;
}

static vaai_handle handle(unsigned char first, u_int length)
{
    vaai_handle made;
    u_int i;

    made.vaai_handle_len = length;
    made.vaai_handle_val = malloc(length ? length : 1);
    for (i = 0; i < length; i++) {
        made.vaai_handle_val[i] = (char)(first + i);
    }
    return made;
}

static vaai_file by_path(char *path)
{
    vaai_file made;

    made.kind = VAAI_BY_PATH;
    made.vaai_file_u.path = path;
    return made;
}

static void session_samples(void)
{
    vaai_start_args start;
    vaai_start_res started;
    vaai_end_args end;
    vaai_end_res ended;

    start.protocol_version = 1;
    start.fs_version = 3;
    start.export_path = "/datastore1";
    start.client_name = "esx-1";
    start.timeout_seconds = 4000000000U;
    print_sample("start_args", (xdrproc_t)xdr_vaai_start_args, &start);

    started.status = VAAI_OK;
    started.vaai_start_res_u.ok.session = session(1);
    started.vaai_start_res_u.ok.root = handle(0x80, 32);
    started.vaai_start_res_u.ok.timeout_seconds = 10;
    started.vaai_start_res_u.ok.limits.lease_seconds = 900;
    started.vaai_start_res_u.ok.limits.max_clones = 8;
    started.vaai_start_res_u.ok.limits.max_depth = 2;
    started.vaai_start_res_u.ok.limits.max_requests = 1024;
    started.vaai_start_res_u.ok.limits.clone_block_bytes = 4096;
    started.vaai_start_res_u.ok.limits.max_file_bytes = 1ULL << 44;
    print_sample("start_ok", (xdrproc_t)xdr_vaai_start_res, &started);

    started.status = VAAI_ERR_TOO_MANY_SESSIONS;
    started.vaai_start_res_u.failure.reason = "4096 sessions";
    print_sample("start_failed", (xdrproc_t)xdr_vaai_start_res, &started);

    end.session = session(1);
    print_sample("end_args", (xdrproc_t)xdr_vaai_end_args, &end);
    ended.status = VAAI_OK;
    print_sample("end_ok", (xdrproc_t)xdr_vaai_end_res, &ended);
    ended.status = VAAI_ERR_SESSION;
    ended.vaai_end_res_u.failure.reason = "";
    print_sample("end_failed", (xdrproc_t)xdr_vaai_end_res, &ended);
}

static void support_samples(void)
{
    vaai_support_args support;
    vaai_support_res answer;

    support.session = session(2);
    support.primitive = VAAI_RESERVE_SPACE;
    print_sample("support_args", (xdrproc_t)xdr_vaai_support_args, &support);
    answer.status = VAAI_OK;
    answer.vaai_support_res_u.ok.supported = TRUE;
    answer.vaai_support_res_u.ok.flags = VAAI_CLONE_DRY_RUN | VAAI_CLONE_GUARDED;
    answer.vaai_support_res_u.ok.reason = "";
    print_sample("support_yes", (xdrproc_t)xdr_vaai_support_res, &answer);
    answer.vaai_support_res_u.ok.supported = FALSE;
    answer.vaai_support_res_u.ok.flags = 0;
    answer.vaai_support_res_u.ok.reason = "not on this volume";
    print_sample("support_no", (xdrproc_t)xdr_vaai_support_res, &answer);
}

static void clone_samples(void)
{
    vaai_clone_args clone;
    vaai_session other = session(9);
    vaai_clone_res cloned;
    vaai_job *job = &cloned.vaai_clone_res_u.job;

    clone.session = session(3);
    clone.request_id = 0xfedcba9876543210ULL;
    clone.flags = 0;
    clone.source_session = NULL;
    clone.source = by_path("vm/vm-flat.vmdk");
    clone.destination.kind = VAAI_BY_HANDLE;
    clone.destination.vaai_file_u.handle = handle(0x10, 32);
    print_sample("clone_full_args", (xdrproc_t)xdr_vaai_clone_args, &clone);

    clone.flags = VAAI_CLONE_LAZY | VAAI_CLONE_DRY_RUN | VAAI_CLONE_GUARDED
        | VAAI_CLONE_OTHER_VOLUME;
    clone.source_session = &other;
    clone.destination.kind = VAAI_BY_ENTRY;
    clone.destination.vaai_file_u.entry.directory = handle(0x20, 5);
    clone.destination.vaai_file_u.entry.name = "copy.vmdk";
    print_sample("clone_lazy_args", (xdrproc_t)xdr_vaai_clone_args, &clone);

    cloned.status = VAAI_OK;
    job->job_id = 7;
    job->state = VAAI_JOB_FAILED;
    job->outcome = VAAI_ERR_NOSPC;
    job->reason = "disk full";
    job->total_bytes = 17716740096ULL;
    job->done_bytes = 4096;
    job->shared_bytes = 1024;
    job->copied_bytes = 3072;
    job->destination = handle(0x10, 32);
    print_sample("clone_job", (xdrproc_t)xdr_vaai_clone_res, &cloned);
}

static void job_samples(void)
{
    vaai_job_args args;
    vaai_job_res answer;

    args.session = session(4);
    args.job_id = 0x8000000000000001ULL;
    print_sample("job_args", (xdrproc_t)xdr_vaai_job_args, &args);
    answer.status = VAAI_ERR_JOB;
    answer.vaai_job_res_u.failure.reason = "no job 9223372036854775809";
    print_sample("job_failed", (xdrproc_t)xdr_vaai_job_res, &answer);
}

static void space_samples(void)
{
    vaai_reserve_args reserve;
    vaai_reserve_res reserved;
    vaai_statx_args statx;
    vaai_statx_res answer;

    reserve.session = session(5);
    reserve.request_id = 1;
    reserve.file = by_path("a");
    reserve.mode = VAAI_EAGER_ZEROED;
    reserve.size_bytes = 1 << 20;
    print_sample("reserve_args", (xdrproc_t)xdr_vaai_reserve_args, &reserve);
    reserved.status = VAAI_OK;
    reserved.vaai_reserve_res_u.ok.reserved_bytes = 1 << 20;
    print_sample("reserve_ok", (xdrproc_t)xdr_vaai_reserve_res, &reserved);

    statx.session = session(6);
    statx.file = by_path("");
    print_sample("statx_args", (xdrproc_t)xdr_vaai_statx_args, &statx);
    answer.status = VAAI_OK;
    answer.vaai_statx_res_u.ok.total_bytes = 42949672960ULL;
    answer.vaai_statx_res_u.ok.allocated_bytes = 17716740096ULL;
    answer.vaai_statx_res_u.ok.unique_bytes = 4096;
    answer.vaai_statx_res_u.ok.shared_bytes = 17716736000ULL;
    answer.vaai_statx_res_u.ok.reserved_bytes = 8192;
    answer.vaai_statx_res_u.ok.charged_bytes = 12288;
    print_sample("statx_ok", (xdrproc_t)xdr_vaai_statx_res, &answer);
}

static void unmap_samples(void)
{
    vaai_granularity_args granularity;
    vaai_granularity_res answer;
    vaai_unmap_args unmap;
    vaai_unmap_res unmapped;
    vaai_range ranges[2];

    granularity.session = session(7);
    granularity.file = by_path("a");
    print_sample("granularity_args", (xdrproc_t)xdr_vaai_granularity_args, &granularity);
    answer.status = VAAI_OK;
    answer.vaai_granularity_res_u.ok.granularity_bytes = 1 << 20;
    answer.vaai_granularity_res_u.ok.max_ranges = VAAI_MAX_RANGES;
    print_sample("granularity_ok", (xdrproc_t)xdr_vaai_granularity_res, &answer);

    unmap.session = session(8);
    unmap.request_id = 2;
    unmap.file.kind = VAAI_BY_HANDLE;
    unmap.file.vaai_file_u.handle = handle(0x30, 32);
    ranges[0].offset_bytes = 0;
    ranges[0].length_bytes = 4096;
    ranges[1].offset_bytes = 1ULL << 40;
    ranges[1].length_bytes = 0xffffffffffffffffULL;
    unmap.ranges.ranges_len = 2;
    unmap.ranges.ranges_val = ranges;
    print_sample("unmap_args", (xdrproc_t)xdr_vaai_unmap_args, &unmap);
    unmapped.status = VAAI_OK;
    unmapped.vaai_unmap_res_u.ok.unmapped_bytes = 1ULL << 33;
    unmapped.vaai_unmap_res_u.ok.freed_bytes = 4096;
    unmapped.vaai_unmap_res_u.ok.released_bytes = 8192;
    print_sample("unmap_ok", (xdrproc_t)xdr_vaai_unmap_res, &unmapped);
}

int main(void)
{
    session_samples();
    support_samples();
    clone_samples();
    job_samples();
    space_samples();
    unmap_samples();
    return 0;
}
