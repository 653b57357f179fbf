/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import org.facsim.array.Inode;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.ReserveCall;
import org.facsim.protocol.vaai.ReserveMode;
import org.facsim.protocol.vaai.ReservedSpace;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.SupportCall;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.NamedProfiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A source of ten blocks, a destination of three, and what the numbered scenarios do with them. */
abstract class EndpointScenarios {
  static final int BLOCK = VaaiLab.BLOCK;
  static final VaaiFile SOURCE = VaaiFile.byPath("source");
  static final VaaiFile COPY = VaaiFile.byPath("copy");

  /** Copies one block a second. */
  static final ArrayProfile SLOW =
      NamedProfiles.SHARING.draft().fullClone(FullClone.COPY).copyBytesPerSecond(BLOCK).freeze();

  VaaiLab lab;
  SessionId session;
  Inode source;
  Inode copy;

  @BeforeEach
  void start() {
    lab = new VaaiLab();
    session = lab.session("/one");
    source = lab.makeFile("source", 1, 10);
    copy = lab.makeFile("copy", 2, 3);
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  final void profile(String name) {
    lab.profiles().set("one", NamedProfiles.find(name).orElseThrow());
  }

  final void slowCopies() {
    lab.profiles().set("one", SLOW);
  }

  final VaaiReply<CloneJob> cloneNow(VaaiFile from, VaaiFile to, int flags) {
    return VaaiWire.await(lab.client().cloneFile(lab.clone(session, from, to, flags)));
  }

  final CloneJob status(long jobId) {
    return VaaiWire.await(lab.client().cloneStatus(new JobCall(session, jobId))).value();
  }

  final boolean supports(VaaiPrimitive primitive) {
    return VaaiWire.await(lab.client().support(new SupportCall(session, primitive)))
        .value()
        .supported();
  }

  final VaaiReply<ReservedSpace> reserve(ReserveMode mode, long sizeBytes) {
    ReserveCall call = lab.reserve(session, COPY, mode, sizeBytes);
    var answer = lab.client().reserveSpace(call);
    lab.runSteps(answer);
    return VaaiWire.await(answer);
  }

  final void assertCopyIsUntouched() {
    assertThat(copy.attributes().sizeBytes()).isEqualTo(3L * BLOCK);
    assertThat(lab.seedAt(copy, 2)).isEqualTo(2);
    lab.array().awaitReclaim();
    assertThat(lab.volume().space().of(copy).exclusiveBytes()).isEqualTo(3L * BLOCK);
  }
}
