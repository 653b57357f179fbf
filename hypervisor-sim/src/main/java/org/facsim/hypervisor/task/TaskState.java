/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.task;

/** The states of a task, as VMware's API has them. */
public enum TaskState {
  QUEUED("queued"),
  RUNNING("running"),
  SUCCESS("success"),
  ERROR("error");

  private final String vmwareName;

  TaskState(String vmwareName) {
    this.vmwareName = vmwareName;
  }

  /** {@code queued}, {@code running}, {@code success} or {@code error}. */
  public String vmwareName() {
    return vmwareName;
  }

  /** Whether nothing follows. */
  public boolean isFinal() {
    return this == SUCCESS || this == ERROR;
  }

  @Override
  public String toString() {
    return vmwareName;
  }
}
