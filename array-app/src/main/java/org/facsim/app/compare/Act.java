/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import java.util.Locale;
import org.facsim.services.access.NfsVersion;

/** What one call of a history does, in words that all versions of NFS have in common. */
enum Act {
  GETATTR(8, 3, 2),
  SETATTR(9, 3, 2),
  LOOKUP(10, 3, 2),
  ACCESS(4, 3, 2),
  READLINK(2, 3, 2),
  READ(10, 3, 2),
  WRITE(12, 3, 2),
  COMMIT(2, 3, 2),
  CREATE(12, 3, 3),
  MKDIR(6, 3, 2),
  SYMLINK(3, 3, 2),
  MKNOD(2, 3, 2),
  REMOVE(6, 3, 2),
  RMDIR(3, 3, 3),
  RENAME(6, 3, 2),
  LINK(4, 3, 2),
  READDIR(4, 3, 2),
  READDIRPLUS(2, 3, 3),
  LOCK(6, 3, 2),
  LOCKT(4, 3, 2),
  LOCKU(4, 3, 2),

  LOOKUPP(1, 0, 2),
  OPEN(16, 0, 2),
  CLOSE(6, 0, 2),
  DOWNGRADE(3, 0, 2),
  VERIFY(2, 0, 2),
  NVERIFY(2, 0, 2),
  SETACL(3, 0, 2),

  SEEK(4, 2, 2),
  ALLOCATE(3, 2, 2),
  DEALLOCATE(4, 2, 2),
  READ_PLUS(3, 2, 2),
  CLONE(6, 2, 2),
  COPY(5, 2, 2),
  SETXATTR(5, 2, 2),
  GETXATTR(4, 2, 2),
  LISTXATTRS(3, 2, 2),
  REMOVEXATTR(2, 2, 2);

  /** How often it comes: its share of the sum of all. */
  final int weight;

  private final int first;
  private final int last;

  /**
   * @param first the first version that has it: 3 for NFSv3, else the minor version of NFSv4
   * @param last 3 if only NFSv3 has it, else 2
   */
  Act(int weight, int first, int last) {
    this.weight = weight;
    this.first = first;
    this.last = last;
  }

  boolean isIn(NfsVersion version) {
    if (version == NfsVersion.V3) {
      return first == 3;
    }
    return last != 3 && (first == 3 || Versions.minor(version) >= first);
  }

  /** As it is written in a printed history. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
