/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

import java.util.List;

/** An NFS mount of a host. Paths are relative to the export, with '/' between the names. */
public final class Datastore {
  Datastore() {}

  public String name() {
    throw new UnsupportedOperationException("contract");
  }

  /** The export that is mounted, such as {@code /datastore1}. */
  public String exportPath() {
    throw new UnsupportedOperationException("contract");
  }

  /** All READs and WRITEs of this mount so far. */
  public IoCounters counters() {
    throw new UnsupportedOperationException("contract");
  }

  /** READs and WRITEs to one file; zero if there were none. */
  public IoCounters counters(String path) {
    throw new UnsupportedOperationException("contract");
  }

  /** What the array says it can do; asked once and kept. */
  public HardwareAcceleration hardwareAcceleration() {
    throw new UnsupportedOperationException("contract");
  }

  /** The names in a directory; {@code ""} is the root. */
  public List<String> list(String directory) {
    throw new UnsupportedOperationException("contract");
  }
}
