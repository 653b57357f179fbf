/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Volume;

/**
 * What a call may do to one file that it names: the caller for whom it runs, and the terms. {@link
 * Grants} makes one for each file that a call names, by the rules of that moment, and everything
 * behind relies on it. Immutable; never kept beyond its call.
 */
public final class Grant {
  private final Inode file;
  private final ExportOptions terms;
  private final Caller claimed;

  /**
   * @param claimed null if the call claims no caller
   */
  Grant(Inode file, ExportOptions terms, Caller claimed) {
    this.file = file;
    this.terms = terms;
    this.claimed = claimed;
  }

  /** What the call named: a file of any type; the volume's root if it named an export. */
  public Inode file() {
    return file;
  }

  public Volume volume() {
    return file.volume();
  }

  /** The terms of the narrowest rule that matches the client. */
  public ExportOptions terms() {
    return terms;
  }

  /**
   * The caller for whom the call runs, after squashing. Allocates nothing if the caller is not
   * squashed.
   */
  public Caller caller() {
    return terms.squash(claimed);
  }

  /**
   * This grant, for a call that will change something.
   *
   * @throws ArrayException READ_ONLY if the volume is exported read-only to this client
   */
  public Grant toChange() {
    if (terms.readOnly()) {
      throw new ArrayException(ArrayError.READ_ONLY, "exported read-only to this client");
    }
    return this;
  }

  /**
   * The grant of another file of the same volume, which a call found by way of this one.
   *
   * @throws IllegalArgumentException if it is on another volume
   */
  public Grant of(Inode found) {
    if (!found.volume().equals(file.volume())) {
      throw new IllegalArgumentException("a file of another volume");
    }
    return new Grant(found, terms, claimed);
  }
}
