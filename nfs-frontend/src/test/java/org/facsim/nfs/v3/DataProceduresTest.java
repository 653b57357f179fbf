/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import org.facsim.array.Caller;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs3.Commit3;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.Read3;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.nfs3.WccAttr;
import org.facsim.protocol.nfs3.Write3;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** READ, WRITE and COMMIT: whole replies, and the data itself. */
class DataProceduresTest {
  private final Door door = new Door();
  private final Nfs3Handle file = file("f");

  @AfterEach
  void close() {
    door.close();
  }

  private Nfs3Handle file(String name) {
    return Door.join(door.client.create(door.root, name, new Create3.Guarded(Sattr3.ofMode(0640))))
        .handle();
  }

  private static byte[] random(long seed, int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private void put(Nfs3Handle target, long offsetBytes, byte[] data) {
    Write3.Ok ok =
        Door.join(
            door.client.write(
                target, offsetBytes, Unpooled.wrappedBuffer(data), StableHow.UNSTABLE));
    assertThat(ok.countBytes()).isEqualTo(data.length);
  }

  private byte[] get(Nfs3Handle source, long offsetBytes, int countBytes) {
    return Door.join(
        door.client.read(source, offsetBytes, countBytes, ok -> ByteBufUtil.getBytes(ok.data())));
  }

  @ParameterizedTest
  @EnumSource(StableHow.class)
  void writeAnswersWccCountAndVerifier(StableHow stable) {
    WccAttr before = door.before(file);
    ByteBuf data = Unpooled.wrappedBuffer(random(1, 5));
    byte[] reply =
        door.call(Write3.PROCEDURE, new Write3.Args(file, 4090, 5, stable, data)::encode);
    Door.assertReply(
        reply,
        new Write3.Ok(door.wcc(before, file), 5, StableHow.FILE_SYNC, door.array.writeVerifier()));
    assertThat(door.attributes(file).sizeBytes()).isEqualTo(4095);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 4095, 4096, 4097, 65535, 65536, 1 << 20})
  void whatWasWrittenIsReadWithAttributesAndPadding(int lengthBytes) {
    byte[] data = random(lengthBytes, lengthBytes);
    put(file, 0, data);
    Fattr3 attributes = door.attributes(file);
    byte[] reply = door.call(Read3.PROCEDURE, new Read3.Args(file, 0, lengthBytes)::encode);
    Door.assertReply(
        reply, new Read3.Ok(attributes, lengthBytes, true, Unpooled.wrappedBuffer(data)));
  }

  @Test
  void readInTheMiddleIsNotTheEnd() {
    byte[] data = random(3, 10_000);
    put(file, 0, data);
    Fattr3 attributes = door.attributes(file);
    byte[] reply = door.call(Read3.PROCEDURE, new Read3.Args(file, 4000, 777)::encode);
    Door.assertReply(
        reply, new Read3.Ok(attributes, 777, false, Unpooled.wrappedBuffer(data, 4000, 777)));
  }

  @ParameterizedTest
  @ValueSource(longs = {10, 11, Volume.MAX_FILE_BYTES, Long.MAX_VALUE, -1, Long.MIN_VALUE})
  void readAtOrBeyondTheEndIsEmptyAndTheEnd(long offsetBytes) {
    put(file, 0, random(4, 10));
    for (int countBytes : new int[] {0, 100, 1 << 20}) {
      Fattr3 attributes = door.attributes(file);
      byte[] reply =
          door.call(Read3.PROCEDURE, new Read3.Args(file, offsetBytes, countBytes)::encode);
      Door.assertReply(reply, new Read3.Ok(attributes, 0, true, Unpooled.EMPTY_BUFFER));
    }
  }

  @Test
  void readOfMoreThanTheMaximumIsCutToIt() {
    byte[] data = random(5, 1 << 20);
    put(file, 0, data);
    put(file, 1 << 20, new byte[] {7});
    Fattr3 attributes = door.attributes(file);
    byte[] reply = door.call(Read3.PROCEDURE, new Read3.Args(file, 0, 0xffff_ffffL)::encode);
    Door.assertReply(reply, new Read3.Ok(attributes, 1 << 20, false, Unpooled.wrappedBuffer(data)));
  }

  @Test
  void aGapReadsAsZeros() {
    put(file, 100_000, new byte[] {1});
    byte[] expected = new byte[100_001];
    expected[100_000] = 1;
    assertThat(get(file, 0, 200_000)).isEqualTo(expected);
  }

  @Test
  void aDirectoryIsNoFile() {
    byte[] read = door.call(Read3.PROCEDURE, new Read3.Args(door.root, 0, 10)::encode);
    Door.assertReply(read, new Read3.Fail(Nfs3Status.ISDIR, door.attributes(door.root)));
    byte[] write =
        door.call(
            Write3.PROCEDURE,
            new Write3.Args(
                    door.root, 0, 1, StableHow.UNSTABLE, Unpooled.wrappedBuffer(new byte[1]))
                ::encode);
    Door.assertReply(write, new Write3.Fail(Nfs3Status.ISDIR, door.afterOnly(door.root)));
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 6, 0, 0xffff_ffffL})
  void writeWhoseCountIsNotItsDataIsInvalidAndChangesNothing(long countBytes) {
    put(file, 0, random(6, 100));
    String picture = door.picture();
    byte[] reply =
        door.call(
            Write3.PROCEDURE,
            new Write3.Args(
                    file, 0, countBytes, StableHow.FILE_SYNC, Unpooled.wrappedBuffer(new byte[5]))
                ::encode);
    Door.assertReply(reply, new Write3.Fail(Nfs3Status.INVAL, door.afterOnly(file)));
    assertThat(door.picture()).isEqualTo(picture);
  }

  @ParameterizedTest
  @ValueSource(longs = {Volume.MAX_FILE_BYTES - 4, Volume.MAX_FILE_BYTES, Long.MAX_VALUE, -1})
  void writeBeyondTheLargestFileIsTooBigAndChangesNothing(long offsetBytes) {
    String picture = door.picture();
    byte[] reply =
        door.call(
            Write3.PROCEDURE,
            new Write3.Args(
                    file, offsetBytes, 5, StableHow.UNSTABLE, Unpooled.wrappedBuffer(new byte[5]))
                ::encode);
    Door.assertReply(reply, new Write3.Fail(Nfs3Status.FBIG, door.afterOnly(file)));
    assertThat(door.picture()).isEqualTo(picture);
  }

  @Test
  void writeIntoAFullVolumeHasNoSpaceAndChangesNothing() {
    int chunkBytes = 1 << 20;
    for (long at = 0; at < Door.VOLUME_BYTES; at += chunkBytes) {
      put(file, at, random(at, chunkBytes));
    }
    String picture = door.picture();
    byte[] reply =
        door.call(
            Write3.PROCEDURE,
            new Write3.Args(
                    file,
                    Door.VOLUME_BYTES,
                    1,
                    StableHow.UNSTABLE,
                    Unpooled.wrappedBuffer(new byte[] {1}))
                ::encode);
    Door.assertReply(reply, new Write3.Fail(Nfs3Status.NOSPC, door.afterOnly(file)));
    assertThat(door.picture()).isEqualTo(picture);
    assertThat(get(file, Door.VOLUME_BYTES - 10, 100)).hasSize(10);
  }

  @Test
  void commitAnswersTheVerifierOfWrite() {
    Write3.Ok written =
        Door.join(
            door.client.write(file, 0, Unpooled.wrappedBuffer(random(7, 10)), StableHow.UNSTABLE));
    WccAttr before = door.before(file);
    byte[] reply = door.call(Commit3.PROCEDURE, new Commit3.Args(file, 0, 0)::encode);
    Door.assertReply(reply, new Commit3.Ok(door.wcc(before, file), written.writeVerifier()));
    byte[] refused = door.call(Commit3.PROCEDURE, new Commit3.Args(door.root, 0, 0)::encode);
    Door.assertReply(refused, new Commit3.Fail(Nfs3Status.INVAL, door.afterOnly(door.root)));
  }

  @Test
  void aCloneSharesUntilEitherSideIsWrittenOverNfs() {
    byte[] data = random(8, 3 * 4096);
    put(file, 0, data);
    Nfs3Handle clone = file("clone");
    door.volume.clones().cloneFile(Caller.ROOT, door.inode(file), door.inode(clone));
    assertThat(door.volume.space().ofVolume().physicalUsedBytes()).isEqualTo(3 * 4096);
    assertThat(get(clone, 0, 1 << 20)).isEqualTo(data);

    byte[] toClone = random(9, 4096);
    put(clone, 4096, toClone);
    assertThat(get(file, 0, 1 << 20)).isEqualTo(data);
    byte[] cloneHolds = data.clone();
    System.arraycopy(toClone, 0, cloneHolds, 4096, 4096);
    assertThat(get(clone, 0, 1 << 20)).isEqualTo(cloneHolds);
    assertThat(door.volume.space().ofVolume().physicalUsedBytes()).isEqualTo(4 * 4096);

    byte[] toSource = random(10, 100);
    put(file, 50, toSource);
    assertThat(get(clone, 0, 1 << 20)).isEqualTo(cloneHolds);
    byte[] sourceHolds = data.clone();
    System.arraycopy(toSource, 0, sourceHolds, 50, 100);
    assertThat(get(file, 0, 1 << 20)).isEqualTo(sourceHolds);
    assertThat(door.volume.space().ofVolume().physicalUsedBytes()).isEqualTo(5 * 4096);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void randomReadsAndWritesAgreeWithAnArrayOfBytes(long seed) {
    Random random = new Random(seed);
    byte[] model = new byte[300_000];
    int sizeBytes = 0;
    for (int step = 0; step < 400; step++) {
      int offsetBytes = random.nextInt(model.length);
      int lengthBytes = random.nextInt(Math.min(70_000, model.length - offsetBytes) + 1);
      if (random.nextBoolean()) {
        byte[] data = random(random.nextLong(), lengthBytes);
        put(file, offsetBytes, data);
        System.arraycopy(data, 0, model, offsetBytes, lengthBytes);
        sizeBytes = lengthBytes == 0 ? sizeBytes : Math.max(sizeBytes, offsetBytes + lengthBytes);
      } else {
        int end = Math.max(offsetBytes, Math.min(sizeBytes, offsetBytes + lengthBytes));
        assertThat(get(file, offsetBytes, lengthBytes))
            .as("seed %d step %d offset %d", seed, step, offsetBytes)
            .isEqualTo(Arrays.copyOfRange(model, offsetBytes, end));
      }
    }
    assertThat(door.attributes(file).sizeBytes()).isEqualTo(sizeBytes);
    assertThat(Nfs3.MAX_TRANSFER_BYTES).isEqualTo(Volume.MAX_TRANSFER_BYTES);
  }
}
