/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.ReserveCall;
import org.facsim.protocol.vaai.ReserveMode;
import org.facsim.protocol.vaai.SessionEndCall;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.StatxCall;
import org.facsim.protocol.vaai.SupportCall;
import org.facsim.protocol.vaai.UnmapCall;
import org.facsim.protocol.vaai.UnmapGranularityCall;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiMessage;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiRange;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every procedure of the VAAI program with any arguments, on a live array.
 *
 * <p>An input is a procedure, a user and the arguments. Where the user's byte says so the first 16
 * bytes of the arguments are replaced by a session that lives: no mutation would ever find one.
 */
class VaaiFuzzTest {
  private static final int LIVING_SESSION = 0x80;
  private static final int SESSION_BYTES = 16;
  private static final int MAX_INPUT_BYTES = 4 << 10;

  private static final FuzzedArray ARRAY = new FuzzedArray();

  static Stream<byte[]> seeds() {
    SessionId any = new SessionId(0, 0);
    VaaiFile source = VaaiLab.handleOf(ARRAY.file(0));
    VaaiFile copy = VaaiLab.handleOf(ARRAY.file(1));
    byte[] root = ARRAY.file(2).handle().toBytes();
    List<byte[]> seeds = new ArrayList<>();
    seeds.add(seed(VaaiNas.PROC_NULL, out -> {}));
    seeds.add(seed(VaaiNas.PROC_SESSION_START, new SessionStartCall(1, 3, "/one", "host", 10)));
    seeds.add(seed(VaaiNas.PROC_SESSION_END, new SessionEndCall(any)));
    for (int primitive = 0; primitive <= 6; primitive++) {
      seeds.add(seed(VaaiNas.PROC_SUPPORT, new SupportCall(any, primitive)));
    }
    for (int flags = 0; flags <= CloneFlags.ALL; flags++) {
      Optional<SessionId> from =
          (flags & CloneFlags.OTHER_VOLUME) == 0 ? Optional.empty() : Optional.of(any);
      seeds.add(seed(VaaiNas.PROC_CLONE, new CloneCall(any, 5 + flags, flags, from, source, copy)));
    }
    VaaiFile made = VaaiFile.byEntry(root, "made");
    seeds.add(seed(VaaiNas.PROC_CLONE, CloneCall.within(any, 40, source, made, CloneFlags.LAZY)));
    seeds.add(
        seed(
            VaaiNas.PROC_CLONE,
            CloneCall.within(any, 41, VaaiFile.byPath("source"), VaaiFile.byPath("/./copy"), 0)));
    seeds.add(seed(VaaiNas.PROC_CLONE_STATUS, new JobCall(any, 1)));
    seeds.add(seed(VaaiNas.PROC_CLONE_ABORT, new JobCall(any, 1)));
    for (ReserveMode mode : ReserveMode.values()) {
      seeds.add(seed(VaaiNas.PROC_RESERVE, new ReserveCall(any, 50, copy, mode, 8192)));
    }
    seeds.add(seed(VaaiNas.PROC_STATX, new StatxCall(any, source)));
    seeds.add(seed(VaaiNas.PROC_STATX, new StatxCall(any, VaaiFile.byPath("a/../b"))));
    seeds.add(seed(VaaiNas.PROC_UNMAP_GRANULARITY, new UnmapGranularityCall(any, source)));
    List<VaaiRange> ranges =
        List.of(new VaaiRange(0, 4096), new VaaiRange(4095, 8193), new VaaiRange(-1, -1));
    for (int count = 0; count <= ranges.size(); count++) {
      seeds.add(
          seed(VaaiNas.PROC_UNMAP, new UnmapCall(any, 60 + count, copy, ranges.subList(0, count))));
    }
    seeds.add(seed(11, out -> {}));
    return seeds.stream();
  }

  private static byte[] seed(int procedure, VaaiMessage arguments) {
    ByteBuf out = Unpooled.buffer().writeByte(procedure).writeByte(LIVING_SESSION);
    arguments.encode(out);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2h", maxExecutions = 2_500_000)
  void anyArgumentsAreAnsweredAndChangeNothingUnlessValid(byte[] input) {
    if (input == null || input.length < 2 || input.length > MAX_INPUT_BYTES) {
      return;
    }
    int procedure = (input[0] & 0xff) % 12;
    int who = input[1];
    ByteBuf arguments = Unpooled.copiedBuffer(input, 2, input.length - 2);
    if ((who & LIVING_SESSION) != 0
        && procedure != VaaiNas.PROC_SESSION_START
        && arguments.readableBytes() >= SESSION_BYTES) {
      SessionId session = ARRAY.session();
      arguments.setLong(0, session.high()).setLong(8, session.low());
    }
    long uid = (who & 3) == 0 ? 0 : (who & 3) == 1 ? 1000 : -1;
    ARRAY.vaai(procedure, uid, out -> out.writeBytes(arguments));
  }
}
