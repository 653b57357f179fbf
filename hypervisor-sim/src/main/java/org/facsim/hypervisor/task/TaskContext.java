/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.task;

import org.facsim.hypervisor.datastore.TransferProgress;

/**
 * What a running operation knows of its task: it tells how far it is, and hears whether it was
 * canceled. An operation asks between its steps and in long transfers, and undoes what it did when
 * it is canceled. Behind its point of no return it calls {@link #commit}.
 */
public interface TaskContext {
  /** For operations that run without a task: nobody watches, nobody cancels. */
  TaskContext NONE =
      new TaskContext() {
        @Override
        public void checkCanceled() {}

        @Override
        public void progressPercent(int percent) {}

        @Override
        public void commit() {}
      };

  /**
   * Goes on, unless somebody canceled the task.
   *
   * @throws MethodFaultException RequestCanceled
   */
  void checkCanceled();

  /** Tells how far the operation is, 0 to 99. A figure below the last one is ignored. */
  void progressPercent(int percent);

  /** From here on, the operation goes to its end; the task cannot be canceled any more. */
  void commit();

  /**
   * A progress for the operation's long transfer, which throws if the task was canceled.
   *
   * @param fromPercent where the transfer starts
   * @param toPercent where it ends
   */
  default TransferProgress transfer(int fromPercent, int toPercent) {
    return (doneBytes, totalBytes) -> {
      checkCanceled();
      double share = totalBytes <= 0 ? 1 : (double) doneBytes / totalBytes;
      progressPercent(fromPercent + (int) ((toPercent - fromPercent) * Math.min(1, share)));
    };
  }
}
