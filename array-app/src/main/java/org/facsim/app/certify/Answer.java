/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.certify;

import java.util.Arrays;
import java.util.Optional;

/** What the command can say by its exit code. */
enum Answer {
  CLONED(0, "the array cloned"),
  NOT_CLONED(10, "the array did not clone, the host must copy"),
  CANCELLED(11, "the clone was cancelled"),
  COPIED(12, "the array did not clone, and the command copied over NFS itself");

  private final int exitCode;
  private final String words;

  Answer(int exitCode, String words) {
    this.exitCode = exitCode;
    this.words = words;
  }

  int exitCode() {
    return exitCode;
  }

  String words() {
    return words;
  }

  static Optional<Answer> of(int exitCode) {
    return Arrays.stream(values()).filter(each -> each.exitCode == exitCode).findFirst();
  }
}
