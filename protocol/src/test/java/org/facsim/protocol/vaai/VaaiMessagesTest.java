/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.facsim.protocol.xdr.XdrException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes of every message, both ways, against what C made of {@code vaai_nas.x}. */
final class VaaiMessagesTest {
  static Stream<String> names() {
    return VaaiSamples.all().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void encodesTheBytesThatRpcgenEncodes(String name) throws IOException {
    assertThat(ByteBufUtil.hexDump(encoded(name))).isEqualTo(recorded().get(name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void decodesWhatItEncodedAndNoByteMore(String name) {
    ByteBuf bytes = encoded(name).writeInt(0x12345678);
    Object decoded = VaaiSamples.all().get(name).decoder().apply(bytes);
    assertThat(decoded).isEqualTo(VaaiSamples.all().get(name).value());
    assertThat(bytes.readableBytes()).isEqualTo(4);
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyTruncationIsMalformed(String name) {
    ByteBuf bytes = encoded(name);
    for (int length = 0; length < bytes.writerIndex(); length++) {
      ByteBuf truncated = bytes.slice(0, length);
      assertThatThrownBy(() -> VaaiSamples.all().get(name).decoder().apply(truncated))
          .as("%s cut to %d bytes", name, length)
          .isInstanceOf(XdrException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void damagedBytesDecodeOrAreMalformedButNeverBreakAnything(String name) {
    long seed = name.hashCode();
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      ByteBuf bytes = encoded(name);
      for (int damages = 1 + random.nextInt(3); damages > 0; damages--) {
        bytes.setByte(random.nextInt(bytes.writerIndex()), random.nextInt(256));
      }
      String damaged = ByteBufUtil.hexDump(bytes);
      try {
        Object decoded = VaaiSamples.all().get(name).decoder().apply(bytes);
        assertThat(decoded).isNotNull();
      } catch (XdrException malformed) {
        assertThat(malformed.getMessage()).isNotEmpty();
      } catch (RuntimeException defect) {
        throw new AssertionError("seed " + seed + " round " + round + " bytes " + damaged, defect);
      }
    }
  }

  @Test
  void itemsOverTheirBoundsAreMalformed() {
    ByteBuf path = Unpooled.buffer().writeInt(0).writeInt(VaaiNas.MAX_PATH + 1).writeZero(1028);
    assertThatThrownBy(() -> VaaiFile.decode(path)).isInstanceOf(XdrException.class);
    ByteBuf handle = Unpooled.buffer().writeInt(1).writeInt(VaaiNas.MAX_HANDLE + 1).writeZero(68);
    assertThatThrownBy(() -> VaaiFile.decode(handle)).isInstanceOf(XdrException.class);
    ByteBuf kind = Unpooled.buffer().writeInt(3).writeZero(64);
    assertThatThrownBy(() -> VaaiFile.decode(kind)).isInstanceOf(XdrException.class);
    assertThatThrownBy(() -> VaaiFile.byPath("x".repeat(VaaiNas.MAX_PATH + 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesKeepBytesThatAreNoText() {
    byte[] name = {(byte) 0xff, (byte) 0xfe, 'a'};
    VaaiFile file = new VaaiFile.ByPath(Opaque.of(name));
    ByteBuf bytes = Unpooled.buffer();
    file.encode(bytes);
    assertThat(VaaiFile.decode(bytes)).isEqualTo(file);
  }

  @Test
  void reasonsAreCutAtACharacter() {
    VaaiReply<SessionEnded> reply =
        VaaiReply.failed(VaaiStatus.INVAL, "\u00e4\ud83d\ude00".repeat(200));
    assertThat(reply.reason().getBytes(UTF_8).length).isBetween(250, VaaiNas.MAX_REASON);
    ByteBuf bytes = Unpooled.buffer();
    reply.encode(bytes);
    assertThat(VaaiReply.decode(bytes, SessionEnded::decode)).isEqualTo(reply);
  }

  private static ByteBuf encoded(String name) {
    ByteBuf out = Unpooled.buffer();
    VaaiSamples.all().get(name).encoder().accept(out);
    return out;
  }

  private static Map<String, String> recorded() throws IOException {
    Map<String, String> hexByName = new LinkedHashMap<>();
    try (InputStream in = VaaiMessagesTest.class.getResourceAsStream("samples.txt")) {
      new String(in.readAllBytes(), UTF_8)
          .lines()
          .map(line -> line.split(" ", 2))
          .forEach(parts -> hexByName.put(parts[0], parts[1]));
    }
    assertThat(hexByName.keySet()).isEqualTo(VaaiSamples.all().keySet());
    return hexByName;
  }
}
