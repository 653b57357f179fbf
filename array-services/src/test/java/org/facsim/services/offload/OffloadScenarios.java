/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.services.access.Grant;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A source of ten blocks, a destination of three, and who asks for clones of it. */
abstract class OffloadScenarios {
  static final int BLOCK = OffloadLab.BLOCK;
  static final int BLOCKS = 10;
  static final String HOST = "192.0.2.1";
  static final FileRef SOURCE = FileRef.byPath("source");
  static final FileRef COPY = FileRef.byPath("copy");

  /** Copies one block a second. */
  static final ArrayProfile SLOW =
      NamedProfiles.SHARING.draft().fullClone(FullClone.COPY).copyBytesPerSecond(BLOCK).freeze();

  OffloadLab lab;
  OffloadEngine engine;
  Inode source;
  Inode copy;

  @BeforeEach
  void start() {
    lab = new OffloadLab();
    engine = lab.engine();
    source = lab.makeFile("source", 1, BLOCKS);
    copy = lab.makeFile("copy", 2, 3);
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  static InetSocketAddress host() {
    try {
      return new InetSocketAddress(
          InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1}), 1000);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  final Grant grant(String exportPath, Caller caller) {
    return lab.exports().grants().toExport(exportPath, host(), caller);
  }

  final Initiator initiator(Caller caller) {
    return new Initiator(HOST, Dialect.VAAI_NAS, grant("/one", caller));
  }

  final Initiator root() {
    return initiator(Caller.ROOT);
  }

  final CloneOrder order(FileRef from, FileRef to, CloneOption... options) {
    return CloneOrder.within(root(), from, to, CloneOptions.of(options));
  }

  final CloneOrder across(FileRef from, FileRef to, CloneOption... options) {
    return new CloneOrder(
        root(), grant("/two", Caller.ROOT), from, to, CloneOptions.of(options), Duration.ZERO);
  }

  final void profile(String name) {
    lab.profiles().set("one", NamedProfiles.find(name).orElseThrow());
  }
}
