/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import java.util.ArrayList;
import java.util.List;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.services.state.ShareReservation;

/** An owner's open of a file. */
final class OpenState extends State4 {
  private final OpenOwner owner;
  private volatile ShareReservation share;

  /** One bit for each combination of access and denial that an OPEN brought. */
  private int combinations;

  private List<LockState> locks = List.of();
  private volatile boolean isClosed;

  OpenState(OpenOwner owner, int number, Inode file, ShareReservation share) {
    super(owner.client(), number, file);
    this.owner = owner;
    this.share = share;
    combinations = bit(share);
  }

  private static int bit(ShareReservation share) {
    return 1 << (share.access() << 2 | share.deny());
  }

  OpenOwner owner() {
    return owner;
  }

  ShareReservation share() {
    return share;
  }

  @Override
  int access() {
    return share.access();
  }

  /**
   * Whether a further OPEN of its owner conflicts with it: RFC 8881 section 9.7 has no exception
   * for the owner, not even if the OPEN says the same as an earlier one.
   */
  boolean conflictsWith(ShareReservation more) {
    return (more.access() & share.deny()) != 0 || (more.deny() & share.access()) != 0;
  }

  /** Whether an OPEN of its owner said just this. */
  boolean wasOpenedAs(ShareReservation same) {
    return (combinations & bit(same)) != 0;
  }

  void upgrade(ShareReservation more) {
    combinations |= bit(more);
    share = new ShareReservation(share.access() | more.access(), share.deny() | more.deny());
  }

  /** Whether OPENs brought a set of combinations whose union this is: RFC 8881 section 18.18.3. */
  boolean mayBecome(ShareReservation less) {
    int access = 0;
    int deny = 0;
    for (int i = 0; i < Integer.SIZE / 2; i++) {
      int oneAccess = i >> 2;
      int oneDeny = i & 3;
      if ((combinations & 1 << i) != 0
          && (oneAccess & ~less.access()) == 0
          && (oneDeny & ~less.deny()) == 0) {
        access |= oneAccess;
        deny |= oneDeny;
      }
    }
    return access == less.access() && deny == less.deny();
  }

  void downgrade(ShareReservation less) {
    share = less;
    int kept = 0;
    for (int i = 0; i < Integer.SIZE / 2; i++) {
      if ((combinations & 1 << i) != 0
          && ((i >> 2) & ~less.access()) == 0
          && ((i & 3) & ~less.deny()) == 0) {
        kept |= 1 << i;
      }
    }
    combinations = kept;
  }

  /** It has been closed, and is only kept for a repeated CLOSE. */
  void close() {
    isClosed = true;
  }

  @Override
  Nfs4Status refusal() {
    return isClosed ? Nfs4Status.BAD_STATEID : null;
  }

  /** The locks that were taken with this open. */
  List<LockState> locks() {
    return locks;
  }

  void add(LockState lock) {
    if (locks.isEmpty()) {
      locks = new ArrayList<>(1);
    }
    locks.add(lock);
  }

  void remove(LockState lock) {
    locks.remove(lock);
  }
}
