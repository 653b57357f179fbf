/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Read3;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.nfs3.WccData;
import org.facsim.protocol.nfs3.Write3;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.services.calls.Alteration;
import org.facsim.services.calls.CallInterceptor;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.FalseAttributes;
import org.facsim.services.calls.FalseAttributes.Change;
import org.facsim.services.calls.Mistake;
import org.facsim.services.calls.OperationVerdict;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls of NFS that are performed otherwise than they ask. */
class AlteredCallsTest {
  private static final int BYTES = 200_000;

  private volatile OperationVerdict verdict = OperationVerdict.PERFORM;
  private FacsimArray array;
  private RpcClient rpc;
  private Nfs3Client client;
  private Nfs3Handle root;
  private Nfs3Handle file;
  private byte[] data;

  @BeforeEach
  void start() throws IOException {
    array = FacsimArray.builder().nfsPort(0).seed(7).volume("ds", ByteSize.GIB).start();
    array
        .calls()
        .install(
            new CallInterceptor() {
              @Override
              public OperationVerdict operation(CallRecord call) {
                return verdict;
              }
            });
    rpc =
        RpcClient.connect(
                array.nfsAddress(),
                RpcClientOptions.defaults()
                    .withCredential(new Credential.Sys(0, "tester", 0, 0, List.of())))
            .join();
    client = new Nfs3Client(rpc);
    root = Nfs3Handle.of(array.storage().volume("ds").orElseThrow().root().handle().toBytes());
    file = client.create(root, "file", new Create3.Guarded(Sattr3.NONE)).join().handle();
    data = new byte[BYTES];
    new Random(1).nextBytes(data);
    assertThat(write(0, data).countBytes()).isEqualTo(BYTES);
  }

  @AfterEach
  void stop() {
    rpc.close();
    array.close();
  }

  private Write3.Ok write(long offsetBytes, byte[] bytes) {
    return client
        .write(file, offsetBytes, Unpooled.wrappedBuffer(bytes), StableHow.FILE_SYNC)
        .join();
  }

  /** What a READ answered, its data copied. */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere as a whole
  private record ReadAnswer(Read3.Ok ok, byte[] bytes) {}

  private ReadAnswer read(long offsetBytes, int countBytes) {
    return client
        .read(
            file,
            offsetBytes,
            countBytes,
            ok -> new ReadAnswer(ok, ByteBufUtil.getBytes(ok.data())))
        .join();
  }

  private void alter(Alteration alteration) {
    verdict = OperationVerdict.alter("rule", alteration);
  }

  private void tellTheTruth() {
    verdict = OperationVerdict.PERFORM;
  }

  @Test
  void aShortReadSaysTheTrueCount() {
    for (int countBytes : new int[] {1000, 20_000, 100_000}) {
      for (int atMost : new int[] {0, 1, 999}) {
        alter(Alteration.atMost(atMost));
        ReadAnswer answer = read(7, countBytes);
        assertThat(answer.ok().countBytes()).isEqualTo(atMost);
        assertThat(answer.ok().endOfFile()).isFalse();
        assertThat(answer.bytes()).isEqualTo(Arrays.copyOfRange(data, 7, 7 + atMost));
      }
    }
    alter(Alteration.atMost(Alteration.UNLIMITED));
    assertThat(read(0, BYTES).bytes()).isEqualTo(data);
  }

  @Test
  void aShortWriteStoresThatMuchAndSaysTheTrueCount() {
    byte[] other = new byte[5000];
    Arrays.fill(other, (byte) 9);
    for (int atMost : new int[] {0, 1, 4097}) {
      alter(Alteration.atMost(atMost));
      Write3.Ok answer = write(10_000, other);
      assertThat(answer.countBytes()).isEqualTo(atMost);
      tellTheTruth();
      System.arraycopy(other, 0, data, 10_000, atMost);
      assertThat(read(0, BYTES).bytes()).isEqualTo(data);
    }
  }

  /** The array's own bytes stay right, whether a reply carries them in place or copied. */
  @Test
  void aMistakeInAReadIsTheSameForTheSameSeedAndNotStored() {
    for (int countBytes : new int[] {100, 20_000, 150_000}) {
      alter(Alteration.mistaken(new Mistake(42, 3, 5)));
      byte[] wrong = read(11, countBytes).bytes();
      byte[] right = Arrays.copyOfRange(data, 11, 11 + countBytes);
      assertThat(wrong).hasSize(countBytes).isNotEqualTo(right);
      assertThat(read(11, countBytes).bytes()).isEqualTo(wrong);
      byte[] expected = right.clone();
      new Mistake(42, 3, 5).corrupt(ByteBuffer.wrap(expected));
      assertThat(wrong).isEqualTo(expected);
      alter(Alteration.mistaken(new Mistake(43, 3, 5)));
      assertThat(read(11, countBytes).bytes()).isNotEqualTo(wrong);
      tellTheTruth();
      assertThat(read(11, countBytes).bytes()).isEqualTo(right);
    }
  }

  @Test
  void aMistakeInAWriteIsStored() {
    byte[] other = new byte[60_000];
    alter(Alteration.mistaken(new Mistake(42, 2, 8)));
    assertThat(write(1000, other).countBytes()).isEqualTo(other.length);
    tellTheTruth();
    byte[] expected = other.clone();
    new Mistake(42, 2, 8).corrupt(ByteBuffer.wrap(expected));
    assertThat(expected).isNotEqualTo(other);
    assertThat(read(1000, other.length).bytes()).isEqualTo(expected);
    assertThat(read(0, 1000).bytes()).isEqualTo(Arrays.copyOf(data, 1000));
  }

  /** Every set of attributes of every answer lies alike. */
  @Test
  void aServerLiesInEveryAnswer() {
    Fattr3 truth = client.getAttributes(file).join().attributes();
    alter(
        Alteration.lying(
            FalseAttributes.NONE
                .withSizeBytes(Change.by(-1000))
                .withMtimeNanos(Change.to(5_000_000_000L))
                .withFileId(Change.by(1))
                .withLinkCount(Change.to(77))));
    Fattr3 said = client.getAttributes(file).join().attributes();
    assertThat(said)
        .isEqualTo(
            new Fattr3(
                truth.type(),
                truth.mode(),
                77,
                truth.uid(),
                truth.gid(),
                truth.sizeBytes() - 1000,
                truth.usedBytes(),
                truth.deviceMajor(),
                truth.deviceMinor(),
                truth.fileSystemId(),
                truth.fileId() + 1,
                truth.accessTimeNanos(),
                5_000_000_000L,
                truth.changeTimeNanos()));
    assertLies(client.lookup(root, "file").join().attributes());
    assertLies(client.lookup(root, "file").join().directoryAttributes());
    assertLies(client.access(file, 1).join().attributes());
    assertLies(read(0, 10).ok().attributes());
    assertLies(write(0, new byte[10]).wcc());
    assertLies(client.setAttributes(file, Sattr3.NONE).join().wcc());
    assertLies(client.link(file, root, "link").join().attributes());
    assertLies(client.link(file, root, "link2").join().directory());
    assertLies(client.rename(root, "link2", root, "link3").join().fromDirectory());
    assertLies(client.create(root, "more", new Create3.Guarded(Sattr3.NONE)).join().attributes());
    assertLies(client.remove(root, "more").join().wcc());
    assertLies(client.fsstat(root).join().attributes());
    var listed = client.readDirPlus(root, 0, 0, 4096, 8192).join();
    assertLies(listed.directoryAttributes());
    listed.entries().forEach(entry -> assertLies(entry.attributes()));
    assertThat(
            listed.entries().stream()
                .filter(entry -> entry.name().equals(Name3.of("file")))
                .map(entry -> entry.fileId())
                .toList())
        .isEqualTo(List.of(truth.fileId() + 1));
    assertThat(
            client.readDir(root, 0, 0, 4096).join().entries().stream()
                .filter(entry -> entry.name().equals(Name3.of("file")))
                .map(entry -> entry.fileId())
                .toList())
        .isEqualTo(List.of(truth.fileId() + 1));
    tellTheTruth();
    assertThat(client.getAttributes(file).join().attributes().linkCount()).isEqualTo(2 + 1);
    assertThat(client.getAttributes(file).join().attributes().sizeBytes()).isEqualTo(BYTES);
  }

  private static void assertLies(Fattr3 attributes) {
    assertThat(attributes.linkCount()).isEqualTo(77);
    assertThat(attributes.modifyTimeNanos()).isEqualTo(5_000_000_000L);
  }

  private static void assertLies(WccData data) {
    assertLies(data.after());
    assertThat(data.before().modifyTimeNanos()).isEqualTo(5_000_000_000L);
  }
}
