/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

/** The variants of a call in words. */
final class StepWords {
  static final int SET_MODE = 0;
  static final int SET_OWNER = 1;
  static final int SET_GROUP = 2;
  static final int SET_SIZE = 3;
  static final int SET_TIMES = 4;
  static final int SET_TIMES_TO_NOW = 5;
  static final int SET_KINDS = 6;

  static final int UNCHECKED = 0;
  static final int GUARDED = 1;
  static final int EXCLUSIVE = 2;

  /** In the {@code how} of OPEN: whether it creates; the kind is in the two bits below. */
  static final int OPEN_CREATES = 4;

  private static final String[] SETTINGS = {"mode", "owner", "group", "size", "times", "now"};
  private static final String[] CREATIONS = {"unchecked", "guarded", "exclusive"};
  private static final String[] STABILITY = {"unstable", "data-sync", "file-sync"};
  private static final String[] XATTR = {"either", "create", "replace"};
  private static final String[] DEVICES = {"fifo", "socket", "character", "block"};

  private StepWords() {}

  static String variant(Step step) {
    return switch (step.act()) {
      case SETATTR ->
          step.how() == SET_MODE
              ? "mode=0%o".formatted(step.value())
              : SETTINGS[step.how()] + (step.how() == SET_TIMES_TO_NOW ? "" : "=" + step.value());
      case CREATE -> CREATIONS[step.how()] + " mode=0%o".formatted(step.value());
      case MKDIR, SYMLINK -> "mode=0%o".formatted(step.value());
      case MKNOD -> DEVICES[step.how()];
      case WRITE -> STABILITY[step.how()];
      case ACCESS -> "bits=0x%x".formatted(step.value());
      case LOCK, LOCKT -> (step.how() == 0 ? "read" : "write") + " owner=" + step.value();
      case LOCKU, CLOSE -> "owner=" + step.value();
      case OPEN -> open(step);
      case DOWNGRADE ->
          "owner=%d access=%d deny=%d".formatted(step.value(), step.how() & 3, step.how() >> 2);
      case VERIFY, NVERIFY -> "size=" + step.value();
      case SETACL -> "rights=0%o".formatted(step.value());
      case SEEK -> step.how() == 0 ? "data" : "hole";
      case SETXATTR -> XATTR[step.how()] + " length=" + step.length();
      default -> "";
    };
  }

  private static String open(Step step) {
    String creation = (step.how() & OPEN_CREATES) == 0 ? "existing" : CREATIONS[step.how() & 3];
    return "%s owner=%d access=%d deny=%d"
        .formatted(creation, step.value(), step.offset(), step.toOffset());
  }
}
