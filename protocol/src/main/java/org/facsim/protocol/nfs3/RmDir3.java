/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

/**
 * RMDIR, RFC 1813 section 3.3.13: removes an empty directory. Its arguments are {@link DirOpArgs3},
 * its outcome is {@link Changed3}.
 */
public final class RmDir3 {
  public static final int PROCEDURE = 13;

  private RmDir3() {}
}
