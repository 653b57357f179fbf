/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.facsim.protocol.xdr.XdrException;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The arguments of every NFSv3 procedure from any bytes: either malformed, or a message that goes
 * back onto the wire and comes off it as the same.
 */
class Nfs3FuzzTest {
  private static final List<Samples.Sample> SAMPLES = Samples.arguments();

  /** The index of a sample, then its bytes. */
  static Stream<byte[]> seeds() {
    return IntStream.range(0, SAMPLES.size())
        .mapToObj(
            index -> {
              ByteBuf out = Unpooled.buffer().writeByte(index);
              SAMPLES.get(index).encode().accept(out);
              byte[] bytes = new byte[out.readableBytes()];
              out.readBytes(bytes);
              return bytes;
            });
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2h", maxExecutions = 2_500_000)
  void anyBytesAreMalformedOrAMessage(byte[] input) throws Exception {
    if (input == null || input.length == 0) {
      return;
    }
    Samples.Sample sample = SAMPLES.get((input[0] & 0xff) % SAMPLES.size());
    Object message;
    try {
      message = sample.decode().apply(Unpooled.wrappedBuffer(input, 1, input.length - 1));
    } catch (XdrException malformed) {
      return;
    }
    ByteBuf wire = encoded(message);
    assertThat(sample.decode().apply(wire)).isEqualTo(message);
    assertThat(wire.isReadable()).isFalse();
  }

  private static ByteBuf encoded(Object message) throws ReflectiveOperationException {
    ByteBuf wire = Unpooled.buffer();
    try {
      var encode = message.getClass().getMethod("encode", ByteBuf.class);
      encode.setAccessible(true);
      encode.invoke(message, wire);
    } catch (InvocationTargetException e) {
      throw new AssertionError("cannot encode " + message, e.getCause());
    }
    return wire;
  }
}
