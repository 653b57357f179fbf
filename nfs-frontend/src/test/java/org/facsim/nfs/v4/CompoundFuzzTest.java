/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.rpc.RpcException;
import org.facsim.protocol.rpc.RpcFailure;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes as a COMPOUND: they are garbage, or they get an answer in which each operation has a
 * status. The door never fails, and serves the next call.
 */
class CompoundFuzzTest {
  private static Door4 door;

  @BeforeAll
  static void open() {
    door = new Door4();
    door.file("a");
  }

  @AfterAll
  static void close() {
    door.close();
  }

  static Stream<byte[]> seeds() {
    return Stream.of(
            Call4.of(0).root().lookup(Door4.VOLUME).lookup("a").getattr(Attr4.SUPPORTED_ATTRS),
            Call4.of(0).root().readdir(0, 1000, Attr4.TYPE, Attr4.FILEHANDLE),
            Call4.of(0).root().lookup(Door4.VOLUME).makeDirectory("d").op(Op4.LOOKUPP),
            Call4.of(0)
                .root()
                .lookup(Door4.VOLUME)
                .lookup("a")
                .write(Stateid4.ANONYMOUS, 0, Nfs4.FILE_SYNC, new byte[40])
                .read(Stateid4.ANONYMOUS, 0, 100)
                .access(0x3f),
            Call4.of(2).op(Op4.SEQUENCE))
        .map(
            call -> {
              ByteBuf out = Unpooled.buffer();
              call.encode(out);
              byte[] bytes = new byte[out.readableBytes()];
              out.readBytes(bytes);
              return bytes;
            });
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2h", maxExecutions = 500_000)
  void anyBytesAreGarbageOrGetAnAnswer(byte[] input) {
    if (input == null) {
      return;
    }
    try {
      Call4.Reply reply =
          door.rpc
              .call(
                  Nfs4.PROGRAM,
                  Nfs4.VERSION,
                  Nfs4.COMPOUND,
                  out -> out.writeBytes(input),
                  in -> new Call4.Reply(in.copy()))
              .join();
      assertThat(reply.count).isBetween(0, CompoundRun.MAX_OPERATIONS);
    } catch (CompletionException e) {
      assertThat(e.getCause()).isInstanceOf(RpcException.class);
      assertThat(((RpcException) e.getCause()).failure()).isEqualTo(RpcFailure.GARBAGE_ARGUMENTS);
    }
  }
}
