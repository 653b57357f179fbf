/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class Nfs3CodecTest {
  static List<Samples.Sample> messages() {
    return Samples.all();
  }

  @ParameterizedTest
  @MethodSource("messages")
  void everyMessageComesBackAsItWent(Samples.Sample sample) {
    ByteBuf wire = encoded(sample);
    assertThat(wire.readableBytes() % 4).isZero();
    ByteBuf in = wire.duplicate();
    assertThat(sample.decode().apply(in)).isEqualTo(sample.value());
    assertThat(in.readableBytes()).isZero();
  }

  @ParameterizedTest
  @MethodSource("messages")
  void everyTruncationIsMalformed(Samples.Sample sample) {
    ByteBuf wire = encoded(sample);
    for (int lengthBytes = 0; lengthBytes < wire.readableBytes(); lengthBytes++) {
      ByteBuf cut = wire.copy(0, lengthBytes);
      assertThatThrownBy(() -> sample.decode().apply(cut))
          .as("first %d bytes", lengthBytes)
          .isInstanceOf(XdrException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomBytesAreMalformedOrAMessageNeverAnythingElse(long seed) {
    Random random = new Random(seed);
    for (Samples.Sample sample : messages()) {
      for (int round = 0; round < 200; round++) {
        ByteBuf wire = damaged(sample, random);
        byte[] was = new byte[wire.readableBytes()];
        wire.getBytes(0, was);
        try {
          assertThat(sample.decode().apply(wire)).isNotNull();
        } catch (XdrException expected) {
          // malformed is a fine answer
        } catch (RuntimeException e) {
          throw new AssertionError(
              "seed " + seed + ", " + sample + ": " + HexFormat.of().formatHex(was), e);
        }
      }
    }
  }

  private static ByteBuf damaged(Samples.Sample sample, Random random) {
    if (random.nextInt(4) == 0) {
      byte[] noise = new byte[random.nextInt(300)];
      random.nextBytes(noise);
      return Unpooled.wrappedBuffer(noise);
    }
    ByteBuf wire = encoded(sample);
    for (int hits = 1 + random.nextInt(4); hits > 0 && wire.isReadable(); hits--) {
      int index = random.nextInt(wire.readableBytes());
      wire.setByte(index, random.nextBoolean() ? random.nextInt(256) : 0xff);
    }
    return wire.slice(0, wire.readableBytes() - random.nextInt(2) * random.nextInt(8) % 4);
  }

  @Test
  void attributesStandOnTheWireAsRfc1813Says() {
    ByteBuf out = Unpooled.buffer();
    new GetAttr3.Ok(
            new Fattr3(
                FileType3.DIRECTORY,
                0755,
                2,
                3,
                4,
                5,
                6,
                7,
                8,
                9,
                10,
                11_000_000_012L,
                13_000_000_014L,
                15_000_000_016L))
        .encode(out);
    assertThat(hex(out))
        .isEqualTo(
            "00000000"
                + "00000002"
                + "000001ed"
                + "00000002"
                + "00000003"
                + "00000004"
                + "0000000000000005"
                + "0000000000000006"
                + "00000007"
                + "00000008"
                + "0000000000000009"
                + "000000000000000a"
                + "0000000b0000000c"
                + "0000000d0000000e"
                + "0000000f00000010");
  }

  @Test
  void writeArgumentsStandOnTheWireAsRfc1813Says() {
    ByteBuf out = Unpooled.buffer();
    new Write3.Args(Samples.ODD_HANDLE, 0x100, 5, StableHow.FILE_SYNC, Samples.data(5)).encode(out);
    assertThat(hex(out))
        .isEqualTo(
            "00000005"
                + "0102030405000000"
                + "0000000000000100"
                + "00000005"
                + "00000002"
                + "00000005"
                + "01080f161d000000");
  }

  @Test
  void readReplyCanBeHeadedAfterItsDataIsInPlace() {
    ByteBuf inPlace = Unpooled.buffer();
    inPlace.ensureWritable(Read3.OK_HEADER_BYTES + 8);
    inPlace.setBytes(Read3.OK_HEADER_BYTES, Samples.bytes(5));
    Read3.encodeOkHeader(inPlace, Samples.ATTRIBUTES, 5, true);
    assertThat(inPlace.writerIndex()).isEqualTo(Read3.OK_HEADER_BYTES);
    inPlace.writerIndex(Read3.OK_HEADER_BYTES + 5).writeZero(Xdr.paddingBytes(5));

    ByteBuf message = Unpooled.buffer();
    new Read3.Ok(Samples.ATTRIBUTES, 5, true, Samples.data(5)).encode(message);
    assertThat(inPlace).isEqualTo(message);
  }

  @Test
  void entrySizesAreTheBytesTheyTake() {
    for (int nameBytes = 1; nameBytes <= 255; nameBytes++) {
      Name3 name = Name3.ofBytes(new byte[nameBytes]);
      ByteBuf out = Unpooled.buffer();
      Entries3.encode(out, List.of(new ReadDir3.Entry(1, name, 2)), ReadDir3.Entry::encode);
      assertThat(ReadDir3.Entry.encodedBytes(nameBytes)).isEqualTo(out.readableBytes() - 4);
      out.clear();
      Entries3.encode(
          out,
          List.of(new ReadDirPlus3.Entry(1, name, 2, Samples.ATTRIBUTES, Samples.HANDLE)),
          ReadDirPlus3.Entry::encode);
      assertThat(ReadDirPlus3.Entry.encodedBytes(nameBytes, 32)).isEqualTo(out.readableBytes() - 4);
    }
  }

  @Test
  void timesThatDoNotFitGoOutAsTheNearestThatDo() {
    assertThat(Time3.fromWire(Time3.toWire(-1))).isZero();
    assertThat(Time3.fromWire(Time3.toWire(Long.MAX_VALUE))).isEqualTo(4_294_967_295_999_999_999L);
    assertThatThrownBy(() -> Time3.fromWire(1_000_000_000)).isInstanceOf(XdrException.class);
  }

  @Test
  void aHandleOverSixtyFourBytesIsMalformed() {
    ByteBuf wire = Unpooled.buffer();
    Xdr.writeOpaque(wire, new byte[68]);
    assertThatThrownBy(() -> GetAttr3.Args.decode(wire)).isInstanceOf(XdrException.class);
  }

  @Test
  void handlesOfAnyLengthKeepTheirBytes() {
    for (int lengthBytes = 0; lengthBytes <= Nfs3Handle.MAX_BYTES; lengthBytes++) {
      byte[] bytes = Samples.bytes(lengthBytes);
      Nfs3Handle handle = Nfs3Handle.of(bytes);
      assertThat(handle.toBytes()).isEqualTo(bytes);
      assertThat(handle).isEqualTo(Nfs3Handle.of(bytes)).hasSameHashCodeAs(Nfs3Handle.of(bytes));
      if (lengthBytes > 0) {
        bytes[lengthBytes - 1]++;
        assertThat(handle).isNotEqualTo(Nfs3Handle.of(bytes));
      }
    }
  }

  @Test
  void aFailureThrowsItsStatusAndKeepsItsResult() {
    Changed3 fail = new Changed3(Nfs3Status.ROFS, Samples.WCC);
    assertThatThrownBy(() -> fail.orThrow("REMOVE"))
        .isInstanceOfSatisfying(
            Nfs3Exception.class,
            e -> {
              assertThat(e.status()).isEqualTo(Nfs3Status.ROFS);
              assertThat(e.result()).isSameAs(fail);
            })
        .hasMessage("REMOVE: NFS3ERR_ROFS");
    Made3 notMade = new Made3.Fail(Nfs3Status.DQUOT, Samples.WCC);
    assertThatThrownBy(() -> notMade.orThrow("MKDIR")).hasMessage("MKDIR: NFS3ERR_DQUOT");
    PostOpFailure3 stale = new PostOpFailure3(Nfs3Status.STALE, null);
    assertThatThrownBy(() -> FsInfo3.Result.orThrow(stale)).hasMessage("FSINFO: NFS3ERR_STALE");
  }

  private static ByteBuf encoded(Samples.Sample sample) {
    ByteBuf out = Unpooled.buffer();
    sample.encode().accept(out);
    return out;
  }

  private static String hex(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.getBytes(buffer.readerIndex(), bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
