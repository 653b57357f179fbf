/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

/** One of the two servers, over one version of NFS, as two clients see it. Not thread-safe. */
interface Side extends AutoCloseable {
  /**
   * Makes an empty folder for a history, and forgets the objects of the one before.
   *
   * @param folder a name that nothing has yet
   * @throws CompareException if the server refuses
   */
  void begin(String folder);

  /** Sends one call and reads its answer. What goes wrong on the way is the status. */
  Facts play(Step step);

  /** Gives up what the history holds and removes its folder, as far as the server lets it. */
  void end();

  @Override
  void close();
}
