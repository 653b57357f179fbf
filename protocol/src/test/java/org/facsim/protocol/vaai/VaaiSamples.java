/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** One sample of every message, the same as in {@code vaai_samples.c}, by name. */
final class VaaiSamples {
  /**
   * A message.
   *
   * @param value the record
   * @param encoder appends its XDR form
   * @param decoder reads it back
   */
  record Sample(Object value, Consumer<ByteBuf> encoder, Function<ByteBuf, ?> decoder) {}

  private static final Map<String, Sample> SAMPLES = new LinkedHashMap<>();

  private VaaiSamples() {}

  static Map<String, Sample> all() {
    return SAMPLES;
  }

  static {
    arguments(
        "start_args",
        new SessionStartCall(1, 3, "/datastore1", "esx-1", 4_000_000_000L),
        SessionStartCall::decode);
    results(
        "start_ok",
        VaaiReply.ok(
            new SessionGrant(
                session(1),
                handle(0x80, 32),
                10,
                new SessionLimits(900, 8, 2, 1024, 4096, 1L << 44))),
        SessionGrant::decode);
    results(
        "start_failed",
        VaaiReply.failed(VaaiStatus.TOO_MANY_SESSIONS, "4096 sessions"),
        SessionGrant::decode);
    arguments("end_args", new SessionEndCall(session(1)), SessionEndCall::decode);
    results("end_ok", VaaiReply.ok(new SessionEnded()), SessionEnded::decode);
    results("end_failed", VaaiReply.failed(VaaiStatus.SESSION, ""), SessionEnded::decode);

    arguments(
        "support_args",
        new SupportCall(session(2), VaaiPrimitive.RESERVE_SPACE),
        SupportCall::decode);
    results(
        "support_yes",
        VaaiReply.ok(new SupportAnswer(true, CloneFlags.DRY_RUN | CloneFlags.GUARDED, "")),
        SupportAnswer::decode);
    results(
        "support_no",
        VaaiReply.ok(new SupportAnswer(false, 0, "not on this volume")),
        SupportAnswer::decode);

    arguments(
        "clone_full_args",
        CloneCall.within(
            session(3),
            0xfedcba9876543210L,
            VaaiFile.byPath("vm/vm-flat.vmdk"),
            VaaiFile.byHandle(handle(0x10, 32).toBytes()),
            0),
        CloneCall::decode);
    arguments(
        "clone_lazy_args",
        new CloneCall(
            session(3),
            0xfedcba9876543210L,
            CloneFlags.ALL,
            Optional.of(session(9)),
            VaaiFile.byPath("vm/vm-flat.vmdk"),
            VaaiFile.byEntry(handle(0x20, 5).toBytes(), "copy.vmdk")),
        CloneCall::decode);
    results(
        "clone_job",
        VaaiReply.ok(
            new CloneJob(
                7,
                JobState.FAILED,
                VaaiStatus.NOSPC,
                "disk full",
                17_716_740_096L,
                4096,
                1024,
                3072,
                handle(0x10, 32))),
        CloneJob::decode);
    arguments("job_args", new JobCall(session(4), 0x8000000000000001L), JobCall::decode);
    results(
        "job_failed",
        VaaiReply.failed(VaaiStatus.JOB, "no job 9223372036854775809"),
        CloneJob::decode);

    arguments(
        "reserve_args",
        new ReserveCall(session(5), 1, VaaiFile.byPath("a"), ReserveMode.EAGER_ZEROED, 1 << 20),
        ReserveCall::decode);
    results("reserve_ok", VaaiReply.ok(new ReservedSpace(1 << 20)), ReservedSpace::decode);
    arguments("statx_args", new StatxCall(session(6), VaaiFile.byPath("")), StatxCall::decode);
    results(
        "statx_ok",
        VaaiReply.ok(
            new ExtendedStatistics(
                42_949_672_960L, 17_716_740_096L, 4096, 17_716_736_000L, 8192, 12_288)),
        ExtendedStatistics::decode);

    arguments(
        "granularity_args",
        new UnmapGranularityCall(session(7), VaaiFile.byPath("a")),
        UnmapGranularityCall::decode);
    results(
        "granularity_ok",
        VaaiReply.ok(new UnmapGranularity(1 << 20, 256)),
        UnmapGranularity::decode);
    arguments(
        "unmap_args",
        new UnmapCall(
            session(8),
            2,
            VaaiFile.byHandle(handle(0x30, 32).toBytes()),
            List.of(new VaaiRange(0, 4096), new VaaiRange(1L << 40, -1))),
        UnmapCall::decode);
    results(
        "unmap_ok", VaaiReply.ok(new UnmappedSpace(1L << 33, 4096, 8192)), UnmappedSpace::decode);
  }

  private static void arguments(
      String name, VaaiMessage value, Function<ByteBuf, ? extends VaaiMessage> decoder) {
    SAMPLES.put(name, new Sample(value, value::encode, decoder));
  }

  private static <T extends VaaiMessage> void results(
      String name, VaaiReply<T> value, Function<ByteBuf, T> decoder) {
    SAMPLES.put(name, new Sample(value, value::encode, in -> VaaiReply.decode(in, decoder)));
  }

  private static SessionId session(int first) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < 8; i++) {
      high = high << 8 | (first + i);
      low = low << 8 | (first + i + 8);
    }
    return new SessionId(high, low);
  }

  private static Opaque handle(int first, int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    for (int i = 0; i < lengthBytes; i++) {
      bytes[i] = (byte) (first + i);
    }
    return Opaque.of(bytes);
  }
}
