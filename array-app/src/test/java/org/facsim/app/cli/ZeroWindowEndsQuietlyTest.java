/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.DataOutputStream;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.calls.Door;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultRule;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A zero-window rule that is removed after its client has gone. */
class ZeroWindowEndsQuietlyTest {
  private static final int RECORD_LAST = 0x8000_0000;

  @Test
  void aClientThatWentAwayMeanwhileIsNoDefect() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("org.facsim.protocol.rpc.RpcServer");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try (FacsimArray array = FacsimArray.builder().nfsPort(0).start()) {
      for (boolean resets : List.of(false, true)) {
        for (int i = 0; i < 8; i++) {
          array
              .faults()
              .add(
                  FaultRule.of(new FaultAction.StopReading(Optional.empty()))
                      .door(Door.NFS)
                      .count(1)
                      .rule());
          try (Socket client =
              new Socket(array.nfsAddress().getAddress(), array.nfsAddress().getPort())) {
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            for (int call = 0; call < 2; call++) {
              nullCall(out, call);
            }
            TimeUnit.MILLISECONDS.sleep(20);
            if (resets) {
              client.setSoLinger(true, 0);
            }
          }
          TimeUnit.MILLISECONDS.sleep(20);
          array.faults().clear();
          TimeUnit.MILLISECONDS.sleep(20);
        }
      }
    } finally {
      logger.detachAppender(lines);
    }
    assertThat(lines.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
  }

  /** RFC 5531: NULL of NFS version 3, as one record. */
  private static void nullCall(DataOutputStream out, int xid) throws Exception {
    int[] words = {xid, 0, 2, 100_003, 3, 0, 0, 0, 0, 0};
    out.writeInt(RECORD_LAST | words.length * Integer.BYTES);
    for (int word : words) {
      out.writeInt(word);
    }
    out.flush();
  }
}
