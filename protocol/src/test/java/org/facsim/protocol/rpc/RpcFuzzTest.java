/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes at all on a connection: record marks, call headers, credentials, arguments.
 *
 * <p>What must hold: no exception leaves the connection, every answer is a whole reply of RFC 5531,
 * how the bytes are cut into reads makes no difference, and afterwards nothing is in flight and no
 * buffer is left.
 */
class RpcFuzzTest {
  private static final int MAX_INPUT_BYTES = 8 << 10;
  private static final ByteBuf SOURCE = Unpooled.wrappedBuffer(new byte[1 << 20]);

  /** How many bytes come with a read, then the bytes; 0 for all of them at once. */
  static Stream<byte[]> seeds() {
    return streams()
        .flatMap(stream -> IntStream.of(1, 7).mapToObj(readBytes -> input(readBytes, stream)));
  }

  private static byte[] input(int readBytes, byte[] stream) {
    byte[] input = new byte[1 + stream.length];
    input[0] = (byte) readBytes;
    System.arraycopy(stream, 0, input, 1, stream.length);
    return input;
  }

  /** A call of every kind of answer, and the ways that calls are refused. */
  private static Stream<byte[]> streams() {
    Stream<byte[]> calls =
        Stream.iterate(0, procedure -> procedure <= 13, procedure -> procedure + 1)
            .map(procedure -> RawConnection.call(procedure, procedure, RpcFuzzTest::someArguments));
    return Stream.concat(
        calls,
        Stream.of(
            RawConnection.record(out -> header(out, 3, EchoProgram.NUMBER).writeZero(16)),
            RawConnection.record(out -> header(out, 2, 99).writeZero(16)),
            RawConnection.record(RpcFuzzTest::callOfAUser),
            RawConnection.hex("00000000 00000004 11111111 80000000"),
            twoFragments()));
  }

  private static void someArguments(ByteBuf out) {
    Xdr.writeOpaque(out, new byte[] {1, 2, 3, 4, 5});
  }

  private static ByteBuf header(ByteBuf out, int rpcVersion, int program) {
    return out.writeInt(9)
        .writeInt(0)
        .writeInt(rpcVersion)
        .writeInt(program)
        .writeLong(0x2_0000_0001L);
  }

  private static void callOfAUser(ByteBuf out) {
    RawConnection.callHeader(out, 5, EchoProgram.NUMBER, 2, EchoProgram.WHO);
    CredentialCodec.write(out, new Credential.Sys(1, "host", 0, 0, List.of(1L, 2L)));
  }

  private static byte[] twoFragments() {
    byte[] whole = RawConnection.call(1, EchoProgram.ECHO, RpcFuzzTest::someArguments);
    ByteBuf out = Unpooled.buffer();
    out.writeInt(8).writeBytes(whole, 4, 8);
    out.writeInt(0x8000_0000 | (whole.length - 12)).writeBytes(whole, 12, whole.length - 12);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2h", maxExecutions = 2_500_000)
  void anyBytesAreAnsweredOrEndTheConnection(byte[] input) {
    if (input == null || input.length == 0 || input.length > MAX_INPUT_BYTES) {
      return;
    }
    byte[] stream = Arrays.copyOfRange(input, 1, input.length);
    Served whole = serve(stream, stream.length);
    requireReplies(whole.sent());
    int readBytes = input[0] & 0xff;
    if (readBytes > 0 && readBytes < stream.length) {
      Served pieces = serve(stream, readBytes);
      requireReplies(pieces.sent());
      // A later answer may or may not come before what ends the connection.
      if (!whole.answersLater() && !pieces.answersLater()) {
        assertThat(pieces.sent()).as("%d bytes at a time", readBytes).isEqualTo(whole.sent());
      }
    }
  }

  /**
   * What a connection made of its bytes.
   *
   * @param answersLater whether an answer was put off
   */
  private record Served(ByteBuf sent, boolean answersLater) {}

  /** The echo program, which tells whether an answer was put off. */
  private static final class Observed implements RpcProgram {
    private final EchoProgram echo = new EchoProgram(SOURCE);
    private boolean answersLater;

    @Override
    public int number() {
      return echo.number();
    }

    @Override
    public int lowestVersion() {
      return echo.lowestVersion();
    }

    @Override
    public int highestVersion() {
      return echo.highestVersion();
    }

    @Override
    public void call(RpcCall call) {
      int procedure = call.procedure();
      answersLater |= procedure == EchoProgram.DEFER || procedure == EchoProgram.DEFER_AND_FAIL;
      echo.call(call);
    }
  }

  private static Served serve(byte[] stream, int readBytes) {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    Observed program = new Observed();
    EchoProgram echo = program.echo;
    try (EmbeddedServer server = new EmbeddedServer(List.of(program))) {
      for (int at = 0; at < stream.length; at += readBytes) {
        server.receive(stream, at, Math.min(readBytes, stream.length - at));
        answerLater(echo);
        sent.writeBytes(server.sent());
      }
    } finally {
      answerLater(echo);
    }
    return new Served(Unpooled.wrappedBuffer(sent.toByteArray()), program.answersLater);
  }

  private static void answerLater(EchoProgram echo) {
    for (var call = echo.deferred.poll(); call != null; call = echo.deferred.poll()) {
      EchoProgram.Deferred answered = call;
      answered
          .reply()
          .complete(
              new RpcCall.ReplyEncoder() {
                @Override
                public void encode(ByteBuf out) {
                  out.writeBytes(answered.arguments());
                  answered.arguments().release();
                }

                @Override
                public void discard() {
                  answered.arguments().release();
                }
              });
    }
  }

  private static void requireReplies(ByteBuf sent) {
    ByteBuf in = sent.duplicate();
    while (in.isReadable()) {
      int mark = in.readInt();
      assertThat(mark).as("one fragment").isNegative();
      ByteBuf reply = in.readSlice(mark & Integer.MAX_VALUE);
      reply.readInt();
      assertThat(reply.readInt()).isEqualTo(RpcMessage.REPLY);
      int accepted = reply.readInt();
      assertThat(accepted).isBetween(RpcMessage.MSG_ACCEPTED, RpcMessage.MSG_DENIED);
      if (accepted == RpcMessage.MSG_ACCEPTED) {
        assertThat(reply.readLong()).as("verifier").isZero();
        assertThat(reply.readInt()).isBetween(RpcMessage.SUCCESS, RpcMessage.SYSTEM_ERR);
      }
    }
  }
}
