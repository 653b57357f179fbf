/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.facsim.array.Inode;

/**
 * All of a call that the criteria of some rules ask for; a part that none of them asks for is left
 * out, so that more calls have the same key.
 *
 * @param client null if left out
 * @param uid as it was sent; -1 if left out or not sent
 * @param principal null if left out
 * @param file null if left out, or none
 * @param otherFile likewise
 * @param name likewise
 * @param otherName likewise
 */
record CallKey(
    InetSocketAddress client,
    long uid,
    String principal,
    Inode file,
    Inode otherFile,
    String name,
    String otherName) {
  @Override
  public boolean equals(Object other) {
    return other instanceof CallKey key
        && file == key.file
        && otherFile == key.otherFile
        && uid == key.uid
        && Objects.equals(client, key.client)
        && Objects.equals(name, key.name)
        && Objects.equals(otherName, key.otherName)
        && Objects.equals(principal, key.principal);
  }

  @Override
  public int hashCode() {
    int hash = Long.hashCode(uid);
    hash = hash * 31 + Objects.hashCode(client);
    hash = hash * 31 + System.identityHashCode(file);
    hash = hash * 31 + System.identityHashCode(otherFile);
    hash = hash * 31 + Objects.hashCode(name);
    return hash * 31 + Objects.hashCode(otherName);
  }
}
