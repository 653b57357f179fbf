/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

/**
 * REMOVE, RFC 1813 section 3.3.12: removes a name that is not a directory's. Its arguments are
 * {@link DirOpArgs3}, its outcome is {@link Changed3}.
 */
public final class Remove3 {
  public static final int PROCEDURE = 12;

  private Remove3() {}
}
