/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.Caller;
import org.facsim.array.Name;
import org.facsim.protocol.vaai.UnmapCall;
import org.facsim.protocol.vaai.UnmapGranularity;
import org.facsim.protocol.vaai.UnmapGranularityCall;
import org.facsim.protocol.vaai.UnmappedSpace;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiRange;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.OffloadCounter;
import org.junit.jupiter.api.Test;

/** UNMAP in version 2 of the program. */
final class UnmapOverTheWireTest extends EndpointScenarios {
  private long lastId = 100;

  private UnmapCall call(VaaiFile file, VaaiRange... ranges) {
    return new UnmapCall(session, ++lastId, file, List.of(ranges));
  }

  private VaaiReply<UnmappedSpace> unmap(UnmapCall call) {
    return VaaiWire.await(lab.client().unmap(call));
  }

  private static VaaiRange blocks(long first, long count) {
    return new VaaiRange(first * BLOCK, count * BLOCK);
  }

  @Test
  void theSiblingOfAnUnmappedCloneKeepsItsBytes() {
    assertThat(supports(VaaiPrimitive.UNMAP_RANGES)).isTrue();
    assertThat(
            VaaiWire.await(lab.client().unmapGranularity(new UnmapGranularityCall(session, COPY))))
        .isEqualTo(VaaiReply.ok(new UnmapGranularity(BLOCK, VaaiNas.MAX_RANGES)));
    assertThat(cloneNow(SOURCE, COPY, 0).isOk()).isTrue();
    assertThat(unmap(call(COPY, blocks(1, 2), blocks(5, 5))))
        .isEqualTo(VaaiReply.ok(new UnmappedSpace(7L * BLOCK, 0, 0)));
    for (int block = 0; block < 10; block++) {
      assertThat(lab.seedAt(source, block)).isEqualTo(1);
    }
    assertThat(unmap(call(SOURCE, blocks(0, 10))))
        .isEqualTo(VaaiReply.ok(new UnmappedSpace(10L * BLOCK, 7L * BLOCK, 0)));
    assertThat(lab.seedAt(copy, 3)).isEqualTo(1);
  }

  /** A guest may have written the range again since; that must not be thrown away. */
  @Test
  void aRetransmissionUnmapsNothingAgain() {
    UnmapCall call = call(SOURCE, blocks(0, 2));
    VaaiReply<UnmappedSpace> first = unmap(call);
    lab.write(source, 0, 8);
    assertThat(unmap(call)).isEqualTo(first);
    assertThat(lab.seedAt(source, 0)).isEqualTo(8);
    UnmapCall reused = new UnmapCall(session, call.requestId(), SOURCE, List.of(blocks(0, 3)));
    assertThat(unmap(reused).status()).isEqualTo(VaaiStatus.REQUEST);
    assertThat(lab.engine().statistics().total("one", OffloadCounter.UNMAP_SUCCESS)).isEqualTo(1);
  }

  @Test
  void refusalsHaveTheStatusesOfTheirCauses() {
    assertThat(unmap(call(SOURCE, blocks(9, 2))))
        .isEqualTo(
            VaaiReply.failed(
                VaaiStatus.INVAL,
                "range 0: 8192 bytes at 36864; allowed: 1 byte and more, within the file's 40960"
                    + " bytes"));
    assertThat(unmap(call(SOURCE)).status()).isEqualTo(VaaiStatus.INVAL);
    assertThat(unmap(call(SOURCE, new VaaiRange(-1, -1))).status()).isEqualTo(VaaiStatus.INVAL);
    assertThat(unmap(call(VaaiFile.byHandle(new byte[32]), blocks(0, 1))).status())
        .isEqualTo(VaaiStatus.BADHANDLE);
    assertThat(unmap(call(VaaiLab.handleOf(lab.otherVolume().root()), blocks(0, 1))).status())
        .isEqualTo(VaaiStatus.XVOL);
    VaaiFile stale = VaaiLab.handleOf(copy);
    lab.volume().names().remove(Caller.ROOT, lab.volume().root(), Name.of("copy"));
    assertThat(unmap(call(stale, blocks(0, 1))).status()).isEqualTo(VaaiStatus.STALE);
    assertThat(VaaiWire.await(lab.clientOf(1000).unmap(call(SOURCE, blocks(0, 1)))).status())
        .isEqualTo(VaaiStatus.ACCESS);
    profile("no-unmap");
    assertThat(unmap(call(SOURCE, blocks(0, 1))))
        .isEqualTo(VaaiReply.failed(VaaiStatus.NOTSUPP, "UNMAP is not offered"));
    profile("takeover");
    assertThat(unmap(call(SOURCE, blocks(0, 1))).status()).isEqualTo(VaaiStatus.BUSY);
    profile("sharing");
    lab.exports().makeReadOnly("/one");
    assertThat(unmap(call(SOURCE, blocks(0, 1))).status()).isEqualTo(VaaiStatus.ROFS);
    assertThat(lab.seedAt(source, 0)).isEqualTo(1);
  }

  @Test
  void anUnmapIsAnsweredWhenItIsDurable() throws Exception {
    SlowMedium medium = new SlowMedium();
    try (VaaiLab slow = new VaaiLab(array -> medium)) {
      slow.makeFile("source", 1, 10);
      session = slow.session("/one");
      UnmapCall call = call(SOURCE, blocks(0, 1));
      CompletableFuture<VaaiReply<UnmappedSpace>> answer = slow.client().unmap(call);
      medium.awaitWaiting(1);
      CompletableFuture<VaaiReply<UnmappedSpace>> again = slow.clientOf(0).unmap(call);
      assertThat(answer).isNotDone();
      medium.finish(null);
      assertThat(VaaiWire.await(answer))
          .isEqualTo(VaaiReply.ok(new UnmappedSpace(BLOCK, BLOCK, 0)));
      assertThat(VaaiWire.await(again)).isEqualTo(VaaiWire.await(answer));
      CompletableFuture<VaaiReply<UnmappedSpace>> failing =
          slow.client().unmap(call(SOURCE, blocks(1, 1)));
      medium.awaitWaiting(2);
      medium.finish(new IOException("a test"));
      assertThat(VaaiWire.await(failing).status()).isEqualTo(VaaiStatus.IO);
    }
  }
}
