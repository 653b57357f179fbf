/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

/** Shows how far a long transfer is. */
public interface ProgressDisplay {
  /** Shows nothing. */
  ProgressDisplay NONE =
      new ProgressDisplay() {
        @Override
        public void begin(String label) {}

        @Override
        public void transferred(long doneBytes, long totalBytes) {}

        @Override
        public void end() {}
      };

  /** A transfer begins; nothing need be shown until its first byte. */
  void begin(String label);

  /** More bytes are done. */
  void transferred(long doneBytes, long totalBytes);

  /** The transfer is over. The display removes what it has shown. */
  void end();
}
