/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.util.List;

/**
 * How the demo is doing. The record is the JSON of the HTTP door; a null field is absent.
 *
 * @param isOffered whether one can be started at all
 * @param state idle, running, done or failed
 * @param volume on which its machines are; absent until it is started
 * @param step what happens now, for people; absent if nothing does
 * @param doneBytes of the transfer under way; 0 if there is none
 * @param totalBytes of the transfer under way
 * @param caseCount how many clones it makes
 * @param cases those that are made, in their order
 * @param error why it failed; absent if it did not
 */
public record DemoView(
    boolean isOffered,
    String state,
    String volume,
    String step,
    long doneBytes,
    long totalBytes,
    int caseCount,
    List<Case> cases,
    String error) {
  /** Nothing is offered. */
  static final DemoView NOT_OFFERED = idle(false, 0);

  /** None has been started so far. */
  public static DemoView idle(boolean isOffered, int caseCount) {
    return new DemoView(isOffered, "idle", null, null, 0, 0, caseCount, List.of(), null);
  }

  public DemoView {
    cases = List.copyOf(cases);
  }

  /**
   * One clone.
   *
   * @param name of the clone
   * @param source the machine that was cloned
   * @param guest its operating system
   * @param endedAt when it was made
   * @param clonedBy array-offload, host-copy or array-ui
   * @param reason why
   * @param quiescing none, file-system or application
   * @param redoLogsPerDisk how many the host's snapshot left on each disk
   * @param readBytes what the host read over NFS for it
   * @param writeBytes what the host wrote over NFS into it
   * @param addedPhysicalBytes by how much the array's physical use grew
   * @param elapsedMillis from the click to the end of the task
   * @param isAsExpected whether it came out as the article tells
   * @param text what the host tells of it, line by line
   */
  public record Case(
      String name,
      String source,
      String guest,
      String endedAt,
      String clonedBy,
      String reason,
      String quiescing,
      int redoLogsPerDisk,
      long readBytes,
      long writeBytes,
      long addedPhysicalBytes,
      long elapsedMillis,
      boolean isAsExpected,
      List<String> text) {
    public Case {
      text = List.copyOf(text);
    }
  }
}
