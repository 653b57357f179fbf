/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.nfs3.Write3;
import org.facsim.services.calls.Door;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultRule;
import org.facsim.services.faults.FaultRuleBuilder;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** WRITEs that store less than was sent, or something else. */
final class FaultyWritesTest {
  private static final int BYTES = 8192;
  private static final int RUNS = 3;
  private static final int RUN_BYTES = 16;

  private FacsimArray array;
  private NfsHost host;
  private Nfs3Handle file;

  @BeforeEach
  void start() throws Exception {
    array = FacsimArray.builder().nfsPort(0).seed(7).volume("ds", ByteSize.GIB).start();
    host = new NfsHost(array.nfsAddress(), "/ds");
    file = host.create("file");
  }

  @AfterEach
  void stop() {
    host.close();
    array.close();
  }

  private void writesMeet(FaultAction action, long seed) {
    meets("WRITE", action, seed);
  }

  private void meets(String procedure, FaultAction action, long seed) {
    FaultRuleBuilder rule = FaultRule.of(action).door(Door.NFS).procedure(procedure);
    array.faults().clear();
    array.faults().add(rule.path("/ds/file").seed(seed).rule());
  }

  private Write3.Ok write(long offset, byte[] data) throws Exception {
    return NfsHost.join(
        host.nfs.write(file, offset, Unpooled.wrappedBuffer(data), StableHow.FILE_SYNC));
  }

  private byte[] read(long offset, int bytes) throws Exception {
    return NfsHost.join(host.nfs.read(file, offset, bytes, ok -> ByteBufUtil.getBytes(ok.data())));
  }

  private static byte[] filled(int value) {
    byte[] data = new byte[BYTES];
    Arrays.fill(data, (byte) value);
    return data;
  }

  @Test
  void aShortWriteStoresThatMuchAndSaysSo() throws Exception {
    write(0, filled(1));
    writesMeet(new FaultAction.ShortTransfer(512), 1);
    assertThat(write(0, filled(2)).countBytes()).isEqualTo(512);
    assertThat(read(0, 512)).containsOnly(2);
    assertThat(read(512, BYTES - 512)).containsOnly(1);
    assertThat(write(BYTES, filled(2)).countBytes()).isEqualTo(512);
    assertThat(NfsHost.join(host.nfs.getAttributes(file)).attributes().sizeBytes())
        .isEqualTo(BYTES + 512);
    array.faults().clear();
    assertThat(write(0, filled(3)).countBytes()).isEqualTo(BYTES);
    assertThat(read(0, BYTES)).containsOnly(3);
  }

  @Test
  void aMistakeIsStoredWhereTheSeedSaysTwiceTheSameAndNowhereElse() throws Exception {
    write(0, filled(0));
    write(2 * BYTES, filled(0));
    byte[] first = mistaken(5);
    assertThat(wrongBytes(first)).isBetween(1L, (long) RUNS * RUN_BYTES);
    assertThat(runs(first)).isBetween(1, RUNS);
    assertThat(mistaken(5)).as("same seed, same call").isEqualTo(first);
    assertThat(mistaken(6)).isNotEqualTo(first);
    assertThat(read(0, BYTES)).as("before it").containsOnly(0);
    assertThat(read(2 * BYTES, BYTES)).as("behind it").containsOnly(0);

    meets("READ", new FaultAction.Corrupt(RUNS, RUN_BYTES), 5);
    assertThat(read(0, BYTES)).as("a READ is wrong in the same places").isEqualTo(first);
  }

  /** What is stored of zeros that are written while the rule holds; the reply tells nothing. */
  private byte[] mistaken(long seed) throws Exception {
    writesMeet(new FaultAction.Corrupt(RUNS, RUN_BYTES), seed);
    assertThat(write(BYTES, filled(0)).countBytes()).isEqualTo(BYTES);
    byte[] stored = read(BYTES, BYTES);
    assertThat(read(BYTES, BYTES)).as("stored, not only read").isEqualTo(stored);
    return stored;
  }

  private static long wrongBytes(byte[] data) {
    return IntStream.range(0, data.length).filter(at -> data[at] != 0).count();
  }

  private static int runs(byte[] data) {
    return (int)
        IntStream.range(0, data.length)
            .filter(at -> data[at] != 0 && (at == 0 || data[at - 1] == 0))
            .count();
  }
}
