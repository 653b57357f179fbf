/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.xdr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class XdrTest {
  private static ByteBuf bytes(String hex) {
    return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static String written(Consumer<ByteBuf> writer) {
    ByteBuf out = Unpooled.buffer();
    writer.accept(out);
    return ByteBufUtil.hexDump(out);
  }

  private static void assertMalformed(Runnable read) {
    assertThatThrownBy(read::run).isInstanceOf(XdrException.class);
  }

  @Test
  void unsignedValuesComeBackWidened() {
    assertThat(Xdr.readUnsignedInt(bytes("ffffffff"))).isEqualTo(0xffff_ffffL);
    assertThat(Xdr.readInt(bytes("ffffffff"))).isEqualTo(-1);
    assertThat(Xdr.readLong(bytes("ffffffffffffffff"))).isEqualTo(-1);
    assertThat(Xdr.readUnsignedLongSaturated(bytes("7fffffffffffffff"))).isEqualTo(Long.MAX_VALUE);
    assertThat(Xdr.readUnsignedLongSaturated(bytes("8000000000000000"))).isEqualTo(Long.MAX_VALUE);
    assertThat(Xdr.readUnsignedLongSaturated(bytes("0000000000000007"))).isEqualTo(7);
  }

  @Test
  void aBooleanIsZeroOrOne() {
    assertThat(Xdr.readBoolean(bytes("00000000"))).isFalse();
    assertThat(Xdr.readBoolean(bytes("00000001"))).isTrue();
    assertMalformed(() -> Xdr.readBoolean(bytes("00000002")));
    assertMalformed(() -> Xdr.readBoolean(bytes("ffffffff")));
    assertThat(written(out -> Xdr.writeBoolean(out, true))).isEqualTo("00000001");
    assertThat(written(out -> Xdr.writeBoolean(out, false))).isEqualTo("00000000");
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,3", "2,2", "3,1", "4,0", "5,3", "1048576,0", "2147483647,1"})
  void dataIsPaddedToWords(int lengthBytes, int paddingBytes) {
    assertThat(Xdr.paddingBytes(lengthBytes)).isEqualTo(paddingBytes);
  }

  @Test
  void opaqueDataIsReadWithItsPadding() {
    ByteBuf in = bytes("00000003 616263 00 00000000 00000004 01020304 5a");

    assertThat(Xdr.readString(in, 3)).isEqualTo("abc");
    assertThat(Xdr.readOpaque(in, 3)).isEmpty();
    ByteBuf slice = Xdr.readOpaqueSlice(in, 4);
    assertThat(ByteBufUtil.hexDump(slice)).isEqualTo("01020304");
    assertThat(in.readableBytes()).isEqualTo(1);
  }

  @Test
  void opaqueDataIsWrittenWithItsPadding() {
    assertThat(written(out -> Xdr.writeString(out, "ü"))).isEqualTo("00000002c3bc0000");
    assertThat(written(out -> Xdr.writeOpaque(out, new byte[0]))).isEqualTo("00000000");
    assertThat(written(out -> Xdr.writeFixedOpaque(out, new byte[] {1, 2, 3, 4, 5})))
        .isEqualTo("0102030405000000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // no length
        "000000", // half a length
        "00000004 010203", // data cut short
        "00000003 010203", // padding cut short
        "00000009 010203040506070809000000", // beyond the bound
        "ffffffff 01020304", // beyond any buffer
        "80000000 01020304",
        "7fffffff 01020304"
      })
  void opaqueDataThatDoesNotFitIsMalformed(String hex) {
    assertMalformed(() -> Xdr.readOpaque(bytes(hex), 8));
    assertMalformed(() -> Xdr.readOpaqueSlice(bytes(hex), 8));
    assertMalformed(() -> Xdr.readString(bytes(hex), 8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ffffffff 00", "7fffffff 00", "7ffffffd 00"})
  void noLengthWithinTheBoundsOfAnIntAllocatesOrOverflows(String hex) {
    assertMalformed(() -> Xdr.readOpaque(bytes(hex), Integer.MAX_VALUE));
    assertMalformed(() -> Xdr.readOpaqueSlice(bytes(hex), Integer.MAX_VALUE));
  }

  @Test
  void everyReadPastTheEndIsMalformedAndReadsNothing() {
    ByteBuf in = bytes("010203");

    assertMalformed(() -> Xdr.readInt(in));
    assertMalformed(() -> Xdr.readUnsignedInt(in));
    assertMalformed(() -> Xdr.readLong(in));
    assertMalformed(() -> Xdr.readUnsignedLongSaturated(in));
    assertMalformed(() -> Xdr.readBoolean(in));
    assertMalformed(() -> Xdr.readFixedOpaque(in, 1));
    assertThat(in.readableBytes()).isEqualTo(3);
  }
}
