/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.services.journal.CallFilter.calls;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.services.calls.Door;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultRule;
import org.facsim.services.journal.JournalEntry;
import org.facsim.services.journal.JournalExport;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the journal keeps of large WRITEs, whose data the array takes from where it arrived. */
final class BulkJournalTest {
  private static final int BYTES = 1 << 20;

  private FacsimArray array;
  private NfsHost host;
  private Nfs3Handle file;

  @BeforeEach
  void start() throws Exception {
    array =
        FacsimArray.builder()
            .nfsPort(0)
            .portmapPort(0)
            .volume("ds", ByteSize.GIB)
            .journal(1000)
            .start();
    host = new NfsHost(array.nfsAddress(), "/ds");
    file = host.create("file");
  }

  @AfterEach
  void stop() {
    host.close();
    array.close();
  }

  private static byte[] textOf(int call) {
    return "data of call %d, "
        .formatted(call)
        .repeat(BYTES)
        .substring(0, BYTES)
        .getBytes(ISO_8859_1);
  }

  private long write(int call) throws Exception {
    return NfsHost.join(
            host.nfs.write(file, 0, Unpooled.wrappedBuffer(textOf(call)), StableHow.FILE_SYNC))
        .countBytes();
  }

  private byte[] read() throws Exception {
    return NfsHost.join(host.nfs.read(file, 0, BYTES, ok -> ByteBufUtil.getBytes(ok.data())));
  }

  private String packets() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    JournalExport export = array.journal().exportPcapng(calls().procedure("WRITE"));
    for (byte[] piece = export.next(); piece != null; piece = export.next()) {
      all.writeBytes(piece);
    }
    return all.toString(ISO_8859_1);
  }

  @Test
  void isTheHeadWithoutTheData() throws Exception {
    for (int call = 1; call <= 4; call++) {
      assertThat(write(call)).isEqualTo(BYTES);
    }
    assertThat(read()).isEqualTo(textOf(4));
    List<JournalEntry> entries =
        array.journal().after(calls().procedure("WRITE"), 0, 100).entries();
    assertThat(entries)
        .hasSize(4)
        .allSatisfy(
            entry -> {
              assertThat(entry.arguments())
                  .isEqualTo("offsetBytes=0, countBytes=1048576, stable=FILE_SYNC");
              assertThat(entry.requestBytes()).isGreaterThan(BYTES);
              assertThat(entry.path()).isEqualTo("/ds/file");
            });
    assertThat(packets()).doesNotContain("data of call 4").doesNotContain("data of call 3");
  }

  private void meets(FaultAction action) {
    array.faults().clear();
    array
        .faults()
        .add(FaultRule.of(action).door(Door.NFS).procedure("WRITE").path("/ds/file").rule());
  }

  @Test
  void faultsHaveLargeWritesAsTheyHaveShortOnes() throws Exception {
    write(1);
    write(2);
    meets(new FaultAction.ShortTransfer(100_000));
    assertThat(write(3)).isEqualTo(100_000);
    byte[] both = textOf(2);
    System.arraycopy(textOf(3), 0, both, 0, 100_000);
    assertThat(read()).isEqualTo(both);

    meets(new FaultAction.Corrupt(3, 16));
    assertThat(write(4)).isEqualTo(BYTES);
    assertThat(Arrays.mismatch(read(), textOf(4))).isNotNegative();

    array.faults().clear();
    array.faults().add(FaultRule.of(new FaultAction.Limit(200L << 20, true)).door(Door.NFS).rule());
    assertThat(write(5)).isEqualTo(BYTES);
    assertThat(write(6)).isEqualTo(BYTES);
    assertThat(read()).isEqualTo(textOf(6));

    array.faults().clear();
    assertThat(write(7)).isEqualTo(BYTES);
    assertThat(read()).isEqualTo(textOf(7));
  }
}
