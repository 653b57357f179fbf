/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.opensds;

import static org.assertj.core.api.Assertions.assertThat;

import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.opensds.OpenSdsReply;
import org.facsim.protocol.opensds.OpenSdsResult;
import org.facsim.services.offload.OffloadError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OpenSdsFailuresTest {
  @ParameterizedTest
  @EnumSource
  void noFailureIsOk(OffloadError error) {
    OpenSdsReply reply = OpenSdsFailures.replyOf(error, 1);
    assertThat(reply.status()).isNotEqualTo(Nfs3Status.OK);
    assertThat(reply.result()).isNotEqualTo(OpenSdsResult.UNSUPPORTED);
  }

  /** What the plugin tells apart by the status of NFS, and by a result of its own. */
  @ParameterizedTest
  @CsvSource({
    "NOT_PERMITTED, PERM, OK",
    "ACCESS_DENIED, ACCES, OK",
    "NOT_FOUND, NOENT, OK",
    "EXISTS, EXIST, OK",
    "IS_DIRECTORY, ISDIR, OK",
    "FILE_TOO_LARGE, FBIG, OK",
    "NO_SPACE, NOSPC, DISK_FULL",
    "READ_ONLY, ROFS, OK",
    "NAME_TOO_LONG, NAMETOOLONG, OK",
    "TOO_DEEP, IO, TOO_DEEP",
    "TOO_MANY_CLONES, JUKEBOX, TOO_MANY_SNAPSHOTS",
    "BUSY, JUKEBOX, BUSY",
    "LOST, IO, OK"
  })
  void whatThePluginTellsApart(OffloadError error, Nfs3Status nfs, OpenSdsResult result) {
    assertThat(OpenSdsFailures.replyOf(error, 4)).isEqualTo(OpenSdsReply.failed(nfs, 4, result));
  }

  @Test
  void codesAreThoseOfTheWire() {
    assertThat(OpenSdsResult.TOO_DEEP.code()).isEqualTo(1001);
    assertThat(OpenSdsResult.TOO_MANY_SNAPSHOTS.code()).isEqualTo(1002);
    assertThat(OpenSdsResult.BUSY.code()).isEqualTo(1003);
    assertThat(OpenSdsResult.DISK_FULL.code()).isEqualTo(1004);
  }
}
