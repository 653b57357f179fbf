/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

/**
 * The demo that a person starts from the console: simulated hosts make virtual machines on the
 * array that is served, and clone them, as the article tells. This door does not know hosts; the
 * program that has them implements this.
 *
 * <p>Thread-safe. What cannot be done is a {@link LabRefusal}.
 */
public interface DemoDoor {
  /** No demo can be started. */
  DemoDoor NONE =
      new DemoDoor() {
        @Override
        public DemoView status() {
          return DemoView.NOT_OFFERED;
        }

        @Override
        public DemoView start(long diskSizeBytes) {
          throw new LabRefusal(
              LabRefusal.Kind.NOT_FOUND, "no demo can be started here; ./facsim serve offers one");
        }
      };

  /** How the demo is doing. Does not wait for it. */
  DemoView status();

  /**
   * Starts the demo. Returns at once.
   *
   * @param diskSizeBytes what each guest writes
   * @return how it is doing now
   * @throws LabRefusal CONFLICT if it runs, or has run and left its machines; INVALID for a size
   *     that is not allowed
   */
  DemoView start(long diskSizeBytes);
}
