/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.opensds.OpenSdsCommand;
import org.facsim.protocol.opensds.OpenSdsRequest;
import org.junit.jupiter.params.provider.MethodSource;

/** Procedure 22 with any arguments, on a live array. An input is a user and the arguments. */
class OpenSdsFuzzTest {
  private static final int MAX_INPUT_BYTES = 2 << 10;

  private static final FuzzedArray ARRAY = new FuzzedArray();

  static Stream<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    for (OpenSdsCommand command : OpenSdsCommand.values()) {
      for (int file = 0; file < 6; file++) {
        seeds.add(seed(file, -1, OpenSdsRequest.of(command)));
      }
    }
    for (int flags = 0; flags <= 1; flags++) {
      seeds.add(seed(1, 0, OpenSdsRequest.clone(flags, "copy")));
      seeds.add(seed(2, 0, OpenSdsRequest.clone(flags, "vm/made")));
      seeds.add(seed(4, 3, OpenSdsRequest.clone(flags, "copy")));
      seeds.add(seed(4, 0, OpenSdsRequest.clone(flags, "copy")));
    }
    return seeds.stream();
  }

  private static byte[] seed(int destination, int source, OpenSdsRequest request) {
    ByteBuf out = Unpooled.buffer().writeByte(0);
    new OpenSdsCall(
            handleOf(ARRAY.file(destination)),
            source < 0 ? Optional.empty() : Optional.of(handleOf(ARRAY.file(source))),
            request.toBlock())
        .encode(out);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  private static Nfs3Handle handleOf(Inode inode) {
    return Nfs3Handle.of(inode.handle().toBytes());
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2h", maxExecutions = 2_500_000)
  void anyArgumentsAreAnsweredAndChangeNothingUnlessValid(byte[] input) {
    if (input == null || input.length == 0 || input.length > MAX_INPUT_BYTES) {
      return;
    }
    long uid = (input[0] & 3) == 0 ? 0 : (input[0] & 3) == 1 ? 1000 : -1;
    ARRAY.openSds(uid, out -> out.writeBytes(input, 1, input.length - 1));
  }
}
