/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

/**
 * One call of a history. It names objects by the number of the step that brought their handle; 0 is
 * the folder in which the history is played. A step whose object nobody brought is left out, so a
 * history still means something when steps are taken away.
 *
 * @param number 1 or more, and the same in a shortened history
 * @param client 0 or 1: two clients with a connection and a user of their own
 * @param object the object or folder that it is about
 * @param name within it, or the name of a named attribute; empty if it has none
 * @param toObject the second object or folder of RENAME, LINK, CLONE and COPY
 * @param toName within that
 * @param offset in bytes; of the source, if there are two files
 * @param toOffset in bytes, of the destination
 * @param length in bytes
 * @param how which of the variants of the call; {@link History} says what it means
 * @param value a mode, an owner's number, a time
 */
record Step(
    int number,
    int client,
    Act act,
    int object,
    String name,
    int toObject,
    String toName,
    long offset,
    long toOffset,
    long length,
    int how,
    long value) {
  /** As a call, for people: {@code #12 B write #3 offset=4096 length=100}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append('#').append(number).append(client == 0 ? " A " : " B ").append(act.word());
    text.append(' ').append(shown(object));
    if (!name.isEmpty() || namesSomething()) {
      text.append('/').append(shortened(name));
    }
    switch (act) {
      case RENAME, LINK -> text.append(" to ").append(shown(toObject)).append('/');
      case CLONE, COPY -> text.append(" to ").append(shown(toObject));
      default -> {}
    }
    if (act == Act.RENAME || act == Act.LINK) {
      text.append(shortened(toName));
    }
    switch (act) {
      case READ, WRITE, LOCK, LOCKT, LOCKU, SEEK, ALLOCATE, DEALLOCATE, READ_PLUS ->
          text.append(" offset=").append(offset).append(" length=").append(length);
      case CLONE, COPY ->
          text.append(" from=%d to=%d length=%d".formatted(offset, toOffset, length));
      case SYMLINK -> text.append(" -> ").append(shortened(toName));
      default -> {}
    }
    return text.append(' ').append(StepWords.variant(this)).toString().stripTrailing();
  }

  private boolean namesSomething() {
    return switch (act) {
      case LOOKUP, CREATE, MKDIR, SYMLINK, MKNOD, REMOVE, RMDIR, RENAME, OPEN -> true;
      default -> false;
    };
  }

  private static String shown(int object) {
    return object == 0 ? "folder" : "#" + object;
  }

  private static String shortened(String name) {
    return name.length() <= 40
        ? "'" + name + "'"
        : "'%s...' (%d characters)".formatted(name.substring(0, 20), name.length());
  }
}
