/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.xdr.XdrException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountCodecTest {
  private static final Nfs3Handle HANDLE = Nfs3Handle.ofWords(1, 2, 3, 4);

  record Sample(Object value, Consumer<ByteBuf> encode, Function<ByteBuf, ?> decode) {
    ByteBuf encoded() {
      ByteBuf out = Unpooled.buffer();
      encode.accept(out);
      return out;
    }
  }

  static List<Sample> messages() {
    Mount.MountPath path = new Mount.MountPath("/datastore1");
    Mnt3.Result ok = new Mnt3.Ok(HANDLE, List.of(1, 0));
    Mnt3.Result fail = new Mnt3.Fail(Mount3Status.ACCES);
    Mnt1 old = new Mnt1(0, HANDLE);
    Mnt1 oldFail = new Mnt1(13, null);
    MountDump dump = new MountDump(List.of(new MountDump.Line("127.0.0.1", "/a")));
    MountExports exports =
        new MountExports(
            List.of(
                new MountExports.Line("/a", List.of()),
                new MountExports.Line("/b", List.of("10.0.0.0/8", "::1"))));
    return List.of(
        new Sample(path, path::encode, Mount.MountPath::decode),
        new Sample(ok, ok::encode, Mnt3.Result::decode),
        new Sample(fail, fail::encode, Mnt3.Result::decode),
        new Sample(old, old::encode, Mnt1::decode),
        new Sample(oldFail, oldFail::encode, Mnt1::decode),
        new Sample(dump, dump::encode, MountDump::decode),
        new Sample(exports, exports::encode, MountExports::decode));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void everyMessageComesBackAsItWent(Sample sample) {
    assertThat(sample.decode().apply(sample.encoded())).isEqualTo(sample.value());
  }

  @ParameterizedTest
  @MethodSource("messages")
  void everyTruncationIsMalformed(Sample sample) {
    ByteBuf wire = sample.encoded();
    for (int lengthBytes = 0; lengthBytes < wire.readableBytes(); lengthBytes++) {
      ByteBuf cut = wire.copy(0, lengthBytes);
      assertThatThrownBy(() -> sample.decode().apply(cut)).isInstanceOf(XdrException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void randomBytesAreMalformedOrAMessageNeverAnythingElse(long seed) {
    Random random = new Random(seed);
    for (Sample sample : messages()) {
      for (int round = 0; round < 500; round++) {
        ByteBuf wire = sample.encoded();
        wire.setByte(random.nextInt(wire.readableBytes()), random.nextInt(256));
        try {
          assertThat(sample.decode().apply(wire)).isNotNull();
        } catch (XdrException expected) {
          // malformed is a fine answer
        } catch (RuntimeException e) {
          throw new AssertionError("seed " + seed + ", " + sample, e);
        }
      }
    }
  }

  @Test
  void aRefusedMountThrowsItsStatus() {
    assertThatThrownBy(() -> new Mnt3.Fail(Mount3Status.ACCES).orThrow())
        .isInstanceOfSatisfying(
            MountException.class, e -> assertThat(e.status()).isEqualTo(Mount3Status.ACCES));
  }
}
