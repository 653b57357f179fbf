/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.opensds;

import static org.assertj.core.api.Assertions.assertThat;

import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.opensds.OpenSdsReply;
import org.facsim.protocol.opensds.OpenSdsResult;
import org.facsim.protocol.vaai.VaaiStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OpenSdsFailuresTest {
  @ParameterizedTest
  @EnumSource(VaaiStatus.class)
  void onlyOkIsOk(VaaiStatus status) {
    OpenSdsReply reply = OpenSdsFailures.replyOf(status, 1);
    assertThat(reply.status() == Nfs3Status.OK).isEqualTo(status == VaaiStatus.OK);
    assertThat(reply.result()).isNotEqualTo(OpenSdsResult.UNSUPPORTED);
  }

  /** What the plugin tells apart by the status of NFS, and by a result of its own. */
  @ParameterizedTest
  @CsvSource({
    "PERM, PERM, OK",
    "ACCESS, ACCES, OK",
    "NOENT, NOENT, OK",
    "EXIST, EXIST, OK",
    "ISDIR, ISDIR, OK",
    "FBIG, FBIG, OK",
    "NOSPC, NOSPC, DISK_FULL",
    "ROFS, ROFS, OK",
    "NAMETOOLONG, NAMETOOLONG, OK",
    "TOO_DEEP, IO, TOO_DEEP",
    "TOO_MANY_CLONES, JUKEBOX, TOO_MANY_SNAPSHOTS",
    "BUSY, JUKEBOX, BUSY",
    "LOST, IO, OK"
  })
  void whatThePluginTellsApart(VaaiStatus status, Nfs3Status nfs, OpenSdsResult result) {
    assertThat(OpenSdsFailures.replyOf(status, 4)).isEqualTo(OpenSdsReply.failed(nfs, 4, result));
  }

  @Test
  void codesAreThoseOfTheWire() {
    assertThat(OpenSdsResult.TOO_DEEP.code()).isEqualTo(1001);
    assertThat(OpenSdsResult.TOO_MANY_SNAPSHOTS.code()).isEqualTo(1002);
    assertThat(OpenSdsResult.BUSY.code()).isEqualTo(1003);
    assertThat(OpenSdsResult.DISK_FULL.code()).isEqualTo(1004);
  }
}
