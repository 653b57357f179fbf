/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.util.List;

/** A demo of one clone, which is done as soon as it is started. */
final class FakeDemo implements DemoDoor {
  private boolean isStarted;
  private boolean isOver;

  @Override
  public synchronized DemoView status() {
    if (!isStarted) {
      return DemoView.idle(true, 1);
    }
    DemoView.Case only =
        new DemoView.Case(
            "clone",
            "source",
            "Windows 7",
            "2026-11-30T12:00:00Z",
            "array-offload",
            "one whole file",
            "file-system",
            1,
            512,
            0,
            4096,
            12,
            true,
            List.of("the host asked"));
    return new DemoView(true, "done", "demo", "resting", 1, 2, 1, List.of(only), "none");
  }

  @Override
  public synchronized DemoView start(long diskSizeBytes) {
    if (isOver) {
      return NONE.start(diskSizeBytes);
    }
    if (diskSizeBytes < 1) {
      throw new LabRefusal(LabRefusal.Kind.INVALID, "field 'diskSizeBytes': too small");
    }
    if (isStarted) {
      throw new LabRefusal(LabRefusal.Kind.CONFLICT, "the demo runs already");
    }
    isStarted = true;
    return status();
  }

  /** From now on there is none. */
  synchronized void end() {
    isOver = true;
  }
}
